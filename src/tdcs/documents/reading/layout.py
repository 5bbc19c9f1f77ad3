"""From letters with places to lines and tables: ruled ones by their rules, others by the gaps between columns."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Final

_PAGE_NUMBER = re.compile(r"^\s*[-–]?\s*\d{1,3}\s*[-–]?\s*$")
# A gap as wide as this many times the letters' size parts two columns.
_WIDE: Final = 1.1
_WORD: Final = 0.12
_NEAR: Final = 2.5
_LEAST_COLUMNS: Final = 3
# Lines so many sizes apart have an empty one between them.
_APART: Final = 2.6

Row = list[str]
Block = tuple[int, "str | list[Row]"]


@dataclass(frozen=True, slots=True)
class Glyph:
    text: str
    x0: float
    x1: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Rule:
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Page:
    glyphs: list[Glyph]
    rules: list[Rule]
    height: float


@dataclass(slots=True)
class Piece:
    """Letters of one line without a wide gap between them."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    # Its words with their places, for columns that stand close to each other.
    words: list[tuple[float, float, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Grid:
    """A ruled table of one page: places of its columns and rows."""

    xs: list[float]
    ys: list[float]
    upright: list[Rule]
    cells: dict[tuple[int, int], list[Piece]] = field(default_factory=dict)


def blocks_of(pages: list[Page]) -> list[Block]:
    """All pages' blocks; a table that goes on over a page's end is one table."""
    made: list[Block] = []
    for number, page in enumerate(pages, 1):
        for at, block in enumerate(_page_blocks(page)):
            before = made[-1][1] if made else ""
            if (
                isinstance(block, list)
                and isinstance(before, list)
                and at == 0
                and _goes_on(before, block)
            ):
                before.extend(block)
            else:
                made.append((number, block))
    return made


def _goes_on(before: list[Row], block: list[Row]) -> bool:
    return len(before[0]) == len(block[0])


def _page_blocks(page: Page) -> list[str | list[Row]]:
    grids = _grids(page.rules)
    lines = _lines(page.glyphs, [rule for grid in grids for rule in grid.upright])
    if lines and len(lines[0]) == 1 and _PAGE_NUMBER.match(lines[0][0].text):
        lines = lines[1:]
    if lines and len(lines[-1]) == 1 and _PAGE_NUMBER.match(lines[-1][0].text):
        lines = lines[:-1]
    made: list[str | list[Row]] = []
    placed: set[int] = set()
    at = 0
    while at < len(lines):
        grid = next((one for one in grids if _inside(lines[at][0], one)), None)
        if grid is not None:
            if id(grid) not in placed:
                placed.add(id(grid))
                inner = [piece for line in lines for piece in line if _inside(piece, grid)]
                if rows := _ruled(grid, inner):
                    made.append(rows)
            at += 1
            continue
        table, after = _unruled(lines, at)
        if table:
            made.append(table)
            at = after
        else:
            if at and lines[at - 1][0].y - lines[at][0].y > _APART * lines[at][0].size:
                made.append("")
            made.append("   ".join(piece.text for piece in lines[at]))
            at += 1
    return made


def _lines(glyphs: list[Glyph], upright: list[Rule]) -> list[list[Piece]]:
    """Pieces by line, from the top; a rule or a wide gap parts the letters of a line."""
    rows: list[list[Glyph]] = []
    base = size = 0.0
    for glyph in sorted((g for g in glyphs if g.text.strip()), key=lambda g: -g.y):
        if not rows or base - glyph.y > 0.4 * max(size, glyph.size):
            rows.append([])
            base, size = glyph.y, glyph.size
        rows[-1].append(glyph)
    return [_pieces(row, upright) for row in rows]


def _pieces(row: list[Glyph], upright: list[Rule]) -> list[Piece]:
    made: list[Piece] = []
    for glyph in sorted(row, key=lambda g: g.x0):
        before = made[-1] if made else None
        gap = glyph.x0 - before.x1 if before else 0.0
        if before is None or gap > _WIDE * glyph.size or _parted(before, glyph, upright):
            word = (glyph.x0, glyph.x1, glyph.text)
            made.append(Piece(glyph.text, glyph.x0, glyph.x1, glyph.y, glyph.size, [word]))
        else:
            apart = gap > _WORD * glyph.size
            before.text += (" " if apart else "") + glyph.text
            if apart:
                before.words.append((glyph.x0, glyph.x1, glyph.text))
            else:
                x0, _, text = before.words[-1]
                before.words[-1] = (x0, glyph.x1, text + glyph.text)
            before.x1 = max(before.x1, glyph.x1)
    return made


def _parted(before: Piece, glyph: Glyph, upright: list[Rule]) -> bool:
    middle = glyph.y + 0.3 * glyph.size
    return any(
        before.x1 - 1 <= rule.x0 <= glyph.x0 + 1 and rule.y0 - 1 <= middle <= rule.y1 + 1
        for rule in upright
    )


def _grids(rules: list[Rule]) -> list[_Grid]:
    """Tables of at least three uprights that share a height, and two levels."""
    upright = [rule for rule in rules if rule.y1 - rule.y0 > 6 and rule.x1 - rule.x0 <= 3]
    level = [rule for rule in rules if rule.x1 - rule.x0 > 6 and rule.y1 - rule.y0 <= 3]
    made = []
    for group in _groups(upright):
        top, bottom = max(rule.y1 for rule in group), min(rule.y0 for rule in group)
        xs = _clustered([(rule.x0 + rule.x1) / 2 for rule in group])
        inside = [rule for rule in level if bottom - _NEAR <= rule.y0 <= top + _NEAR]
        ys = _clustered([(rule.y0 + rule.y1) / 2 for rule in inside])
        if len(xs) > _LEAST_COLUMNS and len(ys) > 1:
            made.append(_Grid(xs, sorted(ys, reverse=True), group))
    return made


def _groups(upright: list[Rule]) -> list[list[Rule]]:
    """Uprights whose heights touch: one table each."""
    groups: list[list[Rule]] = []
    lowest = 0.0
    for rule in sorted(upright, key=lambda one: -one.y1):
        if groups and rule.y1 >= lowest - _NEAR:
            groups[-1].append(rule)
            lowest = min(lowest, rule.y0)
        else:
            groups.append([rule])
            lowest = rule.y0
    return groups


def _clustered(places: list[float]) -> list[float]:
    made: list[float] = []
    for place in sorted(places):
        if not made or place - made[-1] > _NEAR:
            made.append(place)
    return made


def _inside(piece: Piece, grid: _Grid) -> bool:
    middle = piece.y + 0.3 * piece.size
    return grid.ys[-1] - 1 <= middle <= grid.ys[0] + 1 and grid.xs[0] - 2 <= piece.x0 <= grid.xs[-1]


def _ruled(grid: _Grid, pieces: list[Piece]) -> list[Row]:
    """Rows by the levels, columns by the uprights; a cell without uprights inside holds all its columns."""
    made: list[Row] = []
    for top, bottom in zip(grid.ys, grid.ys[1:], strict=False):
        inner = [p for p in pieces if bottom <= p.y + 0.3 * p.size < top]
        if not inner:
            continue
        middle = (top + bottom) / 2
        edges = [x for x in grid.xs if any(
            abs((r.x0 + r.x1) / 2 - x) <= _NEAR and r.y0 - 1 <= middle <= r.y1 + 1 for r in grid.upright
        )]  # fmt: skip
        cells = [""] * (len(grid.xs) - 1)
        for piece in sorted(inner, key=lambda p: (-round(p.y), p.x0)):
            for column in _columns_under(piece, grid.xs, edges):
                cells[column] = f"{cells[column]} {piece.text}".strip()
        made.append(cells)
    return made


def _columns_under(piece: Piece, xs: list[float], edges: list[float]) -> list[int]:
    middle = min((piece.x0 + piece.x1) / 2, xs[-1])
    left = max((x for x in edges if x <= piece.x0 + 2), default=xs[0])
    right = min(
        (x for x in edges if x > max(left, middle if len(edges) > 2 else left)), default=xs[-1]
    )
    return [
        at for at in range(len(xs) - 1) if xs[at] >= left - _NEAR and xs[at + 1] <= right + _NEAR
    ]


def _unruled(lines: list[list[Piece]], at: int) -> tuple[list[Row], int]:
    """A table without rules: the pieces of its first line head the columns, the gaps below part them."""
    head = lines[at]
    if len(head) < _LEAST_COLUMNS:
        return [], at
    after = at + 1
    while after < len(lines) and _keeps(lines[after], head):
        after += 1
    body = lines[at:after]
    if after - at < 3:
        return [], at
    edges = _edges(body, len(head), head)
    between = _columns(body)
    if len(between) > len(edges):
        edges = between
    rows: list[Row] = []
    gap = _row_gap(body)
    last = None
    for line in body:
        cells = [""] * len(edges)
        for x0, text in _placed(line, by_word=edges is between):
            column = max((n for n, edge in enumerate(edges) if x0 >= edge - 1), default=0)
            cells[column] = f"{cells[column]} {text}".strip()
        new_row = last is not None and gap and last - line[0].y > gap
        if rows and not cells[0] and not new_row:
            rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
        last = line[0].y
    return rows, after


def _placed(line: list[Piece], *, by_word: bool) -> list[tuple[float, str]]:
    if by_word:
        return [(x0, text) for piece in line for x0, _, text in piece.words]
    return [(piece.x0, piece.text) for piece in line]


def _columns(body: list[list[Piece]]) -> list[float]:
    """Where columns begin that no word of any line joins: for cells that stand close to each other."""
    words = sorted(
        (x0, x1) for line in body if len(line) > 1 for piece in line for x0, x1, _ in piece.words
    )
    starts: list[float] = []
    reach = -1.0
    for x0, x1 in words:
        if not starts or x0 - reach > _NEAR + 1.5:
            starts.append(x0)
        reach = max(reach, x1)
    return starts


def _row_gap(body: list[list[Piece]]) -> float:
    """Rows stand further apart than the lines inside them; 0 when all lines are evenly spaced."""
    steps = sorted(a[0].y - b[0].y for a, b in itertools.pairwise(body))
    if not steps or steps[-1] < steps[0] * 1.25:
        return 0.0
    return (steps[0] + steps[-1]) / 2


def _keeps(line: list[Piece], head: list[Piece]) -> bool:
    """A line of the table: several pieces, or one that stays inside a column or is a short group heading."""
    if len(line) > 1:
        return True
    piece = line[0]
    if piece.x0 > head[1].x0 - 2:
        return True
    starts_section = (
        re.match(r"^(?:[IVX]+\.|Nơi nhận|TM\.|KT\.)\s", piece.text) and piece.text.isupper()
    )
    inside_first = piece.x1 < head[2].x0 and piece.x0 >= head[0].x0 - 2
    return (
        inside_first
        and not starts_section
        and not re.match(r"^(?:[IVX]+\. [A-ZÀ-ỸĐ]{2}|Nơi nhận)", piece.text)
    )


def _edges(body: list[list[Piece]], count: int, head: list[Piece]) -> list[float]:
    """Where each column begins: the least place of the pieces that stand nearest to its heading."""
    edges = [piece.x0 for piece in head]
    for line in body[1:]:
        if len(line) != count:
            continue
        edges = [min(edge, piece.x0) for edge, piece in zip(edges, line, strict=True)]
    return edges
