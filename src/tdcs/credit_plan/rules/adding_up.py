"""Whether a plan adds up: its communes give each programme's target, and no fund promises more than it has.

A target of 5,000 million whose communes have 4,990 million fails by 10 million. A fund with 300 million free, 700 million that
fall due in the year and 200 million of new money carries 1,200 million; 1,201 million on it fail.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypedDict

import narwhals as nw

from tdcs.core.basis import basis, without_basis
from tdcs.core.frames import Frame


class Fault(StrEnum):
    SUM = "sum"  # the communes do not give the target
    FUND = "fund"  # more than the fund can carry


class Faulty(TypedDict):
    """One line that does not add up: ``found`` of the communes, ``wanted`` by the target or carried by the fund; dong."""

    fault: str
    programme: str
    source: int
    found: int
    wanted: int


COLUMNS: Final = ("fault", "programme", "source", "found", "wanted")
_KEYS: Final = ["programme", "source"]


@basis("ND-06-2026", "Điều 14.2")
def unmet_targets(targets: Frame, lines: Frame) -> Frame:
    """COLUMNS of each programme and fund whose communes do not give its target; a target without communes, and communes
    without a target, as well. In: programme, source, amount (both)."""
    col = nw.col
    found = lines.group_by(_KEYS).agg(col("amount").sum().alias("found"))
    wanted = targets.select(*_KEYS, col("amount").alias("wanted"))
    rows = wanted.join(found, on=_KEYS, how="full", suffix="_there")
    rows = rows.with_columns(
        programme=nw.coalesce(col("programme"), col("programme_there")),
        source=nw.coalesce(col("source"), col("source_there")),
        found=col("found").fill_null(0),
        wanted=col("wanted").fill_null(0),
        fault=nw.lit(str(Fault.SUM)),
    )
    return rows.filter(col("found") != col("wanted")).select(*COLUMNS).sort(*_KEYS)


@without_basis(
    "một nguồn chỉ cho vay được số chưa cho vay, số thu hồi và số được bổ sung; chưa có văn bản nêu phép cộng này"
)
def overdrawn_funds(lines: Frame, funds: Frame) -> Frame:
    """COLUMNS of each fund whose lines are more than free capital, what falls due and new money together.

    In: source, amount (lines); source, free, maturing, new (funds). A fund that is not there has nothing.
    """
    col = nw.col
    found = lines.group_by("source").agg(col("amount").sum().alias("found"))
    able = funds.select("source", wanted=col("free") + col("maturing") + col("new"))
    rows = found.join(able, on="source", how="left").with_columns(
        wanted=col("wanted").fill_null(0),
        fault=nw.lit(str(Fault.FUND)),
        programme=nw.lit(""),
    )
    return rows.filter(col("found") > col("wanted")).select(*COLUMNS).sort("source")
