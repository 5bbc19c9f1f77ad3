"""A site with the demonstration's people, and a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import ARGS, CHROMIUM, PEOPLE, prepare, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with real units and the demonstration's people, but no plan yet."""
    home = tmp_path_factory.mktemp("site")
    prepare(home, "2026-11-23", PEOPLE)
    with serving(home, "2026-11-23") as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Any]:
    """Debian's Chromium; the tests say so when it is missing."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed (.ci/run installs it)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()
