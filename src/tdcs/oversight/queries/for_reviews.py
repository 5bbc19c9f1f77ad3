"""Findings of a year that people of a unit have to remedy, for the head's self-review (answers a port of boards)."""

from __future__ import annotations

from tdcs.access.models import RoleHolding
from tdcs.boards.ports import Fault
from tdcs.oversight.models import Finding
from tdcs.oversight.states import FindingState


def faults_of_unit(unit: int, year: int) -> list[Fault]:
    """By the day on which they were found: each with the day of its last close, where it is closed."""
    people = RoleHolding.objects.filter(organisation=unit).values("user")
    rows = Finding.objects.filter(owner__in=people, made_on__year=year).order_by("made_on", "pk")
    found = []
    for row in rows.prefetch_related("steps"):
        closes = [one.on for one in row.steps.all() if one.target == FindingState.CLOSED]
        closed = max(closes) if closes and row.state == FindingState.CLOSED else None
        found.append(Fault(row.words, row.made_on, row.due_on, closed))
    return found
