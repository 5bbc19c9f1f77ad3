"""Figures that every programme shares: of loans and groups, of oversight (law/parameters)."""

from __future__ import annotations

from collections.abc import Mapping

from tdcs.core import law
from tdcs.core.dated import Parameter, read_value
from tdcs.programmes.rules.lawbook import SHARED_FILES


@law.remembered
def all_shared() -> Mapping[str, Parameter]:
    """Every shared figure by name."""
    return {
        name: Parameter(name, [read_value(row, row["value"], row["unit"]) for row in rows])
        for file in SHARED_FILES
        for name, rows in law.load(f"parameters/{file}.yaml").items()
    }


def shared(name: str) -> Parameter:
    """One figure over time, such as ``overdue_percent``; KeyError for an unknown name."""
    return all_shared()[name]
