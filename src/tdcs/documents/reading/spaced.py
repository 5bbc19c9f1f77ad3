"""Tables that plain text lays out with spaces or tabs: the first row's places are the columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tdcs.documents.reading.model import Table, TextLine

_PIECE = re.compile(r"\S+(?: \S+)*")
_LEAST_COLUMNS: Final = 3
# Cells may begin so many places beside their column's heading.
_SLACK: Final = 2


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int


def with_tables(lines: list[TextLine]) -> list[TextLine | Table]:
    """The lines, each run of aligned ones made a table."""
    made: list[TextLine | Table] = []
    at = 0
    while at < len(lines):
        table, after = _table_at(lines, at)
        if table is None:
            made.append(lines[at])
            at += 1
        else:
            made.append(table)
            at = after
    return made


def _table_at(lines: list[TextLine], at: int) -> tuple[Table | None, int]:
    for sign in ("\t", "|"):
        if sign in lines[at].text.strip():
            return _signed(lines, at, sign)
    head = _pieces(lines[at].text)
    if len(head) < _LEAST_COLUMNS:
        return None, at
    starts = [piece.start for piece in head]
    rows = [[piece.text for piece in head]]
    after, first_cells = at + 1, 0
    while after < len(lines) and (cells := _cells(lines[after].text, starts)):
        if cells[0]:
            first_cells += 1
            rows.append(cells)
        else:
            rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)]
        after += 1
    if first_cells < 1 or all(sum(map(bool, row)) < _LEAST_COLUMNS for row in rows[1:]):
        return None, at
    return Table(tuple(map(tuple, rows)), lines[at].number), after


def _pieces(text: str) -> list[_Piece]:
    return [_Piece(found.group(), found.start()) for found in _PIECE.finditer(text)]


def _cells(text: str, starts: list[int]) -> list[str]:
    """The line's cells under the columns; empty when the line does not keep to them."""
    pieces = _pieces(text)
    if not pieces:
        return []
    cells = [""] * len(starts)
    for piece in pieces:
        column = max(
            (n for n, start in enumerate(starts) if start <= piece.start + _SLACK), default=0
        )
        if column and abs(piece.start - starts[column]) > _SLACK and not cells[column]:
            return []
        cells[column] = f"{cells[column]} {piece.text}".strip()
    # A line of running text begins in the first column and is longer than it.
    running = len(pieces) == 1 and cells[0] and len(cells[0]) >= starts[1] - starts[0]
    return [] if running else cells


def _signed(lines: list[TextLine], at: int, sign: str) -> tuple[Table | None, int]:
    rows: list[tuple[str, ...]] = []
    after = at
    while after < len(lines) and lines[after].text.count(sign) >= _LEAST_COLUMNS - 1:
        rows.append(tuple(cell.strip() for cell in lines[after].text.strip("|").split(sign)))
        after += 1
    width = len(rows[0]) if rows else 0
    if len(rows) < 2 or sum(map(bool, rows[0])) < _LEAST_COLUMNS:
        return None, at
    square = tuple((row + ("",) * width)[:width] for row in rows)
    return Table(square, lines[at].number), after
