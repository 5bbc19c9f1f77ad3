"""The rows of a loan's instalments: a word for each mark, a day that moved, money with its dots."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from tdcs.loans.queries.loan_timeline import Part
from tdcs.loans.views.part_rows import MARKS, instalments

DUE, LATER = date(2027, 3, 5), date(2027, 4, 5)


def part(mark: str, due: date = DUE) -> Part:
    return Part(2, DUE, due, date(2027, 3, 3), 8_300_000, 300_000, mark)


@pytest.mark.parametrize("mark", MARKS)
def test_each_mark_has_its_words_in_both_languages(mark: str) -> None:
    said = set()
    for language in ("vi", "en"):
        with translation.override(language):
            row = instalments([part(mark)])
            assert f">{translation.gettext(MARKS[mark][1])}</span>" in row
            said.add(row)
    assert len(said) == 2


def test_figures_and_a_moved_day() -> None:
    assert instalments([]) == ""
    plain, moved = instalments([part("next")]), instalments([part("next", LATER)])
    for words in ("8.300.000", "300.000", "8.000.000", "03/03/2027", 'data-l="Kỳ">2<'):
        assert words in plain, words
    assert "đã dời" not in plain
    assert "<b>05/04/2027</b>" in moved and "đã dời" in moved
