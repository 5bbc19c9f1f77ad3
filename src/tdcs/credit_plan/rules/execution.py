"""A plan beside the closed days: how much of it is done, and where its pace leads by the year's end.

On 30/9/2026 (day 273 of 365) a commune has lent 700 million of 1,000: 70% done; at this pace 700 × 365 / 273 = 935.9 million by
the year's end, so it will miss its allotment.
"""

from __future__ import annotations

from typing import Final, TypedDict

import narwhals as nw

from tdcs.core.basis import without_basis
from tdcs.core.columns import floor_div
from tdcs.core.frames import Frame

PPM: Final = 1_000_000


class Followed(TypedDict):
    """A commune's line of a programme and fund; dong, ``done`` in ppm of the plan (null without one)."""

    area: int
    programme: str
    source: int
    plan: int
    lent: int
    done: int | None
    projected: int
    misses: bool
    outstanding: int
    planned_outstanding: int
    projected_outstanding: int


@without_basis("phép chiếu theo nhịp cho vay từ đầu năm, không phải quy định")
def followed(rows: Frame, *, passed: int, days: int, least_done: int) -> Frame:
    """``rows`` with done, projected, misses, planned_outstanding, projected_outstanding.

    In: plan, lent, collection (planned), opening, outstanding. ``passed`` of the year's ``days`` are over. What is lent by the
    year's end is lent at the pace so far, rounded down; a line without a plan misses nothing.
    """
    col = nw.col

    def by_pace(amount: nw.Expr) -> nw.Expr:
        return floor_div(amount * days, passed)

    def wide(amount: nw.Expr) -> nw.Expr:
        return amount.cast(nw.Int128)

    rows = rows.with_columns(
        _some=nw.when(col("plan") > 0).then(col("plan")),
        projected=by_pace(col("lent")),
        planned_outstanding=col("opening") + col("plan") - col("collection"),
        projected_outstanding=col("opening") + by_pace(col("outstanding") - col("opening")),
    )
    return rows.with_columns(
        done=(wide(col("lent")) * PPM // wide(col("_some"))).cast(nw.Int64),
        misses=(col("plan") > 0) & (wide(col("projected")) * PPM < wide(col("plan")) * least_done),
    ).drop("_some")
