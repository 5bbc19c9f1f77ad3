"""What is asked of every decision on a request: it waits, the person may, and somebody else asked."""

from __future__ import annotations

from tdcs.access.conflicts import in_conflict
from tdcs.access.models import User
from tdcs.loans.errors import NotAllowed, RequestDecided, SamePerson
from tdcs.loans.states import Move


def require_decidable(
    *, state: str, move: Move, asked: tuple[str, int | None], by: User, verb: str
) -> None:
    """``asked``: the act of who asked, and the person. Raises RequestDecided, NotAllowed, SamePerson."""
    if state not in move.sources:
        raise RequestDecided
    if not by.may(move.permission):
        raise NotAllowed(verb=verb)
    if in_conflict(move.permission, [asked], by.pk):
        raise SamePerson(verb=verb)
