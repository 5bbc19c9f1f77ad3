"""One day: yesterday's snapshot and the day's events in, the day's snapshot out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import narwhals as nw
import polars as pl
from django.db import connection

from tdcs.closing.errors_days import (
    EventOfUnknownLoan,
    HistoryRefused,
    LoanWithoutTerms,
    RowsLost,
)
from tdcs.closing.manifest import Manifest
from tdcs.closing.queries.frames import (
    contracts_of,
    contracts_opened,
    events_of,
    events_on,
    loans_begun,
    loans_reported,
    moved,
    reached_by_law,
    reported_rows,
)
from tdcs.closing.rules.rows import ROW
from tdcs.closing.rules.step import Closed, Today, close, loans_to_refold
from tdcs.closing.services.locking import law_hash
from tdcs.closing.store import Lineage, Store
from tdcs.core.columns import day_number
from tdcs.core.errors import Refusal
from tdcs.core.frames import Frame
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.terms import terms_on

Report = Callable[[str], None]
_NAMED = 10


@dataclass
class Times:
    """Seconds of each step, in their order."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        taken = self.seconds.get(name, 0.0) + time.perf_counter() - begun
        self.seconds[name] = round(taken, 3)


@dataclass(frozen=True, slots=True)
class Made:
    """A day's snapshot and the number of events that it read."""

    manifest: Manifest
    events: int


@dataclass(frozen=True, slots=True)
class CloseContext:
    """What one close works with: the store, its book, the last event that it sees, its clock and its voice."""

    store: Store
    book: str
    seen: int
    times: Times
    tell: Report


def step(context: CloseContext, day: date, *, previous: str) -> Made:
    """Closes ``day`` on its eve. Raises EventOfUnknownLoan, RowsLost, HistoryRefused, LoanWithoutTerms, and what the
    store refuses; yesterday's snapshot stays as it is."""
    store, seen, times, tell = context.store, context.seen, context.times, context.tell
    with times.of("read"):
        tell(f"{day}: đọc số liệu ngày trước và diễn biến")
        reported = reported_rows(day)
        yesterday = _yesterday(store, day, kept=bool(previous))
        decrees = decrees_taken_up()
        begun = yesterday.filter(nw.col("loan").is_in(loans_begun(day))).select("loan")
        today = Today(
            day_number(day),
            day_number(day.replace(day=1)),
            events_on(day, seen),
            contracts_opened(day),
            moved(day),
            nw.concat([reached_by_law(day, decrees), begun]),
            decrees,
        )
        require_terms(day)
    with times.of("close"):
        tell(f"{day}: tính")
        asked = loans_to_refold(yesterday, today)["loan"].to_list()
        histories = events_of(asked, day, seen)
        closed = close(yesterday, today, contracts_of(asked, day), histories)
        _require_whole(closed, day)
    with times.of("write"):
        tell(f"{day}: ghi số liệu chốt")
        rows = with_reported(closed.rows, reported)
        made = write(store, day, rows, previous=previous, book=context.book, tell=tell)
    return Made(made, len(today.events))


def _yesterday(store: Store, day: date, *, kept: bool) -> Frame:
    """The rows of the eve of which the day's are made; the first day of all stands on those that extracts gave."""
    rows = _rows(store, day - timedelta(days=1)) if kept else reported_rows(day - timedelta(days=1))
    return rows.filter(~nw.col("loan").is_in(loans_reported(day)))


def with_reported(own: Frame, reported: Frame) -> Frame:
    """The rows that were closed, and those that extracts report."""
    if not len(reported):
        return own
    return nw.concat([own.select(*ROW), reported.select(*ROW)]).sort("loan")


def _rows(store: Store, day: date) -> Frame:
    return nw.from_native(store.read(day).collect(), eager_only=True)


def write(
    store: Store, day: date, rows: Frame, *, previous: str, book: str, tell: Report
) -> Manifest:
    """The rows of a day into the store, office by office."""
    native: pl.DataFrame = rows.to_native()
    found = native.partition_by("office", as_dict=True)
    parts = [(int(office), part) for (office,), part in sorted(found.items())]
    return store.write(
        day,
        parts,
        month_start=day.replace(day=1),
        lineage=Lineage(previous=previous, law_hash=law_hash(), book=book),
        step=lambda stage: tell(f"{day}: {stage}"),
    )


def _require_whole(closed: Closed, day: date) -> None:
    if closed.unknown:
        raise EventOfUnknownLoan(day=day, loans=_listed(closed.unknown))
    if closed.lost:
        raise RowsLost(day=day, loans=_listed(numbers(closed.lost)))
    require_accepted(closed.refused, day)


def require_accepted(refused: Frame, day: date) -> None:
    """Raises HistoryRefused when the engine refused a loan's events."""
    if len(refused):
        loans = numbers(refused["loan"].to_list())
        why = ", ".join(sorted(set(refused["code"].to_list())))
        raise HistoryRefused(loans=_listed(loans), why=why, day=day)


def numbers(loans: list[int]) -> list[str]:
    """Contract numbers of loans, or their keys where the book has none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, number FROM loans_loan WHERE id = ANY(%s)", [loans])
        known = dict(cursor.fetchall())
    return [known.get(loan, f"mã {loan}") for loan in sorted(loans)]


def _listed(names: Sequence[int | str]) -> str:
    more = f" … và {len(names) - _NAMED} khoản nữa" if len(names) > _NAMED else ""
    return ", ".join(str(name) for name in names[:_NAMED]) + more


def require_terms(day: date) -> None:
    """The law has a programme for every loan paid out on the day. Raises LoanWithoutTerms."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT programme, target_group, min(number) FROM loans_loan WHERE disbursed_on = %s"
            " GROUP BY 1, 2 ORDER BY 1, 2",
            [day],
        )
        found = cursor.fetchall()
    for programme, group, number in found:
        try:
            terms_on(programme, day, group)
        except Refusal as why:
            raise LoanWithoutTerms(loan=number, programme=programme, day=day, why=why) from why
