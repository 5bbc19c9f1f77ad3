"""Figures that every programme shares (law/parameters/loans.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tdcs.core import law
from tdcs.core.dated import Parameter, read_value


@cache
def all_shared() -> Mapping[str, Parameter]:
    """Every shared figure by name."""
    return {
        name: Parameter(name, [read_value(row, row["value"], row["unit"]) for row in rows])
        for name, rows in law.load("parameters/loans.yaml").items()
    }


def shared(name: str) -> Parameter:
    """One figure over time, such as ``overdue_percent``; KeyError for an unknown name."""
    return all_shared()[name]
