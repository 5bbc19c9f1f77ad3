"""A table of the model as a grid: figures written out, headings merged, widths shared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tdcs.documents.columns import Cell, Column, shown
from tdcs.documents.official import wording
from tdcs.documents.official.model import Row, Table
from tdcs.documents.official.sheet import Grid, GridRow, HeadCell

# Letters: a column is never narrower than the least, a word never counts more than the most; a sentence
# wraps, so what it is longer than a line is worth less.
_NARROWEST, _WORD, _LINE, _SENTENCE = 5, 24, 26, 90
_BEYOND = 0.35
# A row with a longer cell may be divided over two pages; a shorter one is kept whole.
_KEPT_LETTERS = 600


def grid(table: Table) -> Grid:
    columns = table.columns or (Column(""),)
    rows = [_row(columns, row) for row in table.rows]
    if not rows:
        rows = [GridRow([wording.one_line(table.empty)], span=True)]
    elif table.totals is not None:
        rows.append(_row(columns, Row(table.totals, bold=True)))
    return Grid(
        widths=_widths(columns, rows),
        aligns=[column.alignment for column in columns],
        header=_header(columns),
        rows=rows,
        size=_size(table),
    )


def _size(table: Table) -> float:
    """Points: many columns on an upright page want smaller letters; 13 is the size of plain tables."""
    count = len(table.columns)
    roomy = 9 if table.landscape else 6
    return 13.0 if count <= roomy - 2 else 12.0 if count <= roomy else 11.0 if count <= 12 else 9.0


def _row(columns: Sequence[Column], row: Sequence[Cell] | Row) -> GridRow:
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
    return GridRow(cells, bold=whole.bold, keep=max(map(len, cells)) < _KEPT_LETTERS)


def _header(columns: Sequence[Column]) -> list[list[HeadCell]]:
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


def _widths(columns: Sequence[Column], rows: Sequence[GridRow]) -> list[float]:
    """Shares of the line: as told, else by the contents; given widths are shares among all."""
    fitted = [_fitted(column, place, rows) for place, column in enumerate(columns)]
    told = [column.width for column in columns]
    known = [(width, fit) for width, fit in zip(told, fitted, strict=True) if width]
    # Told and fitted widths mix: what was told is brought to the scale of letters.
    scale = sum(fit for _, fit in known) / sum(width for width, _ in known) if known else 1.0
    weights = [width * scale if width else fit for width, fit in zip(told, fitted, strict=True)]
    total = sum(weights)
    return [round(weight / total, 6) for weight in weights]


def _fitted(column: Column, place: int, rows: Sequence[GridRow]) -> float:
    """In letters: figures and single words must not break, sentences may."""
    longest = word = 0
    for row in rows:
        if row.span:
            continue
        words = row.cells[place]
        longest = max(longest, len(words))
        if word < _WORD:
            word = max(word, max(map(len, words.split()), default=0))
    title = max(map(len, wording.one_line(column.title).split()), default=0)
    needed = max(title, longest if column.kind != "text" else min(word, _WORD), _NARROWEST)
    beyond = max(0, min(longest, _SENTENCE) - _LINE) * _BEYOND
    return max(needed, min(longest, _LINE) + beyond) + 1.5
