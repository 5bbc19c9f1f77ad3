"""Sums of the closed days by fewer keys, made once a day and kept beside the snapshots: what screens ask is read, not added.

    indicators/units-2026-05-24.4f1c….words.parquet  by commune, organisation, office, programme, source
    indicators/programmes-…, indicators/sources-…    by group and programme, by group and source

A file is named by the digest of its snapshot: another snapshot of the day makes another file. ``.one`` in the name says that a
group stands in one place that day, so its rows need no adding up.

Borrowers do not add up: a household of two programmes is one borrower of its commune and one of each programme. For each
set of at most two keys, the first row of a household within the set's cell carries the count, in a column of the set's own
(``borrowers|commune|programme``): in its own set a column does add up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Final

import polars as pl

from tdcs.closing.rules.rows import SUMS
from tdcs.closing.store import Store
from tdcs.core import law
from tdcs.core.files import exclusive
from tdcs.indicators.frame_files import write_frame
from tdcs.indicators.rules.definitions import catalogue

# Keys that are words: kept as numbers of words, which are looked up only for the cells that are shown.
WORDS: Final = ("programme", "union")
# The way the files are written: another way has another name.
_LAYOUT: Final = ".words.parquet"
_PLACES: Final = ("office", "commune", "mass", "union")


@dataclass(frozen=True, slots=True)
class Cube:
    """A kind of file: its keys, and those that tell its rows apart where a group stands in one place."""

    name: str
    keys: tuple[str, ...]
    apart: frozenset[str]

    def sets(self) -> list[tuple[str, ...]]:
        """The sets of keys whose borrowers it counts."""
        if "group" not in self.keys:
            return [(), *_few(self.keys)]
        return [("group",), *(one for one in _few(self.keys) if "group" in one and len(one) == 2)]


def _few(keys: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(sorted(one)) for size in (1, 2) for one in combinations(keys, size)]


CUBES: Final = (
    Cube("units", (*_PLACES, "programme", "source", "local"), frozenset()),
    Cube("sources", ("group", *_PLACES, "source", "local"), frozenset({"group", "source"})),
    Cube("programmes", ("group", *_PLACES, "programme"), frozenset({"group", "programme"})),
)


def cube_of(keys: Collection[str]) -> Cube | None:
    """The smallest cube that knows the keys; None when only the whole sums do."""
    return next((one for one in CUBES if set(keys) <= set(one.keys)), None)


def borrowers_of(keys: Iterable[str]) -> str:
    """The column that counts borrowers by a set of keys."""
    return "|".join(("borrowers", *sorted(keys)))


def local_of(measure: str) -> str:
    """The column of a measure's local part."""
    return f"local.{measure}"


@law.remembered
def local_measures() -> tuple[str, ...]:
    """The measures of which an indicator reads the local part."""
    terms = (term for one in catalogue().values() for term in one.terms)
    return tuple(sorted({t.measure for t in terms if t.local and t.measure in SUMS}))


def scan(
    store: Store, cube: Cube, days: Sequence[date], kinds: Mapping[int, str]
) -> tuple[pl.LazyFrame, bool]:
    """(day, the cube's keys and sums of some days, whether its rows are told apart by few keys); makes what is missing.

    ``kinds``: mass organisation → its kind.
    """
    paths = [_ready(store, cube, day, kinds) for day in days]
    if not paths:
        return pl.LazyFrame(schema={"day": pl.Date, **_types(cube)}), True
    return pl.scan_parquet(paths), all(path.name.endswith(f".one{_LAYOUT}") for path in paths)


def prepare(store: Store, days: Sequence[date], kinds: Mapping[int, str]) -> None:
    """Makes every cube of the days that is missing."""
    for day in days:
        for cube in CUBES:
            _ready(store, cube, day, kinds)


def altered(store: Store, day: date, kinds: Mapping[int, str]) -> list[str]:
    """The names of the day's cubes whose kept file is not what its snapshot gives, computed anew."""
    digest, wrong = store.manifest(day).digest[:16], []
    for cube in CUBES:
        for path in _folder(store).glob(f"{cube.name}-{day}.{digest}*.parquet"):
            if not _same(path, _made(store, cube, day, kinds)):
                wrong.append(cube.name)
    return wrong


def _same(path: Path, made: pl.DataFrame) -> bool:
    try:
        return made.equals(pl.read_parquet(path).select(made.columns).cast(made.schema))
    except (OSError, pl.exceptions.PolarsError):
        return False


def _folder(store: Store) -> Path:
    return store.root.parent / "indicators"


def _ready(store: Store, cube: Cube, day: date, kinds: Mapping[int, str]) -> Path:
    folder, stem = _folder(store), f"{cube.name}-{day}"
    stem_now = f"{stem}.{store.manifest(day).digest[:16]}"
    there = _there(folder, stem_now)
    if there is not None:
        return there
    with exclusive(folder / stem):  # many ask at once for a day that was just closed: one makes it
        return _there(folder, stem_now) or _make(store, cube, day, kinds, folder, stem_now)


def _there(folder: Path, stem: str) -> Path | None:
    paths = (folder / f"{stem}{ending}" for ending in (f".one{_LAYOUT}", _LAYOUT))
    return next((path for path in paths if path.exists()), None)


def _make(
    store: Store, cube: Cube, day: date, kinds: Mapping[int, str], folder: Path, stem: str
) -> Path:
    made = _made(store, cube, day, kinds)
    rows = made.filter(pl.col("group") != 0) if cube.apart else made
    one = bool(cube.apart) and not rows.select(sorted(cube.apart)).is_duplicated().any()
    path = folder / f"{stem}{'.one' if one else ''}{_LAYOUT}"
    write_frame(made, path, compression="zstd", compression_level=1)
    for old in folder.glob(f"{cube.name}-{day}.*.parquet"):
        if old != path:
            old.unlink(missing_ok=True)
    return path


def _made(store: Store, cube: Cube, day: date, kinds: Mapping[int, str]) -> pl.DataFrame:
    local = [
        pl.col(name).filter(pl.col("local")).sum().alias(local_of(name))
        for name in local_measures()
    ]
    sums = _with_union(store.sums(day).collect(), kinds)
    added = sums.group_by(cube.keys).agg(*(pl.col(name).sum() for name in SUMS), *local)
    counted = _counted(store, cube, day, kinds)
    found = added.join(counted, on=list(cube.keys), how="left", nulls_equal=True)
    flags = [borrowers_of(one) for one in cube.sets()]
    found = found.with_columns(pl.col(flags).fill_null(0)).sort(cube.keys)
    typed = [pl.col(name).cast(kind) for name, kind in _types(cube).items()]
    return found.select(pl.lit(day, dtype=pl.Date).alias("day"), *typed)


def _types(cube: Cube) -> dict[str, pl.DataType]:
    typed: dict[str, pl.DataType] = {
        name: pl.Categorical() if name in WORDS else pl.Boolean() if name == "local" else pl.Int64()
        for name in cube.keys
    }
    numbers = [*SUMS, *map(local_of, local_measures()), *map(borrowers_of, cube.sets())]
    return typed | dict.fromkeys(numbers, pl.Int64())


def _counted(store: Store, cube: Cube, day: date, kinds: Mapping[int, str]) -> pl.DataFrame:
    """The cube's keys and its columns of borrowers."""
    names = [name for name in cube.keys if name != "union"]
    rows = store.read(day, columns=["household", *names, "lent", "paid"])
    rows = rows.filter(pl.col("lent") > pl.col("paid")).drop("lent", "paid")
    live = _with_union(rows.collect(), kinds)
    # Most households have one loan: it carries every count.
    lone = ~live["household"].is_duplicated()
    several = live.filter(~lone)
    flags = [
        pl.struct("household", *one).is_first_distinct().cast(pl.Int64).alias(borrowers_of(one))
        for one in cube.sets()
    ]
    single = [pl.lit(1, dtype=pl.Int64).alias(borrowers_of(one)) for one in cube.sets()]
    marked = pl.concat([live.filter(lone).with_columns(single), several.with_columns(flags)])
    return marked.group_by(cube.keys).agg(pl.col(borrowers_of(one)).sum() for one in cube.sets())


def _with_union(frame: pl.DataFrame, kinds: Mapping[int, str]) -> pl.DataFrame:
    found = pl.col("mass").replace_strict(dict(kinds), default="", return_dtype=pl.String)
    return frame.with_columns(union=found)
