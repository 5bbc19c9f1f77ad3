"""The tasks of the plans in force, as a choice for whoever records work."""

from __future__ import annotations

from tdcs.core import clock
from tdcs.plans.queries.in_force import plans_in_force
from tdcs.plans.queries.plans import current_version, tasks_of


def tasks_by_lineage() -> list[tuple[str, str]]:
    """Lineage, and the plan's number with the task's own path and title."""
    return [
        (str(task.lineage), f"{plan.number}, {task.path} {task.title}"[:120])
        for plan in plans_in_force(clock.today())
        for task in tasks_of(current_version(plan))
    ]
