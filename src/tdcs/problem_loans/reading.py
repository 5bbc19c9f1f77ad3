"""The book of early warning from a store of closed days: a month's bits of each loan, the sums of groups. Needs no database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.closing.rules.rows import figures
from tdcs.closing.store import Store
from tdcs.core.columns import day_number
from tdcs.problem_loans.rules.columns import LOANS, SUMS, Book, schema
from tdcs.problem_loans.rules.thresholds import months_read

_PAID: Final = (
    "collected",
    "collected_0",
    "paid",
    "paid_0",
    "written_off",
    "written_off_0",
)
_STANDING: Final = (
    "loan", "household", "group", "commune", "office", "programme", "lent", "frozen", "fallen", "next_due",
    "next_reach", "accrued", "accrued_0", "waived", "waived_0", "lent_0", "overdue", "overdue_0", *_PAID,
)  # fmt: skip


def read_book(kept: Store, day: date, days: pl.DataFrame, savings: pl.DataFrame) -> Book:
    """The book of a closed day from a store, with what the events say beside it."""
    ends = _ends(kept, day)
    bits = _bits(kept, ends)
    frame = nw.from_native(kept.read(day, _STANDING))
    now = figures(frame).to_native().collect()
    whole = bool(ends) and ends[0] == day
    paid = (pl.col("collected_month") > 0) | (pl.col("repaid_month") > 0)
    loans = now.with_columns(paid_now=pl.lit(0) if whole else paid.cast(pl.Int64))
    loans = loans.join(bits, on="loan", how="left").select(
        *(
            pl.col(name).fill_null(0) if name in ("paid_bits", "owed_bits") else pl.col(name)
            for name in LOANS
        )
    )
    return Book(day_number(day), len(ends), loans, _sums(kept, ends), days, savings)


def _ends(kept: Store, day: date) -> list[date]:
    """Closed ends of months up to the day, the newest first, as far as no month is missing."""
    found: list[date] = []
    for end in reversed([one for one in kept.month_ends() if one <= day]):
        if found and (end + timedelta(days=1)) != found[-1].replace(day=1):
            break
        found.append(end)
        if len(found) == months_read(day):
            break
    return found


def _bits(kept: Store, ends: list[date]) -> pl.DataFrame:
    """loan, paid_bits, owed_bits: a bit for each whole month."""
    columns = ("loan", "accrued_0", "waived_0", *_PAID)
    parts = []
    for ago, end in enumerate(ends):
        rows = kept.read(end, columns)
        repaid = pl.col("paid") - pl.col("written_off") > pl.col("paid_0") - pl.col("written_off_0")
        paid = (pl.col("collected") > pl.col("collected_0")) | repaid
        owed = pl.col("accrued_0") > pl.col("collected_0") + pl.col("waived_0")
        parts.append(
            rows.select(
                "loan",
                paid_bits=paid.cast(pl.Int64) * 2**ago,
                owed_bits=owed.cast(pl.Int64) * 2**ago,
            )
        )
    if not parts:
        return pl.DataFrame(schema=schema(("loan", "paid_bits", "owed_bits")))
    rows = pl.concat(parts).group_by("loan").agg(pl.col("paid_bits", "owed_bits").sum())
    return rows.collect(engine="streaming")


def _sums(kept: Store, ends: list[date]) -> pl.DataFrame:
    if not ends:
        return pl.DataFrame(schema=schema(SUMS))
    parts = [kept.sums(end).with_columns(ago=pl.lit(ago)) for ago, end in enumerate(ends)]
    given = schema(SUMS)
    frames = [part.select(pl.col(name).cast(given[name]) for name in SUMS) for part in parts]
    return pl.concat(frames).collect()
