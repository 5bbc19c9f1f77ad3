"""A thousand paths: without any spread they are the projection itself; with it their mean stays there, and the same seed draws the same."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tdcs.forecasting.rules.assumptions import TIERS, Habits
from tdcs.forecasting.rules.bands import Band, Cohorts, Draws, Spread, bands
from tdcs.forecasting.rules.path import NEW, RUNNING, Book, Borrowing, Flows, Key, Stock, run

NONE = Spread(0, 0, 0, 0, 0)
USUAL = Spread(30_000, 300_000, 200_000, 150_000, 100_000)
MONTHS = 60
BASE = date(2025, 10, 31)
LOANS = 600


def habits(luck: random.Random) -> tuple[Habits, ...]:
    return tuple(
        Habits(
            luck.randrange(20_000),
            luck.randrange(60_000),
            luck.randrange(15_000),
            luck.randrange(100_000),
        )
        for _ in range(6)
    )


@pytest.fixture(scope="module")
def borrowing() -> dict[str, Borrowing]:
    luck = random.Random(7)
    return {
        code: Borrowing(habits(luck), (0,) * 11 + (300_000,) + (0,) * 23 + (700_000,))
        for code in ("GQVL", "HN")
    }


@pytest.fixture(scope="module")
def loans() -> list[tuple[Key, int, int, list[int]]]:
    """Each a stock of its own: key, commune, what is overdue, and its months."""
    luck = random.Random(8)
    found = []
    for at in range(LOANS):
        key = Key(
            luck.choice(("GQVL", "HN")),
            luck.choice(TIERS),
            f"{RUNNING} {at}",
            luck.randrange(2020, 2026),
        )
        coming = [0] * (MONTHS + 1)
        for month in range(luck.randrange(6), luck.randrange(7, MONTHS + 1), luck.choice((6, 12))):
            coming[month] = luck.randrange(1, 12) * 1_000_000
        found.append((key, luck.randrange(9), luck.choice((0, 0, 0, 3_000_000)), coming))
    return found


@pytest.fixture(scope="module")
def lending() -> dict[Key, list[int]]:
    found = {}
    for code in ("GQVL", "HN"):
        for tier in TIERS:
            for year in range(2025, 2031):
                first = max((year - 2025) * 12 - 10, 0)
                months = [0] * first + [40_000_000] * (2 if year == 2025 else 12)
                found[Key(code, tier, NEW, year)] = (months + [0] * MONTHS)[:MONTHS]
    return found


def cohorts_of(loans: list[tuple[Key, int, int, list[int]]]) -> Cohorts:
    sums: dict[tuple[Key, int], tuple[int, list[int]]] = {}
    for key, commune, overdue, coming in loans:
        name = (key._replace(vintage=RUNNING), commune)
        late, months = sums.get(name, (0, [0] * (MONTHS + 1)))
        sums[name] = (late + overdue, [a + b for a, b in zip(months, coming, strict=True)])
    keys = tuple(sorted({key for key, _ in sums}))
    coming = np.zeros((len(keys), 9, MONTHS + 1), dtype=np.int64)
    overdue = dict.fromkeys(keys, 0)
    for (key, commune), (late, months) in sums.items():
        coming[keys.index(key), commune] = months
        overdue[key] += late
    rates = (66_000,) * len(keys)
    return Cohorts(keys, tuple(range(9)), rates, tuple(overdue.values()), coming)


@pytest.fixture(scope="module", params=[0, 22_000], ids=["own shares", "collected"])
def book(
    request: pytest.FixtureRequest,
    borrowing: Mapping[str, Borrowing],
    lending: Mapping[Key, list[int]],
) -> Book:
    stocks = {key: Stock(70_000, 0, (0,) * (MONTHS + 1)) for key in lending}
    return Book(BASE, stocks, borrowing, request.param)


@pytest.fixture(scope="module")
def each(
    book: Book, loans: list[tuple[Key, int, int, list[int]]], lending: Mapping[Key, list[int]]
) -> Flows:
    """The projection with every loan by itself."""
    of_loans = {key: Stock(66_000, overdue, tuple(coming)) for key, _, overdue, coming in loans}
    return run(replace(book, stocks={**of_loans, **book.stocks}), lending, MONTHS)[1]


def projected(flows: Flows, measure: str, year: int) -> int:
    rows = [at for at, end in enumerate(flows.ends) if end.year == year]
    column = getattr(flows, measure)
    return int(column[rows[-1]].sum() if measure in ("closing", "overdue") else column[rows].sum())


def test_without_spread_every_path_is_the_projection_of_each_loan(
    book: Book,
    loans: list[tuple[Key, int, int, list[int]]],
    lending: dict[Key, list[int]],
    each: Flows,
) -> None:
    found = bands(book, cohorts_of(loans), lending, MONTHS, Draws(NONE, paths=4))
    assert {one.year for one in found} == set(range(2025, 2031))
    for one in found:
        wanted = projected(each, one.measure, one.year)
        assert one.mean == pytest.approx(wanted, rel=2e-5, abs=LOANS * MONTHS)
        assert one.low == pytest.approx(one.high, rel=1e-6)


def test_the_mean_of_a_thousand_paths_is_within_a_thousandth_of_the_projection_of_each_loan(
    book: Book,
    loans: list[tuple[Key, int, int, list[int]]],
    lending: dict[Key, list[int]],
    each: Flows,
) -> None:
    found = bands(book, cohorts_of(loans), lending, MONTHS, Draws(USUAL))
    for one in found:
        if one.measure == "closing":
            wanted = projected(each, one.measure, one.year)
            assert one.mean == pytest.approx(wanted, rel=0.001)
            assert one.low < one.middle < one.high
            assert one.low < wanted < one.high


def test_the_same_seed_draws_the_same(
    book: Book, loans: list[tuple[Key, int, int, list[int]]], lending: dict[Key, list[int]]
) -> None:
    def once(seed: int) -> list[Band]:
        return bands(book, cohorts_of(loans), lending, 24, Draws(USUAL, paths=60, seed=seed))

    assert once(1) == once(1)
    assert once(1) != once(2)


def test_what_spreads_wider_has_wider_bands(
    book: Book, loans: list[tuple[Key, int, int, list[int]]], lending: dict[Key, list[int]]
) -> None:
    def width(spread: Spread) -> int:
        last = [
            one
            for one in bands(book, cohorts_of(loans), lending, 24, Draws(spread, paths=200))
            if one.measure == "closing"
        ][-1]
        return last.high - last.low

    assert (
        width(replace(USUAL, collected=90_000, programme=450_000, commune=300_000))
        > width(USUAL)
        > width(NONE)
    )
