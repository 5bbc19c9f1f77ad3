"""Each kind of early warning on both sides of its boundary, with its look-alike; a threshold changed changes the result."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from changed_law import changed_files
from warning_book import DAY, MONTHS, book, loan, loans_of, sums

from tdcs.core.columns import day_number, day_of_number
from tdcs.core.errors import NoParametersOnDay
from tdcs.problem_loans.rules.columns import Book
from tdcs.problem_loans.rules.thresholds import law_hash, months_read, thresholds
from tdcs.problem_loans.rules.warning import warnings_of
from tdcs.problem_loans.rules.words import percent, sentence

STEADY = "1" * MONTHS


def of(kind: str, given: Book, place: str = "") -> list[dict[str, Any]]:
    rows = warnings_of(given, DAY).to_dicts()
    return [row for row in rows if row["kind"] == kind and place in ("", row["place"])]


def figures(kind: str, given: Book, place: str = "") -> list[tuple[int, int]]:
    return [(row["figure"], row["level"]) for row in of(kind, given, place)]


@pytest.mark.parametrize(
    ("paid", "found"),
    [
        ("111111111111111", []),
        (".11111111111111", []),
        ("..1111111111111", [(2, 1)]),
        ("...111111111111", [(3, 2)]),
        ("......111111111", [(6, 3)]),
        ("............111", [(12, 4)]),
        # Pays after the harvest, every sixth month: five months are its habit.
        (".....1.....1...", []),
        ("......1.....1..", []),
        (".......1.....1.", [(7, 3)]),
        # One missed month of the past asks for a third.
        ("..1.11111111111", []),
        ("...1.1111111111", [(3, 2)]),
    ],
)
def test_silence_is_measured_against_the_past(paid: str, found: list[tuple[int, int]]) -> None:
    assert figures("silent", book([loan(paid=paid)])) == found


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 1),
        ({"paid_now": 1}, 0),
        ({"balance": 0}, 0),
        ({"frozen": 10_000_000}, 0),
        ({"programme": "HSSV"}, 0),
        ({"programme": "HSSV", "fallen": 1}, 1),
    ],
)
def test_who_is_not_silent(given: dict[str, Any], count: int) -> None:
    assert len(of("silent", book([loan(paid="...111111111111", **given)]))) == count


def test_a_young_loan_is_silent_from_three_months_on() -> None:
    def young(silent: int) -> Book:
        return book([loan(paid="." * silent + "11", owed_bits=2 ** (silent + 2) - 1)])

    assert figures("silent", young(2)) == []
    assert figures("silent", young(3)) == [(3, 2)]


def test_a_household_is_named_once_with_all_of_its_silent_loans() -> None:
    rows = [
        loan(1, "..." + "1" * 12, household=7),
        loan(2, "......" + "1" * 9, household=7, balance=5_000_000),
        loan(3, STEADY, household=7),
    ]
    (row,) = of("silent", book(rows))
    assert (row["household"], row["figure"], row["count"], row["amount"]) == (7, 6, 2, 15_000_000)


def test_a_group_with_many_silent_loans() -> None:
    def group(silent: int) -> Book:
        return book(loans_of(silent, "..." + "1" * 12) + loans_of(20 - silent, STEADY, first=100))

    assert figures("silent_share", group(2), "group") == []
    assert figures("silent_share", group(3), "group") == [(150_000, 1)]
    assert figures("silent_share", group(8), "group") == [(400_000, 3)]


def test_interest_that_falls_and_the_same_season_of_a_year_ago() -> None:
    def months(now: int, ahead: int, year: int) -> Book:
        collected = [now, now] + [ahead] * 10 + [year, year, year]
        return book(sums=sums([1_000_000] * MONTHS, [n * 10_000 for n in collected]))

    assert figures("interest_falling", months(85, 100, 100), "group") == []
    assert figures("interest_falling", months(84, 100, 100), "group") == [(160_000, 1)]
    assert figures("interest_falling", months(50, 100, 100), "group") == [(500_000, 3)]
    # As low a year ago: it is the season.
    assert figures("interest_falling", months(50, 100, 55), "group") == []
    # Low for long is no fall.
    assert figures("interest_falling", months(50, 60, 100), "group") == []


def test_a_commune_falls_by_less_than_a_group() -> None:
    collected = [890_000, 890_000] + [1_000_000] * 13
    given = book(sums=sums([1_000_000] * MONTHS, collected))
    assert figures("interest_falling", given, "commune") == [(110_000, 1)]
    assert figures("interest_falling", given, "group") == []


def test_a_group_absent_from_sessions() -> None:
    def group(newest: str) -> Book:
        return book(loans_of(20, newest + "1" * (MONTHS - 3)))

    assert figures("absent", group(".11")) == []
    assert figures("absent", group("..1")) == [(2, 1)]
    assert figures("absent", group("...")) == [(3, 2)]
    # A quarter of the loans still comes.
    some = loans_of(15, ".." + "1" * 13) + loans_of(5, STEADY, first=100)
    assert figures("absent", book(some)) == []
    fewer = loans_of(16, ".." + "1" * 13) + loans_of(4, STEADY, first=100)
    assert figures("absent", book(fewer)) == [(2, 1)]
    # Absent in the same months of a year ago as well.
    assert figures("absent", book(loans_of(20, "..1" + "1" * 9 + "..1"))) == []


def test_many_maturities_in_one_month() -> None:
    def group(falling: int) -> Book:
        soon = {"next_due": day_number(date(2027, 1, 15)), "next_amount": 10_000_000}
        return book(loans_of(falling, STEADY, **soon) + loans_of(20 - falling, STEADY, first=100))

    assert figures("maturities", group(7), "group") == []
    (row,) = of("maturities", group(8), "group")
    assert (row["figure"], row["level"], row["amount"], row["count"]) == (400_000, 1, 80_000_000, 8)
    assert day_of_number(row["when"]) == date(2027, 1, 1)
    far = {"next_due": day_number(date(2027, 6, 15)), "next_amount": 10_000_000}
    assert figures("maturities", book(loans_of(20, STEADY, **far)), "group") == []


def test_one_payment_for_many() -> None:
    def days(*given: tuple[date, int]) -> list[dict[str, Any]]:
        own = [(date(2026, month, 15), 30) for month in (8, 9, 10)]
        return [{"group": 1, "day": day_number(day), "households": n} for day, n in (*own, *given)]

    home = [loan()]
    twice = days((date(2026, 10, 20), 4), (date(2026, 9, 21), 6))
    (row,) = of("paying_for_many", book(home, days=twice))
    assert (row["figure"], row["count"], row["level"]) == (4, 2, 1)
    assert day_of_number(row["when"]) == date(2026, 10, 20)
    once = days((date(2026, 10, 20), 9), (date(2026, 10, 21), 9))
    assert of("paying_for_many", book(home, days=once)) == []
    few = days((date(2026, 10, 20), 3), (date(2026, 9, 21), 3))
    assert of("paying_for_many", book(home, days=few)) == []
    old = days((date(2026, 10, 20), 4), (date(2026, 7, 21), 6), (date(2026, 7, 15), 30))
    assert of("paying_for_many", book(home, days=old)) == []


@pytest.mark.parametrize(
    ("paid", "withdrawn", "held", "ago", "found"),
    [
        ("." + "1" * 14, 700_000, 1_000_000, 10, [(700_000, 1)]),
        ("." + "1" * 14, 690_000, 1_000_000, 10, []),
        ("." + "1" * 14, 900_000, 1_000_000, 99, [(900_000, 2)]),
        ("." + "1" * 14, 900_000, 1_000_000, 100, []),
        ("." + "1" * 14, 90_000, 90_000, 10, []),
        # A wedding: the household goes on paying.
        (STEADY, 1_000_000, 1_000_000, 10, []),
        # A month without payment is usual of it.
        (".1.1.1.1.1.1.1.", 1_000_000, 1_000_000, 10, []),
    ],
)
def test_savings_withdrawn_before_default(
    paid: str, withdrawn: int, held: int, ago: int, found: list[tuple[int, int]]
) -> None:
    row = {"household": 1, "withdrawn": withdrawn, "held": held, "day": day_number(DAY) - ago}
    assert figures("savings_withdrawn", book([loan(paid=paid)], savings=[row])) == found


def test_a_programme_that_rolls_into_overdue() -> None:
    def province(newly: int, before: int, elsewhere: int) -> Book:
        rows = []
        for commune, (now, was) in {1: (newly, before), 2: (elsewhere, elsewhere)}.items():
            size = 10**9 if commune == 1 else 10**11
            months = sums([0] * MONTHS, [0] * MONTHS, commune=commune, group=commune, in_time=size,
                          overdue_loans=5)  # fmt: skip
            for one in months:
                one["newly_overdue"] = now if one["ago"] < 3 else was
            rows += months
        return book(sums=rows)

    def rolled(given: Book) -> list[tuple[int, int, int]]:
        found = of("rolling", given)
        return [(row["commune"], row["figure"], row["level"]) for row in found]

    assert rolled(province(3_300_000, 0, 0)) == []
    assert rolled(province(3_400_000, 0, 0)) == [(1, 10_200, 1)]
    # Three times as fast as before is wanted, and as elsewhere.
    assert rolled(province(6_000_000, 2_100_000, 0)) == []
    assert rolled(province(6_000_000, 1_900_000, 0)) == [(1, 18_000, 1)]
    assert rolled(province(3_400_000, 0, 400_000_000)) == []


def test_a_changed_threshold_changes_the_result() -> None:
    def later(law: Any) -> None:
        for row in law["kinds"]:
            if row["kind"] == "silent":
                row["levels"] = [4, 5]

    given = book([loan(paid="..." + "1" * 12)])
    assert figures("silent", given) == [(3, 2)]
    before = law_hash(DAY)
    with changed_files({"warnings.yaml": later}):
        assert figures("silent", given) == []
        assert law_hash(DAY) != before


def test_thresholds_have_their_day() -> None:
    assert months_read(DAY) == MONTHS
    with pytest.raises(NoParametersOnDay):
        thresholds(date(2022, 12, 31))
    assert thresholds(date(2023, 1, 1))["silent", "household"]["levels"] == [2, 3, 6, 12]

    def newer(law: Any) -> None:
        row = next(row for row in law["kinds"] if row["kind"] == "silent")
        law["kinds"].append({**row, "from": date(2026, 1, 1), "levels": [5]})

    with changed_files({"warnings.yaml": newer}):
        assert thresholds(date(2025, 12, 31))["silent", "household"]["levels"] == [2, 3, 6, 12]
        assert thresholds(date(2026, 1, 1))["silent", "household"]["levels"] == [5]


def test_a_warning_says_why() -> None:
    (row,) = of("silent", book([loan(paid="..." + "1" * 12)]))
    assert sentence("silent", row) == (
        "3 tháng liền không trả lãi, trả gốc; trước đó lâu nhất 0 tháng. "
        "Dư nợ 10.000.000 đồng, 1 khoản vay."
    )
    assert "10,000,000 dong" in sentence("silent", row, "en")
    when = day_number(date(2027, 1, 1))
    facts = {"figure": 453_250, "amount": 5, "count": 2, "when": when}
    assert "Tháng 01/2027" in sentence("maturities", facts)
    assert "45,3%" in sentence("maturities", facts)
    assert percent(999_500, english=True) == "100.0%"


def test_an_empty_book_warns_of_nothing() -> None:
    assert len(warnings_of(book(months=0), DAY)) == 0
