"""⌊a ÷ b⌋ of whole numbers as columns: exact on Polars with and without a correction, on DuckDB with it."""

from __future__ import annotations

from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from tdcs.core.columns import divided_by_its_engine, floor_div, round_half_up
from tdcs.core.frames import AnyFrame

# round_half_up doubles its dividend and adds a divisor.
_LARGE = 2**61
pairs = st.lists(st.tuples(st.integers(0, _LARGE), st.integers(1, 2**60)), min_size=1, max_size=20)
edges = [
    (n * d + off, d)
    for n in (1, 2**26 + 1)
    for d in (1, 3, 36_500_000_000)
    for off in (-1, 0, 1)
    if n * d + off >= 0
]


def quotients(frame: AnyFrame) -> AnyFrame:
    """down, near of a ÷ b."""
    a, b = nw.col("a"), nw.col("b")
    return frame.with_columns(down=floor_div(a, b), near=round_half_up(a, b))


def wanted(rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(a // b, (2 * a + b) // (2 * b)) for a, b in rows]


def of_polars(rows: list[tuple[int, int]]) -> nw.DataFrame[Any]:
    data = {"a": [a for a, _ in rows], "b": [b for _, b in rows]}
    return nw.from_native(pl.DataFrame(data, {"a": pl.Int64, "b": pl.Int64}))


@examples(pairs)
def test_polars_is_exact_either_way(rows: list[tuple[int, int]]) -> None:
    frame = of_polars(rows)
    for rule in (quotients, divided_by_its_engine(quotients)):
        assert rule(frame).select("down", "near").rows() == wanted(rows)


@pytest.mark.parametrize("rows", [edges])
def test_an_engine_of_doubles_is_corrected(rows: list[tuple[int, int]]) -> None:
    """DuckDB's `//` is whole; as doubles divide, above 2^53 an estimate may miss by one."""
    given = duckdb.from_arrow(of_polars(rows).to_native().to_arrow())
    relation = nw.from_native(given)
    found = divided_by_its_engine(quotients)(relation).collect("polars").sort("a", "b")
    assert found.select("down", "near").rows() == wanted(sorted(rows))


def test_the_correction_ends_with_the_rule() -> None:
    def broken(frame: AnyFrame) -> AnyFrame:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        divided_by_its_engine(broken)(of_polars([(1, 1)]))
    plain, whole = str(floor_div(nw.col("a"), nw.col("b"))), "floordiv"
    assert plain.count(whole) >= 1
    seen: list[str] = []

    def expression(frame: AnyFrame) -> AnyFrame:
        seen.append(str(floor_div(nw.col("a"), nw.col("b"))))
        return frame

    divided_by_its_engine(expression)(of_polars([(1, 1)]))
    assert len(seen[0]) < len(plain)
    assert str(floor_div(nw.col("a"), nw.col("b"))) == plain
