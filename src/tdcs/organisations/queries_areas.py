"""Communes: which office serves each, which have ended, and in whose place others stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from tdcs.organisations.models import AreaProfile, AreaSuccession, Level, ServedArea, living_on
from tdcs.organisations.rules import Step, follow


def ended_communes(day: date) -> list[tuple[int, str]]:
    """(area, full name) of the communes that have ended by a day, under every name that they had."""
    rows = AreaProfile.objects.filter(area__level=Level.COMMUNE, area__ends_on__lte=day)
    return list(rows.order_by("area_id", "starts_on").values_list("area_id", "full_name"))


def area_successors(areas: Collection[int], day: date) -> dict[int, tuple[int, ...]]:
    """Each area → those that stand in its place on a day, one for each part of it; itself while it lives."""
    steps: dict[int, list[Step]] = defaultdict(list)
    rows = AreaSuccession.objects.values_list("predecessor_id", "successor_id", "on", "portion")
    for old, new, on, portion in rows:
        steps[old].append(Step(new, on, portion, True))
    return {area: follow(area, steps, until=day) for area in areas}


def offices_by_commune(on: date) -> dict[int, int]:
    """Living commune → the office that serves it."""
    rows = ServedArea.objects.filter(living_on(on), area__level=Level.COMMUNE)
    return dict(rows.order_by("area_id").values_list("area_id", "office_id"))
