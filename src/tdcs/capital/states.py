"""What a part of an entrustment can be, and who moves it where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models


class TrancheState(models.TextChoices):
    PLANNED = "planned", "Dự kiến"
    ORDERED = "ordered", "Đã có lệnh chi"
    RECEIVED = "received", "Đã nhận đủ"
    CANCELLED = "cancelled", "Thôi thực hiện"


@dataclass(frozen=True, slots=True)
class Move:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    basis: str


_PAID: Final = "TT 26/2026/TT-BTC (chi bằng lệnh chi tiền); TT 11/2017/TT-BTC, TT 84/2025/TT-BTC"

MOVES: Final[dict[str, Move]] = {
    "order": Move(
        "Ra lệnh chi tiền", (TrancheState.PLANNED,), TrancheState.ORDERED, "capital.budget", _PAID
    ),
    "receive": Move(
        "Ghi nhận đủ tiền",
        (TrancheState.PLANNED, TrancheState.ORDERED),
        TrancheState.RECEIVED,
        "capital.receive",
        _PAID,
    ),
    "reopen": Move(
        "Đảo khoản đã nhận",
        (TrancheState.RECEIVED,),
        TrancheState.ORDERED,
        "capital.receive",
        _PAID,
    ),
    "cancel": Move(
        "Thôi thực hiện đợt",
        (TrancheState.PLANNED, TrancheState.ORDERED),
        TrancheState.CANCELLED,
        "capital.change",
        _PAID,
    ),
}
