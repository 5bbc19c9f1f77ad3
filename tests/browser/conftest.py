"""Sites with the demonstration's people, and a real Chromium.

The people are laid out once for all files of a worker process; each home has a copy of their database on the tests' server.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
from debian_chromium import ARGS, CHROMIUM
from figures_home import BOOK
from migrated import address_of, copy_database, drop_database, migrated
from serving import DATABASE, PEOPLE, end_warmed, prepare, serving
from until_left import UntilLeft


class NewHome(Protocol):
    """Makes a home with real units and the demonstration's people, but no plan yet; or a copy of another home."""

    def __call__(self, name: str, *, like: Path | None = None) -> Path: ...


@pytest.fixture(scope="session")
def new_home(
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[NewHome]:
    """A function that makes homes."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
    made: dict[Path, str] = {}

    def home_on(source: str, name: str) -> Path:
        home = tmp_path_factory.mktemp(name)
        database = f"browser_{worker}_{home.name}"
        made[home] = database
        copy_database(source, database)
        (home / DATABASE).write_text(address_of(database))
        return home

    with django_db_blocker.unblock():
        people = home_on(migrated(), "people")
        prepare(people, "2026-11-23", PEOPLE)

    def new(name: str, *, like: Path | None = None) -> Path:
        home = home_on(made[like or people], name)
        if like:
            own = shutil.ignore_patterns(DATABASE)
            shutil.copytree(like, home, dirs_exist_ok=True, ignore=own)
        return home

    yield new
    end_warmed()
    for database in made.values():
        drop_database(database)


@pytest.fixture(scope="session")
def site(new_home: NewHome) -> Iterator[str]:
    """The address of a site with real units and the demonstration's people, but no plan yet."""
    with serving(new_home("site"), "2026-11-23") as address:
        yield address


@pytest.fixture(scope="session")
def book_home(new_home: NewHome) -> Path:
    """A home with the closed days of a small book: to be copied, no server runs on it."""
    home = new_home("book")
    prepare(home, "2026-11-23", BOOK)
    return home


@pytest.fixture(scope="session")
def figures(new_home: NewHome, book_home: Path) -> Iterator[str]:
    """The address of a site with a small book behind its dashboard."""
    with serving(new_home("figures", like=book_home), "2026-11-23") as address:
        yield address


# While Playwright runs, Django takes its thread for one that must not ask the database.
_CHROMIUM: Final = UntilLeft(Path(__file__).parent)


@contextmanager
def _started() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        yield chromium
        chromium.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The browser ends with the last test of this folder, after the fixtures that use it."""
    try:
        yield
    finally:
        _CHROMIUM.after(nextitem)


@pytest.fixture(scope="session")
def _ended_with_all() -> Iterator[None]:
    """Where the run stops at a failure, no test of another folder follows."""
    yield
    _CHROMIUM.end()


@pytest.fixture(scope="module")
def chromium(_ended_with_all: None, django_db_modify_db_settings: None) -> Any:
    """Debian's Chromium, started once for this folder; the tests say so when it is missing."""
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed (.ci/run installs it)")
    return _CHROMIUM.get(_started)


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """The Chromium, whose pages are closed with the test."""
    yield chromium
    for context in chromium.contexts:
        context.close()
