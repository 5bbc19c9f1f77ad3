"""Pages leave compressed where the browser takes it, and only where it saves something."""

from __future__ import annotations

from gzip import decompress

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from tdcs.web.middleware import Compression

TEXT = ("một dòng của trang\n" * 200).encode()


def _answer(content: bytes = TEXT, accept: str = "gzip, br", **headers: str) -> HttpResponse:
    answer = HttpResponse(content, headers=headers)
    request = RequestFactory().get("/", headers={"Accept-Encoding": accept})
    return Compression(lambda _: answer)(request)


def test_a_page_is_compressed_and_reads_as_it_was() -> None:
    found = _answer()
    assert found["Content-Encoding"] == "gzip" and "Accept-Encoding" in found["Vary"]
    assert len(found.content) < len(TEXT) / 4
    assert decompress(found.content) == TEXT


@pytest.mark.parametrize("accept", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, br"])
def test_who_does_not_take_it_gets_the_page_as_it_is(accept: str) -> None:
    found = _answer(accept=accept)
    assert not found.has_header("Content-Encoding") and found.content == TEXT
    assert "Accept-Encoding" in found["Vary"]


@pytest.mark.parametrize(("size", "packed"), [(1399, False), (1400, True)])
def test_a_short_answer_is_left_alone(size: int, packed: bool) -> None:
    assert _answer(b"a" * size).has_header("Content-Encoding") is packed


def test_what_is_compressed_or_streams_is_left_alone() -> None:
    assert _answer(**{"Content-Encoding": "br"}).content == TEXT
    streaming = StreamingHttpResponse(iter([TEXT]))
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    assert Compression(lambda _: streaming)(request) is streaming


def test_the_size_tells_nothing_exact() -> None:
    assert len({len(_answer().content) for _ in range(30)}) > 5


def test_the_length_that_was_said_is_that_of_what_leaves() -> None:
    found = _answer(**{"Content-Length": str(len(TEXT))})
    assert found["Content-Length"] == str(len(found.content)) != str(len(TEXT))


@pytest.mark.django_db
def test_a_whole_page_says_the_length_that_it_has(client: Client) -> None:
    """Through every middleware: a browser waits for bytes that were promised and never come."""
    found = client.get("/tai-khoan/login/", headers={"Accept-Encoding": "gzip"})
    assert found["Content-Encoding"] == "gzip"
    assert int(found["Content-Length"]) == len(found.content)
