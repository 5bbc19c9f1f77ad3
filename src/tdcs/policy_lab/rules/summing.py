"""Cells of a comparison added up by programme, commune or status, as pages, commands and papers show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from tdcs.core.basis import without_basis
from tdcs.policy_lab.rules.comparing import FIGURES
from tdcs.policy_lab.rules.trying import CELL

# What a chart or a sentence may say, in the order in which one is chosen: the first that moved.
MEASURES: Final = ("interest", "new_interest", "overdue", "doors", "bounds", "paid")


@dataclass(frozen=True, slots=True)
class SumLine:
    """A row: ``of`` holds FIGURES by name; what differs between the laws is after less before."""

    key: str
    of: Mapping[str, int]

    def change(self, name: str) -> int:
        """After less before."""
        return self.of[f"{name}_after"] - self.of[f"{name}_before"]

    @property
    def interest(self) -> int:
        return self.change("interest")

    @property
    def new_interest(self) -> int:
        return self.change("new_interest")

    @property
    def overdue(self) -> int:
        return self.change("overdue")

    @property
    def paid(self) -> int:
        """Commission and fee together."""
        return self.change("commission") + self.change("fee")

    @property
    def doors(self) -> int:
        """Households that become eligible less those that no longer are."""
        return self.of["newly_eligible"] - self.of["no_longer"]

    @property
    def bounds(self) -> int:
        """What a higher maximum gives room for less what a lower one cuts."""
        return self.of["room"] - self.of["cut"]

    def measure(self, name: str) -> int:
        """One of MEASURES."""
        return int(getattr(self, name))

    @property
    def moved(self) -> bool:
        """Whether anything at all differs."""
        terms = self.of["shorter"] or self.of["longer"]
        return bool(terms or any(self.measure(name) for name in MEASURES) or self.of["gaining"])


@without_basis("cộng các ô của phép so sánh")
def lines(cells: pl.DataFrame, key: str, wanted: Mapping[str, str]) -> list[SumLine]:
    """A line for each value of ``key`` (one of CELL), of the cells that ``wanted`` names; the most moved first."""
    some = _chosen(cells, wanted)
    sums = some.group_by(key).agg(pl.col(name).sum() for name in FIGURES)
    found = [_line(str(row.pop(key)), row) for row in sums.iter_rows(named=True)]
    return sorted(
        found, key=lambda line: (_weight(line), line.of["outstanding"], line.key), reverse=True
    )


@without_basis("cộng các ô của phép so sánh")
def total(cells: pl.DataFrame, wanted: Mapping[str, str]) -> SumLine:
    """All of the cells that ``wanted`` names in one line."""
    some = _chosen(cells, wanted).select(pl.col(name).sum() for name in FIGURES)
    return _line("", some.row(0, named=True))


def measure_of(line: SumLine) -> str:
    """What to say of it: the first of MEASURES that moved."""
    return next((name for name in MEASURES if line.measure(name)), MEASURES[0])


def _chosen(cells: pl.DataFrame, wanted: Mapping[str, str]) -> pl.DataFrame:
    for key, value in wanted.items():
        if key in CELL and value:
            cells = cells.filter(pl.col(key).cast(pl.String) == value)
    return cells


def _line(key: str, row: Mapping[str, int]) -> SumLine:
    return SumLine(key, {name: int(row[name] or 0) for name in FIGURES})


def _weight(line: SumLine) -> tuple[int, ...]:
    return tuple(abs(line.measure(name)) for name in MEASURES)
