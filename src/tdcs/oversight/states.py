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


_LOG: Final = "HD 727/HD-NHCS 11/02/2026 (kiểm tra tại nơi không có mạng)"


class FieldState(models.TextChoices):
    """What became of a line that a device wrote at an inspection."""

    RECEIVED = "received", _("Đã nhận")
    APPLIED = "applied", _("Đã ghi vào cuộc kiểm tra")
    NOTED = "noted", _("Đã ghi nhận")
    VOIDED = "voided", _("Đã hủy trên máy")
    CASE = "case", _("Chờ người xử lý")
    RESOLVED = "resolved", _("Đã xử lý")


FIELD_MOVES: Final[dict[str, OversightMove]] = {
    "take_in": OversightMove(
        _("Nhận dòng nhật ký kiểm tra"), (), FieldState.RECEIVED, "oversight.inspect", _LOG
    ),
    "apply": OversightMove(
        _("Ghi dòng nhật ký vào cuộc kiểm tra"),
        (FieldState.RECEIVED,),
        FieldState.APPLIED,
        "oversight.inspect",
        _LOG,
    ),
    "note": OversightMove(
        _("Ghi nhận dòng nhật ký kiểm tra"),
        (FieldState.RECEIVED,),
        FieldState.NOTED,
        "oversight.inspect",
        _LOG,
    ),
    "void": OversightMove(
        _("Bỏ dòng đã hủy trên máy"),
        (FieldState.RECEIVED,),
        FieldState.VOIDED,
        "oversight.inspect",
        _LOG,
    ),
    "raise": OversightMove(
        _("Chuyển dòng nhật ký cho người xử lý"),
        (FieldState.RECEIVED,),
        FieldState.CASE,
        "oversight.inspect",
        _LOG,
    ),
    "apply_again": OversightMove(
        _("Ghi lại dòng nhật ký kiểm tra"),
        (FieldState.CASE,),
        FieldState.APPLIED,
        "oversight.plan",
        _LOG,
    ),
    "resolve": OversightMove(
        _("Xử lý vướng mắc kiểm tra"),
        (FieldState.CASE,),
        FieldState.RESOLVED,
        "oversight.plan",
        _LOG,
    ),
}

_AUDIT: Final = "Quyết định kiểm toán của cơ quan kiểm toán"


class AuditQueryState(models.TextChoices):
    """How far an auditor's query is."""

    ASKED = "asked", _("Chờ trả lời")
    ANSWERED = "answered", _("Đã trả lời")
    SETTLED = "settled", _("Kiểm toán đã chấp nhận")


AUDIT_QUERY_MOVES: Final[dict[str, OversightMove]] = {
    "ask": OversightMove(_("Hỏi"), (), AuditQueryState.ASKED, "oversight.audit", _AUDIT),
    "answer": OversightMove(
        _("Trả lời kiểm toán"),
        (AuditQueryState.ASKED, AuditQueryState.ANSWERED),
        AuditQueryState.ANSWERED,
        "oversight.answer_audit",
        _AUDIT,
    ),
    "settle": OversightMove(
        _("Chấp nhận trả lời"),
        (AuditQueryState.ANSWERED,),
        AuditQueryState.SETTLED,
        "oversight.audit",
        _AUDIT,
    ),
    "ask_again": OversightMove(
        _("Hỏi lại"),
        (AuditQueryState.ANSWERED,),
        AuditQueryState.ASKED,
        "oversight.audit",
        _AUDIT,
    ),
}
