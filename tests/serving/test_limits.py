"""Limits of sign-ins are counted in the database: two workers of one server count together."""

from __future__ import annotations

import base64
import pickle
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.cache import caches
from running import Running, database_url

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/login/"
# As many bad sign-ins of one client on any account as settings.ACCOUNT_RATE_LIMITS allow within five minutes.
ALLOWED = 20


@pytest.fixture
def counted(django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        caches["limits"].clear()


def _sign_in(server: Running, name: str) -> str:
    """The page that answers a wrong password, on a connection of its own: any worker may take it."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(server.url + LOGIN) as answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    assert token is not None
    sent = {"login": name, "password": "sai", "csrfmiddlewaretoken": token[1]}
    with opener.open(server.url + LOGIN, urllib.parse.urlencode(sent).encode()) as answer:
        return str(answer.read().decode())


def _as_often(times: int) -> None:
    """What was counted once was counted so often: each wrong password costs the server half a second of hashing."""
    with psycopg.connect(database_url(), autocommit=True) as there:
        for key, kept in there.execute("SELECT cache_key, value FROM access_limits").fetchall():
            moments = pickle.loads(base64.b64decode(kept))  # noqa: S301
            if isinstance(moments, list) and len(moments) == 1:
                more = base64.b64encode(pickle.dumps(moments * times)).decode()
                there.execute(
                    "UPDATE access_limits SET value = %s WHERE cache_key = %s", [more, key]
                )


@pytest.mark.parametrize("before", [ALLOWED - 4, pytest.param(1, id="all", marks=pytest.mark.soak)])
def test_two_workers_count_bad_sign_ins_together(
    server: Running, counted: None, before: int
) -> None:
    assert len(server.workers()) == 2
    said = "Đăng nhập sai quá nhiều lần"
    assert said not in _sign_in(server, "nguoi")
    _as_often(before)
    allowed = ALLOWED - before
    pages = [_sign_in(server, f"nguoi-{at}") for at in range(allowed + 1)]
    assert [said in page for page in pages] == [False] * allowed + [True]
