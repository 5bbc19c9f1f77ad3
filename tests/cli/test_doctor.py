"""A site that would be served unsafely is refused, with every reason at once, in the reader's language."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tdcs.cli.doctor import LEAST_KEY, is_public, problems
from tdcs.cli.main import main

GOOD = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
RIGHT = {"TDCS_SECRET_KEY": GOOD, "TDCS_HOSTS": "tdcs.example.vn", "TDCS_HTTPS": "1"}


def _codes(host: str = "127.0.0.1", **changes: str) -> set[str]:
    environ = {**RIGHT, **changes}
    return {one.code for one in problems({k: v for k, v in environ.items() if v}, host)}


def test_a_site_behind_a_proxy_with_its_own_names_and_key_is_served() -> None:
    assert len(GOOD) == LEAST_KEY
    assert _codes() == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"TDCS_SECRET_KEY": "changeme"}, "key_weak"),
        ({"TDCS_SECRET_KEY": "changeme-" + GOOD}, "key_weak"),
        ({"TDCS_SECRET_KEY": GOOD[:-1]}, "key_weak"),
        ({"TDCS_SECRET_KEY": "ab" * 40}, "key_weak"),
        ({"TDCS_SECRET_KEY": ""}, "key_missing"),
        ({"TDCS_HOSTS": "*"}, "any_host"),
        ({"TDCS_HOSTS": "tdcs.example.vn, *"}, "any_host"),
        ({"TDCS_DEBUG": "1"}, "debug_on"),
        ({"TDCS_DEMO": "1"}, "demo_open"),
        ({"TDCS_TODAY": "2026-11-23"}, "day_fixed"),
        ({"TDCS_HTTPS": ""}, "plain_http"),
        ({"TDCS_RESULT_DAYS": "0"}, "result_days_wrong"),
        ({"TDCS_RESULT_DAYS": "bảy"}, "result_days_wrong"),
    ],
)
def test_each_fault_is_named_alone(changes: dict[str, str], code: str) -> None:
    assert _codes(**changes) == {code}


def test_all_faults_are_named_at_once() -> None:
    found = problems({"TDCS_SECRET_KEY": "changeme", "TDCS_HOSTS": "*", "TDCS_DEBUG": "1",
                      "TDCS_DEMO": "1", "TDCS_TODAY": "2026-11-23"}, "0.0.0.0")  # fmt: skip
    assert [one.code for one in found] == [
        "key_weak", "any_host", "debug_on", "demo_open", "day_fixed", "plain_http",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "host", "public"),
    [
        ({}, "127.0.0.1", False),
        ({}, "::1", False),
        ({"TDCS_HOSTS": "localhost,127.0.0.1"}, "localhost", False),
        ({}, "0.0.0.0", True),
        ({}, "10.0.0.5", True),
        ({"TDCS_HTTPS": "1"}, "127.0.0.1", True),
        ({"TDCS_HOSTS": "tdcs.example.vn"}, "127.0.0.1", True),
    ],
)
def test_who_reaches_the_site(environ: dict[str, str], host: str, public: bool) -> None:
    assert is_public(environ, host) is public


def test_a_demonstration_on_this_machine_is_served() -> None:
    assert problems({"TDCS_DEMO": "1", "TDCS_TODAY": "2026-11-23"}, "127.0.0.1") == []


def test_the_doctor_speaks_vietnamese_or_english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TDCS_SECRET_KEY", "changeme")
    shown = CliRunner().invoke(main, ["doctor"])
    assert (shown.exit_code, "dễ đoán" in shown.output) == (1, True)
    assert "easily guessed" in CliRunner().invoke(main, ["doctor", "--lang", "en"]).output
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert "easily guessed" in CliRunner().invoke(main, ["doctor"]).output
    monkeypatch.setenv("TDCS_SECRET_KEY", GOOD)
    assert CliRunner().invoke(main, ["doctor"]).exit_code == 0


def test_serve_refuses_with_the_reasons_of_the_doctor(tmp_path: Path) -> None:
    environ = {**os.environ, "TDCS_HOME": str(tmp_path), "TDCS_SECRET_KEY": "changeme",
               "TDCS_DEMO": "1", "LANG": "vi_VN.UTF-8", "LC_ALL": ""}  # fmt: skip
    command = [sys.executable, "-m", "tdcs.cli.main", "serve", "--host", "0.0.0.0", "--port", "1"]
    ended = subprocess.run(command, env=environ, capture_output=True, timeout=180, check=False)
    told = ended.stderr.decode()
    assert ended.returncode == 2
    assert all(words in told for words in ("Không khởi động", "dễ đoán", "vai trình diễn", "HTTPS"))
    assert not (tmp_path / "pg").exists(), "nothing was begun"
