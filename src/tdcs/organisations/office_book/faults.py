"""Faults of a workbook by sheet, row and column, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tdcs.organisations.office_book.columns import SHEETS

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "no_sheet": (
        "Không có trang tính “Phòng giao dịch” hay “Điểm giao dịch”; tải mẫu và điền vào đó.",
        "There is no sheet “Phòng giao dịch” (offices) or “Điểm giao dịch” (points); fill the template.",
    ),
    "no_headings": (
        "Không tìm thấy hàng tiêu đề cột.",
        "The row of headings was not found.",
    ),
    "no_column": ("Thiếu cột “{what}”.", "The column “{what}” is missing."),
    "missing": ("Chưa ghi.", "Not filled in."),
    "not_six_digits": (
        "“{words}” không phải mã POS gồm 6 chữ số.",
        "“{words}” is not a POS code of 6 digits.",
    ),
    "too_long": ("“{words}…” dài quá 20 ký tự.", "“{words}…” is longer than 20 characters."),
    "twice": ("Mã {words} đã có ở hàng {what}.", "Code {words} stands in row {what} already."),
    "not_a_day": (
        "“{words}” không phải ngày; ghi ngày/tháng/năm, như 01/7/2025.",
        "“{words}” is no day; write day/month/year, such as 01/7/2025.",
    ),
    "not_a_month_day": (
        "“{words}” không phải ngày trong tháng (1 đến 31).",
        "“{words}” is no day of the month (1 to 31).",
    ),
    "not_hours": (
        "“{words}” không phải giờ; ghi như 8:00-11:30.",
        "“{words}” are no hours; write them as 8:00-11:30.",
    ),
    "not_coordinates": (
        "“{words}” không phải tọa độ; ghi vĩ độ, kinh độ như 11.1620, 107.2440.",
        "“{words}” are no coordinates; write latitude, longitude as 11.1620, 107.2440.",
    ),
    "swapped": (
        "“{words}”: vĩ độ và kinh độ đổi chỗ; ghi vĩ độ trước.",
        "“{words}”: latitude and longitude are swapped; latitude comes first.",
    ),
    "not_in_the_country": (
        "“{words}” nằm ngoài Việt Nam.",
        "“{words}” lies outside Viet Nam.",
    ),
    "no_commune": (
        "Không có xã, phường nào tên “{words}”. Gần giống: {what}.",
        "There is no commune called “{words}”. Similar: {what}.",
    ),
    "several_communes": (
        "“{words}” có nhiều đơn vị: {what}. Ghi đủ loại (xã, phường).",
        "“{words}” means several: {what}. Write its kind too (xã, phường).",
    ),
    "commune_twice": (
        "“{words}” đã thuộc phòng giao dịch ở hàng {what}.",
        "“{words}” is served by the office in row {what} already.",
    ),
    "ended": (
        "{words} đã chấm dứt từ {what}.",
        "{words} ceased on {what}.",
    ),
    "too_far": (
        "Ngày {words} quá xa; phải trong khoảng một năm tới.",
        "The day {words} is too far away; it must be within the next year.",
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    sheet: str
    row: int
    column: str
    vi: str
    en: str

    def where(self, language: str = "vi") -> str:
        """ "Phòng giao dịch, hàng 7, cột C (Xã, phường phục vụ)"."""
        row, column = ("row", "column") if language.startswith("en") else ("hàng", "cột")
        parts = [self.sheet]
        if self.row:
            parts.append(f"{row} {self.row}")
        if self.column:
            parts.append(f"{column} {self.column}")
        return ", ".join(part for part in parts if part)

    def sentence(self, language: str = "vi") -> str:
        return self.en if language.startswith("en") else self.vi


@dataclass(slots=True)
class Faults:
    """Collected while the file is read and then compared with the units."""

    found: list[Fault] = field(default_factory=list)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def name_columns(self, title: str, shown: str, places: Mapping[str, int]) -> None:
        """Remember where each column stands in the file and what the file calls its sheet."""
        sheet = next(one for one in SHEETS if one.title == title)
        self.names[title] = shown
        for key, place in places.items():
            letter = chr(ord("A") + place) if place < 26 else f"A{chr(ord('A') + place - 26)}"
            self.columns[title, key] = f"{letter} ({sheet.field(key).title})"

    def add(
        self, sheet: str, row: int, key: str, code: str, *, words: str = "", what: str = ""
    ) -> None:
        vi, en = _SENTENCES[code]
        said = {"words": words, "what": what}
        self.found.append(
            Fault(
                self.names.get(sheet, sheet),
                row,
                self.columns.get((sheet, key), key),
                vi.format(**said),
                en.format(**said),
            )
        )

    def at(self, sheet: str, row: int) -> Callable[..., None]:
        """Adds faults of one row: ``at("code", "missing")``."""

        def add(key: str, code: str, *, words: str = "", what: str = "") -> None:
            self.add(sheet, row, key, code, words=words, what=what)

        return add
