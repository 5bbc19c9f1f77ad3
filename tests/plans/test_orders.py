"""Lists keep one order, also where two units are called alike without accents."""

from __future__ import annotations

from itertools import permutations

import polars as pl

from tdcs.plans.queries.matrix import _ordered
from tdcs.plans.queries.obligations import GROUP_ORDER, Tally

NAMES = {1: "Xã Lộc Thành", 2: "Xã Lộc Thạnh", 3: "Xã Lộc Tấn"}


def test_the_matrix_orders_units_of_like_names_always_the_same() -> None:
    group = next(iter(GROUP_ORDER))
    tallies = {unit: Tally("", name, 1, {}) for unit, name in NAMES.items()}
    orders = {
        tuple(
            unit
            for unit, _ in _ordered(
                pl.DataFrame({"holder": units, "group": [group] * 3}), NAMES, tallies, ""
            )
        )
        for units in permutations(NAMES)
    }
    assert len(orders) == 1
    assert orders.pop()[0] == 3
