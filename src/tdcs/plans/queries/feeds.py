"""Deadlines of a person's unit as dates of a calendar: what is due when, what fell away, since when it is so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Max, Q

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.plans.models import CalendarFeed, Obligation, Plan, PlanMove, PlanState
from tdcs.plans.queries.in_force import plans_in_force
from tdcs.plans.queries.obligations import subject_words
from tdcs.plans.rules.timeliness import DONE_STATES, GONE_STATES, last_day_in_time

# The permission of the page to which each date leads.
PERMISSION: Final = "plans.work"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One obligation on its last day in time. ``sequence`` never falls; ``changed_at`` is when it became as it is."""

    obligation: int
    title: str
    plan: str
    on: date
    gone: bool
    done: bool
    sequence: int
    changed_at: datetime


def digest_of(token: str) -> str:
    """What is kept of a token: it is long and random, so that a plain digest cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(person: User) -> CalendarFeed | None:
    """The person's address in use, or None."""
    return CalendarFeed.objects.filter(person=person, revoked_at=None).first()


def reader_of(token: str) -> User | None:
    """Whose address it is; None when it is revoked, unknown, or the person left or may no longer see the work."""
    feed = (
        CalendarFeed.objects.filter(token_sha256=digest_of(token), revoked_at=None)
        .select_related("person")
        .first()
    )
    return feed.person if feed and feed.person.may(PERMISSION) else None


def deadlines_of(person: User, on: date) -> list[Deadline]:
    """What the person's unit owes by a day, over all plans, of last year and later; what fell away is among it."""
    unit = own_organisation(person)
    if unit is None:
        return []
    rows = (
        Obligation.objects.filter(
            Q(holder=unit) | Q(organisation=unit),
            due_on__isnull=False,
            year__gte=on.year - 1,
        )
        .exclude(plan__state=PlanState.DRAFT)
        .select_related("plan", "task", "duty", "directive")
        .annotate(steps=Count("entries"))
        .order_by("due_on", "pk")
    )
    in_force = {plan.pk for plan in plans_in_force(on)}
    moves = PlanMove.objects.aggregate(count=Count("pk"), last=Max("at"))
    began = moves["last"] or clock.start_of(date(on.year - 1, 1, 1))
    return [_deadline(row, unit.pk, in_force, (moves["count"], began)) for row in rows]


def _deadline(
    row: Obligation, unit: int, in_force: Iterable[int], moves: tuple[int, datetime]
) -> Deadline:
    gone = row.state in GONE_STATES or row.plan_id not in in_force or row.holder_id != unit
    moments = [moves[1], row.touched_at, _expiry(row.plan) if gone else None]
    assert row.due_on is not None  # the query
    return Deadline(
        obligation=row.pk,
        title=subject_words(row),
        plan=str(row.plan),
        on=last_day_in_time(row.due_on, row.due_before),
        gone=gone,
        done=row.state in DONE_STATES,
        # Steps of the obligation and decisions on plans are only ever added; a plan that runs out adds the last one.
        sequence=2 * (row.steps + moves[0]) + gone,  # type: ignore[attr-defined]
        changed_at=max(moment for moment in moments if moment),
    )


def _expiry(plan: Plan) -> datetime | None:
    """When a plan ran out, if that has come."""
    until = plan.in_force_until
    return clock.start_of(until) if until and until <= clock.today() else None
