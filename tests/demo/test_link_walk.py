"""Whatever the application offers a person to open does open: every role's links, in both languages, on the demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from link_walk import links_of, walk

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.demo import build
from tdcs.demo.people import roles

ON = date(2026, 11, 23)
NAMES = list(roles("dong-nai"))


@contextmanager
def _silent(words: str) -> Iterator[None]:
    yield


def _province(home: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small province whose plan has one reporting year, gone with the test."""
    settings.HOME = home
    monkeypatch.setattr(build, "FIRST", 2026)
    build.build(on=ON, seed=232, scale=0.002, plan_file=None, step=_silent)
    cache.clear()


def _browser(name: str, language: str) -> Client:
    client = Client(raise_request_exception=False)
    person = User.objects.get(username=name)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = language
    return client


def test_the_cast_has_every_role() -> None:
    assert set(roles("dong-nai").values()) == set(Role)


@pytest.mark.django_db
def test_every_link_offered_to_a_role_opens(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _province(tmp_path, settings, monkeypatch)
    refused, opened = [], {}
    for name in NAMES:
        for language in ("vi", "en"):
            found = walk(_browser(name, language), times=1)
            refused += [(name, language, *one) for one in found.refused]
            opened[name, language] = found.opened.total()
    assert refused == []
    # The walk went somewhere: from home into the rooms of the role.
    assert min(opened.values()) > 10, opened


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_every_filter_and_file_opens_too(
    name: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _province(tmp_path, settings, monkeypatch)
    assert walk(_browser(name, "vi"), everything=True).refused == []


def test_links_are_read_as_a_browser_reads_them() -> None:
    page = """<a href="/vay/">a</a><a href="?page=2#x">b</a><a href="https://example.vn/">c</a>
        <a href="#top">d</a><div hx-get="/chi-tieu/trang-dau/" hx-trigger="load"></div>
        <input hx-get="/goi-y/" hx-trigger="change"><a href="//example.vn/">e</a><a href="/vay/">f</a>"""
    assert links_of("/ho/", page) == ["/vay/", "/ho/?page=2", "/ho/", "/chi-tieu/trang-dau/"]
