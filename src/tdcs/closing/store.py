"""Snapshots on disk: a day is a folder of Parquet and a manifest; a day is there when its manifest is.

    snapshots/2026-05-24.json             the manifest: what belongs to the day, with digests
    snapshots/2026-05-24.4f1c…/           the files that it names; never changed after
        rows-000.parquet …                rows of some offices each, by office and loan
        sums-000.parquet …                the sums of each

A day is written beside the others, synced, and begins with one rename of its manifest; a kill before it leaves what was
there. Files are named by content, so writing the same day again leaves the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.closing.errors import SnapshotMissing, SnapshotOfAnotherBook
from tdcs.closing.files import Proved, Writing, locked
from tdcs.closing.manifest import Manifest, read_manifest
from tdcs.closing.rules.rows import ROW, SUM_KEYS, SUMS, WORDS, kind_of, totals
from tdcs.core.columns import day_number
from tdcs.core.months import is_month_end

# Offices share a file until it holds so many rows: few files, and a piece fits memory many times over.
PACK_ROWS: Final = 1_200_000
KEEP_DAYS: Final = 45
SUM_COLUMNS: Final = (*SUM_KEYS, *SUMS)
Step = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lineage:
    """What a day stands on: its eve, the law, the book."""

    previous: str
    law_hash: str
    book: str


class Store:
    """The days of one book under a folder. With ``book``, days of another book are refused."""

    def __init__(self, root: Path, book: str | None = None) -> None:
        self.root = Path(root)
        self.book = book
        self._proved = Proved()

    def days(self) -> list[date]:
        """Finished days, ascending."""
        if not self.root.is_dir():
            return []
        found = (_day_of(path.name) for path in self.root.glob("????-??-??.json"))
        return sorted(day for day in found if day is not None)

    def latest(self, before: date | None = None) -> date | None:
        """The last finished day, or the last one before ``before``."""
        days = [day for day in self.days() if before is None or day < before]
        return days[-1] if days else None

    def month_ends(self) -> list[date]:
        """Finished days that are the last of their month."""
        return [day for day in self.days() if is_month_end(day)]

    def manifest(self, day: date) -> Manifest:
        """Raises SnapshotMissing, SnapshotDamaged, SnapshotOfAnotherBook."""
        path = self.root / f"{day}.json"
        if not path.exists():
            raise SnapshotMissing(day=day)
        found = read_manifest(path, day)
        if self.book is not None and found.book != self.book:
            raise SnapshotOfAnotherBook(day=day, found=found.book, book=self.book)
        return found

    def folder(self, day: date) -> Path:
        """Where the day's files lie."""
        return self.root / self.manifest(day).folder

    def read(
        self,
        day: date,
        columns: Sequence[str] | None = None,
        offices: Iterable[int] | None = None,
    ) -> pl.LazyFrame:
        """The day's rows (ROW, or some of it) of all or some offices, by office and loan."""
        manifest = self.manifest(day)
        wanted = None if offices is None else sorted(set(offices))
        names = [
            name
            for name, held in manifest.offices.items()
            if wanted is None or set(held) & set(wanted)
        ]
        if not names:
            return pl.LazyFrame(schema=_schema(tuple(columns or ROW)))
        frame = pl.scan_parquet(self.proved(manifest, names))
        if wanted is not None:
            frame = frame.filter(pl.col("office").is_in(wanted))
        return frame.select(pl.col(name).cast(rules_type(name)) for name in columns or ROW)

    def sums(self, day: date) -> pl.LazyFrame:
        """SUM_KEYS and SUMS of the day, a row for each combination of keys that occurs."""
        manifest = self.manifest(day)
        return pl.scan_parquet(self.proved(manifest, manifest.sums))

    def sums_many(self, days: Sequence[date]) -> pl.LazyFrame:
        """The sums of several days, with the day in front."""
        if not days:
            return pl.LazyFrame(schema={"day": pl.Date, **_schema(SUM_COLUMNS)})
        return pl.concat(
            [self.sums(day).select(pl.lit(day).alias("day"), *SUM_COLUMNS) for day in days]
        )

    def proved(self, manifest: Manifest, names: Sequence[str]) -> list[Path]:
        """Paths of files whose bytes are those that the manifest names. Raises SnapshotDamaged."""
        folder = self.root / manifest.folder
        return [
            self._proved.path(folder / name, manifest.day, manifest.files[name]) for name in names
        ]

    def prove(self, day: date) -> None:
        """Every file of a day is as it was written. Raises SnapshotMissing, SnapshotDamaged."""
        manifest = self.manifest(day)
        Proved().paths(self.root / manifest.folder, manifest)

    def write(
        self,
        day: date,
        parts: Iterable[tuple[int, pl.DataFrame]],
        *,
        month_start: date,
        lineage: Lineage,
        step: Step | None = None,
    ) -> Manifest:
        """Writes a day as a whole, in place of the one that may be there.

        ``parts``: (office, its rows), offices ascending. ``step`` is told of each stage (rehearsals of a kill).
        Raises StoreBusy, StoreFull, StoreNotWritten, SnapshotOfAnotherBook; then the store is as before.
        """
        first = day_number(month_start)
        with self.writing(day, lineage.previous, lineage.law_hash, lineage.book, step) as out:
            for number, rows in enumerate(map(pl.concat, _packs(parts))):
                if len(rows):
                    out.add(rows_name(number), narrow(rows), offices=_offices(rows))
                sums = summed(rows, first)
                out.add(sums_name(number), sums)
                out.add_total(sums.select(SUMS))
        return self.manifest(day)

    def writing(
        self, day: date, previous: str, law_hash: str, book: str, step: Step | None = None
    ) -> Writing:
        """A day in the making: files are added inside the block, and the day begins at its end."""
        found = self.book or next((self.manifest(d).book for d in self.days()[-1:]), book)
        if found != book:
            raise SnapshotOfAnotherBook(day=day, found=book, book=found)
        head = Manifest(day=day, previous=previous, law_hash=law_hash, book=book)
        return Writing(self.root, head, step or (lambda stage: None))

    def remove(self, day: date) -> None:
        """Forgets a day; nothing happens when it is not there."""
        path = self.root / f"{day}.json"
        if not path.exists():
            return
        with locked(self.root):
            path.unlink(missing_ok=True)

    def prune(self, keep_days: int = KEEP_DAYS, *, today: date) -> list[date]:
        """Removes days older than ``keep_days``; month-ends stay for ever. The days removed."""
        oldest = today - timedelta(days=keep_days)
        gone = [day for day in self.days() if day < oldest and not is_month_end(day)]
        for day in gone:
            self.remove(day)
        return gone


def summed(rows: pl.DataFrame, month_start: int) -> pl.DataFrame:
    """SUM_KEYS and SUMS of rows by the one rule, in the order of the keys."""
    found = totals(nw.from_native(rows.lazy()), *SUM_KEYS, month_start=month_start)
    native: pl.DataFrame = found.to_native().collect(engine="streaming")
    words = pl.Enum(sorted(native["programme"].unique().cast(pl.String).to_list()))
    ranks = native.select(pl.col(SUM_KEYS))
    ranks = ranks.with_columns(pl.col("programme").cast(words).to_physical())
    ordered = native[_places_in_order(ranks.cast(pl.Int64))]
    return ordered.select(pl.col(name).cast(rules_type(name)) for name in SUM_COLUMNS)


def _places_in_order(keys: pl.DataFrame) -> pl.Series:
    """Places of the rows in the order of ``keys``. As one number where they fit: six times as fast as one by one."""
    if len(keys) == 0:
        return pl.Series(dtype=pl.UInt32)
    least, most = keys.min().row(0), keys.max().row(0)
    widths = [(high - low).bit_length() for low, high in zip(least, most, strict=True)]
    if sum(widths) > 63:
        return keys.select(pl.arg_sort_by(keys.columns)).to_series()
    packed = pl.lit(0, pl.Int64)
    for name, low, width in zip(keys.columns, least, widths, strict=True):
        packed = packed * 2**width + (pl.col(name) - low)
    return keys.select(packed.arg_sort()).to_series()


def rows_name(number: int) -> str:
    """The file of a pack's rows."""
    return f"rows-{number:03}.parquet"


def sums_name(number: int) -> str:
    """The file of a pack's sums."""
    return f"sums-{number:03}.parquet"


# Types on disk, narrower than in the rules; what is not named is Int64.
_NARROW: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(("programme",), pl.Categorical()),
    **dict.fromkeys(("term", "spacing", "session"), pl.Int16()),
    **dict.fromkeys(
        ("source", "group", "mass", "office", "commune", "disbursed", "rate", "frozen_from",
         "frozen_to", "overdue_since", "next_trigger", "next_due", "final_due"),
        pl.Int32(),
    ),
}  # fmt: skip


def narrow(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the types of the disk. Raises when a value does not fit."""
    return rows.select(
        pl.col(name).cast(_NARROW.get(name, rules_type(name))) for name in rows.columns
    )


def _packs(parts: Iterable[tuple[int, pl.DataFrame]]) -> Iterable[list[pl.DataFrame]]:
    """Whole offices together, about PACK_ROWS rows each."""
    pack: list[pl.DataFrame] = []
    before: int | None = None
    for office, rows in parts:
        if before is not None and office <= before:
            raise ValueError(f"office {office} after {before}: offices come once, ascending")
        before = office
        if not rows["office"].eq(office).all():
            raise ValueError(f"rows of office {office} name another office")
        if pack and sum(map(len, pack)) + len(rows) > PACK_ROWS:
            yield pack
            pack = []
        pack.append(rows.select(ROW).sort("loan"))
    # A day without a row is one empty pack.
    if pack or before is None:
        yield pack or [pl.DataFrame(schema=_schema(ROW))]


def _offices(rows: pl.DataFrame) -> list[int]:
    return sorted(rows["office"].unique().to_list())


def rules_type(name: str) -> pl.DataType:
    """The type of a column inside the rules, as Polars names it."""
    if name in WORDS:
        return pl.String()
    return pl.Boolean() if isinstance(kind_of(name), nw.Boolean) else pl.Int64()


def _schema(names: Sequence[str]) -> dict[str, pl.DataType]:
    return {name: rules_type(name) for name in names}


def _day_of(name: str) -> date | None:
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return None
