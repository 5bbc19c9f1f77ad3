"""The close by packs writes what the close of the whole frame writes, and both what all events say."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest
from random_book import Book, month_start
from test_fold_of_days import differences, fold_on

from tdcs.cli.bench_book import Invented
from tdcs.closing import store
from tdcs.closing.errors import SnapshotDamaged
from tdcs.closing.packs import DayToClose, NotByPacks, close_packs
from tdcs.closing.rules.rows import SUM_KEYS, sums
from tdcs.closing.rules.step import Closed, Today
from tdcs.closing.store import Lineage, Store
from tdcs.core.columns import day_number

DAY = date(2026, 3, 30)


def put(kept: Store, rows: pl.DataFrame, day: date) -> None:
    parts = ((o, rows.filter(pl.col("office") == o)) for o in sorted(set(rows["office"])))
    kept.write(
        day,
        parts,
        month_start=day.replace(day=1),
        lineage=Lineage(previous="", law_hash="l", book="b"),
    )


def accepted(closed: Closed) -> None:
    assert (closed.unknown, closed.lost, len(closed.refused)) == ([], [], 0)


def test_days_by_packs_equal_the_fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a month's end, with an office a pack; some loans open, some leave."""
    monkeypatch.setattr(store, "PACK_ROWS", 20)
    book, kept = Book("gói 2", 120), Store(tmp_path)
    put(kept, fold_on(book, day_number(DAY) - 1).to_native(), DAY - timedelta(days=1))
    for step in range(5):
        day = DAY + timedelta(days=step)
        number, eve = day_number(day), day - timedelta(days=1)
        made = close_packs(
            kept,
            DayToClose(day, eve, book.today(number), "l"),
            lambda asked, d=number: book.of(asked, d),
            accept=accepted,
        )
        assert len(made.offices) == 4
        assert made.previous == kept.manifest(eve).digest
        whole = fold_on(book, number).sort("office", "loan")
        assert differences(nw.from_native(kept.read(day).collect()), whole) == []
        told = sums(whole, *SUM_KEYS, month_start=month_start(number)).to_native()
        assert kept.sums(day).collect().equals(told)


def test_an_invented_book_is_what_its_events_make(tmp_path: Path) -> None:
    """The benchmark's own book: three packs of copies, closed from files to files."""
    book = Invented(6000, 900, day_number(DAY), pack=500)
    day, eve, kept = DAY, DAY - timedelta(days=1), Store(tmp_path)
    pieces = list(book)
    assert len(pieces) == 3
    put(kept, pl.concat([piece.rows for piece in pieces]), eve)
    first = pieces[0].today
    events = nw.concat([piece.today.events for piece in pieces])
    opened = nw.concat([piece.today.opened for piece in pieces])
    contracts = nw.concat([piece.contracts for piece in pieces])
    past = nw.concat([piece.histories for piece in pieces])
    today = Today(first.day, first.month_start, events, opened, first.places)
    asked_for: list[int] = []

    def lives(asked: nw.DataFrame) -> tuple[nw.DataFrame, nw.DataFrame]:
        asked_for.extend(asked["loan"].to_list())
        return contracts.join(asked, on="loan", how="semi"), past.join(asked, on="loan", how="semi")

    made = close_packs(kept, DayToClose(day, eve, today, "l"), lives, accept=accepted)
    assert asked_for
    assert made.rows == len(pieces[0].rows) * 3 + len(opened)
    rows = nw.from_native(kept.read(day).collect(), eager_only=True)
    assert rows["collected"].sum() - sum(piece.rows["collected"].sum() for piece in pieces) > 0
    lone = rows.filter(nw.col("loan").is_in(opened["loan"].to_list()))
    assert lone["lent"].sum() == events.filter(nw.col("kind") == 0)["amount"].sum()


def test_a_damaged_yesterday_is_named_and_today_not_begun(tmp_path: Path) -> None:
    book, kept = Book("hỏng", 20), Store(tmp_path)
    number = day_number(DAY)
    put(kept, fold_on(book, number - 1).to_native(), DAY - timedelta(days=1))
    path = kept.folder(DAY - timedelta(days=1)) / "rows-000.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(SnapshotDamaged, match=r"rows-000\.parquet"):
        close_packs(
            kept,
            DayToClose(DAY, DAY - timedelta(days=1), book.today(number), "l"),
            lambda asked: book.of(asked, number),
            accept=accepted,
        )
    assert kept.days() == [DAY - timedelta(days=1)]


def test_a_day_of_moves_is_left_to_the_whole_frame(tmp_path: Path) -> None:
    book, kept = Book("dời", 30), Store(tmp_path)
    day = date(2025, 7, 1)
    number = day_number(day)
    put(kept, fold_on(book, number - 1).to_native(), day - timedelta(days=1))
    with pytest.raises(NotByPacks):
        close_packs(
            kept,
            DayToClose(day, day - timedelta(days=1), book.today(number), "l"),
            lambda asked: book.of(asked, number),
            accept=accepted,
        )
