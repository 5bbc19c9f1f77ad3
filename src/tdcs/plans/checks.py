"""Named invariants of the plan; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from django.db.models import Count, F

from tdcs.core import clock
from tdcs.organisations.queries import successors
from tdcs.plans.models import (
    Duty,
    DutyKind,
    Obligation,
    ObligationState,
    Plan,
    PlanRelation,
    PlanState,
    PlanVersion,
    TimingKind,
    UnitPlan,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.derivation import Owed, derive, derive_whole, lineages
from tdcs.plans.queries.kept_files import file_faults
from tdcs.plans.queries.plans import unresolved_rows
from tdcs.plans.states import OPEN_STATES

_GONE: Final = (ObligationState.MERGED, ObligationState.WITHDRAWN)

# (lineage of the task or duty, unit named, first day of the period)
Named = tuple[object, int, object]


def obligations_are_what_derivation_says() -> Iterator[str]:
    """In every open year: nothing that the plan asks for is missing, nothing is there that it does not ask for."""
    for plan in Plan.objects.filter(state=PlanState.PUBLISHED):
        for year in plan.years.filter(closed_on=None).values_list("year", flat=True):
            yield from _year_holds(plan, year)


def _year_holds(plan: Plan, year: int) -> Iterator[str]:
    same = lineages(plan)

    def lineage(task: int | None, duty: int | None) -> object:
        return same["task", task] if task else same["duty", duty]

    def named(rows: list[Owed]) -> dict[Named, int | None]:
        return {
            (lineage(one.task, one.duty), one.organisation, one.period.validity.starts_on): one.duty
            for one in rows
        }

    # What was answered before a later plan ended the task stays.
    asked, owed = named(derive_whole(plan, year)), named(derive(plan, year))
    carried: dict[object, set[int]] = defaultdict(set)
    lines = successors({unit for _, unit, _ in asked}, clock.today())
    for thing, unit, _ in asked:
        carried[thing].update(lines[unit])
    rows = Obligation.objects.filter(plan=plan, directive=None)
    own_plans = _own_plan_units(plan)
    there: set[Named] = set()
    for row in (
        rows.filter(year=year).exclude(state=ObligationState.WITHDRAWN).select_related("task")
    ):
        key: Named = (lineage(row.task_id, row.duty_id), row.organisation_id, row.period_start)
        there.add(key)
        instructed = row.task is not None and row.task.timing_kind == TimingKind.ON_INSTRUCTION
        still = owed if row.state in OPEN_STATES else asked
        if key not in still and not instructed and row.holder_id not in carried[key[0]]:
            yield f"{plan} {year}: việc {row.pk} ({row}) không có trong kế hoạch"
    for key, duty in owed.items():
        if key not in there and not (duty in own_plans and key[1] in own_plans[duty]):
            yield f"{plan} {year}: đơn vị {key[1]} thiếu việc bắt đầu {key[2]}"


def _own_plan_units(plan: Plan) -> dict[int | None, set[int]]:
    """A plan of one's own is owed once in the plan's life: who has it already."""
    rows = Obligation.objects.filter(plan=plan, duty__kind=DutyKind.OWN_PLAN)
    rows = rows.exclude(state=ObligationState.WITHDRAWN)
    have = {unit for pair in rows.values_list("holder_id", "organisation_id") for unit in pair}
    duties = Duty.objects.filter(version__plan=plan, kind=DutyKind.OWN_PLAN)
    return dict.fromkeys(duties.values_list("pk", flat=True), have)


def no_ceased_unit_holds_a_living_obligation() -> Iterator[str]:
    """What is open in an open year is held by a unit that lives, or that lived until the period's end."""
    rows = (
        Obligation.objects.filter(
            holder__ends_on__lte=clock.today(), period_end__gt=F("holder__ends_on")
        )
        .exclude(state__in=(*_GONE, ObligationState.ACCEPTED))
        .exclude(plan__years__year=F("year"), plan__years__closed_on__isnull=False)
        .select_related("holder", "task", "duty", "directive")
    )
    for row in rows:
        yield f"việc {row.pk} ({row}): {row.holder} đã kết thúc ngày {row.holder.ends_on:%d/%m/%Y}"


def nobody_owes_the_same_twice() -> Iterator[str]:
    """One living obligation for each matter, holder and period."""
    doubled = (
        Obligation.objects.exclude(state__in=_GONE)
        .exclude(state=ObligationState.ACCEPTED)
        .values("task", "duty", "directive", "holder", "period_start")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    for row in doubled:
        what = row["task"] or row["duty"] or row["directive"]
        yield f"đơn vị {row['holder']} nợ việc {what} {row['count']} lần từ {row['period_start']}"


def merged_ones_point_to_a_living_one() -> Iterator[str]:
    """A merged obligation names the one that absorbed it; only merged ones do."""
    rows = Obligation.objects.filter(state=ObligationState.MERGED)
    rows = rows.exclude(plan__state=PlanState.WITHDRAWN)
    for row in rows.filter(merged_into=None):
        yield f"việc {row.pk} đã nhập nhưng không rõ nhập vào đâu"
    # Looked up here: the database, which may know no figures of a table just filled, would compare each row with each.
    gone = dict(Obligation.objects.filter(state__in=_GONE).values_list("pk", "state"))
    # What was merged ends together with the row that absorbed it, when a later plan ends the task.
    relations = PlanRelation.objects.filter(undone_on=None).exclude(ended={})
    ended = set(relations.values_list("other", flat=True))
    merged = rows.exclude(merged_into=None).order_by("pk")
    for key, into, plan in merged.values_list("pk", "merged_into_id", "plan_id"):
        state = gone.get(into)
        if state and not (state == ObligationState.WITHDRAWN and plan in ended):
            yield f"việc {key} nhập vào việc {into} không còn theo dõi"
    for row in Obligation.objects.exclude(state=ObligationState.MERGED).exclude(merged_into=None):
        yield f"việc {row.pk} chưa nhập mà đã trỏ sang việc {row.merged_into_id}"


def published_versions_are_settled() -> Iterator[str]:
    """No words without a unit in the version in force, unless left out on purpose."""
    for version in PlanVersion.objects.filter(state=VersionState.PUBLISHED).select_related("plan"):
        for row in unresolved_rows(version):
            yield f"{version}, mục {(row.task or row.duty)}: “{row.words}” chưa rõ đơn vị"


def issued_unit_plans_meet_their_duty() -> Iterator[str]:
    """A unit whose own plan is issued no longer owes one under the same plan of the province."""
    issued = UnitPlan.objects.filter(state=UnitPlan.State.ISSUED).values_list(
        "plan_id", "organisation_id"
    )
    told = dict.fromkeys(issued)
    rows = Obligation.objects.filter(duty__kind=DutyKind.OWN_PLAN, state__in=OPEN_STATES)
    closed = rows.filter(plan__years__year=F("year"), plan__years__closed_on__isnull=False)
    for row in rows.exclude(pk__in=closed).select_related("holder"):
        if (row.plan_id, row.holder_id) in told:
            yield f"việc {row.pk}: {row.holder} đã ban hành kế hoạch mà vẫn còn phải lập"


def files_are_as_received() -> Iterator[str]:
    """Evidence, signed plans and plan documents have the digest they were received with."""
    yield from file_faults()


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "plans.obligations_are_what_derivation_says": obligations_are_what_derivation_says,
    "plans.no_ceased_unit_holds_a_living_obligation": no_ceased_unit_holds_a_living_obligation,
    "plans.nobody_owes_the_same_twice": nobody_owes_the_same_twice,
    "plans.merged_ones_point_to_a_living_one": merged_ones_point_to_a_living_one,
    "plans.published_versions_are_settled": published_versions_are_settled,
    "plans.issued_unit_plans_meet_their_duty": issued_unit_plans_meet_their_duty,
    "plans.files_are_as_received": files_are_as_received,
}
