"""A small book for pages: loans of given places on given days, written into a store; numbers invented, sums exact.

Every row obeys what the sums need (balance = lent − paid = in time + overdue + frozen); what a close would carry besides
is left at nought, because pages read sums and a few columns of rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from tdcs.closing.rules.rows import FLAGS, ROW, WORDS
from tdcs.closing.store import Lineage, Store
from tdcs.core.columns import day_number

SCHEMA = {
    name: pl.String() if name in WORDS else pl.Boolean() if name in FLAGS else pl.Int64()
    for name in ROW
}
PROGRAMMES = ("HN", "HCN", "HMTN", "GQVL", "NSVSMT")


@dataclass(frozen=True)
class Spot:
    """A group on a commune, behind it an organisation, before it an office; how many loans, how careful."""

    office: int
    commune: int
    group: int
    mass: int
    loans: int = 4
    careless: float = 0.01


@dataclass(frozen=True)
class _Loan:
    number: int
    spot: Spot
    programme: str
    source: int
    local: bool
    disbursed: int
    principal: int
    late_from: int
    frozen: bool


def loans_of(spots: Sequence[Spot], first: date, last: date, sources: tuple[int, int], seed: int) -> list[_Loan]:  # fmt: skip
    """The same seed gives the same loans."""
    luck, found = random.Random(seed), []
    start, end = day_number(first) - 700, day_number(last)
    for spot in spots:
        for _ in range(spot.loans):
            disbursed = luck.randrange(start, end)
            local = luck.random() < 0.13 + 0.12 * (disbursed - start) / (end - start)
            late = disbursed + luck.randrange(120, 900) if luck.random() < spot.careless else 0
            principal = luck.randrange(20, 101) * 1_000_000
            found.append(
                _Loan(len(found) + 1, spot, luck.choice(PROGRAMMES), sources[local], local, disbursed, principal, late, luck.random() < 0.001)
            )  # fmt: skip
    return found


def rows_on(loans: Iterable[_Loan], on: date) -> pl.DataFrame:
    """The loans' rows at the end of a day."""
    today, month = day_number(on), day_number(on.replace(day=1))
    rows = [_row(loan, today, month) for loan in loans if loan.disbursed <= today]
    columns = {name: [row.get(name, 0) for row in rows] for name in ROW}
    return pl.DataFrame(columns, schema=SCHEMA).sort("office", "loan")


def _row(loan: _Loan, today: int, month: int) -> dict[str, Any]:
    def paid(day: int) -> int:
        months = max(day - loan.disbursed, 0) // 30
        if loan.late_from:
            months = min(months, (loan.late_from - loan.disbursed) // 30)
        return min(loan.principal, loan.principal // 60 * months)

    def late(day: int) -> int:
        owed = loan.principal - paid(day)
        return min(owed, loan.principal // 4) if loan.late_from and day >= loan.late_from else 0

    def accrued(day: int) -> int:
        return max(day - loan.disbursed, 0) * (loan.principal - paid(day)) * 7 // 36500

    old = loan.disbursed < month
    balance = loan.principal - paid(today)
    frozen = balance if loan.frozen else 0
    overdue = 0 if loan.frozen else late(today)
    collected = accrued(month - 1) if old and not overdue else accrued(month - 31) if old else 0
    return {
        "loan": loan.number, "household": loan.number * 7 // 8 + 1, "programme": loan.programme,
        "source": loan.source, "local": loan.local, "group": loan.spot.group, "mass": loan.spot.mass,
        "office": loan.spot.office, "commune": loan.spot.commune, "disbursed": loan.disbursed,
        "principal": loan.principal, "term": 60, "spacing": 6, "session": 10, "by_instalment": False,
        "plain": True, "rate": 70_000, "lent": loan.principal, "paid": paid(today), "in_time": balance - overdue - frozen,
        "overdue": overdue, "frozen": frozen, "accrued": accrued(today), "whole": accrued(today), "collected": min(collected, accrued(today)),
        "overdue_since": loan.late_from if overdue else 0, "next_due": today + 40, "next_trigger": today + 40,
        "next_reach": min(loan.principal, paid(today) + loan.principal // 10), "final_due": loan.disbursed + 1826,
        "balance_days": balance * (today - max(month, loan.disbursed) + 1), "lent_0": loan.principal if old else 0,
        "paid_0": paid(month - 1) if old else 0, "accrued_0": accrued(month - 1) if old else 0,
        "collected_0": min(accrued(month - 31) if old else 0, collected), "overdue_0": late(month - 1) if old and not loan.frozen else 0,
    }  # fmt: skip


def month_ends(first: date, last: date) -> list[date]:
    """The last days of the months from first to last."""
    found, day = [], first
    while day <= last:
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        if following - timedelta(days=1) <= last:
            found.append(following - timedelta(days=1))
        day = following
    return found


def fill(store: Store, loans: Sequence[_Loan], days: Iterable[date], *, book: str) -> None:
    """Writes the days."""
    previous = ""
    for day in days:
        rows = rows_on(loans, day)
        parts = [(int(key[0]), part) for key, part in rows.group_by("office", maintain_order=True)]
        manifest = store.write(day, parts, month_start=day.replace(day=1), lineage=Lineage(previous=previous, law_hash="", book=book))  # fmt: skip
        previous = manifest.digest
