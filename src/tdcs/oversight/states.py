"""What programmes, inspections and findings can be, and who moves them where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class OversightMove:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    basis: str


_HOW: Final = "HD 727/HD-NHCS 11/02/2026 (kiểm tra, giám sát của tổ chức nhận ủy thác)"


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", _("Đang lập")
    SUBMITTED = "submitted", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")


PROGRAMME_MOVES: Final[dict[str, OversightMove]] = {
    "submit": OversightMove(
        _("Trình chương trình kiểm tra"),
        (ProgrammeState.DRAFT,),
        ProgrammeState.SUBMITTED,
        "oversight.plan",
        _HOW,
    ),
    "approve": OversightMove(
        _("Duyệt chương trình kiểm tra"),
        (ProgrammeState.SUBMITTED,),
        ProgrammeState.APPROVED,
        "oversight.approve",
        _HOW,
    ),
    "return": OversightMove(
        _("Trả lại chương trình kiểm tra"),
        (ProgrammeState.SUBMITTED,),
        ProgrammeState.DRAFT,
        "oversight.approve",
        _HOW,
    ),
}


class InspectionState(models.TextChoices):
    PREPARED = "prepared", _("Đã chuẩn bị")
    OPEN = "open", _("Đang kiểm tra")
    FINISHED = "finished", _("Đã lập biên bản")
    CANCELLED = "cancelled", _("Không thực hiện")


INSPECTION_MOVES: Final[dict[str, OversightMove]] = {
    "start": OversightMove(
        _("Bắt đầu kiểm tra"),
        (InspectionState.PREPARED,),
        InspectionState.OPEN,
        "oversight.inspect",
        _HOW,
    ),
    "finish": OversightMove(
        _("Kết thúc, lập biên bản"),
        (InspectionState.OPEN,),
        InspectionState.FINISHED,
        "oversight.inspect",
        _HOW,
    ),
    "cancel": OversightMove(
        _("Không thực hiện cuộc kiểm tra"),
        (InspectionState.PREPARED, InspectionState.OPEN),
        InspectionState.CANCELLED,
        "oversight.plan",
        _HOW,
    ),
}


class FindingState(models.TextChoices):
    OPEN = "open", _("Chưa khắc phục")
    ANSWERED = "answered", _("Đã báo khắc phục")
    CLOSED = "closed", _("Đã khép lại")


FINDING_MOVES: Final[dict[str, OversightMove]] = {
    "raise": OversightMove(_("Ghi tồn tại"), (), FindingState.OPEN, "oversight.inspect", _HOW),
    "answer": OversightMove(
        _("Báo đã khắc phục"),
        (FindingState.OPEN, FindingState.ANSWERED),
        FindingState.ANSWERED,
        "oversight.follow",
        _HOW,
    ),
    "close": OversightMove(
        _("Khép lại tồn tại"),
        (FindingState.OPEN, FindingState.ANSWERED),
        FindingState.CLOSED,
        "oversight.follow",
        _HOW,
    ),
    "reopen": OversightMove(
        _("Mở lại tồn tại"),
        (FindingState.ANSWERED, FindingState.CLOSED),
        FindingState.OPEN,
        "oversight.inspect",
        _HOW,
    ),
}


class CampaignState(models.TextChoices):
    OPEN = "open", _("Đang đối chiếu")
    CLOSED = "closed", _("Đã kết thúc")


CAMPAIGN_MOVES: Final[dict[str, OversightMove]] = {
    "open": OversightMove(_("Mở đợt đối chiếu"), (), CampaignState.OPEN, "oversight.plan", _HOW),
    "close": OversightMove(
        _("Kết thúc đợt đối chiếu"),
        (CampaignState.OPEN,),
        CampaignState.CLOSED,
        "oversight.plan",
        _HOW,
    ),
}


class CaseState(models.TextChoices):
    OPEN = "open", _("Chưa xác minh")
    EXAMINED = "examined", _("Đã xác minh")
    DECIDED = "decided", _("Đã có kết luận")


CASE_MOVES: Final[dict[str, OversightMove]] = {
    "raise": OversightMove(_("Ghi vụ việc"), (), CaseState.OPEN, "oversight.inspect", _HOW),
    "examine": OversightMove(
        _("Xác minh"),
        (CaseState.OPEN, CaseState.EXAMINED),
        CaseState.EXAMINED,
        "oversight.inspect",
        _HOW,
    ),
    "decide": OversightMove(
        _("Kết luận"), (CaseState.EXAMINED,), CaseState.DECIDED, "oversight.approve", _HOW
    ),
}
