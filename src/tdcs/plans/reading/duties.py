"""General duties of the implementing section: own plans, the yearly report, follow-up, consolidation, amendments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tdcs.core.text import fold
from tdcs.plans.reading.model import ReadDuty, Timing
from tdcs.plans.reading.timing import timing_inside
from tdcs.plans.reading.units import find_units

_KINDS: Final[tuple[tuple[str, str], ...]] = (
    (
        "own_plan",
        r"(?:xay dung|ban hanh)[^.;]{0,40}ke hoach (?:cu the|thuc hien|to chuc|chi tiet|cua)",
    ),
    (
        "yearly_report",
        r"(?:gui|bao cao)[^.;]{0,80}ket qua|gui ket qua|bao cao (?:dinh ky|tinh hinh|ket qua)|ket qua[^.;]{0,30}gui ve",
    ),
    ("follow_up", r"theo doi,? (?:don doc|kiem tra)|don doc|giam sat viec thuc hien"),
    ("consolidate", r"tong hop[^.;]{0,140}bao cao (?:uy ban nhan dan|ubnd|chu tich|tinh uy)"),
    (
        "amend",
        r"(?:sua doi|dieu chinh|bo sung)[^.]{0,140}(?:de xuat|kien nghi|bao cao|phan anh|kip thoi)",
    ),
)
_DUE = re.compile(
    r"(?:trước|chậm nhất(?: là)?|định kỳ trước)\s+(?:ngày\s+)?\d{1,2}\s*(?:/|tháng)\s*\d{1,2}[^,;.]{0,20}",
    re.IGNORECASE,
)
_SUBJECT_ENDS = re.compile(
    r"\b(?:căn cứ|có trách nhiệm|chủ động|chủ trì|theo dõi|xây dựng|tổ chức|định kỳ|triển khai|thực hiện|hàng năm|hằng năm)\b",
    re.IGNORECASE,
)


_LONGEST: Final = 12_000
_REPORTS = re.compile(r"\b(?:gui|bao cao|phan anh)\b")


def is_duty(text: str) -> bool:
    """Whether a sentence lays down a report, follow-up or consolidation rather than work of its own."""
    key = fold(text[:_LONGEST])
    leads = re.sub(r"\bbao cao\b.{0,60}\bxem xet\b", "", key)
    kinds = [kind for kind, pattern in _KINDS if re.search(pattern, leads)]
    return bool(kinds) and bool(set(kinds) & {"yearly_report", "follow_up", "consolidate"})


def read_duties(path: str, text: str, lines: tuple[int, ...], year: int) -> list[ReadDuty]:
    """Every duty a paragraph lays down; one paragraph may hold an own plan and a yearly report."""
    key = fold(text[:_LONGEST])
    kinds = [kind for kind, pattern in _KINDS if re.search(pattern, key)]
    if "consolidate" in kinds and "yearly_report" in kinds and not _DUE.search(text):
        # "Tổng hợp kết quả báo cáo UBND tỉnh" is the branch's consolidation, not a report owed to it.
        kinds.remove("yearly_report")
    elif "yearly_report" in kinds and "consolidate" in kinds:
        # "… gửi kết quả trước ngày 15/12 để tổng hợp, báo cáo UBND": the consolidation is somebody else's.
        kinds.remove("consolidate")
    if "amend" in kinds:
        kinds = ["amend"]
    if not kinds and _REPORTS.search(key) and timing_inside(text, year=year).kind != "unknown":
        kinds = ["yearly_report"]
    units = tuple(unit for unit in find_units(_subject(text)) if unit.resolved)
    return [
        ReadDuty(path, kind, text, units, _timing(kind, text, year), lines)
        for kind in (kinds or ["other"])
    ]


def _subject(text: str) -> str:
    after = re.sub(r"^(?:Yêu cầu|Giao|Đề nghị|Trong quá trình[^;]*;)\s*", "", text.strip())
    found = _SUBJECT_ENDS.search(after)
    return after[: found.start()] if found else after[:200]


def _several(text: str, year: int) -> Timing | None:
    """ "báo cáo 6 tháng trước ngày 15/6, báo cáo năm trước ngày 10/12": each of its days."""
    each = [timing_inside(part, year=year) for part in _AGAIN.split(text[:_LONGEST])]
    dated = [one for one in each if one.due_on and one.day]
    if len(dated) < 2:
        return None
    days = tuple(sorted({day for one in dated for day in (*one.days, one.due_on)}))
    return replace(max(dated, key=lambda one: one.due_on), days=days)


_AGAIN = re.compile(r",\s*(?=(?:báo cáo|đối với|riêng)\b)|;\s*", re.IGNORECASE)


def _timing(kind: str, text: str, year: int) -> Timing:
    found = _several(text, year) or timing_inside(text, year=year)
    if (kind == "yearly_report" or found.days or found.day) and found.kind not in (
        "unknown",
        "standing",
        "on_instruction",
    ):
        return found
    if re.search(r"h[àaằ][nm]g năm|hằng năm", text) and kind in (
        "yearly_report",
        "follow_up",
        "consolidate",
    ):
        return Timing("yearly", "hàng năm")
    return Timing()
