"""Dossiers: opened, worked on, handed to another officer, closed with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core import clock, trail
from tdcs.households.models import Household
from tdcs.loans.models import Loan
from tdcs.problem_loans.errors import (
    DossierClosed,
    DossierField,
    DossierOpen,
    NothingOwed,
    OutsideScope,
)
from tdcs.problem_loans.models import DossierContact, PaymentPromise, ProblemDossier
from tdcs.problem_loans.queries.dossiers import officers_of

_WORDS: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierDraft:
    """What a dossier begins with."""

    household: Household
    cause: str
    situation: str
    responsible: User
    next_step: str
    next_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactDraft:
    """What came of a contact; place in millionths of a degree; a promise when one was made; the next step."""

    way: str
    met: str
    words: str
    next_step: str
    next_on: date | None
    latitude: int | None = None
    longitude: int | None = None
    promised: int = 0
    promised_on: date | None = None


def open_dossier(*, draft: DossierDraft, by: User, on: date) -> ProblemDossier:
    """A household in difficulty is followed. Raises OutsideScope, DossierField, NothingOwed, DossierOpen."""
    loans = Loan.objects.filter(household=draft.household, balance__gt=0)
    loan = loans.order_by("-balance", "pk").first()
    if loan is None:
        raise NothingOwed
    _require_office(by, loan.office_id, on)
    if draft.cause not in ProblemDossier.Cause.values:
        raise DossierField(field="nguyên nhân", why="không có trong danh mục")
    step = _step(draft.next_step, draft.next_on, on)
    _require_officer(draft.responsible, loan.office_id, on)
    with transaction.atomic():
        Household.objects.select_for_update().get(pk=draft.household.pk)
        there = ProblemDossier.objects.filter(household=draft.household, closed_on=None).first()
        if there is not None:
            raise DossierOpen(day=there.opened_on)
        made = ProblemDossier.objects.create(
            household=draft.household,
            group=loan.group,
            office_id=loan.office_id,
            cause=draft.cause,
            situation=_words(draft.situation, "hoàn cảnh"),
            responsible=draft.responsible,
            next_step=step[0],
            next_on=step[1],
            opened_on=on,
            opened_by=by,
        )
        trail.record(action="problem_loans.open", subject=made, by=by, on=on)
    return made


def record_contact(
    *, dossier: ProblemDossier, contact: ContactDraft, by: User, on: date
) -> DossierContact:
    """A contact with its promise; the next step takes the place of the one before.

    Raises OutsideScope, DossierClosed, DossierField.
    """
    if contact.way not in DossierContact.Way.values:
        raise DossierField(field="cách làm việc", why="không có trong danh mục")
    if (contact.latitude is None) != (contact.longitude is None):
        raise DossierField(field="vị trí", why="phải đủ vĩ độ và kinh độ")
    if bool(contact.promised) != (contact.promised_on is not None) or contact.promised < 0:
        raise DossierField(field="hẹn trả nợ", why="số tiền và hạn trả phải đi cùng nhau")
    if contact.promised_on is not None and contact.promised_on < on:
        raise DossierField(field="hẹn trả nợ", why="ngày hẹn đã qua")
    step = _step(contact.next_step, contact.next_on, on)
    with transaction.atomic():
        row = _locked(dossier, by, on)
        made = DossierContact.objects.create(
            dossier=row,
            on=on,
            by=by,
            way=contact.way,
            met=_words(contact.met, "người gặp")[:120],
            words=_words(contact.words, "kết quả"),
            latitude=contact.latitude,
            longitude=contact.longitude,
            recorded_at=clock.now(),
        )
        if contact.promised_on is not None:
            PaymentPromise.objects.create(
                dossier=row, made_on=on, due_on=contact.promised_on, amount=contact.promised, by=by
            )
        row.next_step, row.next_on = step
        row.save(update_fields=["next_step", "next_on"])
        trail.record(
            action="problem_loans.contact",
            subject=row,
            by=by,
            on=on,
            data={"way": made.way, "promised": contact.promised},
        )
    return made


def hand_dossier(*, dossier: ProblemDossier, to: User, why: str, by: User, on: date) -> None:
    """Another officer of the office is responsible. Raises OutsideScope, DossierClosed, DossierField."""
    why = _words(why, "lý do")
    with transaction.atomic():
        row = _locked(dossier, by, on)
        _require_officer(to, row.office_id, on)
        before, row.responsible = row.responsible_id, to
        row.save(update_fields=["responsible"])
        trail.record(
            action="problem_loans.hand",
            subject=row,
            by=by,
            on=on,
            why=why,
            data={"from": before, "to": to.pk},
        )


def close_dossier(*, dossier: ProblemDossier, why: str, by: User, on: date) -> None:
    """The household is well again, or its debts were handled. Raises OutsideScope, DossierClosed, DossierField."""
    why = _words(why, "lý do")[:300]
    with transaction.atomic():
        row = _locked(dossier, by, on)
        row.closed_on, row.closed_why = on, why
        row.save(update_fields=["closed_on", "closed_why"])
        trail.record(action="problem_loans.close", subject=row, by=by, on=on, why=why)


def _locked(dossier: ProblemDossier, by: User, on: date) -> ProblemDossier:
    row = ProblemDossier.objects.select_for_update().get(pk=dossier.pk)
    _require_office(by, row.office_id, on)
    if row.closed_on is not None:
        raise DossierClosed(day=row.closed_on)
    return row


def _require_office(by: User, office: int, on: date) -> None:
    seen = visible_organisations(by, on)
    if not by.may("problem_loans.work") or (seen is not None and office not in seen):
        raise OutsideScope


def _require_officer(person: User, office: int, on: date) -> None:
    if person not in officers_of(office, on):
        raise DossierField(field="người phụ trách", why="không phải cán bộ tín dụng của phòng")


def _words(given: str, field: str) -> str:
    words = given.strip()[:_WORDS]
    if not words:
        raise DossierField(field=field, why="chưa ghi")
    return words


def _step(words: str, day: date | None, on: date) -> tuple[str, date]:
    step = _words(words, "việc tiếp theo")[:300]
    if day is None:
        raise DossierField(field="ngày hẹn", why="chưa ghi")
    if day < on:
        raise DossierField(field="ngày hẹn", why="ngày hẹn đã qua")
    return step, day
