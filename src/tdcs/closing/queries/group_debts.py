"""What groups and their members owe on a day: as the book stands today, or as the last closed day before holds it.

One query (or one read of a closed day) for all groups of a list, and for all members of a group.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

import narwhals as nw
import polars as pl
from django.db import connection

from tdcs.closing.queries import shown_day, store
from tdcs.closing.rules.rows import figures
from tdcs.core import clock
from tdcs.core.columns import day_of_number
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.queries.instalments import NextDue, loans_of_group, next_dues

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GroupDebt:
    """Loans with principal, their balance, the overdue part of it."""

    loans: int = 0
    balance: int = 0
    overdue: int = 0


@dataclass(slots=True)
class MemberDebt:
    """What one household owes through the group; ``interest`` may be collected on the day."""

    balance: int = 0
    overdue: int = 0
    interest: int = 0
    due: NextDue | None = None

    def later(self, other: NextDue | None) -> None:
        """Of several loans the nearest day counts, with all that falls due on it."""
        if other is None or (self.due is not None and self.due.on < other.on):
            return
        same = self.due.amount if self.due is not None and self.due.on == other.on else 0
        self.due = NextDue(other.on, other.amount + same)


@dataclass(frozen=True, slots=True)
class OnDay(Generic[T]):
    """Figures by key, and the day of the book that they are of: None when no day was closed by then."""

    of: date | None
    found: dict[int, T] = field(default_factory=dict)


_SQL = """
    SELECT l.group_id, count(*) FILTER (WHERE p.balance > 0), coalesce(sum(p.balance), 0)::bigint,
           coalesce(sum(p.overdue), 0)::bigint
      FROM loans_position_on(%s) p JOIN loans_loan l ON l.id = p.loan_id
     WHERE l.group_id = ANY(%s) GROUP BY l.group_id
"""


def debts_of_groups(groups: Collection[int], on: date) -> OnDay[GroupDebt]:
    """What each group owes; groups that owe nothing are not among them."""
    if on >= clock.today():
        with connection.cursor() as cursor:
            cursor.execute(_SQL, [on, list(groups)])
            return OnDay(on, {key: GroupDebt(*rest) for key, *rest in cursor.fetchall()})
    if (day := shown_day(on)) is None:
        return OnDay(None)
    rows = store().sums(day).filter(pl.col("group").is_in(list(groups)))
    sums = rows.group_by("group").agg(pl.col("loans", "balance", "overdue").sum()).collect()
    return OnDay(day, {key: GroupDebt(*rest) for key, *rest in sums.iter_rows()})


def debts_of_members(group: int, on: date) -> OnDay[MemberDebt]:
    """What each household owes through a group, with what it pays next."""
    if on < clock.today():
        return _closed(group, on)
    loans = loans_of_group(group)
    dues = next_dues(list(loans), on)
    found: dict[int, MemberDebt] = {}
    for row in roll_forward(loan_rows(sorted(loans)), on).rows(named=True) if loans else ():
        one = found.setdefault(loans[row["id"]], MemberDebt())
        one.balance += row["balance"]
        one.overdue += row["overdue"]
        one.interest += max(row["due"], 0)
        one.later(dues.get(row["id"]))
    return OnDay(on, found)


def _closed(group: int, on: date) -> OnDay[MemberDebt]:
    if (day := shown_day(on)) is None:
        return OnDay(None)
    kept = store().read(day).filter(pl.col("group") == group).collect()
    rows = figures(nw.from_native(kept, eager_only=True)).to_native()
    found: dict[int, MemberDebt] = {}
    for row in rows.iter_rows(named=True):
        one = found.setdefault(row["household"], MemberDebt())
        one.balance += row["balance"]
        one.overdue += row["overdue"]
        one.interest += row["due"]
        if row["next_due"] and row["next_amount"]:
            one.later(NextDue(day_of_number(row["next_due"]), row["next_amount"]))
    return OnDay(day, found)
