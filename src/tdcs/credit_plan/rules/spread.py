"""A programme's target divided over communes: whole units by largest remainder, nothing lost and nothing made.

100 million in units of 1 million over needs of 50, 30 and 10 million: 55.5…, 33.3…, 11.1… → 55, 33, 11, and the unit that is
left goes to the largest remainder: 56, 33, 11.
"""

from __future__ import annotations

from typing import Final

import narwhals as nw

from tdcs.core.basis import without_basis
from tdcs.core.frames import Frame

KEYS: Final = ("programme", "source")
# An amount is at most so many dong, so that a unit's number times a weight fits 127 bits with room to spare.
MOST: Final = 10**15


@without_basis(
    "cách chia chỉ tiêu cho các xã chưa có văn bản; chia theo nhu cầu, phần lẻ theo số dư lớn nhất"
)
def spread(targets: Frame, weights: Frame, unit: int) -> Frame:
    """area, programme, source, amount (dong): each target over the communes that have a weight in it, sums exact.

    In: programme, source, amount (targets); area, programme, source, weight ≥ 0 (weights). Where every weight is 0 the communes
    share alike. A unit that is left goes to the largest remainder; of equal ones to the larger weight, then the lower commune.
    What the target has beyond whole units goes with the first of them.
    """
    col = nw.col
    rows = weights.join(targets, on=list(KEYS), how="inner")
    rows = rows.with_columns(_all=col("weight").sum().over(*KEYS))
    rows = rows.with_columns(weight=nw.when(col("_all") == 0).then(1).otherwise(col("weight")))
    rows = rows.with_columns(_all=col("weight").sum().over(*KEYS), _units=col("amount") // unit)
    wide = col("_units").cast(nw.Int128) * col("weight").cast(nw.Int128)
    every = col("_all").cast(nw.Int128)
    rows = rows.with_columns(
        _whole=(wide // every).cast(nw.Int64), _rest=(wide % every).cast(nw.Int64)
    )
    rows = rows.sort(*KEYS, "_rest", "weight", "area", descending=[False, False, True, True, False])
    rows = rows.with_columns(_one=nw.lit(1, dtype=nw.Int64)).with_row_index("_at")
    place = col("_one").cum_sum().over(*KEYS, order_by="_at")
    left = col("_units") - col("_whole").sum().over(*KEYS)
    rows = rows.with_columns(_place=place, _left=left)
    rows = rows.with_columns(
        amount=(col("_whole") + nw.when(col("_place") <= col("_left")).then(1).otherwise(0)) * unit
        + nw.when(col("_place") == 1).then(col("amount") % unit).otherwise(0)
    )
    return rows.select("area", *KEYS, "amount").sort("area", *KEYS)
