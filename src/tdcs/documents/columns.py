"""A column of a table: what it is called, what it holds, how its values are written.

The same columns serve official documents, workbooks and CSV, so that a figure reads alike in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tdcs.documents import numbers

Cell = str | int | float | Decimal | date | None
Kind = Literal["text", "integer", "decimal", "percent", "date", "ordinal"]
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    """``width``: a share relative to its neighbours, or None to fit the contents.

    ``group``: neighbours with the same group stand under one merged heading.
    ``kind`` percent: values are in per cent (95.5 is 95,50%).
    """

    title: str
    kind: Kind = "text"
    width: float | None = None
    align: Align | None = None
    decimals: int | None = None
    group: str = ""

    @property
    def places(self) -> int:
        if self.decimals is not None:
            return self.decimals
        if self.kind == "percent":
            return numbers.PERCENT_PLACES
        return 1 if self.kind == "decimal" else 0

    @property
    def alignment(self) -> Align:
        if self.align:
            return self.align
        if self.kind == "text":
            return "left"
        return "centre" if self.kind in ("date", "ordinal") else "right"


def shown(column: Column, value: Cell) -> str:
    """The value as the column writes it; words in a column of figures stay words."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return numbers.date_short(value)
    if column.kind == "percent":
        return numbers.percent(value, column.places)
    if column.kind == "ordinal":
        return str(value)
    if column.kind == "text":
        return str(value) if isinstance(value, int) else numbers.decimal(value, 1)
    return numbers.decimal(value, column.places)
