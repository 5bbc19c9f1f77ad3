"""axe finds nothing on any page, in light and in dark: each route once, as the first role that came to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import resolve
from link_walk import Walk

from tdcs.demo.people import roles

pytestmark = pytest.mark.browser

SITE = "http://tdcs.test"
CHROMIUM = "/usr/bin/chromium"
# Deque's axe-core, as its package holds it (MPL-2.0); only tests load it.
AXE = (Path(__file__).parent / "axe-4.10.3.min.js").read_text(encoding="utf-8")
FAULTS = """async (only) => (await axe.run(document, {resultTypes: ["violations"], ...only})).violations
  .map((fault) => `${fault.id}: ${fault.nodes[0].html.slice(0, 120)}`)"""
DARK = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Of the routes, in their order, every so many are tried in `make test`; `make soak` tries all.
EVERY = 5


def _collected(walked: Callable[[str], Walk]) -> dict[str, tuple[str, str]]:
    """By route: an address and what its page said; parts of pages are inside the pages that load them."""
    found: dict[str, tuple[str, str]] = {}
    for name in roles("dong-nai"):
        made = walked(name)
        assert made.refused == []
        for address, text in made.pages:
            route = resolve(urlsplit(address).path).route or f"home of {name}"
            if "<html" in text:
                found.setdefault(route, (address, text))
    return found


@pytest.fixture
def pages(walked: Callable[[str], Walk]) -> dict[str, tuple[str, str]]:
    """What each page of a small province says."""
    return _collected(walked)


@pytest.fixture
def shown(pages: dict[str, tuple[str, str]]) -> Iterator[Any]:
    """A page of Chromium to which the collected pages are given, with the site's own style and scripts."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed (.ci/run installs it)")
    from playwright.sync_api import sync_playwright

    texts = {SITE + address: text for address, text in pages.values()}

    def give(route: Any) -> None:
        address = route.request.url
        if address in texts:
            route.fulfill(body=texts[address], content_type="text/html; charset=utf-8")
        elif (path := urlsplit(address).path).startswith("/static/"):
            file = finders.find(path.removeprefix("/static/"))
            route.fulfill(path=file) if file else route.fulfill(status=404)
        else:
            route.fulfill(status=404)

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.route(re.compile(".*"), give)
        yield page
        chromium.close()


def _faults(page: Any, address: str) -> list[str]:
    """What axe finds in light; of what the scheme changes, colours, in dark, too."""
    page.emulate_media(color_scheme="light")
    page.goto(SITE + address)
    page.evaluate(AXE)
    found = [f"light {fault}" for fault in page.evaluate(FAULTS, {})]
    page.emulate_media(color_scheme="dark")
    return found + [f"dark {fault}" for fault in page.evaluate(FAULTS, DARK)]


@pytest.mark.parametrize("every", [EVERY, pytest.param(1, id="all", marks=pytest.mark.soak)])
def test_axe_finds_nothing(every: int, pages: dict[str, tuple[str, str]], shown: Any) -> None:
    tried = [pages[route][0] for route in sorted(pages)[::every]]
    found = {address: faults for address in tried if (faults := _faults(shown, address))}
    assert found == {}, "\n".join(
        f"{at}: {fault}" for at, faults in found.items() for fault in faults
    )
    assert len(tried) * every > 100, len(tried)
