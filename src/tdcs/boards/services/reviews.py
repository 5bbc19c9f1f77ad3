"""Conclusion sheets after sessions, and units' yearly self-reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import may_see
from tdcs.boards.errors import (
    MeetingIncomplete,
    NotOwnBoard,
    ReviewChanged,
    ReviewIncomplete,
    ReviewIssued,
    SessionNotHeld,
    SheetThere,
)
from tdcs.boards.models import ConclusionSheet, SelfReview
from tdcs.boards.queries.figures import papers_of
from tdcs.boards.queries.members import head_of
from tdcs.boards.queries.reviews import prefilled
from tdcs.boards.queries.sheets import committee_of, commune_of, next_month
from tdcs.boards.states import ReviewState
from tdcs.core import trail
from tdcs.core.text import nfc, squash
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.states import HELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The unit's own words of a self-review."""

    results: str
    findings: str
    followed: str
    causes: str
    measures: str


def draw_sheet(
    *, session: TransactionSession, present: str, conclusions: str, by: User, on: date
) -> ConclusionSheet:
    """The conclusion sheet of the review after a session, with the figures of its commune as they stand.

    Raises SessionNotHeld, SheetThere, MeetingIncomplete, NotOwnBoard.
    """
    if not may_see(by, session.office_id):
        raise NotOwnBoard(unit=names_on(on, {session.office_id})[session.office_id])
    missing = [
        words
        for value, words in ((present, "thành phần"), (conclusions, "kết luận"))
        if not value.strip()
    ]
    if missing:
        raise MeetingIncomplete(what=", ".join(missing))
    with transaction.atomic():
        row = TransactionSession.objects.select_for_update().get(pk=session.pk)
        if row.state not in HELD or row.held_on > on:
            raise SessionNotHeld(day=row.held_on)
        if ConclusionSheet.objects.filter(session=row).exists():
            raise SheetThere
        commune = commune_of(row)
        figures = papers_of({"commune": frozenset({commune})}, on)
        made = ConclusionSheet.objects.create(
            session=row,
            organisation_id=committee_of(commune, on) or row.office_id,
            on=row.held_on,
            present=squash(present)[:500],
            figures={**figures, "next_month": next_month(row)},
            conclusions=nfc(conclusions.strip()),
            made_by=by,
        )
        trail.record(action="boards.draw_sheet", subject=made, by=by, on=on)
    return made


def open_review(*, organisation: Organisation, year: int, by: User | None, on: date) -> SelfReview:
    """The self-review of a unit and year, prefilled; the one that is there when it was opened before. Raises NotOwnBoard."""
    if by is not None and not may_see(by, organisation):
        raise NotOwnBoard(unit=names_on(on, {organisation.pk})[organisation.pk])
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        there = SelfReview.objects.filter(organisation=organisation, year=year).first()
        if there is not None:
            return there
        head = head_of(organisation.pk, on)
        made = SelfReview.objects.create(
            organisation=organisation,
            year=year,
            head_name=head.full_name if head else "",
            head_title=head.title if head else "",
            made_by=by,
            **prefilled(organisation, year, on),
        )
        trail.record(action="boards.save_review", subject=made, by=by, on=on)
    return made


def save_review(
    *, review: SelfReview, words: Words, revision: int, by: User | None, on: date
) -> SelfReview:
    """The unit's own words. Raises ReviewIssued, ReviewChanged, NotOwnBoard."""
    with transaction.atomic():
        row = _locked(review, by, on)
        if row.revision != revision:
            raise ReviewChanged
        row.results, row.findings = nfc(words.results.strip()), nfc(words.findings.strip())
        row.followed, row.causes = nfc(words.followed.strip()), nfc(words.causes.strip())
        row.measures = nfc(words.measures.strip())
        row.revision += 1
        row.save()
        trail.record(action="boards.save_review", subject=row, by=by, on=on)
    return row


def issue_review(*, review: SelfReview, number: str, by: User | None, on: date) -> SelfReview:
    """The review stands. Raises ReviewIncomplete without causes, measures, head or number."""
    with transaction.atomic():
        row = _locked(review, by, on)
        head = head_of(row.organisation_id, on)
        needed = (
            (row.causes, "nguyên nhân, trách nhiệm"),
            (row.measures, "giải pháp, cam kết"),
            (squash(number), "số, ký hiệu"),
            (head, "người đứng đầu"),
        )
        missing = [words for value, words in needed if not value]
        if missing or head is None:
            raise ReviewIncomplete(what=", ".join(missing))
        row.state, row.issued_on, row.number = ReviewState.ISSUED, on, squash(number)[:60]
        row.head_name, row.head_title = head.full_name, head.title
        row.revision += 1
        row.save()
        trail.record(action="boards.issue_review", subject=row, by=by, on=on)
    return row


def _locked(review: SelfReview, by: User | None, on: date) -> SelfReview:
    row = (
        SelfReview.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=review.pk)
    )
    if by is not None and not may_see(by, row.organisation):
        raise NotOwnBoard(unit=names_on(on, {row.organisation_id})[row.organisation_id])
    if row.state == ReviewState.ISSUED:
        raise ReviewIssued(year=row.year, day=row.issued_on)
    return row
