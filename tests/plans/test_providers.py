"""What the plan tells the indicators: obligations that fell due, and those done in time."""

from __future__ import annotations

from datetime import date, timedelta

from tdcs.indicators import ports
from tdcs.plans.models import Obligation, Plan
from tdcs.plans.providers import tasks_of


def _total(day: date) -> tuple[int, int]:
    found = tasks_of([day])
    return found["tasks_due"].sum(), found["tasks_on_time"].sum()


def test_due_and_done_in_time(plan: Plan) -> None:
    owed = Obligation.objects.filter(plan=plan, year=2026, due_on__isnull=False)
    first = owed.order_by("due_on", "pk")[0]
    day = first.due_on
    assert day is not None
    due = owed.filter(due_on__lte=day)
    assert _total(day - timedelta(days=1)) == (0, 0)
    assert _total(day) == (due.count(), 0)
    others = list(due.order_by("pk")[:3])
    assert len(others) == 3
    early, on_day, late = others
    for row, on, before in (
        (early, day - timedelta(days=1), True),
        (on_day, day, False),
        (late, day, True),
    ):
        Obligation.objects.filter(pk=row.pk).update(submitted_on=on, due_before=before)
    # What must arrive before a day is late on it; and nobody knew of today's papers yesterday.
    assert _total(day) == (due.count(), 2)
    Obligation.objects.filter(pk=early.pk).update(state="withdrawn")
    assert _total(day) == (due.count() - 1, 1)


def test_it_is_handed_down() -> None:
    assert ports.tasks.provider is tasks_of
