"""One function applies every move of a tranche: its state and the line of the trail."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.capital.errors import FundingStateWrong, MayNotFund
from tdcs.capital.models import Tranche
from tdcs.capital.states import MOVES
from tdcs.core import trail


def move(tranche: Tranche, verb: str, *, by: User | None, on: date) -> None:
    """Bring a locked tranche to the state after ``verb``. Raises FundingStateWrong, MayNotFund."""
    step = MOVES[verb]
    if by is not None and not by.may(step.permission):
        raise MayNotFund(deed=step.label)
    if tranche.state not in step.sources:
        raise FundingStateWrong(verb=step.label, state=tranche.get_state_display())
    before, tranche.state = tranche.state, step.target
    tranche.save()
    data = {"from": before, "to": step.target, "order": tranche.order_number}
    trail.record(action=f"capital.{verb}_tranche", subject=tranche, by=by, on=on, data=data)
