"""An archive in which any byte is wrong is refused by name, wherever it is sent in: never a page that fails."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest

from tdcs.core.errors import Refusal
from tdcs.documents.accepting import accept
from tdcs.documents.archives import opened_archive
from tdcs.documents.errors import BrokenFile, EncryptedFile
from tdcs.documents.reading.docx import read_docx
from tdcs.imports.reading.opening import heads
from tdcs.imports.services.receiving import _of_zip, _Room
from tdcs.word_templates.filling.packing import inspect

OPENED: dict[str, Callable[[bytes], Any]] = {
    "evidence": accept,
    "template": inspect,
    "extract": lambda content: list(heads(content)),
    "folder": lambda content: list(_of_zip(content, _Room())),
    "document": read_docx,
}


def _packed(method: int, **parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as packed:
        for name, words in parts.items():
            packed.writestr(name.replace("__", "/"), words)
    return made.getvalue()


def _samples() -> list[bytes]:
    written = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Kính gửi {{ ten }}")
    document.save(written)
    table = io.BytesIO()
    book = openpyxl.Workbook()
    for at in range(20):
        book.worksheets[0].append(["Mã", at, "chữ có dấu"])
    book.save(table)
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "word__document.xml": "<a>b</a>" * 60,
    }
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return [written.getvalue(), table.getvalue(), *(_packed(one, **parts) for one in methods)]


def _damaged(content: bytes, luck: random.Random) -> bytes:
    """Some bytes changed anywhere or in the directory at the end, the end cut off, or a run replaced by another."""
    made = bytearray(content)
    way = luck.randrange(4)
    if way == 0:
        return bytes(made[: luck.randrange(len(made))])
    if way == 1:
        at = luck.randrange(min(300, len(made)))
        made[at : at + luck.randrange(1, 30)] = luck.randbytes(luck.randrange(1, 30))
        return bytes(made)
    last = len(made) if way == 2 else min(400, len(made))
    for _ in range(luck.randrange(1, 6)):
        made[-luck.randrange(1, last)] = luck.randrange(256)
    return bytes(made)


@pytest.mark.parametrize("where", OPENED)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_wrong_in_an_archive_is_a_fault_of_the_file(where: str, seed: int) -> None:
    luck, samples, refused = random.Random(seed), _samples(), 0
    for _ in range(250):
        content = _damaged(luck.choice(samples), luck)
        try:
            OPENED[where](content)
        except Refusal:
            refused += 1
    assert refused > 50


def test_a_password_is_told_from_damage() -> None:
    content = bytearray(_packed(zipfile.ZIP_STORED, a="chữ"))
    for head in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.index(head) + (6 if head.endswith(b"\x04") else 8)
        content[at] |= 1
    with pytest.raises(EncryptedFile), opened_archive(bytes(content)) as packed:
        packed.read("a")
    with pytest.raises(BrokenFile), opened_archive(bytes(content[:-9])):
        pass
