"""What a session can be and who moves it where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models


class SessionState(models.TextChoices):
    PLANNED = "planned", "Đã lên lịch"
    PREPARED = "prepared", "Đã chuẩn bị"
    OPEN = "open", "Đang giao dịch"
    COUNTED = "counted", "Đã kiểm quỹ"
    CLOSED = "closed", "Đã kết thúc"
    SETTLED = "settled", "Đã bàn giao quỹ"
    CANCELLED = "cancelled", "Không tổ chức"


# A session in one of these states was held, or is being held.
HELD: Final = (
    SessionState.OPEN,
    SessionState.COUNTED,
    SessionState.CLOSED,
    SessionState.SETTLED,
)
# Its day, its people and its papers may still change.
COMING: Final = (SessionState.PLANNED, SessionState.PREPARED)


@dataclass(frozen=True, slots=True)
class SessionMoveRow:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    basis: str


_HOW: Final = "HD 4030/NHCS-TDNN 10/12/2014 (hoạt động của điểm giao dịch xã)"
_CASH: Final = "HD 4030/NHCS-TDNN 10/12/2014 (kiểm quỹ, bàn giao quỹ cuối phiên)"

SESSION_MOVES: Final[dict[str, SessionMoveRow]] = {
    "prepare": SessionMoveRow(
        "Xác nhận chuẩn bị xong",
        (SessionState.PLANNED,),
        SessionState.PREPARED,
        "points.plan",
        _HOW,
    ),
    "open": SessionMoveRow(
        "Mở phiên giao dịch", (SessionState.PREPARED,), SessionState.OPEN, "points.hold", _HOW
    ),
    "count": SessionMoveRow(
        "Ghi kiểm quỹ cuối phiên",
        (SessionState.OPEN, SessionState.COUNTED),
        SessionState.COUNTED,
        "points.hold",
        _CASH,
    ),
    "close": SessionMoveRow(
        "Kết thúc phiên", (SessionState.COUNTED,), SessionState.CLOSED, "points.hold", _HOW
    ),
    "settle": SessionMoveRow(
        "Nhận bàn giao quỹ", (SessionState.CLOSED,), SessionState.SETTLED, "points.settle", _CASH
    ),
    "cancel": SessionMoveRow(
        "Không tổ chức phiên",
        (SessionState.PLANNED, SessionState.PREPARED),
        SessionState.CANCELLED,
        "points.plan",
        _HOW,
    ),
}


class LogState(models.TextChoices):
    """What became of one line of a device's log."""

    RECEIVED = "received", "Đã nhận"
    POSTED = "posted", "Đã hạch toán"
    NOTED = "noted", "Đã ghi nhận"
    VOIDED = "voided", "Đã hủy tại phiên"
    CASE = "case", "Cần xử lý"
    RESOLVED = "resolved", "Đã xử lý"


_LOG: Final = "HD 4030/NHCS-TDNN 10/12/2014 (nạp dữ liệu giao dịch lưu động sau phiên)"

LOG_MOVES: Final[dict[str, SessionMoveRow]] = {
    "receive": SessionMoveRow("Nhận dòng nhật ký", (), LogState.RECEIVED, "points.hold", _LOG),
    "post": SessionMoveRow(
        "Hạch toán dòng nhật ký", (LogState.RECEIVED,), LogState.POSTED, "points.hold", _LOG
    ),
    "note": SessionMoveRow(
        "Ghi nhận dòng nhật ký", (LogState.RECEIVED,), LogState.NOTED, "points.hold", _LOG
    ),
    "void": SessionMoveRow(
        "Bỏ dòng đã hủy tại phiên", (LogState.RECEIVED,), LogState.VOIDED, "points.hold", _LOG
    ),
    "raise": SessionMoveRow(
        "Chuyển cho người xử lý", (LogState.RECEIVED,), LogState.CASE, "points.hold", _LOG
    ),
    "post_again": SessionMoveRow(
        "Hạch toán lại dòng nhật ký", (LogState.CASE,), LogState.POSTED, "points.plan", _LOG
    ),
    "resolve": SessionMoveRow(
        "Xử lý vướng mắc", (LogState.CASE,), LogState.RESOLVED, "points.plan", _LOG
    ),
}


class ReceiptState(models.TextChoices):
    """What a receipt that a device signed is in the book."""

    PENDING = "pending", "Chưa nộp về"
    RECEIVED = "received", "Đã nộp về, chờ vào sổ"
    BOOKED = "booked", "Đã vào sổ"
    DIFFERS = "differs", "Không khớp với sổ"
    WAITING = "waiting", "Đang được phòng giao dịch xử lý"
    VOIDED = "voided", "Đã hủy tại phiên"
    REVERSED = "reversed", "Đã vào sổ rồi bị đảo"
    REFUSED = "refused", "Không vào sổ"


class CreditState(models.TextChoices):
    """What became of a line of the bank's list; one that waits is told apart by what its session wrote on the sheet."""

    UNPAID = "unpaid", "Chờ hạch toán"
    MATCHED = "matched", "Trùng số đã ghi trên bảng kê"
    DIFFERS = "differs", "Khác số đã ghi trên bảng kê"
    BOOKED = "booked", "Đã hạch toán"
    UNKNOWN = "unknown", "Không nhận ra nội dung"
    HANDLED = "handled", "Đã xử lý"
