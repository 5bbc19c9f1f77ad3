"""From lines to paragraphs to numbered items, over page breaks, broken lines and recognition errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import Line
from tdcs.plans.reading.labels import read_labels

LETTERS: Final = "abcdđeghiklmnopqrstuvxy"
_ROMAN = re.compile(
    r"^(?P<m>(?:X{0,2}(?:IX|IV|VI{0,3}|I{1,3}|X)|ll|lll|IIl|Ill))\s*[.\-–:/,)]\s*(?=\S)"
)
_CAPITAL = re.compile(r"^(?P<m>[A-E])\s*[.)]\s*(?=\S)")
_PART = re.compile(
    r"^(?:Phần|PHẦN|Mục|MỤC)\s+(?P<m>[IVX]+|\d+|thứ\s+\S+)\s*[.:\-–]?\s*", re.IGNORECASE
)
_DECIMAL = re.compile(r"^(?P<m>\d{1,2}(?:\.\d{1,2}){1,3})\s*[.)]?\s+(?=\S)")
_ARABIC = re.compile(r"^(?P<m>\d{1,2})\s*[.)/]\s*(?=[^\d\s])")
_LETTER = re.compile(r"^(?P<m>[a-zđ1])\s*[).]\s*(?=\S)")
_BULLET = re.compile(r"^[-–—•+*▪●]\s*(?=\S)")
_LABEL = re.compile(
    r"^(?:đơn vị|cơ quan|thời gian|thời hạn|tiến độ|lộ trình|sản phẩm|kết quả|chủ trì|phối hợp|phân công|nguồn)[^.;]{0,40}:",
    re.IGNORECASE,
)
_PAGE = re.compile(r"^\s*[-–]?\s*(?:trang\s*)?\d{1,3}\s*[-–]?\s*$", re.IGNORECASE)
# A line of running text on A4 holds at least so many letters before it is broken.
_FULL_LINE: Final = 48
# No line of print is as long as this.
_LONGEST_LINE: Final = 115
# A line that ends so may go on in the next one.
_OPEN_END = re.compile(r"[^.;:!?]$")


@dataclass(slots=True)
class Paragraph:
    """Joined lines: the text, the marker it began with, the numbers of its lines."""

    text: str
    kind: str
    marker: str
    lines: list[int] = field(default_factory=list)
    # Length of the last line joined: a line that stops short was not broken by the page's width.
    width: int = 0


@dataclass(slots=True)
class Item:
    """A numbered item with what stands under it."""

    path: str
    kind: str
    marker: str
    text: str
    lines: list[int]
    parent: Item | None = None
    children: list[Item] = field(default_factory=list)
    # Bullets and plain paragraphs under the item, labels among them.
    notes: list[Paragraph] = field(default_factory=list)

    def walk(self) -> Iterator[Item]:
        """The item and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


def paragraphs(lines: list[Line], *, whole: bool) -> list[Paragraph]:
    """Paragraphs of the body. ``whole``: each line already is a paragraph (.docx, unwrapped text)."""
    made: list[Paragraph] = []
    for line in lines:
        text = squash(line.text)
        if not text or _PAGE.match(text):
            continue
        kind, marker, rest = classify(text)
        if made and kind == "plain" and _continues(made[-1], text, whole=whole):
            made[-1].text = f"{made[-1].text} {text}"
            made[-1].lines.append(line.number)
            made[-1].width = len(text)
        else:
            made.append(Paragraph(rest, kind, marker, [line.number], len(text)))
    return made


def unwrapped(lines: list[Line]) -> bool:
    """Whether lines are whole paragraphs: one is longer than any line on paper."""
    return any(len(line.text) > _LONGEST_LINE for line in lines)


def classify(text: str) -> tuple[str, str, str]:
    """Kind of a line by its beginning, its marker, and the text after it."""
    for kind, pattern in (
        ("decimal", _DECIMAL),
        ("roman", _ROMAN),
        ("capital", _CAPITAL),
        ("arabic", _ARABIC),
        ("letter", _LETTER),
    ):
        if found := pattern.match(text):
            return kind, found["m"], text[found.end() :]
    if (found := _PART.match(text)) and text[found.end() :]:
        return "part", found["m"], text[found.end() :]
    if found := _BULLET.match(text):
        return "bullet", "-", text[found.end() :]
    return ("label" if _LABEL.match(text) else "plain"), "", text


def _continues(before: Paragraph, text: str, *, whole: bool) -> bool:
    if text[0].islower():
        return True
    if before.kind in ("roman", "capital") and before.text.isupper():
        return text.isupper()
    if whole:
        return before.text.endswith(",")
    full = before.width >= _FULL_LINE or before.text.endswith((",", ";"))
    return full and bool(_OPEN_END.search(before.text)) and not _is_heading(before)


def _is_heading(paragraph: Paragraph) -> bool:
    """A short heading line of a section ends without a stop; what follows is new."""
    return (
        paragraph.kind in ("roman", "part", "arabic")
        and len(paragraph.text) < 60
        and paragraph.text.isupper()
    )


def items(made: list[Paragraph]) -> list[Item]:
    """The tree of numbered items; text before the first item is not in it."""
    roots: list[Item] = []
    stack: list[Item] = []
    for paragraph in made:
        if paragraph.kind in ("bullet", "plain", "label") or _is_label(paragraph):
            _leave(stack, paragraph)
            if stack:
                stack[-1].notes.append(paragraph)
            continue
        kind, marker = _meant(paragraph, stack)
        if kind == "note":
            stack[-1].notes.append(paragraph)
            continue
        while stack and _rank(stack[-1]) >= _rank_of(kind, marker):
            stack.pop()
        parent = stack[-1] if stack else None
        item = Item(
            _path(parent, kind, marker), kind, marker, paragraph.text, paragraph.lines, parent
        )
        (parent.children if parent else roots).append(item)
        stack.append(item)
    return roots


def _is_label(paragraph: Paragraph) -> bool:
    """ "b) Đơn vị chủ trì: …": a lettered line that only says who or when belongs to the item above it."""
    return paragraph.kind in ("letter", "arabic") and bool(read_labels(paragraph.text))


def _leave(stack: list[Item], paragraph: Paragraph) -> None:
    """Go up to the item that a lettered label stands under."""
    if paragraph.kind in ("letter", "arabic"):
        rank = _rank_of(paragraph.kind, paragraph.marker)
        while len(stack) > 1 and _rank(stack[-1]) >= rank:
            stack.pop()


def _meant(paragraph: Paragraph, stack: list[Item]) -> tuple[str, str]:
    """What a marker means where it stands: "1)" or "i)" may be a letter, "C." a word's end."""
    kind, marker = paragraph.kind, paragraph.marker
    if kind == "roman":
        marker = marker.replace("l", "I") if set(marker) <= {"I", "l"} else marker
    siblings = _last_letter(stack)
    if kind == "arabic" and siblings and marker == "1" and siblings in ("k", "i"):
        return "letter", "l" if siblings == "k" else "i"
    if kind == "letter":
        marker = _letter(marker, siblings)
    if kind == "decimal" and stack and not _decimal_fits(marker):
        return "note", marker
    return kind, marker


def _letter(marker: str, before: str) -> str:
    """The letter by its place in the sequence where recognition took one for another (1, l, i, z, d, đ)."""
    expected = LETTERS[LETTERS.index(before) + 1] if before in LETTERS[:-1] and before else "a"
    confused = {
        "1": "il",
        "l": "il",
        "i": "il",
        "d": "dđ",
        "z": "i",
        "o": "o",
        "j": "i",
        "f": "g",
        "w": "v",
    }
    if expected in confused.get(marker, ""):
        return expected
    return marker if marker != "1" else expected


def _last_letter(stack: list[Item]) -> str:
    for item in reversed(stack):
        if item.kind == "letter":
            return item.marker
        if item.children and item.children[-1].kind == "letter":
            return item.children[-1].marker
    return ""


def _decimal_fits(marker: str) -> bool:
    return all(0 < int(part) < 60 for part in marker.split("."))


def _rank(item: Item) -> int:
    return _rank_of(item.kind, item.marker)


def _rank_of(kind: str, marker: str) -> int:
    order = {"part": -1, "capital": 0, "roman": 1, "arabic": 2, "letter": 8}
    return 2 + marker.count(".") if kind == "decimal" else order[kind]


def _path(parent: Item | None, kind: str, marker: str) -> str:
    if kind == "decimal":
        top = parent
        while top is not None and top.kind not in ("roman", "capital", "part"):
            top = top.parent
        return f"{top.path}.{marker}" if top else marker
    own = f"P{fold(marker)}" if kind == "part" else marker
    return f"{parent.path}.{own}" if parent else own
