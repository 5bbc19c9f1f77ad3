"""Households under the law of the running block: what the poverty lines make of them, and which programmes' doors are open."""

from __future__ import annotations

from datetime import date
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.core.basis import without_basis
from tdcs.households.rules import POVERTY, REVIEWED, classify, compare, effects
from tdcs.households.standards import line_columns, lines_on
from tdcs.programmes.rules import eligible, programmes

# A household: commune, ``place`` rural or urban, ``provinces`` and ``kinds`` each as words between MARK, the last approved
# review's income and indicators (null: none), whether it ever was on a list.
HOME: Final = (
    "household", "commune", "place", "provinces", "kinds", "income_per_head", "deprivations", "was_poor",
)  # fmt: skip
MARK: Final = "|"
ESCAPED: Final = "newly_escaped"
# What a household is called by, the neediest first.
STATUSES: Final = (*POVERTY, ESCAPED, "average_living")
OTHER: Final = "other"


def status_of() -> pl.Expr:
    """The status of a household by its ``kinds``."""
    found = pl.lit(OTHER)
    for kind in reversed(STATUSES):
        held = (pl.lit(MARK) + pl.col("kinds") + pl.lit(MARK)).str.contains(
            f"{MARK}{kind}{MARK}", literal=True
        )
        found = pl.when(held).then(pl.lit(kind)).otherwise(found)
    return found


@without_basis("gọi quy tắc phân loại hộ theo chuẩn")
def results(homes: pl.DataFrame, on: date) -> pl.DataFrame:
    """household, result: by the lines of a day, of those whose income was measured."""
    measured = homes.filter(pl.col("income_per_head").is_not_null())
    parts = []
    for (place, provinces), some in measured.group_by("place", "provinces"):
        codes = frozenset(str(provinces).split(MARK))
        lines = line_columns(lines_on(on, str(place), codes))
        found: pl.DataFrame = classify(some.with_columns(**lines))
        parts.append(found.select("household", "result"))
    return pl.concat(parts) if parts else measured.select("household", result=pl.lit(""))


@without_basis("gọi quy tắc so sánh kết quả rà soát")
def kinds_after(homes: pl.DataFrame, now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """household, kinds_after: where the other law's ``results`` differ, the list's effects; else the kinds held now."""
    both = now.join(then, on="household", suffix="_then")
    moved = both.filter(pl.col("result") != pl.col("result_then"))
    moved = moved.select("household", before="result", result="result_then")
    moved = moved.join(homes.select("household", "kinds", "was_poor"), on="household")
    changed: pl.DataFrame = effects(compare(moved))
    rows = [
        (row["household"], _with_effects(row["kinds"], row["begins"], row["escapes"], row["falls"]))
        for row in changed.iter_rows(named=True)
    ]
    schema: dict[str, type[pl.DataType]] = {"household": pl.Int64, "_moved": pl.String}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return homes.join(table, on="household", how="left").select(
        "household", kinds_after=pl.coalesce("_moved", "kinds")
    )


def _with_effects(kinds: str, begins: str, escapes: bool, falls: bool) -> str:
    held = {kind for kind in kinds.split(MARK) if kind and kind not in REVIEWED}
    if begins:
        held.add(begins)
    if escapes:
        held.add(ESCAPED)
    if falls:
        held.discard(ESCAPED)
    return MARK.join(sorted(held))


@without_basis("gọi quy tắc về diện được vay")
def open_doors(kinds: list[str], on: date) -> pl.DataFrame:
    """kinds, programme: the programmes for which a household of these kinds qualifies on a day."""
    codes = list(programmes())
    cases = pl.DataFrame({"kinds": kinds}, schema={"kinds": pl.String}).with_row_index(
        "combination"
    )
    cases = cases.join(pl.DataFrame({"programme": codes}), how="cross").with_row_index("case")
    cases = cases.with_columns(pl.col("case").cast(pl.Int64), on=pl.lit(on))
    spells = cases.select("case", kind=pl.col("kinds").str.split(MARK)).explode("kind")
    spells = spells.with_columns(starts_on=pl.lit(on), ends_on=pl.lit(None, dtype=pl.Date))
    judged = eligible(
        nw.from_native(cases.select("case", "programme", "on"), eager_only=True),
        nw.from_native(spells, eager_only=True),
    )
    found: pl.DataFrame = judged.to_native()
    met = found.filter(pl.col("eligible")).select("case")
    return cases.join(met, on="case", how="semi").select("kinds", "programme")
