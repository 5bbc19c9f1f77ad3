"""What every verb of a plan does first: lock, look who holds the pen, check an amount."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.access.models import User
from tdcs.core.text import squash
from tdcs.credit_plan.errors import (
    MoveNotOpen,
    NotYourLine,
    NotYourPen,
    PlanAmountWrong,
    PlanLocked,
    PlanProgrammeUnknown,
    WordsNeeded,
)
from tdcs.credit_plan.models import CreditPlan, CreditPlanState, OfficeRound, RoundState
from tdcs.credit_plan.queries.places import office_of, written_communes
from tdcs.credit_plan.rules.spread import MOST
from tdcs.credit_plan.states import BRANCH_WRITES, Move
from tdcs.documents.numbers import whole
from tdcs.organisations.models import Area
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules import programmes

LONGEST: Final = 300


def locked_plan(plan: CreditPlan) -> CreditPlan:
    """The plan's row, locked for the transaction."""
    found: CreditPlan = CreditPlan.objects.select_for_update().get(pk=plan.pk)
    return found


def require_negotiating(plan: CreditPlan) -> CreditPlan:
    """The locked plan while it is made. Raises PlanLocked."""
    held = locked_plan(plan)
    if held.state != CreditPlanState.NEGOTIATING:
        raise PlanLocked(year=held.year, state=held.get_state_display())
    return held


def require_open(move: Move, state: str, shown: str) -> None:
    """The move begins where the matter stands. Raises MoveNotOpen."""
    if state not in move.sources:
        raise MoveNotOpen(move=move.label, state=shown)


def require_amount(amount: int, unit: int) -> int:
    """A multiple of the plan's unit within bounds. Raises PlanAmountWrong."""
    if type(amount) is not int or not 0 <= amount <= MOST or amount % unit:
        raise PlanAmountWrong(amount=amount, unit=whole(unit), most=whole(MOST))
    return amount


def require_words(words: str, what: str, most: int = LONGEST) -> str:
    """Words that were written and fit. Raises WordsNeeded."""
    said = squash(words)
    if not said or len(said) > most:
        raise WordsNeeded(what=what, most=most)
    return said


def require_programme(code: str) -> str:
    """A programme of the law. Raises PlanProgrammeUnknown."""
    if code not in programmes():
        raise PlanProgrammeUnknown(programme=code)
    return code


def round_of_commune(plan: CreditPlan, area: int, on: date) -> OfficeRound:
    """The talk with the office that serves a commune, locked; begun when there was none."""
    office = office_of(area, on)
    if office is None:
        raise NotYourLine
    return locked_round(plan, office)


def locked_round(plan: CreditPlan, office: int) -> OfficeRound:
    """The talk with an office, locked; begun when there was none."""
    OfficeRound.objects.get_or_create(plan=plan, office_id=office)
    found: OfficeRound = OfficeRound.objects.select_for_update().get(plan=plan, office_id=office)
    return found


def require_branch_writes(turn: OfficeRound, on: date) -> None:
    """The branch holds the pen for this office's communes. Raises NotYourPen."""
    if turn.state not in BRANCH_WRITES:
        raise NotYourPen(office=office_name(turn, on), state=turn.get_state_display())


def require_unit_writes(turn: OfficeRound, area: Area | int, by: User, on: date) -> None:
    """The person's unit writes this commune's line, in its round. Raises NotYourLine, NotYourPen."""
    key = area if isinstance(area, int) else area.pk
    if key not in written_communes(by, on):
        raise NotYourLine
    if turn.state != RoundState.WITH_OFFICE:
        raise NotYourPen(office=office_name(turn, on), state=turn.get_state_display())


def office_name(turn: OfficeRound, on: date) -> str:
    """The office's short name on a day."""
    return names_on(on, [turn.office_id])[turn.office_id]
