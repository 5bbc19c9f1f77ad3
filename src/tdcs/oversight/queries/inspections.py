"""Programmes, inspections and their borrowers as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import PERMISSIONS
from tdcs.core.text import fold
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.entrustment.queries.groups import faces_of
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.households.queries.scope import area_names
from tdcs.loans.models import Loan
from tdcs.loans.queries.sheets import SheetLine, lines_of
from tdcs.loans.states import OPEN_STATES
from tdcs.organisations.models import (
    Organisation,
    TransactionPointProfile,
    living_on,
)
from tdcs.organisations.queries import names_on
from tdcs.oversight.models import (
    DrawnSample,
    Finding,
    FindingStep,
    Inspection,
    InspectionPhoto,
    InspectionProgramme,
    PlannedInspection,
    Visit,
)
from tdcs.oversight.queries.scope import (
    acts_for,
    visible_findings,
    visible_inspections,
    visible_programmes,
)
from tdcs.oversight.rules.settings import Checklist, checklists
from tdcs.oversight.states import FindingState, InspectionState
from tdcs.transaction_points.queries.scope import visible_points

# So many inspections a page shows.
PAGE = 200


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """An inspection as a list shows it."""

    inspection: Inspection
    subject: str
    commune: str
    body: str
    visits: int
    findings: int
    open_findings: int


def inspection_rows(
    user: User, on: date, *, state: str = "", words: str = ""
) -> list[InspectionRow]:
    """Inspections in scope by state and words, the newest first."""
    rows = visible_inspections(user, on)
    if state:
        rows = rows.filter(state=state)
    found = _rows(rows[:PAGE], on)
    asked = fold(words).split()
    return [
        row
        for row in found
        if all(one in fold(f"{row.inspection.number} {row.subject} {row.commune} {row.body}") for one in asked)
    ]  # fmt: skip


def _rows(rows: QuerySet[Inspection], on: date) -> list[InspectionRow]:
    found = list(
        rows.annotate(
            visited=Count("visits", distinct=True),
            found=Count("findings", distinct=True),
            still=Count("findings", filter=~Q(findings__state=FindingState.CLOSED), distinct=True),
        )
    )
    subjects = subject_names(found, on)
    areas = area_names({row.area_id for row in found}, on)
    bodies = names_on(on, {row.body_id for row in found})
    return [
        InspectionRow(
            row,
            subjects[row.pk],
            areas.get(row.area_id, ""),
            bodies.get(row.body_id, ""),
            row.visited,
            row.found,
            row.still,
        )
        for row in found
    ]


def subject_names(rows: Iterable[Inspection], on: date) -> dict[int, str]:
    """Inspection → the name of its group or point."""
    there = list(rows)
    faces = faces_of({row.group_id for row in there if row.group_id}, on)
    points = point_names({row.point_id for row in there if row.point_id}, on)
    return {
        row.pk: faces[row.group_id].name if row.group_id else points.get(row.point_id or 0, "")
        for row in there
    }


def point_names(points: Iterable[int], on: date) -> dict[int, str]:
    """Point → its name on a day."""
    rows = TransactionPointProfile.objects.filter(living_on(on), point__in=set(points))
    return dict(rows.values_list("point_id", "name"))


@dataclass(frozen=True, slots=True)
class BorrowerRow:
    """A borrower of an inspection's list: what the book says, and the visit when there was one."""

    line: SheetLine
    visit: Visit | None


def borrowers_of(inspection: Inspection, on: date) -> list[BorrowerRow]:
    """The loans of the inspected group that owe anything, or were visited, by name; none of a session."""
    if inspection.group_id is None:
        return []
    visits = {row.loan_id: row for row in inspection.visits.select_related("loan", "by")}
    open_loans = Q(group=inspection.group_id, state__in=OPEN_STATES)
    loans = Loan.objects.filter(open_loans | Q(pk__in=visits))
    lines = lines_of(loans, on)
    return sorted(
        (BorrowerRow(line, visits.get(line.loan)) for line in lines),
        key=lambda row: (fold(row.line.name), row.line.number),
    )


def members_count(group: SavingsGroup, on: date) -> int:
    """How many members a group has on a day."""
    return GroupMember.objects.filter(living_on(on), group=group).count()


def checklist_of(inspection: Inspection) -> Checklist:
    """The checklist of an inspection's subject."""
    return checklists()[inspection.checklist]


def loan_checklist_of(inspection: Inspection) -> Checklist | None:
    """By which questions the borrowers of an inspection are asked."""
    own = checklist_of(inspection)
    code = own.households or (own.code if own.of == "loan" else "")
    return checklists().get(code)


def loan_in(inspection: Inspection, key: int) -> Loan | None:
    """A loan of the inspected group."""
    rows = Loan.objects.filter(pk=key, group=inspection.group_id).select_related("borrower")
    return rows.first() if inspection.group_id else None


def findings_of(inspection: Inspection) -> list[Finding]:
    """An inspection's findings, the gravest due first."""
    rows = inspection.findings.select_related("loan__borrower", "owner", "repeats__inspection")
    return list(rows.order_by("due_on", "pk"))


def owners_for(inspection: Inspection, on: date) -> list[User]:
    """Who may be given a finding: people of the inspected commune's units and of its office, who may follow findings."""
    units: set[int] = {inspection.body_id}
    profiles = Organisation.objects.filter(
        living_on(on, "profiles__"), profiles__area=inspection.area_id
    )
    units |= set(profiles.values_list("pk", flat=True))
    if inspection.group is not None:
        profile = inspection.group.profiles.filter(living_on(on)).first()
        if profile is not None:
            units |= {profile.office_id, profile.mass_organisation_id}
    rows = RoleHolding.objects.on(on).filter(
        organisation__in=units, role__in=PERMISSIONS["oversight.follow"], user__is_active=True
    )
    people = User.objects.filter(pk__in=rows.values("user")).order_by("full_name", "pk")
    return list(people)


def team_choices(body: int, on: date) -> list[User]:
    """Who may lead an inspection of a body: its people who may inspect."""
    rows = RoleHolding.objects.on(on).filter(
        organisation=body, role__in=PERMISSIONS["oversight.inspect"], user__is_active=True
    )
    return list(User.objects.filter(pk__in=rows.values("user")).order_by("full_name", "pk"))


def groups_to_inspect(user: User, on: date) -> list[tuple[int, str]]:
    """Living groups in scope by name, for a choice."""
    rows = visible_groups(user, on).filter(living_on(on)).order_by("code")[:PAGE]
    faces = faces_of([row.pk for row in rows], on)
    return [(row.pk, f"{faces[row.pk].name} ({row.code})") for row in rows]


def points_to_inspect(user: User, on: date) -> list[tuple[int, str]]:
    """Points in scope by name, for a choice."""
    return [(row.point_id, row.name) for row in visible_points(user, on)[:PAGE]]


def programmes_seen(user: User, on: date) -> list[tuple[InspectionProgramme, str, int, int]]:
    """Programmes in scope with body, planned and finished inspections."""
    rows = list(
        visible_programmes(user, on).annotate(
            n=Count("planned", distinct=True),
            held=Count(
                "planned",
                filter=Q(planned__inspection__state=InspectionState.FINISHED),
                distinct=True,
            ),
        )[:PAGE]
    )
    names = names_on(on, {row.body_id for row in rows})
    return [(row, names.get(row.body_id, ""), row.n, row.held) for row in rows]


def planned_of(programme: InspectionProgramme, on: date) -> list[tuple[PlannedInspection, str]]:
    """What a programme plans, by month, with the name of each subject."""
    rows = list(
        programme.planned.select_related("group", "point", "inspection").order_by("month", "pk")
    )
    faces = faces_of({row.group_id for row in rows if row.group_id}, on)
    points = point_names({row.point_id for row in rows if row.point_id}, on)
    return [
        (row, faces[row.group_id].name if row.group_id else points.get(row.point_id or 0, ""))
        for row in rows
    ]


def samples_of(programme: InspectionProgramme) -> list[DrawnSample]:
    """A programme's samples, the newest first."""
    return list(programme.samples.select_related("drawn_by").order_by("-pk"))


def loans_of_sample(sample: DrawnSample) -> list[tuple[Loan, str]]:
    """The loans of a sample in its order, with the kind of risk."""
    risks: dict[int, str] = {int(loan): str(risk) for loan, risk in sample.lines}
    rows = Loan.objects.select_related("borrower", "group", "office").in_bulk(list(risks))
    return [(rows[key], risk) for key, risk in risks.items() if key in rows]


def own_bodies(user: User, on: date) -> list[tuple[int, str]]:
    """Bodies for which the person plans, by name."""
    holding = user.holding(on)
    if holding is None:
        return []
    units = [holding.organisation_id] if acts_for(user, holding.organisation) else []
    return [(key, names_on(on, [key])[key]) for key in units]


def sample_in(user: User, key: int) -> DrawnSample | None:
    """A sample of a programme in scope."""
    rows = DrawnSample.objects.filter(programme__in=visible_programmes(user).order_by())
    return rows.select_related("programme", "drawn_by").filter(pk=key).first()


def planned_in(programme: InspectionProgramme, key: int) -> PlannedInspection | None:
    """A planned inspection of a programme that nobody has prepared yet."""
    rows = programme.planned.filter(pk=key, inspection__isnull=True)
    return rows.select_related("group", "point").first()


def programme_of(user: User, key: int, on: date) -> InspectionProgramme | None:
    """A programme in scope by its key."""
    return visible_programmes(user, on).filter(pk=key).first()


def person_in(people: Iterable[User], key: int) -> User | None:
    """One of some people by the key of a form."""
    return next((one for one in people if one.pk == key), None)


def photo_in(user: User, key: int) -> InspectionPhoto | None:
    """A photo of an inspection in scope."""
    rows = InspectionPhoto.objects.filter(inspection__in=visible_inspections(user).order_by())
    return rows.filter(pk=key).first()


def proof_in(user: User, key: int) -> FindingStep | None:
    """A step with a file, of a finding in scope."""
    rows = FindingStep.objects.filter(finding__in=visible_findings(user).order_by())
    return rows.filter(pk=key).exclude(sha256="").first()


def finding_rows(user: User, on: date, *, state: str = "", mine: bool = False) -> list[Finding]:
    """Findings in scope, the open ones first due first; of a state, or the person's own alone."""
    rows = visible_findings(user, on)
    if state:
        rows = rows.filter(state=state)
    if mine:
        rows = rows.filter(owner=user)
    return list(
        rows.annotate(done=Q(state=FindingState.CLOSED)).order_by("done", "due_on", "pk")[:PAGE]
    )


def steps_of(finding: Finding) -> list[FindingStep]:
    """The steps of a finding, in order."""
    return list(finding.steps.select_related("by").order_by("pk"))


def repeats_of(finding: Finding) -> list[Finding]:
    """Earlier findings that this one repeats, the last first."""
    found: list[Finding] = []
    at = finding.repeats
    while at is not None and len(found) < PAGE:
        found.append(at)
        at = at.repeats
    return found


def visits_of(inspection: Inspection) -> list[Visit]:
    """The borrowers visited, by name."""
    rows = inspection.visits.select_related("loan__borrower", "by")
    return list(rows.order_by("loan__borrower__search", "pk"))


def findings_of_body(body: int, year: int) -> list[Finding]:
    """A body's findings of a year, by due day."""
    rows = Finding.objects.filter(inspection__body=body, inspection__held_on__year=year)
    return list(rows.select_related("owner").order_by("due_on", "pk"))
