"""One function applies every move of this room: the state and the line of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tdcs.access.models import User
from tdcs.capital.errors import FundingStateWrong, MayNotFund, NotYourBudget
from tdcs.capital.models import CapitalSource, Tranche
from tdcs.capital.queries.budgets import may_speak_for
from tdcs.capital.states import MOVES, Move
from tdcs.core import trail


def apply_move(
    row: Any, moves: Mapping[str, Move], verb: str, *, action: str, by: User | None, on: date
) -> None:
    """Bring a locked row to the state after ``verb``. Raises FundingStateWrong, MayNotFund."""
    step = moves[verb]
    if by is not None and not by.may(step.permission):
        raise MayNotFund(deed=step.label.lower())
    if row.state not in step.sources:
        raise FundingStateWrong(verb=step.label, state=row.get_state_display())
    before, row.state = row.state, step.target
    row.save()
    data = {"from": str(before), "to": str(step.target)}
    trail.record(action=action, subject=row, by=by, on=on, data=data)


def require_own(source: CapitalSource, by: User | None, on: date) -> None:
    """Who acts for a budget speaks for that one. Raises MayNotFund, NotYourBudget."""
    if by is None:
        return
    if not by.may("capital.budget"):
        raise MayNotFund(deed="làm việc này thay ngân sách")
    if not may_speak_for(by, source, on):
        raise NotYourBudget(name=source.name)


def move(tranche: Tranche, verb: str, *, by: User | None, on: date) -> None:
    """Bring a locked tranche to the state after ``verb``. Raises FundingStateWrong, MayNotFund."""
    apply_move(tranche, MOVES, verb, action=f"capital.{verb}_tranche", by=by, on=on)
