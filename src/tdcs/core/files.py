"""Files that appear at once: whoever reads meets a complete one, and two who write the same do not meet."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

_LOCKS: Final = 16
# What the system says where no more can be written: the disk, the quota, the process' own limit.
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_full(error: BaseException | None) -> bool:
    """Whether an error says that there is no room to write."""
    return isinstance(error, OSError) and error.errno in _FULL


def atomic_write(path: Path, content: bytes, *, sync: bool = False, mode: int = 0o644) -> None:
    """Puts ``content`` at ``path`` in place of what is there. ``sync``: it is on the disk when this returns."""
    with replacing(path) as aside:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            if sync:
                os.fsync(out.fileno())


def write_once(path: Path, content: bytes, *, mode: int = 0o644) -> bytes:
    """What lies at ``path``: ``content``, or what somebody wrote there first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(path)
    atomic_write(aside, content, sync=True, mode=mode)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
    return path.read_bytes()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name of one's own to write to, which becomes ``path`` when the block ends without an error.

    The name is unique to the call: threads of one process write the same file at once, too.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(path)
    try:
        yield aside
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """One at a time among all threads and processes that make ``path``; the others wait here.

    Not to be nested: a few locks serve all files of a folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.parent / f".making-{zlib.crc32(path.name.encode()) % _LOCKS}.lock"
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid4().hex}")
