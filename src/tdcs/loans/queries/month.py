"""What a group's loans did in a month: the figures that rate the group and earn its commission.

A loan counts for the group of which its household was a member: on the month's last day, or for interest on the day it
was paid.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final

import narwhals as nw
import polars as pl
from django.db import connection

from tdcs.core.columns import day_number
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.loans.queries.columns import copied, events_where
from tdcs.loans.queries.sheets import session_in
from tdcs.loans.rules.kinds import INTEREST, PRINCIPAL
from tdcs.loans.rules.lives import TERMS, Position

FIGURES: Final = (
    "session_done",
    "session_all",
    "overdue",
    "outstanding",
    "principal_collected",
    "principal_due",
    "interest_collected",
    "interest_due",
)
_HOME: Final = ("loan", "group", *TERMS)
# So many loans are folded at once.
_PIECE: Final = 50_000
# A session that falls on a holiday is held within these days.
_SESSION_SHIFT: Final = 3
_LOANS: Final = """
    SELECT l.id, m.group_id, l.disbursed_on - DATE '1970-01-01', l.term_months, l.instalment_months,
           coalesce(l.session_day, 0), l.by_instalment::int, l.rate_ppm
      FROM loans_loan l
      JOIN entrustment_groupmember m ON m.household_id = l.household_id AND m.group_id = ANY(%(groups)s)
       AND m.starts_on <= %(last)s AND (m.ends_on IS NULL OR m.ends_on > %(last)s)
     WHERE l.group_id IS NOT NULL AND l.disbursed_on <= %(last)s
       AND (l.balance > 0 OR l.standing_on >= %(first)s) ORDER BY l.id
"""
_INTEREST: Final = """
    SELECT m.group_id, l.rate_ppm, sum(e.amount)::bigint FROM loans_loanevent e
      JOIN loans_loan l ON l.id = e.loan_id AND l.group_id IS NOT NULL
      JOIN entrustment_groupmember m ON m.household_id = l.household_id AND m.group_id = ANY(%(groups)s)
       AND m.starts_on <= e."on" AND (m.ends_on IS NULL OR m.ends_on > e."on")
     WHERE e.kind = 'interest' AND e."on" BETWEEN %(first)s AND %(last)s
       AND NOT EXISTS (SELECT 1 FROM loans_loanevent r
                        WHERE r.reverses_id = e.id AND r."on" <= %(last)s)
     GROUP BY 1, 2 ORDER BY 1, 2
"""


def interest_of(groups: Collection[int], month: date) -> pl.DataFrame:
    """group, rate_ppm, interest: interest collected in the month and not reversed in it, by contract rate."""
    rows = _rows(_INTEREST, groups, month)
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("group", "rate_ppm", "interest"), pl.Int64), orient="row"
    )


def figures_of(groups: Collection[int], month: date) -> pl.DataFrame:
    """group and FIGURES, a row for each group that has loans (docs/rules/group-rating.md)."""
    last = _last_of(month)
    homes = copied(_LOANS, _given(groups, month), _HOME, flags=("by_instalment",))
    homes = homes.unique("loan", keep="last", maintain_order=True)
    faces = profiles_on(groups, last)
    days = {group: day_number(session_in(month, row.session_day)) for group, row in faces.items()}
    # A group without a profile has no session: its month is judged by its last day.
    held = pl.col("group").replace_strict(days, default=day_number(last), return_dtype=pl.Int64)
    homes = homes.with_columns(held=held)
    parts = [_figures(piece, month) for piece in homes.iter_slices(_PIECE)]
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(("group", *FIGURES), pl.Int64))
    loans = pl.concat(parts)
    return loans.group_by("group").agg(pl.col(FIGURES).sum()).sort("group")


def _figures(homes: pl.DataFrame, month: date) -> pl.DataFrame:
    """group and FIGURES of each loan: what was due in the month counts once, however much was paid on it."""
    first, last = day_number(month), day_number(_last_of(month))
    events = _events(homes, _last_of(month))
    contracts = nw.from_native(homes.drop("group", "held"), eager_only=True)
    end = Position(contracts, events, last)
    eves = homes.select("loan", as_of=pl.max_horizontal(pl.col("held") - 1, "disbursed"))
    session = Position(contracts.join(nw.from_native(eves), on="loan", how="left"), events)
    accrued = session.folded.positions.select("loan", accrued_then="accrued")
    stand = end.folded.positions.select("loan", "lent", "balance", "overdue", "frozen")
    rows: pl.DataFrame = (
        nw.from_native(homes)
        .join(stand, on="loan", how="left")
        .join(accrued, on="loan", how="left")
        .to_native()
    )
    for part in (_paid(homes, end.events, first), _fallen(end.folded.instalments, first, last)):
        rows = rows.join(part, on="loan", how="left")
    rows = rows.with_columns(pl.all().exclude("by_instalment").fill_null(0))
    # Of an older loan, what was not paid on an instalment's day moved into the next one and is not due before its day;
    # after the last one all is.
    falls = pl.col("by_instalment") | (pl.col("falls") > 0)
    owed = pl.min_horizontal("fallen", "lent") - pl.col("principal_before")
    due = pl.when(falls & (pl.col("frozen") == 0)).then(pl.max_horizontal(owed, 0)).otherwise(0)
    interest_due = pl.max_horizontal(pl.col("accrued_then") - pl.col("interest_before"), 0)
    return rows.select(
        "group",
        session_done="at_session",
        session_all="paying",
        overdue="overdue",
        outstanding="balance",
        principal_collected=pl.min_horizontal("principal_in", due),
        principal_due=due,
        interest_collected=pl.min_horizontal("interest_in", interest_due),
        interest_due=interest_due,
    ).select(pl.all().cast(pl.Int64))


def _events(homes: pl.DataFrame, until: date) -> nw.DataFrame[Any]:
    """EVENT of the loans through a day."""
    ends = {"first": homes["loan"][0], "last": homes["loan"][-1], "until": until}
    where = 'WHERE e.loan_id BETWEEN %(first)s AND %(last)s AND e."on" <= %(until)s'
    ours = nw.from_native(homes.select("loan"))
    return events_where(where, ends).join(ours, on="loan", how="semi")


def _paid(homes: pl.DataFrame, counted: nw.DataFrame[Any], first: int) -> pl.DataFrame:
    """loan; principal and interest paid before the month and in it; whether anything came in it, and at the session."""
    paid: pl.DataFrame = counted.filter(nw.col("kind").is_in([PRINCIPAL, INTEREST])).to_native()
    before = pl.col("day") < first
    since = pl.col("day") - pl.col("held")

    def dong(kind: int, when: pl.Expr) -> pl.Expr:
        return pl.col("amount").filter((pl.col("kind") == kind) & when).sum()

    return (
        paid.join(homes.select("loan", "held"), on="loan", how="left")
        .group_by("loan")
        .agg(
            principal_before=dong(PRINCIPAL, before),
            principal_in=dong(PRINCIPAL, ~before),
            interest_before=dong(INTEREST, before),
            interest_in=dong(INTEREST, ~before),
            paying=(~before).any().cast(pl.Int64),
            at_session=(~before & since.is_between(0, _SESSION_SHIFT)).any().cast(pl.Int64),
        )
    )


def _fallen(instalments: nw.DataFrame[Any], first: int, last: int) -> pl.DataFrame:
    """loan; fallen: principal of the instalments that fell by the month's end; falls: whether one fell in the month, or
    the last one has fallen."""
    gone = pl.col("trigger") <= last
    falls = gone & ((pl.col("trigger") >= first) | (pl.col("number") == pl.col("last")))
    rows: pl.DataFrame = instalments.to_native()
    return rows.group_by("loan").agg(
        fallen=pl.col("principal").filter(gone).sum(), falls=falls.any().cast(pl.Int64)
    )


def _last_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _given(groups: Collection[int], month: date) -> dict[str, Any]:
    return {"groups": list(groups), "first": month, "last": _last_of(month)}


def _rows(sql: str, groups: Collection[int], month: date) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _given(groups, month))
        return list(cursor.fetchall())
