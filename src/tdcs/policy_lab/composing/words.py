"""What is assumed and how the measures are called, in the same words on pages and papers."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

MEASURE_NAMES: Final = {
    "interest": gettext_noop("Lãi một năm của dư nợ hiện có"),
    "new_interest": gettext_noop("Lãi một năm của hợp đồng mới"),
    "overdue": gettext_noop("Nợ quá hạn"),
    "doors": gettext_noop("Lượt hộ đủ điều kiện vay"),
    "bounds": gettext_noop("Mức được vay"),
    "paid": gettext_noop("Hoa hồng và phí một năm"),
}
ASSUMED: Final = (
    gettext_noop(
        "Lãi là lãi phát sinh của 365 ngày trên dư nợ của ngày số liệu, dư nợ không đổi; lãi được thu đủ."
    ),
    gettext_noop(
        "Hợp đồng mới: các món giải ngân trong 365 ngày trước, còn dư nợ, được ký lại theo mỗi luật; mức vay và thời hạn "
        "xét theo từng món."
    ),
    gettext_noop(
        "Ngân sách bù thêm là lãi giảm cộng hoa hồng và phí tăng; phần của nguồn địa phương theo nguồn của từng món."
    ),
    gettext_noop("Hoa hồng và phí tính trên gốc trong hạn của món vay qua tổ, một năm."),
    gettext_noop(
        "Chuẩn nghèo mới áp vào thu nhập của lần rà soát đã duyệt gần nhất; hộ chưa có số đo giữ diện đang có. Hộ đủ điều "
        "kiện đếm theo lượt hộ và chương trình, chưa xét nợ chương trình khác."
    ),
    gettext_noop(
        "Khi đổi cách chuyển nợ quá hạn, món đã điều chỉnh kỳ hạn, gia hạn hoặc khoanh giữ nguyên như đang có."
    ),
)


def measure_unit(measure: str) -> str:
    """Dong, but households for doors."""
    return "count" if measure == "doors" else "dong"
