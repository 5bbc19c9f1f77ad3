"""From lines to paragraphs to numbered items, over page breaks, broken lines and recognition errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import TextLine
from tdcs.plans.reading.grammar import head_at, is_agency
from tdcs.plans.reading.labels import read_labels

LETTERS: Final = "abcdđeghiklmnopqrstuvxy"
_ROMAN = re.compile(r"^(?P<m>[IVXlH]{1,5})\s*[.\-–:/,)]\s*(?=\S)")
_ROMANS: Final = frozenset(
    [
        "I",
        "II",
        "III",
        "IV",
        "V",
        "VI",
        "VII",
        "VIII",
        "IX",
        "X",
        "XI",
        "XII",
        "XIII",
        "XIV",
        "XV",
        "XVI",
        "XVII",
        "XVIII",
        "XIX",
        "XX",
    ]
)
_CAPITAL = re.compile(r"^(?P<m>[A-E])\s*[.)\-–/]\s*(?=\S)")
_PART = re.compile(
    r"^(?:Phần|Mục|Chương|Điều)\s+(?P<m>[IVX]+|\d+|thứ\s+[^\s:.]+)\s*(?:[.:\-–]\s*|$|\s+(?=[A-ZÀ-ỸĐ]{2}))",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"^(?P<m>\d{1,2}(?:\.\d{1,2}){1,3})\s*[.)]?\s+(?=\S)")
_ARABIC = re.compile(r"^\(?(?P<m>\d{1,2})\s*[.)/\-–:]\s*(?=[^\d\s.])")
_LETTER = re.compile(r"^\(?(?P<m>[a-zđ1])\s*[)./]\s*(?=\S)")
_BULLET = re.compile(r"^[-–—•+*▪●]\s*(?=\S)")
# "Hoạt động 2: …", "Bước 1. …": the word belongs to the number.
_NAMED = re.compile(
    r"^(?:Hoạt động|Nhiệm vụ|Bước|Giải pháp|Nội dung|Công việc|Việc|Dự án|Tiểu dự án|Hợp phần|Chuyên đề|Mô hình)\s+(?:số\s+)?"
    r"(?P<m>\d{1,2}(?:\.\d{1,2})*)\s*[.:)\-–]\s*(?=\S)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"^\s*[-–]?\s*(?:trang\s*)?\d{1,3}\s*[-–]?\s*$", re.IGNORECASE)
# A line of running text on A4 holds at least so many letters before it is broken.
_FULL_LINE: Final = 48
# No line of print is as long as this.
_LONGEST_LINE: Final = 115
_LONGEST_PARAGRAPH: Final = 6000
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


def paragraphs(lines: list[TextLine], *, whole: bool) -> list[Paragraph]:
    """Paragraphs of the body. ``whole``: each line already is a paragraph (.docx, unwrapped text)."""
    made: list[Paragraph] = []
    for line in lines:
        text = squash(line.text)
        if not text or _PAGE.match(text):
            continue
        if len(text) > _LONGEST_PARAGRAPH:
            made.extend(_cut(text, line.number))
            continue
        kind, marker, rest = classify(text)
        if made and kind == "plain" and _continues(made[-1], text, whole=whole):
            made[-1].text = f"{made[-1].text} {text}"
            made[-1].lines.append(line.number)
            made[-1].width = len(text)
        else:
            made.append(Paragraph(rest, kind, marker, [line.number], len(text)))
    return made


def _cut(text: str, number: int) -> list[Paragraph]:
    """A paragraph longer than any that a person writes, in parts that patterns can search."""
    kind, marker, rest = classify(text[:_LONGEST_PARAGRAPH])
    parts = [
        text[at : at + _LONGEST_PARAGRAPH]
        for at in range(_LONGEST_PARAGRAPH, len(text), _LONGEST_PARAGRAPH)
    ]
    more = [Paragraph(part, "plain", "", [number], len(part)) for part in parts]
    return [Paragraph(rest, kind, marker, [number], len(rest)), *more]


def unwrapped(lines: list[TextLine]) -> bool:
    """Whether lines are whole paragraphs: one is longer than any line on paper."""
    return any(len(line.text) > _LONGEST_LINE for line in lines)


def classify(text: str) -> tuple[str, str, str]:
    """Kind of a line by its beginning, its marker, and the text after it."""
    if (found := _ROMAN.match(text)) and (marker := _roman(found["m"], text[found.end() :])):
        return "roman", marker, text[found.end() :]
    for kind, pattern in (
        ("decimal", _DECIMAL),
        ("capital", _CAPITAL),
        ("arabic", _ARABIC),
        ("letter", _LETTER),
    ):
        if found := pattern.match(text):
            return kind, found["m"], text[found.end() :]
    if found := _NAMED.match(text):
        return "named", found["m"], text[found.end() :]
    if found := _PART.match(text):
        return "part", found["m"], text[found.end() :]
    if found := _BULLET.match(text):
        return "bullet", "+" if text[0] == "+" else "-", text[found.end() :]
    return ("label" if read_labels(text) else "plain"), "", text


def _roman(marker: str, rest: str) -> str:
    """The Roman numeral meant, l read as I and H as II; "" where a small l is a letter or the figure 1."""
    meant = marker.replace("l", "I").replace("H", "II")
    if meant not in _ROMANS:
        return ""
    capitals = sum(sign.isupper() for sign in rest[:40]) * 2 > sum(
        sign.isalpha() for sign in rest[:40]
    )
    return "" if (marker == "l" or "H" in marker) and not capitals else meant


def _continues(before: Paragraph, text: str, *, whole: bool) -> bool:
    if before.kind == "part" and not before.text:
        return True
    if len(before.text) > _LONGEST_PARAGRAPH:
        return False
    if text[0].islower():
        return True
    if not whole and before.text.endswith((";", ",")) and head_at(text):
        labels = read_labels(before.text)
        if labels and labels[-1].kind in ("lead", "perform", "coordinate"):
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
    made = _with_headings(_with_lists(made))
    roots: list[Item] = []
    stack: list[Item] = []
    for paragraph in made:
        if paragraph.kind == "plain" and stack and _gives(paragraph.text):
            paragraph.kind = "unit"
        if paragraph.kind in ("bullet", "plain", "label") or _is_label(paragraph):
            _leave(stack, paragraph)
            if stack:
                stack[-1].notes.append(paragraph)
            continue
        kind, marker = _meant(paragraph, stack)
        if kind == "note":
            stack[-1].notes.append(paragraph)
            continue
        while stack and _rank(stack[-1]) >= _rank_of(kind, marker, stack):
            stack.pop()
        parent = stack[-1] if stack else None
        if kind in ("unit", "dash"):
            marker = str(len(parent.children) + 1) if parent else str(len(roots) + 1)
        path = _path(parent, kind, marker)
        item = Item(path, kind, marker, paragraph.text, paragraph.lines, parent)
        (parent.children if parent else roots).append(item)
        stack.append(item)
    return roots


_GIVES = re.compile(r"^(?:Giao|Yêu cầu|Đề nghị)(?: cho)?\s+")


def _gives(text: str) -> bool:
    """ "Giao Sở Y tế theo dõi, tổng hợp …" behind the numbered points stands for itself."""
    found = _GIVES.match(text)
    follows_up = re.search(r"\b(?:theo doi|tong hop|don doc|bao cao)\b", fold(text[:600]))
    return found is not None and follows_up is not None and head_at(text[found.end() :])


def _with_lists(made: list[Paragraph]) -> list[Paragraph]:
    """ "- Đơn vị phối hợp:" and the units listed under it are one label."""
    out: list[Paragraph] = []
    for paragraph in made:
        before = out[-1] if out else None
        if (
            before
            and before.text.endswith((":", ";"))
            and _open_label(before)
            and _listed(before, paragraph)
        ):
            before.text = f"{before.text} {paragraph.text.rstrip('.;')};"
            before.lines.extend(paragraph.lines)
        else:
            out.append(paragraph)
    return out


def _open_label(paragraph: Paragraph) -> bool:
    if paragraph.kind not in ("bullet", "label", "plain", "letter"):
        return False
    labels = read_labels(paragraph.text.rstrip(";"))
    listing = paragraph.text.endswith(":") or len(paragraph.lines) > 1
    return len(labels) == 1 and listing and labels[0].kind in ("lead", "perform", "coordinate")


def _listed(before: Paragraph, after: Paragraph) -> bool:
    inner = after.kind == "bullet" and (after.marker == "+" or before.marker != after.marker)
    return inner and not read_labels(after.text)


def _with_headings(made: list[Paragraph]) -> list[Paragraph]:
    """Headings without a number: sections in capitals, agencies alone on a line, tasks with dashes of their own labels."""
    numbered = any(paragraph.kind in ("roman", "capital", "part") for paragraph in made)
    for at, paragraph in enumerate(made):
        after = made[at + 1] if at + 1 < len(made) else None
        if paragraph.kind == "plain" and paragraph.text.isupper() and len(paragraph.text) < 120:
            if not numbered and len(paragraph.text.split()) > 1:
                paragraph.kind = "roman"
                paragraph.marker = f"M{sum(1 for one in made[:at] if one.kind == 'roman') + 1}"
        elif paragraph.kind == "plain" and after and _is_heading_unit(paragraph, after):
            paragraph.kind = "unit"
        elif (
            (
                paragraph.kind == "bullet"
                and paragraph.marker == "-"
                and after
                and after.marker == "+"
            )
            and read_labels(after.text)
            and not read_labels(paragraph.text)
        ):
            paragraph.kind = "dash"
    return made


def _is_heading_unit(paragraph: Paragraph, after: Paragraph) -> bool:
    """A unit's name that fills a line, with work under it."""
    own = paragraph.text.rstrip(":")
    short = len(own) < 110 and not own.endswith((".", ";", ","))
    return (
        short
        and after.kind in ("plain", "bullet", "letter", "arabic")
        and bool(is_agency(paragraph.text))
    )


def _is_label(paragraph: Paragraph) -> bool:
    """ "b) Đơn vị chủ trì: …": a lettered line that only says who or when belongs to the item above it."""
    return paragraph.kind in ("letter", "arabic", "decimal") and bool(read_labels(paragraph.text))


def _leave(stack: list[Item], paragraph: Paragraph) -> None:
    """Go up to the item that a lettered label stands under."""
    if paragraph.kind in ("letter", "arabic", "decimal"):
        rank = _rank_of(paragraph.kind, paragraph.marker)
        while len(stack) > 1 and _rank(stack[-1]) >= rank:
            stack.pop()


def _meant(paragraph: Paragraph, stack: list[Item]) -> tuple[str, str]:
    """What a marker means where it stands: "1)" or "i)" may be a letter, "C." a word's end."""
    kind, marker = paragraph.kind, paragraph.marker
    siblings = _last_letter(stack)
    if kind == "letter" and marker == "l" and not siblings:
        return "arabic", "1"
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


def _rank(item: Item) -> float:
    return _rank_of(item.kind, item.marker, None, item)


def _rank_of(
    kind: str, marker: str, stack: list[Item] | None = None, item: Item | None = None
) -> float:
    """How deep a marker stands; "A." under a Roman heading is deeper than it, though it mostly stands above."""
    order = {
        "part": -1,
        "capital": 0,
        "roman": 1,
        "unit": 1.7,
        "arabic": 2,
        "named": 2.5,
        "letter": 8,
        "dash": 9,
    }
    if kind == "decimal":
        return 2 + marker.count(".")
    tops = [one.kind for one in stack if one.kind in ("roman", "capital")] if stack else []
    under = tops[:1] == ["roman"] if item is None else _under_roman(item)
    return 1.5 if kind == "capital" and under else order[kind]


def _under_roman(item: Item | None) -> bool:
    above = item.parent if item else None
    return above is not None and (above.kind == "roman" or _under_roman(above))


def _path(parent: Item | None, kind: str, marker: str) -> str:
    if kind == "decimal":
        top = parent
        while top is not None and top.kind not in ("roman", "capital", "part"):
            top = top.parent
        return f"{top.path}.{marker}" if top else marker
    own = f"P{fold(marker)}" if kind == "part" else marker
    return f"{parent.path}.{own}" if parent else own
