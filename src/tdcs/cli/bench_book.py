"""A book for the close's benchmark: plausible loans with their whole histories, by numbers alone, at any scale.

100,000 loans of seven offices are invented event by event and folded by the rules; the others are their copies under other
numbers (loan, household, group, office, commune). So every row is what its events make of it, and the close can be
proved on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw
import numpy as np
import polars as pl

from tdcs.closing.rules.history import CONTRACT, rows_from_events
from tdcs.closing.rules.rows import PLACE, kind_of
from tdcs.closing.rules.step import Today
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.frames import Frame
from tdcs.loans.rules.events import EVENT
from tdcs.loans.rules.kinds import (
    DISBURSEMENT,
    EXTEND,
    FREEZE,
    INTEREST,
    PRINCIPAL,
    REVERSE,
)
from tdcs.loans.rules.schedule import schedule

PROGRAMMES: Final = ("HN", "HCN", "HMTN", "GQVL", "NSVSMT", "NOXH")
# In force on the day of the benchmark, for contracts that run.
RATES: Final = (62_400, 74_880, 78_000, 74_880, 84_000, 54_000)
OFFICES: Final = 7  # of the invented loans
COPIES: Final = 4  # of them in a pack
# Of a day's events, of ten thousand.
NEW, TURNS, PAYMENTS = 140, 4, 900
_STRIDE: Final = 10_000_000  # between the loans of two copies
# From the numbers of one copy to those of the next.
_STEPS: Final = {
    "loan": _STRIDE,
    "household": _STRIDE,
    "key": 10 * _STRIDE,
    "group": 3_000,
    "office": OFFICES,
    "commune": 10 * OFFICES,
}


@dataclass(frozen=True, slots=True)
class Pack:
    """Yesterday's rows of some offices, and today: by loan within office."""

    rows: pl.DataFrame
    today: Today
    contracts: Frame
    histories: Frame

    def turned(self) -> nw.Expr:
        """Events after which a loan is folded anew."""
        return nw.col("kind").is_in([EXTEND, FREEZE, REVERSE])


class Invented:
    """``loans`` live loans in all, and ``events`` of ``day``."""

    def __init__(self, loans: int, events: int, day: int, *, pack: int = 100_000) -> None:
        self.day = day
        self.month_start = day_number(day_of_number(day).replace(day=1))
        self.size = min(pack, loans)
        copies = max(1, round(loans / self.size))
        self.copies = next(n for n in range(COPIES, 0, -1) if copies % n == 0)
        self.packs = copies // self.copies
        luck = np.random.default_rng(232)
        contracts = _contracts(luck, self.size, day)
        past = _past(luck, contracts, day)
        rows, refused = rows_from_events(
            nw.from_native(contracts, eager_only=True),
            nw.from_native(past, eager_only=True),
            day - 1,
            self.month_start,
        )
        good = pl.Series(sorted(set(contracts["loan"]) - set(refused["loan"].to_list())))
        self.rows = rows.to_native().filter(pl.col("loan").is_in(good.implode()))
        self.rows = self.rows.sort("office", "loan")
        there = contracts.filter(pl.col("loan").is_in(self.rows["loan"].implode()))
        self.new, self.events = _day(
            luck, self.rows, past, events // (self.packs * self.copies), day
        )
        self.contracts = pl.concat([there, self.new])
        asked = self.events.filter(pl.col("kind").is_in([EXTEND, FREEZE, REVERSE]))["loan"]
        self.past = past.filter(pl.col("loan").is_in(asked.implode()))

    def __iter__(self) -> Iterator[Pack]:
        for number in range(self.packs):
            yield self.pack(number)

    def pack(self, number: int) -> Pack:
        """The copies of a number, 0 with the invented loans."""
        eager: dict[str, Any] = {"eager_only": True}
        events = nw.from_native(self._tiled(self.events, number), **eager)
        opened = nw.from_native(self._tiled(self.new, number), **eager)
        nobody = opened.select("loan", *PLACE).head(0)
        return Pack(
            self._tiled(self.rows, number),
            Today(self.day, self.month_start, events, opened, nobody),
            nw.from_native(self._tiled(self.contracts, number), **eager),
            nw.concat([nw.from_native(self._tiled(self.past, number), **eager), events]),
        )

    def _tiled(self, frame: pl.DataFrame, number: int) -> pl.DataFrame:
        first = number * self.copies
        return pl.concat([_copied(frame, first + at) for at in range(self.copies)])


def _copied(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    """The frame under other numbers."""
    moved = [pl.col(name) + number * step for name, step in _STEPS.items() if name in frame.columns]
    if "reverses" in frame.columns:
        back = pl.col("reverses")
        moved.append(
            pl.when(back > 0).then(back + number * _STEPS["key"]).otherwise(0).alias("reverses")
        )
    return frame.with_columns(moved)


def _typed(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    kinds = nw.from_dict({}, {n: kind_of(n) for n in names}, backend="polars").to_native().schema
    return frame.select(pl.col(name).cast(kinds[name]) for name in names)


def _contracts(luck: np.random.Generator, count: int, day: int) -> pl.DataFrame:
    """Loans of the last five years, with terms that reach past the day."""
    programme = luck.choice(len(PROGRAMMES), count, p=[0.15, 0.15, 0.15, 0.2, 0.3, 0.05])
    term = luck.choice([24, 36, 60, 60, 120], count)
    age = (luck.random(count) ** 1.3 * np.minimum(term * 30 - 40, 1800)).astype(np.int64) + 2
    office = np.sort(luck.integers(1, OFFICES + 1, count))
    commune = office * 10 + luck.integers(0, 10, count)
    group = commune * 30 + luck.integers(0, 30, count)
    source = luck.choice([1, 2, 3], count, p=[0.8, 0.12, 0.08])
    frame = pl.DataFrame(
        {
            "loan": np.arange(1, count + 1),
            "household": luck.integers(1, count, count),
            "programme": np.array(PROGRAMMES, dtype=object)[programme],
            "source": source,
            "local": source > 1,
            "group": group,
            "mass": group % 4 + 1,
            "office": office,
            "commune": commune,
            "disbursed": day - age,
            "term": term,
            "spacing": np.where(term > 24, 12, 6),
            "session": commune % 28 + 1,
            "by_instalment": day - age >= day_number(day_of_number(day).replace(month=3, day=1)),
            "rate": np.array(RATES)[programme],
            "target_group": "",
        }
    )
    return _typed(frame, CONTRACT)


def _past(luck: np.random.Generator, contracts: pl.DataFrame, day: int) -> pl.DataFrame:
    """Disbursement, each instalment paid on its trigger day by nearly all, and interest collected a month ago."""
    count = len(contracts)
    principal = luck.integers(10, 1000, count) * 100_000
    lent = contracts.with_columns(amount=pl.Series(principal), day=pl.col("disbursed"))
    parts = schedule(
        nw.from_native(lent.with_columns(principal=pl.col("amount")), eager_only=True)
    ).to_native()
    paid = parts.filter((pl.col("trigger") < day - 1) & (pl.col("number") < pl.col("last")))
    paid = paid.filter(pl.Series(luck.random(len(paid)) > 0.004))
    paid = paid.select("loan", day=pl.col("trigger"), amount=pl.col("principal"))
    left = lent.join(paid.group_by("loan").agg(gone=pl.col("amount").sum()), "loan", how="left")
    back = (left["session"] + 5).clip(5, 30)
    left = left.with_columns(day=day - back, gone=pl.col("gone").fill_null(0)).filter(
        pl.col("day") > pl.col("disbursed")
    )
    owed = (
        (pl.col("amount") - pl.col("gone"))
        * pl.col("rate")
        // 365
        * (pl.col("day") - pl.col("disbursed") - 1)
    )
    interest = left.with_columns(amount=owed // 10**6).filter(pl.col("amount") > 0)
    events = pl.concat(
        [
            frame.select("loan", "day", "amount", kind=pl.lit(kind))
            for frame, kind in ((lent, DISBURSEMENT), (paid, PRINCIPAL), (interest, INTEREST))
        ]
    ).sort("loan", "day", "kind")
    return _events(events, 1)


def _events(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    there = {"to": 0, "due": 0, "rate": None, "reverses": 0}
    given = {name: pl.lit(value) for name, value in there.items() if name not in frame.columns}
    return _typed(
        frame.with_row_index("key", offset=first).with_columns(**given),
        EVENT,
    )


def _day(
    luck: np.random.Generator, rows: pl.DataFrame, past: pl.DataFrame, count: int, day: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(new contracts, the day's events) of the invented pack."""
    new, turns, payments = (max(6, count * share // 10_000) for share in (NEW, TURNS, PAYMENTS))
    chosen = rows[np.sort(luck.choice(len(rows), count - new, replace=False))]
    mixed = chosen.sample(fraction=1.0, shuffle=True, seed=1)
    turned, paid, owing = mixed[:turns], mixed[turns : turns + payments], mixed[turns + payments :]
    opened = rows.sample(new, seed=2).with_columns(
        loan=pl.Series(np.arange(new)) + _STRIDE // 2, disbursed=pl.lit(day),
        by_instalment=pl.lit(True), target_group=pl.lit(""),
    )  # fmt: skip
    kinds = pl.Series(np.resize([EXTEND, FREEZE, REVERSE], len(turned)))
    last = past.filter(pl.col("kind") == INTEREST).select("loan", reverses=pl.col("key"))
    turned = turned.with_columns(kind=kinds).join(last, on="loan", how="left").filter(
        (pl.col("kind") != REVERSE) | pl.col("reverses").is_not_null()
    )  # fmt: skip
    whole = pl.col("accrued") - pl.col("collected")
    parts = [
        owing.filter(whole > 0).select("loan", kind=pl.lit(INTEREST), amount=whole),
        paid.filter(pl.col("lent") > pl.col("paid")).select(
            "loan", kind=pl.lit(PRINCIPAL), amount=((pl.col("lent") - pl.col("paid")) // 3 + 1)
        ),
        opened.select("loan", kind=pl.lit(DISBURSEMENT), amount=pl.col("principal")),
        turned.select(
            "loan", "kind", amount=pl.lit(0), reverses=pl.when(pl.col("kind") == REVERSE).then("reverses").otherwise(0),
            to=pl.when(pl.col("kind") == FREEZE).then(day + 300)
            .when(pl.col("kind") == EXTEND).then(pl.col("final_due") + 90).otherwise(0),
        ),
    ]  # fmt: skip
    events = pl.concat(parts, how="diagonal_relaxed").with_columns(
        pl.col("to", "reverses").fill_null(0), day=pl.lit(day)
    )
    return _typed(opened, CONTRACT), _events(events.sort("loan"), 50_000_000)
