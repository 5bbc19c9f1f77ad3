"""The year's survey of credit needs: most told before a loan of the year, a few still waiting, a few that do not qualify."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from tdcs.core.columns import day_number
from tdcs.demo.province.calibration import MILLION, Frame, calibration
from tdcs.demo.province.households import Homes
from tdcs.demo.province.loading import copy, dated
from tdcs.demo.province.places import Point
from tdcs.households.models import CreditNeed, NeedSurvey

_PURPOSES: Final = {
    "NSVSMT": "Xây công trình nước sạch, nhà vệ sinh",
    "GQVL": "Mở rộng chăn nuôi, trồng trọt",
    "HSSV": "Trang trải học phí",
    "NOXH": "Xây, sửa nhà để ở",
    "XKLD": "Chi phí đi làm việc ở nước ngoài",
}


def write(frame: Frame, loans: pl.DataFrame, homes: Homes, points: Sequence[Point]) -> None:
    """A survey in each commune, with its households' needs."""
    luck = frame.luck(13)
    year = frame.on.year
    begins = day_number(date(year, 1, 1))
    communes = sorted({p.new for p in points})
    surveys = pl.DataFrame(
        {"id": np.arange(1, len(communes) + 1), "area_id": communes}
    ).with_columns(year=pl.lit(year), quarter=pl.lit(0), closed_on=pl.lit(None, dtype=pl.Date))
    copy(NeedSurvey, surveys)
    served = loans.filter(pl.col("disbursed") >= begins + 10).select(
        "household", "programme", "amount", "disbursed"
    )
    ahead = luck.integers(8, 75, len(served))
    told = np.maximum(served["disbursed"].to_numpy() - ahead, begins + 2)
    rows = served.with_columns(told_on=pl.Series(told)).drop("disbursed")
    rows = pl.concat([rows, _unserved(frame, loans, rows, luck)])
    rows = rows.sort("household", "programme", "told_on").unique(
        ["household", "programme"], keep="first", maintain_order=True
    )
    area = np.array([p.new for p in points])[homes.point[rows["household"].to_numpy() - 1]]
    number = dict(zip(communes, range(1, len(communes) + 1), strict=True))
    rows = rows.with_columns(
        survey_id=pl.Series(area).replace_strict(number, return_dtype=pl.Int64),
        purpose=pl.col("programme").replace_strict(_PURPOSES, default="Sản xuất, kinh doanh"),
        id=pl.int_range(1, pl.len() + 1),
        household_id="household",
    ).drop("household")
    copy(CreditNeed, rows.with_columns(dated("told_on")))


def _unserved(
    frame: Frame, loans: pl.DataFrame, served: pl.DataFrame, luck: np.random.Generator
) -> pl.DataFrame:
    """Those who wait borrow under the programme already and want more; those unfit want one that is not for them."""
    made = calibration()["needs"]
    members = loans.filter((pl.col("group_id") > 0) & (pl.col("settled") == 0))
    old = members.join(served, on=["household", "programme"], how="anti")
    parts: list[pl.DataFrame] = []
    for name, share, programmes in (
        ("waiting", made["waiting"], ["GQVL", "NSVSMT"]),
        ("unfit", made["unfit"], ["NSVSMT"]),
    ):
        count = round(len(served) * share / 100)
        pool = old.filter(pl.col("programme").is_in(programmes)).unique(
            "household", keep="first", maintain_order=True
        )
        at = np.sort(luck.choice(len(pool), min(count, len(pool)), replace=False))
        chosen = pool[at.tolist()].select("household", "programme")
        if name == "unfit":
            chosen = chosen.with_columns(programme=pl.lit("HCN"))
        parts.append(
            chosen.with_columns(
                amount=pl.Series(luck.integers(20, 80, len(at)) * MILLION),
                told_on=pl.Series(frame.last - luck.integers(5, 120, len(at))),
            )
        )
    found: pl.DataFrame = pl.concat(parts)
    return found
