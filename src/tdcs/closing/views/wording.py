"""Figures and steps of a close as people call them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# The figures of the sums in the order of a close's page.
FIGURES: Final = {
    "loans": gettext_noop("Số khoản vay còn dư nợ"),
    "balance": gettext_noop("Dư nợ"),
    "in_time": gettext_noop("Trong hạn"),
    "overdue": gettext_noop("Quá hạn"),
    "frozen": gettext_noop("Khoanh"),
    "due": gettext_noop("Lãi chưa thu"),
    "arrears": gettext_noop("Lãi tồn"),
    "lent_month": gettext_noop("Cho vay trong tháng"),
    "repaid_month": gettext_noop("Thu nợ trong tháng"),
    "written_off_month": gettext_noop("Xóa nợ trong tháng"),
    "collected_month": gettext_noop("Thu lãi trong tháng"),
    "accrued_month": gettext_noop("Lãi phát sinh trong tháng"),
    "to_collect": gettext_noop("Lãi phải thu trong tháng"),
    "newly_overdue": gettext_noop("Quá hạn mới trong tháng"),
    "accrued": gettext_noop("Lãi phát sinh từ đầu"),
    "collected": gettext_noop("Lãi đã thu từ đầu"),
    "balance_days": gettext_noop("Tích số dư nợ trong tháng"),
    "overdue_loans": gettext_noop("Khoản vay quá hạn"),
    "frozen_loans": gettext_noop("Khoản vay khoanh"),
    "new_loans": gettext_noop("Khoản vay mới trong tháng"),
}
# What stands at the day's end, and what the month has brought so far, side by side on the page.
STANDS: Final = (
    "balance", "in_time", "overdue", "frozen", "due", "arrears", "accrued", "collected",
    "loans", "overdue_loans", "frozen_loans",
)  # fmt: skip
MONTH: Final = (
    "lent_month", "repaid_month", "written_off_month", "newly_overdue", "accrued_month",
    "collected_month", "to_collect", "balance_days", "new_loans",
)  # fmt: skip
COUNTS: Final = frozenset({"loans", "overdue_loans", "frozen_loans", "new_loans", "balance_days"})
STEPS: Final = {
    "wait": gettext_noop("Chờ bút toán đang ghi"),
    "late": gettext_noop("Tìm diễn biến ghi muộn"),
    "again": gettext_noop("Khóa lại các ngày trước"),
    "read": gettext_noop("Đọc"),
    "close": gettext_noop("Tính"),
    "write": gettext_noop("Ghi số liệu chốt"),
    "rate": gettext_noop("Chấm điểm tổ"),
    "post": gettext_noop("Hạch toán"),
}
# State → the class that gives its shape and colour.
MARKS: Final = {"done": "done", "running": "soon", "failed": "late"}


def figure(code: str) -> str:
    """What a figure is called."""
    return _(FIGURES[code]) if code in FIGURES else code


def step(code: str) -> str:
    """What a step of the close is called."""
    return _(STEPS[code]) if code in STEPS else code
