"""The work home: what waits for a person in every room, and the counts in the sidebar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.cache import cache
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.closing.queries import waiting as closing
from tdcs.core.waiting import Urgency, Waiting
from tdcs.households.queries import waiting as households
from tdcs.jobs import queries as jobs
from tdcs.ledger import queries as ledger
from tdcs.loans.queries import waiting as loans
from tdcs.plans.queries import waiting as plans
from tdcs.plans.queries.notices import unread_count
from tdcs.plans.queries.plans import current_plan
from tdcs.reporting.queries import waiting as reporting

# Counts in the sidebar may be so old: pages that follow each other ask once. What the person does himself shows at once
# (web.middleware.FreshCounts).
COUNT_SECONDS: Final = 20
# Who may none of these has nothing of the plan to do.
_OF_THE_PLAN: Final = ("plans.work", "plans.report", "plans.review", "plans.matrix")
# Urgency → the state by which the line is marked.
MARKS: Final = {Urgency.LATE: "late", Urgency.SOON: "soon", Urgency.OPEN: "open"}


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line of the first screen with today's address."""

    waiting: Waiting
    url: str
    mark: str


def lines_for(user: User, on: date) -> list[WaitingLine]:
    """What waits for the person, the most pressing first; only what the person may open."""
    plan = current_plan() if any(user.may(one) for one in _OF_THE_PLAN) else None
    found = [
        *reporting.waiting_for(user, on, plan),
        *plans.waiting_for(user, on, plan),
        *households.waiting_for(user, on),
        *loans.waiting_for(user, on),
        *ledger.waiting_for(user, on),
        *closing.waiting_for(user, on),
        *jobs.waiting_for(user),
        *_notices(user),
    ]
    lines = [_line(one) for one in found if _may_open(user, one)]
    lines.sort(key=lambda line: line.waiting.urgency)
    cache.set(_key(user), _counted(lines), COUNT_SECONDS)
    return lines


def counts_for(user: User, on: date) -> Mapping[str, int]:
    """How many matters wait at each page of the sidebar, by its route."""
    kept: Mapping[str, int] | None = cache.get(_key(user))
    return _counted(lines_for(user, on)) if kept is None else kept


def forget(user: User) -> None:
    """Count anew on the next page."""
    cache.delete(_key(user))


def _notices(user: User) -> list[Waiting]:
    unread = unread_count(user)
    return [Waiting(_("Thông báo chưa đọc"), unread, _("Đọc"), "web:notices")] if unread else []


def _line(one: Waiting) -> WaitingLine:
    address = reverse(one.route, args=one.args)
    url = f"{address}?{one.query}" if one.query else address
    return WaitingLine(one, url, MARKS[one.urgency])


def _may_open(user: User, one: Waiting) -> bool:
    """The gate's own word on the page: nothing is offered that it would refuse."""
    view: Any = resolve(reverse(one.route, args=one.args)).func
    return user.may(view.permission)


def _counted(lines: list[WaitingLine]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for line in lines:
        counts[line.waiting.counted_at] += line.waiting.count
    return dict(counts)


def _key(user: User) -> str:
    return f"waiting-{user.pk}"
