"""What falls due of a group at a session that is still to come."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsGroup
from tdcs.loans.models import Loan
from tdcs.loans.queries.scope import visible_lending_groups
from tdcs.loans.queries.sheets import SheetLine, lines_of
from tdcs.loans.states import OPEN_STATES
from tdcs.organisations.models import living_on
from tdcs.transaction_points.models import GroupAtPoint, TransactionSession
from tdcs.transaction_points.queries.points import groups_at


def due_lines(group: int, on: date) -> list[SheetLine]:
    """The group's open loans as they will stand on the eve of a day, if nothing else happens; by borrower."""
    return lines_of(Loan.objects.filter(group=group, state__in=OPEN_STATES), on)


def groups_to_list(user: User, session: TransactionSession) -> list[SavingsGroup]:
    """The groups that meet at the session, of those that the person may see."""
    here = groups_at(session.point_id, session.held_on).values("pk")
    return list(visible_lending_groups(user, session.held_on).filter(pk__in=here))


def session_for(session: TransactionSession, group: int) -> bool:
    """Whether the group meets at the session's point on its day."""
    there = GroupAtPoint.objects.filter(living_on(session.held_on), point=session.point_id)
    return there.filter(group=group).exists()
