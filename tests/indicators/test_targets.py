"""The plan's four targets on a day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from indicator_book import Book, loan_row

from tdcs.indicators import queries
from tdcs.indicators.rules.forecast import (
    Forecast,
    Limits,
    amount_forecast,
    limits,
    on_line,
    ratio_forecast,
    same_date,
    silence,
)
from tdcs.indicators.rules.forecast import Part as P
from tdcs.indicators.views.target_rows import target_words

FOUR = ["growth_ytd", "local_share_growth", "overdue_rate", "access"]


def _ends(first: date, count: int) -> list[date]:
    days, day = [], first
    for _ in range(count):
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        days.append(day - timedelta(days=1))
    return days


def test_the_example_of_the_docstring() -> None:
    series = {
        date(2024, 10, 31): 9_600,
        date(2024, 11, 30): 9_600,
        date(2024, 12, 31): 10_000,
        date(2025, 10, 31): 10_500,
        date(2025, 11, 30): 10_500,
        date(2025, 12, 31): 11_000,
    }
    assert amount_forecast(series, 12_060, date(2026, 11, 23)) == (12_600, 2)


def test_inside_a_month_an_amount_lies_on_the_line() -> None:
    series = {date(2025, 1, 31): 100, date(2025, 2, 28): 128}
    assert on_line(series, date(2025, 2, 7)) == 107
    assert on_line(series, date(2025, 2, 28)) == 128
    assert on_line(series, date(2025, 3, 1)) is None
    assert on_line({date(2025, 1, 31): 100}, date(2025, 2, 7)) is None
    assert same_date(date(2024, 2, 29), 2025) == date(2025, 2, 28)
    assert same_date(date(2026, 2, 28), 2024) == date(2024, 2, 29)


def test_no_earlier_year_no_forecast() -> None:
    assert amount_forecast({}, 5, date(2026, 11, 23)) is None
    assert amount_forecast({}, 5, date(2026, 12, 31)) == (5, 0)


def test_a_forecast_says_how_wrong_it_was_before() -> None:
    """2023: 100 at 30/6, 110 at the end; 2024: 121 and 130; the method of 2024 said 121 × 110 ÷ 100."""
    series = {
        date(2022, 12, 31): 100,
        date(2023, 6, 30): 100,
        date(2023, 12, 31): 110,
        date(2024, 6, 30): 121,
        date(2024, 12, 31): 130,
    }
    parts = [P(series, 1), P(series, -1, opening=True)]
    found = ratio_forecast(parts, [P(series, 1, opening=True)], {0: 140}, date(2025, 6, 30))
    assert found is not None
    told = 140 * Fraction(240, 221) / 130 - 1
    assert found.value == round(told * 1_000_000)
    missed = abs((Fraction(1331, 10) - 110) / 110 - Fraction(20, 110))
    assert (found.years, found.tests, found.error) == (2, 1, round(missed * 1_000_000))


def _history(book: Book, last: int, local: int) -> None:
    """From 12/2023 on 10 more each month-end, local a quarter of it; ``last`` and ``local`` in June 2026."""
    for number, day in enumerate(_ends(date(2023, 12, 1), 30)):
        book.close(
            day,
            [
                loan_row(1, 0, 1_000_000 + 7_500 * number),
                loan_row(2, 1, 200_000 + 2_500 * number, local=True, overdue=number),
            ],
        )
    book.close(date(2026, 6, 30), [loan_row(1, 0, last - local), loan_row(2, 1, local, local=True)])


def test_the_four_targets(book: Book) -> None:
    _history(book, 1_600_000, 300_000)
    lines = {line.code: line for line in queries.targets(on=date(2026, 7, 4))}
    assert list(lines) == FOUR
    growth = lines["growth_ytd"]
    # 31/12/2025 is the 25th end: 1,200,000 + 240,000.
    assert (growth.numerator, growth.denominator) == (160_000, 1_440_000)
    assert (growth.value, growth.target, growth.gap) == (111_111, 100_000, 11_111)
    assert (growth.met, growth.standing, growth.basis) == (True, "on", "II.3.a, 232/KH-UBND")
    assert [day for day, _ in growth.trend] == _ends(date(2025, 7, 1), 12)
    assert growth.trend[-1] == (date(2026, 6, 30), 111_111)
    # 30/6 → 31/12: 1,260,000 → 1,320,000 and 1,380,000 → 1,440,000.
    told = Fraction(1_600_000 * 2_760_000, 2_640_000) / 1_440_000 - 1
    assert growth.forecast is not None
    assert growth.forecast.value == round(told * 1_000_000)
    assert (growth.forecast.years, growth.forecast.tests) == (2, 1)


def test_behind_and_strictly_below(book: Book) -> None:
    _history(book, 1_445_000, 262_000)
    lines = {line.code: line for line in queries.targets(on=date(2026, 7, 4))}
    growth, share = lines["growth_ytd"], lines["local_share_growth"]
    assert (growth.value, growth.met, growth.standing) == (3_472, False, "behind")
    # Local: 200,000 + 60,000 at the year's beginning; 2,000 of 5,000 is above 30%.
    assert (share.numerator, share.denominator, share.met) == (2_000, 5_000, True)
    overdue = lines["overdue_rate"]
    assert (overdue.value, overdue.met, overdue.standing) == (0, True, "on")
    target = queries.catalogue()["overdue_rate"].targets[0]
    assert [target.met_by(value) for value in (9_999, 10_000)] == [True, False]
    assert [target.gap(value) for value in (4_000, 12_000)] == [6_000, -2_000]
    access = lines["access"]
    assert (access.value, access.standing, access.forecast) == (None, None, None)
    assert access.reason


def test_a_part_of_the_province(book: Book) -> None:
    _history(book, 1_600_000, 300_000)
    second = {"group": {book.groups[1].pk}}
    lines = {line.code: line for line in queries.targets(on=date(2026, 6, 30), where=second)}
    assert (lines["growth_ytd"].numerator, lines["growth_ytd"].denominator) == (40_000, 260_000)
    # Needs are told by commune and programme, not by group.
    assert lines["access"].value is None
    assert "phạm vi" in lines["access"].reason


def test_before_the_plan_nothing_was_promised(book: Book) -> None:
    book.close(date(2023, 9, 28), [loan_row(1, 0, 5)])
    assert queries.targets(on=date(2023, 9, 28)) == []
    book.close(date(2023, 9, 29), [loan_row(1, 0, 5)])
    assert [line.code for line in queries.targets(on=date(2023, 9, 30))] == FOUR


@pytest.mark.parametrize("code", FOUR)
def test_each_target_has_its_basis(code: str) -> None:
    (target,) = queries.catalogue()[code].targets
    assert target.document == "KH-232-2023"
    assert target.basis.startswith("II.3.")


def test_about_thirty_percent_is_judged_with_its_tolerance() -> None:
    target = queries.catalogue()["local_share_growth"].targets[0]
    assert (target.bound, target.tolerance) == (300_000, 30_000)
    assert [target.met_by(value) for value in (269_999, 270_000, 300_000)] == [False, True, True]
    # The gap stays a gap to the figure of the plan: 29.03% is 0.97 points short of 30%, and about 30%.
    assert target.gap(290_300) == -9_700
    strict = queries.catalogue()["overdue_rate"].targets[0]
    assert strict.tolerance == 0


def test_about_is_said_with_its_tolerance() -> None:
    assert target_words(300_000, True, 30_000) == "khoảng 30% (từ 27%)"
    assert target_words(100_000, True) == "≥ 10%"
    assert target_words(10_000, False) == "< 1%"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        # A commune at 1.66% that was forecast 0.00%: any error is more than it says.
        (Forecast(0, 3, 1, 2, worst=1, floor=0), "error"),
        (Forecast(0, 3, 0, 2, worst=0, floor=0), ""),
        (Forecast(1_100, 3, 800, 2, worst=1_100, floor=0), ""),
        (Forecast(1_100, 3, 800, 2, worst=1_101, floor=0), "error"),
        (Forecast(-1_100, 3, 800, 2, worst=1_100), ""),
        (Forecast(300_000, 3, None, 0), "untested"),
    ],
)
def test_a_forecast_is_silent_where_it_erred_by_more_than_it_says(
    found: Forecast, why: str
) -> None:
    assert silence(found, limits()) == why


def test_a_stricter_limit_silences_more() -> None:
    found = Forecast(1_000, 3, 400, 2, worst=500, floor=0)
    assert silence(found, Limits(years=3, least_tests=2, most_error=500_000)) == ""
    assert silence(found, Limits(years=3, least_tests=2, most_error=499_999)) == "error"
    assert silence(found, Limits(years=3, least_tests=3, most_error=500_000)) == "untested"


def test_the_range_is_that_of_the_worst_year_and_not_below_nought() -> None:
    found = Forecast(1_100, 3, 500, 2, worst=1_500, floor=0)
    assert (found.low, found.high) == (0, 2_600)
    assert (Forecast(1_100, 3, 500, 2, worst=1_500).low) == -400


def test_the_limits_are_data() -> None:
    assert limits() == Limits(years=3, least_tests=1, most_error=1_000_000)


def test_a_forecast_not_told_leaves_the_verdict_to_the_value(book: Book) -> None:
    _history(book, 1_445_000, 262_000)
    second = {"group": {book.groups[1].pk}}
    lines = {line.code: line for line in queries.targets(on=date(2026, 6, 30), where=second)}
    for line in lines.values():
        if line.forecast is not None and line.silent:
            assert line.shown_forecast is None
            assert line.standing == ("on" if line.met else "behind")
