"""Faults and notes of extracts in words, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_SPANS: Final = 5
FAULTS: Final[dict[str, tuple[str, str]]] = {
    "not_a_number": ("không phải số", "is not a number"),
    "number_too_large": ("số quá lớn", "is too large a number"),
    "not_a_day": ("không phải ngày tháng", "is not a day"),
    "code_wrong": ("mã sai số chữ số", "is a code with a wrong count of digits"),
    "row_without_key": (
        "dòng không có số khế ước và mã khách hàng",
        "has neither a contract nor a customer",
    ),
    "formula": ("ô chứa công thức thay cho giá trị", "is a formula instead of a value"),
    "not_sum_of_parts": (
        "tổng không bằng cộng các phần",
        "is not the sum of its parts",
    ),
    "total_not_sum": (
        "số tổng in trên báo cáo không bằng cộng các dòng",
        "is a printed total that is not the sum of its rows",
    ),
    "negative": ("số âm", "is negative"),
    "more_than_possible": ("lớn hơn mức có thể", "is more than can be"),
    "missing": ("thiếu giá trị bắt buộc", "is missing"),
    "not_in_list": ("giá trị ngoài danh mục", "is not in the list"),
    "code_unknown": ("mã không có trong danh mục", "is a code that the list does not have"),
    "after_the_day": ("sau ngày số liệu", "is after the day of the figures"),
    "office_foreign": ("đơn vị không thuộc tỉnh này", "is no office of this province"),
    "other_day": (
        "ngày số liệu khác các dòng còn lại; để các dòng này ở một tệp riêng",
        "is another day than the other rows have; put these rows in a file of their own",
    ),
    "differs_between_rows": (
        "cùng khế ước nhưng số tiền khác nhau giữa các dòng",
        "differs between rows of one contract",
    ),
    "commune_unknown": ("không nhận ra xã", "is a commune that is not recognised"),
    "identity_wrong": (
        "số định danh phải đủ 12 chữ số",
        "must have 12 digits",
    ),
    "identity_missing": (
        "thiếu số định danh nên không biết là hộ nào; dòng này để lại",
        "is missing, so that nobody knows which household it is; the row is left out",
    ),
    "twice_in_list": ("có hai lần trong danh sách", "stands in the list twice"),
    "other_name": (
        "số định danh này là của người tên khác trong hệ thống",
        "has an identity number that belongs to another name here",
    ),
    "ends_too_early": ("hết hạn trước khi bắt đầu", "ends before it begins"),
    "later_class": (
        "hộ đã có diện bắt đầu sau ngày này; dòng này để lại",
        "is before a class that the household has since; the row is left out",
    ),
    "class_same_day": (
        "hộ đã có diện khác bắt đầu đúng ngày này; dòng này để lại",
        "is the day on which the household has another class; the row is left out",
    ),
    "investor_unknown": (
        "không nhận ra ngân sách của xã, tỉnh nào; dòng này để lại",
        "is the budget of no commune or province that is recognised; the row is left out",
    ),
    "commune_of_other": (
        "xã do phòng giao dịch khác phụ trách",
        "is a commune that another office serves",
    ),
    "two_officers": (
        "thôn này có hai cán bộ trong danh sách",
        "is one of two officers whom the list names for this hamlet",
    ),
    "later_officer": (
        "thôn này đã có cán bộ được giao sau ngày này; dòng này để lại",
        "is a hamlet with an officer who began later; the row is left out",
    ),
    "officer_same_day": (
        "thôn này đã được giao cán bộ khác đúng ngày này; dòng này để lại",
        "is a hamlet that was given to another officer on this very day; the row is left out",
    ),
    "commune_not_here": (
        "không nhận ra xã; dòng này để lại",
        "is a commune that is not recognised; the row is left out",
    ),
    "commune_kept_by_other": (
        "trong hệ thống, xã do phòng giao dịch khác phụ trách; dòng này để lại",
        "is a commune that another office serves here; the row is left out",
    ),
    "point_other_day": (
        "ngày giao dịch khác với sổ; đổi ngày ở trang điểm giao dịch",
        "is another day than the point has here; change it on the point's page",
    ),
    "point_elsewhere": (
        "điểm giao dịch ở xã khác trong sổ; dòng này để lại",
        "is a point that lies in another commune here; the row is left out",
    ),
    "point_without_day": (
        "thiếu ngày giao dịch từ 1 đến 31 nên chưa lập được điểm; dòng này để lại",
        "lacks a session day from 1 to 31, so that no point is made; the row is left out",
    ),
    "not_a_member": (
        "không phải tổ viên của tổ này trong sổ; chức danh này để lại",
        "is no member of this group here; the post is left as it was",
    ),
    "other_post": (
        "đang giữ chức danh khác; chức danh này để lại",
        "holds another post; this one is left as it was",
    ),
    "mass_unknown": (
        "không nhận ra hội, đoàn thể của xã; tổ giữ như cũ",
        "is an organisation that the commune does not have; the group keeps its own",
    ),
    "group_later": (
        "tổ đã có thay đổi từ ngày này trở đi; dòng này để lại",
        "is a group that has changed on this day or since; the row is left out",
    ),
    "customer_unknown": (
        "chưa có khách hàng này trong sổ; dòng để lại nếu báo cáo 31 cùng lượt không có",
        "is a customer not known yet; left out unless report 31 of the same import has him",
    ),
    "group_unknown": (
        "chưa có tổ này trong sổ; dòng để lại nếu báo cáo 31 cùng lượt không có",
        "is a group not known yet; left out unless report 31 of the same import has it",
    ),
}
NOTES: Final[dict[str, tuple[str, str]]] = {
    "headers": ("dòng tiêu đề lặp lại đã bỏ qua", "repeated headers left out"),
    "totals": ("dòng tổng cộng, chữ ký đã bỏ qua", "totals and signatures left out"),
    "zeros_restored": ("mã mất số 0 ở đầu đã khôi phục", "codes whose lost zeros were restored"),
    "days_swapped": (
        "ngày bị Excel kiểu Mỹ đảo ngày với tháng, đã đọc lại đúng; hãy đối chiếu",
        "days that an American Excel turned round, read back; please compare",
    ),
    "days_doubtful": (
        "ngày thật đứng cạnh ngày dạng chữ: Excel kiểu Mỹ có thể đã đảo ngày với tháng; giữ nguyên, hãy đối chiếu",
        "real dates beside day-month texts: an American Excel may have turned them round; kept, please compare",
    ),
    "month_first": (
        "ngày đọc theo kiểu tháng trước ngày, vì tên tệp hay tiêu đề nói vậy; hãy đối chiếu",
        "days read with the month first, as the file's name or title says; please compare",
    ),
    "days_either": (
        "ngày đọc được cả hai kiểu, không gì cho biết kiểu nào; đã đọc ngày trước tháng, hãy đối chiếu",
        "days that could be read either way; read with the day first, please compare",
    ),
    "loan_twice": (
        "dòng lặp lại cùng khế ước, cùng sổ; chỉ tính một lần",
        "rows of one loan and one book again; counted once",
    ),
    "old_letters": (
        "chữ kiểu cũ (TCVN3, VNI) đã chuyển sang Unicode",
        "letters of old fonts (TCVN3, VNI) made Unicode",
    ),
    "mixed_letters": (
        "dòng khác bảng mã với các dòng còn lại, đã đọc riêng; hãy đối chiếu",
        "lines in another encoding than the rest, read apart; please compare",
    ),
    "exported_later": (
        "tệp xuất sau ngày số liệu: có thể có phát sinh sau khóa sổ",
        "exported after the day of the figures: it may hold later movements",
    ),
}
# Notes after which a figure or a day may be another than it should: shown apart from what was merely left out.
WARNINGS: Final = frozenset(
    {
        "days_swapped",
        "days_doubtful",
        "month_first",
        "days_either",
        "mixed_letters",
        "exported_later",
    }
)


def row_spans(numbers: Sequence[int]) -> str:
    """Numbers of rows, those that follow each other together: "9–11, 14"; of many spans the first."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = [str(a) if a == b else f"{a}–{b}" for a, b in spans[:_SPANS]]
    return ", ".join([*told, "…"] if len(spans) > _SPANS else told)


def fault_words(code: str, language: str = "vi") -> str:
    """What is wrong with a cell."""
    return FAULTS[code][language == "en"]


def note_words(code: str, language: str = "vi") -> str:
    """What was done with a file's rows."""
    return NOTES[code][language == "en"]
