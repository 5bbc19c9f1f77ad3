"""Units' reports: who has reported, who is late, who has not begun; what a report is made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypedDict

from django.db.models import Prefetch, QuerySet

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core import clock, workdays
from tdcs.core.text import by_name, fold
from tdcs.organisations.models import Organisation, OrganisationProfile, ServedArea, living_on
from tdcs.organisations.prepared import Given, Prepared
from tdcs.organisations.queries import names_on
from tdcs.plans.models import (
    AmendmentProposal,
    DutyKind,
    Evidence,
    Obligation,
    Plan,
    ProposalState,
    ReportSection,
    UnitReport,
)
from tdcs.plans.queries.evidence import cited, of_year
from tdcs.plans.queries.in_force import Plans, keys_of, reported_together
from tdcs.plans.queries.obligations import GROUPS, group_of
from tdcs.plans.rules.timeliness import last_day_in_time, lateness
from tdcs.reporting.queries.credit import CreditFigures, NoFigures, credit_figures, scope_of
from tdcs.reporting.rules.changes import Change, changes
from tdcs.reporting.rules.credit import CREDIT, CREDIT_TITLE
from tdcs.reporting.rules.credit import words as credit_words
from tdcs.reporting.rules.prefill import DIRECTIVES, Ask, Draft, TaskResult, drafts

_GONE = ("merged", "withdrawn")
HANDED_IN = ("submitted", "accepted")
_DUTIES: Final = Prepared(
    lambda: (
        Obligation.objects.filter(
            plan_id__equals_any=Given("plans"),
            year=Given("year"),
            holder_id=Given("unit"),
            duty__kind=DutyKind.YEARLY_REPORT,
        )
        .exclude(state__in=_GONE)
        .order_by("pk")
    )
)
_REPORTS: Final = Prepared(
    lambda: UnitReport.objects.filter(
        plan_id__equals_any=Given("plans"), year=Given("year"), organisation_id=Given("unit")
    )
)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One unit that owes a yearly report. ``days_late`` of what came late, or of what is overdue today."""

    organisation: int
    plan: Plan
    name: str
    group: str
    group_title: str
    state: str
    report: int | None
    submitted_on: date | None
    days_late: int
    working_days_late: int
    due_on: date | None
    due_before: bool = True

    @property
    def handed_in(self) -> bool:
        return self.state in HANDED_IN

    @property
    def overdue(self) -> bool:
        """Not handed in and past its day."""
        return not self.handed_in and self.days_late > 0


@dataclass(frozen=True, slots=True)
class Overview:
    """All rows of a year a person may see, with their counts."""

    rows: list[ReportRow]
    due_on: date | None
    due_before: bool

    def count(self, *states: str) -> int:
        return sum(row.state in states for row in self.rows)

    @property
    def expected(self) -> int:
        return len(self.rows)

    @property
    def handed_in(self) -> int:
        return self.count(*HANDED_IN)

    @property
    def submitted(self) -> int:
        return self.count("submitted")

    @property
    def accepted(self) -> int:
        return self.count("accepted")

    @property
    def returned(self) -> int:
        return self.count("returned")

    @property
    def waiting(self) -> int:
        """Not handed in yet."""
        return self.expected - self.handed_in

    @property
    def late_in(self) -> int:
        return sum(row.handed_in and row.days_late > 0 for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.overdue for row in self.rows)

    @property
    def late(self) -> int:
        return self.late_in + self.overdue


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What the address asks for; an unknown value finds nothing rather than everything."""

    state: str = ""
    group: str = ""
    office: int = 0
    words: str = ""

    def narrow(self, rows: list[ReportRow]) -> list[ReportRow]:
        """The rows of these filters; words match without accents."""
        served = units_of_office(self.office) if self.office else frozenset()
        key = fold(self.words)
        return [
            row
            for row in rows
            if self._of_state(row)
            and (not self.group or row.group == self.group)
            and (not self.office or row.organisation in served)
            and key in fold(row.name)
        ]

    def _of_state(self, row: ReportRow) -> bool:
        if self.state == "late":
            return row.handed_in and row.days_late > 0
        if self.state == "overdue":
            return row.overdue
        if self.state == "waiting":
            return not row.handed_in
        return not self.state or row.state == self.state


def overview(plans: Plans, year: int, user: User | None = None) -> Overview:
    """Every unit that owes a report of a year, of each plan, with what came of it; names as of that year.

    Of plans reported together there is one line a unit: the report of the plan that the others join.
    """
    duties = Obligation.objects.filter(
        plan__in=keys_of(plans), year=year, duty__kind=DutyKind.YEARLY_REPORT
    )
    duties = duties.exclude(state__in=_GONE).select_related("holder", "plan__reports_with")
    visible = visible_organisations(user) if user else None
    if visible is not None:
        duties = duties.filter(holder_id__in=visible)
    owed = _one_a_report(duties.order_by("pk"))
    hosts = {host for host, _unit in owed}
    reports = {
        (r.plan_id, r.organisation_id): r
        for r in UnitReport.objects.filter(plan__in=hosts, year=year)
    }
    names = names_on(day_of_names(year), {unit for _host, unit in owed})
    rows = [_row(one, reports.get(key), names[key[1]]) for key, one in owed.items()]
    order = {code: at for at, (code, *_) in enumerate(GROUPS)}
    rows.sort(key=lambda r: (order[r.group], by_name(r.name), r.plan.issued_on, r.plan.pk))
    first = min(owed.values(), key=lambda row: row.due_on or date.max, default=None)
    return Overview(rows, first.due_on if first else None, first.due_before if first else True)


def host_of(plan: Plan) -> Plan:
    """The plan in whose report a plan is reported: another, where it says so, else itself."""
    return plan.reports_with or plan


def _one_a_report(duties: Iterable[Obligation]) -> dict[tuple[int, int], Obligation]:
    """(plan of the report, unit) → the duty; the duty of that plan itself comes before those that join it."""
    found: dict[tuple[int, int], Obligation] = {}
    for row in duties:
        key = (host_of(row.plan).pk, row.holder_id)
        if key not in found or row.plan_id == key[0]:
            found[key] = row
    return found


def day_of_names(year: int) -> date:
    """The day whose names a year's pages and reports show: today, or the year's last day once it is over."""
    return min(clock.today(), date(year, 12, 31))


def _row(owed: Obligation, report: UnitReport | None, name: str) -> ReportRow:
    group = group_of(owed.holder.kind, owed.holder.level)
    state = report.state if report else "none"
    days, working = 0, 0
    if report and state in HANDED_IN:
        days, working = report.days_late, report.working_days_late
    elif owed.due_on:
        late = lateness(arrived_on=clock.today(), due_on=owed.due_on, due_before=owed.due_before)
        days, working = late.days, late.working_days
    return ReportRow(
        organisation=owed.holder_id,
        plan=host_of(owed.plan),
        name=name,
        group=group,
        group_title=next(title for code, title, *_ in GROUPS if code == group),
        state=state,
        report=report.pk if report else None,
        submitted_on=report.submitted_on if report else None,
        days_late=days,
        working_days_late=working,
        due_on=owed.due_on,
        due_before=owed.due_before,
    )


def days_left(due_on: date | None, due_before: bool) -> tuple[int, int] | None:
    """(days, working days) to the due day; the day itself is not in time when it is "before" that day."""
    if due_on is None or due_on < clock.today():
        return None
    last = last_day_in_time(due_on, due_before)
    return (due_on - clock.today()).days, workdays.working_days_after(clock.today(), last)


def units_of_office(office: int) -> frozenset[int]:
    """A transaction office and the units that stand in the communes it serves today."""
    today = clock.today()
    areas = ServedArea.objects.filter(living_on(today), office_id=office).values("area_id")
    found = OrganisationProfile.objects.filter(living_on(today), area_id__in=areas)
    return frozenset(found.values_list("organisation_id", flat=True)) | {office}


def offices() -> list[tuple[int, str]]:
    """Transaction offices of today by name, for the filter."""
    rows = OrganisationProfile.objects.filter(
        living_on(clock.today()), organisation__kind="transaction_office"
    )
    return list(
        rows.order_by("short_name", "organisation_id").values_list("organisation_id", "short_name")
    )


def visible_reports(user: User) -> QuerySet[UnitReport]:
    """Reports a person may open."""
    rows = UnitReport.objects.select_related("plan", "organisation")
    visible = visible_organisations(user)
    return rows if visible is None else rows.filter(organisation_id__in=visible)


def reports_of_unit(user: User, plans: Plans, unit: Organisation) -> list[UnitReport]:
    """A unit's reports of all years that the person may open, the latest first."""
    rows = visible_reports(user).filter(plan__in=keys_of(plans), organisation=unit)
    return list(rows.order_by("-year", "plan__issued_on", "pk"))


def chosen_reports(user: User, keys: list[int]) -> QuerySet[UnitReport]:
    """The reports that were ticked, of those the person may open."""
    return visible_reports(user).filter(pk__in=keys)


def report_sections() -> QuerySet[ReportSection]:
    """Sections of unit reports, with their plan."""
    return ReportSection.objects.select_related("report__plan")


def writes_for(user: User, organisation: int) -> bool:
    """Whether a person speaks for a unit: one's own, and for a clerk also what lies below it.

    The branch's planner sees every unit and writes for the branch only.
    """
    own, holding = own_organisation(user), user.holding()
    if own is None or holding is None or not user.may("plans.report"):
        return False
    if own.pk == organisation:
        return True
    visible = visible_organisations(user)
    return holding.role == Role.UNIT_CLERK and visible is not None and organisation in visible


def proofs_of_report(report: UnitReport) -> QuerySet[Evidence]:
    """The signed papers of a report: what proves the unit's duty to report."""
    duty = report_duty(report.plan, report.year, report.organisation_id)
    kept = Evidence.objects.filter(removed_at=None).exclude(file="")
    return kept.filter(obligation=duty).order_by("at", "pk") if duty else kept.none()


def report_duty(plan: Plan, year: int, organisation: int) -> Obligation | None:
    """The unit's obligation to report that year, if it has one."""
    return duties_of([plan], year, organisation).get(plan.pk)


def duties_of(plans: Iterable[Plan], year: int, organisation: int) -> dict[int, Obligation]:
    """Plan → the unit's obligation to report that year under it."""
    found: dict[int, Obligation] = {}
    for row in _DUTIES(plans=[plan.pk for plan in plans], year=year, unit=organisation):
        found.setdefault(row.plan_id, row)
    return found


def reports_of(plans: Iterable[Plan], year: int, organisation: int) -> dict[int, UnitReport]:
    """Plan → the unit's report of that year under it."""
    rows = _REPORTS(plans=[plan.pk for plan in plans], year=year, unit=organisation)
    return {row.plan_id: row for row in rows}


def report_duties(plan: Plan, year: int, organisation: int) -> list[Obligation]:
    """The obligations that one report meets: that of its plan, and of the plans reported with it."""
    found = [report_duty(one, year, organisation) for one in reported_together(plan)]
    return [duty for duty in found if duty is not None]


def results_of(plan: Plan, year: int, organisation: int) -> list[TaskResult]:
    """What a unit told about its tasks of a year, in the plan's order, then about what the branch assigned.

    After them the same of the plans that are reported with this one, each under its own number.
    """
    found = []
    for one in reported_together(plan):
        rows = _results_of_one(one, year, organisation)
        found += rows if one == plan else [_under_its_plan(row, one) for row in rows]
    return found


def _under_its_plan(row: TaskResult, plan: Plan) -> TaskResult:
    return replace(
        row,
        section=section_of(plan, row.section),
        section_title=f"{plan}: {row.section_title}"[:500],
    )


def section_of(plan: Plan, section: str) -> str:
    """A section of a plan that is reported with another: "KH 346 II.1"."""
    return f"KH {plan.number.partition('/')[0]} {section}"[:40]


def _results_of_one(plan: Plan, year: int, organisation: int) -> list[TaskResult]:
    kept = Prefetch("evidence", Evidence.objects.filter(removed_at=None).order_by("at", "pk"))
    rows = list(
        Obligation.objects.filter(plan=plan, year=year, holder_id=organisation, duty=None)
        .exclude(state__in=_GONE)
        .select_related("task", "directive")
        .prefetch_related(kept)
        .order_by("task__position", "directive__due_on", "pk")
    )
    elsewhere = {row.organisation_id for row in rows if row.organisation_id != organisation}
    names = names_on(date(year, 1, 1), elsewhere) if elsewhere else {}
    counted = cited(of_year(plan, year, units={organisation, *elsewhere}))
    return [
        result_of(
            row,
            names.get(row.organisation_id, ""),
            tuple(map(str, counted.get(str(row.task.lineage), ()))) if row.task else (),
        )
        for row in rows
    ]


def result_of(
    row: Obligation, inherited_from: str = "", records: tuple[str, ...] = ()
) -> TaskResult:
    """One obligation as the report's text needs it; reads task, directive and evidence."""
    task, directive = row.task, row.directive
    return TaskResult(
        path=task.path if task else "",
        section=task.section_path if task else DIRECTIVES,
        section_title=task.section_title if task else "Các việc Chi nhánh giao thêm",
        title=task.title if task else str(directive),
        state=row.state,
        percent=row.percent,
        words=row.words,
        figure=row.figure,
        figure_unit=directive.figure_unit if directive else "",
        evidence=tuple(one.title for one in row.evidence.all()) if row.evidence_count else (),
        records=records,
        due_on=row.due_on,
        submitted_on=row.submitted_on,
        inherited_from=inherited_from,
        id=row.pk,
    )


def asks_of(plan: Plan, year: int, organisation: int) -> list[Ask]:
    """The amendments that a unit has sent to the branch in a year."""
    rows = AmendmentProposal.objects.filter(
        plan=plan, organisation_id=organisation, submitted_on__year=year
    ).exclude(state=ProposalState.DRAFT)
    return [
        Ask(
            f"{row.get_kind_display()} nhiệm vụ {row.task.path if row.task else row.section_path}: "
            f"{row.proposed_text or row.proposed_timing or (row.task.title if row.task else '')}",
            row.reason,
        )
        for row in rows.select_related("task").order_by("pk")
    ]


class FreshFigures(TypedDict, total=False):
    """``credit``: only of a unit that answers for a part of the book."""

    credit: CreditFigures | NoFigures


@dataclass(frozen=True, slots=True)
class Fresh:
    """The sections as the system would write them now, and what they are made from."""

    sections: list[Draft]
    results: list[TaskResult]
    figures: FreshFigures


def fresh(report: UnitReport) -> Fresh:
    """The words, obligations and credit figures of now; credit only for a unit that answers for a part of the book."""
    plan = report.plan
    results = results_of(plan, report.year, report.organisation_id)
    asks = asks_of(plan, report.year, report.organisation_id)
    made = drafts(results, asks, plan_number=plan.number, year=report.year)
    where = scope_of(report.organisation, day_of_names(report.year))
    if where is None:
        return Fresh(made, results, {})
    credit = credit_figures(year=report.year, on=clock.today(), where=where)
    first = Draft(CREDIT, CREDIT_TITLE, credit_words(credit))
    return Fresh([first, *made], results, {"credit": credit})


def changes_of(report: UnitReport) -> list[Change]:
    """What of the unit's obligations moved since the report's words were made from them."""
    return changes(report.prefilled, results_of(report.plan, report.year, report.organisation_id))


@dataclass(frozen=True, slots=True)
class Completeness:
    """What a report still lacks."""

    sections: int
    empty: tuple[str, ...]
    silent: tuple[TaskResult, ...]

    @property
    def filled(self) -> int:
        return self.sections - len(self.empty)


def completeness(report: UnitReport, results: list[TaskResult]) -> Completeness:
    """Which sections are empty, which tasks nobody told anything about."""
    rows = list(report.sections.all())
    return Completeness(
        sections=len(rows),
        empty=tuple(row.title for row in rows if not row.words.strip()),
        silent=tuple(one for one in results if not one.reportable),
    )
