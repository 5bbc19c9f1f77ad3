"""Workbooks of offices and points as clerks write them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

OFFICES = [
    ["Mã POS", "Tên phòng giao dịch", "Xã, phường phục vụ", "Địa chỉ", "Từ ngày"],
    ["000201", "Bảo Lạc", "Bảo Lạc; Cốc Pàng, xã Cô Ba", "Thị trấn cũ", "01/7/2025"],
    ["000202", "PGD NHCSXH huyện Hà Quảng", "Hà Quảng", "", ""],
]
POINTS = [
    ["Mã điểm", "Tên điểm giao dịch", "Xã, phường", "Ngày giao dịch", "Giờ giao dịch", "Tọa độ"],
    ["00020101", "Điểm xã Bảo Lạc", "xã Bảo Lạc", 15, "8:00-11:30", "22.9489, 105.6790"],
]


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Numbers stay numbers and days stay days, as a spreadsheet writes them."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(down, across, cell, day)
                elif cell != "":
                    sheet.write(down, across, cell)
    book.close()
    return buffer.getvalue()


def both() -> bytes:
    return workbook({"Phòng giao dịch": OFFICES, "Điểm giao dịch": POINTS})
