"""The method tried on the book's own past: a projection from an earlier month-end beside what came.

Twice: with what was really lent, which tries how borrowers are thought to pay, and with the year before lent again, which
tries the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from tdcs.closing.errors import SnapshotMissing
from tdcs.closing.queries import store
from tdcs.core.months import month_end
from tdcs.forecasting.errors import TooFewMonths
from tdcs.forecasting.queries.opening import UNKNOWN, YEAR, opening, tier_of
from tdcs.forecasting.rules.assumptions import PPM, Assumptions
from tdcs.forecasting.rules.path import NEW, Book, Key, Stock, run
from tdcs.forecasting.rules.scenario import Opening, project

# A try reaches over so many years.
YEARS: Final = 2


@dataclass(frozen=True, slots=True)
class Tried:
    """A programme's outstanding in dong ("" for the whole): as it came, as projected from what was lent, as projected alone."""

    programme: str
    actual: int
    from_lending: int
    alone: int

    @property
    def error(self) -> int | None:
        """How far the projection from what was lent is from what came, in ppm of it."""
        return (self.from_lending - self.actual) * PPM // self.actual if self.actual else None

    @property
    def error_alone(self) -> int | None:
        """How far the projection that knew nothing of the lending is from what came, in ppm of it."""
        return (self.alone - self.actual) * PPM // self.actual if self.actual else None


def backtest(base: date, until: date) -> list[Tried]:
    """Every programme at the month-end ``until`` projected from that of ``base``; the whole first, then the largest.

    Raises TooFewMonths, SnapshotMissing, SnapshotDamaged.
    """
    kept = store()
    assumed = Assumptions(until=until.year)
    begun = opening(base, assumed)
    months = (until.year - base.year) * YEAR + until.month - base.month
    ends = [month_end(base, at) for at in range(1, months + 1)]
    lent = (
        kept.sums_many(ends)
        .group_by("day", pl.col("programme").cast(pl.String), "local")
        .agg(pl.col("lent_month").sum())
        .filter(pl.col("lent_month") > 0)
        .collect()
    )
    lending: dict[Key, list[int]] = {}
    for day, programme, local, dong in lent.rows():
        row = lending.setdefault(Key(programme, tier_of(local), NEW, day.year), [0] * months)
        row[ends.index(day)] += dong
    after, _ = run(_able_to_lend(begun, list(lending)), lending, months)
    with_lending = _by_programme(after)
    alone: dict[str, int] = {}
    last = project(begun, assumed).flows[-1]
    for at, key in enumerate(last.keys):
        closing = int(last.closing[last.ends.index(until), at])
        alone[key.programme] = alone.get(key.programme, 0) + closing
    sums = (
        kept.sums(until).group_by(pl.col("programme").cast(pl.String)).agg(pl.col("balance").sum())
    )
    actual = {programme: balance for programme, balance in sums.collect().rows() if balance}
    rows = [
        Tried(code, actual.get(code, 0), with_lending.get(code, 0), alone.get(code, 0))
        for code in sorted(actual.keys() | with_lending.keys() | alone.keys())
    ]
    rows.sort(key=lambda row: (-row.actual, row.programme))
    whole = Tried(
        "",
        sum(row.actual for row in rows),
        sum(row.from_lending for row in rows),
        sum(row.alone for row in rows),
    )
    return [whole, *rows]


def _able_to_lend(begun: Opening, keys: list[Key]) -> Book:
    """The book with an empty stock for whatever was lent, also of programmes that began later."""
    book = begun.book
    width = max((len(stock.coming) for stock in book.stocks.values()), default=1)
    stocks = {**book.stocks, **{key: Stock(0, 0, (0,) * width) for key in keys}}
    unknown = book.borrowing[UNKNOWN]
    borrowing = {key.programme: book.borrowing.get(key.programme, unknown) for key in stocks}
    return replace(book, stocks=stocks, borrowing=borrowing)


def _by_programme(book: Book) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, stock in book.stocks.items():
        found[key.programme] = found.get(key.programme, 0) + stock.balance
    return found


@dataclass(frozen=True, slots=True)
class Try:
    """One try: from which month-end to which."""

    base: date
    until: date
    rows: list[Tried]


def tries(last: date) -> list[Try]:
    """Years that are over, projected from two years before, and ``last`` from the end of the year before its own year's.

    Of a book that began later there are fewer tries, or none.
    """
    found = []
    for until in (date(last.year - 1, 12, 31), last):
        base = date(until.year - YEARS, 12, 31)
        try:
            found.append(Try(base, until, backtest(base, until)))
        except (TooFewMonths, SnapshotMissing):
            continue
    return found
