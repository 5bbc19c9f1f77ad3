"""The two laws beside one another: sums by programme, commune and status of the household."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.core import law
from tdcs.core.basis import without_basis
from tdcs.core.columns import day_number
from tdcs.core.frames import Frame
from tdcs.loans.rules.balance import zero
from tdcs.policy_lab.rules import households, trying
from tdcs.policy_lab.rules.overlay import Laid
from tdcs.policy_lab.rules.trying import CELL, When

LOAN_FIGURES: Final = (
    "loans", "outstanding", "interest_before", "interest_after", "gaining", "gain", "losing", "loss",
    "overdue_before", "overdue_after", "overdue_loans_before", "overdue_loans_after", "kept",
)  # fmt: skip
# Of the contracts signed in the year before the day, signed again under each law.
NEW_FIGURES: Final = (
    "new_loans", "new_lent", "new_interest_before", "new_interest_after", "cut_loans", "cut",
    "room_loans", "room", "shorter", "longer",
)  # fmt: skip
PAID_FIGURES: Final = ("commission_before", "commission_after", "fee_before", "fee_after")
COST_FIGURES: Final = ("cost", "cost_local")
HOME_FIGURES: Final = ("eligible_before", "eligible_after", "newly_eligible", "no_longer")
FIGURES: Final = (*LOAN_FIGURES, *NEW_FIGURES, *PAID_FIGURES, *COST_FIGURES, *HOME_FIGURES)


@dataclass(frozen=True, slots=True)
class Compared:
    """``cells``: CELL and FIGURES; ``homes``: household, programme, opens (true: newly eligible, false: no longer)."""

    cells: pl.DataFrame
    homes: pl.DataFrame
    gaining_households: int
    losing_households: int


@without_basis("so sánh hai luật trên cùng một sổ")
def compare(rows: Frame, homes: pl.DataFrame, laid: Laid, now: When, then: When) -> Compared:
    """The book (``rows``: LOAN) and the households (HOME) under the law in force and with the draft in it."""
    law_now = trying.law_of_loans(rows, now, of_the_day=True)
    new_now = trying.new_contracts(rows, now)
    with law.tried(laid.files):
        law_then = trying.law_of_loans(rows, then, of_the_day=False)
        new_then = trying.new_contracts(rows, then)
    before, after = trying.brought_under(rows, law_now, law_then, day_number(now.day))
    lines = _loan_lines(before, after)
    base = trying.entrusted(before)
    paid_before = trying.paid_to_groups(base, now.at)
    # Most drafts move no principal.
    if not (before["in_time"] == after["in_time"]).all():
        base = trying.entrusted(after)
    with law.tried(laid.files):
        paid_after = trying.paid_to_groups(base, then.at)
    doors = _doors(homes, laid, now.at)
    parts = [
        _summed(lines, LOAN_FIGURES),
        _summed(_new_lines(rows, new_now, new_then, now), NEW_FIGURES),
        _paid(paid_before, paid_after),
        _costs(lines, paid_before, paid_after),
        doors.cells,
    ]
    return Compared(_together(parts), doors.homes, *_households(lines))


def _loan_lines(before: Frame, after: Frame) -> Frame:
    """LOAN_FIGURES of each loan, beside its CELL."""
    col = nw.col
    was = before.select("loan", "household", "local", *CELL, "kept", was_overdue="overdue",
                        outstanding=col("in_time") + col("overdue") + col("frozen"))  # fmt: skip
    was = was.join(trying.year_of_interest(before), on="loan", how="left")
    will = trying.year_of_interest(after).rename({"interest": "interest_after"})
    will = will.join(after.select("loan", overdue_after="overdue"), on="loan", how="left")
    found = was.join(will, on="loan", how="left").rename(
        {"interest": "interest_before", "was_overdue": "overdue_before"}
    )
    less = col("interest_before") - col("interest_after")
    return found.with_columns(
        loans=zero() + 1,
        gaining=(less > 0).cast(nw.Int64),
        gain=nw.when(less > 0).then(less).otherwise(0),
        losing=(less < 0).cast(nw.Int64),
        loss=nw.when(less < 0).then(-less).otherwise(0),
        overdue_loans_before=(col("overdue_before") > 0).cast(nw.Int64),
        overdue_loans_after=(col("overdue_after") > 0).cast(nw.Int64),
        kept=col("kept").cast(nw.Int64),
    )


def _new_lines(rows: Frame, now: Frame, then: Frame, when: When) -> Frame:
    """NEW_FIGURES of the loans first paid out in the year that ends on the day."""
    col = nw.col
    since = day_number(when.day) - trying.YEAR_DAYS
    fresh = rows.filter(col("disbursed") > since)
    found = fresh.join(now, on="loan", how="inner")
    found = found.join(then, on="loan", how="inner", suffix="_then")
    lends = ~(col("new_rate").is_null() | col("new_rate_then").is_null())
    found = found.filter(lends)
    for name, rate in (
        ("new_interest_before", "new_rate"),
        ("new_interest_after", "new_rate_then"),
    ):
        staged = found.with_columns(
            rate=col(rate), overdue_rate=zero(), overdue=zero(), frozen=zero(), in_time=col("lent")
        )
        interest = trying.year_of_interest(staged).rename({"interest": name})
        found = found.join(interest, on="loan", how="left")
    return _bounded(found)


def _bounded(found: Frame) -> Frame:
    """What the maximum and the longest term would have made of each contract."""
    col = nw.col

    def excess(most: str) -> nw.Expr:
        over = nw.max_horizontal(col("lent") - col(most), zero())
        return nw.when(col(most).is_null()).then(0).otherwise(over)

    def longer_than(longest: str) -> nw.Expr:
        return (col("term") > col(longest)).fill_null(False)

    at_most = (col("lent") == col("most")).fill_null(False)
    at_longest = (col("term") == col("longest")).fill_null(False)
    raised = nw.max_horizontal(col("most_then") - col("most"), zero())
    found = found.with_columns(
        cut=nw.max_horizontal(excess("most_then") - excess("most"), zero()),
        room=nw.when(at_most).then(raised.fill_null(0)).otherwise(0),
        shorter=(longer_than("longest_then") & ~longer_than("longest")).cast(nw.Int64),
        longer=(at_longest & (col("longest_then") > col("longest")).fill_null(False)).cast(
            nw.Int64
        ),
    )
    return found.with_columns(
        new_loans=zero() + 1,
        new_lent="lent",
        cut_loans=(col("cut") > 0).cast(nw.Int64),
        room_loans=(col("room") > 0).cast(nw.Int64),
    )


def _summed(lines: Frame, names: tuple[str, ...]) -> pl.DataFrame:
    sums = lines.group_by(*CELL).agg(*(nw.col(name).sum() for name in names))
    found: pl.DataFrame = sums.to_native()
    return found


def _paid(before: Frame, after: Frame) -> pl.DataFrame:
    """PAID_FIGURES by CELL."""
    col = nw.col
    parts = [
        part.select(*CELL, **{f"{name}_{when}": col(name) for name in ("commission", "fee")},
                    **{f"{name}_{other}": zero() for name in ("commission", "fee")})
        for part, when, other in ((before, "before", "after"), (after, "after", "before"))
    ]  # fmt: skip
    both = nw.concat([part.select(*CELL, *PAID_FIGURES) for part in parts])
    return _summed(both, PAID_FIGURES)


def _costs(lines: Frame, before: Frame, after: Frame) -> pl.DataFrame:
    """COST_FIGURES by CELL: interest less and commission and fee more in a year, in all and of local money."""
    col = nw.col
    keys = (*CELL, "local")
    parts = [
        lines.select(*keys, cost=col("interest_before") - col("interest_after")),
        before.select(*keys, cost=zero() - col("commission") - col("fee")),
        after.select(*keys, cost=col("commission") + col("fee")),
    ]
    both = nw.concat(parts)
    both = both.with_columns(cost_local=nw.when(col("local")).then(col("cost")).otherwise(0))
    return _summed(both, COST_FIGURES)


@dataclass(frozen=True, slots=True)
class _Doors:
    cells: pl.DataFrame
    homes: pl.DataFrame


def _doors(homes: pl.DataFrame, laid: Laid, on: date) -> _Doors:
    """HOME_FIGURES by CELL, and the households for whom a door opens or closes."""
    now = households.results(homes, on)
    with law.tried(laid.files):
        then = households.results(homes, on)
    rows = homes.join(households.kinds_after(homes, now, then), on="household")
    rows = rows.with_columns(status=households.status_of())
    kinds = sorted({*rows["kinds"].unique(), *rows["kinds_after"].unique()})
    open_now = households.open_doors(kinds, on)
    with law.tried(laid.files):
        open_then = households.open_doors(kinds, on)
    pairs = rows.group_by("commune", "status", "kinds", "kinds_after").agg(count=pl.len())
    before = pairs.join(open_now, on="kinds").with_columns(was=True)
    after = pairs.join(open_then.rename({"kinds": "kinds_after"}), on="kinds_after")
    keys = ["commune", "status", "kinds", "kinds_after", "count", "programme"]
    both = before.select(*keys, "was").join(
        after.select(*keys, will=True), on=keys, how="full", coalesce=True
    )
    both = both.with_columns(pl.col("was", "will").fill_null(False))
    count = pl.col("count").cast(pl.Int64)
    cells = both.group_by(*CELL).agg(
        eligible_before=count.filter("was").sum(),
        eligible_after=count.filter("will").sum(),
        newly_eligible=count.filter(~pl.col("was") & pl.col("will")).sum(),
        no_longer=count.filter(pl.col("was") & ~pl.col("will")).sum(),
    )
    turned = both.filter(pl.col("was") != pl.col("will"))
    turned = turned.select("commune", "status", "kinds", "kinds_after", "programme", opens="will")
    named = rows.join(turned, on=["commune", "status", "kinds", "kinds_after"])
    return _Doors(
        cells, named.select("household", "programme", "opens").sort("household", "programme")
    )


def _households(lines: Frame) -> tuple[int, int]:
    """Households whose interest of a year falls, and those whose rises, over all of their loans."""
    col = nw.col
    moved = lines.filter(col("interest_before") != col("interest_after"))
    sums = moved.group_by("household").agg(
        less=(col("interest_before") - col("interest_after")).sum()
    )
    return len(sums.filter(col("less") > 0)), len(sums.filter(col("less") < 0))


def _together(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The parts beside one another; what a part does not say of a cell is nothing."""
    keys = pl.concat([part.select(CELL) for part in parts]).unique()
    for part in parts:
        keys = keys.join(part, on=CELL, how="left")
    found = keys.with_columns(pl.col(name).fill_null(0).cast(pl.Int64) for name in FIGURES)
    return found.select(*CELL, *FIGURES).sort(CELL)
