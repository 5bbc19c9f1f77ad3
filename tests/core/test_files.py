"""Files appear at once, also when threads and processes write the same one."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tdcs.core.files import atomic_write, exclusive, replacing, write_once

_MANY = 8


def _write_often(path: Path, sign: int) -> None:
    for _ in range(50):
        atomic_write(path, bytes([sign]) * 10_000)


def test_threads_and_processes_write_one_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "kept"
    others = [
        multiprocessing.get_context("spawn").Process(target=_write_often, args=(path, sign))
        for sign in (1, 2)
    ]
    for one in others:
        one.start()
    with ThreadPoolExecutor(_MANY) as pool:
        for done in [pool.submit(_write_often, path, sign) for sign in range(3, 3 + _MANY)]:
            done.result()
    for one in others:
        one.join()
    assert [one.exitcode for one in others] == [0, 0]
    content = path.read_bytes()
    assert (len(content), len(set(content))) == (10_000, 1), "a mixture of two writers"
    assert [p.name for p in path.parent.iterdir()] == ["kept"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    atomic_write(path, b"before", sync=True)
    with pytest.raises(RuntimeError), replacing(path) as aside:
        aside.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_the_first_of_many_writes_the_key_of_all(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret-key"
    start = threading.Barrier(_MANY)

    def one(number: int) -> bytes:
        start.wait()
        return write_once(path, b"%d" % number * 40, mode=0o600)

    with ThreadPoolExecutor(_MANY) as pool:
        seen = set(pool.map(one, range(_MANY)))
    assert seen == {path.read_bytes()}
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_makes_it_and_the_others_wait(tmp_path: Path) -> None:
    path, made = tmp_path / "sums", []
    start = threading.Barrier(_MANY)

    def one(_: int) -> bytes:
        start.wait()
        with exclusive(path):
            if not path.exists():
                made.append(1)
                atomic_write(path, b"sums")
        return path.read_bytes()

    with ThreadPoolExecutor(_MANY) as pool:
        assert set(pool.map(one, range(_MANY))) == {b"sums"}
    assert made == [1]
