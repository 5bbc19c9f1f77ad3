"""Unused allotments go to communes whose need is not met: proposals, from the most unused to the most wanting.

Only within a programme and fund, so that no target changes. A commune gives what its pace leaves over at the year's end, at most
what it has not lent yet; a commune takes what households told and were not served, beyond what its own allotments of the
programme, out of whatever fund, still have.

Xã A was allotted 500 million, has lent 100 and comes to 150 by the year's end: it gives 350. Xã B was allotted 200, has lent 180,
and households that wait told 300: it takes 280.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypedDict

import narwhals as nw
import polars as pl

from tdcs.core.basis import without_basis
from tdcs.core.frames import Frame, rows_of

KEYS: Final = ["programme", "source"]


class PaceLine(TypedDict):
    """A commune's line: ``plan`` in force, ``lent``, ``projected`` by the year's end, ``unmet`` need of the programme; dong."""

    area: int
    programme: str
    source: int
    plan: int
    lent: int
    projected: int
    unmet: int


@dataclass(frozen=True, slots=True)
class Move:
    """So much from a commune to another, and what it rests on: what the first leaves over, what the second wants; dong."""

    programme: str
    source: int
    giver: int
    taker: int
    amount: int
    unused: int
    wanted: int


class _Side(TypedDict):
    area: int
    programme: str
    source: int
    room: int


@without_basis(
    "điều chuyển chỉ tiêu giữa các xã theo khả năng cho vay; chưa có văn bản nêu cách chọn"
)
def proposed_moves(lines: Frame, *, unit: int, least: int) -> list[Move]:
    """Moves in whole units of ``unit``, each at least ``least``. In: the columns of ``PaceLine``.

    Programme by programme and fund by fund: the commune with the most left over gives first, to the one that wants most; of equal
    ones the lower number. The need of a programme is served once, in the order of the funds.
    """
    col = nw.col
    zero = nw.lit(0, dtype=nw.Int64)
    unused = col("plan") - nw.max_horizontal(col("lent"), col("projected"))
    rows = lines.with_columns(own=nw.max_horizontal(col("plan") - col("lent"), zero))
    own = col("own").sum().over("area", "programme")
    rows = rows.with_columns(
        unused=nw.max_horizontal(unused, zero) // unit * unit,
        wanted=nw.max_horizontal(col("unmet") - own, zero) // unit * unit,
    )
    givers = _sides(rows, "unused", least)
    takers = _sides(rows, "wanted", least)
    found: list[Move] = []
    served: dict[tuple[int, str], int] = {}
    for key in sorted({(one["programme"], one["source"]) for one in givers}):
        giving = [one for one in givers if (one["programme"], one["source"]) == key]
        taking = [one for one in takers if (one["programme"], one["source"]) == key]
        names = {one["area"] for one in giving}
        found += _matched(
            giving, [one for one in taking if one["area"] not in names], served, least
        )
    return found


def _sides(rows: Frame, room: str, least: int) -> list[_Side]:
    """The communes with at least ``least`` of it, the largest first."""
    chosen = rows.filter(nw.col(room) >= least).with_columns(room=nw.col(room))
    chosen = chosen.sort(*KEYS, "room", "area", descending=[False, False, True, False])
    native: pl.DataFrame = chosen.select("area", *KEYS, "room").to_native()
    return rows_of(native, _Side)


def _matched(
    giving: list[_Side], taking: list[_Side], served: dict[tuple[int, str], int], least: int
) -> list[Move]:
    """The first that gives with the first that takes, until one side has nothing worth moving."""
    found = []
    left = {one["area"]: one["room"] for one in giving}
    for taker in taking:
        already = served.get((taker["area"], taker["programme"]), 0)
        wanted = taker["room"] - already
        for giver in giving:
            amount = min(left[giver["area"]], wanted)
            if amount < least:
                continue
            found.append(
                Move(
                    taker["programme"],
                    taker["source"],
                    giver["area"],
                    taker["area"],
                    amount,
                    giver["room"],
                    taker["room"],
                )
            )
            left[giver["area"]] -= amount
            wanted -= amount
            already += amount
        served[taker["area"], taker["programme"]] = already
    return found
