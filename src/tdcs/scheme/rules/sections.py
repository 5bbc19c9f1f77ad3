"""The sections of a scheme that people write, in the order of the document, and what must be there before it is submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

NECESSITY, RESULTS, LIMITS, OBJECTIVES = "necessity", "results", "limits", "objectives"
NEEDS, CAPITAL, SOLUTIONS, DUTIES, EFFECTS = "needs", "capital", "solutions", "duties", "effects"


@dataclass(frozen=True, slots=True)
class Section:
    """A text of a scheme; ``needed``: it cannot be submitted without."""

    path: str
    title: str
    needed: bool = False


SECTIONS: Final = (
    Section(NECESSITY, "Sự cần thiết xây dựng đề án", needed=True),
    Section(RESULTS, "Đánh giá kết quả đã đạt được"),
    Section(LIMITS, "Tồn tại, hạn chế và nguyên nhân", needed=True),
    Section(OBJECTIVES, "Quan điểm, mục tiêu", needed=True),
    Section(NEEDS, "Thuyết minh nhu cầu vốn"),
    Section(CAPITAL, "Thuyết minh nguồn vốn"),
    Section(SOLUTIONS, "Nhiệm vụ, giải pháp", needed=True),
    Section(DUTIES, "Tổ chức thực hiện", needed=True),
    Section(EFFECTS, "Hiệu quả của đề án và kiến nghị"),
)
TITLES: Final = {one.path: one.title for one in SECTIONS}


def missing(words: Mapping[str, str], bases: Sequence[str]) -> list[str]:
    """The needed sections without words, and the legal bases when there is none, in the order of the document."""
    found = [one.title for one in SECTIONS if one.needed and not words.get(one.path, "").strip()]
    return found if bases else ["Căn cứ pháp lý", *found]
