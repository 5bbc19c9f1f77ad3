"""The work home: what waits for a person in every room, and the counts in the sidebar."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from tdcs.access.gate import may_open
from tdcs.access.models import User
from tdcs.audit.versions import note, versions_of
from tdcs.capital.queries import budgets as capital
from tdcs.closing.queries import waiting as closing
from tdcs.core import clock, remembered
from tdcs.core.waiting import Urgency, Waiting
from tdcs.credit_plan.queries import plans as credit_plan
from tdcs.group_results.queries import waiting as group_results
from tdcs.households.queries import waiting as households
from tdcs.http import kept, reading
from tdcs.http.kept import Making, noting
from tdcs.jobs import queries as jobs
from tdcs.ledger import queries as ledger
from tdcs.loans.queries import waiting as loans
from tdcs.plans.queries import waiting as plans
from tdcs.plans.queries.notices import unread_count
from tdcs.plans.views.requested import offered_to
from tdcs.problem_loans.queries import waiting as problem_loans
from tdcs.reporting.queries import waiting as reporting

# Counts in the sidebar may be so old when others have changed what is counted; while nothing has changed they stay. What the
# person does himself shows at once, whichever worker answers (web.middleware.FreshCounts).
COUNT_SECONDS: Final = 60
_KEPT_SECONDS: Final = 3600
# Who may none of these has nothing of the plan to do.
_OF_THE_PLAN: Final = ("plans.work", "plans.report", "plans.review", "plans.matrix")
# Where a request's person carries the counts that were found to hold.
_TRUE: Final = "_counted"
# What a request asks once of its person and keeps: role, unit, scope, the plans that may be chosen.
_OF_A_PERSON: Final = frozenset(
    {
        "access_roleholding",
        "access_substitution",
        "access_user",
        "organisations_area",
        "organisations_areaprofile",
        "organisations_areasuccession",
        "organisations_organisation",
        "organisations_organisationprofile",
        "organisations_organisationsuccession",
        "organisations_servedarea",
        "plans_plan",
        "plans_reportingyear",
    }
)
# Urgency → the state by which the line is marked.
MARKS: Final = {Urgency.LATE: "late", Urgency.SOON: "soon", Urgency.OPEN: "open"}


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line of the first screen with today's address."""

    waiting: Waiting
    url: str
    mark: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted for a person: at which instant, of which areas in which version, after which act of the person."""

    counts: Mapping[str, int]
    at: float
    areas: tuple[str, ...]
    version: int | None
    own: int


def lines_for(user: User, on: date) -> list[WaitingLine]:
    """What waits for the person, the most pressing first; only what the person may open."""
    tables: set[str] = set()
    now = reading.current()
    if now is None and not connection.in_atomic_block:
        now = reading.begin(of_person(user))
    with remembered.during(now), noting(tables):
        lines = _lines(user, on)
    areas = Making(frozenset(), tables).areas() or ()
    # As of the beginning: what changed meanwhile makes the counts out of date, whether they have it or not.
    version = now.version(areas) if now is not None and areas else None
    own = (now.version([of_person(user)]) or 0) if now is not None else 0
    counted = Counted(_counted(lines), time.monotonic(), areas, version, own)
    cache.set(_key(user, on), counted, _KEPT_SECONDS)
    user.__dict__[_TRUE] = counted
    return lines


def _lines(user: User, on: date) -> list[WaitingLine]:
    plans_now = offered_to(user, on) if any(user.may(one) for one in _OF_THE_PLAN) else []
    rooms: dict[str, Callable[[], list[Waiting]]] = {
        "reporting": lambda: reporting.waiting_for(user, on, plans_now),
        "plans": lambda: plans.waiting_for(user, on, plans_now),
        "households": lambda: households.waiting_for(user, on),
        "loans": lambda: loans.waiting_for(user, on),
        "capital": lambda: capital.waiting_for(user, on),
        "ledger": lambda: ledger.waiting_for(user, on),
        "closing": lambda: closing.waiting_for(user, on),
        "credit_plan": lambda: credit_plan.waiting_for(user, on),
        "group_results": lambda: group_results.waiting_for(user, on),
        "problem_loans": lambda: problem_loans.waiting_for(user, on),
        "jobs": lambda: jobs.waiting_for(user),
        "notices": lambda: _notices(user),
    }
    found = [one for name, ask in rooms.items() for one in _of_room(name, user, on, ask)]
    lines = [_line(one) for one in found if may_open(user, reverse(one.route, args=one.args))]
    lines.sort(key=lambda line: line.waiting.urgency)
    return lines


def _of_room(
    name: str, user: User, on: date, ask: Callable[[], list[Waiting]]
) -> tuple[Waiting, ...]:
    """What one room knows, asked again only when its own tables have changed: a sheet posted moves no report."""
    holding, acting = user.holding(), user.acting
    of_whom = (user.pk, holding and (holding.pk, holding.role, holding.organisation_id))

    def read() -> tuple[Waiting, ...]:
        # What was found of the person before, in this request, was read for this room too.
        kept.note(_OF_A_PERSON)
        return tuple(ask())

    return remembered.answer(("waiting", name, *of_whom, acting and acting.pk, on), read)


def counts_for(user: User, on: date) -> Mapping[str, int]:
    """How many matters wait at each page of the sidebar, by its route."""
    if _TRUE not in user.__dict__:
        _recall(user, on)
    if _TRUE not in user.__dict__:
        lines_for(user, on)
    counted: Counted = user.__dict__[_TRUE]
    return counted.counts


def _recall(user: User, on: date) -> None:
    """The counts that were made before, if they still hold."""
    counted: Counted | None = cache.get(_key(user, on))
    begun = reading.current()
    if counted is None:
        return
    own = begun.version([of_person(user)]) if begun is not None else None
    of_counts = begun.version(counted.areas) if begun is not None else None
    if own is None or of_counts is None:
        up_to_date(user, on, (), 0)
    elif own == counted.own and (_young(counted) or of_counts == counted.version):
        user.__dict__[_TRUE] = counted


def _young(counted: Counted) -> bool:
    return time.monotonic() - counted.at < COUNT_SECONDS


def up_to_date(user: User, on: date, areas: Sequence[str], version: int) -> bool:
    """Whether areas still have a version. Asked with it: whether the person's counts still hold."""
    counted: Counted | None = cache.get(_key(user, on))
    if counted is None:
        return versions_of(areas) == (version,)
    if connection.in_atomic_block:
        if _young(counted):
            user.__dict__[_TRUE] = counted
        return False
    now, of_counts, own = versions_of(areas, counted.areas, [of_person(user)])
    if own == counted.own and (_young(counted) or of_counts == counted.version):
        user.__dict__[_TRUE] = counted
    return now == version


def forget(user: User) -> None:
    """Count anew on the next page, in every worker."""
    cache.delete(_key(user, clock.today()))
    user.__dict__.pop(_TRUE, None)
    note(of_person(user))


def _notices(user: User) -> list[Waiting]:
    unread = unread_count(user)
    return [Waiting(_("Thông báo chưa đọc"), unread, _("Đọc"), "web:notices")] if unread else []


def _line(one: Waiting) -> WaitingLine:
    address = reverse(one.route, args=one.args)
    url = f"{address}?{one.query}" if one.query else address
    return WaitingLine(one, url, MARKS[one.urgency])


def _counted(lines: list[WaitingLine]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for line in lines:
        counts[line.waiting.counted_at] += line.waiting.count
    return dict(counts)


def _key(user: User, on: date) -> str:
    holding = user.holding()
    return f"waiting-{user.pk}-{holding and holding.pk}-{on}"


def of_person(user: User) -> str:
    """The area of what a person has done."""
    return f"person/{user.pk}"
