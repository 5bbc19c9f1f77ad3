"""From letters with places to lines and tables: ruled ones by their rules, others by the gaps between columns."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Final

from tdcs.documents.reading import unruled
from tdcs.documents.reading.pieces import Glyph, Piece, Rule, lines_of

_PAGE_NUMBER = re.compile(r"^\s*[-–]?\s*\d{1,3}\s*[-–]?\s*$")
_NEAR: Final = 2.5
_LEAST_COLUMNS: Final = 3
# Lines so many sizes apart have an empty one between them.
_APART: Final = 2.6

Row = list[str]
# Pages (one of a line, one of each row of a table) and what stands there.
Block = tuple[list[int], "str | list[Row]"]


@dataclass(frozen=True, slots=True)
class Page:
    glyphs: list[Glyph]
    rules: list[Rule]
    height: float


@dataclass(slots=True)
class _Grid:
    """A ruled table of one page: places of its columns and rows."""

    xs: list[float]
    ys: list[float]
    upright: list[Rule]
    level: list[Rule]


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
                made[-1][0].extend([number] * len(block))
            else:
                made.append(([number] * (len(block) if isinstance(block, list) else 1), block))
    return made


def _goes_on(before: list[Row], block: list[Row]) -> bool:
    return len(before[0]) == len(block[0])


def _page_blocks(page: Page) -> list[str | list[Row]]:
    grids = _grids(page.rules)
    lines = lines_of(page.glyphs, [rule for grid in grids for rule in grid.upright])
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
        table, after = unruled.table_at(lines, at)
        if table:
            made.append(table)
            at = after
        else:
            if at and lines[at - 1][0].y - lines[at][0].y > _APART * lines[at][0].size:
                made.append("")
            made.append("   ".join(piece.text for piece in lines[at]))
            at += 1
    return made


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
            made.append(_Grid(xs, sorted(ys, reverse=True), group, inside))
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
    """Rows by the levels, columns by the uprights; what a merged cell says stands in each of its rows and columns."""
    count = len(grid.xs) - 1
    spans = [_spans(grid, column) for column in range(count)]
    cells: dict[tuple[int, int], str] = {}
    filled: set[int] = set()
    for piece in sorted(pieces, key=lambda p: (-round(p.y), p.x0)):
        row = _row_of(piece, grid)
        if row is None:
            continue
        for column in _columns_under(piece, grid.xs, _edges(grid, row)):
            first, last = spans[column][row]
            filled.add(row)
            for under in range(first, last):
                key = under, column
                cells[key] = f"{cells.get(key, '')} {piece.text}".strip()
    rows: list[Row] = []
    for row in range(len(grid.ys) - 1):
        said = [cells.get((row, column), "") for column in range(count)]
        whole = all(
            spans[column][row][1] - spans[column][row][0] > 1
            for column in range(count)
            if said[column]
        )
        if any(said) and (row in filled or not whole):
            rows.extend(_split(grid, row, pieces) or [said])
    return rows


def _split(grid: _Grid, row: int, pieces: list[Piece]) -> list[Row]:
    """Rows that no level parts, when several numbers stand in one of them; else empty."""
    inner = [piece for piece in pieces if _row_of(piece, grid) == row]
    columns = list(itertools.pairwise(grid.xs))
    return unruled.rows_between(_by_height(inner), columns)


def _by_height(pieces: list[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: -p.y):
        if not lines or lines[-1][0].y - piece.y > 0.4 * piece.size:
            lines.append([])
        lines[-1].append(piece)
    return [sorted(line, key=lambda p: p.x0) for line in lines]


def _row_of(piece: Piece, grid: _Grid) -> int | None:
    middle = piece.y + 0.3 * piece.size
    return next(
        (
            n
            for n, (top, bottom) in enumerate(itertools.pairwise(grid.ys))
            if bottom <= middle < top
        ),
        None,
    )


def _edges(grid: _Grid, row: int) -> list[float]:
    """The uprights that cross a row."""
    middle = (grid.ys[row] + grid.ys[row + 1]) / 2
    return [x for x in grid.xs if any(
        abs((r.x0 + r.x1) / 2 - x) <= _NEAR and r.y0 - 1 <= middle <= r.y1 + 1 for r in grid.upright
    )]  # fmt: skip


def _spans(grid: _Grid, column: int) -> list[tuple[int, int]]:
    """For each row the first and the last (not counted) row of the cell it belongs to in a column."""
    middle = (grid.xs[column] + grid.xs[column + 1]) / 2
    last = len(grid.ys) - 1
    cut = [0, *(
        n for n in range(1, last)
        if any(abs(r.y0 - grid.ys[n]) <= _NEAR and r.x0 - 1 <= middle <= r.x1 + 1 for r in grid.level)
    ), last]  # fmt: skip
    return [(a, b) for a, b in itertools.pairwise(cut) for _ in range(a, b)]


def _columns_under(piece: Piece, xs: list[float], edges: list[float]) -> list[int]:
    middle = min((piece.x0 + piece.x1) / 2, xs[-1])
    left = max((x for x in edges if x <= piece.x0 + 2), default=xs[0])
    right = min(
        (x for x in edges if x > max(left, middle if len(edges) > 2 else left)), default=xs[-1]
    )
    return [
        at for at in range(len(xs) - 1) if xs[at] >= left - _NEAR and xs[at + 1] <= right + _NEAR
    ]
