"""Warnings are raised from the closed days; people note what they found and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection, transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.columns import day_of_number
from tdcs.problem_loans.errors import NoClosedDay, NoteIncomplete, OutsideScope, WarningOver
from tdcs.problem_loans.models import EarlyWarning, WarningNote
from tdcs.problem_loans.queries.book import book_on
from tdcs.problem_loans.queries.scope import notes_for
from tdcs.problem_loans.rules.thresholds import law_hash
from tdcs.problem_loans.rules.warning import warnings_of
from tdcs.problem_loans.rules.words import FACTS

# Two runs at once wait for each other; the number means nothing.
_LOCK: Final = 7_160_016
_WRITTEN: Final = (
    "level",
    "facts",
    "strength",
    "last_on",
    "law_hash",
    "office",
    "commune",
    "group",
)
_PIECE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Raised:
    """What a run did: the day of the figures, warnings that are new, that go on, that are over."""

    day: date
    new: int
    still: int
    over: int


def raise_warnings(*, by: User | None, on: date) -> Raised:
    """Warn by the last closed day not after ``on``: new warnings begin, those that hold go on, others end. Again gives the same.

    Raises NoClosedDay, OutsideScope.
    """
    if by is not None and not by.may("warnings.raise"):
        raise OutsideScope
    book = book_on(on)
    if book is None:
        raise NoClosedDay
    day = day_of_number(book.day)
    found = {
        (row["kind"], _subject(row)): row for row in warnings_of(book, day).iter_rows(named=True)
    }
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = {
            (one.kind, one.subject): one
            for one in EarlyWarning.objects.filter(ended_on__isnull=True).select_for_update()
        }
        digest = law_hash(day)
        new: list[EarlyWarning] = []
        still: list[EarlyWarning] = []
        for key, row in found.items():
            one = known.get(key) or EarlyWarning(kind=key[0], subject=key[1], first_on=day)
            (still if one.pk else new).append(_written(one, row, day, digest))
        EarlyWarning.objects.bulk_create(new, batch_size=_PIECE)
        EarlyWarning.objects.bulk_update(still, _WRITTEN, batch_size=_PIECE)
        over = [one.pk for key, one in known.items() if key not in found and one.last_on <= day]
        EarlyWarning.objects.filter(pk__in=over).update(ended_on=day)
        done = Raised(day, len(new), len(still), len(over))
        trail.record(
            action="warnings.raise",
            subject="warnings",
            by=by,
            on=on,
            data={"day": day.isoformat(), "new": done.new, "still": done.still, "over": done.over},
        )
    return done


def _subject(row: Mapping[str, Any]) -> str:
    key = f"{row['place']}:{row[row['place']]}"
    return f"{key}:{row['programme']}" if row["programme"] else key


def _written(one: EarlyWarning, row: Mapping[str, Any], day: date, digest: str) -> EarlyWarning:
    one.place, one.programme, one.level = row["place"], row["programme"], row["level"]
    for name in ("household", "group", "commune", "office"):
        setattr(one, f"{name}_id", row[name] or None)
    one.facts = {name: row[name] for name in FACTS}
    one.strength, one.law_hash = row["strength"], digest
    one.last_on = max(day, one.first_on)
    return one


def note(
    *,
    warning: EarlyWarning,
    words: str,
    next_step: str = "",
    next_on: date | None = None,
    by: User,
    on: date,
) -> WarningNote:
    """What was found out, and what is done next by when. Raises OutsideScope, WarningOver, NoteIncomplete."""
    words, next_step = words.strip()[:500], next_step.strip()[:300]
    if not notes_for(by, warning):
        raise OutsideScope
    if not words:
        raise NoteIncomplete(why="chưa ghi kết quả xem xét")
    if bool(next_step) != (next_on is not None):
        raise NoteIncomplete(why="việc tiếp theo và ngày hẹn phải đi cùng nhau")
    if next_on is not None and next_on < on:
        raise NoteIncomplete(why="ngày hẹn đã qua")
    with transaction.atomic():
        kept = EarlyWarning.objects.select_for_update().get(pk=warning.pk)
        if kept.ended_on is not None:
            raise WarningOver(day=kept.ended_on)
        made = WarningNote.objects.create(
            warning=kept,
            on=on,
            by=by,
            words=words,
            next_step=next_step,
            next_on=next_on,
            recorded_at=clock.now(),
        )
        kept.noted_on, kept.next_on = on, next_on
        kept.save(update_fields=["noted_on", "next_on"])
        trail.record(action="warnings.note", subject=kept, by=by, on=on, data={"kind": kept.kind})
    return made
