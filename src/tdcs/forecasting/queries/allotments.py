"""The search for the budgets' allotments from a closed month-end: what growth asks, communes need and budgets can give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from tdcs.closing.queries import store
from tdcs.core.months import month_end
from tdcs.forecasting.errors import AssumptionWrong, EmptyBook, TooFewMonths
from tdcs.forecasting.queries.sources import commune_sources, lent_by_budget
from tdcs.forecasting.rules.allot import PROVINCE, Allotments, Budget, Task, allot
from tdcs.forecasting.rules.allot_assumptions import Search, search_faults
from tdcs.forecasting.rules.assumptions import PPM
from tdcs.organisations.queries import living_communes

_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked and what was found, with the names of the communes."""

    task: Task
    allotments: Allotments
    names: Mapping[int, str]


def allotments(base: date, search: Search) -> Found:
    """The allotments of least cost from a month-end. Raises AssumptionWrong, TooFewMonths, EmptyBook, TargetsOutOfReach."""
    if wrong := search_faults(search, base.year):
        raise AssumptionWrong(wrong)
    return _found(base, store().manifest(base).digest, search)


@lru_cache(maxsize=32)
def _found(base: date, digest: str, search: Search) -> Found:
    task = task_of(base, search)
    return Found(task, allot(task), dict(living_communes(base)))


@dataclass(frozen=True, slots=True)
class _OpeningBook:
    """Outstanding at the end of the month, of communes and programmes; ``begun``: of the whole as the year began."""

    cells: Mapping[tuple[int, str], int]
    communes: Mapping[int, int]
    local: frozenset[str]
    begun: int

    @property
    def whole(self) -> int:
        return sum(self.communes.values())


def task_of(base: date, search: Search) -> Task:
    """The task in whole dong. The months left of the running year are asked only for what growth still lacks."""
    now = _opening_book(base)
    if not now.whole:
        raise EmptyBook(day=f"{base:%d/%m/%Y}")
    asked = _asked(now, base, search)
    years = tuple(asked)
    parts = {year: _YEAR - base.month if year == base.year else _YEAR for year in years}
    grown = {year: _grown(search.growth, year - base.year) for year in years}

    def of(amount: int, share: int, year: int) -> int:
        return amount * share // PPM * parts[year] // _YEAR * grown[year] // PPM

    least = {
        commune: tuple(
            asked[year] * balance // max(now.whole, 1) * search.commune_least // PPM
            for year in years
        )
        for commune, balance in now.communes.items()
    }
    return Task(
        years=years,
        asked=tuple(asked.values()),
        share=search.share,
        need={
            cell: tuple(of(balance, search.need_most, year) for year in years)
            for cell, balance in now.cells.items()
        },
        least=least,
        budgets=tuple(
            Budget(
                key,
                usual,
                tuple(
                    max(
                        of(usual, search.times, year),
                        of(now.communes.get(key, 0), search.commune_share, year),
                    )
                    for year in years
                ),
            )
            for key, usual in _usual(base, now)
        ),
        price=search.price,
        dearer=search.dearer,
        closed=frozenset({code for _, code in now.cells} - now.local),
        central=_central(base, search, of, years),
    )


def _opening_book(base: date) -> _OpeningBook:
    rows = (
        store()
        .sums(base)
        .group_by("commune", pl.col("programme").cast(pl.String), "local")
        .agg(pl.col("balance").sum())
        .filter(pl.col("balance") > 0)
        .collect()
    )
    cells: dict[tuple[int, str], int] = {}
    communes: dict[int, int] = {}
    for commune, code, _, balance in rows.sort("commune", "programme", "local").rows():
        cells[commune, code] = cells.get((commune, code), 0) + balance
        communes[commune] = communes.get(commune, 0) + balance
    first = _whole_on(month_end(base, -base.month))
    local = frozenset(rows.filter("local")["programme"])
    return _OpeningBook(cells, communes, local, first[0] + first[1])


def _whole_on(day: date) -> tuple[int, int]:
    """Central and local outstanding of a closed day. Raises TooFewMonths."""
    kept = store()
    if day not in kept.month_ends():
        raise TooFewMonths(day=f"{day:%d/%m/%Y}", found=0, needed=_YEAR + 1)
    sums = kept.sums(day).group_by("local").agg(pl.col("balance").sum()).collect()
    held = dict(sums.rows())
    return held.get(False, 0), held.get(True, 0)


def _asked(now: _OpeningBook, base: date, search: Search) -> dict[int, int]:
    """By year, what must be added so that each year's end stands at its growth; nothing where it stands there already."""
    asked: dict[int, int] = {}
    wanted, stands = now.begun, now.whole
    for year in range(base.year, search.until + 1):
        if year == base.year and base.month == _YEAR:
            wanted = stands
            continue
        wanted = wanted * (PPM + search.growth) // PPM
        asked[year] = max(wanted - stands, 0)
        wanted = stands = max(wanted, stands)
    return asked


def _usual(base: date, now: _OpeningBook) -> Iterator[tuple[int, int]]:
    """Each budget with what its money grew by in the past year: the province first, then every commune."""
    kept, communes = store(), commune_sources(base)
    before = month_end(base, -_YEAR)
    _whole_on(before)
    then, later = lent_by_budget(kept, before, communes), lent_by_budget(kept, base, communes)
    for key in (PROVINCE, *now.communes):
        yield key, max(later.get(key, 0) - then.get(key, 0), 0)


def _central(
    base: date, search: Search, of: Callable[[int, int, int], int], years: tuple[int, ...]
) -> tuple[int, ...] | None:
    if search.central_most is None:
        return None
    grown = max(_whole_on(base)[0] - _whole_on(month_end(base, -_YEAR))[0], 0)
    return tuple(of(grown, search.central_most, year) for year in years)


def _grown(growth: int, years: int) -> int:
    """What 1 becomes, in ppm."""
    found = PPM
    for _ in range(years):
        found = found * (PPM + growth) // PPM
    return found
