"""What a dossier and a round of risk handling can be, and who moves a round where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models


class RoundState(models.TextChoices):
    OPEN = "open", "Đang lập"
    SUBMITTED = "submitted", "Đã trình"
    DECIDED = "decided", "Đã quyết định"


@dataclass(frozen=True, slots=True)
class RoundMove:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    basis: str


_HOW: Final = "QĐ 62/QĐ-HĐQT 27/09/2021 (xử lý nợ bị rủi ro theo đợt, 01–05/XLN)"

ROUND_MOVES: Final[dict[str, RoundMove]] = {
    "submit": RoundMove(
        "Trình đợt xử lý", (RoundState.OPEN,), RoundState.SUBMITTED, "problem_loans.work", _HOW
    ),
    "decide": RoundMove(
        "Ghi quyết định", (RoundState.SUBMITTED,), RoundState.DECIDED, "problem_loans.decide", _HOW
    ),
}
