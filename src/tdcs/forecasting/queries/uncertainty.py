"""How sure a scenario is: bands of a thousand paths, and what each assumption moves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl

from tdcs.closing.queries import store
from tdcs.closing.store import Store
from tdcs.core.months import month_end
from tdcs.forecasting.errors import AssumptionWrong
from tdcs.forecasting.queries.opening import COLUMNS, YEAR, run_off, tier_of, year_lent
from tdcs.forecasting.queries.scenarios import Outcome, opening_of, outcome_of, projected
from tdcs.forecasting.rules.assumptions import PPM, Assumptions, faults
from tdcs.forecasting.rules.bands import PATHS, Band, Cohorts, Draws, Spread, bands
from tdcs.forecasting.rules.path import NEW, RUNNING, Key
from tdcs.forecasting.rules.runoff import LATE, by_month
from tdcs.forecasting.rules.scenario import with_new
from tdcs.forecasting.rules.sensitivity import STEPS, moved

# Of a book that is too short to compare two years: ours, a fifth of each share.
UNMEASURED: Final = Spread(*(PPM // 5,) * 5)
SEED: Final = 2030


def bands_of(
    assumed: Assumptions, base: date, *, paths: int = PATHS, seed: int = SEED
) -> list[Band]:
    """The bands of a scenario from a month-end. Raises AssumptionWrong and what ``opening`` raises."""
    if wrong := faults(assumed, base.year):
        raise AssumptionWrong(wrong)
    return _bands(base, store().manifest(base).digest, assumed, paths, seed)


@lru_cache(maxsize=32)
def _bands(base: date, digest: str, assumed: Assumptions, paths: int, seed: int) -> list[Band]:
    opening = opening_of(base, assumed.until)
    months = (assumed.until - base.year) * YEAR + YEAR - base.month
    book = with_new(opening, assumed)
    stocks = {key: stock for key, stock in book.stocks.items() if key.vintage == NEW}
    return bands(
        replace(book, stocks=stocks),
        _cohorts(base, digest, max(months, 1)),
        projected(base, assumed).lending,
        months,
        Draws(spread_of(store(), base), paths, seed),
    )


@lru_cache(maxsize=4)
def _cohorts(base: date, digest: str, months: int) -> Cohorts:
    """The running loans by programme, fund, year of lending and commune."""
    rows = store().read(base, (*COLUMNS, "commune")).filter(pl.col("lent") > pl.col("paid"))
    kinds = rows.collect().with_columns(year=year_lent(base))
    keys = ("programme", "local", "year", "commune")
    of_loans = nw.from_native(kinds.select("loan", *keys), eager_only=True)
    rolled = run_off(kinds, base).join(of_loans, on="loan", how="inner")
    opening = opening_of(base, base.year + max(months - 1, 0) // YEAR)
    names = tuple(sorted(key for key in opening.book.stocks if key.vintage == RUNNING))
    communes = tuple(sorted(kinds["commune"].unique()))
    coming = np.zeros((len(names), len(communes), months + 1), dtype=np.int64)
    overdue = dict.fromkeys(names, 0)
    at_key = {key: at for at, key in enumerate(names)}
    at_place = {commune: at for at, commune in enumerate(communes)}
    for programme, local, year, commune, month, principal in by_month(rolled, keys, months).rows():
        key = Key(programme, tier_of(local), RUNNING, year)
        if month == LATE:
            overdue[key] += principal
        else:
            coming[at_key[key], at_place[commune], month - 1] = principal
    rates = tuple(opening.book.stocks[key].rate for key in names)
    return Cohorts(names, communes, rates, tuple(overdue.values()), coming)


def spread_of(kept: Store, base: date) -> Spread:
    """How widely the book's own years differed, each of the twelve months before the next; UNMEASURED of fewer than two."""
    there = set(kept.month_ends())
    ends: list[date] = []
    while all(month_end(base, -len(ends) - at) in there for at in range(YEAR)):
        ends += [month_end(base, -len(ends) - at) for at in range(YEAR)]
    if len(ends) < 2 * YEAR:
        return UNMEASURED
    windows = {end: at // YEAR for at, end in enumerate(ends)}
    sums = (
        kept.sums_many(ends)
        .group_by("day", pl.col("programme").cast(pl.String), "commune")
        .agg(pl.col("balance", "overdue", "repaid_month", "newly_overdue").sum())
        .collect()
        .with_columns(window=pl.col("day").replace_strict(windows, return_dtype=pl.Int64))
    )
    paid = _shares("repaid_month", "balance")
    return Spread(
        _spread(sums, paid, None),
        _spread(sums, _shares("newly_overdue", "balance"), None),
        _spread(sums, _shares("overdue", "balance"), None),
        _spread(sums, paid, "programme"),
        _spread(sums, paid, "commune"),
    )


def _shares(part: str, whole: str) -> pl.Expr:
    return pl.col(part).sum() / pl.col(whole).sum()


def _spread(sums: pl.DataFrame, share: pl.Expr, unit: str | None) -> int:
    """The root of the mean square of what a share changed by from one window to the next, in ppm of itself.

    Of each unit, what it changed by more than the book did, weighed by its balance.
    """
    keys = [unit, "window"] if unit else ["window"]
    rows = sums.group_by(keys).agg(share=share, weight=pl.col("balance").sum())
    book = sums.group_by("window").agg(whole=share)
    rows = rows.join(book, on="window")
    if unit:
        rows = rows.with_columns(share=pl.col("share") / pl.col("whole"))
    before = rows.with_columns(window=pl.col("window") - 1).rename({"share": "earlier"})
    both = rows.join(before.select(*keys, "earlier"), on=keys).filter(
        (pl.col("earlier") > 0) & (pl.col("share") > 0)
    )
    if both.is_empty():
        return 0
    weight = pl.col("weight") / pl.col("weight").sum()
    changed = (pl.col("share") / pl.col("earlier")).log() ** 2
    mean = float(both.select((changed * weight).sum()).item())
    return min(round(math.sqrt(mean) * PPM), PPM // 2)


@dataclass(frozen=True, slots=True)
class Bar:
    """An assumption of a tornado: its figures, and what the measure then is (dong)."""

    name: str
    low: int
    high: int
    at_low: int
    at_high: int

    @property
    def span(self) -> int:
        return abs(self.at_high - self.at_low)


MEASURES: Final[dict[str, Callable[[Outcome], int]]] = {
    "lent": lambda one: one.lent,
    "local_added": lambda one: one.local_added,
    "central_added": lambda one: one.central_added,
    "closing": lambda one: one.last.closing,
    "overdue": lambda one: one.last.overdue,
    "interest": lambda one: one.interest,
}


@dataclass(frozen=True, slots=True)
class Tornado:
    """What a measure of a scenario is, and what each assumption makes of it, the widest first."""

    measure: str
    value: int
    bars: tuple[Bar, ...]


def tornado_of(assumed: Assumptions, base: date, measure: str) -> Tornado:
    """The tornado of a scenario from a month-end. Raises AssumptionWrong and what ``opening`` raises."""
    if wrong := faults(assumed, base.year):
        raise AssumptionWrong(wrong)
    return _tornado(base, store().manifest(base).digest, assumed, measure)


@lru_cache(maxsize=64)
def _tornado(base: date, digest: str, assumed: Assumptions, measure: str) -> Tornado:
    read = MEASURES[measure]
    bars = [
        Bar(
            one.name, one.low, one.high, read(outcome_of(one.at_low)), read(outcome_of(one.at_high))
        )
        for one in moved(opening_of(base, assumed.until), assumed)
    ]
    order = list(STEPS)
    bars.sort(key=lambda bar: (-bar.span, order.index(bar.name)))
    return Tornado(measure, read(outcome_of(projected(base, assumed))), tuple(bars))
