"""The close of a day, from its order to its last entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Max, Min

from tdcs.access.models import User
from tdcs.closing import ports
from tdcs.closing.errors_days import (
    BeforeFirstEvent,
    BranchOnly,
    DaysMissing,
    DayToCome,
    NothingToClose,
)
from tdcs.closing.models import CloseRun
from tdcs.closing.moved import Moved, Summed
from tdcs.closing.queries import store as installed
from tdcs.closing.queries.frames import OF_RECORD
from tdcs.closing.queries.runs import may_close
from tdcs.closing.services import close_postings, decrees, month_end, reclose
from tdcs.closing.services.close_step import CloseContext, Made, Report, Times, step
from tdcs.closing.services.locking import book_key, close_lock, event_watermark
from tdcs.closing.store import Store
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.core.months import is_month_end
from tdcs.loans.models import Loan
from tdcs.programmes.queries import decrees_taken_up

# How many days stay in a sentence about a gap.
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """How a close ended. ``again``: the day was closed before and has the same bytes still; ``days``: those closed again
    because of ``late`` events; ``moved``: what these moved, day by day."""

    day: date
    digest: str
    rows: int
    events: int
    seconds: dict[str, float]
    totals: dict[str, int]
    again: bool = False
    late: int = 0
    days: list[date] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    entries: list[Summed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    locked_through: date | None = None


def close_day(
    *, day: date, by: User | None, step: Report | None = None, lock: bool = False
) -> Answer:
    """Close ``day``; days before it that late events touch are closed again first.

    Done before: made once more, the same bytes; the answer says so. Killed: the next call finishes. ``lock``: the books
    are locked through the day itself, not only its eve. What is read of closed days is made anew before it returns.
    Raises BranchOnly, CloseBusy, DayToCome, NothingToClose, BeforeFirstEvent, DaysMissing, and what the step and the
    store refuse; what was closed before stays as it was.
    """
    tell = step or (lambda words: None)
    if by is not None and not may_close(by):
        raise BranchOnly
    with close_lock():
        book = book_key()
        kept = installed()
        _require_order(kept, day)
        # A decree confirmed and not carried out to its end: the day would stand on rows of two laws.
        carried = decrees.finish_confirmed(by=by, on=clock.today(), step=tell)
        run = _begin(day, by)
        try:
            answer = _Close(kept, run, by, tell, lock, book).whole()
        except Exception as why:
            code = why.code if isinstance(why, Refusal) else type(why).__name__
            unfinished = CloseRun.objects.filter(pk=run.pk).exclude(state=CloseRun.State.DONE)
            unfinished.update(state=CloseRun.State.FAILED, refusal=code[:60])
            raise
    closed = {day, *answer.days, *(one for decree in carried for one in decree.days)}
    after = Times()
    with after.of("prepare"):
        ports.days_closed(sorted(closed))
    answer.seconds.update(after.seconds)
    return answer


def missing_days(kept: Store, day: date) -> list[date]:
    """The days before ``day`` that must be closed first. Raises NothingToClose, BeforeFirstEvent."""
    first = first_event()
    if day < first:
        raise BeforeFirstEvent(day=day, first=first)
    last = last_done(kept)
    begin = first if last is None else last + timedelta(days=1)
    return [begin + timedelta(days=n) for n in range((day - begin).days)]


def first_event() -> date:
    """The day of the book's first event. Raises NothingToClose."""
    with connection.cursor() as cursor:
        # Days of books of record are closed; those of extracts are written as they come (services/reported.py).
        cursor.execute(f"""SELECT least((SELECT min("on") FROM loans_loanevent e WHERE {OF_RECORD}),
                                        (SELECT min(record_from) FROM loans_loan))""")  # noqa: S608
        found: date | None = cursor.fetchone()[0]
    if found is None:
        raise NothingToClose
    return found


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The day to close next, how many are open up to today, the last closed one."""

    day: date | None
    waiting: int
    last: date | None


def next_day() -> Upcoming:
    """What the button closes; no day when all are closed or nothing ever happened."""
    last = last_done(installed())
    try:
        day = first_event() if last is None else last + timedelta(days=1)
    except NothingToClose:
        return Upcoming(None, 0, None)
    today = clock.today()
    return Upcoming(day if day <= today else None, max((today - day).days + 1, 0), last)


def last_done(kept: Store) -> date | None:
    """The last day whose close was finished; while no run is known, the store's last.

    Where the first book of record began on an extract, what is kept before its first close is of extracts alone.
    """
    runs = CloseRun.objects.filter(state=CloseRun.State.DONE)
    found: date | None = runs.aggregate(last=Max("day"))["last"]
    if found is None and _began_on_extract():
        return None
    return found or kept.latest()


def _began_on_extract() -> bool:
    begun = Loan.objects.aggregate(first=Min("record_from"))["first"]
    return begun is not None and first_event() == begun


def last_kept() -> date | None:
    """The last day that is closed or of which a snapshot is kept."""
    runs = CloseRun.objects.aggregate(last=Max("day"))["last"]
    return max(filter(None, (runs, installed().latest())), default=None)


def _require_order(kept: Store, day: date) -> None:
    today = clock.today()
    if day > today:
        raise DayToCome(day=day, today=today)
    missing = missing_days(kept, day)
    if missing:
        shown = ", ".join(f"{one:%d/%m/%Y}" for one in missing[:_NAMED])
        more = " …" if len(missing) > _NAMED else ""
        raise DaysMissing(day=day, count=len(missing), words=shown + more, days=missing)


def _begin(day: date, by: User | None) -> CloseRun:
    run, new = CloseRun.objects.get_or_create(
        day=day,
        defaults={"state": CloseRun.State.RUNNING, "by": by, "started_at": clock.now()},
    )
    if not new and run.state != CloseRun.State.DONE:
        run.state, run.by, run.started_at = CloseRun.State.RUNNING, by, clock.now()
        run.refusal, run.notes, run.finished_at = "", [], None
        run.save()
    return run


class _Close:
    """One close while it runs."""

    def __init__(
        self, kept: Store, run: CloseRun, by: User | None, tell: Report, lock: bool, book: str
    ) -> None:
        self.store, self.run, self.by, self.tell, self.lock, self.book = (
            kept, run, by, tell, lock, book,
        )  # fmt: skip
        self.times, self.notes = Times(), list[str]()
        self.day: date = run.day
        self.was_done = run.state == CloseRun.State.DONE
        self.digest = run.digest

    @property
    def context(self) -> CloseContext:
        """What the steps work with, once the watermark is known."""
        return CloseContext(self.store, self.book, self.seen, self.times, self.tell)

    def whole(self) -> Answer:
        """Late events, the step, the entries, the run."""
        with self.times.of("wait"):
            self.seen = event_watermark()
        late, days = self._late()
        made = self._made(days)
        self._rate(days)
        entries = self._settle(days, made, late)
        self.tell(f"{self.day}: xong")
        # Counted from the last closed day: a book that catches up still needs its yesterdays.
        self.store.prune(today=self.store.latest() or self.day)
        moved = [
            row
            for runs in CloseRun.objects.filter(day__in=days).order_by("day")
            for row in runs.moved
        ]
        return Answer(
            day=self.day,
            digest=made.manifest.digest,
            rows=made.manifest.rows,
            events=made.events,
            seconds=self.times.seconds,
            totals=made.manifest.totals,
            again=self.was_done and made.manifest.digest == self.digest,
            late=late.events if late else 0,
            days=days,
            moved=moved,
            entries=entries,
            notes=self.notes,
            locked_through=self.run.locked_through,
        )

    def _late(self) -> tuple[reclose.Late | None, list[date]]:
        """Events about closed days that no close has seen, and the days closed again because of them."""
        done = CloseRun.objects.filter(state=CloseRun.State.DONE)
        stands = done.aggregate(seen=Max("seen_event"), last=Max("day"))
        if not stands["seen"] or stands["last"] is None:
            return None, []
        with self.times.of("late"):
            late = reclose.late_events(stands["seen"], self.seen, stands["last"])
        if late is None:
            return None, []
        days = reclose.reclose(self.context, late, stands["last"])
        return late, days

    def _made(self, days: list[date]) -> Made:
        if self.day in days:
            return Made(self.store.manifest(self.day), self.run.events)
        eve = self.day - timedelta(days=1)
        first = self.day == first_event()
        if self.was_done and not first and eve not in self.store.days():
            # Built from all events, or its eve was thinned since: there is nothing to step from.
            self.store.prove(self.day)
            return Made(self.store.manifest(self.day), self.run.events)
        previous = "" if first else self.store.manifest(eve).digest
        return step(self.context, self.day, previous=previous)

    def _rate(self, days: list[date]) -> None:
        """The groups' month, in a transaction of its own: it may be made again, and the books need not wait for it."""
        for day in sorted({*days, self.day}):
            if is_month_end(day) and (day in days or not self.was_done):
                with self.times.of("rate"):
                    self.tell(f"{day}: chấm điểm tổ")
                    month_end.rate_groups(day, self.notes)

    def _settle(self, days: list[date], made: Made, late: reclose.Late | None) -> list[Summed]:
        """Entries, books, the run and the trail, in one transaction: all or nothing."""
        with self.times.of("post"), transaction.atomic():
            self.tell(f"{self.day}: hạch toán")
            entries = self._post(days)
            if self.was_done and not late and not entries and made.manifest.digest == self.digest:
                return []
            self._write_run(made, entries)
            reclose.forget_before(days)
            trail.record(
                action="closing.close",
                subject=self.run,
                by=self.by,
                on=self.day,
                data={
                    "rows": made.manifest.rows,
                    "events": made.events,
                    "digest": made.manifest.digest,
                    "late": late.events if late else 0,
                    "again": [day.isoformat() for day in days],
                },
            )
        return entries

    def _post(self, days: list[date]) -> list[Summed]:
        thawed = close_postings.thaw_all(day=self.day, by=self.by)
        if thawed:
            self.notes.append(f"Hết thời gian khoanh nợ: {thawed} khoản vay.")
        entries: list[Summed] = []
        last = self.store.latest()
        if last == self.day:
            found = close_postings.interest_entries(self.store, self.day)
            entries += close_postings.post_summaries(found, day=self.day, by=self.by)
        for day in sorted({*days, self.day}):
            if is_month_end(day):
                found = month_end.month_entries(day, self.notes)
                entries += close_postings.post_summaries(found, day=day, by=self.by)
        self._lock()
        return entries

    def _lock(self) -> None:
        """The books are locked through the eve: sessions of the day itself may be synced tomorrow."""
        day = self.day if self.lock else self.day - timedelta(days=1)
        if day >= clock.today():
            self.notes.append("Sổ cái chưa khóa ngày này vì ngày chưa kết thúc.")
            day = clock.today() - timedelta(days=1)
        elif not self.lock:
            self.notes.append(
                "Sổ cái khóa đến hết ngày trước: phiên giao dịch của ngày này còn được đồng bộ."
            )
        self.run.locked_through = close_postings.lock_books(through=day, by=self.by)

    def _write_run(self, made: Made, entries: list[Summed]) -> None:
        run = self.run
        manifest = made.manifest
        run.refresh_from_db(fields=["moved", "recloses"])
        run.state, run.finished_at = CloseRun.State.DONE, clock.now()
        run.rows, run.events, run.totals = manifest.rows, made.events, manifest.totals
        run.digest, run.previous, run.law_hash = (
            manifest.digest, manifest.previous, manifest.law_hash,
        )  # fmt: skip
        run.decrees = decrees_taken_up().as_json()
        run.seen_event, run.seconds, run.notes = self.seen, self.times.seconds, self.notes
        run.entries = [*run.entries, *entries] if self.was_done else entries
        run.save()
