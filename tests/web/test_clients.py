"""Who calls: the client behind trusted proxies is counted, so that one outsider shuts nobody else out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tdcs.access.models import User
from tdcs.web.clients import client_of, networks

PROXIES = networks(["127.0.0.1", "10.0.0.0/8"])
PASSWORD = "mat-khau-du-dai"
LOGIN = "/tai-khoan/login/"


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        # Nobody's word is believed but a proxy's.
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        # What the client wrote in front of the proxy's hop does not count.
        ("127.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.2.3.4", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "not-an-address", "127.0.0.1"),
        ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_client_behind_proxies(remote: str, forwarded: str, client: str) -> None:
    assert client_of(remote, forwarded, PROXIES) == client


def test_a_slip_in_the_setting_stops_the_start() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0"):
        networks(["10.0.0"])


@pytest.fixture
def people(db: None, settings: Any) -> Iterator[None]:
    settings.AXES_ENABLED = True
    settings.TDCS_PROXIES = ["127.0.0.1"]
    caches["limits"].clear()
    for name in ("ke-toan", "giam-doc"):
        User.objects.create_user(name, PASSWORD, full_name=name)
    yield
    caches["limits"].clear()


def _sign_in(name: str, password: str, **more: str) -> Any:
    return Client().post(LOGIN, {"login": name, "password": password}, **more)


def _is_in(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer["Location"] == "/")


@pytest.mark.django_db
def test_24_bad_sign_ins_of_one_client_shut_nobody_else_out(people: None) -> None:
    for at in range(24):
        # The outsider changes what stands in front; the proxy's hop stays.
        _sign_in("ke-toan", "sai", HTTP_X_FORWARDED_FOR=f"1.1.1.{at}, 203.0.113.7")
    outsider = _sign_in("ke-toan", PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert not _is_in(outsider)
    for name in ("ke-toan", "giam-doc"):
        assert _is_in(_sign_in(name, PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.4")), name


@pytest.mark.django_db
def test_a_header_of_a_stranger_is_not_read(people: None) -> None:
    for at in range(24):
        _sign_in(
            "ke-toan", "sai", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=f"198.51.100.{at}"
        )
    again = _sign_in(
        "ke-toan", PASSWORD, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.99"
    )
    assert not _is_in(again)
    assert _is_in(_sign_in("ke-toan", PASSWORD, REMOTE_ADDR="198.51.100.4"))


@pytest.mark.django_db
def test_one_client_is_stopped_over_many_accounts(people: None) -> None:
    for at in range(21):
        _sign_in(f"ai-do-{at}", "sai", REMOTE_ADDR="203.0.113.7")
    assert not _is_in(_sign_in("giam-doc", PASSWORD, REMOTE_ADDR="203.0.113.7"))
    assert _is_in(_sign_in("giam-doc", PASSWORD, REMOTE_ADDR="203.0.113.8"))
