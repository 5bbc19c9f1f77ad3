"""Annex tables: task, lead, coordinating units, time, product in columns; rows that go on; group rows."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.text import fold
from tdcs.documents.reading import Table
from tdcs.plans.reading.assignments import Parts, make_task
from tdcs.plans.reading.grammar import head_at, is_person
from tdcs.plans.reading.labels import Label
from tdcs.plans.reading.model import ReadTask

_COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("index", r"^(?:stt|tt|so tt|so thu tu|so|muc)$"),
    (
        "task",
        r"^(?:ten |cac )?(?:nhiem vu|noi dung|cong viec|hoat dong|giai phap|dau viec|ten viec|viec)\b",
    ),
    (
        "timing",
        r"thoi gian|thoi han|tien do|lo trinh|hoan thanh|\bhan (?:hoan thanh|bao cao)|^han$|thoi diem",
    ),
    ("product", r"san pham|ket qua|dau ra|chi tieu"),
    ("coordinate", r"phoi hop|tham gia|ho tro"),
    ("lead", r"chu tri|dau moi|chiu trach nhiem|tham muu|phu trach|lanh dao chi dao"),
    ("perform", r"thuc hien|phan cong|duoc giao|trien khai|^nguoi lam$"),
    ("note", r"^ghi chu$"),
    ("task", r"nhiem vu|noi dung|cong viec|giai phap|hoat dong"),
)
# These words alone head a column of units only when units stand in it; else they mean a unit of measure.
_BARE_UNIT: Final = re.compile(
    r"^(?:don vi|co quan|bo phan|ca nhan|nguoi|phong|ho (?:va )?ten|phong, ban)$"
)
_COUNTED: Final = re.compile(r"\(?\d{1,2}\)?$")
_HEADER_ROWS: Final = 6


def columns_of(table: Table) -> tuple[int, dict[str, int]]:
    """Last row of the header and the columns it names; (-1, {}) when the table assigns nothing.

    "Đơn vị" or "Đơn vị tính" in a table of figures is a unit of measure, so it names no column here.
    """
    for at, row in enumerate(table.rows[:_HEADER_ROWS]):
        below = table.rows[at + 1] if at + 1 < len(table.rows) else ()
        two = _is_second_row(row, below)
        found = _named(row, below if two else (), table.rows[at + 1 :])
        if "task" in found and ({"lead", "perform", "timing"} & set(found)):
            return at + two, found
    return -1, {}


def _is_second_row(row: tuple[str, ...], below: tuple[str, ...]) -> bool:
    """A header of two rows: the second names the parts of a merged cell."""
    if len(below) != len(row) or any(re.search(r"\d", cell) for cell in below):
        return False
    merged = {cell for cell in row if cell and row.count(cell) > 1}
    split = [b for a, b in zip(row, below, strict=True) if (a in merged or not a) and b and b != a]
    same = all(a == b or not b for a, b in zip(row, below, strict=True) if a and a not in merged)
    return bool(split) and same and len(set(below)) > 1


def _named(
    row: tuple[str, ...], below: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(row):
        own = below[column] if below and below[column] != cell else ""
        kind = next((k for words in (own, cell) if words for k in [_kind(words)] if k), "")
        if not kind and _BARE_UNIT.match(fold(own or cell)) and _holds_units(column, rows):
            kind = "perform"
        if kind and kind not in found and len(cell) < 90:
            found[kind] = column
    return found


def _kind(words: str) -> str:
    key = fold(words).strip(" .:")
    return next((kind for kind, pattern in _COLUMNS if re.search(pattern, key)), "")


def _holds_units(column: int, rows: tuple[tuple[str, ...], ...]) -> bool:
    cells = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
    named = sum(head_at(cell) or is_person(cell) for cell in cells)
    return bool(cells) and named * 2 >= len(cells)


def read_annex(table: Table, number: int, year: int) -> list[ReadTask]:
    """The tasks of one annex table; paths are PL<n>.<row number or count>."""
    header, columns = columns_of(table)
    if header < 0:
        return []
    group = ("PL" + str(number), "")
    made: list[ReadTask] = []
    paths: set[str] = set()
    rows: list[tuple[str, tuple[str, str], dict[str, str]]] = []
    indexed = _is_indexed(table, header, columns)
    for row in table.rows[header + 1 :]:
        cells = {kind: row[column].strip() for kind, column in columns.items() if column < len(row)}
        texts = {cell.strip() for cell in row if cell.strip()}
        if not texts or row in table.rows[: header + 1] or all(map(_COUNTED.match, texts)):
            continue
        if _is_group(row, cells, texts):
            group = (f"PL{number}.{cells.get('index') or len(rows) + 1}"[:30], max(texts, key=len))
        elif rows and _goes_on(cells, columns, indexed=indexed):
            _join(rows[-1][2], cells)
        else:
            rows.append((_index(cells, len(rows) + 1), group, cells))
    for count, (index, section, cells) in enumerate(rows, 1):
        path = f"PL{number}.{index}"
        if path in paths:
            path = f"{section[0]}.{index}" if section[1] else f"PL{number}.{count}"
        if path in paths:
            path = f"PL{number}.r{count}"
        paths.add(path)
        made.append(_task(path, cells, section, table.number, year))
    return made


def _is_indexed(table: Table, header: int, columns: dict[str, int]) -> bool:
    """Whether rows have numbers, so that a row without one goes on with the row before it."""
    if "index" not in columns:
        return False
    column = columns["index"]
    rows = [row for row in table.rows[header + 1 :] if column < len(row) and len(set(row)) > 1]
    return sum(bool(row[column].strip()) for row in rows) * 3 >= len(rows)


def _index(cells: dict[str, str], count: int) -> str:
    return re.sub(r"[^\w.]", "", cells.get("index", "")).strip(".") or str(count)


def _is_group(row: tuple[str, ...], cells: dict[str, str], texts: set[str]) -> bool:
    """A row merged over all columns, or one with a heading (and a number of its own) only."""
    roles = ("lead", "perform", "coordinate", "timing", "product")
    if len(texts) == 1 and len(row) > 1 and all(cell.strip() for cell in row):
        return True
    if any(cells.get(kind) for kind in roles):
        return False
    if len(texts) == 1:
        return not cells.get("task", "")[:1].islower()
    return len(texts) <= 2 and bool(re.fullmatch(r"[IVXA-E]+\.?", cells.get("index", "")))


def _goes_on(cells: dict[str, str], columns: dict[str, int], *, indexed: bool) -> bool:
    """A row cut by a page break: no number, and a text that begins in the middle."""
    if indexed:
        # A row that says task, unit and time is a row of its own, whose number was lost.
        led = cells.get("lead") or cells.get("perform")
        own = bool(cells.get("task", "")[:1].isupper() and led and cells.get("timing"))
        return not cells.get("index") and not own
    if "index" in columns:
        return not cells.get("index") and (not cells.get("task") or cells["task"][:1].islower())
    return not cells.get("task")


def _join(before: dict[str, str], more: dict[str, str]) -> None:
    for kind, words in more.items():
        if words and words != before.get(kind):
            before[kind] = f"{before.get(kind, '')} {words}".strip()


def _task(
    path: str, cells: dict[str, str], section: tuple[str, str], line: int, year: int
) -> ReadTask:
    parts = Parts(text=[cells.get("task", "")], lines=[line], labelled=True)
    for kind in ("lead", "perform", "coordinate", "timing", "product"):
        words = re.sub(r"\s*\n\s*", "; ", cells.get(kind, ""))
        if words.strip(" -–."):
            parts.take(Label(kind, words), year)
    return make_task(path, parts, section)
