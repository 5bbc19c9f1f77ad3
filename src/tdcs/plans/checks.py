"""Named invariants of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from tdcs.plans.models import Assignment, Obligation, Plan
from tdcs.plans.services.deriving import derive

_GONE = ("merged", "withdrawn")


def obligations_equal_derivation() -> Iterator[str]:
    """For each open year, nothing that is derived is missing."""
    for plan in Plan.objects.filter(state="published"):
        for year in plan.years.filter(closed_on__isnull=True).values_list("year", flat=True):
            there = set(
                Obligation.objects.filter(plan=plan).values_list(
                    "task_id", "duty_id", "organisation_id"
                )
            )
            duties = set(
                Obligation.objects.filter(plan=plan, duty__kind="own_plan").values_list(
                    "holder_id", flat=True
                )
            )
            for owed in derive(plan, year):
                key = (owed.task, owed.duty, owed.organisation)
                if key not in there and owed.organisation not in duties:
                    yield f"{plan} năm {year}: thiếu {key}"


def nobody_ceased_owes() -> Iterator[str]:
    """What still runs is owed by a living unit."""
    wrong = Obligation.objects.filter(
        period_end__gt=F("holder__ends_on"), state__in=("open", "in_progress", "returned")
    )
    for row in wrong.select_related("holder")[:100]:
        yield f"việc {row.pk}: đơn vị {row.holder.code} đã chấm dứt"


def owed_once() -> Iterator[str]:
    """A unit owes a task or duty once a year."""
    for name in ("task", "duty", "directive"):
        rows = (
            Obligation.objects.exclude(state__in=_GONE)
            .filter(**{f"{name}__isnull": False})
            .values(name, "holder", "year", "period_start")
            .annotate(n=Count("pk"))
            .filter(n__gt=1)
        )
        for row in rows[:100]:
            yield f"{name} {row[name]} đơn vị {row['holder']} năm {row['year']}: {row['n']} lần"


def merged_point_to_living() -> Iterator[str]:
    """A merged obligation points to one that is still owed or done."""
    wrong = Obligation.objects.filter(state="merged").filter(
        Q(merged_into__isnull=True) | Q(merged_into__state="merged")
    )
    for key in wrong.values_list("pk", flat=True)[:100]:
        yield f"việc {key}: không nối tới việc còn hiệu lực"


def assignments_resolved() -> Iterator[str]:
    """A published version has no words without a unit (unless left out on purpose)."""
    rows = Assignment.objects.filter(
        task__version__state="published", unit="", organisations__isnull=True
    )
    for row in rows.select_related("task"):
        yield f"{row.task}: “{row.words}” chưa rõ đơn vị"


CHECKS = {
    "plans.obligations_equal_derivation": obligations_equal_derivation,
    "plans.nobody_ceased_owes": nobody_ceased_owes,
    "plans.owed_once": owed_once,
    "plans.merged_point_to_living": merged_point_to_living,
    "plans.assignments_resolved": assignments_resolved,
}
