"""The steps of consolidating a group's board, and who takes which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_noop as _


class CaseState(models.TextChoices):
    PROPOSED = "proposed", _("Đã đề nghị")
    OPINED = "opined", _("Đã có ý kiến của UBND xã")
    VOTED = "voted", _("Tổ đã biểu quyết")
    DECIDED = "decided", _("Đã quyết định, chờ bàn giao")
    HANDED = "handed", _("Đã bàn giao")
    DROPPED = "dropped", _("Không thực hiện")


@dataclass(frozen=True, slots=True)
class CaseMove:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    basis: str


_HOW: Final = "15/QĐ-HĐQT 05/3/2013; 70/QĐ-HĐQT 24/7/2026 (chưa có văn bản)"

CASE_MOVES: Final[dict[str, CaseMove]] = {
    "opine": CaseMove(
        _("Ghi ý kiến của UBND xã"),
        (CaseState.PROPOSED,),
        CaseState.OPINED,
        "entrustment.opine",
        _HOW,
    ),
    "vote": CaseMove(
        _("Ghi cuộc họp tổ"), (CaseState.OPINED,), CaseState.VOTED, "entrustment.change", _HOW
    ),
    "decide": CaseMove(
        _("Quyết định"), (CaseState.VOTED,), CaseState.DECIDED, "entrustment.consolidate", _HOW
    ),
    "hand_over": CaseMove(
        _("Ghi bàn giao"), (CaseState.DECIDED,), CaseState.HANDED, "entrustment.change", _HOW
    ),
    "drop": CaseMove(
        _("Không thực hiện nữa"),
        (CaseState.PROPOSED, CaseState.OPINED, CaseState.VOTED),
        CaseState.DROPPED,
        "entrustment.change",
        _HOW,
    ),
}
