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


class EstimateState(models.TextChoices):
    ESTIMATED = "estimated", "Dự toán"
    RESOLVED = "resolved", "Đã có nghị quyết"
    WITHDRAWN = "withdrawn", "Đã rút"


class ConfirmationState(models.TextChoices):
    DRAWN = "drawn", "Ngân hàng đã lập"
    BANK_SIGNED = "bank", "Ngân hàng đã ký"
    SIGNED = "signed", "Hai bên đã ký"
    RETURNED = "returned", "Bên ủy thác trả lại"


class OutsideState(models.TextChoices):
    FOUND = "found", "Đã rà soát"
    PROPOSED = "proposed", "Đã đề xuất chuyển"
    AGREED = "agreed", "Đồng ý chuyển"
    REFUSED = "refused", "Không đồng ý"
    MOVED = "moved", "Đã chuyển vốn"


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

_DECIDED: Final = "NĐ 06/2026/NĐ-CP, Điều 45.1.a; TT 84/2025/TT-BTC, Điều 3.2"
ESTIMATE_MOVES: Final[dict[str, Move]] = {
    "resolve": Move(
        "Nhập nghị quyết của HĐND",
        (EstimateState.ESTIMATED,),
        EstimateState.RESOLVED,
        "capital.budget",
        _DECIDED,
    ),
    "withdraw": Move(
        "Rút dự toán",
        (EstimateState.ESTIMATED,),
        EstimateState.WITHDRAWN,
        "capital.budget",
        _DECIDED,
    ),
}
_CONFIRMED: Final = "TT 11/2017/TT-BTC; TT 84/2025/TT-BTC (đối chiếu vốn ủy thác)"
CONFIRMATION_MOVES: Final[dict[str, Move]] = {
    "sign_bank": Move(
        "Ngân hàng ký",
        (ConfirmationState.DRAWN,),
        ConfirmationState.BANK_SIGNED,
        "capital.confirm",
        _CONFIRMED,
    ),
    "sign_budget": Move(
        "Bên ủy thác ký",
        (ConfirmationState.BANK_SIGNED,),
        ConfirmationState.SIGNED,
        "capital.budget",
        _CONFIRMED,
    ),
    "return": Move(
        "Trả lại để đối chiếu",
        (ConfirmationState.BANK_SIGNED,),
        ConfirmationState.RETURNED,
        "capital.budget",
        _CONFIRMED,
    ),
}
_REVIEWED: Final = (
    "QĐ 1560/QĐ-TTg; Chỉ thị 39-CT/TW (tập trung nguồn vốn có tính chất an sinh xã hội)"
)
OUTSIDE_MOVES: Final[dict[str, Move]] = {
    "propose": Move(
        "Đề xuất chuyển vốn",
        (OutsideState.FOUND, OutsideState.REFUSED),
        OutsideState.PROPOSED,
        "capital.change",
        _REVIEWED,
    ),
    "agree": Move(
        "Ghi trả lời đồng ý",
        (OutsideState.PROPOSED,),
        OutsideState.AGREED,
        "capital.change",
        _REVIEWED,
    ),
    "refuse": Move(
        "Ghi trả lời không đồng ý",
        (OutsideState.PROPOSED,),
        OutsideState.REFUSED,
        "capital.change",
        _REVIEWED,
    ),
    "move": Move(
        "Nhận vốn chuyển sang",
        (OutsideState.AGREED,),
        OutsideState.MOVED,
        "capital.receive",
        _REVIEWED,
    ),
}
