"""Surveys of credit needs of two years: most told before a loan of the year, a few wait, a few do not qualify."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from tdcs.core.columns import day_number
from tdcs.demo.province.calibration import MILLION, Frame, calibration
from tdcs.demo.province.households import Homes
from tdcs.demo.province.loading import dated
from tdcs.demo.province.places import Point
from tdcs.households.models import CreditNeed, NeedSurvey
from tdcs.organisations.services.bulk import append_rows

_PURPOSES: Final = {
    "NSVSMT": "Xây công trình nước sạch, nhà vệ sinh",
    "GQVL": "Mở rộng chăn nuôi, trồng trọt",
    "HSSV": "Trang trải học phí",
    "NOXH": "Xây, sửa nhà để ở",
    "XKLD": "Chi phí đi làm việc ở nước ngoài",
}


def write(frame: Frame, loans: pl.DataFrame, homes: Homes, points: Sequence[Point]) -> None:
    """A survey in each commune this year and the year before, with its households' needs."""
    communes = sorted({p.new for p in points})
    area = np.array([p.new for p in points])
    surveys, needs = 0, 0
    # The running year first: it stays the same province whatever is told of the year before.
    for year, luck in ((frame.on.year, frame.luck(13)), (frame.on.year - 1, frame.luck(1313))):
        over = date(year, 12, 31) if year < frame.on.year else None
        made = pl.DataFrame(
            {"id": np.arange(surveys + 1, surveys + len(communes) + 1), "area_id": communes}
        )
        append_rows(
            NeedSurvey,
            made.with_columns(
                year=pl.lit(year), quarter=pl.lit(0), closed_on=pl.lit(over, dtype=pl.Date)
            ),
        )
        rows = _needs_of(frame, loans, luck, year)
        where = area[homes.point[rows["household"].to_numpy() - 1]]
        number = dict(zip(communes, range(surveys + 1, surveys + len(communes) + 1), strict=True))
        rows = rows.with_columns(
            survey_id=pl.Series(where).replace_strict(number, return_dtype=pl.Int64),
            purpose=pl.col("programme").replace_strict(_PURPOSES, default="Sản xuất, kinh doanh"),
            id=pl.int_range(needs + 1, needs + pl.len() + 1),
            household_id="household",
        ).drop("household")
        append_rows(CreditNeed, rows.with_columns(dated("told_on")))
        surveys, needs = surveys + len(communes), needs + len(rows)


def _needs_of(
    frame: Frame, loans: pl.DataFrame, luck: np.random.Generator, year: int
) -> pl.DataFrame:
    """household, programme, amount, told_on: each need once, told some weeks before its loan of the year."""
    begins = day_number(date(year, 1, 1))
    last = min(frame.last, day_number(date(year, 12, 31)))
    of_year = pl.col("disbursed") >= begins + 10
    if year < frame.on.year:
        of_year &= pl.col("disbursed") <= last
    served = loans.filter(of_year).select("household", "programme", "amount", "disbursed")
    ahead = luck.integers(8, 75, len(served))
    told = np.maximum(served["disbursed"].to_numpy() - ahead, begins + 2)
    rows = served.with_columns(told_on=pl.Series(told)).drop("disbursed")
    rows = pl.concat([rows, _unserved(last, loans, rows, luck)])
    return rows.sort("household", "programme", "told_on").unique(
        ["household", "programme"], keep="first", maintain_order=True
    )


def _unserved(
    last: int, loans: pl.DataFrame, served: pl.DataFrame, luck: np.random.Generator
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
                told_on=pl.Series(last - luck.integers(5, 120, len(at))),
            )
        )
    found: pl.DataFrame = pl.concat(parts)
    return found
