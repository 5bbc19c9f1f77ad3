"""Where the province's groups are: old communes and what they became, their office, their session day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.demo.province.calibration import Frame, calibration
from tdcs.organisations.models import (
    AreaProfile,
    AreaSuccession,
    Organisation,
    OrganisationProfile,
    ServedArea,
    living_on,
)
from tdcs.organisations.queries_areas import offices_by_commune

MERGED: Final = date(2025, 7, 1)
_BEFORE: Final = date(2024, 1, 1)
MASS: Final = ("hoi-nong-dan", "hoi-phu-nu", "hoi-cuu-chien-binh", "doan-thanh-nien")


@dataclass(frozen=True, slots=True)
class Point:
    """A transaction point: one old commune's seat, its day of the month, its weight among all.

    ``mass``: the four organisations of the old commune and of the new one, by MASS.
    """

    old: int
    new: int
    name: str
    rural: bool
    office: int
    session_day: int
    weight: float
    mass: tuple[tuple[int, int], ...]


def points(frame: Frame) -> list[Point]:
    """One point for each old commune that lives on in a new one, in the order of codes."""
    luck = frame.luck(1)
    old = {row.area_id: row for row in _profiles(_BEFORE)}
    into: dict[int, list[int]] = defaultdict(list)
    passed = AreaSuccession.objects.filter(predecessor__level="commune", on=MERGED)
    for before, after in passed.order_by("successor__code").values_list("predecessor", "successor"):
        into[before].append(after)
    office = offices_by_commune(MERGED)
    mass = _mass()
    least, most = calibration()["units"]["session_days"]
    days = _spread_days([office[into[area][0]] for area in old], least, most)
    found = []
    for at, (area, row) in enumerate(old.items()):
        new = into[area][int(luck.integers(len(into[area])))]
        rural = row.type_name != "phường"
        weight = float(luck.lognormal(0, 0.35)) * (1.0 if rural else 0.55)
        behind = tuple((mass[kind, area], mass[kind, new]) for kind in MASS)
        found.append(Point(area, new, row.name, rural, office[new], days[at], weight, behind))
    return found


def _profiles(day: date) -> list[AreaProfile]:
    rows = AreaProfile.objects.filter(
        living_on(day), area__level="commune", area__ends_on=MERGED
    ).order_by("area__code")
    return list(rows)


def _mass() -> dict[tuple[str, int], int]:
    """(type, area) → the organisation, old ones and new ones."""
    rows = OrganisationProfile.objects.filter(
        organisation__type__in=MASS, organisation__level="commune"
    )
    return {
        (kind, area): unit
        for kind, area, unit in rows.values_list("organisation__type", "area", "organisation")
    }


def _spread_days(offices: list[int], least: int, most: int) -> list[int]:
    """An office's points meet on different days, as far as its days go."""
    seen: dict[int, int] = defaultdict(int)
    days = []
    for office in offices:
        step = seen[office]
        seen[office] += 1
        days.append(least + (office * 5 + step * 7) % (most - least + 1))
    return days


def offices() -> list[int]:
    """The offices that keep books: those that serve communes."""
    served = ServedArea.objects.filter(living_on(MERGED)).values("office_id")
    return sorted(Organisation.objects.filter(pk__in=served).values_list("pk", flat=True))
