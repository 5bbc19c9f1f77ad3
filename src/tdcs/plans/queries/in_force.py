"""The plans in force on a day, those that may be chosen, and what a page shows: one plan or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from tdcs.core.remembered import remembered
from tdcs.core.validity import Validity
from tdcs.plans.models import Plan, PlanMove, PlanRelation, PlanState, RelationKind, ReportingYear
from tdcs.plans.rules.in_force import PlanTime, in_force

# One plan, or several of them at once.
Plans = Plan | Sequence[Plan]

# What stands in an address for every plan that may be chosen.
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a page shows: the plans chosen, of those that may be chosen. ``bound``: the page is about this plan itself."""

    plans: tuple[Plan, ...]
    offered: tuple[Plan, ...] = ()
    bound: bool = False

    @property
    def one(self) -> Plan | None:
        """The plan, when it is only one."""
        return self.plans[0] if len(self.plans) == 1 else None

    @property
    def several(self) -> bool:
        return len(self.plans) > 1

    @property
    def code(self) -> str:
        """What the address carries."""
        return str(self.one.pk) if self.one else ALL

    @property
    def choice(self) -> bool:
        """Whether there is anything to choose."""
        return not self.bound and len(self.offered) > 1


def listed(plans: Plans) -> tuple[Plan, ...]:
    """One plan or several, always as several."""
    return (plans,) if isinstance(plans, Plan) else tuple(plans)


def keys_of(plans: Plans) -> list[int]:
    """The keys of one plan or of several."""
    return [plan.pk for plan in listed(plans)]


def plans_in_force(day: date) -> list[Plan]:
    """Every plan in force on a day, by its first day, then its number."""
    plans = {row.pk: row for row in _published()}
    return [plans[key] for key in in_force(_times(plans.values()), day)]


def plans_offered(day: date) -> list[Plan]:
    """The plans to choose from: in force on a day, or with a year of reports that is still open."""
    return list(_plans_offered(day))


@remembered
def _plans_offered(day: date) -> tuple[Plan, ...]:
    open_years = ReportingYear.objects.filter(plan=OuterRef("pk"), closed_on=None)
    rows = list(_published().annotate(busy=Exists(open_years)))
    held = set(in_force(_times(rows), day))
    return tuple(row for row in rows if row.pk in held or row.busy)


def _published() -> QuerySet[Plan]:
    rows = Plan.objects.filter(state=PlanState.PUBLISHED).select_related("reports_with")
    return rows.order_by("in_force_from", "issued_on", "number")


def _times(plans: Iterable[Plan]) -> list[PlanTime]:
    """A plan replaced on its own first day was never in force."""
    return [
        PlanTime(plan.pk, Validity(plan.in_force_from, plan.in_force_until))
        for plan in plans
        if plan.in_force_from
        and (plan.in_force_until is None or plan.in_force_from < plan.in_force_until)
    ]


def plan_of(key: int) -> Plan | None:
    """A plan that was published once, whatever became of it."""
    return Plan.objects.exclude(state=PlanState.DRAFT).filter(pk=key).first()


def every_plan() -> QuerySet[Plan]:
    """Every plan that was published, the latest first."""
    rows = Plan.objects.exclude(state=PlanState.DRAFT).select_related("reports_with")
    return rows.order_by("-in_force_from", "-issued_on", "number")


def relations_of(plan: Plan) -> list[PlanRelation]:
    """How a plan stands to others, in both directions, what was undone left out."""
    rows = PlanRelation.objects.filter(Q(plan=plan) | Q(other=plan), undone_on=None)
    return list(rows.select_related("plan", "other").order_by("since", "pk"))


def moves_of(plan: Plan) -> QuerySet[PlanMove]:
    """What was decided about a plan, the latest first."""
    return plan.moves.select_related("by", "version").order_by("-at", "-pk")


def ends_of_tasks(plan: Plan) -> dict[str, date]:
    """Tasks that a later plan ended: their lineage → from which day."""
    rows = PlanRelation.objects.filter(other=plan, kind=RelationKind.AMENDS, undone_on=None)
    found: dict[str, date] = {}
    for row in rows.order_by("-since"):
        found.update(dict.fromkeys(row.lineages, row.since))
    return found


def reported_together(plan: Plan) -> tuple[Plan, ...]:
    """The plans whose results stand in the yearly report of this one: itself, then those that say so."""
    joined = plan.joined.filter(state=PlanState.PUBLISHED).order_by("in_force_from", "number")
    return (plan, *joined)
