"""Whoever sends nothing, slowly, without end or only half of it stops nobody, fills no disk, and half a form is no form."""

from __future__ import annotations

import asyncio
import resource
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from running import Running

from tdcs.web import entry
from tdcs.web.bodies import OF_EXTRACTS, REFUSED, USUAL, most_bytes
from tdcs.web.entry import Entry

LOGIN = "/tai-khoan/login/"
# More than all threads of both workers.
SENDERS = 24
# More than both workers took before they closed those that say nothing.
CONNECTIONS = 1_200


@contextmanager
def _begun(server: Running, path: str, length: int, body: bytes = b"") -> Iterator[socket.socket]:
    """A request of which no more than this comes."""
    port = int(server.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n"
        kind = "Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
        wire.sendall((head + kind).encode() + body)
        yield wire


@pytest.mark.django_db
def test_slow_senders_stop_nobody(server: Running) -> None:
    with ExitStack() as open_:
        for _ in range(SENDERS):
            open_.enter_context(_begun(server, LOGIN, 1_000, b"login="))
        for _ in range(8):
            assert server.get("/suc-khoe/")[0] == 200
        assert server.get(LOGIN)[0] == 200


@pytest.fixture
def many_files() -> Iterator[None]:
    """This process may hold as many connections as it opens."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * CONNECTIONS:
        pytest.skip("this machine lets a process open few files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * CONNECTIONS), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.django_db
def test_connections_that_say_nothing_stop_nobody(server: Running, many_files: None) -> None:
    address = ("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
    with ExitStack() as open_:
        for _ in range(CONNECTIONS):
            open_.enter_context(socket.create_connection(address, timeout=60))
        for _ in range(8):
            assert server.get("/suc-khoe/")[0] == 200


@pytest.mark.django_db
def test_what_is_too_long_is_refused_before_it_is_sent(server: Running) -> None:
    with _begun(server, LOGIN, USUAL + 1) as wire:
        answer = b""
        while b"</html>" not in answer:
            answer += wire.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert "Một lần gửi nhận tối đa 64 MB" in answer.decode()


def test_a_folder_of_extracts_may_be_larger() -> None:
    assert (most_bytes("/"), most_bytes("/sao-ke/nhan/")) == (USUAL, OF_EXTRACTS)


class _Wire:
    """A request as Granian gives it: pieces of a body, each after a pause; what was answered."""

    def __init__(self, pieces: Sequence[bytes], pause: float = 0) -> None:
        self.pieces, self.pause = pieces, pause
        self.answer: tuple[int, Any, bytes] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece

    def response_bytes(self, status: int, headers: Any, content: bytes) -> None:
        self.answer = status, headers, content


class _Headers:
    def __init__(self, given: dict[str, str]) -> None:
        self.given = given

    def items(self) -> Any:
        return list(self.given.items())


def _sent(
    wire: _Wire, path: str = "/x", one: Entry | None = None, **headers: str
) -> dict[str, Any]:
    """What Django gets of a request, its body read."""
    found: dict[str, Any] = {}

    def django(environ: dict[str, Any], start: Any) -> Any:
        found.update(environ, body=environ["wsgi.input"].read())
        start("200 OK", [])
        return _Answer()

    scope = SimpleNamespace(
        proto="http", http_version="1.1", server="127.0.0.1:80", client="10.0.0.7:4711", scheme="http",
        method="POST", path=path, query_string="a=1", authority=None,
        headers=_Headers({name.replace("_", "-"): value for name, value in headers.items()}),
    )  # fmt: skip

    before = sys.getswitchinterval()

    async def run() -> None:
        site = one or Entry(django)
        site._django = django
        site.__rsgi_init__(asyncio.get_running_loop())
        await site.__rsgi__(scope, wire)
        site.__rsgi_del__(asyncio.get_running_loop())

    try:
        asyncio.run(run())
    finally:
        # Turns are the worker's, not the tests'.
        sys.setswitchinterval(before)
    assert wire.answer is not None and wire.answer[0] == 200
    return found


class _Answer(list[bytes]):
    def close(self) -> None:
        """As an answer of Django's."""


def test_a_whole_body_arrives() -> None:
    found = _sent(_Wire([b"a=1&", b"b=2"]), content_length="7", cookie="x=1", path="/tiền/")
    assert (found["body"], found["CONTENT_LENGTH"], found["HTTP_COOKIE"]) == (
        b"a=1&b=2",
        "7",
        "x=1",
    )
    assert found["PATH_INFO"].encode("latin-1").decode() == "/tiền/"
    assert (found["REMOTE_ADDR"], found["QUERY_STRING"]) == ("10.0.0.7", "a=1")
    assert REFUSED not in found
    # No length was said: it counts when it has come.
    found = _sent(_Wire([b"abc"]), transfer_encoding="chunked")
    assert (found["body"], found["CONTENT_LENGTH"]) == (b"abc", "3")


def test_half_a_body_is_none() -> None:
    found = _sent(_Wire([b"a=1&"]), content_length="7")
    assert (found[REFUSED], found["body"]) == (HTTPStatus.BAD_REQUEST, b"")


def test_a_body_that_comes_too_slowly_is_not_waited_for() -> None:
    with patch.object(entry, "_GRACE", 0.05):
        found = _sent(_Wire([b"a"] * 7, pause=0.02), content_length="7")
    assert (found[REFUSED], found["body"]) == (HTTPStatus.REQUEST_TIMEOUT, b"")


def test_a_body_without_a_length_ends_at_the_bound() -> None:
    with patch.object(entry, "most_bytes", lambda path: 5):
        found = _sent(_Wire([b"abc", b"def"]), transfer_encoding="chunked")
    assert (found[REFUSED], found["body"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"")


def test_a_worker_holds_so_much_of_large_bodies_and_lets_it_go() -> None:
    site = Entry(lambda environ, start: None)
    with patch.multiple(entry, _SMALL=4, _MOST_HELD=8):
        for _ in range(2):
            assert _sent(_Wire([b"abcdef"]), one=site, content_length="6")["body"] == b"abcdef"
            found = _sent(_Wire([b"abcdef", b"ghijkl"]), one=site, content_length="12")
            assert (found[REFUSED], found["body"]) == (HTTPStatus.SERVICE_UNAVAILABLE, b"")
        # Small ones are taken while the room is full.
        site._held = 8
        assert _sent(_Wire([b"abc"]), one=site, content_length="3")["body"] == b"abc"
        assert _sent(_Wire([b"abcdef"]), one=site, content_length="6")["body"] == b""


def test_a_header_with_an_underscore_is_none_and_an_address_has_no_brackets() -> None:
    scope = SimpleNamespace(
        http_version="1.1", server="a:80", client="b:1", scheme="http", method="GET", path="/",
        query_string="", authority="tdcs.vn",
        headers=_Headers({"x_forwarded_for": "1.1.1.1", "x-a": "1", "host": "tdcs.vn"}),
    )  # fmt: skip
    found = entry._environ(scope)
    scope.client = "[2001:db8::7]:4711"
    assert (found["REMOTE_ADDR"], entry._environ(scope)["REMOTE_ADDR"]) == ("b", "2001:db8::7")
    assert "HTTP_X_FORWARDED_FOR" not in found
    assert (found["HTTP_X_A"], found["HTTP_HOST"]) == ("1", "tdcs.vn")
