"""Rows of a frame by name: typed for whoever reads them, and refused when a column is missing."""

from __future__ import annotations

from typing import TypedDict

import narwhals as nw
import polars as pl
import pytest

from tdcs.core.frames import rows_of


class Paid(TypedDict):
    loan: int
    amount: int


class PaidTwice(Paid, total=False):
    again: bool


FRAME = pl.DataFrame({"loan": [1, 2], "amount": [500, 700], "note": ["", "x"]})


def test_rows_come_by_name_in_their_order() -> None:
    """Columns that the type does not name stay where they are: nothing is copied."""
    expected = [
        {"loan": 1, "amount": 500, "note": ""},
        {"loan": 2, "amount": 700, "note": "x"},
    ]
    assert rows_of(FRAME, Paid) == expected
    assert rows_of(nw.from_native(FRAME, eager_only=True), Paid) == expected
    assert rows_of(FRAME.clear(), Paid) == []


def test_a_missing_column_is_named() -> None:
    with pytest.raises(KeyError, match="amount"):
        rows_of(FRAME.drop("amount"), Paid)


def test_what_a_reader_adds_later_need_not_be_there() -> None:
    assert rows_of(FRAME, PaidTwice)[0]["loan"] == 1
