"""Rules of households: pure functions over columns; one household is a frame of one row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import narwhals as nw
from narwhals.typing import IntoDataFrameT

from tdcs.core.basis import basis, without_basis
from tdcs.programmes.rules.shared import shared

POVERTY: Final = ("poor", "near_poor")
# What a review decides anew each year; a spell of these kinds ends when the next list takes effect.
REVIEWED: Final = ("poor", "near_poor", "average_living")
RESULTS: Final = (*REVIEWED, "none")
INDICATORS: Final = 12

# From a day to a day, half-open; no end means until further notice.
Stretch = tuple[date, date | None]


@basis("BLDS-2015", "Điều 20")
def is_grown(born_on: date | None, on: date) -> bool:
    """Whether a person is grown up on a day; who has no day of birth counts as grown up.

    Born on 24/11/2008, a person is grown up from 24/11/2026 on. Raises NoParametersOnDay.
    """
    if born_on is None:
        return True
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return years >= shared("adult_years").on(on).amount


@without_basis("phép tính trên khoảng ngày")
def uncovered(stretch: Stretch, others: Iterable[Stretch]) -> list[Stretch]:
    """The parts of a stretch in which none of the others holds, in order.

    2024–2027 beside 2025–2026 leaves 2024–2025 and 2026–2027.
    """
    begins, end = stretch
    left: list[Stretch] = []
    for start, stop in sorted(others, key=lambda one: one[0]):
        if stop is not None and stop <= begins:
            continue
        if end is not None and start >= end:
            break
        if start > begins:
            left.append((begins, start))
        if stop is None:
            return left
        begins = stop
        if end is not None and begins >= end:
            return left
    left.append((begins, end))
    return left


@basis("ND-07-2021", "Điều 3")
@basis("ND-351-2025")
@basis("DN-2022-chuan-ngheo")
def classify(frame: IntoDataFrameT) -> IntoDataFrameT:
    """Adds ``result``, ``standard``, ``reason``, ``basis``: what a household is by the lines beside it.

    Reads ``income_per_head`` (dong a month) and ``deprivations`` (of 12), and for each standard (``national``,
    ``local``) ``…_poor``, ``…_average``, ``…_deprivations``, ``…_basis``; a line that does not exist is null.
    At or below the line: poor with at least ``…_deprivations`` indicators short, else near-poor; above it up to
    ``…_average``: average living. The class that helps the household most wins, the national line first.
    """
    table = nw.from_native(frame, eager_only=True)
    columns = [*table.collect_schema().names(), "result", "standard", "reason", "basis"]
    table = table.with_columns(_rank("national").alias("_n"), _rank("local").alias("_l"))
    local = nw.col("_l") < nw.col("_n")
    table = table.with_columns(
        nw.when(local).then(nw.col("_l")).otherwise(nw.col("_n")).alias("_rank"),
        nw.when(local).then(nw.lit("local")).otherwise(nw.lit("national")).alias("standard"),
        nw.when(local)
        .then(nw.col("local_basis"))
        .otherwise(nw.col("national_basis"))
        .alias("basis"),
    )
    return (
        table.with_columns(
            _name({0: "poor", 1: "near_poor", 2: "average_living", 3: "none"}).alias("result"),
            _name(
                {
                    0: "at_most_line_and_short",
                    1: "at_most_line_not_short",
                    2: "at_most_average",
                    3: "above",
                }
            ).alias("reason"),
        )
        .select(*columns)
        .to_native()
    )


def _rank(standard: str) -> nw.Expr:
    """0 poor, 1 near-poor, 2 average living, 3 above, by one standard; a null line decides nothing."""
    income = nw.col("income_per_head")
    under = (income <= nw.col(f"{standard}_poor")).fill_null(False)
    short = (nw.col("deprivations") >= nw.col(f"{standard}_deprivations")).fill_null(False)
    middle = (income <= nw.col(f"{standard}_average")).fill_null(False)
    return (
        nw.when(under & short)
        .then(0)
        .otherwise(nw.when(under).then(1).otherwise(nw.when(middle).then(2).otherwise(3)))
    )


def _name(names: dict[int, str]) -> nw.Expr:
    *others, last = names.items()
    found: nw.Expr = nw.lit(last[1])
    for rank, word in reversed(others):
        found = nw.when(nw.col("_rank") == rank).then(nw.lit(word)).otherwise(found)
    return found


@basis("QD-24-2021-TTg")
def compare(frame: IntoDataFrameT) -> IntoDataFrameT:
    """Adds ``change``: what became of a household since the last list.

    Reads ``before`` (poor, near_poor, newly_escaped, average_living, none), ``was_poor`` (on a poor or near-poor
    list at any earlier time) and ``result``. stays: the same class. escaped: from a poor or near-poor list to
    neither. fallen_back: off the lists and on one again (tái nghèo). new: on a list for the first time.
    to_poor, to_near_poor: from one list to the other. off: on neither list, before and now.
    """
    table = nw.from_native(frame, eager_only=True)
    was = nw.col("before").is_in(list(POVERTY))
    now = nw.col("result").is_in(list(POVERTY))
    same = nw.col("before") == nw.col("result")
    again = nw.col("was_poor") | (nw.col("before") == "newly_escaped")
    change = (
        nw.when(was & now & same)
        .then(nw.lit("stays"))
        .otherwise(
            nw.when(was & now)
            .then(
                nw.when(nw.col("result") == "poor")
                .then(nw.lit("to_poor"))
                .otherwise(nw.lit("to_near_poor"))
            )
            .otherwise(
                nw.when(was)
                .then(nw.lit("escaped"))
                .otherwise(
                    nw.when(now & again)
                    .then(nw.lit("fallen_back"))
                    .otherwise(nw.when(now).then(nw.lit("new")).otherwise(nw.lit("off")))
                )
            )
        )
    )
    return table.with_columns(change.alias("change")).to_native()


@basis("QD-28-2015-TTg", "Điều 2")
@basis("QD-24-2021-TTg")
def effects(frame: IntoDataFrameT) -> IntoDataFrameT:
    """Adds ``begins`` (the kind of spell that an approved line begins, or "") and ``escapes`` (a spell of
    newly_escaped begins too) and ``falls`` (a running spell of newly_escaped ends).

    A household that left both lists is newly escaped, whatever its living standard now.
    """
    table = nw.from_native(frame, eager_only=True)
    listed = nw.col("result").is_in(list(REVIEWED))
    return table.with_columns(
        nw.when(listed).then(nw.col("result")).otherwise(nw.lit("")).alias("begins"),
        (nw.col("change") == "escaped").alias("escapes"),
        nw.col("result").is_in(list(POVERTY)).alias("falls"),
    ).to_native()
