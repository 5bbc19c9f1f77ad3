"""Files of snapshots: written beside, synced, named by content, begun with one rename; proved when read."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import io
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final

import polars as pl

from tdcs.closing.errors import SnapshotDamaged, StoreBusy, StoreFull, StoreNotWritten
from tdcs.closing.manifest import Manifest, read_manifest

_TEMPORARY: Final = ".writing-"
_LOCK: Final = ".lock"
_FOLDER: Final = re.compile(r"\d{4}-\d\d-\d\d\.[0-9a-f]{16}")
# A file is read whole: one row group makes it a quarter smaller, and quicker to write and to read.
_ROW_GROUP: Final = 2**21
_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Proved:
    """Files whose bytes were compared with their digest, remembered while they stay untouched."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[int, ...]] = {}

    def path(self, path: Path, day: date, digest: str) -> Path:
        """``path``. Raises SnapshotDamaged when the file is missing or says something else."""
        try:
            there = path.stat()
        except OSError as error:
            raise SnapshotDamaged(file=path.name, day=day, detail="không có tệp") from error
        mark = (there.st_ino, there.st_size, there.st_mtime_ns)
        if self._seen.get(path) != mark:
            if sha256_of(path) != digest:
                raise SnapshotDamaged(file=path.name, day=day, detail="nội dung khác lúc ghi")
            self._seen[path] = mark
        return path

    def paths(self, folder: Path, manifest: Manifest) -> list[Path]:
        """Every file of a manifest."""
        return [
            self.path(folder / name, manifest.day, digest)
            for name, digest in manifest.files.items()
        ]


class Writing:
    """A day in the making. Leaving the block without an error makes it the day; with one, nothing is left of it."""

    def __init__(self, root: Path, head: Manifest, step: Callable[[str], None]) -> None:
        self.root = root
        self.head = head
        self.step = step
        self._temporary = root / f"{_TEMPORARY}{head.day}"
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Writing:
        with self._named_errors():
            self.root.mkdir(parents=True, exist_ok=True)
            self._stack.enter_context(locked(self.root))
            try:
                sweep(self.root)
                self._temporary.mkdir()
            except BaseException:
                self._stack.close()
                raise
        return self

    def add(self, name: str, frame: pl.DataFrame, offices: Sequence[int] = ()) -> None:
        """Writes a frame as a file of the day; ``offices`` when it holds rows of theirs."""
        self.named(name, self.write(name, frame), offices, len(frame) if offices else 0)

    def write(self, name: str, frame: pl.DataFrame) -> str:
        """Writes a file and gives its digest, for ``named``."""
        return self.put(name, encoded(frame))

    def put(self, name: str, made: io.BytesIO) -> str:
        """Writes what was encoded and gives its digest; several threads may put at once."""
        with self._named_errors():
            return on_disk(made, self._temporary / name)

    def add_total(self, sums: pl.DataFrame) -> None:
        """Adds what a part of the day's sums comes to."""
        more, known = sums.sum().row(0, named=True), self.head.totals
        self.head = replace(
            self.head, totals={name: known.get(name, 0) + more[name] for name in more}
        )

    def named(self, name: str, digest: str, offices: Sequence[int] = (), rows: int = 0) -> None:
        """A written file belongs to the day, after those named before it."""
        files = {**self.head.files, name: digest}
        held = {**self.head.offices, **({name: list(offices)} if offices else {})}
        self.head = replace(self.head, files=files, offices=held, rows=self.head.rows + rows)
        self.step(f"written {name}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._stack:
            try:
                if error is None:
                    with self._named_errors():
                        self._begin()
            finally:
                shutil.rmtree(self._temporary, ignore_errors=True)

    def _begin(self) -> None:
        """The files get their place, then the manifest; with its rename the day is there."""
        made = self.head.sealed()
        folder = self.root / made.folder
        page = self._temporary.with_suffix(".json")
        sync(self._temporary)
        placed = not self._intact(folder, made)
        try:
            if placed:
                if folder.exists():  # the same content once, damaged since
                    folder.rename(self._temporary.with_suffix(".damaged"))
                self._temporary.rename(folder)
            self.step("files named")
            page.write_text(made.as_json(), encoding="utf-8")
            sync(page)
            sync(self.root)
            self.step("about to begin")
            page.replace(self.root / f"{made.day}.json")
        except BaseException:
            page.unlink(missing_ok=True)
            if placed:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        sync(self.root)
        shutil.rmtree(self._temporary.with_suffix(".damaged"), ignore_errors=True)
        self.step("begun")

    def _intact(self, folder: Path, made: Manifest) -> bool:
        try:
            Proved().paths(folder, made)
        except SnapshotDamaged:
            return False
        return True

    @contextlib.contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in _NO_SPACE:
                raise StoreFull(day=self.head.day) from error
            raise StoreNotWritten(day=self.head.day, detail=error.strerror or error) from error


def encoded(frame: pl.DataFrame) -> io.BytesIO:
    """A frame as Parquet, quick to write and to read.

    In memory: then the system's refusals come with their number (Polars tells them in words, or not at all), and the disk
    is waited for elsewhere.
    """
    made = io.BytesIO()
    frame.write_parquet(made, compression="lz4", statistics=False, row_group_size=_ROW_GROUP)
    return made


def on_disk(made: io.BytesIO, path: Path) -> str:
    """The SHA-256 of what was encoded, which is on the disk when this returns."""
    content = made.getbuffer()
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """The store for one writer at a time. Raises StoreBusy."""
    handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy from error
        yield
    finally:
        os.close(handle)


def sweep(root: Path) -> None:
    """Removes what killed writers and replaced days left: folders that no manifest names.

    Where a manifest cannot be read, all folders of its day stay.
    """
    named: set[str] = set()
    unsure: set[str] = set()
    for page in root.glob("????-??-??.json"):
        try:
            named.add(read_manifest(page, date.fromisoformat(page.stem)).folder)
        except (SnapshotDamaged, ValueError):
            unsure.add(page.stem)
    for path in list(root.iterdir()):
        if path.name.startswith(_TEMPORARY):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        elif (
            _FOLDER.fullmatch(path.name) and path.name not in named and path.name[:10] not in unsure
        ):
            shutil.rmtree(path)


def sync(path: Path) -> None:
    """What was written there is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
