"""What a session brought: by group and as a whole; what cash had to be there at its end."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from tdcs.ledger.rules import account_of
from tdcs.loans.queries.sheets import groups_due
from tdcs.transaction_points.models import SessionMove, TeamMember, TransactionSession
from tdcs.transaction_points.queries.points import groups_at
from tdcs.transaction_points.queries.teams import NEEDED
from tdcs.transaction_points.rules.scoring import Figures
from tdcs.transaction_points.states import SessionState

_CASH: Final = account_of("loan.collect", "total")
# What the loans of groups saw on a day, of events that still stand.
_MONEY: Final = """
    SELECT l.group_id, e.kind, count(DISTINCT l.id), sum(e.amount)::bigint
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
     WHERE l.group_id = ANY(%(groups)s) AND e."on" = %(day)s
       AND e.kind IN ('interest', 'principal', 'disbursement')
       AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
     GROUP BY 1, 2
"""
_PAYING: Final = """
    SELECT count(DISTINCT l.id)
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
     WHERE l.group_id = ANY(%(groups)s) AND e."on" = %(day)s AND e.kind IN ('interest', 'principal')
       AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)
"""
_SAVINGS: Final = """
    SELECT a.group_id, e.kind, sum(e.amount)::bigint
      FROM entrustment_savingsevent e JOIN entrustment_savingsaccount a ON a.id = e.account_id
     WHERE a.group_id = ANY(%(groups)s) AND e."on" = %(day)s AND e.kind IN ('deposit', 'withdraw')
       AND NOT EXISTS (SELECT FROM entrustment_savingsevent r WHERE r.reverses_id = e.id)
     GROUP BY 1, 2
"""
# Cash that the session's tellers booked on its day, and what was booked for it later.
_CASH_SQL: Final = """
    SELECT coalesce(sum(p.debit - p.credit), 0)::bigint
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.code = %(cash)s
      JOIN ledger_journalentry j ON j.id = p.entry_id JOIN ledger_book b ON b.id = j.book_id
     WHERE b.organisation_id = %(office)s
       AND ((j."on" = %(day)s AND j.by_id = ANY(%(tellers)s)
             AND NOT EXISTS (SELECT FROM transaction_points_sessionentry o
                              WHERE o.entry_id = j.id AND o.session_id <> %(session)s))
            OR EXISTS (SELECT FROM transaction_points_sessionentry s
                        WHERE s.entry_id = j.id AND s.session_id = %(session)s))
"""


@dataclass(slots=True)
class GroupLine:
    """A group in a session: what was due before it, what it brought; dong."""

    group: int
    code: str
    name: str
    leader: str
    loans: int = 0
    interest_due: int = 0
    principal_due: int = 0
    overdue: int = 0
    interest: int = 0
    principal: int = 0
    savings: int = 0
    withdrawn: int = 0
    disbursed: int = 0
    disbursements: int = 0
    loans_paid: int = 0

    @property
    def came(self) -> bool:
        return bool(self.interest or self.principal or self.savings or self.disbursed)

    @property
    def collected(self) -> int:
        return self.interest + self.principal + self.savings


def group_lines(session: TransactionSession) -> list[GroupLine]:
    """The groups of the point with what is due at the session and what came in on its day, by code.

    What is due is what stands now and what was taken on the day: right on the day, and of a day to come.
    """
    on = session.held_on
    groups = list(groups_at(session.point_id, on))
    keys = [group.pk for group in groups]
    found = {}
    for due in groups_due(groups, on):
        found[due.group.pk] = GroupLine(
            due.group.pk,
            due.group.code,
            due.face.name,
            due.face.leader,
            due.loans,
            due.interest_due,
            due.principal_due,
            due.overdue,
        )
    for group, kind, count, amount in _rows(_MONEY, keys, on):
        line = found[group]
        if kind == "interest":
            line.interest, line.interest_due = amount, line.interest_due + amount
        elif kind == "principal":
            line.principal = amount
        else:
            line.disbursed, line.disbursements = amount, count
    for group, kind, amount in _rows(_SAVINGS, keys, on):
        if kind == "deposit":
            found[group].savings = amount
        else:
            found[group].withdrawn = -amount
    return [found[key] for key in keys]


def _rows(sql: str, groups: list[int], on: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"groups": groups, "day": on})
        return list(cursor.fetchall())


def figures_now(session: TransactionSession) -> Figures:
    """The session in figures as the books have it now."""
    lines = group_lines(session)
    paying = _rows(_PAYING, [line.group for line in lines], session.held_on)
    roles = set(session.team.values_list("role", flat=True))
    sums = {
        name: sum(getattr(line, name) for line in lines)
        for name in (
            "loans", "interest_due", "principal_due", "interest", "principal", "savings",
            "withdrawn", "disbursed", "disbursements",
        )
    }  # fmt: skip
    opened = SessionMove.objects.filter(session=session, verb="open").first()
    return Figures(
        groups=len(lines),
        groups_came=sum(line.came for line in lines),
        loans_paid=paying[0][0],
        on_time=opened is not None and opened.on == session.held_on,
        full_team=set(NEEDED) <= roles,
        cash_agrees=session.cash_counted is not None
        and session.cash_counted == session.cash_expected,
        meeting=bool(session.conclusions.strip()),
        **sums,
    )


def figures_of(session: TransactionSession) -> Figures:
    """As they were kept when the session closed; before that as the books have them now."""
    if session.state in (SessionState.CLOSED, SessionState.SETTLED) and session.figures:
        return Figures(**session.figures)
    return figures_now(session)


def kept_figures(session: TransactionSession) -> dict[str, int | bool]:
    """What is kept of a session that closes."""
    return asdict(figures_now(session))


def cash_expected(session: TransactionSession) -> int:
    """What the session's tellers must have: what they were handed, less what they gave on, and the cash of their entries."""
    tellers = set(
        session.team.filter(role=TeamMember.Role.TELLER).values_list("person_id", flat=True)
    )
    handed = 0
    for giver, taker, amount in session.handovers.values_list("giver_id", "taker_id", "amount"):
        handed += amount * ((taker in tellers) - (giver in tellers))
    with connection.cursor() as cursor:
        cursor.execute(
            _CASH_SQL,
            {
                "cash": _CASH,
                "office": session.office_id,
                "day": session.held_on,
                "tellers": sorted(tellers),
                "session": session.pk,
            },
        )
        booked: int = cursor.fetchone()[0]
    return handed + booked
