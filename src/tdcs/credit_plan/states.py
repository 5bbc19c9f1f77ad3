"""The moves of a plan, of its rounds with offices and of its adjustments: verb, from where, to where, by whose permission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as n

from tdcs.credit_plan.models import AdjustmentState, CreditPlanState, RoundState


@dataclass(frozen=True, slots=True)
class Move:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str


PLAN_MOVES: Final[dict[str, Move]] = {
    "submit": Move(
        n("Trình phê duyệt"),
        (CreditPlanState.NEGOTIATING,),
        CreditPlanState.SUBMITTED,
        "credit_plan.change",
    ),
    "send_back": Move(
        n("Trả lại để lập lại"),
        (CreditPlanState.SUBMITTED,),
        CreditPlanState.NEGOTIATING,
        "credit_plan.approve",
    ),
    "approve": Move(
        n("Phê duyệt"),
        (CreditPlanState.SUBMITTED,),
        CreditPlanState.APPROVED,
        "credit_plan.approve",
    ),
}

ROUND_MOVES: Final[dict[str, Move]] = {
    "send": Move(
        n("Gửi phòng giao dịch"),
        (RoundState.DRAFT, RoundState.RETURNED),
        RoundState.WITH_OFFICE,
        "credit_plan.change",
    ),
    "return": Move(
        n("Trả lại kèm ý kiến"),
        (RoundState.WITH_OFFICE,),
        RoundState.RETURNED,
        "credit_plan.answer",
    ),
    "agree": Move(
        n("Thống nhất"), (RoundState.WITH_OFFICE,), RoundState.AGREED, "credit_plan.answer"
    ),
    "accept": Move(
        n("Chấp nhận đề nghị"), (RoundState.RETURNED,), RoundState.AGREED, "credit_plan.change"
    ),
    "reopen": Move(n("Mở lại"), (RoundState.AGREED,), RoundState.DRAFT, "credit_plan.change"),
}

ADJUSTMENT_MOVES: Final[dict[str, Move]] = {
    "approve": Move(
        n("Phê duyệt"),
        (AdjustmentState.PROPOSED,),
        AdjustmentState.APPROVED,
        "credit_plan.approve",
    ),
    "refuse": Move(
        n("Không phê duyệt"),
        (AdjustmentState.PROPOSED,),
        AdjustmentState.REFUSED,
        "credit_plan.approve",
    ),
}

# The branch holds the pen.
BRANCH_WRITES: Final = (RoundState.DRAFT, RoundState.RETURNED)
