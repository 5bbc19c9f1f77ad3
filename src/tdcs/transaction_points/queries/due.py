"""What falls due of a group at a session that is still to come."""

from __future__ import annotations

from datetime import date

from tdcs.loans.models import Loan
from tdcs.loans.queries.sheets import SheetLine, lines_of
from tdcs.loans.states import OPEN_STATES
from tdcs.organisations.models import living_on
from tdcs.transaction_points.models import GroupAtPoint, TransactionSession


def due_lines(group: int, on: date) -> list[SheetLine]:
    """The group's open loans as they will stand on the eve of a day, if nothing else happens; by borrower."""
    return lines_of(Loan.objects.filter(group=group, state__in=OPEN_STATES), on)


def session_for(session: TransactionSession, group: int) -> bool:
    """Whether the group meets at the session's point on its day."""
    there = GroupAtPoint.objects.filter(living_on(session.held_on), point=session.point_id)
    return there.filter(group=group).exists()
