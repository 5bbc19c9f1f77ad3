"""Days that an American Excel turned round are read back for the whole sheet; what nothing decides is told, never silent."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.imports.rules.cells import Cell
from tdcs.imports.rules.days import days_of
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.recognising import day_said, export_day_after
from tdcs.imports.rules.wording import WARNINGS, note_words

OCTOBER_5, MAY_10 = date(2026, 10, 5), date(2026, 5, 10)
# 05/10/2025 as an American Excel holds it, beside a text that it could not make a day of.
TURNED: list[Cell] = [date(2025, 5, 10), "13/10/2025"]
Found = tuple[dict[str, list[date | None]], dict[str, str]]


def _read(named: tuple[date, ...] = (), **columns: list[Cell]) -> Found:
    """(column → days, column → the notes on it)."""
    found, notes = days_of(columns, "day", named)
    told = [*notes, *((code, name, n) for name, (_, w) in found.items() for code, n in w.notes)]
    assert {code for code, _, _ in told} <= WARNINGS
    return {name: one.to_list() for name, (one, _) in found.items()}, {name: code for code, name, _ in told}  # fmt: skip


def test_a_column_of_real_days_alone_follows_the_others_of_its_sheet() -> None:
    days, notes = _read(signed=[*TURNED], day=[MAY_10, MAY_10])
    assert days["signed"] == [date(2025, 10, 5), date(2025, 10, 13)]
    assert days["day"] == [OCTOBER_5, OCTOBER_5]
    assert notes == {"signed": "days_swapped", "day": "days_swapped"}


def test_the_name_keeps_the_extracts_day_as_it_stands() -> None:
    days, notes = _read((MAY_10,), signed=[*TURNED], day=[MAY_10, MAY_10])
    assert days["day"] == [MAY_10, MAY_10]
    assert notes == {"signed": "days_swapped"}


def test_the_name_turns_the_extracts_day_where_no_words_stand_in_the_sheet() -> None:
    days, notes = _read((OCTOBER_5,), signed=[date(2025, 4, 3)], day=[MAY_10])
    assert (days["day"], days["signed"]) == ([OCTOBER_5], [date(2025, 3, 4)])
    assert set(notes.values()) == {"days_swapped"}
    # One day above twelve was never turned: the sheet's days are typed, and the name is at odds with it.
    days, notes = _read((OCTOBER_5,), signed=[date(2025, 4, 23)], day=[MAY_10])
    assert days["day"] == [MAY_10]
    assert notes == {"day": "days_doubtful"}


@pytest.mark.parametrize(
    "cells",
    [
        # One true day above twelve; a text whose first part could be a month; only such texts.
        [*TURNED, date(2025, 3, 25)],
        [*TURNED, "05/10/2025"],
        [date(2025, 5, 10), "05/10/2025"],
    ],
)
def test_real_days_beside_words_that_do_not_decide_are_kept_and_told(cells: list[Cell]) -> None:
    days, notes = _read(signed=cells, day=[MAY_10] * len(cells), other=["31/12/2025"] * len(cells))
    assert days["signed"][0] == date(2025, 5, 10)
    assert notes == {"signed": "days_doubtful", "day": "days_doubtful"}
    assert "Excel kiểu Mỹ" in note_words("days_doubtful")


def test_a_sheet_of_real_days_or_of_words_is_no_cause_for_doubt() -> None:
    assert _read(signed=[date(2025, 5, 10), date(2025, 3, 25)], day=[MAY_10, MAY_10])[1] == {}
    assert _read(signed=["05/10/2025", "13/10/2025"], day=["05/10/2026"] * 2)[1] == {}
    # The same day whichever way round.
    assert _read(signed=[date(2025, 5, 5), "05/10/2025", "13/10/2025"])[1] == {}


def test_words_with_the_month_first_are_known_by_the_others_or_by_the_name() -> None:
    days, notes = _read(signed=["10/25/2025"], day=["10/05/2026"])
    assert (days["day"], notes) == ([OCTOBER_5], {})
    days, notes = _read((OCTOBER_5,), signed=["04/03/2025"], day=["10/05/2026"])
    assert (days["day"], days["signed"], notes) == ([OCTOBER_5], [date(2025, 4, 3)], {"day": "month_first"})  # fmt: skip
    assert _read((OCTOBER_5,), signed=["04/03/2025"], day=["05/10/2026"])[1] == {}
    days, notes = _read(signed=["04/03/2025"], day=["05/10/2026"])
    assert (days["day"], notes) == ([OCTOBER_5], {"": "days_either"})


def test_an_extracts_day_above_twelve_says_nothing_of_words_that_could_be_either() -> None:
    _, notes = _read(signed=["04/03/2025"], day=[date(2026, 10, 31)])
    assert notes == {"": "days_either"}


def test_what_is_no_day_is_wrong_and_marks_for_nothing_are_empty() -> None:
    found, _ = days_of({"signed": ["31/02/2025", "0", "-", "2025-03-04", "1980", 45000]}, "")
    days, wrong = found["signed"]
    assert days.to_list() == [None, None, None, date(2025, 3, 4), None, date(2023, 3, 15)]
    assert wrong.cells == [(0, "not_a_day", "31/02/2025"), (4, "not_a_day", "1980")]


OCTOBER = date(2026, 10, 31)


@pytest.mark.parametrize(
    "words",
    [
        "Danh sách nợ khoanh (DL Tháng) đến ngày 31/10/2026 Ngày in: 02/11/2026",
        "Danh sách nợ khoanh ngày 31/10/2026 In lúc 08:30:12 ngày 02/11/2026",
        "Ngày giờ xuất báo cáo: 02/11/2026 10:20 Ngày 31 tháng 10 năm 2026",
        "Sao kê từ ngày 01/10/2026 đến hết ngày 31/10/2026",
        "Sao kê 01/10/2026 - 31/10/2026",
        "Exported on 2026-11-02 Sao kê 31/10/2026",
    ],
)
def test_a_title_says_the_end_of_its_span_and_never_the_day_of_printing(words: str) -> None:
    assert day_said(layout_of("report_13"), words, "Khoanh No.xlsx") == (OCTOBER, "title")


@pytest.mark.parametrize(
    ("name", "exported"),
    [
        ("DS giai ngan 01-10-2026 den 31-10-2026.xlsx", None),
        ("DS giai ngan tu 01102026 toi 31102026.xlsx", None),
        ("QUERY__02112026_8787_31-10-2026.xlsx", date(2026, 11, 2)),
        ("ds_den_31-10-2026_xuat_02-11-2026.xlsx", date(2026, 11, 2)),
        ("HSTD 2026-10-31.xlsx", None),
        ("HSTD xuat 31-10-2026.xlsx", None),
    ],
)
def test_a_name_says_the_end_of_its_span_and_when_it_was_exported(
    name: str, exported: date | None
) -> None:
    assert day_said(layout_of("disbursements"), "Ngày in: 02/11/2026", name) == (OCTOBER, "name")
    assert export_day_after(name, OCTOBER) == exported


def test_how_far_a_list_of_what_falls_due_looks_is_not_the_day_of_its_figures() -> None:
    due = layout_of("instalments_b")
    assert day_said(due, "Danh sách nợ đến hạn kỳ con", "No den han den 31-12-2026.xlsx") == (None, "")  # fmt: skip
    assert export_day_after("No den han den 31-12-2026.xlsx", OCTOBER) is None
    told = day_said(due, "Từ 01/11/2026 đến 31/12/2026. Số liệu ngày 31/10/2026", "x.xlsx")
    assert told == (OCTOBER, "title")
    assert day_said(due, "", "Instalments 31-10-2026.xlsx") == (OCTOBER, "name")


def test_a_title_with_a_day_of_printing_alone_says_no_day() -> None:
    assert day_said(layout_of("report_13"), "Ngày in: 02/11/2026", "Khoanh No.xlsx") == (None, "")
