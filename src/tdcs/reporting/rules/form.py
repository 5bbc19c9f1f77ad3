"""The form by which a unit without much practice reports: a table of its obligations, and what it says filled in.

The same table leaves as a workbook and as a Word document; what comes back may be renamed, saved by another program,
its rows and columns in another order. A row is known by its code, a column by its heading.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from tdcs.core import amounts
from tdcs.core.errors import BadRow
from tdcs.core.text import fold, nfc
from tdcs.documents.columns import Cell, Column
from tdcs.documents.reading.cleaning import letters
from tdcs.documents.reading.model import ReadDocument, TextLine
from tdcs.documents.reading.rows import SheetRow

COLUMNS: Final = (
    Column("Mã", "text", 2),
    Column("Mục", "text", 1.5),
    Column("Nhiệm vụ", "text", 6),
    Column("Hạn", "text", 2),
    Column("Kết quả thực hiện", "text", 8),
    Column("Số liệu", "text", 2),
    Column("Tiến độ (%)", "text", 1.5),
)
# Rows below the tasks: what the paper carries.
SIGNING: Final = {
    "SO": ("number", "Số, ký hiệu của báo cáo"),
    "KY": ("signer", "Người ký"),
    "CV": ("signer_title", "Chức vụ người ký"),
}
_MARK: Final = re.compile(r"mã phiếu\s+P(\d+)-(\d{4})-U(\d+)", re.I)
_CODE: Final = re.compile(r"(\d+)-([0-9a-f]{6})")
_LONGEST: Final = 20_000
_CODES, _WORDS, _FIGURE, _PERCENT = 0, 4, 5, 6
# Without these columns a form says nothing.
_NEEDED: Final = (_CODES, _WORDS, _FIGURE, _PERCENT)


@dataclass(frozen=True, slots=True)
class FormLine:
    """An obligation as the form shows it and as the system has it now."""

    id: int
    path: str
    title: str
    due: str
    words: str
    figure: Decimal | None
    percent: int
    open: bool
    asks_figure: bool

    @property
    def stamp(self) -> str:
        """Six letters that change with what is recorded, so that a form made before a change is known."""
        text = f"{self.words}|{self.figure}|{self.percent}"
        return hashlib.sha256(text.encode()).hexdigest()[:6]


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """What a row of the form says about an obligation."""

    id: int
    words: str
    figure: Decimal | None
    percent: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows that change something, what the paper carries, and every row that is wrong."""

    told: tuple[FormAnswer, ...]
    signing: dict[str, str]
    wrong: tuple[BadRow, ...]


def mark_of(plan: int, year: int, unit: int) -> str:
    """The words by which a form is known as that of one plan, year and unit."""
    return f"mã phiếu P{plan}-{year}-U{unit}"


def rows_of(standings: Iterable[FormLine]) -> list[Sequence[Cell]]:
    """The form's rows: one for each obligation, then what the paper carries."""
    rows: list[Sequence[Cell]] = [
        (
            f"{one.id}-{one.stamp}",
            one.path,
            one.title,
            one.due,
            one.words,
            "" if one.figure is None else _figure_words(one.figure),
            str(one.percent),
        )
        for one in standings
    ]
    return [*rows, *[(code, "", words, "", "", "", "") for code, (_, words) in SIGNING.items()]]


def whose(rows: Sequence[SheetRow]) -> tuple[int, int, int] | None:
    """Plan, year and unit that the form says it is of; None when it says nothing."""
    for row in rows:
        if _heading(row):
            break
        for cell in row.cells:
            found = _MARK.search(nfc(str(cell)))
            if found:
                return int(found[1]), int(found[2]), int(found[3])
    return None


def read(rows: Sequence[SheetRow], standings: Iterable[FormLine]) -> Reading:
    """What the rows say that is not recorded yet; a row that is as recorded says nothing."""
    known = {one.id: one for one in standings}
    told: dict[int, FormAnswer] = {}
    seen: set[int] = set()
    signing: dict[str, str] = {}
    wrong: list[BadRow] = []
    lines, headless = _lines(rows)
    if headless is not None:
        return Reading((), {}, (headless,))
    for number, cells in lines:
        code = _code(cells[_CODES])
        if code.upper() in SIGNING:
            signing[SIGNING[code.upper()][0]] = " ".join(cells[_WORDS].split())
            continue
        found = _CODE.fullmatch(code.lower())
        if found is None:
            if any(cells[at].strip() for at in _NEEDED[1:]):
                wrong.append(BadRow(number, "cột Mã đã bị sửa hoặc xóa"))
            continue
        one = known.get(int(found[1]))
        if one is None:
            wrong.append(BadRow(number, f"việc mã {code} không phải của đơn vị trong năm này"))
        elif one.id in seen:
            wrong.append(BadRow(number, f"việc mã {code} có hai dòng"))
        else:
            seen.add(one.id)
            said, why = _row(one, cells)
            if why:
                wrong += [BadRow(number, words) for words in why]
            elif said is not None:
                why_not = _may_change(one, found[2])
                if why_not:
                    wrong.append(BadRow(number, why_not))
                else:
                    told[one.id] = said
    return Reading(tuple(told.values()), signing, tuple(wrong))


def _lines(rows: Sequence[SheetRow]) -> tuple[list[tuple[int, list[str]]], BadRow | None]:
    """The rows below the heading, cells in our order; or the heading's row and which columns it lacks."""
    made: list[tuple[int, list[str]]] = []
    places: list[int | None] | None = None
    for row in rows:
        cells = [_text(cell) for cell in row.cells]
        if _heading(row):
            # A table that was divided, or one that repeats its heading, begins anew.
            places = _places(cells)
            lacks = [COLUMNS[at].title for at in _NEEDED if places[at] is None]
            if lacks:
                return [], BadRow(row.number, f"thiếu cột {', '.join(lacks)}")
        elif places is not None:
            made.append((row.number, [_at(cells, place) for place in places]))
    if places is None:
        named = ", ".join(column.title for column in COLUMNS)
        return [], BadRow(0, f"không có dòng tiêu đề của bảng ({named})")
    return made, None


def _at(cells: Sequence[str], place: int | None) -> str:
    return "" if place is None or place >= len(cells) else cells[place]


def _heading(row: SheetRow) -> bool:
    titles = {_bare(str(cell)) for cell in row.cells}
    return "ma" in titles and len(titles & {_bare(column.title) for column in COLUMNS}) > 1


def _places(cells: Sequence[str]) -> list[int | None]:
    """For each of our columns where the form has it."""
    titles = [_bare(cell) for cell in cells]
    return [
        titles.index(title) if (title := _bare(column.title)) in titles else None
        for column in COLUMNS
    ]


def _bare(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(nfc(words))).strip()


def _code(words: str) -> str:
    """A code as it was written: an editor may have put a space, or made another dash of it."""
    return re.sub(r"[\u2010-\u2015\u2212]", "-", "".join(words.split()))


def rows_of_document(document: ReadDocument) -> list[SheetRow]:
    """The form as a Word document gives it: the words around its tables, then their rows, counted over all tables."""
    made = [SheetRow(0, (b.text,)) for b in document.blocks if isinstance(b, TextLine)]
    rows = (row for table in document.tables for row in table.rows)
    return made + [SheetRow(at, row) for at, row in enumerate(rows, 1)]


def _row(one: FormLine, cells: list[str]) -> tuple[FormAnswer | None, list[str]]:
    words = nfc(cells[_WORDS].replace("\r\n", "\n")).strip()
    why: list[str] = []
    if len(words) > _LONGEST:
        why.append(f"kết quả dài quá {_LONGEST} chữ")
    percent = cells[_PERCENT].strip().removesuffix("%").strip() or "0"
    if not re.fullmatch(r"[0-9]{1,3}", percent) or int(percent) > 100:
        why.append(f"tiến độ “{cells[_PERCENT].strip()}” phải là số nguyên từ 0 đến 100")
    figure: Decimal | None = None
    if re.search(r"[^\W\d_]", words) and cells[_FIGURE].strip() == cells[_WORDS].strip():
        return None, ["các ô Kết quả, Số liệu, Tiến độ bị gộp làm một; tách ô rồi ghi từng ô"]
    if cells[_FIGURE].strip():
        try:
            figure = amounts.figure(cells[_FIGURE])
        except amounts.NotAnAmount:
            why.append(f"số liệu “{cells[_FIGURE].strip()}” không phải là số")
        else:
            if not one.asks_figure and figure != one.figure:
                why.append("việc này không yêu cầu số liệu")
    if not why and int(percent) == 100 and not words:
        why.append("tiến độ 100% thì phải ghi kết quả thực hiện")
    if why:
        return None, why
    same = (_plain(words), figure, int(percent)) == (_plain(one.words), one.figure, one.percent)
    return (None if same else FormAnswer(one.id, words, figure, int(percent))), []


def _may_change(one: FormLine, stamp: str) -> str:
    if not one.open:
        return "kết quả đã báo cáo hoặc đã duyệt, không sửa bằng phiếu được"
    if stamp != one.stamp:
        return "việc này đã được cập nhật trên hệ thống sau khi lập phiếu; tải phiếu mới"
    return ""


def _plain(words: str) -> list[str]:
    """What stays the same when another program saves the words: lines and spaces between them may not."""
    lines = (" ".join(line.split()) for line in letters(nfc(words)).splitlines())
    return [line for line in lines if line]


def _text(cell: object) -> str:
    if isinstance(cell, Decimal):
        return _figure_words(cell)
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def _figure_words(value: Decimal) -> str:
    """A figure as the form's reading takes it back: 1234,5."""
    return f"{value.normalize():f}".replace(".", ",")
