"""Snapshots of the past: the rows of every month-end and of the last days, read from the same fold as the loans.

They are what ``closing.rules.history.rows_from_events`` makes of the same events, day by day (a test compares); here one
fold serves all days. The last day is closed by the close itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import ROW
from tdcs.closing.services.closing import close_day
from tdcs.closing.services.taking import book_key, law_hash
from tdcs.closing.store import narrow
from tdcs.core.columns import FAR, day_number, day_of_number
from tdcs.demo.province.calibration import Frame, month_ends
from tdcs.demo.province.earning import Life
from tdcs.demo.province.places import MERGED
from tdcs.demo.province.standing import accrued, on_days, stretches
from tdcs.loans.rules.interest import DIVISOR
from tdcs.loans.rules.kinds import CHANGES, DISBURSEMENT, FREEZE, WRITE_OFF

# Days before the last that are kept one by one.
LAST_DAYS: Final = 5
_OPENED: Final = ("lent", "paid", "written_off", "collected", "accrued", "overdue")


@dataclass(frozen=True, slots=True)
class Calendar:
    """``days``: those that get a snapshot; ``openings``: the day on which the month of each opened; day numbers."""

    days: list[int]
    openings: list[int]

    @property
    def every(self) -> list[int]:
        """All days on which somebody must know how loans stood."""
        return sorted({*self.days, *self.openings})


def calendar(frame: Frame) -> Calendar:
    """Month-ends from the eve of the history on, and the last days but the very last."""
    last = day_of_number(frame.last)
    days = {*month_ends(frame), *(last - timedelta(days=n) for n in range(1, LAST_DAYS + 1))}
    days.discard(last)
    chosen = sorted(day for day in days if day < last)
    openings = [day_number(day.replace(day=1)) - 1 for day in chosen]
    return Calendar([day_number(day) for day in chosen], openings)


def rows(when: Calendar, loans: pl.DataFrame, life: Life) -> pl.DataFrame:
    """An office's rows of all days: ``at`` and ROW, in the types of the disk. ``loans``: the contracts with their places
    of both maps (mass_old, mass, commune_old, commune)."""
    found = _standing(when, loans, life)
    opened = found.select(
        "loan", opening="at", **{f"{name}_0": name for name in _OPENED}, _bd="balance_days"
    )
    names = [f"{name}_0" for name in _OPENED]
    begins = pl.DataFrame(
        {"at": when.days, "opening": when.openings}, schema={"at": pl.Int64, "opening": pl.Int64}
    )
    found = found.join(begins, on="at").join(opened, on=["loan", "opening"], how="left")
    found = found.with_columns(pl.col(*names, "_bd").fill_null(0))
    found = found.with_columns(balance_days=pl.col("balance_days") - pl.col("_bd"))
    owes = (pl.col("lent") > pl.col("paid")) | (pl.col("accrued") != pl.col("collected"))
    owed = (pl.col("lent_0") > pl.col("paid_0")) | (pl.col("accrued_0") != pl.col("collected_0"))
    found = found.filter(owes | owed)
    found = _with_instalments(found, life)
    found = _with_places(found, loans)
    return narrow(found.select("at", *ROW))


def _standing(when: Calendar, loans: pl.DataFrame, life: Life) -> pl.DataFrame:
    """How each loan stood on each day on which it was there and had not long been settled."""
    off = life.events.filter(pl.col("kind") == WRITE_OFF)
    pairs = loans.select(
        "loan", "disbursed", "settled", owes=pl.col("loan").is_in(off["loan"].implode())
    )
    days = pl.DataFrame({"at": when.every}, schema={"at": pl.Int64})
    until = pl.when(pl.col("settled") > 0).then(pl.col("settled") + 32).otherwise(FAR)
    # Who owes interest after the principal is gone stays in the books.
    until = pl.when(pl.col("owes")).then(FAR).otherwise(until)
    pairs = pairs.with_columns(until=until).join_where(
        days, pl.col("disbursed") <= pl.col("at"), pl.col("at") <= pl.col("until")
    )
    found = on_days(stretches(life.staged), pairs.select("loan", "at"))
    off = off.select("loan", _off_on="day", _off="amount")
    ice = life.events.filter(pl.col("kind") == FREEZE).select(
        "loan", frozen_from="day", frozen_to="to"
    )
    found = found.join(off, on="loan", how="left").join(ice, on="loan", how="left")
    cold = pl.col("ice") > 0
    running = (pl.col("frozen_from") <= pl.col("at")) & (pl.col("at") <= pl.col("frozen_to"))
    carry = pl.col("rest") // DIVISOR
    return found.with_columns(
        written_off=pl.when(pl.col("_off_on") <= pl.col("at")).then("_off").otherwise(0),
        frozen_from=pl.when(running).then("frozen_from").otherwise(0),
        frozen_to=pl.when(running).then("frozen_to").otherwise(0),
        accrued=accrued(pl.col("whole"), pl.col("rest")),
        overdue=pl.when(cold).then(0).otherwise("overdue"),
        frozen=pl.when(cold).then("balance").otherwise(0),
        whole=pl.col("whole") + carry,
        rest=pl.col("rest") - carry * DIVISOR,
    ).with_columns(in_time=pl.col("balance") - pl.col("overdue") - pl.col("frozen"))


def _with_instalments(found: pl.DataFrame, life: Life) -> pl.DataFrame:
    """What comes next, the final day, since when something is overdue, and whether the contract's own plan still runs."""
    laid = life.folded.laid.to_native()
    first = (
        life.events.filter(pl.col("kind") == DISBURSEMENT)
        .group_by("loan")
        .agg(key=pl.col("key").min())
    )
    changes = life.events.filter(pl.col("kind").is_in([*CHANGES, FREEZE])).join(
        first, on=["loan", "key"], how="anti"
    )
    since = changes.group_by("loan").agg(_changed=pl.col("day").min())
    moved = changes.filter(pl.col("kind") != FREEZE).select("loan").unique()
    fixed = laid.join(moved, on="loan", how="anti")
    found = found.join(since, on="loan", how="left").with_columns(
        plain=pl.col("_changed").is_null() | (pl.col("_changed") > pl.col("at"))
    )
    still = found.join(moved, on="loan", how="anti")
    other = found.join(moved, on="loan", how="semi")
    both = pl.concat([_next_fixed(still, fixed), _next_moved(other, laid)], how="diagonal")
    regimes = life.contracts.select("loan", "by_instalment")
    return _overdue_since(both, laid, regimes)


_NEXT: Final = ("next_trigger", "next_due", "next_reach", "final_due")


def _next_fixed(found: pl.DataFrame, fixed: pl.DataFrame) -> pl.DataFrame:
    """Loans whose instalments never moved: the first trigger from the day on."""
    steps = (
        fixed.sort("loan", "number")
        .with_columns(reach=pl.col("principal").cum_sum().over("loan"))
        .group_by("loan", "trigger")
        .agg(next_due=pl.col("due").max(), next_reach=pl.col("reach").max())
        .sort("loan", "trigger")
        .with_columns(next_trigger="trigger")
    )
    final = fixed.filter(pl.col("number") == pl.col("last")).select("loan", final_due="due")
    rows = found.sort("loan", "at").join_asof(
        steps,
        left_on="at",
        right_on="trigger",
        by="loan",
        strategy="forward",
        check_sortedness=False,
    )
    rows = rows.join(final, on="loan", how="left")
    return rows.with_columns(pl.col(*_NEXT).fill_null(0))


def _next_moved(found: pl.DataFrame, laid: pl.DataFrame) -> pl.DataFrame:
    """Loans whose instalments moved: of each day the ones that stood on it."""
    there = _alive(found, laid)
    coming = there.filter(pl.col("trigger") >= pl.col("at"))
    first = coming.group_by("loan", "at").agg(next_trigger=pl.col("trigger").min())
    upto = there.join(first, on=["loan", "at"]).filter(pl.col("trigger") <= pl.col("next_trigger"))
    due = pl.when(pl.col("trigger") == pl.col("next_trigger")).then("due").otherwise(0)
    steps = upto.group_by("loan", "at").agg(
        pl.col("next_trigger").max(), next_due=due.max(), next_reach=pl.col("principal").sum()
    )
    final = there.filter(pl.col("number") == pl.col("last")).select("loan", "at", final_due="due")
    rows = found.join(steps, on=["loan", "at"], how="left").join(
        final, on=["loan", "at"], how="left"
    )
    return rows.with_columns(pl.col(*_NEXT).fill_null(0))


def _alive(found: pl.DataFrame, laid: pl.DataFrame) -> pl.DataFrame:
    """The instalments that stood on each (loan, at)."""
    rows = found.select("loan", "at").join(laid, on="loan")
    return rows.filter((pl.col("since") <= pl.col("at")) & (pl.col("at") < pl.col("until")))


def _overdue_since(found: pl.DataFrame, laid: pl.DataFrame, regimes: pl.DataFrame) -> pl.DataFrame:
    """The day after the trigger of the first instalment not wholly paid, where something is overdue."""
    late = found.filter(pl.col("overdue") > 0).select("loan", "at", "paid")
    there = _alive(late, laid).sort("loan", "at", "number")
    there = there.with_columns(reach=pl.col("principal").cum_sum().over("loan", "at"))
    there = there.join(late, on=["loan", "at"]).join(regimes, on="loan")
    judged = pl.col("by_instalment") | (pl.col("number") == pl.col("last"))
    unpaid = there.filter(judged & (pl.col("reach") > pl.col("paid")))
    since = unpaid.group_by("loan", "at").agg(overdue_since=pl.col("trigger").min() + 1)
    return found.join(since, on=["loan", "at"], how="left").with_columns(
        pl.col("overdue_since").fill_null(0)
    )


def _with_places(found: pl.DataFrame, loans: pl.DataFrame) -> pl.DataFrame:
    """Keys of the day: organisations and communes of the old map before the merger."""
    merged = day_number(MERGED)
    rows = found.join(
        loans.select(
            "loan", "household", "programme", "source", "local", "office", "mass", "mass_old", "commune", "commune_old",
            "disbursed", "term", "spacing", "session", "by_instalment", group="group_id", principal="amount",
        ),
        on="loan",
    )  # fmt: skip
    old = pl.col("at") < merged
    return rows.with_columns(
        mass=pl.when(old).then("mass_old").otherwise("mass"),
        commune=pl.when(old).then("commune_old").otherwise("commune"),
    )


def write(when: Calendar, offices: Sequence[tuple[int, pl.DataFrame]]) -> None:
    """The kept days into the store of this installation; consecutive days follow one another by digest."""
    key = book_key()
    kept = store()
    by_day = [
        (office, rows.partition_by("at", as_dict=True, include_key=False))
        for office, rows in offices
    ]
    previous: tuple[date, str] | None = None
    for number in when.days:
        day = day_of_number(number)
        parts = [
            (office, days[number,].cast({"programme": pl.String}))
            for office, days in by_day
            if (number,) in days
        ]
        follows = previous is not None and previous[0] == day - timedelta(days=1)
        made = kept.write(
            day,
            parts,
            month_start=day.replace(day=1),
            previous=previous[1] if follows and previous else "",
            law_hash=law_hash(),
            book=key,
        )
        previous = (day, made.digest)


def close_last(frame: Frame) -> CloseRun | None:
    """The last day by the close itself: its step, its entries, its run."""
    day = day_of_number(frame.last)
    close_day(day=day, by=None)
    return CloseRun.objects.filter(day=day).first()
