"""What this room keeps as evidence of work, for the plan: dossiers' contacts, rounds, warnings that were looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from tdcs.problem_loans.models import DossierContact, RiskRound, WarningNote


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One record: by which unit, on which day, called what, shown where; ``task`` is "" : it serves every task of its kind."""

    kind: str
    id: int
    unit: int
    day: date
    title: str
    address: str
    task: str = ""


def rows(since: date, until: date, units: frozenset[int] | None = None) -> list[EvidenceRow]:
    """The records of [since, until), of some units or (None) of all; no title names a person."""
    span = {"on__gte": since, "on__lt": until}
    contacts = DossierContact.objects.filter(**span).select_related("dossier")
    notes = WarningNote.objects.filter(**span, warning__office__isnull=False)
    rounds = RiskRound.objects.filter(submitted_on__gte=since, submitted_on__lt=until)
    if units is not None:
        contacts = contacts.filter(dossier__office__in=units)
        notes = notes.filter(warning__office__in=units)
        rounds = rounds.filter(office__in=units)
    found = [
        EvidenceRow(
            "problem_loan_contact", one.pk, one.dossier.office_id, one.on,
            _("Làm việc với hộ nợ có vấn đề"), reverse("problem_loans:dossier", args=[one.dossier_id]),
        )
        for one in contacts.order_by("on", "pk")
    ]  # fmt: skip
    found += [
        EvidenceRow(
            "warning_note", one.pk, one.warning.office_id or 0, one.on, _("Xem xét cảnh báo sớm"),
            reverse("problem_loans:warning", args=[one.warning_id]),
        )
        for one in notes.select_related("warning").order_by("on", "pk")
    ]  # fmt: skip
    for one in rounds.order_by("submitted_on", "pk"):
        title = _("Đợt %(number)s/%(year)s xử lý nợ bị rủi ro")
        words = title % {"number": one.number, "year": one.year}
        address = reverse("problem_loans:round", args=[one.pk])
        day = one.submitted_on or one.opened_on
        found.append(EvidenceRow("risk_round", one.pk, one.office_id, day, words, address))
    return found
