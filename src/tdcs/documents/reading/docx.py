""".docx in: paragraphs and tables in the order of the body; nothing is inflated before it is measured."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from tdcs.core.errors import Refusal
from tdcs.core.text import nfc
from tdcs.documents import errors
from tdcs.documents.reading.cleaning import letters
from tdcs.documents.reading.model import ReadDocument, Table, TextLine

if TYPE_CHECKING:
    from tdcs.documents.reading.numbering import Numbering

# A plan of a hundred pages inflates to a few MB of XML; pictures are not inflated at all.
_MAX_XML: Final = 60 * 2**20
_MAX_PARTS: Final = 3000


def read_docx(content: bytes) -> ReadDocument:
    """Raises BrokenFile, UnknownFormat (another kind of zip), DocumentBomb."""
    _measure(content)
    import docx
    from docx.table import Table as DocxTable

    from tdcs.documents.reading.numbering import Numbering

    try:
        body = docx.Document(io.BytesIO(content))
        numbering = Numbering(body)
        blocks: list[TextLine | Table] = []
        for number, item in enumerate(body.iter_inner_content(), 1):
            if isinstance(item, DocxTable):
                blocks.extend(_table(item, number))
            else:
                blocks.extend(_paragraph(item, number, numbering))
    except Refusal:
        raise
    except Exception as problem:
        # The library raises many kinds of errors on damaged files; all mean the same to a person.
        raise errors.BrokenFile from problem
    return ReadDocument("docx", tuple(blocks))


def _measure(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if "word/document.xml" not in {part.filename for part in parts}:
                raise errors.UnknownFormat
            if any(part.flag_bits & 1 for part in parts):
                raise errors.EncryptedFile
            xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
            declared = sum(part.file_size for part in xml)
            if declared > _MAX_XML or len(parts) > _MAX_PARTS:
                raise errors.DocumentBomb(size=declared // 2**20)
            _inflate(archive, xml)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        OSError,
        EOFError,
    ) as problem:
        raise errors.BrokenFile from problem


def _inflate(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """The sizes a zip declares may lie: count what really comes out, and refuse entities."""
    total = 0
    for part in parts:
        with archive.open(part) as stream:
            first = True
            while chunk := stream.read(2**20):
                total += len(chunk)
                if total > _MAX_XML:
                    raise errors.DocumentBomb(size=total // 2**20)
                if first and (b"<!DOCTYPE" in chunk[:4096] or b"<!ENTITY" in chunk[:4096]):
                    raise errors.BrokenFile
                first = False


def _paragraph(item: Any, number: int, numbering: Numbering) -> list[TextLine]:
    centred = item.alignment is not None and int(item.alignment) == 1
    prefix = numbering.label(item)
    texts = letters(nfc(item.text)).split("\n")
    return [
        TextLine((prefix if at == 0 else "") + text.rstrip(), number, 1, centred)
        for at, text in enumerate(texts)
    ]


def _table(item: Any, number: int) -> list[TextLine | Table]:
    rows = tuple(tuple(letters(nfc(cell.text)).strip() for cell in row.cells) for row in item.rows)
    if _is_layout(rows):
        # The header and the signature of an official letter are laid out in small tables.
        cells = [
            cell for column in zip(*_square(rows), strict=True) for cell in dict.fromkeys(column)
        ]
        return [TextLine(text, number, 1, True) for cell in cells for text in cell.split("\n")]
    return [Table(rows, number)]


def _is_layout(rows: tuple[tuple[str, ...], ...]) -> bool:
    """Few rows, at most two columns that hold anything."""
    filled = [sum(map(bool, set(row))) for row in rows]
    return 0 < len(rows) <= 3 and max(filled) <= 2


def _square(rows: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    width = max(len(row) for row in rows)
    return [list(row) + [""] * (width - len(row)) for row in rows]
