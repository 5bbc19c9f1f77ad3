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

# Python keeps what it compiled, for the processes that tests start too: hundreds of files are not compiled anew by each.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False

# The province whose units and own law the tests know.
os.environ.setdefault("TDCS_PROVINCE", "dong-nai")

from warm_children import fresh_children, warm_children
from xdist.scheduler import LoadScopeScheduling

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


# Folders and files whose tests share what takes long to make (a server, a browser, a demonstration): one process runs them.
TOGETHER = {
    "tests/browser/": "browser",
    "tests/closing/test_decree": "decrees",
    "tests/demo/test_accessible.py": "demonstration",
    "tests/demo/test_forms_keep.py": "demonstration",
    "tests/demo/test_funds_of_a_year.py": "demonstration",
    "tests/demo/test_libreoffice_opens.py": "demonstration",
    "tests/demo/test_link_walk.py": "demonstration",
    "tests/serving/test_jobs_worker.py": "server",
    "tests/serving/test_limits.py": "server",
    "tests/serving/test_load.py": "server",
    "tests/serving/test_workers.py": "server",
}
# What takes longest begins first, so that no process works alone in the end.
LONGEST = ("browser", "decrees", "demonstration")


def _group(nodeid: str) -> str:
    """Which tests run in the process of this one: those of its file, or more."""
    file = nodeid.partition("::")[0]
    return next((name for start, name in TOGETHER.items() if file.startswith(start)), file)


class _GroupsTogether(LoadScopeScheduling):
    """Each group is a process's. Marks of `xdist_group` are lost: pytest 9.2 has no `_nodeid` for them to be written to."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _GroupsTogether | None:
    """Who hands the tests out, with `--dist loadgroup`."""
    return _GroupsTogether(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests run under `make soak` only. With `--dist loadgroup` the longest group begins first."""
    if getattr(config.option, "loadgroup", False):
        order = {name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: order.get(_group(item.nodeid), len(order)))
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

    yield
    GROUNDS.keep(None)


@pytest.fixture
def _ground(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    from grounds import GROUNDS, wanted_by

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
