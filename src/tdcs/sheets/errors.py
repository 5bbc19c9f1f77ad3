"""Refusals of standard sheets."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class UnknownSheet(Refusal):
    code = "unknown_sheet"
    vi = "Không có biểu “{sheet}”."
    en = "There is no sheet “{sheet}”."
    next_step_vi = "Chọn trong: {known}."
    next_step_en = "Choose among: {known}."


class SheetNotForYou(Refusal):
    """The reader's unit reads no single loans, or no capital."""

    code = "sheet_not_for_you"
    vi = "Biểu “{sheet}” có số liệu ngoài phạm vi được xem của đơn vị bạn."
    en = "The sheet “{sheet}” holds data outside what your unit may see."
    next_step_vi = "Chọn một biểu trong danh sách ở trang Biểu mẫu chuẩn."
    next_step_en = "Choose a sheet of the list on the page of standard sheets."


class UnitOutside(Refusal):
    code = "sheet_unit_outside"
    vi = "Đơn vị “{unit}” không có hoặc ngoài phạm vi được xem."
    en = "The unit “{unit}” is unknown or outside what you may see."
    next_step_vi = "Chọn một đơn vị trong danh sách."
    next_step_en = "Choose a unit of the list."


class DayNotKept(Refusal):
    code = "sheet_day_not_kept"
    vi = "Ngày “{day}” chưa khóa sổ hoặc không còn giữ số liệu."
    en = "The day “{day}” is not closed, or its figures are no longer kept."
    next_step_vi = "Chọn một ngày khóa sổ trong danh sách: 45 ngày gần nhất và cuối các tháng."
    next_step_en = "Choose a closed day of the list: the last 45 days and ends of months."


class DaysNotInOrder(Refusal):
    code = "sheet_days_not_in_order"
    vi = "Ngày so sánh {before} phải trước ngày số liệu {day}."
    en = "The day to compare with, {before}, must come before {day}."
    next_step_vi = "Chọn một ngày khóa sổ sớm hơn."
    next_step_en = "Choose an earlier closed day."


class FilterUnknown(Refusal):
    code = "sheet_filter_unknown"
    vi = "Không có chương trình hoặc tổ “{value}”."
    en = "There is no programme or group “{value}”."
    next_step_vi = "Kiểm tra lại mã chương trình, mã tổ."
    next_step_en = "Check the code of the programme or the group."


class SheetTooLong(Refusal):
    """More rows than a sheet of a workbook holds."""

    code = "sheet_too_long"
    vi = "Biểu có {rows} dòng, nhiều hơn {most} dòng mà một trang tính chứa được."
    en = "The sheet has {rows} rows, more than the {most} that a worksheet holds."
    next_step_vi = "Chọn một đơn vị hoặc một chương trình."
    next_step_en = "Choose one unit or one programme."
