"""Rows of a source laid out as a tab asks: summed, sorted, its columns alone. Knows no Django."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tdcs.core.text import fold
from tdcs.documents.workbook import SheetColumn, known_sum
from tdcs.sheets.rules.definitions import TabSpec


def laid(rows: pl.DataFrame, tab: TabSpec) -> pl.DataFrame:
    """The rows as the tab shows them; the column of its parts as well."""
    if tab.by:
        rows = summed(rows, tab.by, tab.columns)
    rows = in_order(rows, tab.sort)
    names = [column.name for column in tab.columns]
    if tab.part and tab.part not in names:
        names.append(tab.part)
    return rows.select(names)


def summed(rows: pl.DataFrame, by: Sequence[str], columns: Sequence[SheetColumn]) -> pl.DataFrame:
    """The rows added up by some columns: what is totalled is summed, loans and groups are counted, households once each."""
    added = []
    for column in columns:
        if column.name in by:
            continue
        if column.name in rows.columns:
            added.append(known_sum(column.name))
        elif column.name == "households":
            owing = pl.col("household").filter(pl.col("balance") > 0)
            added.append(owing.n_unique().cast(pl.Int64).alias("households"))
        else:
            added.append(pl.len().cast(pl.Int64).alias(column.name))
    return rows.group_by(by).agg(added)


def in_order(rows: pl.DataFrame, sort: Sequence[str]) -> pl.DataFrame:
    """Sorted by columns, Vietnamese words by their letters without accents first; a minus: the greatest first."""
    if not sort or rows.is_empty():
        return rows
    names = [name.removeprefix("-") for name in sort]
    keys = []
    for at, name in enumerate(names):
        column = rows[name]
        keys.append((_folded(column) if column.dtype == pl.String else column).alias(f"_{at}"))
    made = rows.with_columns(keys)
    falling = [name.startswith("-") for name in sort]
    order = [f"_{at}" for at in range(len(names))]
    found = made.sort(order, descending=falling, nulls_last=True, maintain_order=True)
    return found.drop(order)


def _folded(words: pl.Series) -> pl.Series:
    """Words as they are sorted; each is folded once, however often it occurs."""
    known = words.unique().drop_nulls().to_list()
    ranks = {word: at for at, word in enumerate(sorted(known, key=lambda one: (fold(one), one)))}
    return words.replace_strict(ranks, default=None, return_dtype=pl.Int64)
