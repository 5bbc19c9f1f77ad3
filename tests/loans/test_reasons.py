"""The formula of a loan's interest is written with the law's figures of the day, not with numbers by heart."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from changed_law import changed_law, every

from tdcs.loans.queries.loan_timeline import LoanTimeline
from tdcs.loans.queries.reasons import Why, _final_formula, _interest_formula
from tdcs.loans.rules import limits
from tdcs.loans.rules.accrual import accrue


def story(*, rate: int, base: int, percent: int = 130, term: int = 36) -> LoanTimeline:
    loan = SimpleNamespace(disbursed_on=date(2026, 3, 3), term_months=term)
    now = SimpleNamespace(rate_ppm=rate, overdue_base_ppm=base, overdue_percent=percent)
    given: Any = SimpleNamespace(loan=loan, now=now, on=date(2026, 11, 23))
    return cast(LoanTimeline, given)


def test_the_percent_and_the_days_are_those_of_the_loan() -> None:
    assert "trong hạn + 130% × quá hạn) × lãi suất năm ÷ 365;" in _interest_formula(
        story(rate=62_400, base=62_400)
    )
    with changed_law(loans=every("day_basis", 360)):
        words = _interest_formula(story(rate=62_400, base=62_400, percent=150))
    assert "trong hạn + 150% × quá hạn) × lãi suất năm ÷ 360;" in words


def test_a_programme_with_its_own_overdue_rate_says_that_rate() -> None:
    """Computers: 1.2% a year, overdue the poor-household rate at lending."""
    words = _interest_formula(story(rate=12_000, base=66_000, percent=100))
    assert "trong hạn × lãi suất năm + quá hạn × 6,6%/năm) ÷ 365" in words


@pytest.mark.parametrize(("term", "months"), [(12, 12), (13, 6), (36, 18)])
def test_the_longest_extension_is_the_law_of_the_day(term: int, months: int) -> None:
    words = _final_formula(story(rate=62_400, base=62_400, term=term))
    assert words.endswith(f"không quá {months} tháng")


def test_the_articles_behind_a_figure_are_named_once() -> None:
    why = Why("", (), (), (accrue, accrue))
    assert why.by_rules == ["Điều 5, 14/2017/TT-NHNN", "Điều 32.2, 06/2026/NĐ-CP"]


@pytest.mark.parametrize("term", [6, 12, 13, 36, 60, 120])
def test_months_of_extension_are_those_of_the_limit(term: int) -> None:
    """The page asks for the months alone, the rule of an extension for its last day: one law."""
    for day in (date(2014, 1, 2), date(2026, 11, 23)):
        months, _latest = limits.extension_of(date(2013, 12, 31), term, day)
        assert limits.extension_months_of(term, day) == months
