"""What a month's sessions brought: held as announced, money at the points beside all money of the groups, cash, cases."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F

from tdcs.access.models import User
from tdcs.core.months import month_end
from tdcs.documents import numbers
from tdcs.organisations.queries import names_on
from tdcs.transaction_points.models import (
    LogLine,
    SessionEntry,
    SessionMove,
    TransactionSession,
)
from tdcs.transaction_points.queries.scope import visible_sessions
from tdcs.transaction_points.queries.sessions import point_names
from tdcs.transaction_points.rules.scoring import Figures, score
from tdcs.transaction_points.states import HELD, LogState, SessionState

# Money of the groups of each session's point on its day, of events that stand.
_AT_SESSIONS: Final = """
    SELECT s.id, count(DISTINCT l.group_id),
           coalesce(sum(e.amount) FILTER (WHERE e.kind <> 'disbursement'), 0)::bigint,
           coalesce(sum(e.amount) FILTER (WHERE e.kind = 'disbursement'), 0)::bigint
      FROM transaction_points_transactionsession s
      JOIN transaction_points_groupatpoint g ON g.point_id = s.point_id AND g.starts_on <= s.held_on
       AND (g.ends_on IS NULL OR g.ends_on > s.held_on)
      JOIN loans_loan l ON l.group_id = g.group_id
      JOIN loans_loanevent e ON e.loan_id = l.id AND e."on" = s.held_on
       AND e.kind IN ('interest', 'principal', 'disbursement')
     WHERE s.id = ANY(%(sessions)s)
       AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
     GROUP BY 1
"""
# Money of an office's loans through groups in a month, at points and elsewhere.
_IN_ALL: Final = """
    SELECT l.office_id, coalesce(sum(e.amount) FILTER (WHERE e.kind <> 'disbursement'), 0)::bigint,
           coalesce(sum(e.amount) FILTER (WHERE e.kind = 'disbursement'), 0)::bigint
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id AND l.group_id IS NOT NULL
     WHERE e."on" BETWEEN %(first)s AND %(last)s AND e.kind IN ('interest', 'principal', 'disbursement')
       AND l.office_id = ANY(%(offices)s)
       AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
     GROUP BY 1
"""


@dataclass(slots=True)
class SessionResult:
    """One session of the month; dong. ``points``: its score, None where its figures were not kept."""

    session: TransactionSession
    name: str
    on_time: bool
    groups: int = 0
    came: int = 0
    collected: int = 0
    disbursed: int = 0
    points: int | None = None
    late: int = 0
    waiting: int = 0

    @property
    def held(self) -> bool:
        return self.session.state in HELD

    @property
    def difference(self) -> int | None:
        """What was counted above what had to be there."""
        session = self.session
        if session.cash_counted is None or session.cash_expected is None:
            return None
        return int(session.cash_counted - session.cash_expected)


@dataclass(slots=True)
class OfficeResult:
    """An office's month: its sessions, and all money of its groups' loans, at points and elsewhere."""

    office: int
    name: str
    sessions: list[SessionResult] = field(default_factory=list)
    all_collected: int = 0
    all_disbursed: int = 0

    @property
    def count(self) -> int:
        """Sessions of the schedule."""
        return len(self.sessions)

    @property
    def held(self) -> int:
        return sum(one.held for one in self.sessions)

    @property
    def on_time(self) -> int:
        return sum(one.on_time for one in self.sessions)

    @property
    def collected(self) -> int:
        return sum(one.collected for one in self.sessions)

    @property
    def disbursed(self) -> int:
        return sum(one.disbursed for one in self.sessions)

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.sessions)

    @property
    def differences(self) -> int:
        """How many counts did not agree."""
        return sum(bool(one.difference) for one in self.sessions)

    @property
    def on_time_share(self) -> str:
        return _share(self.on_time, self.count)

    @property
    def collected_share(self) -> str:
        return _share(self.collected, self.all_collected)

    @property
    def disbursed_share(self) -> str:
        return _share(self.disbursed, self.all_disbursed)


def _share(part: int, whole: int) -> str:
    """In percent, rounded; a dash of nothing."""
    return numbers.ppm(min(part, whole) * 10**6 // whole) if whole > 0 else "–"


def office_results(user: User, first: date, office: int = 0) -> list[OfficeResult]:
    """The offices in scope with the sessions due in a month, by name; cancelled ones count as not held."""
    last = month_end(first)
    rows = visible_sessions(user).filter(due_on__range=(first, last)).select_related("point")
    if office:
        rows = rows.filter(office=office)
    sessions = list(rows.order_by("held_on", "pk"))
    if not sessions:
        return []
    keys = [one.pk for one in sessions]
    offices = sorted({one.office_id for one in sessions})
    names, money = (
        point_names(sessions),
        {row[0]: row[1:] for row in _all(_AT_SESSIONS, sessions=keys)},
    )
    groups = _groups(sessions)
    moved = set(
        SessionMove.objects.filter(session__in=keys, verb="move").values_list("session", flat=True)
    )
    late = _counted(SessionEntry.objects.filter(session__in=keys))
    waiting = _counted(LogLine.objects.filter(session__in=keys, state=LogState.CASE))
    called = names_on(last, set(offices))
    found = {key: OfficeResult(key, called.get(key, "")) for key in offices}
    for one in sessions:
        came, collected, disbursed = money.get(one.pk, (0, 0, 0))
        held = one.state in HELD
        found[one.office_id].sessions.append(
            SessionResult(
                one,
                names[one.pk],
                on_time=held and one.pk not in moved,
                groups=groups.get(one.pk, 0),
                came=came if held else 0,
                collected=collected if held else 0,
                disbursed=disbursed if held else 0,
                points=_points(one),
                late=late.get(one.pk, 0),
                waiting=waiting.get(one.pk, 0),
            )
        )
    for key, collected, disbursed in _all(_IN_ALL, first=first, last=last, offices=offices):
        found[key].all_collected, found[key].all_disbursed = collected, disbursed
    return sorted(found.values(), key=lambda row: row.name)


def _points(session: TransactionSession) -> int | None:
    closed = session.state in (SessionState.CLOSED, SessionState.SETTLED)
    if not closed or not session.figures:
        return None
    return sum(one.points for one in score(Figures(**session.figures)))


def _groups(sessions: list[TransactionSession]) -> dict[int, int]:
    """How many groups meet at each session's point on its day."""
    rows = TransactionSession.objects.filter(
        pk__in=[one.pk for one in sessions], point__groups__starts_on__lte=F("held_on")
    ).exclude(point__groups__ends_on__lte=F("held_on"))
    return dict(rows.order_by().values_list("pk").annotate(n=Count("point__groups", distinct=True)))


def _counted(rows: Any) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for key, count in rows.order_by().values_list("session").annotate(n=Count("pk")):
        found[key] = count
    return found


def _all(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
