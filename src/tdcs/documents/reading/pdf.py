"""PDF in: its text, line by line, page by page."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.text import nfc
from tdcs.documents import errors
from tdcs.documents.reading.model import CONTROLS, Line, ReadDocument

_MAX_PAGES: Final = 400
_PAGE_NUMBER = re.compile(r"^\s*[-–]?\s*\d{1,3}\s*[-–]?\s*$")


def read_pdf(content: bytes) -> ReadDocument:
    """Raises EncryptedFile, BrokenFile, ScanWithoutText, FileTooLarge (too many pages)."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise errors.EncryptedFile from problem
        raise errors.BrokenFile from problem
    try:
        if len(document) > _MAX_PAGES:
            raise errors.FileTooLarge(size=len(content) // 2**20, limit=20)
        pages = [_text(document, index) for index in range(len(document))]
    except pdfium.PdfiumError as problem:  # a page that is not there, or that holds itself
        raise errors.BrokenFile from problem
    finally:
        document.close()
    letters = sum(sign.isalpha() for page in pages for sign in page)
    if letters < 20 * len(pages):
        raise errors.ScanWithoutText
    return ReadDocument("pdf", tuple(_lines(pages)))


def _text(document: object, index: int) -> str:
    page = document[index]  # type: ignore[index]
    text = page.get_textpage().get_text_bounded()
    page.close()
    # PDFium marks a hyphen at a line's end with U+FFFE.
    return nfc(str(text).replace("\r\n", "\n").replace("\ufffe", "-")).translate(CONTROLS)


def _lines(pages: list[str]) -> list[Line]:
    lines: list[Line] = []
    for page, text in enumerate(pages, 1):
        for at, raw in enumerate(text.split("\n")):
            if at == 0 and _PAGE_NUMBER.match(raw):
                continue
            lines.append(Line(raw.strip(), len(lines) + 1, page))
        lines.append(Line("", len(lines) + 1, page))
    return lines
