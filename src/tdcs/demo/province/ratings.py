"""Groups' ratings of the last months, from the same columns; the service makes the same figures (a test compares)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl

from tdcs.core.columns import day_of_number
from tdcs.demo.province.calibration import Frame, first_day, month_of
from tdcs.demo.province.earning import Life
from tdcs.demo.province.households import Homes
from tdcs.entrustment.models import GroupRating
from tdcs.group_results.rules.rating import rated, regime_of
from tdcs.loans.rules.days import positions_on
from tdcs.loans.rules.kinds import INTEREST, PRINCIPAL
from tdcs.organisations.services.bulk import append_rows

# So many months before the day are rated.
MONTHS: Final = 12
_SHIFT: Final = 3
_OF_LOANS: Final = (
    "session_done",
    "session_all",
    "overdue",
    "outstanding",
    "principal_collected",
    "principal_due",
    "interest_collected",
    "interest_due",
)


def months(frame: Frame) -> list[int]:
    """The rated months: those that are over."""
    return list(range(month_of(frame.on) - MONTHS, month_of(frame.on)))


def of_office(frame: Frame, loans: pl.DataFrame, life: Life, homes: Homes) -> pl.DataFrame:
    """month, group and the loans' figures of an office. A loan counts while its household is a member at the month's end."""
    spans = pl.DataFrame(
        [(m, first_day(m), first_day(m + 1) - 1) for m in months(frame)],
        schema=["month", "first", "last"],
        orient="row",
    )
    at = loans["household"].to_numpy() - 1
    rows = loans.select("loan", "group_id", "disbursed", "session", "by_instalment").with_columns(
        joined=pl.Series(homes.joined[at]), left=pl.Series(homes.left[at])
    )
    ends = life.events.group_by("loan").agg(stands=pl.col("day").max())
    rows = rows.filter(pl.col("group_id") > 0).join(ends, on="loan")
    rows = rows.join_where(spans, pl.col("disbursed") <= pl.col("last"))
    member = (pl.col("joined") <= pl.col("last")) & (
        (pl.col("left") == 0) | (pl.col("left") > pl.col("last"))
    )
    held = pl.col("first") + pl.col("session") - 1
    rows = rows.filter(member).with_columns(held=held)
    rows = _with_positions(rows, life).filter(
        (pl.col("balance_now") > 0) | (pl.col("stands") >= pl.col("first"))
    )
    rows = _with_fallen(_with_payments(rows, life), life)
    owed = pl.min_horizontal("fallen_due", "lent") - pl.col("paid_before")
    rows = rows.with_columns(
        principal_due=pl.when((pl.col("is_frozen") > 0) | ~pl.col("due_now"))
        .then(0)
        .otherwise(pl.max_horizontal(owed, 0)),
        interest_due=pl.max_horizontal(pl.col("due_at") - pl.col("came_before"), 0),
    ).with_columns(
        principal_collected=pl.min_horizontal("paid_in", "principal_due"),
        interest_collected=pl.min_horizontal("came_in", "interest_due"),
        outstanding="balance",
    )
    sums = rows.group_by("month", "group_id").agg(pl.col(name).sum() for name in _OF_LOANS)
    return sums.rename({"group_id": "group"})


def _with_positions(rows: pl.DataFrame, life: Life) -> pl.DataFrame:
    """How the loan stood at the month's end, what interest had come due by its session, what it owes now."""

    def on(days: pl.DataFrame) -> pl.DataFrame:
        position = life.position
        begun = position.loans.select("loan", "disbursed")
        asked = nw.from_native(days.select("loan", "at").unique(), eager_only=True)
        found = positions_on(position.folded, position.events, asked, begun)
        return days.join(found.to_native(), on=["loan", "at"])

    end = on(rows.select("loan", "month", at="last"))
    end = end.select("loan", "month", "balance", "overdue", "is_frozen", "lent")
    day = pl.max_horizontal(pl.col("held") - 1, pl.col("disbursed"))
    due = on(rows.select("loan", "month", at=day)).select("loan", "month", due_at="accrued")
    now = life.folded.positions.select("loan", balance_now="balance").to_native()
    return rows.join(end, on=["loan", "month"]).join(due, on=["loan", "month"]).join(now, on="loan")


def _with_payments(rows: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Principal and interest paid before the month and in it, and whether anything was paid at the session."""
    undone = life.events.filter(pl.col("reverses") > 0).select(key="reverses")
    paid = life.events.filter(pl.col("kind").is_in([INTEREST, PRINCIPAL]))
    paid = paid.join(undone, on="key", how="anti").select("loan", "day", "kind", "amount")
    spans = rows.select("loan", "month", "first", "last", "held")
    met = paid.join(spans, on="loan").filter(pl.col("day") <= pl.col("last"))
    inside = pl.col("day") >= pl.col("first")
    near = inside & (pl.col("day") - pl.col("held")).is_between(0, _SHIFT)

    def total(kind: int, when: pl.Expr) -> pl.Expr:
        return pl.col("amount").filter((pl.col("kind") == kind) & when).sum()

    sums = met.group_by("loan", "month").agg(
        paid_before=total(PRINCIPAL, ~inside),
        paid_in=total(PRINCIPAL, inside),
        came_before=total(INTEREST, ~inside),
        came_in=total(INTEREST, inside),
        session_all=inside.any().cast(pl.Int64),
        session_done=near.any().cast(pl.Int64),
    )
    names = ("paid_before", "paid_in", "came_before", "came_in", "session_all", "session_done")
    return rows.join(sums, on=["loan", "month"], how="left").with_columns(
        pl.col(*names).fill_null(0)
    )


def _with_fallen(rows: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Principal whose trigger day had come by the month's end, by the instalments that stood then."""
    laid = life.folded.laid.to_native()
    there = rows.select("loan", "month", "first", at="last").join(
        laid.drop("first", strict=False), on="loan"
    )
    there = there.filter(
        (pl.col("since") <= pl.col("at"))
        & (pl.col("at") < pl.col("until"))
        & (pl.col("trigger") <= pl.col("at"))
    )
    falls = (pl.col("trigger") >= pl.col("first")) | (pl.col("number") == pl.col("last"))
    sums = there.group_by("loan", "month").agg(
        fallen_due=pl.col("principal").sum(), falls=falls.any()
    )
    # Under the older rules what was not paid moved into the next instalment: due on its day, not before.
    return rows.join(sums, on=["loan", "month"], how="left").with_columns(
        pl.col("fallen_due").fill_null(0),
        due_now=pl.col("by_instalment") | pl.col("falls").fill_null(False),
    )


def _of_savings(frame: Frame, moves: pl.DataFrame, homes: Homes) -> pl.DataFrame:
    """month, group, members, members_saving, savings_before, savings_growth."""
    at = np.flatnonzero(homes.group >= 0)
    people = pl.DataFrame(
        {
            "account": np.arange(1, len(at) + 1),
            "group": homes.group[at] + 1,
            "joined": homes.joined[at],
            "left": np.where(homes.left[at] > 0, homes.left[at], 10**6),
        }
    )
    parts = []
    for month in months(frame):
        first, after = first_day(month), first_day(month + 1)
        seen = moves.filter(pl.col("day") < after)
        saved = seen.group_by("account").agg(
            before=pl.col("amount").filter(pl.col("day") < first).sum(),
            after=pl.col("amount").sum(),
            saving=((pl.col("day") >= first) & (pl.col("amount") > 0)).any(),
        )
        rows = people.join(saved, on="account", how="left").with_columns(
            pl.col("before", "after").fill_null(0), pl.col("saving").fill_null(False)
        )
        here = (pl.col("joined") < after) & (pl.col("left") >= after)
        was = (pl.col("joined") < first) & (pl.col("left") >= first)
        sums = rows.group_by("group").agg(
            members=here.sum().cast(pl.Int64),
            members_saving=(here & pl.col("saving")).sum().cast(pl.Int64),
            savings_before=pl.col("before").filter(was).sum(),
            savings_after=pl.col("after").filter(here).sum(),
        )
        parts.append(
            sums.with_columns(
                month=pl.lit(month, dtype=pl.Int64),
                savings_growth=pl.col("savings_after") - pl.col("savings_before"),
            ).drop("savings_after")
        )
    return pl.concat(parts)


def write(
    frame: Frame, offices: Sequence[pl.DataFrame], moves: pl.DataFrame, homes: Homes
) -> pl.DataFrame:
    """The ratings of every group and month; returned with their grades."""
    figures = pl.concat(offices)
    both = _of_savings(frame, moves, homes).join(figures, on=["month", "group"], how="left")
    both = both.with_columns(pl.col(*_OF_LOANS).fill_null(0)).sort("month", "group")
    made = []
    for (month,), rows in both.group_by("month", maintain_order=True):
        on = day_of_number(first_day(int(str(month))))
        regime = regime_of(on)
        found: pl.DataFrame = rated(nw.from_native(rows, eager_only=True), regime).to_native()
        said = [
            json.dumps({name: row[name] for name in regime.figures()})
            for row in found.iter_rows(named=True)
        ]
        points = [
            json.dumps({one.code: row[f"points_{one.code}"] for one in regime.criteria})
            for row in found.iter_rows(named=True)
        ]
        made.append(
            found.select("total", "grade", "basis", "law_hash", group_id="group").with_columns(
                month=pl.lit(on),
                figures=pl.Series(said),
                points=pl.Series(points),
                rated_on=pl.lit(day_of_number(first_day(int(str(month)) + 1) + 2)),
            )
        )
    rows = pl.concat(made).with_columns(id=pl.int_range(1, pl.len() + 1))
    append_rows(GroupRating, rows)
    return rows
