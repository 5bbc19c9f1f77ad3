"""Units' own plans and proposals to amend: what a person may see of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.plans.models import (
    AmendmentProposal,
    DutyKind,
    Obligation,
    ObligationState,
    Plan,
    ProposalState,
    UnitPlan,
    UnitTask,
)
from tdcs.plans.queries.in_force import Plans, keys_of
from tdcs.plans.queries.plans import current_version, tasks_in_force


def _scope(user: User, field: str) -> Q:
    visible = visible_organisations(user)
    return Q() if visible is None else Q(**{f"{field}__in": visible})


def units_owing_a_plan(plans: Plans, user: User) -> list[tuple[int, int]]:
    """(plan, unit) of the living units in the person's scope that owe a plan of their own (III.1)."""
    owed = Obligation.objects.filter(
        _scope(user, "holder_id"),
        plan__in=keys_of(plans),
        duty__kind=DutyKind.OWN_PLAN,
        holder__ends_on=None,
    ).exclude(state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN))
    return sorted(set(owed.values_list("plan_id", "holder_id")))


def unit_plans_of(plans: Plans, year: int) -> dict[tuple[int, int], UnitPlan]:
    """Units' plans of a year by (plan, unit)."""
    rows = UnitPlan.objects.filter(plan__in=keys_of(plans), year=year)
    return {(row.plan_id, row.organisation_id): row for row in rows}


def visible_unit_plans(user: User) -> QuerySet[UnitPlan]:
    """Units' plans that a person may open."""
    rows = UnitPlan.objects.select_related("plan", "organisation")
    return rows.filter(_scope(user, "organisation_id"))


def visible_unit_tasks(user: User) -> QuerySet[UnitTask]:
    """Tasks of units' own plans that a person may see."""
    rows = UnitTask.objects.select_related("unit_plan__plan", "obligation__task")
    return rows.filter(_scope(user, "unit_plan__organisation_id"))


def report_day_of(plan: Plan, year: int) -> tuple[date | None, bool]:
    """The day of the yearly report as the plan in force names it, and whether that day itself is late."""
    duty = current_version(plan).duties.filter(kind=DutyKind.YEARLY_REPORT).first()
    if duty is None:
        return None, False
    due = date(year, duty.due_month, duty.due_day) if duty.due_month and duty.due_day else None
    return due, duty.due_before


def visible_proposals(plans: Plans, user: User) -> QuerySet[AmendmentProposal]:
    """Proposals to amend that a person may see, the latest first."""
    rows = AmendmentProposal.objects.filter(
        _scope(user, "organisation_id"), plan__in=keys_of(plans)
    )
    return rows.select_related("plan", "task", "version").order_by("-pk")


def chosen_proposals(plan: Plan, keys: Collection[int]) -> QuerySet[AmendmentProposal]:
    """The proposals of the plan that were ticked."""
    return AmendmentProposal.objects.filter(plan=plan, pk__in=keys)


def gathered_proposals(plan: Plan) -> QuerySet[AmendmentProposal]:
    """The proposals that wait in the branch's submission."""
    rows = AmendmentProposal.objects.filter(plan=plan, state=ProposalState.CONSOLIDATED)
    return rows.select_related("task")


def sections_of(plan: Plan) -> list[tuple[str, str]]:
    """(path, title) of the sections of the plan in force."""
    rows = tasks_in_force(plan).values_list("section_path", "section_title")
    return list(rows.distinct().order_by("section_path"))
