"""Named invariants of approved plans; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db.models import Q

from tdcs.credit_plan.models import (
    AdjustmentLine,
    AdjustmentState,
    CreditPlan,
    CreditPlanState,
    PlanLine,
)
from tdcs.credit_plan.queries.plans import fund_frame, rows_in_force, target_rows
from tdcs.credit_plan.services.approving import plan_faults


def lines_are_what_was_approved() -> Iterator[str]:
    """Each line is the allotment that was approved, or what an approved adjustment made of it, and no line is missing."""
    for line in PlanLine.objects.select_related("allotment", "adjustment").order_by("pk"):
        if line.adjustment is None:
            if line.amount != line.allotment.amount:
                yield f"line {line.pk}: {line.amount}, allotted {line.allotment.amount}"
            continue
        told = AdjustmentLine.objects.filter(
            adjustment=line.adjustment, allotment=line.allotment, after=line.amount
        )
        if line.adjustment.state != AdjustmentState.APPROVED or not told.exists():
            yield f"line {line.pk}: not what adjustment {line.adjustment} says"
    cells = Q(allotment__plan__state=CreditPlanState.APPROVED, after__gt=0)
    approved = AdjustmentLine.objects.filter(cells, adjustment__state=AdjustmentState.APPROVED)
    for one in approved.order_by("pk"):
        lines = PlanLine.objects.filter(adjustment=one.adjustment_id, allotment=one.allotment_id)
        if not lines.exists():
            yield f"adjustment line {one.pk}: no line of the plan follows it"


def approved_plans_add_up() -> Iterator[str]:
    """On the day an approved plan began, its communes give each target and no fund is above what it carries."""
    for plan in CreditPlan.objects.filter(state=CreditPlanState.APPROVED).order_by("year"):
        first = PlanLine.objects.filter(allotment__plan=plan, adjustment=None)
        starts = first.order_by("starts_on").values_list("starts_on", flat=True).first()
        if starts is None:
            continue
        funds = fund_frame(plan, starts)
        for fault in plan_faults(target_rows(plan), rows_in_force(plan, starts), funds):
            yield f"{plan.year}: {fault.en}"


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "credit_plan.lines_are_what_was_approved": lines_are_what_was_approved,
    "credit_plan.approved_plans_add_up": approved_plans_add_up,
}
