"""Day after day, the close makes of yesterday's rows what the engine makes of all events."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_book import UNIT, Book, frame, month_start

from tdcs.closing.rules.history import CONTRACT, rows_from_events
from tdcs.closing.rules.rows import FLAGS, ROW, SUM_KEYS, WORDS, accrue_day, empty, sums
from tdcs.closing.rules.step import close, loans_to_refold
from tdcs.core.columns import day_number, day_of_number
from tdcs.loans.rules.accrual import MOST_PRINCIPAL, MOST_RATE_PPM
from tdcs.loans.rules.events import EVENT
from tdcs.loans.rules.kinds import DISBURSEMENT, INTEREST, PRINCIPAL, REVERSE

Frame = nw.DataFrame[Any]


def differences(closed: Frame, folded: Frame) -> list[str]:
    """loan and column where two frames of rows do not say the same."""
    if closed["loan"].to_list() != folded["loan"].to_list():
        only = set(closed["loan"].to_list()) ^ set(folded["loan"].to_list())
        return [f"loans {sorted(only)[:5]} are in one only"]
    pairs = zip(closed.rows(named=True), folded.rows(named=True), strict=True)
    return [
        f"loan {a['loan']} {name}: closed {a[name]}, folded {b[name]}"
        for a, b in pairs
        for name in ROW
        if a[name] != b[name]
    ]


def fold_on(book: Book, day: int) -> Frame:
    """The rows of a day from everything that happened until then."""
    rows, refused = rows_from_events(book.registered(day), book.events, day, month_start(day))
    assert len(refused) == 0, refused
    return rows


def walk_days(book: Book, first: int, last: int) -> int:
    """Closes each day from first to last on its own yesterday and compares with the fold; rows compared."""
    rows = fold_on(book, first - 1) if first > book.first else empty(ROW)
    seen = 0
    for day in range(first, last + 1):
        today = book.today(day)
        closed = close(rows, today, *book.of(loans_to_refold(rows, today), day))
        assert (closed.unknown, closed.lost) == ([], []), day_of_number(day)
        rows = closed.rows
        found = differences(rows, fold_on(book, day))
        assert not found, f"{day_of_number(day)}: " + "\n".join(found[:5])
        seen += len(rows)
    return seen


@pytest.mark.parametrize(
    ("seed", "first", "last"),
    [
        pytest.param("mưa", date(2024, 2, 28), date(2024, 3, 2), marks=pytest.mark.soak),
        ("nắng", date(2025, 6, 30), date(2025, 7, 2)),  # places move on 1/7
        ("gió", date(2026, 3, 30), date(2026, 4, 2)),  # the regime of arrears turns on 1/3
        pytest.param("sương", date(2026, 9, 29), date(2026, 10, 2), marks=pytest.mark.soak),
    ],
)
def test_days_closed_one_after_another_equal_the_fold(seed: str, first: date, last: date) -> None:
    """Over the turn of a month: 120 random loans with reversals, freezes, reschedules, tranches, settlements and what comes back after them."""
    assert walk_days(Book(seed, 120), day_number(first), day_number(last)) > 100


def test_from_the_first_loan_on() -> None:
    book = Book("đầu tiên", 12)
    assert walk_days(book, book.first, book.first + 20) > 10


@pytest.mark.soak
def test_half_a_year_of_days() -> None:
    assert walk_days(Book("dài", 200), day_number(date(2026, 2, 15)), day_number(date(2026, 8, 15))) > 10_000  # fmt: skip


# `make soak` walks half a year.
@settings(max_examples=2, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**6), start=st.integers(0, 2200))
def test_any_seed_and_any_week(seed: int, start: int) -> None:
    first = day_number(date(2021, 1, 1)) + start
    walk_days(Book(f"{seed}", 40), first, first + 4)


def test_a_loan_that_settled_and_rested_comes_back_whole() -> None:
    """Its settlement is reversed months later: no row of yesterday, yet nothing is lost and nothing unknown."""
    start, back = day_number(date(2026, 1, 12)), day_number(date(2026, 6, 9))
    book = Book("về", 1)
    keys = dict(zip(CONTRACT, book.contracts.row(0), strict=True))
    terms = {"loan": 1, "disbursed": start, "term": 24, "spacing": 6, "session": 0}
    contract = {**keys, **terms, "programme": "HN", "by_instalment": False, "rate": 66_000}
    book.contracts = frame(CONTRACT, [tuple(contract[name] for name in CONTRACT)])
    book.events = frame(
        EVENT,
        [
            (1, 1, start, DISBURSEMENT, 10_000_000, 0, 0, None, 0),
            (1, 2, start + 10, INTEREST, 18_082, 0, 0, None, 0),
            (1, 3, start + 10, PRINCIPAL, 10_000_000, 0, 0, None, 0),
            (1, 4, back, REVERSE, 0, 0, 0, None, 3),
        ],
    )
    asleep = fold_on(book, back - 1)
    assert len(asleep) == 0
    assert walk_days(book, back, back + 3) == 4
    alone = book.today(back)
    closed = close(asleep, alone, book.contracts.head(0), book.events.head(0))
    assert closed.unknown == [1]


def test_a_row_that_vanished_is_lost_and_not_made_anew() -> None:
    """Yesterday's snapshot lacks a loan that owes: the close names it."""
    book = Book("mất", 40)
    day = int(book.events["day"].max()) - 400
    book.events = book.events.filter(nw.col("day") <= day)
    day = int(book.events["day"].max())
    there = fold_on(book, day - 1)
    owing = there.filter(nw.col("lent") > nw.col("paid"))["loan"].to_list()
    # The last day on which a loan that owed the evening before saw something.
    stirred = book.events.filter(nw.col("loan").is_in(owing))
    day = int(stirred["day"].max())
    loan = int(stirred.filter(nw.col("day") == day)["loan"][0])
    rows = fold_on(book, day - 1).filter(nw.col("loan") != loan)
    today = book.today(day)
    closed = close(rows, today, *book.of(loans_to_refold(rows, today), day))
    assert closed.lost == [loan]


def test_duckdb_sums_the_same() -> None:
    day = day_number(date(2026, 3, 31))
    rows = fold_on(Book("tổng", 150), day)
    start = month_start(day)
    found = sums(rows, *SUM_KEYS, month_start=start)
    native = rows.to_native()
    keys = ", ".join(f'"{name}"' for name in SUM_KEYS)
    told = duckdb.sql(f"""
        SELECT {keys}, count(*) FILTER (lent > paid), sum(lent - paid)::BIGINT, sum(in_time)::BIGINT,
          sum(overdue)::BIGINT, sum(frozen)::BIGINT, sum(accrued)::BIGINT, sum(collected)::BIGINT,
          sum(accrued - collected - waived)::BIGINT, sum(greatest(accrued_0 - collected - waived, 0))::BIGINT,
          sum(greatest(accrued_0 - collected_0 - waived_0, 0))::BIGINT, sum(balance_days)::BIGINT,
          sum(lent - lent_0)::BIGINT, sum(paid - paid_0 - written_off + written_off_0)::BIGINT,
          sum(written_off - written_off_0)::BIGINT, sum(collected - collected_0)::BIGINT,
          sum(accrued - accrued_0)::BIGINT, sum(greatest(overdue - overdue_0, 0))::BIGINT,
          count(*) FILTER (overdue > 0), count(*) FILTER (frozen > 0), count(*) FILTER (disbursed >= {start})
        FROM native GROUP BY ALL ORDER BY ALL""").fetchall()
    assert len(native) > 50
    assert [tuple(row) for row in found.rows()] == told


def test_the_largest_rows_fit_63_bits() -> None:
    """A row at the bounds of the rules earns what whole numbers of any size say."""
    rate, least = MOST_RATE_PPM, {"in_time": MOST_PRINCIPAL, "overdue": 0}
    cases = [least, {"in_time": 0, "overdue": MOST_PRINCIPAL}, {"in_time": 1, "overdue": MOST_PRINCIPAL - 1}]  # fmt: skip
    filled = dict.fromkeys((n for n in ROW if n not in {*WORDS, *FLAGS}), 0)
    flags = {**dict.fromkeys(FLAGS, False), **dict.fromkeys(WORDS, "HN")}
    rest, whole = UNIT - 1, 10**16
    filled["overdue_rate"] = 130 * rate
    rows = [
        tuple({**filled, **flags, **case, "loan": at, "rate": rate, "rest": rest, "whole": whole}[n] for n in ROW)
        for at, case in enumerate(cases)
    ]  # fmt: skip
    for case, row in zip(cases, accrue_day(frame(ROW, rows)).rows(named=True), strict=True):
        day = rate * (100 * case["in_time"] + 130 * case["overdue"])
        assert day < 2**63
        dong, left = divmod(whole * UNIT + rest + day, UNIT)
        assert (row["whole"], row["rest"]) == (dong, left)
        assert row["accrued"] == dong + (2 * left >= UNIT)
        assert row["balance_days"] == MOST_PRINCIPAL
