"""Sums of moments on a grid equal those added up one row after another."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tdcs.indicators.queries import grid
from tdcs.indicators.queries.grid import on_grid
from tdcs.indicators.queries.query_spec import TYPES
from tdcs.indicators.rules.definitions import Term

TERMS = [Term("balance"), Term("balance", "year", sign=-1), Term("lent_month", "year_to_date")]
SOURCE = {term.column: term.measure for term in TERMS}
VALUES: dict[str, list[Any]] = {
    "commune": [7, 9, 4_000, None],
    "programme": ["HN", "HCN", "a very long name of a programme", None],
    "local": [True, False],
    "group": [1, 5, 6, 10**12],
}


def _question(luck: random.Random, keys: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of seven days, cells missing at random; five points that ask for some of the days."""
    cells = {tuple(luck.choice(VALUES[key]) for key in keys) for _ in range(12)}
    rows = [
        (pair, *cell, luck.randint(-50, 50), luck.randint(0, 9))
        for pair in range(7)
        for cell in sorted(cells, key=str)
        if luck.random() < 0.6
    ]
    luck.shuffle(rows)
    types = {"_pair": pl.Int64, **{key: TYPES[key] for key in keys}}
    numbers = dict.fromkeys(("balance", "lent_month"), pl.Int64)
    wanted = [(0, "day", 0), (6, "day", 6)]
    for point in range(1, 6):
        wanted.append((point, "day", point))
        if luck.random() < 0.7:
            wanted.append((point, "year", luck.randint(0, point)))
        wanted += [(point, "year_to_date", pair) for pair in range(point + 1)]
    days = [(date(2026, 1, 1) + timedelta(days=p), moment, pair) for p, moment, pair in wanted]
    schema = {"point": pl.Date, "moment": pl.String, "_pair": pl.Int64}
    frame = pl.DataFrame(rows, schema={**types, **numbers}, orient="row")
    return frame, pl.DataFrame(days, schema=schema, orient="row")


def _added(rows: pl.DataFrame, wanted: pl.DataFrame, keys: list[str]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(lambda: [0] * len(TERMS))
    for point, moment, pair in wanted.rows():
        for row in rows.filter(pl.col("_pair") == pair).rows(named=True):
            sums = found[point, *(row[key] for key in keys)]
            for place, term in enumerate(TERMS):
                if term.moment == moment:
                    sums[place] += row[term.measure]
    return dict(found)


@pytest.mark.parametrize("keys", [["programme"], ["commune", "local"], ["group", "programme"]])
@pytest.mark.parametrize("sparse", [2**20, 3])
def test_a_grid_adds_what_the_rows_say(
    keys: list[str], sparse: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "_SPARSE", sparse)
    for seed in range(25):
        rows, wanted = _question(random.Random(f"{seed} {keys}"), keys)
        made = on_grid(rows, wanted, keys, SOURCE, TERMS)
        assert made is not None
        numbered = rows.with_columns(pl.col(pl.String).cast(pl.Categorical))
        same = on_grid(numbered, wanted, keys, SOURCE, TERMS)
        assert same is not None and sorted(same.rows(), key=str) == sorted(made.rows(), key=str)
        assert made.columns == ["point", *keys, *SOURCE]
        assert made.select(keys).dtypes == [TYPES[key] for key in keys]
        width = 1 + len(keys)
        told = [(row[:width], list(row[width:])) for row in made.rows()]
        assert len(dict(told)) == len(told)
        assert dict(told) == _added(rows, wanted, keys)


def test_a_grid_too_large_is_left_to_a_grouping(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, wanted = _question(random.Random(1), ["programme"])
    monkeypatch.setattr(grid, "_LARGEST", 3)
    assert on_grid(rows, wanted, ["programme"], SOURCE, TERMS) is None
