"""What a file is, told by its content, without unpacking more of it than a few bytes."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from tdcs.documents.accepting import accept
from tdcs.documents.errors import FileRefused

UNPACKED = 64 * 2**20


def _archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_an_open_document_is_known_by_its_first_bytes(kind: str) -> None:
    content = _archive(mimetype=f"application/vnd.oasis.opendocument.{kind}".encode())
    assert accept(content).ending == {"text": ".odt", "spreadsheet": ".ods"}[kind]


def test_a_part_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    content = _archive(mimetype=bytes(UNPACKED))
    assert len(content) < UNPACKED / 100
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused, match="tệp nén"):
            accept(content)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < UNPACKED / 16
