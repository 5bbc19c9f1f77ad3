"""A page of a PDF as a picture, drawn by PDFium, for a person who compares what was read with it."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from tdcs.documents import errors

# Pixels over the page's width: readable beside a form, small enough for a slow line.
WIDTH: Final = 1100
_MOST_PIXELS: Final = 4_000_000


def draw_page(content: bytes, page: int) -> bytes:
    """A grey PNG of a page, counted from 1. Raises BrokenFile, EncryptedFile, PageMissing."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise errors.EncryptedFile from problem
        raise errors.BrokenFile from problem
    try:
        if not 1 <= page <= len(document):
            raise errors.PageMissing(page=page)
        drawn = document[page - 1]
        width, height = drawn.get_size()
        scale = min(WIDTH / max(width, 1), (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = drawn.render(scale=scale, grayscale=True)
        return _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
    except pdfium.PdfiumError as problem:
        raise errors.BrokenFile from problem
    finally:
        document.close()


def _png(grey: bytes, width: int, height: int, stride: int) -> bytes:
    """The smallest file of that kind: one byte a pixel, each row behind a filter byte."""
    rows = b"".join(b"\x00" + grey[at * stride : at * stride + width] for at in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
