"""The close from yesterday's files to today's, pack by pack: memory holds a few packs, both cores have work.

The same rules as the close of a whole frame (rules/step.py). Two passes: the first reads a few columns of every row and
finds what belongs to whom and which loans must be folded anew; these are folded once; the second advances each pack.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from threading import BoundedSemaphore
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.closing.files import Writing, encoded
from tdcs.closing.manifest import Manifest
from tdcs.closing.rules.rows import ROW, SUMS
from tdcs.closing.rules.step import Closed, Today, advance, folded, loans_to_refold, unmatched_loans
from tdcs.closing.store import Store, rows_name, summed, sums_name
from tdcs.core.frames import Frame

# Contracts and events of the loans that the close asks for.
Lives = Callable[[Frame], tuple[Frame, Frame]]
_LIGHT: Final = ("loan", "plain", "lent", "paid", "fallen", "next_trigger", "frozen_to")
# As many as a small machine has cores: Polars' own threads add to them. Files go to the disk behind, a few at a time.
_WORKERS: Final = 2
_BEHIND: Final = 4


class NotByPacks(Exception):
    """Loans change office today: rows leave their pack, so the close takes the whole frame."""


@dataclass
class Spent:
    """Seconds of all workers by kind of work."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class DayToClose:
    """A day, the kept day before it, what happened on it, and the law under which it is closed."""

    day: date
    eve: date
    today: Today
    law_hash: str


@dataclass(frozen=True, slots=True)
class _Pack:
    name: str
    number: int
    today: Today
    asked: Frame


@dataclass(frozen=True, slots=True)
class _Written:
    """The files of a pack: digests (to come) of its rows and sums, and what they hold."""

    number: int
    rows: Future[str]
    sums: Future[str]
    offices: list[int]
    count: int
    totals: pl.DataFrame


def close_packs(
    store: Store,
    work: DayToClose,
    read_loans: Lives,
    *,
    accept: Callable[[Closed], None],
    spent: Spent | None = None,
) -> Manifest:
    """Writes the day from its eve. ``accept`` sees what the close found (its rows are the folded ones) and may refuse
    before anything is written. Raises NotByPacks, and what the store raises."""
    day, today = work.day, work.today
    if len(today.places):
        raise NotByPacks
    spent = spent or Spent()
    before = store.manifest(work.eve)
    close = _Close(store, before, today, spent)
    with ThreadPoolExecutor(1) as disk, ThreadPoolExecutor(_WORKERS) as pool:
        packs, absent = close.first_pass(pool)
        asked = nw.concat([*(pack.asked for pack in packs), absent]).unique("loan").sort("loan")
        with spent.on("fold"):
            contracts, histories = read_loans(asked)
            whole, refused = folded(contracts, histories, today)
            unknown, lost = unmatched_loans(absent, today, contracts, histories, whole)
        accept(Closed(whole, refused, unknown, lost))
        with store.writing(day, before.digest, work.law_hash, before.book) as out:
            close.second_pass(pool, packs, whole, out, _Behind(disk, out, spent))
    return store.manifest(day)


class _Close:
    """One close while it runs."""

    def __init__(self, store: Store, before: Manifest, today: Today, spent: Spent) -> None:
        self.store, self.before, self.today, self.spent = store, before, today, spent
        self.names = sorted(before.offices, key=lambda name: before.offices[name][0])

    def first_pass(self, pool: ThreadPoolExecutor) -> tuple[list[_Pack], Frame]:
        """Each pack with its own part of the day, and the loans with events that no pack holds and nobody opened."""
        opened = self._opened_by_pack()
        packs = list(pool.map(self._look, range(len(self.names)), opened))
        there = nw.concat([pack.today.events.select("loan") for pack in packs])
        absent = self.today.events.select("loan").unique().join(there, on="loan", how="anti")
        return packs, absent

    def _opened_by_pack(self) -> list[Frame]:
        """Today's loans by the pack whose offices theirs is among, or follows."""
        firsts = [self.before.offices[name][0] for name in self.names]
        opened = nw.from_native(
            self.today.opened.to_native().with_columns(pl.col("programme").cast(pl.Categorical)),
            eager_only=True,
        )
        ends = [*firsts[1:], 2**62]
        begins = [-(2**62), *firsts[1:]]
        office = nw.col("office")
        return [
            opened.filter((office >= a) & (office < b)) for a, b in zip(begins, ends, strict=True)
        ]

    def _look(self, number: int, opened: Frame) -> _Pack:
        name = self.names[number]
        with self.spent.on("prove"):
            self.store.proved(self.before, [name])
        with self.spent.on("read"):
            light = self._read(name, _LIGHT).with_columns(nw.col("loan").cast(nw.Int64))
        with self.spent.on("events"):
            known = nw.concat([light.select("loan"), opened.select("loan")])
            events = self.today.events.join(known, on="loan", how="semi")
            today = replace(self.today, events=events, opened=opened)
            return _Pack(name, number, today, loans_to_refold(light, today))

    def _read(self, name: str, columns: tuple[str, ...]) -> Frame:
        path = self.store.root / self.before.folder / name
        return nw.from_native(pl.read_parquet(path, columns=list(columns)), eager_only=True)

    def second_pass(
        self,
        pool: ThreadPoolExecutor,
        packs: list[_Pack],
        whole: Frame,
        out: Writing,
        behind: _Behind,
    ) -> None:
        native = whole.to_native().with_columns(pl.col("programme").cast(pl.Categorical))
        offices = native["office"]
        firsts = [self.before.offices[pack.name][0] for pack in packs]
        parts = []
        for at in range(len(packs)):
            mine = pl.repeat(True, len(native), eager=True)
            if at > 0:
                mine &= offices >= firsts[at]
            if at + 1 < len(packs):
                mine &= offices < firsts[at + 1]
            parts.append(nw.from_native(native.filter(mine), eager_only=True))
        made = pool.map(lambda pack, part: self._advance(pack, part, behind), packs, parts)
        for written in made:
            rows, sums = written.rows.result(), written.sums.result()
            out.named(rows_name(written.number), rows, written.offices, written.count)
            out.named(sums_name(written.number), sums)
            out.add_total(written.totals)

    def _advance(self, pack: _Pack, whole: Frame, behind: _Behind) -> _Written:
        """The pack's files of today."""
        with self.spent.on("read"):
            yesterday = self._read(pack.name, ROW)
        with self.spent.on("step"):
            rows = advance(yesterday, pack.today, pack.asked, whole).to_native()
        with self.spent.on("order"):
            rows = _ordered(rows, len(yesterday))
        with self.spent.on("sums"):
            sums = summed(rows, self.today.month_start)
        return _Written(
            pack.number,
            behind.put(rows_name(pack.number), rows),
            behind.put(sums_name(pack.number), sums),
            rows["office"].unique().sort().to_list(),
            len(rows),
            sums.select(SUMS).sum(),
        )


class _Behind:
    """A day in the making whose files go to the disk on a thread of its own, while the next are computed."""

    def __init__(self, disk: ThreadPoolExecutor, out: Writing, spent: Spent) -> None:
        self._disk, self._out, self._spent = disk, out, spent
        self._room = BoundedSemaphore(_BEHIND)

    def put(self, name: str, frame: pl.DataFrame) -> Future[str]:
        """The digest of the file, once it is on the disk. Waits while too much is behind."""
        with self._spent.on("encode"):
            made = encoded(frame)
        self._room.acquire()
        return self._disk.submit(self._kept, name, made)

    def _kept(self, name: str, made: io.BytesIO) -> str:
        try:
            with self._spent.on("disk"):
                return self._out.put(name, made)
        finally:
            self._room.release()


def _ordered(rows: pl.DataFrame, old: int) -> pl.DataFrame:
    """Rows by office and loan; from ``old`` on they are new ones, which mostly follow the old loans of their office."""
    if len(rows) == old:
        return rows
    there, new = rows.head(old), rows.tail(len(rows) - old).sort("office", "loan")
    runs = there["office"].rle().struct.unnest()
    parts, at = [], 0
    for length, office in runs.rows():
        mine = new.filter(pl.col("office") == office)
        parts += [there.slice(at, length), mine]
        at += length
        if len(mine) and mine["loan"][0] < there["loan"][at - 1]:
            return rows.sort("office", "loan")
    found = pl.concat(parts, rechunk=True)
    return found if len(found) == len(rows) else rows.sort("office", "loan")
