"""The moves of an obligation: verb, from where, to where, by whose permission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Move:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str


MOVES: Final[dict[str, Move]] = {
    "progress": Move(
        "Cập nhật tiến độ", ("open", "in_progress", "returned"), "in_progress", "plans.work"
    ),
    "submit": Move(
        "Báo cáo kết quả", ("open", "in_progress", "returned"), "submitted", "plans.work"
    ),
    "recall": Move("Rút lại báo cáo", ("submitted",), "in_progress", "plans.work"),
    "return": Move("Trả lại để bổ sung", ("submitted",), "returned", "plans.review"),
    "accept": Move("Duyệt", ("submitted",), "accepted", "plans.review"),
    "reopen": Move("Mở lại", ("accepted",), "in_progress", "plans.review"),
    "withdraw": Move(
        "Thôi giao",
        ("open", "in_progress", "submitted", "returned"),
        "withdrawn",
        "plans.assign",
    ),
}

# Nothing is decided yet: the unit still owes its answer.
OPEN_STATES: Final = ("open", "in_progress", "returned")


def stamp(state: str, touched_at: datetime | None) -> str:
    """What a form carries of the row it was filled from; another stamp on saving means somebody was faster."""
    return f"{state}@{touched_at.timestamp():.6f}" if touched_at else state
