"""The numbers that Word draws itself: "1.", "a)", "II." stand in no text and are counted again here."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

_ROMAN: Final = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Numbering:
    """Counts the list paragraphs of one document; ask in the order of the text."""

    def __init__(self, root: Any, styles: Any) -> None:
        """``root``, ``styles``: the parts numbering.xml and styles.xml, None where they are missing."""
        self.abstract: dict[str, Any] = {}
        self.of_list: dict[str, str] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        self.styles = _styles(styles) if root is not None else {}
        if root is None:
            return
        for row in root.findall(qn("w:abstractNum")):
            self.abstract[row.get(qn("w:abstractNumId"))] = {
                int(level.get(qn("w:ilvl"))): level for level in row.findall(qn("w:lvl"))
            }
        for row in root.findall(qn("w:num")):
            link = row.find(qn("w:abstractNumId"))
            if link is not None:
                self.of_list[row.get(qn("w:numId"))] = link.get(qn("w:val"))

    def _list_of(self, paragraph: Any) -> tuple[str, int]:
        """The list and the level of a paragraph: its own, or its style's."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        style: str | None = named.get(qn("w:val")) if named is not None else ""
        seen: set[str] = set()
        while own is None and style is not None and style not in seen:
            seen.add(style)
            own, style = self.styles.get(style, (None, None))
        if own is None:
            return "", 0
        number, level = own.find(qn("w:numId")), own.find(qn("w:ilvl"))
        found = number.get(qn("w:val")) if number is not None else ""
        deep = level.get(qn("w:val")) if level is not None else "0"
        return found or "", int(deep) if deep.isdigit() else 0

    def label(self, paragraph: Any) -> str:
        """What Word shows before the paragraph, with a space behind it; "" when it shows nothing."""
        number, level = self._list_of(paragraph)
        levels = self.abstract.get(self.of_list.get(number, ""), {})
        form = levels.get(level)
        if number in ("", "0") or form is None:
            return ""
        counts = self.counts[self.of_list[number]]
        counts[level] = counts.get(level, _start(form) - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if _value(form, "w:numFmt") == "bullet":
            return "- "
        pattern = _value(form, "w:lvlText")
        for at in range(9):
            if f"%{at + 1}" in pattern and at in levels:
                said = _said(counts.get(at, _start(levels[at])), _value(levels[at], "w:numFmt"))
                pattern = pattern.replace(f"%{at + 1}", said)
        return f"{pattern} " if pattern else ""


def _styles(root: Any) -> dict[str, tuple[Any, str | None]]:
    """For each paragraph style its list and the style it rests on; "" is the default one."""
    made: dict[str, tuple[Any, str | None]] = {}
    for style in root.findall(qn("w:style")) if root is not None else ():
        base = style.find(qn("w:basedOn"))
        row = (
            style.find(f"{qn('w:pPr')}/{qn('w:numPr')}"),
            (base.get(qn("w:val")) if base is not None else None),
        )
        made[style.get(qn("w:styleId"))] = row
        if style.get(qn("w:default")) == "1" and style.get(qn("w:type")) == "paragraph":
            made[""] = row
    return made


def _value(form: Any, name: str) -> str:
    row = form.find(qn(name))
    return (row.get(qn("w:val")) or "") if row is not None else ""


def _start(form: Any) -> int:
    text = _value(form, "w:start")
    return int(text) if text.isdigit() else 1


def _said(count: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        letter = _LETTERS[(count - 1) % 26] * ((count - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman"):
        text = ""
        for value, sign in _ROMAN:
            while count >= value:
                text, count = text + sign, count - value
        return text.lower() if kind == "lowerRoman" else text
    return str(count)


def qn(name: str) -> str:
    """ "w:lvl" with its namespace written out."""
    return W + name.removeprefix("w:")
