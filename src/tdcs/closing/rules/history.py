"""Rows of loans from all their events, by the engine: the definition that every close must meet.

The other way to the same rows is step.py, from yesterday's: two definitions on purpose, each proves the other.
"""

from __future__ import annotations

from typing import Any, Final

import narwhals as nw

from tdcs.closing.rules.rows import KEYS, ROW, empty, owed_before, owes
from tdcs.core.columns import floor_div
from tdcs.loans.rules import timeline
from tdcs.loans.rules.accrual import unit
from tdcs.loans.rules.balance import zero
from tdcs.loans.rules.kinds import CHANGES, FREEZE, UNFREEZE
from tdcs.loans.rules.lives import LAW_TERMS, TERMS, Position
from tdcs.programmes.rules.decrees import Decrees

Frame = nw.DataFrame[Any]

# A loan as its contract and the day's registers give it; ``rate`` is the contract's.
CONTRACT: Final = ("loan", *KEYS, *(name for name in LAW_TERMS if name not in KEYS), *TERMS)


def rows_from_events(
    contracts: Frame,
    events: Frame,
    day: int,
    month_start: int,
    *,
    decrees: Decrees | None = None,
) -> tuple[Frame, Frame]:
    """(ROW, refused) of loans disbursed by ``day``, from everything that happened to them, as known on that day.

    ``decrees``: those that the book has taken up; all of the law where none are named.

    A loan that owed nothing when the month began and saw no event in it has no row. refused: loan, code.
    """
    col = nw.col
    known = contracts.filter(col("disbursed") <= day)
    if len(known) == 0:
        return empty(ROW), empty(("loan", "code")).with_columns(col("code").cast(nw.String))
    now = Position(known, events, day, decrees=decrees)
    rows = _now(now, day, month_start)
    rows = rows.join(_opening(known, events, month_start, decrees), on="loan", how="left")
    rows = rows.with_columns(*(col(name).fill_null(0) for name in _OPENING))
    stirred = events.filter((col("day") >= month_start) & (col("day") <= day)).select("loan")
    rows = rows.join(stirred.unique().with_columns(_stirred=zero() + 1), on="loan", how="left")
    kept = rows.filter(owes() | owed_before() | ~col("_stirred").is_null())
    return kept.select(*ROW).sort("loan"), now.folded.refused.select("loan", "code")


_OPENING: Final = (
    "lent_0",
    "paid_0",
    "written_off_0",
    "collected_0",
    "waived_0",
    "accrued_0",
    "overdue_0",
)


def _opening(contracts: Frame, events: Frame, month_start: int, decrees: Decrees | None) -> Frame:
    """What stood when the month began, as it was known then."""
    older = contracts.filter(nw.col("disbursed") < month_start)
    if len(older) == 0:
        return empty(("loan", *_OPENING))
    found = Position(older, events, month_start - 1, decrees=decrees).folded.positions
    return found.select("loan", **{name: name.removesuffix("_0") for name in _OPENING})


def _now(now: Position, day: int, month_start: int) -> Frame:
    col = nw.col
    drop = ("balance", "is_frozen", "due", "overdue_base", "overdue_percent")
    found = now.folded.positions.drop(*drop)
    staged = now.folded.staged
    days = col("_next") - nw.max_horizontal(col("day"), zero() + month_start)
    sums = (
        staged.with_columns(_days=col("balance") * nw.max_horizontal(days, zero()))
        .group_by("loan")
        .agg(col("fallen").sum(), balance_days=col("_days").sum())
    )
    rows = now.loans.drop("rate").join(found, on="loan", how="inner")
    ice = timeline.frozen_on(now.folded.ice, zero() + day)
    for part in (sums, next_instalments(now.folded.instalments, day), ice):
        rows = rows.join(part, on="loan", how="left")
    changed = now.events.filter(col("kind").is_in([*CHANGES, FREEZE, UNFREEZE])).select("loan")
    rows = rows.join(changed.unique().with_columns(_changed=zero() + 1), on="loan", how="left")
    held_in = unit(col("disbursed"))
    rows = rows.with_columns(
        *(
            col(name).fill_null(0)
            for name in ("frozen_from", "frozen_to", "next_trigger", "next_due", "next_reach", "overdue_since")
        ),
        plain=col("_changed").is_null(),
        _carry=floor_div(col("rest"), held_in),
    )  # fmt: skip
    return rows.with_columns(
        whole=col("whole") + col("_carry"), rest=col("rest") - col("_carry") * held_in
    )


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
