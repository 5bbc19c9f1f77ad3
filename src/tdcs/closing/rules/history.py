"""Rows of loans from all their events, by the engine: the definition that every close must meet.

The other way to the same rows is step.py, from yesterday's: two definitions on purpose, each proves the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals as nw

from tdcs.closing.rules.rows import KEYS, OPENED, ROW, empty, owed_before, owes
from tdcs.core.basis import without_basis
from tdcs.core.frames import Frame
from tdcs.loans.rules import timeline
from tdcs.loans.rules.days import (
    final_days,
    instalments_on,
    next_instalments,
    positions_on,
    since_on,
)
from tdcs.loans.rules.history import LAW_TERMS, TERMS, Position
from tdcs.loans.rules.kinds import CHANGES, FREEZE, UNFREEZE
from tdcs.programmes.rules.decrees import Decrees

# A loan as its contract and the day's registers give it; ``rate`` is the contract's.
CONTRACT: Final = ("loan", *KEYS, *(name for name in LAW_TERMS if name not in KEYS), *TERMS)


@without_basis("gọi các quy tắc khác cho cả đời khoản vay")
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
    when = days_of([(day, month_start - 1)])
    rows = rows_on_days(known, now, events, when, resting=True).drop("at")
    rows = rows.drop(*_OPENING).join(
        _opening(known, events, month_start, decrees), on="loan", how="left"
    )
    rows = rows.with_columns(*(col(name).fill_null(0) for name in _OPENING))
    kept = rows.filter(owes() | owed_before() | col("stirred"))
    return kept.select(*ROW).sort("loan"), now.folded.refused.select("loan", "code")


def days_of(pairs: Sequence[tuple[int, int]]) -> Frame:
    """at, opening: days, and of each the day on which its month opened (the last one of the month before)."""
    data = {"at": [day for day, _ in pairs], "opening": [opened for _, opened in pairs]}
    return nw.DataFrame.from_dict(data, dict.fromkeys(data, nw.Int64()), backend="polars")


def rows_on_days(
    contracts: Frame, life: Position, events: Frame, when: Frame, *, resting: bool = False
) -> Frame:
    """at, ROW and ``stirred`` (whether anything happened in the month by then) of loans on many days, from one fold.

    Those that owed nothing when the month began, owe nothing and saw nothing in it have no row unless ``resting``.

    ``life``: the contracts folded through the last of the days, ``events``: all of theirs; ``when``: ``days_of``. Days before
    a reversal are told as it left them; ``rows_from_events`` tells each day as it was known then.
    """
    col, keys = nw.col, ["loan", "at"]
    both = nw.concat([when.select("at"), when.select(at="opening")]).unique("at")
    wanted = contracts.select("loan", "disbursed").join(both, how="cross")
    wanted = wanted.filter(col("disbursed") <= col("at")).select("loan", "at")
    begun = contracts.select("loan", "disbursed")
    found = positions_on(life.folded, life.events, wanted, begun)
    opened = {f"{name}_0": col(name) for name in OPENED}
    opening = found.select("loan", opening="at", _days="balance_days", **opened)
    rows = found.join(when, on="at", how="inner").join(opening, on=["loan", "opening"], how="left")
    rows = rows.with_columns(*(col(name).fill_null(0) for name in ("_days", *opened)))
    rows = rows.with_columns(balance_days=col("balance_days") - col("_days"))
    stirred = _stirred(events, rows.select(*keys, "opening"))
    rows = rows.join(stirred, on=keys, how="left").with_columns(col("stirred").fill_null(False))
    if not resting:
        rows = rows.filter(owes() | owed_before() | col("stirred"))
    asked = rows.select(*keys)
    parts = instalments_on(life.folded.laid, asked)
    regimes = rows.filter(col("overdue") > 0).select(*keys, "paid")
    regimes = regimes.join(contracts.select("loan", "by_instalment"), on="loan", how="left")
    freezes = life.folded.freezes
    for part in (
        next_instalments(parts),
        final_days(parts),
        since_on(parts, regimes, freezes),
        timeline.frozen_on(freezes, asked),
        _changed(life.events),
    ):
        rows = rows.join(part, on=[name for name in keys if name in part.columns], how="left")
    rows = rows.with_columns(
        *(col(name).fill_null(0) for name in _NOTHING),
        plain=(col("changed_on") > col("at")).fill_null(True),
    )
    terms = [name for name in (*KEYS, *TERMS) if name != "rate"]
    rows = rows.join(life.loans.select("loan", "principal", *terms), on="loan", how="left")
    return rows.select("at", *ROW, "stirred")


_NOTHING: Final = (
    "frozen_from",
    "frozen_to",
    "next_trigger",
    "next_due",
    "next_reach",
    "overdue_since",
)


def _changed(events: Frame) -> Frame:
    """loan, changed_on: the first day on which instalments left the contract's plan or a freeze began."""
    kinds = [*CHANGES, FREEZE, UNFREEZE]
    changed = events.filter(nw.col("kind").is_in(kinds)).group_by("loan")
    return changed.agg(changed_on=nw.col("day").min())


def _stirred(events: Frame, asked: Frame) -> Frame:
    """loan, at, stirred: True of those with an event after the month opened."""
    col = nw.col
    rows = asked.join(events.select("loan", "day"), on="loan", how="inner")
    rows = rows.filter((col("day") > col("opening")) & (col("day") <= col("at")))
    return rows.select("loan", "at").unique().with_columns(stirred=nw.lit(True))


_OPENING: Final = tuple(f"{name}_0" for name in OPENED)


def _opening(contracts: Frame, events: Frame, month_start: int, decrees: Decrees | None) -> Frame:
    """What stood when the month began, as it was known then."""
    older = contracts.filter(nw.col("disbursed") < month_start)
    if len(older) == 0:
        return empty(("loan", *_OPENING))
    found = Position(older, events, month_start - 1, decrees=decrees).folded.positions
    return found.select("loan", **{name: name.removesuffix("_0") for name in _OPENING})
