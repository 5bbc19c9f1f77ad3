"""A close killed at any point, by SIGKILL in a process of its own, ends with the same bytes and posts once."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from business import FIRST, Business
from kill_world import World, prepared
from lending_cast import Bank

from tdcs.closing.models import CloseRun
from tdcs.closing.services import close_day
from tdcs.core import clock

DAY = "2026-03-31"


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[World]:
    """A month closed through its last eve, in a database of its own.

    Its tests are marked django_db so that pytest-django lays out the database that is copied here.
    """
    with prepared(django_db_blocker, tmp_path, "kill_child.py", DAY) as (made, name):
        made.prepared = name  # type: ignore[attr-defined]
        yield made


def _kill_rounds(world: World, rounds: int, seed: int) -> set[int]:
    """Kills and finishes; every round ends like the close that nobody killed. The stages at which it was killed."""
    prepared: str = world.prepared  # type: ignore[attr-defined]
    whole, cut = f"{prepared}_whole", f"{prepared}_cut"
    world.copy(prepared, whole)
    stages, moved, _ = world.run(whole, "close", DAY).split()
    assert int(moved) > 0
    expected = world.ends_as(whole)
    luck = random.Random(seed)
    killed = set()
    for number in range(rounds):
        world.copy(prepared, cut)
        if number % 2 == 0:
            stage = luck.randint(1, int(stages)) if number else int(stages)
            with world.start(cut, "close", DAY, str(stage)) as process:
                process.communicate()
            assert process.returncode == -9
            killed.add(stage)
        else:
            with world.start(cut, "close", DAY) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
                try:
                    process.wait(luck.random() * 0.5)
                except subprocess.TimeoutExpired:
                    process.kill()
        world.run(cut, "close", DAY)
        assert world.ends_as(cut) == expected, f"round {number}, killed at {sorted(killed)}"
    return killed


@pytest.mark.django_db
def test_an_interrupted_close_frees_its_lock_and_ends_when_called_again(bank: Bank) -> None:
    Business(bank).of(FIRST)

    def interrupt(words: str) -> None:
        if "hạch toán" in words:
            raise KeyboardInterrupt

    with clock.fixed_today(FIRST):
        with pytest.raises(KeyboardInterrupt):
            close_day(day=FIRST, by=None, step=interrupt)
        assert CloseRun.objects.get(day=FIRST).state == "running"
        assert close_day(day=FIRST, by=None).rows == 2
    assert CloseRun.objects.get(day=FIRST).state == "done"


@pytest.mark.django_db
def test_a_close_killed_at_any_point_ends_with_the_same_bytes(world: World) -> None:
    # The last stage, then by the clock; `make soak` kills fifty times.
    assert _kill_rounds(world, 2, seed=232)


@pytest.mark.django_db
@pytest.mark.soak
def test_fifty_kills(world: World) -> None:
    assert len(_kill_rounds(world, 50, seed=4)) > 8
