"""What a group's loans did in a month: the figures that rate the group and earn its commission.

A loan counts for the group of which its household was a member: on the month's last day, or for interest on the day it
was paid.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.core.columns import day_number
from tdcs.core.frames import Frame
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.loans.queries.columns import copied, events_where
from tdcs.loans.queries.sheets import session_in
from tdcs.loans.rules.balance import late
from tdcs.loans.rules.events import effective_events
from tdcs.loans.rules.history import LAW_TERMS, TERMS, Position
from tdcs.loans.rules.kinds import INTEREST, PRINCIPAL, RATE
from tdcs.loans.rules.running import with_law
from tdcs.programmes.queries import decrees_taken_up

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
_HOME: Final = ("loan", "group", *LAW_TERMS, *TERMS)
_WORDS: Final = ("programme", "target_group")
_FLAGS: Final = ("by_instalment", "local")
# So many loans are folded at once.
_PIECE: Final = 50_000
# A session that falls on a holiday is held within these days.
_SESSION_SHIFT: Final = 3
_LOANS: Final = """
    SELECT l.id, m.group_id, l.programme, l.target_group, (s.tier = 'local')::int,
           l.disbursed_on - DATE '1970-01-01', l.term_months, l.instalment_months,
           coalesce(l.session_day, 0), l.by_instalment::int, l.rate_ppm
      FROM loans_loan l JOIN capital_capitalsource s ON s.id = l.source_id
      JOIN entrustment_groupmember m ON m.household_id = l.household_id AND m.group_id = ANY(%(groups)s)
       AND m.starts_on <= %(last)s AND (m.ends_on IS NULL OR m.ends_on > %(last)s)
     WHERE l.group_id IS NOT NULL AND l.disbursed_on <= %(last)s
       AND (l.balance > 0 OR l.standing_on >= %(first)s) ORDER BY l.id
"""
_PAID: Final = ("group", "loan", *LAW_TERMS, "disbursed", "rate", "day", "interest")
_INTEREST: Final = """
    SELECT m.group_id, l.id, l.programme, l.target_group, (s.tier = 'local')::int,
           l.disbursed_on - DATE '1970-01-01', l.rate_ppm, e."on" - DATE '1970-01-01', e.amount
      FROM loans_loanevent e
      JOIN loans_loan l ON l.id = e.loan_id AND l.group_id IS NOT NULL
      JOIN capital_capitalsource s ON s.id = l.source_id
      JOIN entrustment_groupmember m ON m.household_id = l.household_id AND m.group_id = ANY(%(groups)s)
       AND m.starts_on <= e."on" AND (m.ends_on IS NULL OR m.ends_on > e."on")
     WHERE e.kind = 'interest' AND e."on" BETWEEN %(first)s AND %(last)s
       AND loans_event_counts(e.id, %(last)s)
"""


def interest_of(groups: Collection[int], month: date) -> pl.DataFrame:
    """group, rate_ppm, interest: interest collected in the month and not reversed in it, by the rate in force when it was
    paid: the contract's, the law's for loans that run, or the loan's own later one."""
    paid = copied(_INTEREST, _given(groups, month), _PAID, words=_WORDS, flags=("local",))
    named, law = with_law(nw.from_native(paid, eager_only=True), decrees_taken_up())
    rows: pl.DataFrame = named.to_native()
    changed: pl.DataFrame = law.to_native().filter(pl.col("rate").is_not_null())
    rows = rows.sort("day").join_asof(
        changed.select("law", "day", law_day="day", law_rate="rate").sort("day"),
        on="day",
        by="law",
        strategy="backward",
    )
    own = _own_rates(rows["loan"].unique().to_list(), month)
    if len(own):
        rows = rows.join_asof(own.sort("day"), on="day", by="loan", strategy="backward")
        later = pl.col("own_day") >= pl.col("law_day").fill_null(0)
        rows = rows.with_columns(law_rate=pl.when(later).then("own_rate").otherwise("law_rate"))
    rows = rows.with_columns(rate_ppm=pl.coalesce("law_rate", "rate"))
    found = rows.group_by("group", "rate_ppm").agg(pl.col("interest").sum())
    return found.sort("group", "rate_ppm").select("group", "rate_ppm", "interest")


def _own_rates(loans: Collection[int], month: date) -> pl.DataFrame:
    """loan, day, own_day, own_rate: single loans' own changes of rate."""
    given = {"loans": list(loans), "until": _last_of(month)}
    where = "WHERE e.loan_id = ANY(%(loans)s) AND e.kind IN ('rate', 'reverse') AND e.\"on\" <= %(until)s"
    events = effective_events(events_where(where, given), day_number(_last_of(month)))
    rows: pl.DataFrame = events.filter(nw.col("kind") == RATE).to_native()
    return rows.select("loan", "day", own_day="day", own_rate="rate")


def figures_of(groups: Collection[int], month: date) -> pl.DataFrame:
    """group and FIGURES, a row for each group that has loans (docs/rules/group-rating.md)."""
    last = _last_of(month)
    homes = copied(_LOANS, _given(groups, month), _HOME, words=_WORDS, flags=_FLAGS)
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
    decrees = decrees_taken_up()
    end = Position(contracts, events, last, decrees=decrees)
    eves = homes.select("loan", as_of=pl.max_horizontal(pl.col("held") - 1, "disbursed"))
    theirs = contracts.join(nw.from_native(eves), on="loan", how="left")
    session = Position(theirs, events, decrees=decrees)
    accrued = session.folded.positions.select("loan", accrued_then="accrued")
    stand = end.folded.positions.select("loan", "lent", "balance", "overdue", "frozen")
    rows: pl.DataFrame = (
        nw.from_native(homes)
        .join(stand, on="loan", how="left")
        .join(accrued, on="loan", how="left")
        .to_native()
    )
    for part in (
        _paid(homes, end.events, first),
        _due_to_month_end(end.folded.instalments, first, last),
    ):
        rows = rows.join(part, on="loan", how="left")
    numbers = pl.all().exclude(*_FLAGS, *_WORDS)
    rows = rows.with_columns(numbers.fill_null(0))
    fell = late(nw.col("fallen"), nw.col("lent"), nw.col("principal_before"))
    rows = nw.from_native(rows, eager_only=True).with_columns(owed=fell).to_native()
    # Of an older loan, what was not paid on an instalment's day moved into the next one and is not due before its day;
    # after the last one all is.
    falls = pl.col("by_instalment") | (pl.col("falls") > 0)
    # Of a loan that is frozen in part, the part is not due; of one that is frozen wholly, nothing is.
    left = pl.col("lent") - pl.col("principal_before") - pl.col("frozen")
    falls = falls & ((pl.col("frozen") == 0) | (pl.col("frozen") < pl.col("balance")))
    due = pl.when(falls).then(pl.min_horizontal("owed", left)).otherwise(0)
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


def _events(homes: pl.DataFrame, until: date) -> Frame:
    """EVENT of the loans through a day."""
    ends = {"first": homes["loan"][0], "last": homes["loan"][-1], "until": until}
    where = 'WHERE e.loan_id BETWEEN %(first)s AND %(last)s AND e."on" <= %(until)s'
    ours = nw.from_native(homes.select("loan"))
    return events_where(where, ends).join(ours, on="loan", how="semi")


def _paid(homes: pl.DataFrame, effective_events: Frame, first: int) -> pl.DataFrame:
    """loan; principal and interest paid before the month and in it; whether anything came in it, and at the session."""
    paid: pl.DataFrame = effective_events.filter(
        nw.col("kind").is_in([PRINCIPAL, INTEREST])
    ).to_native()
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


def _due_to_month_end(instalments: Frame, first: int, last: int) -> pl.DataFrame:
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


def _given(groups: Collection[int], month: date) -> dict[str, object]:
    return {"groups": list(groups), "first": month, "last": _last_of(month)}
