"""Inspections with no network: what goes into a pack, which inspections can be taken along, devices, what waits for a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet

from tdcs import __version__
from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.households.queries.scope import area_names
from tdcs.loans.models import Loan
from tdcs.organisations.queries import coordinates_of, names_on
from tdcs.oversight.models import (
    DrawnSample,
    Finding,
    Inspection,
    InspectionLine,
    InspectionPack,
    Severity,
    Visit,
)
from tdcs.oversight.queries.inspections import (
    borrowers_of,
    checklist_of,
    loan_checklist_of,
    members_count,
    owners_for,
    subject_names,
)
from tdcs.oversight.queries.scope import acts_for, visible_inspections
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.coverage import inspected_by
from tdcs.oversight.rules.settings import Checklist, households_to_visit
from tdcs.oversight.states import FieldState, InspectionState
from tdcs.transaction_points.models import Device

_TAKEN: Final = (InspectionState.PREPARED, InspectionState.OPEN)
# A pack is taken at most so many days before the day of the inspection.
_AHEAD: Final = timedelta(days=14)


def name_of(inspection: Inspection | int) -> str:
    """Under which name packs and logs know an inspection; a session's is a number."""
    return f"kt-{inspection if isinstance(inspection, int) else inspection.pk}"


def inspections_to_take(user: User, on: date) -> list[dict[str, object]]:
    """The inspections of the person's teams that are to be held or are being held, the earliest first."""
    team = Q(lead=user) | Q(members__person=user)
    rows = Inspection.objects.filter(team, state__in=_TAKEN, due_on__lte=on + _AHEAD)
    found = list(rows.distinct().order_by("due_on", "pk"))
    names, areas = subject_names(found, on), area_names({one.area_id for one in found}, on)
    return [
        {
            "id": name_of(one),
            "name": names[one.pk],
            "day": one.due_on.isoformat(),
            "place": areas.get(one.area_id, ""),
        }
        for one in found
    ]


def devices_of(user: User) -> QuerySet[Device]:
    """The devices of the person's own unit."""
    unit = own_organisation(user)
    rows = Device.objects.filter(office=unit.pk if unit else None)
    return rows.select_related("registered_by", "revoked_by").order_by("-revoked_on", "name", "pk")


def devices_with_packs(user: User) -> list[tuple[Device, list[InspectionPack]]]:
    """Each device of the unit with the packs of inspections that it took and that are not revoked, the newest first."""
    devices = list(devices_of(user))
    held: dict[int, list[InspectionPack]] = {one.pk: [] for one in devices}
    rows = InspectionPack.objects.filter(device__in=devices, revoked_at=None)
    for pack in rows.select_related("inspection", "made_by").order_by("-pk")[:200]:
        held[pack.device_id].append(pack)
    return [(one, held[one.pk]) for one in devices]


def packs_in_scope(user: User) -> QuerySet[InspectionPack]:
    """Packs of the inspections that a person sees."""
    rows = InspectionPack.objects.filter(inspection__in=visible_inspections(user).order_by())
    return rows.select_related("inspection", "device")


def lines_in_scope(user: User) -> QuerySet[InspectionLine]:
    """Lines of the logs of inspections that a person sees."""
    rows = InspectionLine.objects.filter(inspection__in=visible_inspections(user).order_by())
    return rows.select_related("inspection__group", "inspection__point", "device", "by", "pack")


def cases_of(user: User) -> list[tuple[InspectionLine, bool]]:
    """What waits for a person, the oldest first: the line, whether the person may decide."""
    waiting = list(lines_in_scope(user).filter(state=FieldState.CASE).order_by("pk")[:200])
    bodies = {one.inspection.body_id for one in waiting}
    decides = {body: user.may("oversight.plan") and acts_for(user, body) for body in bodies}
    return [(one, decides[one.inspection.body_id]) for one in waiting]


def logs_of(inspection: Inspection) -> list[tuple[str, dict[str, int]]]:
    """Device → how many lines of its log of an inspection are in which state."""
    counts: dict[str, dict[str, int]] = {}
    rows = inspection.lines.values("device__name", "state").annotate(n=Count("pk"))
    for row in rows.order_by("device__name", "state"):
        counts.setdefault(row["device__name"], {})[row["state"]] = row["n"]
    return list(counts.items())


def content_of(inspection: Inspection, on: date) -> dict[str, object]:
    """Everything that the team needs with no network: docs/reference/inspection-pack.md names every field."""
    own, of_loans = checklist_of(inspection), loan_checklist_of(inspection)
    members = members_count(inspection.group, on) if inspection.group else 0
    name = subject_names([inspection], on)[inspection.pk]
    areas = area_names({inspection.area_id}, on)
    centre = coordinates_of([inspection.area_id]).get(inspection.area_id)
    return {
        "session": {
            "id": name_of(inspection),
            "point": inspection.number,
            "name": name,
            "day": inspection.due_on.isoformat(),
            "place": areas.get(inspection.area_id, ""),
        },
        "people": _people(inspection),
        "rules": {"program": __version__},
        "inspection": {
            "number": inspection.number,
            "form": own.number,
            "title": own.vi,
            "body": names_on(on, [inspection.body_id]).get(inspection.body_id, ""),
            "started": inspection.state == InspectionState.OPEN,
            "to_visit": households_to_visit(members, on) if inspection.group else 0,
            "amounts": bool(of_loans and of_loans.amounts),
            "centre": [f"{centre[0]:.6f}", f"{centre[1]:.6f}"] if centre else None,
            "elsewhere_metres": settings.elsewhere_metres(),
        },
        "questions": _questions(own) if own.of != "loan" else [],
        "answers": dict(inspection.answers),
        "household_questions": _questions(of_loans) if of_loans else [],
        "results": [{"code": code, "words": str(words)} for code, words in Visit.Result.choices],
        "severities": [{"code": code, "words": str(words)} for code, words in Severity.choices],
        "owners": [{"id": one.pk, "name": one.full_name} for one in owners_for(inspection, on)],
        "borrowers": _borrowers(inspection, on),
        "findings": [
            {"loan": row.loan_id or 0, "item": row.item, "words": row.words}
            for row in Finding.objects.filter(inspection=inspection).order_by("pk")
        ],
    }


def _people(inspection: Inspection) -> list[dict[str, object]]:
    members = inspection.members.select_related("person").order_by("pk")
    found = [{"id": inspection.lead_id, "name": inspection.lead.full_name, "role": "lead"}]
    return found + [
        {"id": one.person_id, "name": one.person.full_name, "role": "member"} for one in members
    ]


def _questions(checklist: Checklist) -> list[dict[str, str]]:
    return [
        {"code": one.code, "vi": one.vi, "en": one.en, "bad": one.bad, "severity": one.severity}
        for one in checklist.items
    ]


def _borrowers(inspection: Inspection, on: date) -> list[dict[str, object]]:
    rows = borrowers_of(inspection, on)
    loans = Loan.objects.select_related("application").in_bulk([one.line.loan for one in rows])
    drawn = sampled_loans(inspection)
    found: list[dict[str, object]] = []
    for one in rows:
        line, loan = one.line, loans[one.line.loan]
        new = loan.disbursed_on.year == on.year
        found.append(
            {
                "loan": line.loan,
                "number": line.number,
                "name": line.name,
                "programme": line.programme,
                "balance": line.balance,
                "interest_due": line.interest_due,
                "savings": line.savings,
                "overdue": line.overdue,
                "principal": loan.principal,
                "disbursed_on": loan.disbursed_on.isoformat(),
                "by_day": inspected_by(loan.disbursed_on).isoformat() if new else "",
                "purpose": (loan.application.purpose if loan.application else "") or "",
                "sampled": line.loan in drawn,
                "result": one.visit.result if one.visit else "",
            }
        )
    return found


def sampled_loans(inspection: Inspection) -> frozenset[int]:
    """Loans that a sample of the programme drew."""
    if inspection.planned is None:
        return frozenset()
    rows = DrawnSample.objects.filter(programme=inspection.planned.programme_id)
    return frozenset(
        int(loan) for lines in rows.values_list("lines", flat=True) for loan, _ in lines
    )
