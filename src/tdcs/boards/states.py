"""What a meeting and a self-review can be, and who moves them where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_noop as _


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Đã lên lịch")
    INVITED = "invited", _("Đã mời họp")
    HELD = "held", _("Đang họp")
    CLOSED = "closed", _("Đã kết thúc")
    CANCELLED = "cancelled", _("Không tổ chức")


class Presence(models.TextChoices):
    PRESENT = "present", _("Có mặt")
    EXCUSED = "excused", _("Vắng có lý do")
    ABSENT = "absent", _("Vắng")


class ReviewState(models.TextChoices):
    DRAFT = "draft", _("Đang soạn")
    ISSUED = "issued", _("Đã ban hành")


@dataclass(frozen=True, slots=True)
class MeetingMove:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str


MEETING_MOVES: Final[dict[str, MeetingMove]] = {
    "invite": MeetingMove(
        _("Mời họp"), (MeetingState.PLANNED,), MeetingState.INVITED, "boards.prepare"
    ),
    "attend": MeetingMove(
        _("Ghi điểm danh"),
        (MeetingState.INVITED, MeetingState.HELD),
        MeetingState.HELD,
        "boards.prepare",
    ),
    "close": MeetingMove(
        _("Kết thúc, thông qua biên bản"),
        (MeetingState.HELD,),
        MeetingState.CLOSED,
        "boards.decide",
    ),
    "cancel": MeetingMove(
        _("Không tổ chức"),
        (MeetingState.PLANNED, MeetingState.INVITED),
        MeetingState.CANCELLED,
        "boards.prepare",
    ),
}
