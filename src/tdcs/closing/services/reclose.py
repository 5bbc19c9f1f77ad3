"""Days closed again: events written after their day was closed, or a decree taken up late; which figures they moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import narwhals as nw
import polars as pl
from django.db import connection

from tdcs.closing.manifest import Manifest
from tdcs.closing.models import CloseRun
from tdcs.closing.moved import Moved
from tdcs.closing.queries.frames import OF_RECORD, contracts_of, events_of
from tdcs.closing.rules.history import rows_from_events
from tdcs.closing.rules.rows import SUMS
from tdcs.closing.services.close_step import CloseContext, require_accepted, require_terms, write
from tdcs.closing.store import Store
from tdcs.core import clock
from tdcs.core.columns import day_number
from tdcs.core.frames import Frame
from tdcs.programmes.queries import decrees_taken_up

# So many loans are folded at once: a decree may reach a whole province.
_PIECE: Final = 25_000
# A run keeps so many moved figures; the count of all stands in its notes.
MOVED_MOST: Final = 2_000
_KEYS: Final = ("office", "commune")
_LATE_SQL: Final = f"""
    SELECT e.loan_id, min(e."on"), count(*) FROM loans_loanevent e
     WHERE e.id > %s AND e.id <= %s AND e."on" <= %s AND {OF_RECORD} GROUP BY e.loan_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Late:
    """Events written since the last close about days already closed: the loans they touch, the first of the days.

    Of a decree taken up late, named in ``decree``: the loans it reaches and its first day; no events.
    """

    loans: tuple[int, ...]
    first: date
    events: int
    decree: str = ""

    @property
    def because(self) -> str:
        """Why the days are closed again."""
        if self.decree:
            return f"áp dụng {self.decree} cho {len(self.loans)} khoản vay"
        return f"{self.events} diễn biến ghi muộn"


def late_events(after: int, seen: int, through: date) -> Late | None:
    """Those with keys in (after, seen] and a day up to ``through``."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE_SQL, [after, seen, through])
        rows = cursor.fetchall()
    if not rows:
        return None
    loans = tuple(sorted(row[0] for row in rows))
    return Late(loans, min(row[1] for row in rows), sum(row[2] for row in rows))


def reclose(context: CloseContext, late: Late, through: date) -> list[date]:
    """Folds the touched loans anew in every kept day from the first touched one; the days that were closed again.

    What stood before is kept in each day's run until the whole is done: a kill in between loses no figure.
    """
    store, tell = context.store, context.tell
    days = [day for day in store.days() if late.first <= day <= through]
    with context.times.of("again"):
        _keep_before(store, days)
        digests = {day: store.manifest(day).digest for day in store.days() if day < late.first}
        for day in days:
            tell(f"{day}: khóa lại vì {late.because}")
            require_terms(day)
            made = _folded_again(context, day, late, digests)
            digests[day] = made.digest
            _record(store, day, made, late)
    return days


def _folded_again(
    context: CloseContext, day: date, late: Late, digests: dict[date, str]
) -> Manifest:
    store = context.store
    gone = pl.Series(late.loans, dtype=pl.Int64)
    kept = store.read(day).filter(~pl.col("loan").is_in(gone.implode())).collect()
    rows = [
        piece.to_native().select(kept.columns)
        for piece in _rows_of(late.loans, day, context.seen)
        if len(piece)
    ]
    whole = pl.concat([kept, *rows]).sort("loan")
    eve = date.fromordinal(day.toordinal() - 1)
    previous = digests.get(eve, store.manifest(day).previous)
    frame = nw.from_native(whole, eager_only=True)
    return write(store, day, frame, previous=previous, book=context.book, tell=context.tell)


def _rows_of(loans: Sequence[int], day: date, seen: int) -> Iterator[Frame]:
    """The rows of some loans on the day, from all their events, piece by piece."""
    number, first = day_number(day), day_number(day.replace(day=1))
    decrees = decrees_taken_up()
    for at in range(0, len(loans), _PIECE):
        some = loans[at : at + _PIECE]
        rows, refused = rows_from_events(
            contracts_of(some, day), events_of(some, day, seen), number, first, decrees=decrees
        )
        require_accepted(refused, day)
        yield rows


def _keep_before(store: Store, days: list[date]) -> None:
    for day in days:
        run, _ = CloseRun.objects.get_or_create(
            day=day, defaults={"state": CloseRun.State.DONE, "started_at": clock.now()}
        )
        if not run.before:
            run.before = figures(store, day)
            run.save(update_fields=["before"])


def _record(store: Store, day: date, made: Manifest, late: Late) -> None:
    """The run of a day closed again: its new totals, and what moved since it was closed before."""
    run = CloseRun.objects.get(day=day)
    found = differences(day, run.before, figures(store, day))
    run.moved = found[:MOVED_MOST]
    run.recloses += 1
    if late.decree:
        run.notes = list(dict.fromkeys([*run.notes, f"Khóa lại: {late.because}."]))
    run.rows, run.totals = made.rows, made.totals
    run.digest, run.previous, run.law_hash = made.digest, made.previous, made.law_hash
    run.decrees = decrees_taken_up().as_json()
    run.save()


def forget_before(days: list[date]) -> None:
    """The days are closed again for good."""
    CloseRun.objects.filter(day__in=days).update(before={})


def figures(store: Store, day: date) -> dict[str, list[int]]:
    """SUMS of a day by office and commune: "office:commune" → figures in the order of SUMS."""
    sums = store.sums(day).group_by(*_KEYS).agg(pl.col(name).sum() for name in SUMS)
    return {
        f"{row[0]}:{row[1]}": list(row[2:])
        for row in sums.select(*_KEYS, *SUMS).collect().sort(*_KEYS).rows()
    }


def differences(
    day: date, before: dict[str, list[int]], after: dict[str, list[int]]
) -> list[Moved]:
    """[day, office, commune, figure, before, after] of every figure that is not what it was."""
    found: list[Moved] = []
    nothing = [0] * len(SUMS)
    for key in sorted(before.keys() | after.keys(), key=lambda k: tuple(map(int, k.split(":")))):
        office, commune = map(int, key.split(":"))
        old, new = before.get(key, nothing), after.get(key, nothing)
        found += [
            (day.isoformat(), office, commune, name, a, b)
            for name, a, b in zip(SUMS, old, new, strict=True)
            if a != b
        ]
    return found
