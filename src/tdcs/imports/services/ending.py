"""An import taken, dropped or undone as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.imports import ports
from tdcs.imports.errors import (
    FilesNotReady,
    LaterImportStands,
    NothingToCommit,
    WhyMissing,
)
from tdcs.imports.models import Extract, ExtractImport
from tdcs.imports.queries.imports import taken_of
from tdcs.imports.rules.monitoring import KIND
from tdcs.imports.services.listing import take_list, take_list_back
from tdcs.imports.services.monitoring import begin, book_extract, unbook
from tdcs.imports.services.moving import locked, moved
from tdcs.imports.states import HARMLESS, TAKEN, FileState, ImportState
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent


def commit(
    *,
    imported: ExtractImport,
    leave_out: bool = False,
    monitor: bool = False,
    by: User | None,
    on: date,
    key: str,
) -> dict[str, int]:
    """The extracts of an import count from now on: taken, and replaced (of the same office and day).

    Those of a monitored office become contracts and events of its book, and the snapshots of their days are made.
    ``monitor``: their offices are monitored from now on. ``leave_out``: the person said that the files which cannot be taken
    are left out. Raises ImportEnded, FilesNotReady, NothingToCommit, OfficeKeepsBook.
    """
    days: set[date] = set()

    def work(operation: Operation) -> dict[str, int]:
        row = locked(imported, ImportState.OPEN)
        failed = list(row.files.exclude(state__in=HARMLESS).values_list("name", flat=True))
        if failed and not leave_out:
            names = ", ".join(failed[:5]) + (" …" if len(failed) > 5 else "")
            raise FilesNotReady(count=len(failed), names=names)
        taken = taken_of(row)
        if not taken and not row.files.filter(state=FileState.SAME).exists():
            raise NothingToCommit
        replaced = sum(map(_take, taken))
        booked = list(_follow(taken, monitor, operation, by))
        lists = [take_list(one, by=by) for one in taken]
        days.update(booked)
        moved(row, "commit", by)
        found = {"taken": len(taken), "replaced": replaced, "left_out": len(failed)}
        if any(lists):
            found |= {name: sum(one.get(name, 0) for one in lists) for name in ("begun", "ended")}
        if booked:
            found["booked"] = len(booked)
        trail.record(action="imports.commit", subject=row, by=by, on=on, data=found)
        return found

    asked = {"import": imported.pk, "leave_out": leave_out, "monitor": monitor}
    done = idempotent(key=key, action="imports.commit", request=asked, by=by, on=on, work=work)
    if days:
        ports.days_reported(sorted(days), [])
    return done


def _follow(
    taken: Sequence[Extract], monitor: bool, operation: Operation, by: User | None
) -> Iterator[date]:
    """The days of which something was booked, oldest first."""
    for one in sorted(taken, key=lambda extract: (extract.day, extract.office_code)):
        if monitor and one.kind == KIND and one.office is not None:
            begin(office=one.office, since=one.day)
        day = book_extract(one, operation=operation, by=by)
        if day is not None:
            yield day


def _take(extract: Extract) -> bool:
    """The extract counts in place of the one that did; whether there was one."""
    before = (
        Extract.objects.select_for_update()
        .filter(
            kind=extract.kind,
            office_code=extract.office_code,
            day=extract.day,
            current=True,
        )
        .first()
    )
    if before is not None:
        before.current = False
        before.save(update_fields=["current"])
    extract.current, extract.replaces = True, before
    extract.save(update_fields=["current", "replaces"])
    return before is not None


def undo(
    *, imported: ExtractImport, why: str, by: User | None, on: date, key: str
) -> dict[str, int]:
    """What the import replaced counts again, the rest counts no more; so do its events in monitored books.

    Raises WhyMissing, ImportEnded, LaterImportStands, LaterExtractRests.
    """
    days: set[date] = set()
    reason = squash(why)[:300]
    if not reason:
        raise WhyMissing

    def work(operation: Operation) -> dict[str, int]:
        row = moved(imported, "undo", by, reason)
        extracts = Extract.objects.select_for_update().filter(file__imported=row)
        taken = extracts.filter(file__state__in=TAKEN)
        if later := taken.filter(replaced_by__current=True).first():
            over = later.replaced_by.get(current=True)
            raise LaterImportStands(number=over.file.imported_id)
        restored = [one.replaces_id for one in taken if one.current and one.replaces_id]
        found = {"undone": taken.filter(current=True).update(current=False)}
        found["restored"] = Extract.objects.filter(pk__in=restored).update(current=True)
        days.update(_back(list(taken), operation, by))
        trail.record(action="imports.undo", subject=row, by=by, on=on, why=reason, data=found)
        return found

    asked = {"import": imported.pk, "why": reason}
    done = idempotent(key=key, action="imports.undo", request=asked, by=by, on=on, work=work)
    if days:
        still = Extract.objects.filter(day__in=days, operation__isnull=False)
        ports.days_reported(sorted(days), sorted(days - set(still.values_list("day", flat=True))))
    return done


def _back(taken: Sequence[Extract], operation: Operation, by: User | None) -> Iterator[date]:
    """The days whose events were taken back, latest first; what was replaced is booked again."""
    for one in sorted(taken, key=lambda extract: extract.day, reverse=True):
        take_list_back(one, by=by)
        if one.replaces is not None:
            one.replaces.refresh_from_db()
            take_list(one.replaces, by=by)
        day = unbook(one, operation=operation, by=by)
        if day is not None:
            yield day
            if one.replaces is not None:
                one.replaces.refresh_from_db()
                book_extract(one.replaces, operation=operation, by=by)


def drop(*, imported: ExtractImport, by: User | None, on: date) -> ExtractImport:
    """An open import is left; its files stay in the list with what was wrong. Raises ImportEnded."""
    with transaction.atomic():
        row = moved(imported, "drop", by)
        trail.record(action="imports.drop", subject=row, by=by, on=on)
    return row
