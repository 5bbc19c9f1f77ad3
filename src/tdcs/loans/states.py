"""What a loan, an application and a request can be, what can happen to them, and who moves them where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.loans.rules.states import StateCode


class LoanState(models.TextChoices):
    """The codes of the rules with their words; a code is written in `rules/states.py` only."""

    IN_TIME = StateCode.IN_TIME.value, _("Trong hạn")
    OVERDUE = StateCode.OVERDUE.value, _("Quá hạn")
    FROZEN = StateCode.FROZEN.value, _("Khoanh nợ")
    SETTLED = StateCode.SETTLED.value, _("Đã tất toán")
    WRITTEN_OFF = StateCode.WRITTEN_OFF.value, _("Đã xóa nợ")


# A loan in one of these states may still owe something; one that has ended owes nothing.
OPEN_STATES: Final = (LoanState.IN_TIME, LoanState.OVERDUE, LoanState.FROZEN)
ENDED_STATES: Final = (LoanState.SETTLED, LoanState.WRITTEN_OFF)


class EventKind(models.TextChoices):
    DISBURSEMENT = "disbursement", _("Giải ngân")
    PRINCIPAL = "principal", _("Thu gốc")
    INTEREST = "interest", _("Thu lãi")
    SESSION_DAY = "session_day", _("Đổi ngày giao dịch xã")
    RESCHEDULE = "reschedule", _("Điều chỉnh kỳ hạn")
    EXTEND = "extend", _("Gia hạn nợ")
    FREEZE = "freeze", _("Khoanh nợ")
    UNFREEZE = "unfreeze", _("Hết khoanh nợ")
    WRITE_OFF = "write_off", _("Xóa nợ")
    WRITE_OFF_INTEREST = "write_off_interest", _("Xóa lãi")
    REFUND_INTEREST = "refund_interest", _("Trả lại lãi thu thừa")
    RATE = "rate", _("Đổi lãi suất")
    REVERSE = "reverse", _("Đảo bút toán")
    # What an extract of the bank's core says and does not split by day; no entry stands behind these.
    REPORTED_TERMS = "reported_terms", _("Lãi suất, hạn trả theo sao kê")
    REPORTED_LENT = "reported_lent", _("Giải ngân theo sao kê")
    REPORTED_PRINCIPAL = "reported_principal", _("Thu gốc theo sao kê")
    REPORTED_WRITE_OFF = "reported_write_off", _("Xóa nợ theo sao kê")
    REPORTED_INTEREST = "reported_interest", _("Thu lãi theo sao kê")
    REPORTED_WAIVED = "reported_waived", _("Xóa lãi theo sao kê")
    REPORTED_ACCRUED = "reported_accrued", _("Lãi phát sinh theo sao kê")
    REPORTED_OVERDUE = "reported_overdue", _("Tăng, giảm nợ quá hạn theo sao kê")
    REPORTED_FROZEN = "reported_frozen", _("Tăng, giảm nợ khoanh theo sao kê")
    REPORTED_ARREARS = "reported_arrears", _("Tăng, giảm lãi tồn theo sao kê")
    REPORTED_GONE = "reported_gone", _("Không còn trong sao kê")
    # Where a book of record begins on an extract: by how much interest that had accrued differs from what the rules make.
    OPENING = "opening", _("Lãi cộng dồn khi mở sổ")
    # And what of it is interest in arrears on overdue principal; the principal that had fallen due by then.
    OPENING_LATE = "opening_late", _("Lãi tồn quá hạn khi mở sổ")
    OPENING_FALLEN = "opening_fallen", _("Gốc đã đến hạn khi mở sổ")


# By which kinds money went out and came back: as this book records it, and as extracts report it (queries/paying.py).
LENDING: Final = (EventKind.DISBURSEMENT, EventKind.REPORTED_LENT)
REPAYING: Final = (EventKind.PRINCIPAL, EventKind.REPORTED_PRINCIPAL)
PAYING: Final = (*REPAYING, EventKind.INTEREST, EventKind.REPORTED_INTEREST)
WRITING_OFF: Final = (EventKind.WRITE_OFF, EventKind.REPORTED_WRITE_OFF)


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("Đang lập")
    APPRAISED = "appraised", _("Tổ đã bình xét")
    CONFIRMED = "confirmed", _("UBND xã đã xác nhận")
    CHECKED = "checked", _("Cán bộ tín dụng đã kiểm tra")
    CONTROLLED = "controlled", _("Đã kiểm soát")
    APPROVED = "approved", _("Đã phê duyệt")
    SIGNED = "signed", _("Đã ký hợp đồng")
    DISBURSED = "disbursed", _("Đã giải ngân")
    RETURNED = "returned", _("Trả lại bổ sung")
    REFUSED = "refused", _("Không cho vay")
    WITHDRAWN = "withdrawn", _("Hộ rút đề nghị")


# Nobody has to do anything more with an application in one of these states.
ENDED_APPLICATIONS: Final = (
    ApplicationState.DISBURSED,
    ApplicationState.REFUSED,
    ApplicationState.WITHDRAWN,
)
OPEN_APPLICATIONS: Final = tuple(
    state for state in ApplicationState if state not in ENDED_APPLICATIONS
)


class HeirState(models.TextChoices):
    ASKED = "asked", "Chờ duyệt"
    APPROVED = "approved", "Đã duyệt"
    REFUSED = "refused", "Từ chối"
    UNDONE = "undone", "Đã hoàn tác"


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
        _("Ghi kết quả bình xét"),
        (ApplicationState.DRAFT, ApplicationState.RETURNED),
        ApplicationState.APPRAISED,
        "loans.appraise",
        _FLOW,
    ),
    # Not offered on the application's page: the meeting is undone as a whole (services/meetings.py).
    "undo_appraisal": Move(
        _("Hủy kết quả bình xét"),
        (ApplicationState.APPRAISED,),
        ApplicationState.DRAFT,
        "loans.appraise",
        _FLOW,
    ),
    "confirm": Move(
        _("Xác nhận của UBND xã"),
        (ApplicationState.APPRAISED,),
        ApplicationState.CONFIRMED,
        "loans.confirm",
        _FLOW,
    ),
    "check": Move(
        _("Kiểm tra hồ sơ"),
        (ApplicationState.CONFIRMED,),
        ApplicationState.CHECKED,
        "loans.check",
        _FLOW,
    ),
    "control": Move(
        _("Kiểm soát"),
        (ApplicationState.CHECKED,),
        ApplicationState.CONTROLLED,
        "loans.control",
        _FLOW,
    ),
    "approve": Move(
        _("Phê duyệt cho vay"),
        (ApplicationState.CONTROLLED,),
        ApplicationState.APPROVED,
        "loans.approve",
        _FLOW,
    ),
    "sign": Move(
        _("Ký hợp đồng"), (ApplicationState.APPROVED,), ApplicationState.SIGNED, "loans.sign", _FLOW
    ),
    "disburse": Move(
        _("Giải ngân"),
        (ApplicationState.SIGNED, ApplicationState.DISBURSED),
        ApplicationState.DISBURSED,
        "loans.disburse",
        _FLOW,
    ),
    "return": Move(
        _("Trả lại để bổ sung"),
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
        _("Không cho vay"),
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
        _("Hộ rút đề nghị"),
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
        _("Thôi giải ngân phần còn lại"),
        (ApplicationState.DISBURSED,),
        ApplicationState.DISBURSED,
        "loans.sign",
        _FLOW,
    ),
}

_TWO_PERSONS: Final = "Người đề nghị không phải người duyệt (08/TD, 09/TD, 01/XLN)"

# A rescheduling, extension, freezing or write-off; no source: the verb makes the request.
CHANGE_MOVES: Final[dict[str, Move]] = {
    "ask": Move(_("Đề nghị xử lý nợ"), (), "asked", "loans.ask_change", _TWO_PERSONS),
    "approve": Move(
        _("Duyệt xử lý nợ"), ("asked",), "approved", "loans.decide_change", _TWO_PERSONS
    ),
    "refuse": Move(
        _("Từ chối xử lý nợ"), ("asked",), "refused", "loans.decide_change", _TWO_PERSONS
    ),
}

# A borrower is to be kept by another office, group or commune.
TRANSFER_MOVES: Final[dict[str, Move]] = {
    "ask": Move(_("Đề nghị chuyển nơi quản lý"), (), "asked", "loans.ask_move", _TWO_PERSONS),
    "approve": Move(
        _("Duyệt chuyển nơi quản lý"), ("asked",), "approved", "loans.decide_move", _TWO_PERSONS
    ),
    "refuse": Move(
        _("Từ chối chuyển nơi quản lý"), ("asked",), "refused", "loans.decide_move", _TWO_PERSONS
    ),
}

# An heir takes over what a dead borrower owes.
HEIR_MOVES: Final[dict[str, Move]] = {
    "ask": Move("Đề nghị nhận nợ thừa kế", (), "asked", "loans.ask_heir", _TWO_PERSONS),
    "approve": Move(
        "Duyệt nhận nợ thừa kế", ("asked",), "approved", "loans.decide_heir", _TWO_PERSONS
    ),
    "refuse": Move(
        "Từ chối nhận nợ thừa kế", ("asked",), "refused", "loans.decide_heir", _TWO_PERSONS
    ),
    "undo": Move(
        "Hoàn tác nhận nợ thừa kế", ("approved",), "undone", "loans.decide_heir", _TWO_PERSONS
    ),
}
