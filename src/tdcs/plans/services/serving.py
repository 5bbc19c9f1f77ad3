"""A person says which kinds of records count for a task of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.plans.errors import KindUnknown
from tdcs.plans.models import Plan, Task, TaskEvidence
from tdcs.plans.ports import evidence
from tdcs.plans.queries.evidence import choices_of
from tdcs.plans.queries.plans import current_version, tasks_of


def decide(*, plan: Plan, task: Task, counts: Mapping[str, bool], by: User | None, on: date) -> int:
    """Set for each kind (by code) whether it counts for the task. Raises KindUnknown. Returns how many changed."""
    known = evidence.kinds()
    for code in counts:
        if code not in known:
            raise KindUnknown(kind=code)
    with transaction.atomic():
        held = TaskEvidence.objects.select_for_update().filter(plan=plan, lineage=task.lineage)
        before = {row.kind: row for row in held.order_by("pk")}
        changed = 0
        for code, count in sorted(counts.items()):
            row = before.get(code)
            if row is not None and row.counts == count:
                continue
            TaskEvidence.objects.update_or_create(
                plan=plan,
                lineage=task.lineage,
                kind=code,
                defaults={"counts": count, "by": by, "on": on},
            )
            changed += 1
        if changed:
            trail.record(
                action="plans.serve", subject=task, by=by, on=on, data={"kinds": dict(counts)}
            )
    return changed


def confirm_proposals(*, plan: Plan, by: User | None, on: date) -> int:
    """Every kind that the words of a task propose and nobody has decided counts from now on. Returns how many."""
    confirmed = 0
    with transaction.atomic():
        tasks = list(tasks_of(current_version(plan)))
        choices = choices_of(plan, tasks)
        for task in tasks:
            waiting = {c.kind.code: True for c in choices[str(task.lineage)] if not c.decided}
            if waiting:
                confirmed += decide(plan=plan, task=task, counts=waiting, by=by, on=on)
    return confirmed
