"""Why rows of tables that were sent in cannot be taken, with its English (see phrases.py)."""

from __future__ import annotations

from typing import Final

ROWS: Final[dict[str, str]] = {
    # Registers of the movement
    "không có đơn vị “{}” trong phạm vi của mình": "there is no unit “{}” within your reach",
    # A commune's poverty review
    "số định danh “{}” không đủ 12 chữ số": "the identity number “{}” has not 12 digits",
    "không có hộ nào ở địa bàn với mã hộ {}": "no household here has the code {}",
    "không có hộ nào ở địa bàn với số định danh {}": "no household here has the identity number {}",
    "thiếu mã hộ và số định danh": "the household's code and the identity number are missing",
    "số định danh không phải của hộ {}": "the identity number is not of household {}",
    "hộ này đã có ở dòng {}": "this household stands in row {} already",
    "thiếu thu nhập": "the income is missing",
    "thiếu số chỉ số thiếu hụt": "the number of deprivations is missing",
    "thu nhập “{}” không phải số nguyên từ 0 đến {}": "the income “{}” is no whole number from 0 to {}",
    "số chỉ số “{}” không phải số nguyên từ 0 đến {}": "the number of deprivations “{}” is no whole number from 0 to {}",
    "ngày rà soát “{}” không đọc được: dùng dd/mm/yyyy": "the day “{}” cannot be read: write dd/mm/yyyy",
    "ngày rà soát {} ngoài đợt rà soát": "the day {} lies outside the review",
    # The form by which a unit reports
    "cột Mã đã bị sửa hoặc xóa": "the column of codes was changed or emptied",
    "việc mã {} không phải của đơn vị trong năm này": "the task of code {} is not this unit's in this year",
    "việc mã {} có hai dòng": "the task of code {} stands in two rows",
    "không có dòng tiêu đề của bảng ({})": "the row of headings is missing ({})",
    "kết quả dài quá {} chữ": "the result is longer than {} letters",
    "tiến độ “{}” phải là số nguyên từ 0 đến 100": "the progress “{}” is no whole number from 0 to 100",
    "các ô Kết quả, Số liệu, Tiến độ bị gộp làm một; tách ô rồi ghi từng ô": (
        "the cells of result, figure and progress are merged: divide them and fill in each"
    ),
    "số liệu “{}” không phải là số": "the figure “{}” is no number",
    "việc này không yêu cầu số liệu": "this task asks for no figure",
    "tiến độ 100% thì phải ghi kết quả thực hiện": "a progress of 100% needs the result in words",
    "kết quả đã báo cáo hoặc đã duyệt, không sửa bằng phiếu được": (
        "the result was reported or accepted: a form cannot change it"
    ),
    "việc này đã được cập nhật trên hệ thống sau khi lập phiếu; tải phiếu mới": (
        "this task was brought up to date after the form was made: download a new form"
    ),
    # Results of a reconciliation
    "số tiền không đọc được": "the amount cannot be read",
    "ngày ký không đọc được": "the day of signing cannot be read",
    "ghi hai lần": "is written twice",
    "không có trong đợt đối chiếu": "is not in this reconciliation",
    "mã kết quả không có trong danh mục": "the code of the result is not in the list",
    "không gặp được thì không có số liệu người vay ký": (
        "a borrower who was not met has signed no figures"
    ),
    "thiếu số liệu người vay ký hoặc ngày ký": "the signed figures or the day of signing are missing",
    "ngày ký ngoài thời gian đối chiếu": "the day of signing lies outside the reconciliation",
    "số tiền âm": "an amount is below zero",
    "có chênh lệch nhưng chưa ghi loại chênh lệch": "there is a difference, but not its kind",
    # A sheet that cannot be undone as a whole
    "sổ tiền gửi {}": "savings book {}",
}
