"""The database goes away under a running site and comes back: a page of our own meanwhile, and the health by part."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from running import Running, database_url, ended, started

pytestmark = pytest.mark.django_db


class Wire:
    """A way to the database that can be cut: a port that passes bytes on to its socket."""

    def __init__(self, target: str) -> None:
        self.target, self.cut = target, False
        self.open: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.door.accept()
                if self.cut:
                    near.close()
                    continue
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.target)
                self.open += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := source.recv(65536):
                target.sendall(content)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def away(self) -> None:
        """Connections fall and no new one is made."""
        self.cut = True
        for end in self.open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open.clear()

    def back(self) -> None:
        self.cut = False


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
