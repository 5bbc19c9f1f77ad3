"""A table of the model as a grid: figures written out, headings merged, widths shared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tdcs.documents.columns import Cell, Column, shown
from tdcs.documents.official import metrics, wording
from tdcs.documents.official.model import Row, Table
from tdcs.documents.official.sheet import TURNED_MM, UPRIGHT_MM, Grid, GridRow, HeadCell

# Millimetres: what a cell needs beside its words; a sentence wraps, so what it is longer than a
# comfortable line is worth less, and beyond the longest nothing.
_PADDING, _LINE, _SENTENCE = 4.6, 50.0, 190.0
_BEYOND = 0.35
# A row with a longer cell may be divided over two pages; a shorter one is kept whole.
_KEPT_LETTERS = 600


def grid(table: Table, *, landscape: bool) -> Grid:
    """``landscape``: the page is turned, be it for this table or for its whole annex."""
    within = TURNED_MM if landscape else UPRIGHT_MM
    size = _size(len(table.columns), landscape)
    columns = table.columns or (Column(""),)
    marked: dict[int, list[int]] = {}
    for at, column in sorted(table.marked):
        marked.setdefault(at, []).append(column)
    rows = [_row(columns, row, marked.get(at, ())) for at, row in enumerate(table.rows)]
    if not rows:
        rows = [GridRow([wording.one_line(table.empty)], span=True)]
    elif table.totals is not None:
        rows.append(_row(columns, Row(table.totals, bold=True), marked.get(len(rows), ())))
    return Grid(
        widths=_widths(columns, rows, size, within),
        aligns=[column.alignment for column in columns],
        header=header_cells(columns),
        rows=rows,
        size=size,
    )


def _size(count: int, landscape: bool) -> float:
    """Points: many columns on an upright page want smaller letters; 13 is the size of plain tables."""
    roomy = 9 if landscape else 6
    if count <= roomy:
        return 13.0 if count <= roomy - 2 else 12.0
    return 11.0 if count <= 12 else 9.0


def _row(
    columns: Sequence[Column], row: Sequence[Cell] | Row, marked: Sequence[int] = ()
) -> GridRow:
    """Too few cells are filled up with blanks, too many are an error of the caller."""
    whole = row if isinstance(row, Row) else Row(row)
    if whole.span:
        words = wording.one_line(str(whole.cells[0])) if whole.cells else ""
        return GridRow([words], bold=whole.bold, span=True, keep=len(words) < _KEPT_LETTERS)
    if len(whole.cells) > len(columns):
        raise ValueError(f"{len(whole.cells)} cells for {len(columns)} columns")
    cells = [
        wording.clean(shown(column, value)).strip()
        for column, value in zip(columns, whole.cells, strict=False)
    ]
    cells += [""] * (len(columns) - len(cells))
    keep = max(map(len, cells)) < _KEPT_LETTERS
    return GridRow(cells, bold=whole.bold, keep=keep, marked=tuple(marked))


def header_cells(columns: Sequence[Column]) -> list[list[HeadCell]]:
    """One row, or two when neighbours stand under a common heading."""
    if not any(column.group for column in columns):
        return [[HeadCell(wording.one_line(column.title)) for column in columns]]
    upper: list[HeadCell] = []
    lower: list[HeadCell] = []
    for group, members in groupby(columns, key=lambda column: column.group):
        titles = [wording.one_line(column.title) for column in members]
        if group:
            upper.append(HeadCell(wording.one_line(group), columns=len(titles)))
            lower += [HeadCell(title) for title in titles]
        else:
            upper += [HeadCell(title, rows=2) for title in titles]
    return [upper, lower]


def _widths(
    columns: Sequence[Column], rows: Sequence[GridRow], size: float, within: float
) -> list[float]:
    """Shares of the line: as told, else by the contents; a figure or a word is never broken."""
    needs = [need(column, place, rows, size) for place, column in enumerate(columns)]
    least, wish = [need[0] for need in needs], [need[1] for need in needs]
    known = [(column.width, one) for column, one in zip(columns, wish, strict=True) if column.width]
    # Told and fitted widths mix: what was told is brought to the scale of millimetres.
    scale = sum(one for _, one in known) / sum(told for told, _ in known) if known else 1.0
    wish = [c.width * scale if c.width else one for c, one in zip(columns, wish, strict=True)]
    return [round(one / within, 6) for one in shared(least, wish, within)]


def shared(least: list[float], wish: list[float], within: float) -> list[float]:
    """Widths in proportion to the wishes, none below its least; together the whole line."""
    if sum(least) >= within:
        return [one * within / sum(least) for one in least]
    fixed: set[int] = set()
    while True:
        free = within - sum(least[place] for place in fixed)
        asked = sum(one for place, one in enumerate(wish) if place not in fixed)
        shared = [
            least[place] if place in fixed else one * free / asked for place, one in enumerate(wish)
        ]
        short = {p for p, one in enumerate(shared) if p not in fixed and one < least[p] - 1e-9}
        if not short:
            return shared
        fixed |= short


def need(
    column: Column,
    place: int,
    rows: Sequence[GridRow],
    size: float,
    *,
    padding: float = _PADDING,
) -> tuple[float, float]:
    """The least a column can do with and what it would like, in millimetres."""
    cells = [row.cells[place] for row in rows if not row.span]
    heading = max(wording.one_line(column.title).split(), key=len, default="")
    longest = max(cells, key=len, default="")
    word = longest
    if column.kind == "text":
        words = {piece for cell in cells for piece in cell.split()}
        word = max(words, key=len, default="")
    least = max(metrics.width(piece, size, bold=True) for piece in (word, heading, "00"))
    line = metrics.width(longest[:200], size)
    wish = min(line, _LINE) + max(0.0, min(line, _SENTENCE) - _LINE) * _BEYOND
    return min(least, _LINE) + padding, max(least, wish) + padding
