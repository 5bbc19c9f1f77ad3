"""Cells of a table that somebody prepared in a spreadsheet: where its rows begin, money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tdcs.core import amounts
from tdcs.core.basis import without_basis
from tdcs.documents.reading.heading import exactly, find_heading
from tdcs.documents.reading.rows import SheetRow, Value

_MOST_DONG: Final = 10**12


@without_basis("cách đọc bảng tính, không phải quy định cho vay")
def below_heading(rows: Sequence[SheetRow], columns: Sequence[str]) -> list[SheetRow] | None:
    """The rows below the one with the columns' names, their cells in the order of ``columns``; None where there is none."""
    heading = find_heading(rows, exactly({name: name for name in columns}), set(columns).issubset)
    if not heading.found:
        return None
    ordered = (
        SheetRow(row.number, tuple(heading.cell(row, name) for name in columns))
        for row in heading.body
    )
    return [row for row in ordered if not _explains(row)]


def _explains(row: SheetRow) -> bool:
    """Whether a row is the explanation below the heading of our own template."""
    return bool(row.cells) and str(row.cells[0]).startswith(HELP_SIGN)


# What the explanations of our templates begin with in their first column.
HELP_SIGN: Final = "Ghi: "


@without_basis("cách đọc bảng tính, không phải quy định cho vay")
def dong_of(cell: Value) -> int | None:
    """Whole dong from 0 on as a spreadsheet has them or as they are typed, an empty cell 0; None for anything else."""
    if isinstance(cell, int):
        return cell if 0 <= cell <= _MOST_DONG else None
    if str(cell).strip() == "":
        return 0
    try:
        found = amounts.dong(str(cell))
    except amounts.NotAnAmount:
        return None
    return found if found <= _MOST_DONG else None
