"""Days that extracts of the bank's core report: their rows are written beside those of the books of record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import narwhals as nw

from tdcs.closing import ports
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store as installed
from tdcs.closing.queries.frames import loans_reported, reported_rows
from tdcs.closing.rules.rows import ROW, empty
from tdcs.closing.services.close_step import with_reported, write
from tdcs.closing.services.locking import book_key, close_lock
from tdcs.core.frames import Frame


def write_reported_days(days: Sequence[date], ended: Sequence[date] = ()) -> list[date]:
    """Make the snapshots of days anew from what extracts say; those written. Done again, it writes the same.

    Later kept days stand on them and are made anew as well. ``ended``: days of which no extract stands any more; a day
    without loans of record that is one of them goes. Raises CloseBusy, and what the store refuses.
    """
    written: list[date] = []
    if not days:
        return written
    with close_lock():
        book = book_key()
        kept = installed()
        there = set(kept.days())
        digests: dict[date, str] = {}
        # What moved on a day stands on every later one as well.
        later = {day for day in there if day >= min(days)}
        for day in sorted({*days, *later}):
            rows = reported_rows(day)
            own = _own(day) if day in there else empty(ROW)
            if not len(own) and (day in ended or not len(rows)):
                kept.remove(day)
                continue
            previous = kept.manifest(day).previous if day in there else ""
            if previous:
                previous = digests.get(day - timedelta(days=1), previous)
            whole = with_reported(own, rows)
            made = write(kept, day, whole, previous=previous, book=book, tell=lambda words: None)
            digests[day] = made.digest
            CloseRun.objects.filter(day=day).update(digest=made.digest, previous=previous)
            written.append(day)
    ports.days_closed(written)
    return written


def _own(day: date) -> Frame:
    """Rows of the day's snapshot that books of record gave."""
    rows = nw.from_native(installed().read(day).collect(), eager_only=True)
    return rows.filter(~nw.col("loan").is_in(loans_reported(day)))
