"""The history of a plan as its page shows it."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.plans.models import Plan, PlanMove, PlanVersion


def note_move(
    verb: str,
    *,
    plan: Plan,
    version: PlanVersion | None = None,
    why: str = "",
    by: User | None,
    on: date,
) -> PlanMove:
    """Write what was decided about a plan; the caller writes the line of the trail."""
    return PlanMove.objects.create(
        plan=plan, version=version, verb=verb, on=on, at=clock.now(), by=by, why=why
    )
