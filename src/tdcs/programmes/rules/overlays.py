"""What a province sets for its own money: law/provinces/<slug>/programmes.yaml laid over the central figures.

Money that a local budget entrusts follows the provincial People's Council (Luật Việc làm 74/2025, NĐ 06/2026 Điều 45.1.a).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.core.dated import DatedRow, Parameter, Value, read_value
from tdcs.programmes.rules.law_rows import AmountName, OverlayRow

CENTRAL, LOCAL = "central", "local"
LOWER_OF, HIGHER_OF, OWN = "lower_of", "higher_of", "own"
RULES: Final = (LOWER_OF, HIGHER_OF, OWN)
_AMOUNTS: Final[Mapping[str, tuple[AmountName, str]]] = {
    "rate": ("ppm", "phần triệu/năm"),
    "maximum": ("value", "đồng"),
}


@dataclass(frozen=True, slots=True)
class Overlay:
    """One figure that a province sets: ``rule`` says which of it and the central figure of the day prevails."""

    rule: str
    parameter: Parameter

    def prevailing(self, central: Value | None, own: Value | None) -> Value | None:
        """Of the central and the province's value of a day, the one that holds."""
        if own is None or (central is None and self.rule != OWN):
            return central
        if central is None or self.rule == OWN:
            return own
        return central if self.of_amounts(central.amount, own.amount) == central.amount else own

    def of_amounts(self, central: int, own: int) -> int:
        """Of two amounts, the one that holds."""
        if self.rule == OWN:
            return own
        return min(central, own) if self.rule == LOWER_OF else max(central, own)


@basis("LVL-2025", "Điều 9.8")
@basis("ND-06-2026", "Điều 45.1.a")
@basis("TT-84-2025-BTC")
def laid_over(
    province: str, tier: str, whom: tuple[str, str], figure: str, central: Parameter | None
) -> Parameter | None:
    """The figure over time for money of a tier in a province; ``whom``: programme and target group."""
    overlay = overlay_of(province, tier, whom, figure)
    return central if overlay is None else _merged(overlay, central)


def overlay_of(province: str, tier: str, whom: tuple[str, str], figure: str) -> Overlay | None:
    """What the province sets for a target group, or for the whole programme; None where it sets nothing.

    Raises UnknownProvince.
    """
    if not province:
        return None
    law.require_province(province)
    if tier != LOCAL:
        return None
    held = overlays(province)
    code, group = whom
    return held.get((f"{code}/{group}", figure)) or held.get((code, figure))


@law.remembered
def overlays(province: str) -> Mapping[tuple[str, str], Overlay]:
    """(programme or programme/group, figure or the name of a limit) → what the province sets."""
    found: dict[tuple[str, str], Overlay] = {}
    for entry in entries(province):
        name = entry.get("limit") or entry["figure"]
        parameter = Parameter(f"{province}: {name}", [_value(entry, row) for row in entry["rows"]])
        for whom in entry["programmes"]:
            found[whom, name] = Overlay(entry["rule"], parameter)
    return found


def own_limits(province: str, tier: str, code: str) -> list[str]:
    """Names of the limits that the province sets for a programme."""
    if not province or tier != LOCAL:
        return []
    return [
        entry["limit"]
        for entry in entries(province)
        if entry["figure"] == "limits" and code in entry["programmes"]
    ]


def entries(province: str) -> list[OverlayRow]:
    """The province's file as written; nothing where it set nothing of its own."""
    file = f"provinces/{province}/programmes.yaml"
    return list(law.load(file)) if law.path(file).is_file() else []


def _value(entry: OverlayRow, row: DatedRow) -> Value:
    plain: tuple[AmountName, str] = ("value", "")
    field, unit = _AMOUNTS.get(entry["figure"], plain)
    return read_value(row, row[field], row.get("unit", unit))


def _merged(overlay: Overlay, central: Parameter | None) -> Parameter:
    """Stretch by stretch, the value that prevails."""
    both = (*overlay.parameter.values, *(central.values if central else ()))
    edges = {day for value in both for day in (value.starts_on, value.ends_on) if day is not None}
    ordered: list[date | None] = [*sorted(edges), None]
    made: list[Value] = []
    for start, end in itertools.pairwise(ordered):
        assert start is not None
        value = overlay.prevailing(
            central.find(start) if central else None, overlay.parameter.find(start)
        )
        if value is not None:
            made.append(replace(value, starts_on=start, ends_on=end))
    return Parameter(overlay.parameter.name, made)
