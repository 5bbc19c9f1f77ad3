"""Days that an American Excel turned round are read back for the whole sheet; what nothing decides is told, never silent."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.imports.rules.cells import Cell
from tdcs.imports.rules.days import days_of
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
