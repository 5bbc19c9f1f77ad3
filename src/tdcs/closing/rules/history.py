"""Rows of loans from all their events, by the engine: the definition that every close must meet."""

from __future__ import annotations

from typing import Any, Final

import narwhals as nw

from tdcs.closing.rules.rows import KEYS, ROW, empty, owes, zero
from tdcs.loans.rules.interest import DIVISOR
from tdcs.loans.rules.kinds import CHANGES, FREEZE, UNFREEZE
from tdcs.loans.rules.lives import TERMS, Position

Frame = nw.DataFrame[Any]

# A loan as its contract and the day's registers give it; ``rate`` is the contract's.
CONTRACT: Final = ("loan", *KEYS, *TERMS)


def rows_from_events(
    contracts: Frame, events: Frame, day: int, month_start: int
) -> tuple[Frame, Frame]:
    """(ROW, refused) of loans disbursed by ``day``, from everything that happened to them, as known on that day.

    A loan that owed nothing when the month began and saw no event in it has no row. refused: loan, code.
    """
    col = nw.col
    known = contracts.filter(col("disbursed") <= day)
    if len(known) == 0:
        return empty(ROW), empty(("loan", "code")).with_columns(col("code").cast(nw.String))
    now = Position(known, events, day)
    rows = _now(now, day, month_start)
    rows = rows.join(_opening(known, events, month_start), on="loan", how="left")
    rows = rows.with_columns(*(col(name).fill_null(0) for name in _OPENING))
    stirred = events.filter((col("day") >= month_start) & (col("day") <= day)).select("loan")
    rows = rows.join(stirred.unique().with_columns(_stirred=zero() + 1), on="loan", how="left")
    owed_before = (col("lent_0") > col("paid_0")) | (col("accrued_0") != col("collected_0"))
    kept = rows.filter(owes() | owed_before | ~col("_stirred").is_null())
    return kept.select(*ROW).sort("loan"), now.folded.refused.select("loan", "code")


_OPENING: Final = ("lent_0", "paid_0", "written_off_0", "collected_0", "accrued_0", "overdue_0")


def _opening(contracts: Frame, events: Frame, month_start: int) -> Frame:
    """What stood when the month began, as it was known then."""
    older = contracts.filter(nw.col("disbursed") < month_start)
    if len(older) == 0:
        return empty(("loan", *_OPENING))
    found = Position(older, events, month_start - 1).folded.positions
    return found.select("loan", **{name: name.removesuffix("_0") for name in _OPENING})


def _now(now: Position, day: int, month_start: int) -> Frame:
    col = nw.col
    found = now.folded.positions.drop("balance", "is_frozen")
    staged = now.folded.staged
    days = col("_next") - nw.max_horizontal(col("day"), zero() + month_start)
    sums = (
        staged.with_columns(_days=col("balance") * nw.max_horizontal(days, zero()))
        .group_by("loan")
        .agg(col("fallen").sum(), balance_days=col("_days").sum())
    )
    rows = now.loans.drop("rate").join(found, on="loan", how="inner")
    for part in (sums, next_instalments(now.folded.instalments, day), _ice(now.events, day)):
        rows = rows.join(part, on="loan", how="left")
    changed = now.events.filter(col("kind").is_in([*CHANGES, FREEZE, UNFREEZE])).select("loan")
    rows = rows.join(changed.unique().with_columns(_changed=zero() + 1), on="loan", how="left")
    rows = rows.with_columns(
        *(
            col(name).fill_null(0)
            for name in ("frozen_from", "frozen_to", "next_trigger", "next_due", "next_reach", "overdue_since")
        ),
        plain=col("_changed").is_null(),
        _carry=col("rest") // DIVISOR,
    )  # fmt: skip
    return rows.with_columns(
        whole=col("whole") + col("_carry"), rest=col("rest") - col("_carry") * DIVISOR
    )


def _ice(events: Frame, day: int) -> Frame:
    """The freeze that runs on ``day``: loan, frozen_from, frozen_to."""
    col = nw.col
    last = events.filter(col("kind").is_in([FREEZE, UNFREEZE])).unique(
        "loan", keep="last", order_by=["rank"]
    )
    running = last.filter((col("kind") == FREEZE) & (col("to") >= day))
    return running.select("loan", frozen_from="day", frozen_to="to")


def next_instalments(instalments: Frame, day: int) -> Frame:
    """loan, next_trigger, next_due, next_reach of the first instalment triggered on ``day`` or later.

    Instalments that share its trigger day count with it.
    """
    col = nw.col
    coming = instalments.filter(col("trigger") >= day)
    first = coming.group_by("loan").agg(next_trigger=col("trigger").min())
    with_it = instalments.join(first, on="loan", how="inner").filter(
        col("trigger") <= col("next_trigger")
    )
    return (
        with_it.with_columns(
            _due=nw.when(col("trigger") == col("next_trigger")).then(col("due")).otherwise(0)
        )
        .group_by("loan")
        .agg(
            next_trigger=col("next_trigger").max(),
            next_due=col("_due").max(),
            next_reach=col("principal").sum(),
        )
    )
