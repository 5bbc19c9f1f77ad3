"""Rows of a table that somebody prepared in a spreadsheet: .xlsx, .csv, or cells pasted from Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from tdcs.core.text import nfc
from tdcs.documents import errors
from tdcs.documents.archives import opened_archive

MAX_BYTES: Final = 10 * 2**20
_MAX_INFLATED: Final = 200 * 2**20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Value = str | int | Decimal | date


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet with the number that a spreadsheet shows beside it."""

    number: int
    cells: tuple[Value, ...]


def read_rows(content: bytes) -> list[SheetRow]:
    """The first sheet's lines that hold anything. Raises a refusal of documents.errors.

    A figure is an int, or a Decimal when it has a fraction; never a float.
    """
    if len(content) > MAX_BYTES:
        raise errors.FileTooLarge(size=len(content) // 2**20, limit=MAX_BYTES // 2**20)
    if not content.strip():
        raise errors.EmptyFile
    if content[:4] == b"PK\x03\x04":
        _refuse_bomb(content)
        return _workbook(content)
    if content[:8] == _OLE:
        return _workbook(content)
    return _delimited(_decoded(content))


def read_sheets(content: bytes) -> dict[str, list[SheetRow]]:
    """Every sheet of a workbook by its name, its lines that hold anything. Raises a refusal of documents.errors."""
    if len(content) > MAX_BYTES:
        raise errors.FileTooLarge(size=len(content) // 2**20, limit=MAX_BYTES // 2**20)
    if not content.strip():
        raise errors.EmptyFile
    if content[:4] == b"PK\x03\x04":
        _refuse_bomb(content)
    elif content[:8] != _OLE:
        raise errors.NotATable
    with _opened(content) as book:
        return {
            name: _kept(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        }


def pasted_rows(words: str) -> list[SheetRow]:
    """Cells pasted from a spreadsheet: tabs between them, or commas or semicolons."""
    return _delimited(words)


def _workbook(content: bytes) -> list[SheetRow]:
    with _opened(content) as book:
        return _kept(book.get_sheet_by_index(0).to_python(skip_empty_area=False))


@contextmanager
def _opened(content: bytes) -> Iterator[CalamineWorkbook]:
    try:
        yield CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as wrong:
        raise errors.EncryptedFile from wrong
    except (CalamineError, OSError, IndexError) as wrong:
        marker = "EncryptedPackage".encode("utf-16-le")
        raise (errors.EncryptedFile if marker in content else errors.NotATable) from wrong


def _refuse_bomb(content: bytes) -> None:
    with opened_archive(content) as folder:
        size = sum(entry.file_size for entry in folder.infolist())
    if size > _MAX_INFLATED:
        raise errors.DocumentBomb(size=size // 2**20)


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise errors.NotATable from wrong


def _delimited(words: str) -> list[SheetRow]:
    first = next((line for line in words.splitlines() if line.strip()), "")
    sign = max("\t;,", key=first.count)
    try:
        return _kept(list(csv.reader(io.StringIO(words), delimiter=sign)))
    except csv.Error as wrong:
        raise errors.NotATable from wrong


def _kept(lines: list[list[Any]]) -> list[SheetRow]:
    rows = (SheetRow(at, tuple(map(_value, line))) for at, line in enumerate(lines, 1))
    return [row for row in rows if any(cell != "" for cell in row.cells)]


def _value(cell: Any) -> Value:
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else Decimal(str(cell))
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int | date):
        return cell
    return nfc(str(cell)).replace("\u00a0", " ").strip()
