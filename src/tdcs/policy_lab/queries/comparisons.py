"""Comparisons as they are kept and shown: figures in and out of a record, names of what the lines are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from django.db.models import QuerySet

from tdcs.households.queries.scope import area_names
from tdcs.households.standards import RESULT_NAMES
from tdcs.policy_lab.models import Comparison
from tdcs.policy_lab.queries.comparing import Tried
from tdcs.policy_lab.rules import summing
from tdcs.policy_lab.rules.catalogue import Entry, kind_name
from tdcs.policy_lab.rules.comparing import FIGURES
from tdcs.policy_lab.rules.households import OTHER
from tdcs.policy_lab.rules.reading import Change
from tdcs.policy_lab.rules.summing import SumLine
from tdcs.policy_lab.rules.trying import CELL
from tdcs.programmes.rules import programmes
from tdcs.programmes.rules.showing import percent

_OTHER_NAME: Final = "Ngoài các diện trên"
_NO_COMMUNE: Final = "Chưa rõ xã"


@dataclass(frozen=True, slots=True)
class Changed:
    """One value in words: what it was and by which text, what the draft makes of it and on what ground."""

    figure: str
    label: str
    group: str
    before: str
    basis_before: str
    after: str
    basis: str
    starts_on: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A comparison as pages and papers draw it."""

    kept: Comparison
    cells: pl.DataFrame
    changes: list[Changed]
    gaining_households: int
    losing_households: int

    def lines(self, key: str, wanted: Mapping[str, str]) -> list[tuple[str, SumLine]]:
        """(name, line) by a key of CELL, of the cells that ``wanted`` names."""
        found = summing.lines(self.cells, key, wanted)
        names = self.names(key)
        return [(names.get(line.key, line.key), line) for line in found]

    def total(self, wanted: Mapping[str, str] | None = None) -> SumLine:
        """All of it, or of the cells that ``wanted`` names."""
        return summing.total(self.cells, wanted or {})

    def names(self, key: str) -> dict[str, str]:
        """What the values of a key are called."""
        return names_of(self.cells, key, self.kept.day)


def names_of(cells: pl.DataFrame, key: str, day: date) -> dict[str, str]:
    """What the values of a key of CELL are called on a day."""
    if key == "programme":
        return {code: one.short for code, one in programmes().items()}
    if key == "status":
        return {**RESULT_NAMES, OTHER: _OTHER_NAME}
    areas = area_names([area for area in cells["commune"].unique().to_list() if area], day)
    return {str(area): name for area, name in areas.items()} | {"0": _NO_COMMUNE}


def kept_comparisons() -> QuerySet[Comparison]:
    """Those that nobody gave up, the newest first, without their figures."""
    return Comparison.objects.filter(ended_on=None).select_related("by").defer("result", "overlay")


def as_kept(tried: Tried) -> dict[str, Any]:
    """What is kept of a draft tried: columns of the cells without those that are nothing throughout."""
    cells = tried.compared.cells
    told = [name for name in FIGURES if len(cells) and (cells[name] != 0).any()]
    return {
        "cells": cells.select(*CELL, *told).to_dict(as_series=False),
        "changes": [asdict(one) for one in changed_values(tried)],
        "gaining_households": tried.compared.gaining_households,
        "losing_households": tried.compared.losing_households,
    }


def shown(kept: Comparison) -> Shown:
    """A kept comparison with its figures."""
    result = kept.result
    types = {"programme": pl.String, "commune": pl.Int64, "status": pl.String}
    held = result["cells"]
    schema = {name: types.get(name, pl.Int64) for name in held}
    cells = pl.DataFrame(held, schema=schema)
    absent = [name for name in FIGURES if name not in cells.columns]
    cells = cells.with_columns(pl.lit(0, dtype=pl.Int64).alias(name) for name in absent)
    return Shown(
        kept,
        cells.select(*CELL, *FIGURES),
        [Changed(**row) for row in result["changes"]],
        result["gaining_households"],
        result["losing_households"],
    )


def changed_values(tried: Tried) -> list[Changed]:
    """The values of the draft in words, in its order."""
    found = []
    for one in tried.overlay.changes:
        entry = tried.laid.before[one.figure]
        starts_on = f"{one.starts_on or tried.day:%d/%m/%Y}"
        found.append(
            Changed(
                one.figure, entry.label, entry.group, entry.words, entry.basis,
                said(one, entry), one.basis, starts_on,
            )
        )  # fmt: skip
    return found


def said(one: Change, entry: Entry) -> str:
    """A draft's value as a person says it."""
    if isinstance(one.amount, tuple):
        return ", ".join(kind_name(kind) for kind in one.amount) or "không có"
    if one.key == "multiple":
        return f"{one.amount}% lãi suất hộ nghèo"
    if one.key == "ppm":
        return percent(one.amount)
    grouped = f"{one.amount:,}".replace(",", ".")
    return f"{grouped} {entry.unit}".strip()
