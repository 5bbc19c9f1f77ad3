"""`tdcs law list|show|check`: without a database, within half a second, one clear line when refused."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner, Result

from tdcs.cli.main import main
from tdcs.programmes.rules import lawbook


def _law(*words: str) -> Result:
    return CliRunner().invoke(main, ["law", *words])


def test_show_tells_each_figure_with_its_source() -> None:
    shown = _law("show", "GQVL", "--on", "2026-01-01", "--json")
    assert shown.exit_code == 0
    told = json.loads(shown.stdout)
    assert (told["rate_ppm"], told["overdue_rate_ppm"]) == (83820, 108966)
    assert (told["maximum"], told["max_term_months"]) == (200_000_000, 120)
    assert told["overdue_regime"] == "final"
    assert len(told["law_hash"]) == 64
    rate = told["figures"][0]
    assert (rate["label"], rate["words"]) == (
        "Lãi suất",
        "8,382%/năm (127% lãi suất hộ nghèo)",
    )
    assert (rate["multiple_percent"], rate["from"], rate["to"]) == (127, "2026-01-01", None)
    assert (rate["basis"], rate["source"], rate["confirmed"]) == ("338/2025/NĐ-CP", "S3", True)
    for figure in (*told["figures"], *told["shared"]):
        assert figure["basis"]
        assert figure["source"]


def test_show_of_a_target_group_and_of_a_day_as_people_write_it() -> None:
    told = json.loads(
        _law("show", "gqvl", "--on", "31/12/2025", "--group", "special", "--json").stdout
    )
    assert (told["on"], told["rate_ppm"]) == ("2025-12-31", 39600)
    plain = _law("show", "NOXH", "--on", "2025-10-10").stdout
    (rate,) = [line for line in plain.splitlines() if line.strip().startswith("Lãi suất: ")]
    assert "5,4%/năm" in rate
    assert "Điều 1 (khoản 4 Điều 48), 261/2025/NĐ-CP" in rate
    assert "[chưa kiểm chứng]" in plain


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("show", "XX", "--on", "2026-01-01"), "unknown_programme", "“XX”"),
        (("show", "HN", "--on", "2001-01-01"), "no_parameters_on_day", "2001-01-01"),
        (("show", "DTTS", "--on", "2026-01-01"), "no_parameters_on_day", "2026-01-01"),
        (("show", "HN", "--on", "31/02/2026"), "not_a_day", "“31/02/2026”"),
        (("show", "HN", "--on", "hôm nay"), "not_a_day", "“hôm nay”"),
        (("show", "GQVL", "--on", "2026-01-01", "--group", "la"), "no_parameters_on_day", "(la)"),
        (("list", "--on", "2026-13-01"), "not_a_day", "“2026-13-01”"),
    ],
)
def test_bad_input_is_one_line_in_each_language(
    words: tuple[str, ...], code: str, sentence: str
) -> None:
    refused = _law(*words, "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["code"] == code
    vietnamese, english = refused.stderr.strip().splitlines()
    assert sentence in vietnamese
    assert sentence in english


def test_list_says_who_lends_on_the_day() -> None:
    rows = {
        r["programme"]: r for r in json.loads(_law("list", "--on", "2026-04-30", "--json").stdout)
    }
    assert (rows["HN"]["in_force"], rows["HN"]["rate_ppm"]) == (True, 66000)
    assert (rows["CAINGHIEN"]["in_force"], rows["CAINGHIEN"]["rate_ppm"]) == (False, None)
    assert "không cho vay" in _law("list", "--on", "2026-04-30").stdout


def test_check_passes_on_what_ships_and_lists_the_unconfirmed() -> None:
    checked = _law("check", "--json")
    assert checked.exit_code == 0
    told = json.loads(checked.stdout)
    assert told["errors"] == 0
    unconfirmed = {one["where"] for one in told["findings"] if one["kind"] == "unconfirmed"}
    assert {"commission_interest_ppm 2026-07-24", "QD-70-2026-HDQT"} <= unconfirmed
    assert "GQVL rate 2026-01-01" not in unconfirmed


def test_check_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = lawbook.read_book() | {"kinds": {}}
    monkeypatch.setattr(lawbook, "read_book", lambda: broken)
    checked = _law("check")
    assert checked.exit_code == 1
    assert "đối tượng poor không có trong eligibility.yaml" in checked.stdout


def test_it_starts_without_django_and_within_half_a_second() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from tdcs.cli.main import main;"
        "answer = CliRunner().invoke(main, ['law', 'show', 'HN', '--on', '2026-01-01']);"
        "assert answer.exit_code == 0, answer.output; print('django' in sys.modules)"
    )
    began = time.perf_counter()
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
    # Three times the promise: the machine of the tests is shared.
    assert time.perf_counter() - began < 1.5
