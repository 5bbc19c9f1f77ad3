"""Who of those who need credit qualifies for it, by the rules of the programmes."""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw
import polars as pl

from tdcs.households.models import EligibilitySpell
from tdcs.programmes.rules import eligible, programmes

# Frame of needs (need, household, programme, amount, on) → frame (need, qualified, reason).
Qualifier = Callable[[pl.DataFrame], pl.DataFrame]


def programme_names() -> dict[str, str]:
    """Code → name, in the order of the law's file."""
    return {code: one.name for code, one in programmes().items()}


def qualifies(needs: pl.DataFrame) -> pl.DataFrame:
    """Each need with whether its household qualifies on the day it was told, and the reason when not."""
    cases = needs.select(pl.col("need").alias("case"), "programme", "on")
    spells = spells_of_needs(needs)
    judged = eligible(
        nw.from_native(cases, eager_only=True), nw.from_native(spells, eager_only=True)
    )
    found: pl.DataFrame = judged.to_native()
    return found.select(
        pl.col("case").alias("need"), pl.col("eligible").alias("qualified"), "reason"
    )


def spells_of_needs(frame: pl.DataFrame) -> pl.DataFrame:
    """Every spell of the households of a frame of needs (or their members): case (the need), kind, its days."""
    spells = EligibilitySpell.objects.filter(household_id__in=frame["household"].unique().to_list())
    table = pl.DataFrame(
        list(spells.values_list("household_id", "kind", "starts_on", "ends_on")),
        schema={
            "household": pl.Int64,
            "kind": pl.String,
            "starts_on": pl.Date,
            "ends_on": pl.Date,
        },
        orient="row",
    )
    return (
        frame.select(pl.col("need").alias("case"), "household")
        .join(table, on="household", how="inner")
        .drop("household")
    )
