"""The invented life of obligations: who is diligent, who is late, what was said when.

A unit's diligence hangs on its code and the seed, so that the same units are late year after year, as in life.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from tdcs.core import clock
from tdcs.demo import words
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.models import Obligation, ObligationState, ProgressEntry
from tdcs.plans.rules.timeliness import last_day_in_time

DILIGENCE: Final = ("diligent",) * 15 + ("slow",) * 4 + ("weak",)

# How likely a matter is forgotten: yearly ones are chased by the branch, small questions in between less so.
YEARLY_NEGLECT: Final = {"weak": 0.25}
SMALL_NEGLECT: Final = {"diligent": 0.03, "slow": 0.4, "weak": 0.85}

_FIELDS: Final = (
    "state",
    "percent",
    "words",
    "figure",
    "submitted_on",
    "closed_on",
    "touched_at",
)


@dataclass(frozen=True, slots=True)
class Course:
    """How one obligation went up to a day."""

    state: str
    percent: int
    submitted_on: date | None = None
    closed_on: date | None = None


def diligence(code: str, seed: int) -> str:
    """The character of a unit: 15 of 20 are diligent, 4 slow, 1 weak."""
    return Random(f"{seed}:{code}").choice(DILIGENCE)


def course(
    *, character: str, last_day: date, until: date, luck: Random, neglect: dict[str, float]
) -> Course:
    """How an obligation whose last day in time is ``last_day`` stands on ``until``.

    ``neglect``: how likely each character forgets it altogether.
    """
    early = {"diligent": (1, 34), "slow": (-4, 12), "weak": (-18, 2)}[character]
    submitted = last_day - timedelta(days=luck.randint(*early))
    forgotten = luck.random() < neglect.get(character, 0.0)
    if submitted > until or forgotten:
        return _underway(character, luck)
    closed = submitted + timedelta(days=luck.randint(1, 9))
    if closed > until:
        return Course(ObligationState.SUBMITTED, 100, submitted)
    return Course(ObligationState.ACCEPTED, 100, submitted, closed)


def _underway(character: str, luck: Random) -> Course:
    if character == "diligent":
        return Course(ObligationState.IN_PROGRESS, luck.randrange(55, 100, 5))
    if character == "slow" and luck.random() < 0.8:
        return Course(ObligationState.IN_PROGRESS, luck.randrange(20, 75, 5))
    if luck.random() < 0.3:
        return Course(ObligationState.IN_PROGRESS, luck.randrange(5, 30, 5))
    return Course(ObligationState.OPEN, 0)


def live(
    obligations: Iterable[Obligation],
    *,
    until: date,
    seed: int,
    neglect: dict[str, float] = YEARLY_NEGLECT,
) -> int:
    """Give obligations their life up to ``until``; returns how many were touched.

    Reads organisation codes and task paths through select_related; writes in bulk.
    """
    touched: list[Obligation] = []
    entries: list[ProgressEntry] = []
    for row in obligations:
        luck = Random(f"{seed}:{row.pk}:{row.holder.code}")
        due = row.due_on or row.period_end - timedelta(days=1)
        how = course(
            character=diligence(row.holder.code, seed),
            last_day=last_day_in_time(due, row.due_before),
            until=until,
            luck=luck,
            neglect=neglect,
        )
        if how.state == ObligationState.OPEN:
            continue
        _apply(row, how, luck, until)
        touched.append(row)
        entries.extend(_entries(row, how, luck, until))
    update_rows(touched, _FIELDS)
    ProgressEntry.objects.bulk_create(entries, batch_size=2000)
    return len(touched)


def _apply(row: Obligation, how: Course, luck: Random, until: date) -> None:
    path = row.task.path if row.task else ""
    row.state, row.percent = how.state, how.percent
    row.words = words.result(path, luck) if how.submitted_on else words.underway(luck)
    row.submitted_on, row.closed_on = how.submitted_on, how.closed_on
    row.touched_at = _moment(how.closed_on or how.submitted_on or until - timedelta(days=9), luck)


def _entries(row: Obligation, how: Course, luck: Random, until: date) -> Iterable[ProgressEntry]:
    halfway = row.period_start + timedelta(days=luck.randint(150, 200))
    if halfway < min(how.submitted_on or until, until):
        percent = min(how.percent, luck.randrange(20, 60, 5))
        yield _entry(row, "progress", halfway, words.underway(luck), percent, luck)
    if how.submitted_on is None:
        day = until - timedelta(days=luck.randint(2, 25))
        if day > halfway:
            yield _entry(row, "progress", day, row.words, how.percent, luck)
        return
    yield _entry(row, "submit", how.submitted_on, row.words, 100, luck)
    if how.closed_on:
        yield _entry(row, "accept", how.closed_on, "", 100, luck)


def _entry(
    row: Obligation, verb: str, on: date, said: str, percent: int, luck: Random
) -> ProgressEntry:
    return ProgressEntry(
        obligation=row,
        verb=verb,
        on=on,
        at=_moment(on, luck),
        organisation_id=row.holder_id,
        percent=percent,
        words=said,
    )


def _moment(day: date, luck: Random) -> datetime:
    return datetime.combine(day, time(luck.randint(8, 16), luck.randint(0, 59)), clock.ZONE)
