"""The store keeps whole days: written at once, proved when read, intact whatever happens to the next one."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from random_book import Book, month_start

from tdcs.closing import files
from tdcs.closing.errors import (
    SnapshotDamaged,
    SnapshotMissing,
    SnapshotOfAnotherBook,
    StoreBusy,
    StoreFull,
    StoreNotWritten,
)
from tdcs.closing.manifest import Manifest
from tdcs.closing.rules.history import rows_from_events
from tdcs.closing.rules.rows import ROW, SUM_KEYS
from tdcs.closing.store import SUM_COLUMNS, Lineage, Store
from tdcs.core.columns import day_number

DAY = date(2026, 5, 24)
NEXT = date(2026, 5, 25)


@pytest.fixture(scope="module")
def book() -> Book:
    return Book("store", 60)


def rows_of(book: Book, day: date) -> pl.DataFrame:
    number = day_number(day)
    rows, _ = rows_from_events(book.contracts, book.events, number, month_start(number))
    return rows.to_native()


def parts(rows: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    for office in sorted(rows["office"].unique().to_list()):
        yield office, rows.filter(pl.col("office") == office)


def lineage_words(given: dict[str, Any]) -> dict[str, str]:
    """What of it a day stands on, taken out of the rest."""
    return {name: given.pop(name) for name in ("previous", "law_hash", "book") if name in given}


def put(store: Store, rows: pl.DataFrame, day: date = DAY, **given: Any) -> Manifest:
    lineage = Lineage(**{"previous": "", "law_hash": "l", "book": "b", **lineage_words(given)})
    return store.write(day, parts(rows), month_start=day.replace(day=1), lineage=lineage, **given)


def bytes_under(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_what_is_written_is_read(tmp_path: Path, book: Book) -> None:
    store, rows = Store(tmp_path), rows_of(book, DAY)
    made = put(store, rows)
    whole = store.read(DAY).collect()
    assert whole.columns == list(ROW)
    assert whole.equals(rows.sort("office", "loan"))
    assert whole.schema == rows.schema
    some = store.read(DAY, columns=["loan", "paid"], offices=[2]).collect()
    assert some.equals(rows.filter(pl.col("office") == 2).sort("loan").select("loan", "paid"))
    assert store.read(DAY, offices=[99]).collect().is_empty()
    assert made == store.manifest(DAY)
    assert made.rows == len(rows) > 20
    assert made.totals["balance"] == (rows["lent"] - rows["paid"]).sum()


def test_sums_add_up_to_the_rows(tmp_path: Path, book: Book) -> None:
    store, rows = Store(tmp_path), rows_of(book, DAY)
    put(store, rows)
    put(store, rows_of(book, NEXT), NEXT)
    sums = store.sums(DAY).collect()
    assert sums.columns == list(SUM_COLUMNS)
    assert not sums.select(SUM_KEYS).is_duplicated().any()
    assert sums["overdue"].sum() == rows["overdue"].sum()
    assert sums["balance_days"].sum() == rows["balance_days"].sum()
    assert sums["due"].sum() == (rows["accrued"] - rows["collected"] - rows["waived"]).sum()
    both = store.sums_many([DAY, NEXT]).collect()
    assert both["day"].unique().sort().to_list() == [DAY, NEXT]
    assert both.filter(pl.col("day") == DAY).drop("day").equals(sums)
    assert store.sums_many([]).collect().columns == ["day", *SUM_COLUMNS]


def test_days_are_told(tmp_path: Path, book: Book) -> None:
    store = Store(tmp_path / "none yet")
    assert (store.days(), store.latest(), store.month_ends()) == ([], None, [])
    rows = rows_of(book, DAY)
    for day in (date(2026, 4, 30), DAY, NEXT):
        put(store, rows, day)
    assert store.days() == [date(2026, 4, 30), DAY, NEXT]
    assert store.latest() == NEXT
    assert store.latest(before=NEXT) == DAY
    assert store.month_ends() == [date(2026, 4, 30)]
    with pytest.raises(SnapshotMissing) as told:
        store.read(date(2026, 5, 26))
    assert "2026-05-26" in str(told.value)


def test_the_same_day_again_leaves_the_same_bytes(tmp_path: Path, book: Book) -> None:
    store, rows = Store(tmp_path), rows_of(book, DAY)
    put(store, rows)
    before = bytes_under(tmp_path)
    put(store, rows)
    assert bytes_under(tmp_path) == before
    put(store, rows.head(10))
    assert store.read(DAY).collect().height == 10
    put(store, rows)
    assert store.read(DAY).collect().height == len(rows)
    assert bytes_under(tmp_path).items() >= before.items()


STAGES = ["written rows-000.parquet", "written sums-000.parquet", "files named", "about to begin"]


WRITER = """
import os, sys
from datetime import date
from pathlib import Path
import polars as pl
from tdcs.closing.store import Lineage, Store
root, rows, day, stage = sys.argv[1:]
day, rows = date.fromisoformat(day), pl.read_parquet(rows)
parts = ((o, rows.filter(pl.col("office") == o)) for o in sorted(set(rows["office"])))
Store(Path(root)).write(day, parts, month_start=day.replace(day=1), lineage=Lineage(previous="", law_hash="l", book="b"),
    step=lambda told: os._exit(9) if told == stage else None)
"""


@pytest.mark.parametrize(
    ("stage", "day"),
    [*((stage, NEXT) for stage in STAGES), *((s, DAY) for s in (*STAGES[2:], "begun"))],
)
def test_a_kill_at_any_stage_leaves_whole_days(
    tmp_path: Path, book: Book, stage: str, day: date
) -> None:
    """A process dies without a word (os._exit): the day before, or the same day's older state, stands."""
    rows = rows_of(book, DAY)
    rows.write_parquet(tmp_path / "rows.parquet")
    given, tmp_path = tmp_path / "rows.parquet", tmp_path / "store"
    put(Store(tmp_path), rows.head(30))
    before = bytes_under(tmp_path)
    argv = [sys.executable, "-c", WRITER, str(tmp_path), str(given), str(day), stage]
    died = subprocess.run(argv, timeout=180, check=False)
    assert died.returncode == 9
    again = Store(tmp_path)
    if stage == "begun":
        assert again.read(day).collect().height == len(rows)
    else:
        assert again.days() == [DAY]
        assert again.read(DAY).collect().height == 30
        assert bytes_under(tmp_path).items() >= before.items()
    put(again, rows, day)
    assert again.read(day).collect().height == len(rows)
    clean = Store(tmp_path.with_name("clean"))
    put(clean, rows, day)
    names = {name for name in bytes_under(clean.root) if name.startswith(str(day))}
    there = bytes_under(tmp_path)
    assert {name: there[name] for name in names} == {
        name: bytes_under(clean.root)[name] for name in names
    }
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".writing")]


@pytest.mark.parametrize("stage", STAGES)
def test_an_error_at_any_stage_leaves_nothing(tmp_path: Path, book: Book, stage: str) -> None:
    store, rows = Store(tmp_path), rows_of(book, DAY)
    put(store, rows)
    before = bytes_under(tmp_path)

    def fail(told: str) -> None:
        if told == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put(store, rows, NEXT, step=fail)
    assert bytes_under(tmp_path) == before


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path, book: Book) -> None:
    store, rows = Store(tmp_path), rows_of(book, DAY)
    put(store, rows.head(5))
    before = bytes_under(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The kernel itself refuses the write (EFBIG), as a full disk does (ENOSPC).
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(StoreFull) as told:
            put(store, rows, NEXT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "2026-05-25" in str(told.value)
    assert bytes_under(tmp_path) == before


def test_a_full_device_gives_the_systems_number() -> None:
    frame = pl.DataFrame({"a": range(100_000)})
    with pytest.raises(OSError, match="No space left") as told:
        files.on_disk(files.encoded(frame), Path("/dev/full"))
    assert told.value.errno == 28


def test_a_folder_that_takes_no_files_is_named(tmp_path: Path, book: Book) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreNotWritten) as told:
        put(Store(tmp_path / "file"), rows_of(book, DAY))
    assert "2026-05-24" in str(told.value)


def damage(path: Path) -> None:
    """One bit of the file turns."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["rows-000.parquet", "sums-000.parquet"])
def test_a_damaged_file_is_named(tmp_path: Path, book: Book, name: str) -> None:
    store = Store(tmp_path)
    put(store, rows_of(book, DAY))
    damage(store.folder(DAY) / name)
    with pytest.raises(SnapshotDamaged) as told:
        store.sums(DAY) if name == "sums-000.parquet" else store.read(DAY)
    assert name in str(told.value)
    assert "2026-05-24" in str(told.value)
    with pytest.raises(SnapshotDamaged):
        store.prove(DAY)
    put(store, rows_of(book, DAY))
    store.prove(DAY)


def test_a_missing_file_and_an_altered_manifest_are_named(tmp_path: Path, book: Book) -> None:
    store = Store(tmp_path)
    put(store, rows_of(book, DAY))
    (store.folder(DAY) / "sums-000.parquet").unlink()
    with pytest.raises(SnapshotDamaged, match=r"sums-000\.parquet"):
        store.sums(DAY)
    page = tmp_path / "2026-05-24.json"
    page.write_text(page.read_text(encoding="utf-8").replace('"rows": ', '"rows": 1'), "utf-8")
    with pytest.raises(SnapshotDamaged, match=r"2026-05-24\.json"):
        store.manifest(DAY)
    page.write_text("{", encoding="utf-8")
    with pytest.raises(SnapshotDamaged, match=r"2026-05-24\.json"):
        store.read(DAY)


def test_another_book_is_refused(tmp_path: Path, book: Book) -> None:
    rows = rows_of(book, DAY)
    put(Store(tmp_path), rows, book="seed 232")
    with pytest.raises(SnapshotOfAnotherBook, match="seed 232"):
        Store(tmp_path, book="seed 7").read(DAY)
    with pytest.raises(SnapshotOfAnotherBook):
        put(Store(tmp_path), rows, NEXT, book="seed 7")
    assert Store(tmp_path, book="seed 232").days() == [DAY]


def test_two_writers_at_once_are_refused(tmp_path: Path, book: Book) -> None:
    store, rows = Store(tmp_path), rows_of(book, DAY)
    told = []

    def second(stage: str) -> None:
        if stage == "written sums-000.parquet":
            with pytest.raises(StoreBusy) as busy:
                put(Store(tmp_path), rows, NEXT)
            told.append(busy.value.code)

    put(store, rows, step=second)
    assert told == ["store_busy"]
    assert store.days() == [DAY]


def test_thinning_keeps_month_ends(tmp_path: Path, book: Book) -> None:
    store, rows = Store(tmp_path), rows_of(book, DAY).head(5)
    first = date(2026, 3, 28)
    for step in range(10):
        put(store, rows, first + timedelta(days=step))
    gone = store.prune(keep_days=3, today=date(2026, 4, 6))
    assert gone == [first + timedelta(days=step) for step in (0, 1, 2, 4, 5)]
    assert store.days() == [date(2026, 3, 31), *(date(2026, 4, day) for day in (3, 4, 5, 6))]
    store.remove(date(2026, 4, 6))
    assert store.latest() == date(2026, 4, 5)
    put(store, rows, date(2026, 4, 6))
    folders = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert len(folders) == len(store.days()) == 5


def test_offices_come_once_and_ascending(tmp_path: Path, book: Book) -> None:
    rows = rows_of(book, DAY)
    words = {
        "month_start": DAY.replace(day=1),
        "lineage": Lineage(previous="", law_hash="l", book="b"),
    }
    with pytest.raises(ValueError, match="ascending"):
        Store(tmp_path).write(DAY, reversed(list(parts(rows))), **words)
    with pytest.raises(ValueError, match="another office"):
        Store(tmp_path).write(DAY, [(1, rows)], **words)
    assert Store(tmp_path).days() == []
