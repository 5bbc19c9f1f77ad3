"""A group's sheet in a process of its own: killed anywhere, all of it or none; two tellers at once, in real transactions."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from lending_cast import Bank

HERE = Path(__file__).resolve().parent
MEMBERS = 12
NONE = {"entries": 0, "events": 0, "operations": 0, "savings": 0, "paid": 0, "findings": []}
ALL = {
    "entries": 1,
    "events": 2 * MEMBERS,
    "operations": 1,
    "savings": MEMBERS,
    "paid": MEMBERS * 100_000,
    "findings": [],
}


class World:
    """A prepared database and copies of it."""

    def __init__(self, admin: dict[str, Any], template: str, home: Path) -> None:
        self.admin, self.template, self.home = admin, template, home
        self.made: list[str] = []

    def sql(self, statement: str) -> None:
        with psycopg.connect(**self.admin, dbname="postgres", autocommit=True) as there:
            there.execute(statement)

    def copy(self, source: str, name: str) -> str:
        """Another database like this one."""
        target = f"{self.template}_{name}"
        self.drop(target)
        self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        self.made.append(target)
        return target

    def drop(self, name: str) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def start(self, name: str, *words: str) -> subprocess.Popen[str]:
        """A process on one of the databases."""
        host, port = self.admin["host"], self.admin.get("port")
        url = f"postgresql://{self.admin['user']}@/{name}?host={host}"
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TDCS_")},
            "PYTHONPATH": os.pathsep.join(map(str, (HERE.parents[1] / "src", HERE))),
            "DATABASE_URL": f"{url}&port={port}" if port else url,
            "TDCS_HOME": str(self.home),
            "TDCS_PROVINCE": "dong-nai",
            "TDCS_TODAY": "2026-11-23",
            "TDCS_SECRET_KEY": "tests-only",
        }
        command = [sys.executable, str(HERE / "sheet_child.py"), *words]
        return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE)

    def run(self, name: str, *words: str) -> list[Any]:
        """What a process that must end well prints, line by line."""
        with self.start(name, *words) as process:
            out = process.communicate()[0]
        assert process.returncode == 0, out
        return [json.loads(line) for line in out.splitlines() if line != "ready"]


@pytest.mark.django_db
def test_the_database_is_there(bank: Bank) -> None:
    # Also what makes pytest-django lay out the database that the tests below copy.
    assert bank.group.pk


@pytest.fixture(scope="module")
def laid(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A group of twelve, in a database that nothing is done to."""
    with django_db_blocker.unblock():
        params = connection.get_connection_params()
        template = connection.settings_dict["NAME"]
        connections.close_all()
    names = ("host", "port", "user", "password")
    home = tmp_path_factory.mktemp("sheet")
    made = World({n: params[n] for n in names if params.get(n)}, template, home)
    made.copy(template, "laid")
    made.run(f"{template}_laid", "prepare")
    yield made
    for name in made.made:
        made.drop(name)


@pytest.fixture
def world(laid: World) -> World:
    """The group in a database of the test's own."""
    laid.copy(f"{laid.template}_laid", "sheet")
    return laid


def _kill(world: World, rounds: int, seed: int) -> None:
    """Odd rounds by the clock, even ones before a statement; after each the sheet is posted again under its key."""
    prepared = f"{world.template}_sheet"
    whole = world.copy(prepared, "whole")
    statements, found = world.run(whole, "collect", "state")
    assert found == ALL
    luck = random.Random(seed)
    for number in range(rounds):
        cut = world.copy(prepared, "cut")
        if number % 3 < 2:
            stage = luck.randint(1, statements) if number else statements
            with world.start(cut, "collect", str(stage)) as process:
                process.communicate()
            assert process.returncode == -9
            allowed = (NONE,)
        else:
            with world.start(cut, "collect") as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
                try:
                    process.wait(luck.random() * 0.2)
                except subprocess.TimeoutExpired:
                    process.kill()
            allowed = (NONE, ALL)
        before, *_, after = world.run(cut, "state", "collect", "state")
        assert before in allowed, number
        assert after == ALL


@pytest.mark.django_db
def test_a_sheet_killed_anywhere_is_all_or_none(world: World) -> None:
    _kill(world, 2, seed=232)


@pytest.mark.django_db
def test_two_tellers_at_once(world: World) -> None:
    """Two people: the second waits for the first, and is told what is left; one key twice at once is done once."""
    name = f"{world.template}_sheet"
    answers, found = world.run(name, "two", "state")
    assert answers == {"rival": ["done", "principal_above_balance"], "same": ["again", "done"]}
    assert (found["entries"], found["paid"], found["findings"]) == (2, 10_001_000, [])


@pytest.mark.django_db
def test_two_directors_at_once_and_never_who_asked(world: World) -> None:
    """A request is decided once, by one of two, and by nobody for himself whatever his role has become."""
    name = f"{world.template}_sheet"
    decided, found = world.run(name, "decide", "state")
    assert decided == {"own": "same_person", "both": ["done", "request_decided"], "agree": True}
    assert found["findings"] == []


@pytest.mark.django_db
def test_two_officers_at_once(world: World) -> None:
    """The household is locked: the second counts what the first has asked for."""
    name = f"{world.template}_sheet"
    answers, found = world.run(name, "limits", "state")
    assert answers == ["above_maximum", "done"]
    assert found["findings"] == []


@pytest.mark.django_db
@pytest.mark.soak
def test_forty_kills(world: World) -> None:
    _kill(world, 40, seed=4)
