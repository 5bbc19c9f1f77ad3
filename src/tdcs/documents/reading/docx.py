""".docx in: paragraphs and tables in the order of the body; nothing is inflated before it is measured.

The XML is read as it lies: a library that makes an object of each run and cell takes longer than all the rest.
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from tdcs.core.text import nfc
from tdcs.documents import errors
from tdcs.documents.archives import opened_archive
from tdcs.documents.reading.model import ReadDocument, Table, TextLine

if TYPE_CHECKING:
    from tdcs.documents.reading.numbering import Numbering

# A plan of a hundred pages inflates to a few MB of XML; pictures are not inflated at all.
_MAX_XML: Final = 60 * 2**20
_MAX_PARTS: Final = 3000
_MAX_ROWS: Final = 5000
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARK_GONE: Final = f"{W}pPr/{W}rPr/{W}del"
_DRAWN: Final = frozenset((f"{W}pict", f"{W}drawing", f"{W}object"))
_SIGNS: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
# Around runs: their words count. Deleted words, drawings and fields' codes do not.
_HOLDERS: Final = frozenset(
    f"{W}{name}"
    for name in ("r", "hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple", "moveTo")
)


def read_docx(content: bytes) -> ReadDocument:
    """Raises BrokenFile, UnknownFormat (another kind of zip), DocumentBomb, TableTooLong."""
    _measure(content)
    from lxml import etree

    from tdcs.documents.reading.numbering import Numbering

    try:
        with opened_archive(content) as archive:
            roots = {
                name: etree.fromstring(archive.read(f"word/{name}.xml"), _parser())
                for name in ("document", "numbering", "styles")
                if f"word/{name}.xml" in archive.namelist()
            }
    except etree.XMLSyntaxError as problem:
        raise errors.BrokenFile from problem
    body = roots["document"].find(f"{W}body")
    if body is None:
        raise errors.BrokenFile
    numbering = Numbering(roots.get("numbering"), roots.get("styles"))
    blocks: list[TextLine | Table] = []
    for number, item in enumerate(_joined(_inner(body)), 1):
        if item.tag == f"{W}tbl":
            blocks.extend(_table(item, number, numbering))
        else:
            blocks.extend(_boxes(item, number, numbering))
            blocks.extend(_paragraph(item, number, numbering))
    return ReadDocument("docx", tuple(blocks))


def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _inner(holder: Any) -> Iterator[Any]:
    """Paragraphs and tables, those inside content controls too."""
    for item in holder:
        if item.tag in (f"{W}p", f"{W}tbl"):
            yield item
        elif item.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _inner(item)


def _joined(items: Iterator[Any]) -> Iterator[Any]:
    """A paragraph whose mark was deleted with changes tracked goes on in the next one."""
    open_: Any = None
    for item in items:
        if open_ is not None and item.tag == f"{W}p":
            for part in list(open_)[::-1]:
                if part.tag != f"{W}pPr":
                    item.insert(item[0].tag == f"{W}pPr" if len(item) else 0, part)
        elif open_ is not None:
            yield open_
        open_ = item if item.tag == f"{W}p" and item.find(_MARK_GONE) is not None else None
        if open_ is None:
            yield item
    if open_ is not None:
        yield open_


def _boxes(item: Any, number: int, numbering: Numbering) -> list[TextLine]:
    """The paragraphs of text boxes that hang on a paragraph; a letterhead is often drawn so."""
    made: list[TextLine] = []
    for run in item:
        if run.tag != f"{W}r" or all(
            one.tag.startswith(W) and one.tag not in _DRAWN for one in run
        ):
            continue
        # Word writes a box twice, for itself and for older programs: only the first is read.
        for box in itertools.islice(run.iter(f"{W}txbxContent"), 1):
            for inner in _inner(box):
                made.extend(_paragraph(inner, number, numbering) if inner.tag == f"{W}p" else [])
    return made


def _measure(content: bytes) -> None:
    with opened_archive(content) as archive:
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


def _words(holder: Any) -> str:
    """The words of a paragraph's runs."""
    made: list[str] = []
    for one in holder:
        if one.tag == f"{W}t":
            made.append(one.text or "")
        elif one.tag == f"{W}rPr":
            hidden = one.find(f"{W}vanish")
            if hidden is not None and hidden.get(f"{W}val") not in ("0", "false"):
                return ""
        elif one.tag in _SIGNS:
            made.append(_SIGNS[one.tag])
        elif one.tag in _HOLDERS:
            made.append(_words(one))
    return "".join(made)


def _paragraph(item: Any, number: int, numbering: Numbering) -> list[TextLine]:
    alignment = item.find(f"{W}pPr/{W}jc")
    centred = alignment is not None and alignment.get(f"{W}val") == "center"
    words = nfc(_words(item))
    prefix = numbering.label(item) if words.strip() else ""
    return [
        TextLine((prefix if at == 0 else "") + text.rstrip(), number, 1, centred)
        for at, text in enumerate(words.split("\n"))
    ]


def _table(item: Any, number: int, numbering: Numbering) -> list[TextLine | Table]:
    rows = _rows(item, numbering)
    if not rows:
        return []
    if _is_layout(rows):
        # The header and the signature of an official letter are laid out in small tables.
        cells = [
            cell for column in zip(*_square(rows), strict=True) for cell in dict.fromkeys(column)
        ]
        return [TextLine(text, number, 1, True) for cell in cells for text in cell.split("\n")]
    return [Table(rows, number)]


def _rows(item: Any, numbering: Numbering) -> tuple[tuple[str, ...], ...]:
    """The cells of each row; one merged over columns or rows repeats its words."""
    rows: list[tuple[str, ...]] = []
    for row in _named(item, "tr"):
        if row.find(f"{W}trPr/{W}del") is not None:
            continue
        if len(rows) >= _MAX_ROWS:
            raise errors.TableTooLong(limit=_MAX_ROWS)
        before = _count(row.find(f"{W}trPr/{W}gridBefore"), 0)
        cells = [""] * before
        for cell in _named(row, "tc"):
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and merge.get(f"{W}val") != "restart"
            above = rows[-1][len(cells)] if goes_on and rows and len(cells) < len(rows[-1]) else ""
            words = above if goes_on else _cell(cell, numbering)
            cells.extend([words] * _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1))
        rows.append(tuple(cells))
    return tuple(rows)


def _named(holder: Any, name: str) -> Iterator[Any]:
    for one in holder:
        if one.tag == f"{W}{name}":
            yield one
        elif one.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins"):
            yield from _named(one, name)


def _count(element: Any, default: int) -> int:
    said = element.get(f"{W}val", "") if element is not None else ""
    return min(int(said), 63) if said.isdigit() else default


def _cell(cell: Any, numbering: Numbering) -> str:
    """Word shows the number of an empty paragraph in a cell: a column of numbers is often made so."""
    made: list[str] = []
    for one in _joined(_inner(cell)):
        if one.tag == f"{W}tbl":
            # A table inside a cell: its rows are lines of the cell.
            made.extend(" ".join(dict.fromkeys(filter(None, r))) for r in _rows(one, numbering))
        else:
            made.append(f"{numbering.label(one)}{nfc(_words(one))}")
    return "\n".join(made).strip()


def _is_layout(rows: tuple[tuple[str, ...], ...]) -> bool:
    """Few rows, at most two columns that hold anything."""
    filled = [sum(map(bool, set(row))) for row in rows]
    return 0 < len(rows) <= 3 and max(filled) <= 2


def _square(rows: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    width = max(len(row) for row in rows)
    return [list(row) + [""] * (width - len(row)) for row in rows]
