"""What a person may do in a session now, and what was counted in it."""

from __future__ import annotations

from typing import Any, Final

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.transaction_points.models import TeamMember, TransactionSession
from tdcs.transaction_points.queries.recorded import recorded_at
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.queries.summary import cash_expected
from tdcs.transaction_points.queries.teams import staff_of
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.states import HELD, SESSION_MOVES, SessionState

# Verb → the role of the team that takes the step; others are the office's.
TAKEN_BY: Final = {
    "open": TeamMember.Role.LEADER,
    "count": TeamMember.Role.TELLER,
    "close": TeamMember.Role.LEADER,
}


def role_in(user: User, session: TransactionSession) -> str:
    """The person's role on the session's team; "" for none."""
    row = session.team.filter(person=user).first()
    return row.role if row else ""


def steps_of(user: User, session: TransactionSession) -> list[str]:
    """The steps that the person may take now, in order."""
    role, found = role_in(user, session), []
    for verb, move in SESSION_MOVES.items():
        if session.state not in move.sources or not user.may(move.permission):
            continue
        wanted = TAKEN_BY.get(verb)
        if wanted is not None:
            fits = role == wanted
        elif verb == "settle":
            fits = not role and plans_for(user, session.office_id)
        else:
            fits = plans_for(user, session.office_id)
        if verb == "open" and session.held_on != clock.today():
            fits = False
        if fits:
            found.append(verb)
    return found


def holding_of(user: User, session: TransactionSession) -> dict[str, Any]:
    """What the page of a session shows of holding it."""
    role = role_in(user, session)
    recorded = recorded_at(session)
    counted = {one.denomination: one.notes for one in session.counts.all()} or recorded.notes
    held = session.state in HELD
    shows_cash = held and (bool(role) or user.may("points.settle"))
    in_hand = bool(role) and session.state in (
        SessionState.PREPARED,
        SessionState.OPEN,
        SessionState.COUNTED,
    )
    return {
        "role": role,
        "recorded": recorded if role or user.may("points.hold") else None,
        # What a device told stands in the forms until a person writes otherwise.
        "conclusions": session.conclusions or recorded.conclusions,
        "difference_why": session.difference_why or recorded.why,
        "steps": steps_of(user, session),
        "verbs": {verb: move.label for verb, move in SESSION_MOVES.items()},
        "move_words": {verb: move.label for verb, move in SESSION_MOVES.items()}
        | {"move": "Dời ngày", "late": "Nộp nhật ký muộn"},
        "shows_cash": shows_cash,
        "expected": cash_expected(session) if shows_cash else 0,
        "notes": [(value, counted.get(value, 0)) for value in settings.denominations()],
        "handovers": list(session.handovers.select_related("giver", "taker").order_by("pk")),
        "may_hand": in_hand,
        "staff": staff_of(session.office_id, session.held_on) if in_hand else [],
    }
