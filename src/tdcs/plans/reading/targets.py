"""Figures a task sets: percentages and counts, with what they are compared with and what they are a share of."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.text import fold
from tdcs.plans.reading.model import Figure

_PERCENT = re.compile(r"(?P<n>\d+(?:[.,]\d+)?)\s*%")
_COUNT = re.compile(
    r"(?P<n>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)\s*(?P<u>tỷ đồng|triệu đồng|nghìn tỷ đồng|đồng|lao động|hộ dân|hộ|lượt khách|lượt người|lượt|mô hình|lớp|người|căn|đơn vị|xã|phường|thôn|km|ha|m2|m3|mét"
    r"|liều|con|tấn|tạ|kg|lít|cây|giường|ca|suất|cuốn|bộ|chiếc|xe|máy|ngôi nhà|nhà|phòng|tuyến|cơ sở|doanh nghiệp|hợp tác xã|học viên|học sinh|sinh viên"
    r"|dự án|công trình|hồ sơ|văn bản|sản phẩm|khách|vụ|trường hợp|điểm|trạm|buổi|phóng sự|thửa|khu|cụm|chuyến|MW|bản|tổ|câu lạc bộ|giáo viên|cán bộ)\b",
    re.IGNORECASE,
)
_COMPARE: Final = (
    ("<", ("duoi", "nho hon", "thap hon", "khong qua", "khong vuot", "toi da", "giam con")),
    (
        ">=",
        ("tren", "toi thieu", "it nhat", "tu", "hon", "khong duoi", "dat ty le tren", "tro len"),
    ),
    ("~", ("khoang", "gan", "xap xi")),
)
_CLAUSE = re.compile(r"[.;](?:\s|$)|,\s+(?=trong đó|phấn đấu|đảm bảo|bảo đảm|duy trì)")


def read_targets(text: str) -> tuple[Figure, ...]:
    """Every figure with a unit in the text; the words are its clause."""
    found = []
    for clause in _CLAUSE.split(text):
        for match in [*_PERCENT.finditer(clause), *_COUNT.finditer(clause)]:
            unit = match.groupdict().get("u") or "%"
            found.append(
                Figure(
                    figure=_plain(match["n"], unit),
                    unit=unit.lower(),
                    comparison=_comparison(clause, match),
                    words=clause.strip(),
                    base=_base(clause, match.end()) if unit == "%" else "",
                )
            )
    return tuple(found)


def _plain(number: str, unit: str) -> str:
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", number) and unit != "%":
        return number.replace(".", "")
    return number.replace(",", ".")


def _comparison(clause: str, match: re.Match[str]) -> str:
    near = clause[: match.start()].split()[-4:]
    # "điện tử" is not "từ": where the text has accents they decide.
    before = " ".join(
        fold(one) for one in near if not (fold(one) == "tu" and one.lower() not in ("từ", "tu"))
    )
    after = fold(clause[match.end() :])[:12]
    if after.startswith("tro len"):
        return ">="
    best, sign = -1, "="
    for mark, words in _COMPARE:
        for word in words:
            at = f" {before} ".rfind(f" {word} ")
            if at > best:
                best, sign = at, mark
    return sign


def _base(clause: str, at: int) -> str:
    """What the percentage is a share of: the words right behind it."""
    rest = clause[at:].lstrip(" /")
    words = re.split(r"[,;.(]|\bđều\b|\btrong\b|\bcó\b", rest, maxsplit=1)[0].strip()
    return words[:120]
