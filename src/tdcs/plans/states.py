"""The moves of an obligation: verb, from where, to where, by whose permission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop as _

from tdcs.plans.models import ObligationState, PlanState


@dataclass(frozen=True, slots=True)
class Move:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str


MOVES: Final[dict[str, Move]] = {
    "progress": Move(
        _("Cập nhật tiến độ"),
        (ObligationState.OPEN, ObligationState.IN_PROGRESS, ObligationState.RETURNED),
        ObligationState.IN_PROGRESS,
        "plans.work",
    ),
    "submit": Move(
        _("Báo cáo kết quả"),
        (ObligationState.OPEN, ObligationState.IN_PROGRESS, ObligationState.RETURNED),
        ObligationState.SUBMITTED,
        "plans.work",
    ),
    "recall": Move(
        _("Rút lại báo cáo"),
        (ObligationState.SUBMITTED,),
        ObligationState.IN_PROGRESS,
        "plans.work",
    ),
    "return": Move(
        _("Trả lại để bổ sung"),
        (ObligationState.SUBMITTED,),
        ObligationState.RETURNED,
        "plans.review",
    ),
    "accept": Move(
        _("Duyệt"), (ObligationState.SUBMITTED,), ObligationState.ACCEPTED, "plans.review"
    ),
    "reopen": Move(
        _("Mở lại"), (ObligationState.ACCEPTED,), ObligationState.IN_PROGRESS, "plans.review"
    ),
    "withdraw": Move(
        _("Thôi giao"),
        (
            ObligationState.OPEN,
            ObligationState.IN_PROGRESS,
            ObligationState.SUBMITTED,
            ObligationState.RETURNED,
        ),
        ObligationState.WITHDRAWN,
        "plans.assign",
    ),
}

PLAN_MOVES: Final[dict[str, Move]] = {
    "publish": Move(
        _("Công bố"),
        (PlanState.DRAFT, PlanState.WITHDRAWN, PlanState.PUBLISHED),
        PlanState.PUBLISHED,
        "plans.publish",
    ),
    "withdraw": Move(
        _("Thu hồi công bố"), (PlanState.PUBLISHED,), PlanState.WITHDRAWN, "plans.publish"
    ),
    "archive": Move(_("Lưu trữ"), (PlanState.PUBLISHED,), PlanState.ARCHIVED, "plans.publish"),
    "unarchive": Move(
        _("Đưa ra khỏi lưu trữ"), (PlanState.ARCHIVED,), PlanState.PUBLISHED, "plans.publish"
    ),
}

# Nothing is decided yet: the unit still owes its answer.
OPEN_STATES: Final = (ObligationState.OPEN, ObligationState.IN_PROGRESS, ObligationState.RETURNED)


def stamp(state: str, touched_at: datetime | None) -> str:
    """What a form carries of the row it was filled from; another stamp on saving means somebody was faster."""
    return f"{state}@{touched_at.timestamp():.6f}" if touched_at else state
