"""Files that are no plan: one clear sentence each, nothing half read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tdcs.core.errors import Refusal
from tdcs.documents import errors
from tdcs.documents.reading import MAX_BYTES, read
from tdcs.plans.reading import NotAPlan, read_plan


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.EmptyFile),
        (b"   \n", errors.EmptyFile),
        (b"x" * (MAX_BYTES + 1), errors.FileTooLarge),
        (b"%PDF-1.7 broken", errors.BrokenFile),
        (SCAN, errors.ScanWithoutText),
        (b"PK\x03\x04 broken", errors.BrokenFile),
        (_zip({"readme.txt": b"hello"}), errors.UnknownFormat),
        (_zip({"word/document.xml": b"<w:document/>"}), errors.BrokenFile),
        (_zip({"word/document.xml": b"0" * (70 * 2**20)}), errors.DocumentBomb),
        (
            _zip({"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
            errors.BrokenFile,
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, errors.UnknownFormat),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            errors.EncryptedFile,
        ),
        (bytes(range(256)) * 40, errors.UnknownFormat),
    ],
)
def test_each_bad_file_has_its_sentence(content: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as caught:
        read(content)
    assert caught.value.sentence("vi").endswith(".")
    assert caught.value.sentence("en") != caught.value.sentence("vi")


def test_a_letter_is_no_plan() -> None:
    with pytest.raises(NotAPlan):
        read_plan("Kính gửi bà Hoa,\nTôi viết thư này để hỏi thăm sức khỏe.\n".encode())


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "to.docx"
    with file.open("wb") as handle:
        handle.truncate(100 * 2**20)
    with pytest.raises(errors.FileTooLarge):
        read_plan(file)
