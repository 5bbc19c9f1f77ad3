"""A case of a log is decided by a person: booked again, or dismissed with what was done instead."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.transaction_points.errors import CaseDecided, MoveReasonMissing, PointOutOfScope
from tdcs.transaction_points.models import LogLine
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.services import booking
from tdcs.transaction_points.states import LogState

_DECIDED = ("state", "resolved_by", "resolved_words", "resolved_on")


def post_case(*, line: LogLine, words: str, by: User, on: date) -> LogLine:
    """What is left of the line is booked after all, by the rules of the counter alone: a person looked at the conflict.

    Raises MoveReasonMissing, PointOutOfScope, CaseDecided, and what still refuses it; then nothing was booked.
    """
    with transaction.atomic():
        row = _waiting(line, words, by, on)
        problem = row.problem
        booking.post_again(row, on)
        _decide(row, LogState.POSTED, words, by, on)
        row.save(update_fields=["entry", "problem", "problem_words", "left", "tries", *_DECIDED])
        trail.record(
            action="points.post_case",
            subject=row,
            by=by,
            on=on,
            why=row.resolved_words,
            data={"problem": problem, "seq": row.seq, "entry": row.entry_id},
        )
    days = (row.session.held_on, booking.day_to_book(row.session, on))
    booking.note_late(session=row.session, days=days, entries=1, by=by, on=on)
    return row


def resolve_case(*, line: LogLine, words: str, by: User, on: date) -> LogLine:
    """It is not booked from the log: a person says what was done instead.

    Raises MoveReasonMissing, PointOutOfScope, CaseDecided.
    """
    with transaction.atomic():
        row = _waiting(line, words, by, on)
        _decide(row, LogState.RESOLVED, words, by, on)
        row.save(update_fields=_DECIDED)
        trail.record(
            action="points.resolve_case",
            subject=row,
            by=by,
            on=on,
            why=row.resolved_words,
            data={"problem": row.problem, "seq": row.seq},
        )
    return row


def _waiting(line: LogLine, words: str, by: User, on: date) -> LogLine:
    if not words.strip():
        raise MoveReasonMissing
    rows = LogLine.objects.select_for_update(of=("self",))
    row = rows.select_related("session__point", "pack", "device", "by").get(pk=line.pk)
    if not by.may("points.plan") or not plans_for(by, row.session.office_id, on):
        raise PointOutOfScope(point=row.session.point.code)
    if row.state != LogState.CASE:
        raise CaseDecided
    return row


def _decide(row: LogLine, state: LogState, words: str, by: User, on: date) -> None:
    row.state, row.resolved_by, row.resolved_on = state, by, on
    row.resolved_words = squash(words)[:300]
