"""`tdcs law list|show|check`: without a database, within half a second, one clear line when refused."""

from __future__ import annotations

import json
import subprocess
import sys

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
    assert (told["rate_ppm"], told["overdue_rate_ppm"]) == (79248, 103022)
    assert (told["maximum"], told["max_term_months"]) == (200_000_000, 120)
    assert told["overdue_regime"] == "final"
    assert len(told["law_hash"]) == 64
    rate = told["figures"][0]
    assert (rate["label"], rate["words"]) == (
        "Lãi suất",
        "7,9248%/năm (127% lãi suất hộ nghèo)",
    )
    assert (rate["multiple_percent"], rate["from"], rate["to"]) == (127, "2026-01-01", None)
    assert (rate["basis"], rate["certainty"], rate["reach"]) == (
        "338/2025/NĐ-CP",
        "public page",
        "new",
    )
    assert rate["source"] == "Báo Dân trí 26/12/2025 – NĐ 338/2025"
    for figure in (*told["figures"], *told["shared"]):
        assert figure["basis"]
        assert figure["source"]
        assert figure["certainty_words"]
        assert figure["article"] or figure["no_article"]


def test_show_of_a_target_group_and_of_a_day_as_people_write_it() -> None:
    told = json.loads(
        _law("show", "gqvl", "--on", "31/12/2025", "--group", "special", "--json").stdout
    )
    assert (told["on"], told["rate_ppm"]) == ("2025-12-31", 37440)
    plain = _law("show", "NOXH", "--on", "2025-10-10").stdout
    (rate,) = [line for line in plain.splitlines() if line.strip().startswith("Lãi suất: ")]
    assert "5,4%/năm" in rate
    assert "Điều 1, khoản 1 Điều 3, 261/2025/NĐ-CP" in rate
    assert "[theo văn bản luật: Thư viện pháp luật – NĐ 261/2025/NĐ-CP]" in rate
    assert "[theo thực tế nghiệp vụ: tài liệu nghiệp vụ của chi nhánh]" in plain


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
    assert (rows["HN"]["in_force"], rows["HN"]["rate_ppm"]) == (True, 62400)
    assert (rows["CAINGHIEN"]["in_force"], rows["CAINGHIEN"]["rate_ppm"]) == (False, None)
    assert "không cho vay" in _law("list", "--on", "2026-04-30").stdout


def test_check_passes_on_what_ships_and_lists_the_unverified() -> None:
    checked = _law("check", "--json")
    assert checked.exit_code == 0
    told = json.loads(checked.stdout)
    assert told["errors"] == 0
    unverified = {one["where"] for one in told["findings"] if one["kind"] == "unverified"}
    assert {"commission_interest_ppm 2026-07-24", "BLDS-2015"} <= unverified
    assert "GQVL rate 2026-01-01" not in unverified
    assert list(told["shares"]) == ["law text", "public page", "practice", "unverified"]
    book = lawbook.read_book()
    assert sum(told["shares"].values()) == len(list(lawbook.rows(book)))
    assert told["shares"]["unverified"] == len(
        [row for row in lawbook.rows(book) if row.content["certainty"] == "unverified"]
    )
    assert told["not_encoded"]["due_list_days"]


def test_check_in_words_prints_the_shares_and_what_is_not_encoded() -> None:
    lines = _law("check").stdout.splitlines()
    assert [line for line in lines if line.strip().startswith("theo văn bản luật: ")]
    assert [line for line in lines if line.startswith("· not_encoded  due_list_days: ")]
    assert lines[-1] == "0 lỗi"


def test_show_lays_a_provinces_own_law_over_the_central_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ("show", "GQVL", "--on", "2026-03-01", "--tier", "local", "--json")
    assert json.loads(_law(*words).stdout)["rate_ppm"] == 79248
    own = json.loads(_law(*words, "--province", "ha-noi").stdout)
    assert (own["rate_ppm"], own["maximum"]) == (66000, 300_000_000)
    assert own["figures"][0]["basis"] == "56/2025/NQ-HĐND"
    limits = {row["label"]: row["value"] for row in own["figures"]}
    assert limits["Vay không phải bảo đảm tiền vay đến"] == 300_000_000
    monkeypatch.setenv("TDCS_PROVINCE", "ha-noi")
    assert json.loads(_law(*words).stdout) == own
    monkeypatch.setenv("TDCS_PROVINCE", "khong-co")
    assert json.loads(_law(*words).stdout)["error"]["code"] == "unknown_province"


def test_check_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = lawbook.read_book() | {"kinds": {}}
    monkeypatch.setattr(lawbook, "read_book", lambda: broken)
    checked = _law("check")
    assert checked.exit_code == 1
    assert "đối tượng poor không có trong eligibility.yaml" in checked.stdout


def test_it_starts_without_django_or_the_engine_of_columns() -> None:
    """What would cost the most of half a second; how long it takes is `tdcs bench`'s."""
    code = (
        "import sys; from click.testing import CliRunner; from tdcs.cli.main import main;"
        "answer = CliRunner().invoke(main, ['law', 'show', 'HN', '--on', '2026-01-01']);"
        "assert answer.exit_code == 0, answer.output;"
        "print([name for name in ('django', 'polars', 'numpy') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
