"""The first rows of a workbook's sheets without reading it whole, and what makes a workbook refused before it is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from tdcs.core.text import nfc
from tdcs.documents import errors
from tdcs.documents.archives import opened_archive
from tdcs.imports.errors import NotASpreadsheet, SheetsAlike
from tdcs.imports.reading.plain import SHEET, is_plain, plain_rows
from tdcs.imports.rules.recognising import SCANNED, Header, Remembered, header_of

MAX_BYTES: Final = 200 * 2**20
# An office's report 31 of 22 MB holds about 200 MB of XML; nothing genuine shrinks to a hundredth.
_MAX_INFLATED: Final = 3 * 2**30
_MAX_RATIO: Final = 100
_SMALL: Final = 50 * 2**20
_MAX_SHEETS: Final = 30
_MAX_HEAD: Final = 4 * 2**20
_MAX_WORDS: Final = 32 * 2**20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED: Final = b"PK\x03\x04"
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE: Final = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass(frozen=True, slots=True)
class Recognised:
    """The sheet of a workbook that is an extract."""

    sheet: str
    header: Header


def recognise(
    content: bytes, remembered: Remembered | None = None, *, guarded: bool = False
) -> Recognised | None:
    """The sheet whose header is an extract's, or one that people said how to read; None else. Of sheets of several kinds
    the first. ``guarded``: this is a process with bounds of its own already.

    Raises a refusal of documents.errors, SheetsAlike."""
    found: list[Recognised] = []
    for name, rows in heads(content, guarded=guarded):
        header = header_of(rows, remembered)
        if header is not None and (not found or header.layout is found[0].header.layout):
            found.append(Recognised(name, header))
    if len(found) > 1:
        # None of them is left unread in silence.
        names = ", ".join(f"“{one.sheet}”" for one in found)
        raise SheetsAlike(kind=found[0].header.layout.name, names=names[:200])
    return found[0] if found else None


def heads(content: bytes, *, guarded: bool = False) -> Iterator[tuple[str, list[list[str]]]]:
    """(name, first rows) of each sheet. Raises a refusal of documents.errors."""
    inspect(content)
    if content[:8] == _OLE:
        yield from _old_heads(content, guarded)
        return
    if content[:4] != _PACKED:
        yield SHEET, [row for _, row in zip(range(SCANNED), plain_rows(content), strict=False)]
        return
    try:
        with opened_archive(content) as packed:
            for name, part in sheets_of(packed)[:_MAX_SHEETS]:
                yield name, _head(packed, part)
    except (etree.XMLSyntaxError, KeyError) as wrong:
        raise errors.BrokenFile from wrong


def inspect(content: bytes) -> None:
    """Raises FileTooLarge, EmptyFile, NotASpreadsheet, EncryptedFile, BrokenFile, WorkbookWithMacros, DocumentBomb."""
    if len(content) > MAX_BYTES:
        raise errors.FileTooLarge(size=len(content) // 2**20, limit=MAX_BYTES // 2**20)
    if not content.strip():
        raise errors.EmptyFile
    if content[:8] == _OLE:
        marker = "EncryptedPackage".encode("utf-16-le")
        if marker in content:
            raise errors.EncryptedFile
        if b"_\x00V\x00B\x00A\x00" in content:
            raise errors.WorkbookWithMacros
        return
    if content[:4] != _PACKED:
        if not is_plain(content):
            raise NotASpreadsheet
        return
    with opened_archive(content) as packed:
        entries = packed.infolist()
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise errors.WorkbookWithMacros
    size = sum(entry.file_size for entry in entries)
    if size > _MAX_INFLATED or (size > _SMALL and size > _MAX_RATIO * len(content)):
        raise errors.DocumentBomb(size=size // 2**20)


def sheets_of(packed: zipfile.ZipFile) -> list[tuple[str, str]]:
    """(name, part) of the sheets in their order."""
    links = etree.fromstring(_bounded(packed, "xl/_rels/workbook.xml.rels"), _parser())
    targets = {one.get("Id"): one.get("Target", "") for one in links}
    book = etree.fromstring(_bounded(packed, "xl/workbook.xml"), _parser())
    found = []
    for one in book.iter(f"{_MAIN}sheet"):
        target = targets.get(one.get(_LINK), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found.append((one.get("name", ""), part))
    return found


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _bounded(packed: zipfile.ZipFile, part: str) -> bytes:
    with packed.open(part) as stream:
        return stream.read(_MAX_HEAD)


def _head(packed: zipfile.ZipFile, part: str) -> list[list[str]]:
    """The first rows of a sheet, its words looked up."""
    rows: list[dict[int, str | int]] = []
    wanted = -1
    with packed.open(part) as stream:
        for row in _rows(stream):
            at, cells = row
            while len(rows) < min(at, SCANNED):
                rows.append({})
            if at >= SCANNED:
                break
            rows.append(cells)
            wanted = max([wanted, *(one for one in cells.values() if isinstance(one, int))])
    words = _words(packed, wanted)
    return [_line(row, words) for row in rows]


def _line(row: dict[int, str | int], words: Sequence[str]) -> list[str]:
    line = [""] * (max(row, default=-1) + 1)
    for place, cell in row.items():
        if isinstance(cell, int):
            cell = words[cell] if cell < len(words) else ""
        line[place] = nfc(cell).strip()
    return line


def _rows(stream: Any) -> Iterator[tuple[int, dict[int, str | int]]]:
    """(number from 0, place → words or the number of a shared word) of the first rows."""
    pull = etree.XMLPullParser(
        events=("end",), tag=f"{_MAIN}row", resolve_entities=False, no_network=True
    )
    last, read = -1, 0
    while (piece := stream.read(65536)) and read < _MAX_HEAD:
        read += len(piece)
        pull.feed(piece)
        for _, row in pull.read_events():
            last = int(row.get("r", last + 2)) - 1
            yield last, _cells(row)
            if last >= SCANNED:
                return
            row.clear()


def _cells(row: Any) -> dict[int, str | int]:
    found: dict[int, str | int] = {}
    for place, cell in enumerate(row.iter(f"{_MAIN}c")):
        named = _PLACE.fullmatch(cell.get("r", ""))
        at = column_of(named[1]) if named else place
        if at > 2000:
            continue
        kind, value = cell.get("t"), cell.findtext(f"{_MAIN}v") or ""
        if kind == "s" and value.isdigit():
            found[at] = int(value)
        elif kind == "inlineStr":
            found[at] = "".join(one.text or "" for one in cell.iter(f"{_MAIN}t"))
        else:
            found[at] = value
    return found


def column_of(letters: str) -> int:
    """The number from 0 of a column: A is 0, AB is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _words(packed: zipfile.ZipFile, last: int) -> list[str]:
    """Shared words up to a number: those of the head come first, as a sheet is written from its top."""
    if last < 0 or "xl/sharedStrings.xml" not in packed.namelist():
        return []
    pull = etree.XMLPullParser(
        events=("end",), tag=f"{_MAIN}si", resolve_entities=False, no_network=True
    )
    found: list[str] = []
    read = 0
    with packed.open("xl/sharedStrings.xml") as stream:
        while (piece := stream.read(65536)) and read < _MAX_WORDS:
            read += len(piece)
            pull.feed(piece)
            for _, one in pull.read_events():
                found.append("".join(t.text or "" for t in one.iter(f"{_MAIN}t")))
                one.clear()
                if len(found) > last:
                    return found
    return found


def _old_heads(content: bytes, guarded: bool) -> Iterator[tuple[str, list[list[str]]]]:
    """Of an .xls: its form has no head to read alone, so it is read whole, in a process of its own."""
    from tdcs.documents.reading.guarded import read_sheets_guarded
    from tdcs.documents.reading.rows import read_sheets

    read = read_sheets if guarded else read_sheets_guarded
    for name, rows in read(content).items():
        lines: list[list[str]] = []
        for row in rows[:SCANNED]:
            lines += [[] for _ in range(row.number - 1 - len(lines))]
            lines.append([str(cell) for cell in row.cells])
        yield name, lines[:SCANNED]
