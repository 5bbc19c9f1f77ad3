"""Plans, their targets, allotments, rounds and adjustments as pages and services read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource
from tdcs.capital.queries import sources_on
from tdcs.core.remembered import remembered
from tdcs.core.waiting import Urgency, Waiting
from tdcs.credit_plan.models import (
    Adjustment,
    AdjustmentState,
    Allotment,
    CreditPlan,
    CreditPlanState,
    NewMoney,
    OfficeRound,
    PlanFund,
    PlanLine,
    PlanTarget,
    RoundState,
)
from tdcs.credit_plan.queries import book
from tdcs.credit_plan.queries.funds import free_capital
from tdcs.credit_plan.queries.places import answering_office, of_branch
from tdcs.credit_plan.rules.figures import figures
from tdcs.organisations.models import living_on
from tdcs.organisations.queries import names_on

LINE: dict[str, type[pl.DataType]] = {
    "area": pl.Int64,
    "programme": pl.String,
    "source": pl.Int64,
    "amount": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Carries:
    """What a fund can carry in the year, and what the plan puts on it; dong."""

    source: CapitalSource
    free: int
    maturing: int
    new: int
    planned: int

    @property
    def able(self) -> int:
        return self.free + self.maturing + self.new

    @property
    def left(self) -> int:
        return self.able - self.planned


def every_plan() -> QuerySet[CreditPlan]:
    """All plans, the newest year first."""
    return CreditPlan.objects.order_by("-year")


def plan_of(year: int) -> CreditPlan | None:
    """The plan of a year."""
    return CreditPlan.objects.filter(year=year).first()


def targets_of(plan: CreditPlan) -> QuerySet[PlanTarget]:
    """Targets by programme, the central fund first."""
    rows = PlanTarget.objects.filter(plan=plan).select_related("source")
    return rows.order_by("programme", "source__tier", "source__code")


def target_rows(plan: CreditPlan) -> pl.DataFrame:
    """programme, source, amount of the targets."""
    rows = PlanTarget.objects.filter(plan=plan).values_list("programme", "source_id", "amount")
    schema = {name: kind for name, kind in LINE.items() if name != "area"}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def draft_rows(plan: CreditPlan) -> pl.DataFrame:
    """area, programme, source, amount of the allotments as the branch has them."""
    rows = Allotment.objects.filter(plan=plan)
    found = rows.values_list("area_id", "programme", "source_id", "amount")
    return pl.DataFrame(list(found), schema=LINE, orient="row")


def rows_in_force(plan: CreditPlan, on: date) -> pl.DataFrame:
    """area, programme, source, amount of the approved lines that hold on a day."""
    rows = PlanLine.objects.filter(living_on(on), allotment__plan=plan)
    found = rows.values_list(
        "allotment__area_id", "allotment__programme", "allotment__source_id", "amount"
    )
    return pl.DataFrame(list(found), schema=LINE, orient="row")


def lines_in_force(plan: CreditPlan, on: date) -> dict[int, PlanLine]:
    """Allotment → its line that holds on a day."""
    rows = PlanLine.objects.filter(living_on(on), allotment__plan=plan)
    return {row.allotment_id: row for row in rows.select_related("allotment")}


def plan_rows(plan: CreditPlan, on: date) -> pl.DataFrame:
    """What the plan says on a day: the approved lines, or the draft while there are none."""
    approved = plan.state == CreditPlanState.APPROVED
    return rows_in_force(plan, on) if approved else draft_rows(plan)


def allotments_of(plan: CreditPlan) -> QuerySet[Allotment]:
    """Cells by commune, programme and fund."""
    rows = Allotment.objects.filter(plan=plan).select_related("source")
    return rows.order_by("area_id", "programme", "source__tier", "source__code")


def new_money_of(plan: CreditPlan) -> dict[int, int]:
    """Fund → new money that the plan counts on."""
    rows = NewMoney.objects.filter(plan=plan).values_list("source").annotate(dong=Sum("amount"))
    return {source: int(dong) for source, dong in rows}


def new_money_lines(plan: CreditPlan) -> QuerySet[NewMoney]:
    """The lines of new money, in their order."""
    return NewMoney.objects.filter(plan=plan).select_related("source", "by").order_by("pk")


def fund_frame(plan: CreditPlan, on: date) -> pl.DataFrame:
    """source, free, maturing, new: as kept when it was submitted, of the last closed day while it is not."""
    new = new_money_of(plan)
    kept = PlanFund.objects.filter(plan=plan).values_list("source_id", "free", "maturing")
    if plan.state == CreditPlanState.NEGOTIATING or not kept:
        day = book.book_day(on)
        free = free_capital(day, on)
        due = book.maturing(plan.year, day, on).group_by("source").agg(pl.col("maturing").sum())
        falls: Mapping[int, int] = dict(due.rows())
        rows = [(key, free.get(key, 0), falls.get(key, 0)) for key in {*free, *falls, *new}]
    else:
        rows = list(kept)
        there = {row[0] for row in rows}
        rows += [(key, 0, 0) for key in new if key not in there]
    data = [(key, free_, due_, new.get(key, 0)) for key, free_, due_ in sorted(rows)]
    schema = dict.fromkeys(("source", "free", "maturing", "new"), pl.Int64)
    return pl.DataFrame(data, schema=schema, orient="row")


def carries(plan: CreditPlan, on: date) -> list[Carries]:
    """Each fund of the plan, the central one first."""
    planned = dict(plan_rows(plan, on).group_by("source").agg(pl.col("amount").sum()).rows())
    able = {key: (free, due, new) for key, free, due, new in fund_frame(plan, on).rows()}
    sources = CapitalSource.objects.filter(pk__in={*able, *planned}).order_by("tier", "code")
    found = []
    for one in sources:
        free, due, new = able.get(one.pk, (0, 0, 0))
        found.append(Carries(one, free, due, new, planned.get(one.pk, 0)))
    return found


def rounds_of(plan: CreditPlan) -> list[OfficeRound]:
    """The talks with offices, by the offices' numbers."""
    rows = OfficeRound.objects.filter(plan=plan).select_related("office")
    return list(rows.prefetch_related("moves", "moves__by").order_by("office_id"))


def round_of(plan: CreditPlan, office: int) -> OfficeRound | None:
    """The talk with one office."""
    return OfficeRound.objects.filter(plan=plan, office_id=office).first()


def adjustments_of(plan: CreditPlan) -> QuerySet[Adjustment]:
    """Adjustments, the newest first."""
    rows = Adjustment.objects.filter(plan=plan).select_related("by", "decided_by")
    return rows.prefetch_related("lines__allotment__source").order_by("-number")


def fund_choices(on: date) -> list[tuple[int, str]]:
    """Funds of a day for a choice."""
    return [(one.pk, one.name) for one in sources_on(on)]


def source_names(keys: set[int]) -> dict[int, str]:
    """Fund → its name."""
    return dict(CapitalSource.objects.filter(pk__in=keys).values_list("pk", "name"))


def office_names(keys: set[int], on: date) -> dict[int, str]:
    """Office → its short name on a day."""
    return names_on(on, keys)


def waiting_for(user: User, on: date) -> list[Waiting]:
    """Rounds in which this person's unit holds the pen, and what the director has to approve."""
    found = []
    office = answering_office(user)
    if office is not None and user.may("credit_plan.answer"):
        turns = OfficeRound.objects.filter(office_id=office, state=RoundState.WITH_OFFICE)
        for turn in turns.select_related("plan"):
            found.append(
                _line(_("Kế hoạch tín dụng chờ ý kiến"), 1, _("Cho ý kiến"), turn.plan.year, on)
            )
    if user.may("credit_plan.approve") and of_branch(user):
        plans, changes = _years_to_approve()
        for year in plans:
            found.append(_line(_("Kế hoạch tín dụng chờ phê duyệt"), 1, _("Phê duyệt"), year, on))
        for year in changes:
            found.append(
                _line(_("Điều chỉnh kế hoạch tín dụng chờ phê duyệt"), 1, _("Phê duyệt"),
                      year, on, "credit_plan:moves")
            )  # fmt: skip
    return found


@remembered
def _years_to_approve() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The years of plans that wait for approval, and of adjustments that do."""
    plans = CreditPlan.objects.filter(state=CreditPlanState.SUBMITTED)
    changes = Adjustment.objects.filter(state=AdjustmentState.PROPOSED)
    return (
        tuple(plans.values_list("year", flat=True)),
        tuple(changes.values_list("plan__year", flat=True)),
    )


def _line(
    title: str, count: int, action: str, year: int, on: date, route: str = "credit_plan:plan"
) -> Waiting:
    late = on > figures().due(year)
    return Waiting(
        title,
        count,
        action,
        route,
        args=(year,),
        urgency=Urgency.LATE if late and route == "credit_plan:plan" else Urgency.SOON,
        menu="credit_plan:list",
    )
