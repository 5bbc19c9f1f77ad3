"""Uploaded files are read in a process of their own with bounds on time and memory: a file that was made to hurt ends there.

What comes back is plain data (MessagePack), never objects of the child's making.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from tdcs.core.errors import Refusal
from tdcs.documents import errors
from tdcs.documents.reading.model import ReadDocument, Table, TextLine
from tdcs.documents.reading.rows import SheetRow, Value

# Exit codes of the child: it met the bound of memory, or it refused the file and says why.
_OUT_OF_MEMORY: Final = 3
_REFUSED: Final = 4
_Line = tuple[str, int, int, bool] | None
_Table = tuple[tuple[tuple[str, ...], ...], int, int, tuple[int, ...]] | None
_TYPES: Final[dict[str, Callable[[str], Value]]] = {
    "s": str,
    "i": int,
    "f": Decimal,
    "d": date.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one file may take."""

    seconds: int = 20
    mib: int = 1024


BOUNDS: Final = Bounds()


def read_guarded(content: bytes, bounds: Bounds = BOUNDS) -> ReadDocument:
    """`reading.read` with bounds. Raises what it raises, and FileTooHard. Plain text has nothing to guard against."""
    if not _is_packed(content):
        from tdcs.documents.reading import read

        return read(content)
    return _as_document(ask(f"{__name__}:_document", content, bounds))


def _as_document(answer: bytes) -> ReadDocument:
    kind, blocks = msgspec.msgpack.decode(answer, type=tuple[str, list[tuple[_Line, _Table]]])
    return ReadDocument(kind, tuple(_block(line, table) for line, table in blocks))


# A scan: some seconds of recognition a page; Tesseract's own processes have the same bounds each.
SCAN_BOUNDS: Final = Bounds(seconds=300, mib=1024)


def recognised_guarded(content: bytes, bounds: Bounds = SCAN_BOUNDS) -> ReadDocument:
    """`ocr.recognised` with bounds. Raises what it raises, and FileTooHard."""
    return _as_document(ask(f"{__name__}:_recognised", content, bounds))


def read_or_recognised(content: bytes) -> ReadDocument:
    """`read_guarded`; a scan is recognised. Raises RecognitionMissing where Tesseract is not installed."""
    try:
        return read_guarded(content)
    except errors.ScanWithoutText:
        return recognised_guarded(content)


def draw_page_guarded(content: bytes, page: int, bounds: Bounds = BOUNDS) -> bytes:
    """`picture.draw_page` with bounds. Raises what it raises, and FileTooHard."""
    answer = ask(f"{__name__}:_picture", page.to_bytes(4, "big") + content, bounds)
    return msgspec.msgpack.decode(answer, type=bytes)


def read_rows_guarded(content: bytes, bounds: Bounds = BOUNDS) -> list[SheetRow]:
    """`rows.read_rows` with bounds. Raises what it raises, and FileTooHard."""
    if not _is_packed(content):
        from tdcs.documents.reading.rows import read_rows

        return read_rows(content)
    answer = ask(f"{__name__}:_rows", content, bounds)
    rows = msgspec.msgpack.decode(answer, type=list[tuple[int, list[tuple[str, str]]]])
    return [SheetRow(number, tuple(_TYPES[k](words) for k, words in row)) for number, row in rows]


def read_sheets_guarded(content: bytes, bounds: Bounds = BOUNDS) -> dict[str, list[SheetRow]]:
    """`rows.read_sheets` with bounds. Raises what it raises, and FileTooHard."""
    answer = ask(f"{__name__}:_sheets", content, bounds)
    sheets = msgspec.msgpack.decode(answer, type=dict[str, list[tuple[int, list[tuple[str, str]]]]])
    return {
        name: [SheetRow(at, tuple(_TYPES[k](words) for k, words in row)) for at, row in rows]
        for name, rows in sheets.items()
    }


def _is_packed(content: bytes) -> bool:
    return content[:2] == b"PK" or b"%PDF-" in content[:1024] or content[:4] == b"\xd0\xcf\x11\xe0"


def ask(reader: str, content: bytes, bounds: Bounds) -> bytes:
    """What ``reader`` (module:function) makes of the bytes, in a fresh process, as MessagePack."""
    command = [sys.executable, "-m", __name__, reader, str(bounds.seconds), str(bounds.mib)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        ended = subprocess.run(
            command,
            input=content,
            capture_output=True,
            check=False,
            env=environ,
            # A child may wait without using its processor; then the clock ends it.
            timeout=bounds.seconds * 2,
        )
    except subprocess.TimeoutExpired as problem:
        raise errors.FileTooHard from problem
    if ended.returncode == 0:
        return ended.stdout
    if ended.returncode == _REFUSED:
        raise _refusal(ended.stdout)
    if ended.returncode in (_OUT_OF_MEMORY, -signal.SIGXCPU, -signal.SIGKILL):
        raise errors.FileTooHard
    raise errors.BrokenFile


def _refusal(answer: bytes) -> Refusal:
    name, params = msgspec.msgpack.decode(answer, type=tuple[str, dict[str, Any]])
    made: type[Refusal] = getattr(errors, name, errors.BrokenFile)
    return made(**params)


def _document(content: bytes) -> tuple[str, list[tuple[_Line, _Table]]]:
    from tdcs.documents.reading import read

    return _plain(read(content))


def _recognised(content: bytes) -> tuple[str, list[tuple[_Line, _Table]]]:
    from tdcs.documents.reading.ocr import recognised

    return _plain(recognised(content))


def _plain(found: ReadDocument) -> tuple[str, list[tuple[_Line, _Table]]]:
    """Each block as a line or as a table, the other of the two empty."""
    blocks: list[tuple[_Line, _Table]] = [
        ((one.text, one.number, one.page, one.centred), None)
        if isinstance(one, TextLine)
        else (None, (one.rows, one.number, one.page, one.pages))
        for one in found.blocks
    ]
    return found.kind, blocks


def _block(line: _Line, table: _Table) -> TextLine | Table:
    if line is not None:
        return TextLine(*line)
    assert table is not None, "a block is one of the two"
    return Table(*table)


def _picture(content: bytes) -> bytes:
    """The page's number stands in the first four bytes."""
    from tdcs.documents.reading.picture import draw_page

    return draw_page(content[4:], int.from_bytes(content[:4], "big"))


def _rows(content: bytes) -> list[tuple[int, list[tuple[str, str]]]]:
    """Rows with the kind of each cell, as MessagePack has no dates."""
    from tdcs.documents.reading.rows import read_rows

    return [(row.number, [_cell(cell) for cell in row.cells]) for row in read_rows(content)]


def _sheets(content: bytes) -> dict[str, list[tuple[int, list[tuple[str, str]]]]]:
    from tdcs.documents.reading.rows import read_sheets

    return {
        name: [(row.number, [_cell(cell) for cell in row.cells]) for row in rows]
        for name, rows in read_sheets(content).items()
    }


def _cell(cell: Value) -> tuple[str, str]:
    if isinstance(cell, date):
        return "d", cell.isoformat()
    return {str: "s", int: "i", Decimal: "f"}[type(cell)], str(cell)


def _child(reader: str, seconds: int, mib: int) -> int:
    """Reads standard input under the bounds and answers on standard output."""
    module, _, name = reader.partition(":")
    read = getattr(importlib.import_module(module), name)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (mib * 2**20, mib * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        answer, code = msgspec.msgpack.encode(read(content)), 0
    except Refusal as refusal:
        answer = msgspec.msgpack.encode((type(refusal).__name__, refusal.params))
        code = _REFUSED
    except MemoryError:
        return _OUT_OF_MEMORY
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(_child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
