"""PDF in: letters with their places, page by page, as lines and tables in the order of the page."""

from __future__ import annotations

import ctypes
from typing import Any, Final

from tdcs.core.text import nfc
from tdcs.documents import errors
from tdcs.documents.reading.cleaning import cleaned
from tdcs.documents.reading.layout import Block, Page, blocks_of
from tdcs.documents.reading.model import ReadDocument, Table, TextLine
from tdcs.documents.reading.pieces import Glyph, Rule

_MAX_PAGES: Final = 400
_THIN: Final = 3.0
_SPACES: Final = frozenset({0x20, 0xA0, 0x3000})


def read_pdf(content: bytes) -> ReadDocument:
    """Raises EncryptedFile, BrokenFile, ScanWithoutText, TooManyPages."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise errors.EncryptedFile from problem
        raise errors.BrokenFile from problem
    try:
        if len(document) > _MAX_PAGES:
            raise errors.TooManyPages(pages=len(document), limit=_MAX_PAGES)
        pages = [_page(document[index]) for index in range(len(document))]
    except pdfium.PdfiumError as problem:  # a page that is not there, or that holds itself
        raise errors.BrokenFile from problem
    finally:
        document.close()
    if sum(glyph.text.isalpha() for page in pages for glyph in page.glyphs) < 20 * len(pages):
        raise errors.ScanWithoutText
    return ReadDocument("pdf", tuple(numbered(blocks_of(pages))))


def _page(page: Any) -> Page:
    from pypdfium2 import raw

    textpage = page.get_textpage()
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    code_of, box_of, origin_of = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetLooseCharBox,
        raw.FPDFText_GetCharOrigin,
    )
    glyphs = []
    for index in range(textpage.count_chars()):
        code = code_of(textpage, index)
        # Spaces are known by the gaps between letters.
        if code in _SPACES or (code < 32 and code != 2) or 0xD800 <= code <= 0xDFFF:
            continue
        # PDFium marks a hyphen at a line's end with U+FFFE or U+0002.
        text = "-" if code in (0xFFFE, 2) else chr(code)
        # The loose box is as wide as the letter's advance, so that a narrow "1" leaves no gap.
        box_of(textpage, index, box)
        origin_of(textpage, index, x, y)
        glyphs.append(
            Glyph(text, box.left, box.right, y.value, max(box.top - box.bottom, 1.0) * 0.85)
        )
    rules = _rules(page, raw)
    height = page.get_height()
    textpage.close()
    page.close()
    return Page(glyphs, rules, height)


def _rules(page: Any, raw: Any) -> list[Rule]:
    """Thin lines and the edges of boxes."""
    found: list[Rule] = []
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=4):
        x0, y0, x1, y1 = item.get_bounds()
        if x1 - x0 <= _THIN or y1 - y0 <= _THIN:
            found.append(Rule(x0, y0, x1, y1))
        else:
            found.extend(
                (
                    Rule(x0, y0, x0, y1),
                    Rule(x1, y0, x1, y1),
                    Rule(x0, y0, x1, y0),
                    Rule(x0, y1, x1, y1),
                )
            )
    return found


def numbered(blocks: list[Block]) -> list[TextLine | Table]:
    """Blocks with numbers that count over the document, their text cleaned."""
    texts = [nfc(block) if isinstance(block, str) else "" for _, block in blocks]
    made: list[TextLine | Table] = []
    for number, ((pages, block), text) in enumerate(zip(blocks, cleaned(texts), strict=True), 1):
        if isinstance(block, str):
            made.append(TextLine(text.strip(), number, pages[0]))
        else:
            rows = tuple(tuple(nfc(cell).strip() for cell in row) for row in block)
            made.append(Table(rows, number, pages[0], tuple(pages)))
    return made
