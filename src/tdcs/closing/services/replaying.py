"""Everything from nothing: rows of kept days folded from all events, compared with the store to the dong, or written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

import narwhals as nw
import polars as pl
from django.db import connection, transaction

from tdcs.access.models import User
from tdcs.closing.errors import SnapshotDamaged, SnapshotMissing
from tdcs.closing.errors_days import DayToCome
from tdcs.closing.manifest import Manifest
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store as installed
from tdcs.closing.queries.frames import contracts_of_span, events_of_span, reported_rows
from tdcs.closing.rules.history import rows_from_events
from tdcs.closing.rules.rows import ROW
from tdcs.closing.services.close_step import Report, require_accepted, with_reported, write
from tdcs.closing.services.closing import first_event
from tdcs.closing.services.locking import book_key, close_lock, event_watermark
from tdcs.closing.store import Store
from tdcs.core import clock, trail
from tdcs.core.columns import day_number
from tdcs.core.frames import Frame
from tdcs.core.months import is_month_end
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.decrees import Decrees

# So many loans are folded at once: a province in a dozen pieces, each well inside the memory of a small machine.
SPAN: Final = 25_000
_NAMED: Final = 20


# A value of a kept row.
Kept: TypeAlias = int | str | bool | None


@dataclass
class Replayed:
    """One day folded from all events: how many rows, and where the store says something else (``loans``, or ``damaged``).

    ``named``: the first of the differing (loan, column, kept, replayed); "row" when only one of the two has the loan.
    """

    day: date
    rows: int = 0
    loans: int = 0
    named: list[tuple[int, str, Kept, Kept]] = field(default_factory=list)
    damaged: str = ""


def replay(
    *, to: date, every: str = "month-end", step: Report | None = None, through: Sequence[date] = ()
) -> Iterator[Replayed]:
    """Each kept day up to ``to`` (``every``: "month-end", which counts the last kept day in, or "day") compared.

    ``through`` names the days instead. Raises SnapshotMissing when nothing is kept up to the day.
    """
    tell = step or (lambda words: None)
    kept = installed()
    days = list(through) or days_of(kept, to, every)
    if not days:
        raise SnapshotMissing(day=to)
    seen = CloseRun.objects.order_by("-seen_event").values_list("seen_event", flat=True).first()
    laws = {run.day: run.law for run in CloseRun.objects.filter(day__in=days)}
    pieces = _Pieces(days[-1], seen or event_watermark(), tell, laws)
    for day in days:
        found = Replayed(day)
        for number, (first, last, rows) in enumerate(pieces.of(day), 1):
            tell(f"{day}: {number}/{pieces.count}")
            try:
                there = _kept(kept, day, first, last)
            except (SnapshotDamaged, SnapshotMissing) as why:
                found.damaged = why.sentence()
                break
            _compare(found, there, rows)
        yield found


def days_of(kept: Store, to: date, every: str) -> list[date]:
    """The kept days that a replay compares."""
    days = [day for day in kept.days() if day <= to]
    if every == "day":
        return days
    return [day for day in days if is_month_end(day) or day == days[-1]]


def rebuild(*, days: Sequence[date], by: User | None, step: Report | None = None) -> list[Manifest]:
    """Writes days from all events, in place of what the store holds of them, with their runs; nothing is posted.

    The closes go on from the last of them. Days that stand between and are kept are not touched.
    Raises CloseBusy, DayToCome, NothingToClose, HistoryRefused, and what the store refuses.
    """
    tell = step or (lambda words: None)
    wanted = sorted(set(days))
    if wanted[-1] > clock.today():
        raise DayToCome(day=wanted[-1], today=clock.today())
    first_event()
    with close_lock():
        book = book_key()
        kept = installed()
        seen = event_watermark()
        pieces = _Pieces(wanted[-1], seen, tell, {})
        made: dict[date, tuple[Manifest, datetime, int]] = {}
        for day in wanted:
            begun = clock.now()
            parts = [rows.to_native() for _, _, rows in pieces.of(day)]
            frame = nw.from_native(pl.concat(parts).sort("loan"), eager_only=True)
            eve = day - timedelta(days=1)
            previous = made[eve][0].digest if eve in made else _digest(eve)
            manifest = write(kept, day, frame, previous=previous, book=book, tell=tell)
            made[day] = (manifest, begun, pieces.events_on(day))
        with transaction.atomic():
            for manifest, begun, events in made.values():
                _keep_run(manifest, by, seen, begun, events)
            trail.record(
                action="closing.rebuild",
                subject=f"{wanted[-1]}",
                by=by,
                on=clock.today(),
                data={"days": [day.isoformat() for day in wanted], "digest": manifest.digest},
            )
    return [manifest for manifest, *_ in made.values()]


def kept_from(day: date) -> list[date]:
    """The kept days from ``day`` on."""
    return [one for one in installed().days() if one >= day]


def _digest(day: date) -> str:
    """The digest of a day's close; none when the book was not closed on it."""
    runs = CloseRun.objects.filter(day=day, state=CloseRun.State.DONE)
    return runs.values_list("digest", flat=True).first() or ""


def _keep_run(made: Manifest, by: User | None, seen: int, begun: datetime, events: int) -> None:
    CloseRun.objects.update_or_create(
        day=made.day,
        defaults={
            "state": CloseRun.State.DONE,
            "by": by,
            "started_at": begun,
            "finished_at": clock.now(),
            "rows": made.rows,
            "events": events,
            "totals": made.totals,
            "digest": made.digest,
            "previous": made.previous,
            "law_hash": made.law_hash,
            "decrees": decrees_taken_up().as_json(),
            "seen_event": seen,
            "before": {},
            "notes": ["Dựng lại từ toàn bộ diễn biến."],
        },
    )


class _Pieces:
    """All loans in spans of their keys, with the events of each read once."""

    def __init__(self, last: date, seen: int, tell: Report, laws: Mapping[date, Decrees]) -> None:
        """``laws``: the decrees under which a day was closed; the book's of now where a day has none."""
        self._laws, self._law_now = laws, decrees_taken_up()
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM loans_loan")
            low, high = cursor.fetchone()
        self.spans = [(one, min(one + SPAN - 1, high)) for one in range(low, high + 1, SPAN)]
        self.count = len(self.spans)
        self._events: list[Frame] = []
        for number, (first, until) in enumerate(self.spans, 1):
            tell(f"đọc diễn biến {number}/{self.count}")
            self._events.append(events_of_span(first, until, last, seen))

    def of(self, day: date) -> Iterator[tuple[int, int, Frame]]:
        """The first and last loan of each span, and its rows on the day."""
        number, month = day_number(day), day_number(day.replace(day=1))
        reported = reported_rows(day)
        for (first, last), events in zip(self.spans, self._events, strict=True):
            contracts = contracts_of_span(first, last, day)
            there = events.filter(nw.col("day") <= number)
            rows, refused = rows_from_events(
                contracts, there, number, month, decrees=self._laws.get(day, self._law_now)
            )
            require_accepted(refused, day)
            theirs = reported.filter(nw.col("loan").is_between(first, last))
            yield first, last, with_reported(rows, theirs)

    def events_on(self, day: date) -> int:
        """How many events the day has."""
        number = day_number(day)
        return sum(len(events.filter(nw.col("day") == number)) for events in self._events)


def _kept(kept: Store, day: date, first: int, last: int) -> pl.DataFrame:
    return kept.read(day).filter(pl.col("loan").is_between(first, last)).collect().sort("loan")


def _compare(found: Replayed, kept: pl.DataFrame, rows: Frame) -> None:
    folded: pl.DataFrame = rows.to_native().select(ROW).cast(dict(kept.select(ROW).schema))
    found.rows += len(folded)
    if kept.select(ROW).equals(folded):
        return
    both = kept.join(folded, on="loan", how="full", suffix="_folded")
    marks = [
        pl.col(name).ne_missing(pl.col(f"{name}_folded")).alias(f"{name}_differs") for name in ROW
    ]
    marked = both.with_columns(marks)
    wrong = marked.filter(pl.any_horizontal(pl.selectors.ends_with("_differs")))
    found.loans += len(wrong)
    for row in wrong.head(_NAMED).iter_rows(named=True):
        if row["loan_differs"]:
            there = row["loan_folded"] is None
            loan = row["loan"] if there else row["loan_folded"]
            _name(found, loan, "row", "có" if there else None, None if there else "có")
            continue
        for name in ROW:
            if row[f"{name}_differs"]:
                _name(found, row["loan"], name, row[name], row[f"{name}_folded"])


def _name(found: Replayed, loan: int, column: str, kept: Kept, folded: Kept) -> None:
    if len(found.named) < _NAMED:
        found.named.append((loan, column, kept, folded))
