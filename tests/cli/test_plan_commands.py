"""`tdcs plan parse` needs no database and says no clearly; `tdcs verify` proves and fails loudly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tdcs.cli.main import main

WORDS = """ỦY BAN NHÂN DÂN
TỈNH ĐỒNG NAI
Số: 78/KH-UBND
Đồng Nai, ngày 02 tháng 01 năm 2024
KẾ HOẠCH
Thử lệnh đọc kế hoạch
II. NHIỆM VỤ
1. Rà soát hồ sơ vay vốn.
- Đơn vị chủ trì: Sở Tài chính.
- Thời gian thực hiện: Hàng năm.
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(WORDS, encoding="utf-8")
    return file


def test_a_plan_is_read_as_json(document: Path) -> None:
    shown = CliRunner().invoke(main, ["plan", "parse", str(document), "--json"])
    assert shown.exit_code == 0
    read = json.loads(shown.stdout)
    assert (read["number"], read["issued_on"]) == ("78/KH-UBND", "2024-01-02")
    (task,) = read["tasks"]
    assert [unit["unit"] for unit in task["lead"]] == ["so-tai-chinh"]
    assert task["timing"]["kind"] == "yearly"


def test_a_plan_is_read_for_people(document: Path) -> None:
    shown = CliRunner().invoke(main, ["plan", "parse", str(document)])
    assert shown.exit_code == 0
    assert "78/KH-UBND" in shown.stdout and "Sở Tài chính" in shown.stdout


def test_what_is_no_plan_exits_with_one_clear_line(tmp_path: Path) -> None:
    letter = tmp_path / "thu.txt"
    letter.write_text("Thư mời họp lớp cũ.", encoding="utf-8")
    shown = CliRunner().invoke(main, ["plan", "parse", str(letter), "--json"])
    assert shown.exit_code == 1
    assert json.loads(shown.stdout)["error"]["code"] == "not_a_plan"
    assert "không phải kế hoạch" in shown.stderr


def test_a_missing_file_is_refused_by_name() -> None:
    shown = CliRunner().invoke(main, ["plan", "parse", "khong-co.txt"])
    assert shown.exit_code == 2
    assert "khong-co.txt" in shown.stderr


def test_reading_a_plan_starts_neither_django_nor_a_database(document: Path) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from tdcs.cli.main import main; "
        f"r = CliRunner().invoke(main, ['plan', 'parse', {str(document)!r}]); "
        "assert r.exit_code == 0, r.output; "
        "print([m for m in ('django', 'psycopg', 'polars') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_every_command_is_listed_with_one_line() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    for name in ("plan", "verify", "demo", "serve", "bench"):
        assert name in shown.stdout


@pytest.mark.django_db
def test_verify_names_each_check_and_passes_on_sound_data() -> None:
    from tdcs.plans.checks import CHECKS

    shown = CliRunner().invoke(main, ["verify", "--json"])
    assert shown.exit_code == 0, shown.stdout
    found = json.loads(shown.stdout)
    assert set(CHECKS) <= set(found)
    assert not any(found.values())


@pytest.mark.django_db
def test_verify_fails_when_a_check_finds_something(monkeypatch: pytest.MonkeyPatch) -> None:
    from tdcs.plans import checks

    monkeypatch.setitem(
        checks.CHECKS, "plans.published_versions_are_settled", lambda: iter(["hỏng"])
    )
    shown = CliRunner().invoke(main, ["verify"])
    assert shown.exit_code == 1
    assert "BAD plans.published_versions_are_settled" in shown.stdout and "hỏng" in shown.stdout


@pytest.mark.django_db
def test_following_without_a_plan_says_so() -> None:
    shown = CliRunner().invoke(main, ["plan", "follow"])
    assert shown.exit_code == 1
    assert "chưa có kế hoạch nào được công bố" in shown.stderr
