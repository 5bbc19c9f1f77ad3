"""Interest: who pays on which session, how much is due then, and proof by the engine that every event may stand.

One fold does it all: payments of nothing stand on the days on which interest is paid, the engine says what is due there,
and that becomes the payment. Interest does not bear interest, so the rest of the fold stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from tdcs.closing.rules.history import CONTRACT
from tdcs.demo.province.calibration import START, Frame, calibration, month_of
from tdcs.demo.province.repaying import EVENT, Book
from tdcs.loans.rules.accrual import rounded, unit
from tdcs.loans.rules.events import EVENT as KEPT
from tdcs.loans.rules.fold import Folded
from tdcs.loans.rules.history import Position
from tdcs.loans.rules.kinds import DISBURSEMENT, FREEZE, INTEREST, PRINCIPAL, REVERSE

Array = np.ndarray[Any, Any]


class Refused(RuntimeError):
    """The engine refuses an event of the demonstration: the generator is wrong."""


@dataclass(frozen=True, slots=True)
class Life:
    """All that happened to some loans. ``events``: EVENT, in order of writing; ``position``: the engine's answer on the
    last day, with what was truly collected in its stretches."""

    contracts: pl.DataFrame
    events: pl.DataFrame
    position: Position

    @property
    def folded(self) -> Folded:
        return self.position.folded


def plain_events(loans: pl.DataFrame, later: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Disbursements, and what the months made of principal."""
    zero = pl.lit(0, dtype=pl.Int64)
    given = pl.concat(
        [
            loans.select("loan", day="disbursed", amount="amount"),
            later.select("loan", "day", "amount"),
        ]
    ).with_columns(kind=pl.lit(DISBURSEMENT, dtype=pl.Int64), to=zero, due=zero, rate=zero)
    return pl.concat([given.select(*EVENT), book.table().select(*EVENT)])


def interest_days(frame: Frame, loans: pl.DataFrame, book: Book, stops: Array) -> pl.DataFrame:
    """loan, day of every payment of interest: monthly in the session, some missed. Students' families pay too, as they may.

    What older loans paid before 2023 is one payment, in their last session of 2022. ``stops``: the month from which a
    loan pays nothing any more, as planted; a great number for most.
    """
    luck = frame.luck(5, int(loans["office"][0]))
    at = loans["loan"].to_numpy() - 1
    eve = month_of(START) - 1
    month = _months(loans["disbursed"].to_numpy())
    own = first_days(month) + book.pay_day[at] - 1
    first = np.maximum(np.where(own > loans["disbursed"].to_numpy() + 10, month, month + 1), eve)
    settled = book.settled[at]
    last = np.where(settled > 0, _months(np.maximum(settled, 1)), month_of(frame.on))
    frozen = _frozen_from(book)[at]
    last = np.where(
        (frozen > 0) & (settled == 0), np.minimum(last, _months(np.maximum(frozen, 1)) - 1), last
    )
    last = np.where(settled > 0, last, np.minimum(last, stops[at] - 1))
    rows = pl.DataFrame(
        {
            "loan": loans["loan"],
            "first": first,
            "end": last + 1,
            "pay": book.pay_day[at],
            "settled": settled,
            "trouble": book.trouble[at],
            "late": (book.late[at] > 0),
            "gone": book.gone[at],
        }
    ).filter(pl.col("end") > pl.col("first"))
    rows = rows.with_columns(month=pl.int_ranges("first", "end")).explode("month")
    day = first_days(rows["month"].to_numpy()) + rows["pay"].to_numpy() - 1
    is_last = (rows["month"] == rows["end"] - 1).to_numpy() & (rows["settled"] > 0).to_numpy()
    day = np.where(is_last, rows["settled"].to_numpy(), day)
    misses = calibration()["habits"]["misses_interest"] / 100 * rows["trouble"].to_numpy()
    misses = np.where(rows["late"].to_numpy(), np.maximum(misses, 0.35), misses)
    pays = (luck.random(len(rows)) >= misses) | is_last | (rows["month"] == eve).to_numpy()
    pays &= ~(is_last & rows["gone"].to_numpy())
    ended = rows["settled"].to_numpy()
    pays &= (day <= frame.last) & ((ended == 0) | (day <= ended))
    return pl.DataFrame({"loan": rows["loan"], "day": day}).filter(pl.Series(pays))


def _months(days: Array) -> Array:
    """Months since the year 0 of day numbers."""
    found: Array = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return found


def first_days(months: Array) -> Array:
    """Day numbers of the months' first days."""
    found: Array = (
        (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    )
    return found


def _frozen_from(book: Book) -> Array:
    """The first frozen day of each loan, 0 for none."""
    found = np.zeros(len(book.lent), dtype=np.int64)
    for loan, day, kind, *_ in book.events:
        if len(kind) and kind[0] == FREEZE:
            found[loan - 1] = day
    return found


def histories(
    frame: Frame,
    loans: pl.DataFrame,
    events: pl.DataFrame,
    interest: pl.DataFrame,
    wrong: pl.DataFrame,
) -> Life:
    """Fold the loans with their payments of interest; raises Refused when the engine says no to anything.

    ``wrong``: payments of principal booked by mistake and reversed the day after (loan, day, amount).
    """
    zero = pl.lit(0, dtype=pl.Int64)
    paid = interest.with_columns(
        kind=pl.lit(INTEREST, dtype=pl.Int64), amount=zero, to=zero, due=zero, rate=zero
    )
    rows = pl.concat([events.select(*EVENT), paid.select(*EVENT)]).with_columns(wrong=zero)
    rows = pl.concat([rows, *_mistakes(wrong)])
    rows = rows.sort("day", "loan", "kind", "wrong").with_columns(
        key=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    )
    bad = rows.filter(pl.col("wrong") == 1).select("loan", "amount", at="day", reverses="key")
    rows = rows.with_columns(at=pl.when(pl.col("kind") == REVERSE).then(pl.col("day") - 1))
    rows = rows.join(bad, on=["loan", "at", "amount"], how="left", maintain_order="left")
    rows = rows.with_columns(
        reverses=pl.when(pl.col("kind") == REVERSE).then("reverses").otherwise(0).fill_null(0),
        amount=pl.when(pl.col("kind") == REVERSE).then(0).otherwise("amount"),
        rate=pl.when(pl.col("rate") > 0).then("rate"),
    )
    contracts = loans.select(*_contract(loans))
    position = _folded(contracts, rows, frame.last)
    ranked: pl.DataFrame = position.events.to_native()
    staged = position.folded.staged.to_native()
    amounts = _amounts(staged, ranked)
    rows = rows.join(amounts, on="key", how="left", maintain_order="left")
    rows = rows.with_columns(amount=pl.coalesce("interest", "amount"))
    rows = rows.filter((pl.col("kind") != INTEREST) | (pl.col("amount") > 0)).select(*KEPT)
    collected = nw.from_native(_collected(staged, amounts, ranked), eager_only=True)
    position.folded = replace(position.folded, staged=collected)
    return Life(contracts, rows, position)


def _mistakes(wrong: pl.DataFrame) -> list[pl.DataFrame]:
    zero = pl.lit(0, dtype=pl.Int64)
    parts = []
    for kind, mark, shift in ((PRINCIPAL, 1, 0), (REVERSE, 2, 1)):
        rows = wrong.with_columns(
            day=pl.col("day") + shift,
            kind=pl.lit(kind, dtype=pl.Int64),
            wrong=pl.lit(mark, dtype=pl.Int64),
            to=zero,
            due=zero,
            rate=zero,
        )
        parts.append(rows.select(*EVENT, "wrong"))
    return parts


def _contract(loans: pl.DataFrame) -> list[pl.Expr]:
    return [
        pl.col(name) if name in loans.columns else pl.lit(0, dtype=pl.Int64).alias(name)
        for name in CONTRACT
    ]


def _folded(contracts: pl.DataFrame, rows: pl.DataFrame, last: int) -> Position:
    """The engine's fold. The law of this province's book is the law of each day: every decree counts from its own."""
    given = nw.from_native(rows.select(*KEPT), eager_only=True)
    life = Position(nw.from_native(contracts, eager_only=True), given, last)
    folded = life.folded
    if len(folded.refused):
        first = folded.refused.head(3).rows()
        raise Refused(
            f"{len(folded.refused)} loans of the demonstration break a rule, such as {first}"
        )
    return life


def _amounts(staged: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """key, interest: what was due when it was paid, less what had been paid before."""
    due = nw.from_native(staged.filter(pl.col("kind") == INTEREST), eager_only=True)
    held_in = unit(nw.col("contract_day"))
    due = due.with_columns(due=rounded(nw.col("whole_before"), nw.col("rest_before"), held_in))
    rows: pl.DataFrame = due.select("loan", "rank", "due").to_native()
    rows = rows.sort("loan", "rank").with_columns(
        interest=pl.col("due") - pl.col("due").shift(1).over("loan").fill_null(0)
    )
    return rows.join(ranked.select("loan", "rank", "key"), on=["loan", "rank"]).select(
        "key", "interest"
    )


def _collected(staged: pl.DataFrame, amounts: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """The stretches with what was really collected."""
    paid = (
        ranked.select("loan", "rank", "key")
        .join(amounts, on="key")
        .select("loan", "rank", "interest")
    )
    rows = staged.join(paid, on=["loan", "rank"], how="left", maintain_order="left")
    return rows.with_columns(
        collected=pl.col("interest").fill_null(0),
        collected_after=pl.col("interest").fill_null(0).cum_sum().over("loan", order_by="seq"),
    ).drop("interest")
