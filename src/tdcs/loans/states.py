"""What a loan, an application and a request can be, what can happen to them, and who moves them where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models

from tdcs.loans.rules.states import StateCode


class LoanState(models.TextChoices):
    """The codes of the rules with their words; a code is written in `rules/states.py` only."""

    IN_TIME = StateCode.IN_TIME.value, "Trong hạn"
    OVERDUE = StateCode.OVERDUE.value, "Quá hạn"
    FROZEN = StateCode.FROZEN.value, "Khoanh nợ"
    SETTLED = StateCode.SETTLED.value, "Đã tất toán"
    WRITTEN_OFF = StateCode.WRITTEN_OFF.value, "Đã xóa nợ"


# A loan in one of these states may still owe something; one that has ended owes nothing.
OPEN_STATES: Final = (LoanState.IN_TIME, LoanState.OVERDUE, LoanState.FROZEN)
ENDED_STATES: Final = (LoanState.SETTLED, LoanState.WRITTEN_OFF)


class EventKind(models.TextChoices):
    DISBURSEMENT = "disbursement", "Giải ngân"
    PRINCIPAL = "principal", "Thu gốc"
    INTEREST = "interest", "Thu lãi"
    SESSION_DAY = "session_day", "Đổi ngày giao dịch xã"
    RESCHEDULE = "reschedule", "Điều chỉnh kỳ hạn"
    EXTEND = "extend", "Gia hạn nợ"
    FREEZE = "freeze", "Khoanh nợ"
    UNFREEZE = "unfreeze", "Hết khoanh nợ"
    WRITE_OFF = "write_off", "Xóa nợ"
    WRITE_OFF_INTEREST = "write_off_interest", "Xóa lãi"
    REFUND_INTEREST = "refund_interest", "Trả lại lãi thu thừa"
    RATE = "rate", "Đổi lãi suất"
    REVERSE = "reverse", "Đảo bút toán"


class ApplicationState(models.TextChoices):
    DRAFT = "draft", "Đang lập"
    APPRAISED = "appraised", "Tổ đã bình xét"
    CONFIRMED = "confirmed", "UBND xã đã xác nhận"
    CHECKED = "checked", "Cán bộ tín dụng đã kiểm tra"
    CONTROLLED = "controlled", "Đã kiểm soát"
    APPROVED = "approved", "Đã phê duyệt"
    SIGNED = "signed", "Đã ký hợp đồng"
    DISBURSED = "disbursed", "Đã giải ngân"
    RETURNED = "returned", "Trả lại bổ sung"
    REFUSED = "refused", "Không cho vay"
    WITHDRAWN = "withdrawn", "Hộ rút đề nghị"


@dataclass(frozen=True, slots=True)
class Move:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    basis: str


_FLOW: Final = "Quy trình cho vay qua Tổ TK&VV (01/TD, 03/TD, 04/TD)"

MOVES: Final[dict[str, Move]] = {
    "appraise": Move(
        "Ghi kết quả bình xét",
        (ApplicationState.DRAFT, ApplicationState.RETURNED),
        ApplicationState.APPRAISED,
        "loans.appraise",
        _FLOW,
    ),
    # Not offered on the application's page: the meeting is undone as a whole (services/meetings.py).
    "undo_appraisal": Move(
        "Hủy kết quả bình xét",
        (ApplicationState.APPRAISED,),
        ApplicationState.DRAFT,
        "loans.appraise",
        _FLOW,
    ),
    "confirm": Move(
        "Xác nhận của UBND xã",
        (ApplicationState.APPRAISED,),
        ApplicationState.CONFIRMED,
        "loans.confirm",
        _FLOW,
    ),
    "check": Move(
        "Kiểm tra hồ sơ",
        (ApplicationState.CONFIRMED,),
        ApplicationState.CHECKED,
        "loans.check",
        _FLOW,
    ),
    "control": Move(
        "Kiểm soát",
        (ApplicationState.CHECKED,),
        ApplicationState.CONTROLLED,
        "loans.control",
        _FLOW,
    ),
    "approve": Move(
        "Phê duyệt cho vay",
        (ApplicationState.CONTROLLED,),
        ApplicationState.APPROVED,
        "loans.approve",
        _FLOW,
    ),
    "sign": Move(
        "Ký hợp đồng", (ApplicationState.APPROVED,), ApplicationState.SIGNED, "loans.sign", _FLOW
    ),
    "disburse": Move(
        "Giải ngân",
        (ApplicationState.SIGNED, ApplicationState.DISBURSED),
        ApplicationState.DISBURSED,
        "loans.disburse",
        _FLOW,
    ),
    "return": Move(
        "Trả lại để bổ sung",
        (
            ApplicationState.APPRAISED,
            ApplicationState.CONFIRMED,
            ApplicationState.CHECKED,
            ApplicationState.CONTROLLED,
        ),
        ApplicationState.RETURNED,
        "loans.check",
        _FLOW,
    ),
    "refuse": Move(
        "Không cho vay",
        (
            ApplicationState.APPRAISED,
            ApplicationState.CONFIRMED,
            ApplicationState.CHECKED,
            ApplicationState.CONTROLLED,
        ),
        ApplicationState.REFUSED,
        "loans.approve",
        _FLOW,
    ),
    "withdraw": Move(
        "Hộ rút đề nghị",
        (
            ApplicationState.DRAFT,
            ApplicationState.APPRAISED,
            ApplicationState.CONFIRMED,
            ApplicationState.CHECKED,
            ApplicationState.CONTROLLED,
            ApplicationState.RETURNED,
            ApplicationState.APPROVED,
            ApplicationState.SIGNED,
        ),
        ApplicationState.WITHDRAWN,
        "loans.apply",
        _FLOW,
    ),
    "forgo": Move(
        "Thôi giải ngân phần còn lại",
        (ApplicationState.DISBURSED,),
        ApplicationState.DISBURSED,
        "loans.sign",
        _FLOW,
    ),
}

_TWO_PERSONS: Final = "Người đề nghị không phải người duyệt (08/TD, 09/TD, 01/XLN)"

# A rescheduling, extension, freezing or write-off; no source: the verb makes the request.
CHANGE_MOVES: Final[dict[str, Move]] = {
    "ask": Move("Đề nghị xử lý nợ", (), "asked", "loans.ask_change", _TWO_PERSONS),
    "approve": Move("Duyệt xử lý nợ", ("asked",), "approved", "loans.decide_change", _TWO_PERSONS),
    "refuse": Move("Từ chối xử lý nợ", ("asked",), "refused", "loans.decide_change", _TWO_PERSONS),
}

# A borrower is to be kept by another office, group or commune.
TRANSFER_MOVES: Final[dict[str, Move]] = {
    "ask": Move("Đề nghị chuyển nơi quản lý", (), "asked", "loans.ask_move", _TWO_PERSONS),
    "approve": Move(
        "Duyệt chuyển nơi quản lý", ("asked",), "approved", "loans.decide_move", _TWO_PERSONS
    ),
    "refuse": Move(
        "Từ chối chuyển nơi quản lý", ("asked",), "refused", "loans.decide_move", _TWO_PERSONS
    ),
}
