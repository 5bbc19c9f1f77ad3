"""The synthetic province as the bank's core would export it: workbooks of each office and month, with the traps of real ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

import polars as pl

from tdcs.closing.queries import store
from tdcs.demo.extracts.figures import month_of
from tdcs.demo.extracts.report_31 import report_31
from tdcs.demo.extracts.writing import PLAIN, Traps, write_sheet
from tdcs.imports.rules.layouts import layout_of

SEED: Final = 31


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """``months``: how many of the last ends of months; ``clean``: without traps."""

    months: int = 1
    seed: int = SEED
    clean: bool = False


def write(folder: Path, wanted: Wanted) -> Iterator[Path]:
    """Writes the workbooks, each office's of each month; the paths as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    for day in store().month_ends()[-wanted.months :]:
        frame = report_31(month_of(day))
        for (office,), rows in sorted(frame.group_by("office"), key=lambda one: str(one[0])):
            luck = Random(f"{wanted.seed}:{office}:{day}")
            traps = PLAIN if wanted.clean else Traps.drawn(luck)
            name = f"{office}_Ho_so_tin_dung_chi_tiet_{_named(day, luck)}.xlsx"
            path = folder / f"{day:%Y-%m}" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(write_sheet(layout_of("report_31"), _ordered(rows), day, traps))
            yield path


def _named(day: date, luck: Random) -> str:
    return luck.choice((f"{day:%d-%m-%Y}", f"{day:%Y-%m-%d}", f"{day:%d%m%Y}"))


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("commune", "group", "customer", "contract", nulls_last=True)
