"""The rows of a loan's instalments: a word for each mark, a day that moved, money with its dots."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from tdcs.loans.queries.folded_days import Stretch
from tdcs.loans.queries.loan_timeline import Part
from tdcs.loans.queries.reasons import Why
from tdcs.loans.views.part_rows import MARKS, instalments, stretch_rows
from tdcs.loans.views.why_parts import because

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


def test_the_days_behind_interest_show_their_interest_to_the_hundredth() -> None:
    one = Stretch(DUE, LATER, 32, 8_300_000, 0, 0, "6,6%/năm", Decimal("48026.30"))
    row = stretch_rows([one])
    cells = ("05/03/2027 – 05/04/2027", "32", "8.300.000", "0", "0", "6,6%/năm", "48.026,3")
    assert [words.rpartition(">")[2] for words in row.split("</td>")[:-1]] == list(cells)
    assert '<td class="num">100<' in stretch_rows([Stretch(*astuple(one)[:-1], Decimal("100.00"))])


def test_a_reason_is_escaped_and_said_in_the_readers_language() -> None:
    why = Why("a < b", (("Đã giải ngân", 1_000), ("Hạn", "<b>")), ())
    words = because({"balance": why})["balance"]
    assert "a &lt; b." in words and "&lt;b&gt;" in words and "1.000 đồng" in words
    with translation.override("en"):
        there = because({"balance": why})["balance"]
    assert translation.gettext("Đã giải ngân") in words and "Đã giải ngân" not in there
