"""A table of a page as rows of a file: what the person sees leaves, typed, and nothing else.

A page whose view makes its own file answers before this is asked. For every other page the table is read from what was drawn:
figures where the page marks them (``td.num``), the exact one behind a rounded one from its title; days wherever a cell is one.
Buttons, fields and boxes to tick stay behind, and so does a column whose heading is unseen, for it holds nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse

from tdcs.core import amounts, clock
from tdcs.core.typed import parse_day
from tdcs.documents.columns import Cell
from tdcs.documents.errors import NothingShown, TooLongForAFile
from tdcs.documents.numbers import NOTHING
from tdcs.http import FORMATS, paper, sheet

# Asks for a table as the page shows it, also where ``export`` gets the file that the view itself makes.
SHOWN: Final = "shown"
_WITHOUT_FILE: Final = "_without_file"
# Rows that are drawn for one file within about four seconds; a longer list makes its file itself, beside the requests.
MOST_ROWS: Final = 10_000
_DAY: Final = re.compile(r"\A(\d\d)/(\d\d)/(\d{4})\Z", re.ASCII)
_VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr", "col"})
# What is pressed, filled in or drawn is no record.
_NO_RECORD: Final = frozenset(
    {"button", "form", "select", "textarea", "summary", "script", "style", "svg", "template"}
)
_APART: Final = frozenset({"br", "p", "div", "li", "dt", "dd", "tr"})
_UNSEEN: Final = frozenset({"unseen", "empty", "exports"})
# No name of a file is longer, whatever the address.
_LONGEST_NAME: Final = 80


def asked_format(request: HttpRequest) -> str:
    """As what kind of file the request wants the page; empty when it wants the page."""
    return request.GET.get(SHOWN) or request.GET.get("export", "")


def without_file(page: HttpResponse) -> HttpResponse:
    """A page that says why the file asked for is not made: it stays a page."""
    setattr(page, _WITHOUT_FILE, True)
    return page


def page_of(request: HttpRequest, rows: Any, size: int) -> Page[Any]:
    """The asked page of a list; all of it as one page when the list leaves as a file. Raises TooLongForAFile."""
    if asked_format(request) in FORMATS:
        whole = Paginator(rows, MOST_ROWS)
        if whole.count > MOST_ROWS:
            raise TooLongForAFile(rows=whole.count, most=MOST_ROWS)
        return whole.get_page(1)
    return Paginator(rows, size).get_page(request.GET.get("page"))


@dataclass(frozen=True, slots=True)
class ShownTable:
    """What a page shows: its title, the headings, the rows below each other, totals last."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(slots=True)
class _Cell:
    heading: bool
    figure: bool = False
    exact: str = ""
    across: int = 1
    down: int = 1
    unseen: bool = False
    # Something in it is pressed, ticked or filled in.
    pressed: bool = False
    pieces: list[str] = field(default_factory=lambda: [""])

    @property
    def words(self) -> str:
        """What is read in it; parts that stand below each other are divided by a semicolon."""
        return "; ".join(filter(None, (" ".join(piece.split()) for piece in self.pieces)))


@dataclass(slots=True)
class _Table:
    name: str
    above: str
    head: list[list[_Cell]] = field(default_factory=list)
    body: list[list[_Cell]] = field(default_factory=list)
    part: str = ""

    def begin_row(self) -> None:
        """A row of the part that is open."""
        (self.head if self.part == "thead" else self.body).append([])

    def add(self, cell: _Cell) -> None:
        """A cell of the open row."""
        rows = self.head if self.part == "thead" else self.body
        if rows:
            rows[-1].append(cell)


class _Reader(HTMLParser):
    """Gathers the tables of a page, with the heading of the page and the one above each table."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self.titles: dict[str, list[str]] = {"h1": [], "h2": []}
        self._title = ""
        self._table: _Table | None = None
        self._cell: _Cell | None = None
        # How many elements that are left out are open, one within the other.
        self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._apart(tag)
            if tag == "input" and self._cell is not None:
                self._cell.pressed = True
        elif self._left_out:
            self._left_out += 1
        elif self._is_left_out(tag, given):
            self._left_out = 1
        else:
            self._opened(tag, given)

    def _is_left_out(self, tag: str, given: dict[str, str]) -> bool:
        inside = self._cell is not None or bool(self._title)
        unseen = bool(_UNSEEN & set(given.get("class", "").split())) or "hidden" in given
        if self._cell is not None:
            self._cell.unseen |= unseen
            self._cell.pressed |= tag in _NO_RECORD
        return inside and (unseen or tag in _NO_RECORD)

    def _opened(self, tag: str, given: dict[str, str]) -> None:
        if tag in self.titles:
            self._title, self.titles[tag] = tag, []
        elif tag == "table":
            self._table = _Table(given.get("data-table", ""), " ".join(self.titles["h2"]))
            self.tables.append(self._table)
        elif self._table is None:
            return
        elif tag in ("thead", "tbody", "tfoot"):
            self._table.part = tag
        elif tag == "tr":
            self._table.begin_row()
        elif tag in ("td", "th"):
            self._cell = _Cell(
                heading=tag == "th",
                figure="num" in given.get("class", "").split(),
                across=_span(given.get("colspan")),
                down=_span(given.get("rowspan")),
            )
            self._table.add(self._cell)
        if self._cell is not None:
            self._cell.exact = given.get("title") or self._cell.exact
            self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._left_out:
            self._left_out -= 1
        elif tag == self._title:
            self._title = ""
        elif tag == "table":
            self._table = None
        elif tag == "thead" and self._table is not None:
            self._table.part = ""
        elif tag in ("td", "th"):
            self._cell = None
        else:
            self._apart(tag)

    def handle_data(self, data: str) -> None:
        if self._left_out:
            return
        if self._cell is not None:
            self._cell.pieces[-1] += data
        elif self._title and data.strip():
            self.titles[self._title].append(" ".join(data.split()))

    def _apart(self, tag: str) -> None:
        if tag in _APART and self._cell is not None and not self._left_out:
            self._cell.pieces.append("")


def _span(words: str | None) -> int:
    return min(int(words), 100) if words and words.isascii() and words.isdigit() else 1


def shown_table(html: str, name: str = "") -> ShownTable | None:
    """The table of a page that is called ``name``, or its first one; None when the page shows none."""
    reader = _Reader()
    reader.feed(html)
    found = next((one for one in reader.tables if not name or one.name == name), None)
    if found is None:
        return None
    words = [" ".join(reader.titles["h1"]), found.above if name else ""]
    return ShownTable(": ".join(filter(None, words)), *_columns(found))


def _columns(table: _Table) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    head, body = _grid(table.head, repeated=True), _grid(table.body, repeated=False)
    width = max(map(len, (*head, *body)), default=0)
    stacks = [[row[at] for row in head if at < len(row)] for at in range(width)]
    kept = [at for at in range(width) if _is_kept(stacks[at], body, at)]
    percents = [_is_percent(body, at) for at in range(width)]
    header = tuple(_heading(stacks[at], percent=percents[at]) for at in kept)
    rows = (tuple(_value(row[at]) if at < len(row) else None for at in kept) for row in body)
    return header, tuple(row for row in rows if any(value is not None for value in row))


def _is_kept(
    stack: Sequence[_Cell | None], body: Sequence[Sequence[_Cell | None]], at: int
) -> bool:
    """Not a column of boxes to tick, fields or buttons: its heading is unseen, or nothing but these stands in its cells."""
    heads = [cell for cell in stack if cell]
    if any(cell.unseen for cell in heads) and not any(cell.words for cell in heads):
        return False
    cells = [cell for row in body if at < len(row) and (cell := row[at]) is not None]
    pressed = any(cell.pressed for cell in (*cells, *heads))
    return not pressed or any(_value(cell) is not None for cell in cells)


def _grid(rows: Sequence[Sequence[_Cell]], *, repeated: bool) -> list[list[_Cell | None]]:
    """Cells by column: one over several columns or rows stands in each of them when repeated, else in the first."""
    placed: dict[tuple[int, int], _Cell | None] = {}
    for down, row in enumerate(rows):
        at = 0
        for cell in row:
            while (down, at) in placed:
                at += 1
            for below in range(cell.down):
                for beside in range(cell.across):
                    first = not below and not beside
                    placed[down + below, at + beside] = cell if repeated or first else None
    width = max((at for _, at in placed), default=-1) + 1
    return [[placed.get((down, at)) for at in range(width)] for down in range(len(rows))]


def _heading(stack: Sequence[_Cell | None], *, percent: bool) -> str:
    words = " - ".join(dict.fromkeys(cell.words for cell in stack if cell and cell.words))
    return f"{words} (%)" if percent and "%" not in words else words


def _is_percent(body: Sequence[Sequence[_Cell | None]], at: int) -> bool:
    cells = [row[at] for row in body if at < len(row)]
    figures = [cell.words for cell in cells if cell and cell.figure and cell.words]
    return any(words.endswith("%") for words in figures)


def _value(cell: _Cell | None) -> Cell:
    words = cell.words if cell else ""
    if cell is None or words in ("", NOTHING, "-"):
        return None
    day = parse_day(_DAY.sub(r"\3-\2-\1", words))
    if day is not None:
        return day
    if cell.figure:
        for said in (words.removesuffix("%"), cell.exact.partition(" ")[0]):
            figure = _figure(said)
            if figure is not None:
                return figure
    return words


def _figure(words: str) -> int | Decimal | None:
    try:
        figure = amounts.figure(words)
    except amounts.NotAnAmount:
        return None
    return int(figure) if "," not in words and figure == int(figure) else figure


def shown_as_file(request: HttpRequest, page: HttpResponse) -> HttpResponse | None:
    """The table that a drawn page shows as the file asked for; None when none was asked for, or the page says why there is none.

    Raises NothingShown, TooLongForPaper.
    """
    fmt = asked_format(request)
    kind = page.headers.get("Content-Type", "")
    drawn = page.status_code == 200 and kind.startswith("text/html")
    if fmt not in FORMATS or not drawn or getattr(page, _WITHOUT_FILE, False):
        return None
    table = shown_table(page.content.decode(), request.GET.get("table", ""))
    if table is None:
        raise NothingShown
    path = re.sub(r"[^\w-]+", "-", request.path.strip("/"), flags=re.ASCII)[:_LONGEST_NAME]
    name = f"{path or 'bang'}-{clock.today()}"
    return sheet(fmt, name, table.header, table.rows, paper(request, table.title))
