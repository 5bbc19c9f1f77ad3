"""Sums kept beside the snapshots: equal to the rows whatever is asked, made anew with the day, borrowers by sets of keys."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import combinations
from typing import Any

import duckdb
import polars as pl
import pytest
from indicator_book import Book, loan_row

from tdcs.closing.queries import store
from tdcs.indicators import checks, cubes, queries
from tdcs.indicators.queries.places import unions, with_union

DAY = date(2025, 7, 31)
KEYS = ("office", "commune", "programme", "source", "local", "mass", "union", "group")


@pytest.fixture
def busy(book: Book) -> Book:
    """120 loans of 30 households, some direct, some settled, over three programmes and two sources."""
    luck = random.Random("cubes")
    loans = []
    for number in range(1, 121):
        household = luck.randrange(30)
        group = household % 6 if household % 6 < 5 else None
        more = {} if group is not None else {"office": book.place(0, DAY).office_id, "commune": 7}
        loans.append(
            loan_row(
                number,
                group,
                luck.choice([0, 1_000, 25_000]),
                household=household,
                programme=luck.choice(["HN", "HCN", "NOXH"]),
                local=luck.random() < 0.4,
                **more,
            )
        )
    book.close(DAY, loans)
    return book


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_every_set_of_keys_agrees_with_the_rows(busy: Book, count: int) -> None:
    rows = with_union(busy.rows[DAY])
    assert rows["household"].n_unique() < len(rows)
    for by in combinations(KEYS, count):
        names = "".join(f'"{key}", ' for key in by)
        told = duckdb.sql(
            f"""SELECT {names} sum(lent - paid)::bigint AS balance,
                       (sum(lent - paid) FILTER (WHERE local))::bigint AS local_balance,
                       count(DISTINCT household) FILTER (WHERE lent > paid) AS households
                  FROM rows GROUP BY ALL"""
        ).pl()
        codes = ["outstanding", "outstanding_local", "borrowers"]
        found = queries.values(on=DAY, by=by, codes=codes)
        wide = found.pivot("code", index=list(by) or None, values="value") if by else None
        if wide is None:
            values = dict(found.select("code", "value").rows())
            row = told.row(0, named=True)
            assert values == dict(zip(codes, (row["balance"], row["local_balance"], row["households"]), strict=True))  # fmt: skip
            continue
        names_of = dict(zip(codes, ("balance", "local_balance", "households"), strict=True))
        ours = wide.rename(names_of).select(*by, *names_of.values()).fill_null(0).sort(by)
        theirs = told.with_columns(pl.col(*names_of.values()).fill_null(0)).sort(by)
        assert ours.rows() == theirs.rows(), by


def test_a_day_closed_again_is_read_again(busy: Book) -> None:
    first = queries.values(on=DAY, codes=["outstanding"])["value"][0]
    busy.close(DAY, [loan_row(1, 0, 77)])
    assert first != 77
    assert queries.values(on=DAY, codes=["outstanding", "borrowers"])["value"].to_list() == [77, 1]
    queries.values(on=DAY, by=["group", "programme"], codes=["outstanding"])
    kept = list((busy.store.root.parent / "indicators").glob("units-*"))
    assert len(kept) == 1


def test_groups_that_stand_in_one_place_are_not_added_up_again(busy: Book) -> None:
    cubes.prepare(busy.store, [DAY], unions())
    names = {path.name.split("-")[0]: path.name for path in (busy.store.root.parent / "indicators").glob("*.parquet")}  # fmt: skip
    assert set(names) == {"units", "sources", "programmes"}
    assert names["programmes"].endswith(".one.words.parquet")
    assert not names["units"].endswith(".one.words.parquet")


def test_a_group_in_two_places_is_added_up(busy: Book) -> None:
    busy.close(DAY, [loan_row(1, 0, 5), loan_row(2, 0, 6, commune=7)])
    found = queries.values(on=DAY, by=["group", "programme"], codes=["outstanding"])
    assert found["value"].to_list() == [11]


def test_checks_find_nothing_and_find_a_spoiled_file(busy: Book) -> None:
    for check in checks.CHECKS.values():
        assert list(check()) == []
    (path,) = (busy.store.root.parent / "indicators").glob("units-*")
    pl.read_parquet(path).with_columns(pl.col("balance") + 1).write_parquet(path)
    assert list(checks.kept_sums_are_the_snapshots())
    (path,) = (busy.store.root.parent / "indicators").glob("programmes-*")
    spoiled = pl.read_parquet(path).with_columns(pl.col("overdue") + 1)
    spoiled.write_parquet(path)
    assert list(checks.kept_sums_are_the_snapshots())


def test_checks_of_an_empty_store(book: Book) -> None:
    assert [list(check()) for check in checks.CHECKS.values()] == [[], [], [], []]


def test_of_eight_first_visitors_one_computes_and_the_others_wait(
    busy: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds, kept, made = unions(), store(), []
    for old in (kept.root.parent / "indicators").glob("*.parquet"):
        old.unlink()
    start, compute = threading.Barrier(8), cubes._made

    def counting(*args: Any) -> pl.DataFrame:
        made.append(args[1].name)
        return compute(*args)

    monkeypatch.setattr(cubes, "_made", counting)

    def visit(_: int) -> pl.DataFrame:
        start.wait()
        found, _told = cubes.scan(kept, cubes.CUBES[0], [DAY], kinds)
        return found.collect()

    with ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(visit, range(8))
    assert made == [cubes.CUBES[0].name]
    assert len(first) and all(first.equals(one) for one in others)


def test_a_cache_changed_so_that_its_totals_still_agree_is_named(busy: Book) -> None:
    queries.values(on=DAY, codes=["outstanding"])
    assert list(checks.caches_are_the_snapshots()) == []
    (path,) = (busy.store.root.parent / "indicators").glob("units-*")
    frame = pl.read_parquet(path)
    # What one unit has more, another has less: the totals say nothing.
    moved = pl.when(pl.int_range(pl.len()) == 0).then(5).when(pl.int_range(pl.len()) == 1).then(-5)
    frame.with_columns(balance=pl.col("balance") + moved.otherwise(0)).write_parquet(path)
    assert list(checks.kept_sums_are_the_snapshots()) == []
    assert list(checks.caches_are_the_snapshots()) == [
        "ngày 31/07/2025: tệp tổng hợp units khác số liệu chốt"
    ]
