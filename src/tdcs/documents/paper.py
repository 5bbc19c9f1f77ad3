"""A table on A4 as PDF: upright or turned by what its columns need, heads on every page, never a column cut.

The same columns and rows as the workbook; typst sets the pages, as it sets official documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from tdcs.core.text import fold
from tdcs.documents.columns import Cell, Column, shown
from tdcs.documents.errors import TooLongForPaper
from tdcs.documents.official import grids, wording
from tdcs.documents.official.sheet import GridRow
from tdcs.documents.official.typesetting import typeset

# Some hundred pages; who wants more goes on calculating and takes the workbook.
MOST_ROWS: Final = 5_000
# A4 less 12 mm on both sides.
UPRIGHT_MM, TURNED_MM = 186.0, 273.0
_SIZES: Final = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
_PADDING: Final = 3.2
_NAME_MM: Final = 34.0
# How much of the turned page the least widths may take before smaller letters are tried.
_ROOMY: Final = 0.8
_TOTALS: Final = ("tong cong", "cong", "tong", "total")


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands around a table. ``signers``: titles of who signs below it; ``place_and_day`` above the last of them.

    ``unit`` and ``day`` head every page, ``printed`` and "Trang 1/3" (``page_word``) foot it.
    """

    title: str
    unit: str
    day: str
    printed: str
    printed_at: datetime
    page_word: str = "Trang"
    note: str = ""
    signers: tuple[str, ...] = ()
    place_and_day: str = ""
    sign_word: str = "(Ký, ghi rõ họ tên)"
    empty: str = "Không có số liệu."


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a table stands on paper: ``parts`` are its columns, by place, of one run of pages each."""

    landscape: bool
    size: float
    parts: tuple[tuple[int, ...], ...]
    widths: tuple[tuple[float, ...], ...]


def table_to_pdf(paper: Paper, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The pages. Raises TooLongForPaper."""
    if len(rows) > MOST_ROWS:
        raise TooLongForPaper(rows=len(rows), most=MOST_ROWS)
    columns = columns or (Column(""),)
    lines = [_words(columns, row) for row in rows]
    sheet = laid_out(columns, lines)
    bold = [bool(line) and _is_total(line) for line in lines]
    parts = [
        _part([columns[at] for at in places], lines, bold, places, widths)
        for places, widths in zip(sheet.parts, sheet.widths, strict=True)
    ]
    data = {
        **{name: _clean(value) for name, value in asdict(paper).items() if name != "printed_at"},
        "landscape": sheet.landscape,
        "size": sheet.size,
        "parts": parts,
    }
    stamp = paper.printed_at.astimezone(UTC).replace(microsecond=0)
    made: bytes = typeset("table.typ", data, format="pdf", timestamp=stamp)
    return made


def laid_out(columns: Sequence[Column], lines: Sequence[Sequence[str]]) -> Sheet:
    """Upright when every column gets what it would like; else turned, with smaller letters when words would break; else
    in several runs of pages that each begin with the first column."""
    rows = [GridRow(list(line)) for line in lines]

    def needs(size: float) -> list[tuple[float, float]]:
        found = [
            grids.need(column, at, rows, size, padding=_PADDING)
            for at, column in enumerate(columns)
        ]
        # The column that names the row is read most: it is not squeezed to a word a line.
        least, wish = found[0]
        return [(max(least, min(wish, _NAME_MM)), wish), *found[1:]]

    found = needs(_SIZES[0])
    every = tuple(range(len(columns)))
    if sum(wish for _, wish in found) <= UPRIGHT_MM:
        return Sheet(False, _SIZES[0], (every,), (_shares(found, UPRIGHT_MM),))
    # Few columns of long sentences wrap well on an upright page.
    if len(columns) <= 6 and sum(least for least, _ in found) <= UPRIGHT_MM * 0.7:
        return Sheet(False, _SIZES[0], (every,), (_shares(found, UPRIGHT_MM),))
    for size in _SIZES:
        found = needs(size)
        # Smaller letters rather than a name of three words on three lines: rows stay low, pages few.
        most = TURNED_MM if size == _SIZES[-1] else _ROOMY * TURNED_MM
        if sum(least for least, _ in found) <= most:
            return Sheet(True, size, (every,), (_shares(found, TURNED_MM),))
    parts = _runs([least for least, _ in found])
    widths = tuple(_shares([found[at] for at in places], TURNED_MM) for places in parts)
    return Sheet(True, _SIZES[-1], parts, widths)


def _shares(needs: Sequence[tuple[float, float]], within: float) -> tuple[float, ...]:
    shared = grids.shared([least for least, _ in needs], [wish for _, wish in needs], within)
    return tuple(round(one / within, 6) for one in shared)


def _runs(least: Sequence[float]) -> tuple[tuple[int, ...], ...]:
    """Places of columns in runs that fit the turned page, the first column in front of each."""
    starts, used = [1], least[0]
    for at in range(1, len(least)):
        if used + least[at] > TURNED_MM and at > starts[-1]:
            starts.append(at)
            used = least[0]
        used += least[at]
    return tuple((0, *range(start, end)) for start, end in pairwise([*starts, len(least)]))


def _words(columns: Sequence[Column], row: Sequence[Cell]) -> list[str]:
    cells = [
        wording.clean(shown(column, value)).strip()
        for column, value in zip(columns, row, strict=False)
    ]
    return cells + [""] * (len(columns) - len(cells))


def _is_total(line: Sequence[str]) -> bool:
    return fold(next((cell for cell in line if cell), "")) in _TOTALS


def _part(
    columns: Sequence[Column],
    lines: Sequence[Sequence[str]],
    bold: Sequence[bool],
    places: Sequence[int],
    widths: Sequence[float],
) -> dict[str, Any]:
    return {
        "widths": list(widths),
        "aligns": [column.alignment for column in columns],
        "header": [[vars(cell) for cell in row] for row in grids.header_cells(columns)],
        "rows": [[line[at] for at in places] for line in lines],
        "bold": list(bold),
    }


def _clean(value: Any) -> Any:
    return [wording.one_line(one) for one in value] if isinstance(value, tuple) else wording.one_line(value)  # fmt: skip
