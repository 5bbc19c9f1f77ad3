"""Cases planted for early warning, and mistakes put right: docs/explanation/synthetic-province.md lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from tdcs.core.columns import day_number
from tdcs.demo.province.calibration import Frame, calibration, month_of
from tdcs.demo.province.groups import Groups
from tdcs.demo.province.repaying import Book
from tdcs.loans.rules.kinds import PRINCIPAL

Array = np.ndarray[Any, Any]

_NEVER: Final = 10**6


@dataclass(frozen=True, slots=True)
class Planted:
    """``stops``: the month from which a loan pays no interest; ``wrong``: payments reversed a day later (loan, day, amount);
    ``keeper``: the group whose leader keeps the money (a number of the database)."""

    stops: Array
    wrong: pl.DataFrame
    keeper: int
    inactive: Array
    arrears: Array


def choose(frame: Frame, loans: pl.DataFrame, book: Book, groups: Groups) -> Planted:
    """Which loans fall silent, which group's interest does not arrive, which payments were booked on the wrong loan."""
    luck = frame.luck(11)
    stops = np.full(len(loans), _NEVER)
    now = month_of(frame.on)
    group = loans["group"].to_numpy()
    silent = (book.balance > 0) & ~book.is_frozen & ~book.students & ~book.direct
    silent &= (book.disbursed < frame.last - 500) & (book.last_paid < frame.last - 160)
    able = np.flatnonzero(silent)
    # No movement for three months and more: about one loan in 250.
    inactive = able[luck.random(len(able)) < 0.004]
    stops[inactive] = now - luck.integers(4, 8, len(inactive))
    # Interest in arrears for years: the borrower left.
    arrears = able[luck.random(len(able)) < 0.0008]
    stops[arrears] = now - luck.integers(14, 30, len(arrears))
    # The leader of one group keeps what members pay: three quarters of its loans stop in the same month.
    sizes = np.bincount(group[able], minlength=len(groups))
    keeper = int(np.argsort(sizes)[len(sizes) * 4 // 5])
    kept = able[(group[able] == keeper) & (luck.random(len(able)) < 0.75)]
    stops[kept] = np.minimum(stops[kept], now - 3)
    return Planted(stops, _wrong(frame, book, luck), keeper + 1, inactive + 1, arrears + 1)


def _wrong(frame: Frame, book: Book, luck: np.random.Generator) -> pl.DataFrame:
    """Payments booked on the wrong loan in a session and reversed the day after."""
    paid = book.table().filter((pl.col("kind") == PRINCIPAL) & (pl.col("day") < frame.last - 60))
    paid = paid.filter(pl.col("day") >= day_number(frame.on.replace(year=frame.on.year - 2)))
    share = calibration()["habits"]["reversed"] / 100
    some = paid.filter(pl.Series(luck.random(len(paid)) < share))
    stays = (
        (book.settled == 0)
        & ~book.is_frozen
        & (book.late == 0)
        & (book.balance > 0)
        & ~book.extended
    )
    stays &= ~book.students & ~book.direct
    at = np.flatnonzero(stays)
    at = luck.permutation(at)[: len(some)]
    session = book.pay_day[at]
    month = some["day"].to_numpy()[: len(at)].astype("datetime64[D]").astype("datetime64[M]")
    day = month.astype("datetime64[D]").astype(np.int64) + session - 1
    rows = pl.DataFrame({"loan": at + 1, "day": day, "amount": np.full(len(at), 1_000_000)})
    begun = pl.Series(book.disbursed[at] + 40)
    clear = pl.Series(~_moved_near(book, at, day))
    enough = pl.Series(book.balance[at] >= 3_000_000)
    return rows.filter((rows["day"] > begun) & clear & enough)


def _moved_near(book: Book, at: Array, day: Array) -> Array:
    """Whether principal of the loan moved on the day or the day after."""
    moved = book.table().filter(pl.col("kind") == PRINCIPAL).select("loan", "day").unique()
    rows = pl.DataFrame({"loan": at + 1, "day": day})
    after = rows.with_columns(day=pl.col("day") + 1)
    found = rows.join(
        moved.with_columns(hit=pl.lit(1)), on=["loan", "day"], how="left", maintain_order="left"
    )
    next_day = after.join(
        moved.with_columns(hit=pl.lit(1)), on=["loan", "day"], how="left", maintain_order="left"
    )
    hit: Array = (found["hit"].fill_null(0) + next_day["hit"].fill_null(0)).to_numpy() > 0
    return hit
