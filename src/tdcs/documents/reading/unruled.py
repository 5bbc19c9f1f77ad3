"""Tables without rules: columns are the gaps that no word crosses; rows stand further apart than the lines inside them."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Final

from tdcs.documents.reading.pieces import Piece

Lines = list[list[Piece]]
Row = list[str]

_LEAST_COLUMNS: Final = 3
# Widths and heights as shares of the letters' size.
_GUTTER: Final = 0.5
_FAR: Final = 4.5
_NEAR: Final = 2.2
_ROW_GAP: Final = 0.15
_ASCENT, _DESCENT = 0.75, 0.25
# A group's heading may stand between rows, over two lines at most.
_MOST_HEADINGS: Final = 2
_MOST_WAITING: Final = 4
_INDEX: Final = re.compile(
    r"^\(?(?:\d{1,3}(?:\.\d{1,2})*|[IVXA-H]{1,4}\d{0,2}|STT|Stt|TT|Tt|Số TT|TT\.)[.)]?$"
)


def table_at(lines: Lines, at: int) -> tuple[list[Row], int]:
    """The table that begins with a line, and the index behind it; ([], at) when none begins here."""
    seed = next(
        (k for k in range(at, min(at + 3, len(lines))) if len(lines[k]) >= _LEAST_COLUMNS), None
    )
    if seed is None:
        return [], at
    region, after = _region(lines, seed)
    columns = _columns(region)
    if len(columns) < _LEAST_COLUMNS or not _opens(lines[at : seed + 1], columns):
        return [], at
    body = [*lines[at:seed], *(line for line in lines[seed:after])]
    if len(body) < 3:
        return [], at
    return _rows(body, columns), after


def rows_between(lines: Lines, columns: list[tuple[float, float]]) -> list[Row]:
    """The rows of lines that stand in known columns, when several of them are numbered; else empty."""
    if sum(_is_numbered(line, columns) for line in lines) < 2:
        return []
    return _rows(lines, columns)


def _opens(above: Lines, columns: list[tuple[float, float]]) -> bool:
    """Whether the lines over the first full one are the tops of taller heading cells."""
    for line, below in itertools.pairwise(above):
        if line[0].y - below[0].y > _NEAR * below[0].size:
            return False
        if any(_column_of(piece, columns) is None or _INDEX.match(piece.text) for piece in line):
            return False
        if any(piece.x0 < columns[1][0] - 1 for piece in line):
            return False
    return True


def _region(lines: Lines, seed: int) -> tuple[Lines, int]:
    """The lines that keep to the columns of the first one, headings of groups not counted."""
    region, after = [lines[seed]], seed + 1
    most = len(lines[seed])
    # Behind a heading over all columns lines count only when a full one follows them.
    waiting: Lines = []
    crossing = 0
    for at in range(seed + 1, len(lines)):
        line = lines[at]
        if lines[at - 1][0].y - line[0].y > _FAR * line[0].size:
            break
        columns, joined = _columns(region), len(_columns([*region, *waiting, line]))
        # A heading may fill a gap that only chance left in the lines before it, but never one of the rows'.
        least = most if len(line) > 2 or line[0].x0 > columns[1][0] - 1 else len(columns)
        if joined >= least and (not crossing or len(line) >= _LEAST_COLUMNS):
            region.extend([*waiting, line])
            most = max(most, len(line))
            after, crossing, waiting = at + 1, 0, []
        elif joined >= least and len(waiting) < _MOST_WAITING:
            waiting.append(line)
        elif len(line) <= 2 and not waiting and crossing < _MOST_HEADINGS:
            crossing += 1
        else:
            break
    return region, after


def _columns(region: Lines) -> list[tuple[float, float]]:
    """The bands that words fill, parted by gaps which no word crosses."""
    words = sorted((x0, x1) for line in region for piece in line for x0, x1, _ in piece.words)
    gutter = _GUTTER * region[0][0].size
    bands: list[tuple[float, float]] = []
    for x0, x1 in words:
        if bands and x0 - bands[-1][1] <= gutter:
            bands[-1] = (bands[-1][0], max(bands[-1][1], x1))
        else:
            bands.append((x0, x1))
    return bands


def _column_of(piece: Piece, columns: list[tuple[float, float]]) -> int | None:
    """The one column that holds all of a piece."""
    return next(
        (n for n, (x0, x1) in enumerate(columns) if x0 - 1 <= piece.x0 and piece.x1 <= x1 + 1), None
    )


def _rows(body: Lines, columns: list[tuple[float, float]]) -> list[Row]:
    made: list[Row] = []
    for lines in _parted(body, columns):
        if _is_heading(lines[0], columns):
            *number, heading = [piece.text for piece in lines[0]]
            made.append([*number, *[heading] * (len(columns) - len(number))])
            continue
        cells = [""] * len(columns)
        for line in lines:
            for piece in line:
                for x0, _, text in piece.words:
                    at = max(
                        (n for n, (left, _) in enumerate(columns) if x0 >= left - 1), default=0
                    )
                    cells[at] = f"{cells[at]} {text}".strip()
        made.append(cells)
    return made


def _parted(body: Lines, columns: list[tuple[float, float]]) -> list[Lines]:
    """The lines of each row; headings of groups part the table first."""
    limit = _line_gap(body, columns)
    made: list[Lines] = []
    part: Lines = []
    for line in body:
        if _is_heading(line, columns):
            made.extend([*_rows_of(part, columns, limit), [line]])
            part = []
        else:
            part.append(line)
    return [*made, *_rows_of(part, columns, limit)]


def _rows_of(part: Lines, columns: list[tuple[float, float]], limit: float) -> list[Lines]:
    """By the gaps between rows; where these are no wider than inside a row, by the numbers, else by the first cells."""
    if not part:
        return []
    rows = _by_gaps(part, limit)
    numbers = [line[0].y for line in part if _is_numbered(line, columns)]
    if len(numbers) < 2:
        return rows if len(rows) > 1 or numbers else _by_first_cells(part, columns)
    crowded = any(sum(_is_numbered(line, columns) for line in row) > 1 for row in rows)
    lonely = sum(not any(_is_numbered(line, columns) for line in row) for row in rows)
    return _by_numbers(part, numbers) if crowded or lonely > len(numbers) else rows


def _is_numbered(line: list[Piece], columns: list[tuple[float, float]]) -> bool:
    first = " ".join(
        text for piece in line for x0, _, text in piece.words if x0 < columns[1][0] - 1
    )
    return bool(_INDEX.match(first))


def _by_gaps(part: Lines, limit: float) -> list[Lines]:
    rows: list[Lines] = []
    bottom = 0.0
    for line in part:
        size = line[0].size
        if not rows or bottom - (line[0].y + _ASCENT * size) > limit:
            rows.append([])
        rows[-1].append(line)
        under = line[0].y - _DESCENT * size
        bottom = min(bottom, under) if len(rows[-1]) > 1 else under
    return rows


def _is_heading(line: list[Piece], columns: list[tuple[float, float]]) -> bool:
    """A group's heading over all columns, its number in the first one or not."""
    numbered = len(line) == 2 and bool(_INDEX.match(line[0].text))
    return (len(line) == 1 or numbered) and _column_of(line[-1], columns) is None


def _line_gap(body: Lines, columns: list[tuple[float, float]]) -> float:
    """The space between two lines of one cell: the commonest step inside columns that is no row's."""
    size = body[0][0].size
    steps: Counter[float] = Counter()
    for column in range(len(columns)):
        places = [
            line[0].y for line in body if any(_starts_in(piece, column, columns) for piece in line)
        ]
        steps.update(round(a - b, 0) for a, b in itertools.pairwise(places) if a - b > 0.8 * size)
    least = min(
        (step for step, count in steps.items() if count > 1), default=min(steps, default=size)
    )
    return least - size + max(_ROW_GAP * size, 1.0)


def _starts_in(piece: Piece, column: int, columns: list[tuple[float, float]]) -> bool:
    left, right = columns[column]
    return any(left - 1 <= x0 <= right for x0, _, _ in piece.words)


def _by_first_cells(body: Lines, columns: list[tuple[float, float]]) -> list[Lines]:
    """Each line with something in the first column begins a row."""
    rows: list[Lines] = []
    for line in body:
        if not rows or line[0].x0 < columns[1][0] - 1:
            rows.append([])
        rows[-1].append(line)
    return rows


def _by_numbers(body: Lines, numbers: list[float]) -> list[Lines]:
    """Rows around their numbers: cells begin beside the number, or reach as far over it as under it."""
    tops = [line[0].y for line in body]
    size = body[0][0].size
    if tops[0] - numbers[0] < 0.5 * size and not _lines_over(body, numbers):
        starts = numbers
    else:
        starts = [tops[0]]
        for number, following in itertools.pairwise(numbers):
            end = 2 * number - starts[-1]
            under = [
                y
                for y in tops
                if following - 0.3 * size <= y < number - 0.3 * size or y == following
            ]
            starts.append(min(under, key=lambda y: abs(y - (end - 1.3 * size)), default=following))
    rows: list[Lines] = [[] for _ in starts]
    for line in body:
        at = max(
            (n for n, start in enumerate(starts) if line[0].y <= start + 0.3 * size), default=0
        )
        rows[at].append(line)
    return [row for row in rows if row]


def _lines_over(body: Lines, numbers: list[float]) -> bool:
    """Whether the last number has lines over it that come after the last but one's own: it stands in the middle."""
    size = body[0][0].size
    last, before = numbers[-1], numbers[-2]
    under_last = sum(line[0].y < last - 0.3 * size for line in body)
    between = sum(last + 0.3 * size < line[0].y < before - 0.3 * size for line in body)
    return bool(under_last and between)
