"""Fixtures that several rooms share."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from spreading import Spread, Together, place_of

# Python keeps what it compiled, for the processes that tests start too: hundreds of files are not compiled anew by each.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False

# The province whose units and own law the tests know.
os.environ.setdefault("TDCS_PROVINCE", "dong-nai")

from warm_children import fresh_children, warm_children

from tdcs.core import clock

__all__ = ["fresh_children"]

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared"
REFERENCE = SHARED / "plans" / "ke-hoach-232-kh-ubnd-2023.txt"

# How long an example takes depends on what else the machine does: no test is judged by it.
settings.register_profile("tdcs", deadline=None)
settings.load_profile("tdcs")

# The day on which tests stand unless they say otherwise: the demo's day.
TODAY = date(2026, 11, 23)


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes share the suite, their groups are watched."""
    if config.pluginmanager.hasplugin("dsession"):
        config.pluginmanager.register(Together())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spread:
    """Whole groups to a process (spreading.py)."""
    return Spread(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests run under `make soak` only. Where processes share the suite, the longest groups come first."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place_of(item.nodeid))
    if os.environ.get("TDCS_SOAK") == "1":
        return
    skip = pytest.mark.skip(reason="long: run `make soak`")
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(skip)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of garbage need not walk it again and again.

    Without this it takes a sixth of a test's time; what tests leave in circles is still collected, less often.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_test_environment: None,
    django_db_blocker: Any,
) -> None:
    """The tests' database is a copy of one that is migrated already (tests/migrated.py)."""
    from django.conf import settings as configured
    from migrated import migrated

    with django_db_blocker.unblock():
        configured.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = migrated()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A ground on which this test does not stand goes before its fixtures come (grounds.py)."""
    from grounds import GROUNDS, wanted_by

    GROUNDS.keep(wanted_by(item))


@pytest.fixture(scope="module", autouse=True)
def _grounds_of_a_file() -> Iterator[None]:
    from grounds import GROUNDS
    from sweeping import SWEEPING

    yield
    GROUNDS.keep(None)
    SWEEPING.sweep()


@pytest.fixture
def _ground(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    from grounds import GROUNDS, wanted_by
    from sweeping import SWEEPING

    SWEEPING.count(django_db_blocker)
    wanted = wanted_by(request.node)
    if wanted:
        GROUNDS.lay(wanted, django_db_blocker)


@pytest.fixture
def _django_db_helper(_ground: None, _django_db_helper: None) -> None:
    """The transaction of a test, inside that of its ground: pytest-django's own, which begins after ours."""


@pytest.fixture(scope="session", autouse=True)
def _warm_children() -> Iterator[None]:
    with warm_children():
        yield


@pytest.fixture(autouse=True)
def _standing_day() -> Iterator[None]:
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture(scope="session")
def reference_plan() -> Path:
    """The reference plan's file; developers and CI have it beside the repository."""
    if not REFERENCE.exists():
        pytest.skip("the reference plan lies beside the repository only for its developers and CI")
    return REFERENCE
