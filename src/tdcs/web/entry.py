"""Between Granian and Django: a request's body is read by the event loop before a thread is taken.

Django reads a body where it works. Whoever sends one byte a minute on as many connections as there are threads would stop the
site for everybody; Granian has no bound of its own on that (its issue 728). Here bodies have bounds of length
(web/bodies.py), of time, and of how much of large ones a worker holds at once.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined]

from tdcs.web.bodies import REFUSED, length_of, most_bytes

# Pages at a time; each thread has a connection of its own to the database.
_THREADS: Final = 4
# Seconds that a thread keeps Python to itself: the loop hands on every request and waits for its turn twice in each.
_TURN: Final = 0.001
# Seconds that a body may take, and a second more for so many bytes that came: a telephone at the edge of a village.
_GRACE: Final = 20
_SLOWEST: Final = 16 * 1024
# Bodies up to this length are always taken; of longer ones a worker holds so much at once, on the disk.
_SMALL: Final = 256 * 1024
_MOST_HELD: Final = 1024 * 2**20
# What stays in memory of one body.
_IN_MEMORY: Final = 2_621_440
# A file leaves in pieces of this length: one way between loop and thread for each.
_PIECE: Final = 256 * 1024

_COMMON: Final[dict[str, Any]] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
_BARE: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class _NotTaken(Exception):
    """A body that is not taken, with the status that says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Entry:
    """Granian's RSGI application over Django's WSGI handler."""

    def __init__(self, django: Callable[..., Any]) -> None:
        self._django = django
        self._held = 0
        # Made in the worker, not in the process that forks it.
        self._pool: ThreadPoolExecutor | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        sys.setswitchinterval(_TURN)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="page")

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Read the body, make the page in a thread, send it."""
        environ = _environ(scope)
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            environ["wsgi.input"] = BytesIO()
            await self._answer(environ, protocol)
            return
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as body, self._room() as hold:
            try:
                await _read(environ, most_bytes(scope.path), protocol, body, hold)
            except _NotTaken as refused:
                environ[REFUSED] = refused.status
                body.seek(0)
                body.truncate()
            environ["CONTENT_LENGTH"] = str(body.tell())
            body.seek(0)
            environ["wsgi.input"] = body
            await self._answer(environ, protocol)

    @contextmanager
    def _room(self) -> Iterator[Callable[[int], None]]:
        """A counter of what is held of one large body, until its answer is made; it raises _NotTaken when there is no room."""
        held = 0

        def hold(more: int) -> None:
            nonlocal held
            held += more
            self._held += more
            if self._held > _MOST_HELD:
                raise _NotTaken(HTTPStatus.SERVICE_UNAVAILABLE)

        try:
            yield hold
        finally:
            self._held -= held

    async def _answer(self, environ: dict[str, Any], protocol: Any) -> None:
        loop = asyncio.get_running_loop()
        status, headers, content, rest = await loop.run_in_executor(self._pool, self._page, environ)
        if rest is None:
            with suppress(ProtocolClosed):
                protocol.response_bytes(status, headers, content)
            return
        try:
            sending = protocol.response_stream(status, headers)
            while piece := await loop.run_in_executor(self._pool, _next_piece, rest):
                await sending.send_bytes(piece)
        except ProtocolClosed:
            # Who asked is gone.
            pass
        finally:
            await loop.run_in_executor(self._pool, rest.close)

    def _page(
        self, environ: dict[str, Any]
    ) -> tuple[int, list[tuple[str, str]], bytes, _Rest | None]:
        """Django's answer: status, headers, and its bytes, or what will give them piece by piece."""
        started: list[Any] = []
        answer = self._django(environ, lambda *given: started.extend(given))
        status, headers = int(started[0].split(" ", 1)[0]), list(started[1])
        if getattr(answer, "streaming", False):
            return status, headers, b"", _Rest(answer)
        try:
            return status, headers, b"".join(answer), None
        finally:
            answer.close()


async def _read(
    environ: dict[str, Any],
    most: int,
    protocol: Any,
    body: IO[bytes],
    hold: Callable[[int], None],
) -> None:
    """The whole body into ``body``; ``hold`` counts what is large of it. Raises _NotTaken."""
    length = length_of(environ)
    if length > most:
        raise _NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    taken, begun = 0, asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(_GRACE) as bound:
            async for piece in protocol:
                taken += len(piece)
                bound.reschedule(begun + _GRACE + taken / _SLOWEST)
                if taken > most:
                    raise _NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                if taken > _SMALL:
                    hold(len(piece))
                body.write(piece)
    except TimeoutError:
        raise _NotTaken(HTTPStatus.REQUEST_TIMEOUT) from None
    except ProtocolError:
        raise _NotTaken(HTTPStatus.BAD_REQUEST) from None
    if length and taken != length:
        # The sender is gone: half a sheet is no sheet.
        raise _NotTaken(HTTPStatus.BAD_REQUEST)


class _Rest:
    """What is still to send of an answer that leaves in pieces."""

    def __init__(self, answer: Any) -> None:
        self.pieces: Iterator[bytes] = iter(answer)
        self.close = answer.close


def _next_piece(rest: _Rest) -> bytes:
    """The next quarter of a megabyte; nothing at the end."""
    found, length = [], 0
    for piece in rest.pieces:
        found.append(piece)
        length += len(piece)
        if length >= _PIECE:
            break
    return b"".join(found)


def _environ(scope: Any) -> dict[str, Any]:
    """The request as WSGI says it, but for its body."""
    name, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ = {
        **_COMMON,
        "REQUEST_METHOD": scope.method,
        # WSGI has the bytes of an address as letters of Latin 1.
        "PATH_INFO": scope.path.encode("utf-8", "surrogatepass").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        # Brackets belong to the pair of address and port of IPv6, not to the address.
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.url_scheme": scope.scheme,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for header, value in scope.headers.items():
        # X_Forwarded_For would be read as X-Forwarded-For, which a proxy watches over.
        if "_" in header:
            continue
        key = _BARE.get(header) or "HTTP_" + header.upper().replace("-", "_")
        if key in environ and key != "HTTP_HOST":
            value = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    return environ
