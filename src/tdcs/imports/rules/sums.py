"""Sums of an extract: money of a loan once, however many books its borrower has; savings once for each book."""

from __future__ import annotations

import polars as pl

from tdcs.core.basis import without_basis
from tdcs.imports.rules.layouts import Layout


@without_basis("cộng số liệu của tệp sao kê")
def sums_of(layout: Layout, frame: pl.DataFrame) -> dict[str, int]:
    """rows, loans, customers and the layout's sums, in whole dong."""
    found = {"rows": len(frame)}
    once = frame
    if layout.once_by in frame.columns:
        once = frame.filter(pl.col(layout.once_by).is_not_null())
        once = once.unique(layout.once_by, keep="first", maintain_order=True)
        if layout.once_by == "contract":
            found["loans"] = len(once)
    if "customer" in frame.columns:
        found["customers"] = frame["customer"].drop_nulls().n_unique()
    for name in layout.sums:
        if name in once.columns:
            found[name] = int(once[name].sum())
    books = [name for name in ("customer", "savings_book") if name in frame.columns]
    if layout.once_by_book and len(books) == 2:
        each = frame.filter(pl.col("savings_book").is_not_null()).unique(books, keep="first")
        for name in layout.once_by_book:
            if name in each.columns:
                found[name] = int(each[name].sum())
    return found
