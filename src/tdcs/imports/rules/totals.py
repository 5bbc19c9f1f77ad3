"""Totals that a report prints, beside the sums of the rows under them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tdcs.imports.rules.cells import shown, typed
from tdcs.imports.rules.checking import FAULTS_OF_CHECKS
from tdcs.imports.rules.layouts import Layout
from tdcs.imports.rules.recognising import Header
from tdcs.imports.rules.shapes import Printed


def broken_totals(header: Header, frame: pl.DataFrame, printed: Sequence[Printed]) -> pl.DataFrame:
    """A fault for each figure of a printed total that its rows do not give; it stops nothing, for the rows are what counts."""
    found = [
        (one.row, name, "total_not_sum", f"{said} ≠ {sums[0]}", False)
        for one in printed
        for name, said, sums, slack in _figures(header, frame, one)
        if all(abs(said - total) > slack for total in sums)
    ]
    return pl.DataFrame(found, schema=FAULTS_OF_CHECKS, orient="row")


def _figures(
    header: Header, frame: pl.DataFrame, printed: Printed
) -> list[tuple[str, int, list[int], int]]:
    """(field, what is printed, sums it may be, by how much rounding may move it) of each money of the kind."""
    layout = header.layout
    under = (
        frame if printed.numbers is None else frame.filter(pl.col("_row").is_in(printed.numbers))
    )
    once = _by_loan(layout, under)
    found = []
    for place, name in header.columns.items():
        if name not in layout.sums or name not in frame.columns or place >= len(printed.cells):
            continue
        if not shown(printed.cells[place]):
            continue
        column = layout.column(name)
        if column.kind not in ("money", "million", "thousand"):
            continue
        said = typed(column, [printed.cells[place]])[0][0]
        if said is None or (said == 0 and layout.zero_totals):
            continue
        # Rows of one loan may be counted for each book or once: both are sums that a report prints.
        sums = [int(one[name].sum()) for one in (under, once)]
        found.append((name, said, sums, layout.rounded * (len(under) + 1) // 2))
    return found


def _by_loan(layout: Layout, frame: pl.DataFrame) -> pl.DataFrame:
    if layout.once_by not in frame.columns:
        return frame
    there = frame.filter(pl.col(layout.once_by).is_not_null())
    return there.unique(layout.once_by, keep="first", maintain_order=True)
