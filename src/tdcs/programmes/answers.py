"""What this room hands down to households: the programmes that are lent, and who qualifies for which."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from tdcs.households import above
from tdcs.households.queries.needs import spells_of_needs
from tdcs.programmes.rules import eligible, programmes


def hand_down() -> None:
    """Called once when the room starts."""
    above.install(qualifier=qualifies, programmes=programme_names)


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
