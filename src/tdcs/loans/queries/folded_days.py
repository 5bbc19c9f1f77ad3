"""What the rules tell of one loan on a day, kept by all that went into it.

What was kept is found by every figure that the rules were given, so nothing can be out of date in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final

from tdcs.core import law
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.frames import Frame
from tdcs.core.lru import LruStore
from tdcs.loans.models import Loan
from tdcs.loans.queries.folding import (
    Given,
    LoanBalance,
    Reaching,
    Row,
    View,
    eve,
    folded_from,
    given_of,
    reported_balance,
    standings_of,
)
from tdcs.loans.rules.accrual import unit_on
from tdcs.programmes.rules.showing import percent

# Days of loans that a worker keeps: about 20 kB each with a long schedule.
_KEPT: Final = 1500


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which nothing changed, with their interest to the hundredth of a dong."""

    first: date
    final: date
    days: int
    in_time: int
    overdue: int
    frozen: int
    rate: str
    interest: Decimal


@dataclass(frozen=True, slots=True)
class FoldedDay:
    """``before``: the interest accrued through the day before."""

    now: LoanBalance
    before: int
    stretches: tuple[Stretch, ...]


days: Final[LruStore[FoldedDay]] = LruStore(_KEPT)
law.forgetting(days.clear)


def folded_day(loan: Loan, on: date, counted: Sequence[Row]) -> FoldedDay:
    """One loan at the end of a day, from its events that count on it; of one that extracts report, what they say."""
    if loan.reported_on(on):
        now = reported_balance(loan, on)
        return FoldedDay(now, now.accrued, ())
    given = given_of(_views(loan, on, counted), Reaching())
    key = _key(given)
    found = days.get(key)
    if found is None:
        found = _fold(loan, on, given)
        days.put(key, found)
    return found


def _views(loan: Loan, on: date, counted: Sequence[Row]) -> list[View]:
    """The day, and the day before it where the loan was there."""
    views: list[View] = [(loan, on, counted)]
    if on > loan.disbursed_on:
        before = day_number(eve(on))
        views.append((loan, eve(on), [row for row in counted if row.day <= before]))
    return views


def _key(given: Given) -> bytes:
    return sha256(repr(given).encode()).digest()


def _fold(loan: Loan, on: date, given: Given) -> FoldedDay:
    """``given``: the views of the loan."""
    there = on > loan.disbursed_on
    folded = folded_from(given)
    now, *before = standings_of(folded, [on, eve(on)] if there else [on])
    rows = _staged(folded.staged)
    stretches = _stretches(rows.get(0, []), unit_on(loan.disbursed_on))
    return FoldedDay(now, before[0].accrued if before else 0, stretches)


_Staged = tuple[int, int, int, int, int, int, int, int]


def _staged(staged: Frame) -> dict[int, list[_Staged]]:
    """The rows of a fold that lasted, by the number of their view."""
    names = ("loan", "day", "days", "balance", "overdue", "frozen", "rate", "whole", "rest")
    found: dict[int, list[_Staged]] = {}
    for number, *row in staged.sort("seq").select(*names).rows():
        found.setdefault(number, []).append(tuple(row))
    return found


def _stretches(staged: Sequence[_Staged], held_in: int) -> tuple[Stretch, ...]:
    """Equal neighbours joined."""
    found: list[Stretch] = []
    # What makes neighbours equal, and the day after the last of ``joined``.
    alike: tuple[int, ...] = ()
    joined: list[_Staged] = []
    after = 0
    for row in staged:
        day, days, balance, overdue, frozen, rate, _whole, _rest = row
        if days == 0 or balance == 0:
            continue
        held = min(frozen, balance)
        state = (balance, min(overdue, balance - held), held, rate)
        if joined and (state != alike or day != after):
            found.append(_joined(joined, alike, held_in))
            joined = []
        alike, after = state, day + days
        joined.append(row)
    if joined:
        found.append(_joined(joined, alike, held_in))
    return tuple(found)


def _joined(rows: Sequence[_Staged], alike: tuple[int, ...], held_in: int) -> Stretch:
    """One stretch of rows that follow one another."""
    balance, late, frozen, rate = alike
    first, days = day_of_number(rows[0][0]), sum(row[1] for row in rows)
    exact = sum(row[6] for row in rows) + Decimal(sum(row[7] for row in rows)) / held_in
    return Stretch(
        first=first,
        final=day_of_number(rows[0][0] + days - 1),
        days=days,
        in_time=balance - late - frozen,
        overdue=late,
        frozen=frozen,
        rate=percent(rate),
        interest=exact.quantize(Decimal("0.01")),
    )
