"""The two sheets of the workbook and their columns; how a heading is recognised when it was changed a little."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Final

from tdcs.core.text import fold

# So alike must a heading be to one of ours, where no spelling of ours fits.
_ALIKE: Final = 0.82


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``aliases``: other headings people give it; ``help``: what is explained under the heading."""

    key: str
    title: str
    help: str
    example: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    width: int = 18

    def explained(self) -> str:
        """What stands under the heading."""
        return f"{self.help} Ví dụ: {self.example}"


@dataclass(frozen=True, slots=True)
class Sheet:
    key: str
    title: str
    aliases: tuple[str, ...]
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field:
        return next(one for one in self.fields if one.key == key)


_STARTS: Final = Field(
    "starts_on",
    "Từ ngày",
    "Ngày bắt đầu hoạt động, hoặc ngày bắt đầu thay đổi: 01/7/2025. Để trống: ngày tải lên.",
    "01/7/2025",
    ("bắt đầu từ ngày", "ngày bắt đầu", "ngày hiệu lực", "hiệu lực từ", "starts on", "from"),
    width=14,
)
OFFICES: Final = Sheet(
    "offices",
    "Phòng giao dịch",
    ("phong giao dich", "pgd", "phong gd", "offices"),
    (
        Field(
            "code",
            "Mã POS",
            "6 chữ số, giữ số 0 ở đầu.",
            "004601",
            ("mã", "mã pgd", "mã phòng giao dịch", "mã phòng", "mã số", "pos", "code", "pos code"),
            required=True,
            width=10,
        ),
        Field(
            "name",
            "Tên phòng giao dịch",
            "Tên riêng là đủ: Định Quán.",
            "Định Quán",
            ("tên", "tên pgd", "tên phòng", "phòng giao dịch", "name"),
            required=True,
            width=24,
        ),
        Field(
            "communes",
            "Xã, phường phục vụ",
            "Tên các xã, phường hiện nay, cách nhau bằng dấu chấm phẩy. Xã không thuộc phòng nào do chi nhánh phục vụ.",
            "La Ngà; Định Quán",
            (
                "xã phục vụ",
                "địa bàn phục vụ",
                "địa bàn",
                "các xã",
                "xã phường",
                "communes",
                "communes served",
            ),
            required=True,
            width=60,
        ),
        Field(
            "address",
            "Địa chỉ",
            "Nơi đặt trụ sở; để trống được.",
            "Quốc lộ 20, xã Định Quán",
            ("dia chi tru so", "trụ sở", "address"),
            width=32,
        ),
        _STARTS,
    ),
)
POINTS: Final = Sheet(
    "points",
    "Điểm giao dịch",
    ("diem giao dich", "dgd", "diem gd", "points"),
    (
        Field(
            "code",
            "Mã điểm",
            "Mã điểm giao dịch, dạng chữ; mỗi điểm một mã.",
            "00460101",
            ("mã", "mã điểm giao dịch", "mã đgd", "mã số", "code", "point code"),
            required=True,
            width=12,
        ),
        Field(
            "name",
            "Tên điểm giao dịch",
            "Tên như trên biển.",
            "Điểm giao dịch xã La Ngà",
            ("tên", "tên điểm", "tên đgd", "điểm giao dịch", "name"),
            required=True,
            width=28,
        ),
        Field(
            "commune",
            "Xã, phường",
            "Xã, phường hiện nay có điểm này.",
            "La Ngà",
            ("xã", "tên xã", "địa bàn", "commune"),
            required=True,
            width=20,
        ),
        Field(
            "session_day",
            "Ngày giao dịch",
            "Ngày trong tháng, từ 1 đến 31.",
            "15",
            ("ngày", "ngày trong tháng", "ngày cố định", "ngày phiên", "day", "day of the month"),
            required=True,
            width=10,
        ),
        Field(
            "hours",
            "Giờ giao dịch",
            "Từ giờ đến giờ: 8:00-11:30; để trống được.",
            "8:00-11:30",
            ("giờ", "thời gian giao dịch", "thời gian", "hours"),
            width=14,
        ),
        Field(
            "place",
            "Nơi giao dịch",
            "Nơi đặt điểm giao dịch; để trống được.",
            "Trụ sở UBND xã La Ngà",
            ("địa điểm", "địa chỉ", "nơi đặt điểm", "place"),
            width=30,
        ),
        Field(
            "coordinates",
            "Tọa độ",
            "Vĩ độ, kinh độ: 11.1620, 107.2440; để trống được.",
            "11.1620, 107.2440",
            ("toạ độ", "vĩ độ kinh độ", "gps", "coordinates"),
            width=20,
        ),
        _STARTS,
    ),
)
SHEETS: Final = (OFFICES, POINTS)


def plain(words: object) -> str:
    """A heading without accents, signs and what stands in brackets."""
    text = fold(str(words)).split("(")[0].replace("*", " ")
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def field_of(sheet: Sheet, heading: object) -> str:
    """The key of the column that a heading means, or nothing."""
    words = plain(heading)
    if not words:
        return ""
    known = {
        plain(name): field.key
        for field in sheet.fields
        for name in (*field.aliases, field.title, field.key)
    }
    if words in known:
        return known[words]
    near = difflib.get_close_matches(words, known, n=1, cutoff=_ALIKE)
    return known[near[0]] if near else ""
