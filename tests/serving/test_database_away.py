"""The database goes away under a running site and comes back: a page of our own meanwhile, and the health by part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from running import Running, database_url, ended, started
from wire import Wire

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def wire(django_db_setup: None) -> Iterator[Wire]:
    given = connection.settings_dict
    made = Wire(f"{given['HOST']}/.s.PGSQL.{given['PORT'] or 5432}")
    yield made
    made.away()
    made.door.close()


@pytest.fixture(scope="module")
def site(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    name = connection.settings_dict["NAME"]
    url = f"postgresql://{connection.settings_dict['USER']}@127.0.0.1:{wire.port}/{name}"
    assert database_url() != url
    running = started(tmp_path_factory.mktemp("away"), DATABASE_URL=url)
    yield running
    ended(running)


def _health(site: Running) -> tuple[int, dict[str, Any]]:
    status, headers, body = site.get("/suc-khoe/", Accept="application/json")
    assert headers["content-type"] == "application/json"
    return status, json.loads(body)


def test_a_page_of_our_own_while_the_database_is_away(site: Running, wire: Wire) -> None:
    assert site.get("/tai-khoan/login/")[0] == 200
    status, told = _health(site)
    assert (status, told["ok"], told["parts"]["database"]["state"]) == (200, True, "ok")
    assert set(told["parts"]) == {"database", "disk", "snapshots", "last_close", "jobs"}
    wire.away()
    try:
        # A session's cookie: the middleware meets the database before any page does.
        status, headers, body = site.get("/", Cookie="sessionid=" + "a" * 32)
        page = body.decode()
        assert status == 503
        assert int(headers["retry-after"]) > 0
        assert "Hệ thống tạm gián đoạn" in page and "<html" in page
        english = site.get("/", Cookie="sessionid=" + "a" * 32 + "; django_language=en")
        assert b'lang="en"' in english[2]
        status, told = _health(site)
        assert (status, told["ok"], told["parts"]["database"]["state"]) == (503, False, "down")
        assert told["parts"]["disk"]["state"] == "ok"
        status, headers, body = site.get("/suc-khoe/", Accept="text/html")
        assert (status, "retry-after" in headers) == (503, True)
        assert "Tình trạng hệ thống" in body.decode() and "Cơ sở dữ liệu" in body.decode()
    finally:
        wire.back()
    assert _health(site)[0] == 200
    assert site.get("/tai-khoan/login/")[0] == 200
