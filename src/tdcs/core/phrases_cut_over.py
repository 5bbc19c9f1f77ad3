"""What stands in the way of a loan's own book, beside its contract number."""

from __future__ import annotations

from typing import Final

CUT_OVER: Final = {
    "{} khoanh không có ngày hết hạn": "{} is frozen without a last day",
    "{} có điều khoản cho số liệu khác sao kê": "{} has terms that give other figures than the extract",
    "{} không có thời hạn": "{} has no term",
    "{} luật không nhận": "{} is refused by the law's rules",
}
