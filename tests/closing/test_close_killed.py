"""A close killed at any point, by SIGKILL in a process of its own, ends with the same bytes and posts once."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from business import FIRST, Business
from django.db import connection, connections
from lending_cast import Bank

from tdcs.closing.models import CloseRun
from tdcs.closing.services import close_day
from tdcs.core import clock

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DAY = "2026-03-31"
# What the ledger and the runs say in the end; keys of rows and instants are not among it.
_LEDGER_SQL = """
    SELECT e.template, e."on", a.code, sum(p.debit), sum(p.credit), count(*)
      FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
      JOIN ledger_account a ON a.id = p.account_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_RUNS_SQL = """
    SELECT day, state, rows, events, totals::text, digest, previous, moved::text, before::text, locked_through
      FROM closing_closerun ORDER BY day
"""
_KEYS_SQL = "SELECT key FROM ledger_operation WHERE action = 'closing.post' ORDER BY key"


@dataclass
class World:
    """Databases and folders of one test: a prepared one, and copies of it."""

    admin: dict[str, Any]
    folder: Path

    def url(self, name: str) -> str:
        """The database's address as DATABASE_URL takes it."""
        host, port = self.admin["host"], self.admin.get("port") or ""
        return f"postgresql://{self.admin['user']}@/{name}?host={host}&port={port}".removesuffix(
            "&port="
        )

    def sql(self, name: str, statement: str) -> list[Any]:
        """What a statement answers in one database."""
        given = {**self.admin, "dbname": name}
        with psycopg.connect(**given, autocommit=True) as there:
            cursor = there.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def copy(self, source: str, target: str) -> None:
        """Another database like this one, and its snapshots."""
        self.drop(target)
        self.sql("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        if (self.folder / source).exists():
            shutil.copytree(self.folder / source, self.folder / target)

    def drop(self, name: str) -> None:
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def start(self, name: str, *words: str) -> subprocess.Popen[str]:
        """A process on one of the databases."""
        home = self.folder / name
        home.mkdir(exist_ok=True)
        paths = os.pathsep.join(str(path) for path in (ROOT / "src", HERE, HERE.parent / "loans"))
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TDCS_")},
            "PYTHONPATH": paths,
            "DJANGO_SETTINGS_MODULE": "tdcs.project.settings",
            "DATABASE_URL": self.url(name),
            "TDCS_HOME": str(home),
            "TDCS_TODAY": DAY,
            "TDCS_SECRET_KEY": "tests-only",
        }
        command = [sys.executable, str(HERE / "kill_child.py"), *words]
        return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE)

    def run(self, name: str, *words: str) -> str:
        """The last line of a process that must end well."""
        with self.start(name, *words) as process:
            out = process.communicate()[0]
        assert process.returncode == 0, out
        return out.strip().splitlines()[-1] if out.strip() else ""

    def ends_as(self, name: str) -> dict[str, Any]:
        """Bytes of the snapshots, and what ledger and runs say."""
        root = self.folder / name / "snapshots"
        there = [*root.rglob("*.parquet"), *root.glob("*.json")]
        return {
            "files": {str(path.relative_to(root)): path.read_bytes() for path in there},
            "ledger": self.sql(name, _LEDGER_SQL),
            "runs": self.sql(name, _RUNS_SQL),
            "keys": self.sql(name, _KEYS_SQL),
        }


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[World]:
    """A month closed through its last eve, in a database of its own.

    Its tests are marked django_db so that pytest-django lays out the database that is copied here.
    """
    with django_db_blocker.unblock():
        params = connection.get_connection_params()
        template = connection.settings_dict["NAME"]
        connections.close_all()
    names = ("host", "port", "user", "password")
    made = World({n: params[n] for n in names if params.get(n)}, tmp_path)
    made.copy(template, f"{template}_kill")
    made.prepared = f"{template}_kill"  # type: ignore[attr-defined]
    made.run(made.prepared, "prepare")  # type: ignore[attr-defined]
    yield made
    for name in (f"{template}_kill", f"{template}_kill_whole", f"{template}_kill_cut"):
        made.drop(name)


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

    with clock.standing_on(FIRST):
        with pytest.raises(KeyboardInterrupt):
            close_day(day=FIRST, by=None, step=interrupt)
        assert CloseRun.objects.get(day=FIRST).state == "running"
        assert close_day(day=FIRST, by=None).rows == 2
    assert CloseRun.objects.get(day=FIRST).state == "done"


@pytest.mark.django_db
def test_a_close_killed_at_any_point_ends_with_the_same_bytes(world: World) -> None:
    assert _kill_rounds(world, 6, seed=232)


@pytest.mark.django_db
@pytest.mark.soak
def test_fifty_kills(world: World) -> None:
    assert len(_kill_rounds(world, 50, seed=4)) > 8
