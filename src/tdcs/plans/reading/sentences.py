"""Assignments inside a sentence: "Giao A chủ trì, phối hợp với B …", "… do A chủ trì", "(A chủ trì; B phối hợp)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tdcs.core.text import squash
from tdcs.plans.reading.grammar import head_at, named_units, subject, unit_end
from tdcs.plans.reading.model import UnitWords

_WITH = re.compile(
    r"\bphối hợp(?:\s*:)?\s+(?:chặt chẽ\s+)?(?:với|cùng)?\s*(?:với\s+)?(?=\S)", re.IGNORECASE
)
# "A chủ trì", "do A thực hiện", "giao A": who stands before or behind the word.
_BY = re.compile(r"(?:\bdo|\bgiao(?: cho)?|\(|:)\s+|[(:]|[.;]\s+", re.IGNORECASE)
_TAKES = re.compile(
    r"^\s*(?:là (?:đơn vị|cơ quan)\s+)?(?:chủ trì|thực hiện|phụ trách|chịu trách nhiệm|làm đầu mối|đầu mối|tham mưu|tổ chức|chủ động|đảm nhiệm)\b",
    re.IGNORECASE,
)
_THEY_HELP = re.compile(
    r"(?:^|[,;]|\bvà\b)\s*([^,;()]{3,80}?)\s+(?:cùng\s+)?phối hợp\b(?!\s+(?:với|cùng))",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?P<who>(?:đồng chí|đ/c|ông|bà|thầy|cô|anh|chị)\s+[A-ZÀ-ỸĐ][a-zà-ỹđ'’]*(?:\s+[A-ZÀ-ỸĐ][a-zà-ỹđ'’]*){0,5}(?:\s*[,–(-][^.;:]{2,80}?)?\)?)"
    r",?(?=\s+(?:chủ trì|thực hiện|phụ trách|chịu trách nhiệm|làm đầu mối|tham mưu|theo dõi))"
)
# "Đồng chí A, Phó Bí thư Đảng ủy làm Trưởng đoàn …", "Bà B - Chủ tịch Hội C: kiểm tra …".
_PERSON_FIRST = re.compile(
    r"^(?P<who>(?:(?i:đồng chí|đ/c|ông|bà|thầy|cô|anh|chị)|(?:BS|ThS|TS|CN)\.)\s+(?P<name>[A-ZÀ-ỸĐ][a-zà-ỹđ'’]*(?:\s+[A-ZÀ-ỸĐ][\wà-ỹđ'’]*){1,5})"
    r"(?:\s*[-–,]\s*(?:Phó|Trưởng|Giám|Chủ|Bí|Cán|Chuyên|Công chức|Hiệu|Tổ|Ủy viên|Thành viên|Chánh|Kế toán|Nhân viên|Bác sĩ|Đội)\b[^:;.]{0,70}?|\s*\([^()]{3,60}\))?)"
    r",?(?::\s|\s+(?=(?:làm|giữ|trực tiếp|chủ trì|thực hiện|phụ trách|chịu trách nhiệm|tham mưu|theo dõi|kiểm tra|giám sát|tổ chức|chỉ đạo|xây dựng|tổng hợp|báo cáo"
    r"|hướng dẫn|chuẩn bị|quyết toán|đôn đốc|rà soát|phối hợp)\b))"
)
_LONGEST: Final = 1200


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who leads and who coordinates by a sentence; empty when it names nobody."""

    lead: tuple[UnitWords, ...] = ()
    coordinate: tuple[UnitWords, ...] = ()
    work: str = ""


def assignment(text: str, *, subject_leads: bool = True) -> Assigned:
    """Read one sentence. ``subject_leads``: the unit that begins it does the work."""
    words = squash(text)[:_LONGEST]
    who, rest = "", words
    lead: tuple[UnitWords, ...] = ()
    if subject_leads and (person := _PERSON_FIRST.match(words)):
        who, rest = person["who"], words[person.end() :]
        lead = (UnitWords(words=person["who"].strip(" ,")),)
    elif subject_leads:
        who, rest = subject(words)
        lead = named_units(who) if who and rest else ()
    if not lead:
        lead = _by_whom(words)
    coordinate = (*_with_whom(words), *_helpers(words))
    names = {unit.words for unit in lead}
    return Assigned(
        lead,
        tuple(dict.fromkeys(u for u in coordinate if u.words not in names)),
        rest if who else words,
    )


def _by_whom(words: str) -> tuple[UnitWords, ...]:
    """ "… do Sở Xây dựng chủ trì", "(Phòng Kinh tế chủ trì; …)", "…: giao Đội X thực hiện"."""
    for found in _BY.finditer(words):
        start = found.end()
        start += len(words[start:]) - len(words[start:].lstrip())
        if not head_at(words[start:]):
            if person := _person_at(words, start):
                return (UnitWords(words=person),)
            continue
        end = unit_end(words, start)
        if _TAKES.match(words[end:].lstrip(" ,")):
            return named_units(words[start:end])
    return ()


def _person_at(words: str, start: int) -> str:
    """ "ông Lý A Chu, công chức Văn phòng - Thống kê" before "thực hiện"; "" when nobody takes the work there."""
    found = _PERSON.match(words, start)
    return found["who"].strip(" ,") if found and _TAKES.match(words[found.end() :]) else ""


def _with_whom(words: str) -> tuple[UnitWords, ...]:
    found = _WITH.search(words)
    if not found or not head_at(words[found.end() :]):
        return ()
    return named_units(words[found.end() : unit_end(words, found.end())].strip(" ,"))


def _helpers(words: str) -> tuple[UnitWords, ...]:
    """ "…, Bộ Chỉ huy Quân sự tỉnh phối hợp."."""
    found = _THEY_HELP.search(words)
    if not found or not head_at(found[1].strip()) or unit_end(found[1], 0) < len(found[1]):
        return ()
    return named_units(found[1].strip())
