"""The words of a .docx as lines, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS: Final = frozenset({f"{W}tab", f"{W}br", f"{W}cr"})
_PARTS: Final = {
    "body": ("", ""),
    "header": ("đầu trang, ", "header, "),
    "footer": ("chân trang, ", "footer, "),
    "footnotes": ("chú thích, ", "footnotes, "),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph of a part, or one in a cell of its tables; counted from 1."""

    part: str = "body"
    paragraph: int = 0
    table: int = 0
    row: int = 0
    column: int = 0

    def words(self, english: bool = False) -> str:
        """ "bảng 2, dòng 1, cột 3" or "đoạn 5"."""
        before = _PARTS.get(self.part, ("", ""))[english]
        if self.table:
            names = ("table", "row", "column") if english else ("bảng", "dòng", "cột")
            numbers = (self.table, self.row, self.column)
            said = ", ".join(f"{name} {n}" for name, n in zip(names, numbers, strict=True))
        else:
            said = f"{'paragraph' if english else 'đoạn'} {self.paragraph}"
        return f"{before}{said}"

    def __str__(self) -> str:
        return self.words()


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One paragraph's words without a line break."""

    place: Place
    text: str


def lines_of(root: Any, part: str) -> list[PlacedLine]:
    """Every paragraph of a part, those of cells too, in the order in which Word writes them."""
    body = root.find(f"{W}body")
    return list(_lines(root if body is None else body, part, _Count()))


class _Count:
    def __init__(self) -> None:
        self.paragraphs = self.tables = 0


def _lines(holder: Any, part: str, count: _Count) -> Iterator[PlacedLine]:
    for item in holder:
        if item.tag == f"{W}p":
            count.paragraphs += 1
            yield PlacedLine(Place(part, count.paragraphs), _text(item))
        elif item.tag == f"{W}tbl":
            count.tables += 1
            yield from _of_table(item, part, count.tables)
        else:
            yield from _lines(item, part, count)


def _of_table(table: Any, part: str, number: int) -> Iterator[PlacedLine]:
    """Cells row by row; a table in a cell counts as the cell's own place."""
    rows = [row for row in table.iter(f"{W}tr") if _nearest(row, f"{W}tbl") is table]
    for at, row in enumerate(rows, 1):
        cells = [cell for cell in row.iter(f"{W}tc") if _nearest(cell, f"{W}tr") is row]
        for column, cell in enumerate(cells, 1):
            for paragraph in cell.iter(f"{W}p"):
                yield PlacedLine(Place(part, 0, number, at, column), _text(paragraph))


def _nearest(item: Any, tag: str) -> Any:
    return next(item.iterancestors(tag), None)


def _text(paragraph: Any) -> str:
    pieces: list[str] = []
    for item in paragraph.iter():
        if item.tag == f"{W}t":
            pieces.append(item.text or "")
        elif item.tag in _BREAKS:
            pieces.append(" ")
    return "".join(pieces).replace("\n", " ").replace("\r", " ")
