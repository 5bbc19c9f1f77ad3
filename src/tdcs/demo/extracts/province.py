"""The synthetic province as the bank's core would export it: workbooks of each office and month, with the traps of real ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

import polars as pl

from tdcs.closing.queries import store
from tdcs.demo.extracts.figures import Month, month_of
from tdcs.demo.extracts.forms import FORMS, lines_of, write_entrusted, write_form, write_telegram
from tdcs.demo.extracts.lists import lists
from tdcs.demo.extracts.report_31 import report_31
from tdcs.demo.extracts.writing import PLAIN, Traps, write_sheet
from tdcs.imports.rules.layouts import layout_of

SEED: Final = 31


# The parts of file names that the core gives to some lists.
_NAMES: Final = {
    "report_31": "Ho_so_tin_dung_chi_tiet",
    "loan_detail": "DU_NO_CHI_tiet_DEN",
    "report_10": "Ho so tin dung chi tiet",
    "report_13": "Khoanh No",
    "report_14": "Mon_vay_03_thang_KHD",
    "groups_dsto": "DSTO",
    "bcdhtd_01_1": "BCDHTD_01.1",
    "bcdhtd_01_2": "BCDHTD_01.2",
    "b32": "B32",
    "len_31_commune": "LEN_31_XAPUONG",
    "len_31_mass": "LEN_31_DONVIUT",
    "len_31_programme": "LEN_31_CHTRINH",
    "len_31_leader": "LEN_31_TO_TRUONG",
    "job_loans": "SK_GQVL",
    "group_scores": "CT_CDTOTKVV",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """``months``: how many of the last ends of months; ``clean``: without traps; ``every``: the other kinds beside report 31."""

    months: int = 1
    seed: int = SEED
    clean: bool = False
    every: bool = False


def write(folder: Path, wanted: Wanted) -> Iterator[Path]:
    """Writes the workbooks, each office's of each month; the paths as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    for day in store().month_ends()[-wanted.months :]:
        month = month_of(day)
        full = report_31(month)
        path = folder / f"{day:%Y-%m}"
        path.mkdir(exist_ok=True)
        for name, content in workbooks(full, month, wanted):
            (path / name).write_bytes(content)
            yield path / name


def workbooks(full: pl.DataFrame, month: Month, wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each office's files of a month; the telegram is one for all."""
    day = month.day
    kinds = {"report_31": _ordered(full)} | (lists(full, month) if wanted.every else {})
    for kind, rows in kinds.items():
        layout = layout_of(kind)
        for (office,), mine in sorted(rows.group_by("office", maintain_order=True), key=_first):
            luck = Random(f"{wanted.seed}:{office}:{day}:{kind if kind != 'report_31' else ''}")
            yield _file(kind, office, day, luck), write_sheet(layout, mine, day, _traps(kind, luck, wanted))  # fmt: skip
    if not wanted.every:
        return
    for (office,), mine in sorted(full.group_by("office", maintain_order=True), key=_first):
        for kind in FORMS[:-2]:
            luck = Random(f"{wanted.seed}:{office}:{day}:{kind}")
            content = write_form(layout_of(kind), lines_of(kind, mine), day)
            yield _file(kind, office, day, luck), content
        arrears = pl.col("arrears_in_time") + pl.col("arrears_overdue")
        more = mine.with_columns(arrears=arrears, point=None, point_name=None, leader_born=None)
        luck = Random(f"{wanted.seed}:{office}:{day}:bc0438")
        yield _file("bc0438", office, day, luck), write_entrusted(more, day)
    yield f"Dienbao_{day:%Y}.xlsx", write_telegram(full, day)


def _first(one: tuple[tuple[object, ...], pl.DataFrame]) -> str:
    return str(one[0])


def _traps(kind: str, luck: Random, wanted: Wanted) -> Traps:
    if wanted.clean:
        return PLAIN
    drawn = Traps.drawn(luck)
    if kind == "report_31":
        return drawn
    # A list of a few rows may not show in which order its days stand.
    return replace(drawn, american=False, mixed_days=False, short_form=False)


def _file(kind: str, office: object, day: date, luck: Random) -> str:
    return f"{office}_{_NAMES.get(kind, kind)}_{_named(day, luck)}.xlsx"


def _named(day: date, luck: Random) -> str:
    return luck.choice((f"{day:%d-%m-%Y}", f"{day:%Y-%m-%d}", f"{day:%d%m%Y}"))


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("commune", "group", "customer", "contract", nulls_last=True)
