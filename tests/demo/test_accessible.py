"""axe finds nothing on any page, in light and in dark: each route once, as the first role that came to it."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from debian_chromium import ARGS, CHROMIUM
from django.contrib.staticfiles import finders
from django.urls import resolve
from link_walk import Walk

from tdcs.demo.people import roles

pytestmark = pytest.mark.browser

# Deque's axe-core, as its package holds it (MPL-2.0); only tests load it.
AXE = (Path(__file__).parent / "axe-4.10.3.min.js").read_text(encoding="utf-8")
# Of a fault only its element's beginning is told: no selectors are made for the elements of long tables.
FAULTS = """async (only) => (await axe.run(document, {
    resultTypes: ["violations"], selectors: false, preload: false, ...only})).violations
  .map((fault) => `${fault.id}: ${fault.nodes[0].html.slice(0, 120)}`)"""
# The rows of a table are alike: of a long one the first are tried; `make soak` tries all.
SHORTER = """() => document.querySelectorAll("tbody").forEach(
    (body) => [...body.rows].slice(8).forEach((row) => row.remove()))"""
DARK = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Of the routes, in their order, every so many are tried in `make test`; `make soak` tries all.
EVERY = 8


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


def _server(texts: dict[str, str]) -> ThreadingHTTPServer:
    """Gives the collected pages, with the site's own style and scripts, which the browser keeps from page to page."""

    class Given(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            file = finders.find(path.removeprefix("/static/")) if "/static/" in path else None
            if self.path in texts:
                self._say(200, texts[self.path].encode(), "text/html; charset=utf-8", "no-store")
            elif file:
                kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
                self._say(200, Path(file).read_bytes(), kind, "max-age=3600")
            else:
                self._say(404, b"", "text/plain", "no-store")

        def _say(self, status: int, body: bytes, kind: str, kept: str) -> None:
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Cache-Control", kept)):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Nobody reads it."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Given)


@pytest.fixture
def shown(pages: dict[str, tuple[str, str]]) -> Iterator[Any]:
    """A page of Chromium that is given the collected pages."""
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed (.ci/run installs it)")
    from playwright.sync_api import sync_playwright

    with _server(dict(pages.values())) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        yield chromium.new_page(
            base_url=f"http://127.0.0.1:{server.server_port}",
            viewport={"width": 1440, "height": 900},
            reduced_motion="reduce",
        )
        chromium.close()
        server.shutdown()


def _faults(page: Any, address: str, *, whole: bool) -> list[str]:
    """What axe finds in light; of what the scheme changes, colours, in dark, too."""
    page.emulate_media(color_scheme="light")
    page.goto(address)
    if not whole:
        page.evaluate(SHORTER)
    page.evaluate(AXE)
    found = [f"light {fault}" for fault in page.evaluate(FAULTS, {})]
    page.emulate_media(color_scheme="dark")
    return found + [f"dark {fault}" for fault in page.evaluate(FAULTS, DARK)]


@pytest.mark.parametrize("every", [EVERY, pytest.param(1, id="all", marks=pytest.mark.soak)])
def test_axe_finds_nothing(every: int, pages: dict[str, tuple[str, str]], shown: Any) -> None:
    tried = [pages[route][0] for route in sorted(pages)[::every]]
    found = {
        address: faults
        for address in tried
        if (faults := _faults(shown, address, whole=every == 1))
    }
    assert found == {}, "\n".join(
        f"{at}: {fault}" for at, faults in found.items() for fault in faults
    )
    assert len(tried) * every > 100, len(tried)
