"""The real units under the synthetic province, and a small demonstration that is built once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from link_walk import Others, Walk, browser_of, walk
from migrated import copy_database, drop_database
from own_database import own_database

from tdcs.core import clock
from tdcs.demo import boards, build
from tdcs.organisations import seed

ON = date(2026, 11, 23)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        seed.load(on=ON)


@contextmanager
def _silent(words: str) -> Iterator[None]:
    yield


@pytest.fixture(scope="session")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The name of a database that holds a small province, and where its snapshots lie: one reporting year, a few meetings."""
    home = tmp_path_factory.mktemp("demonstration")
    with (
        own_database(django_db_blocker, "building"),
        override_settings(HOME=home),
        patch.object(build, "FIRST", 2026),
        patch.multiple(boards, _COMMUNES=2, _REVIEWS=4, _SHEETS=3),
        clock.fixed_today(ON),
    ):
        build.build(on=ON, seed=232, scale=0.002, plan_file=None, step=_silent)
        made = connection.settings_dict["NAME"]
        connection.close()
        name = f"{made}_built"
        copy_database(made, name)
    yield name, home
    drop_database(name)


@pytest.fixture(scope="module")
def _of_this_file(built: tuple[str, Path], django_db_blocker: Any) -> Iterator[None]:
    with own_database(django_db_blocker, "demonstration", of=built[0]):
        yield


@pytest.fixture
def demonstration(
    _of_this_file: None, built: tuple[str, Path], db: None, tmp_path: Path, settings: Any
) -> None:
    """The small demonstration; what a test does to it is rolled back."""
    shutil.copytree(built[1], tmp_path, dirs_exist_ok=True)
    settings.HOME = tmp_path
    cache.clear()


# Whose pages are typed into (test_forms_keep.py): walked first, she opens all that she is offered.
FIRST = "demo-langa"


@pytest.fixture(scope="session")
def _walks() -> tuple[dict[str, Walk], Others]:
    return {}, Others()


@pytest.fixture
def walked(demonstration: None, _walks: tuple[dict[str, Walk], Others]) -> Callable[[str], Walk]:
    """A function that gives a person's walk in Vietnamese over the small demonstration, each route once, with its pages.

    Reading changes nothing, so what one test walked the next one of this process takes as it was. Of what others opened a
    person opens what is near his home and a sample (`make soak`: everybody opens all).
    """
    made = _walks[0]
    others = None if os.environ.get("TDCS_SOAK") == "1" else _walks[1]

    def of(name: str) -> Walk:
        for one in dict.fromkeys((FIRST, name)):
            if one not in made:
                made[one] = walk(browser_of(one, "vi"), times=1, others=others)
        return made[name]

    return of
