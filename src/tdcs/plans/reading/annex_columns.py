"""What the columns of an annex table hold: by the words of their headings, else by what stands in them."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.text import fold
from tdcs.documents.reading import Table
from tdcs.plans.reading.grammar import head_at, is_person
from tdcs.plans.reading.timing import read_timing

_COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("index", r"^(?:stt|tt|so tt|so thu tu|so|muc|ma|ma (?:viec|so|nhiem vu)|ky hieu|no)$"),
    (
        "task",
        r"^(?:ten |cac )?(?:viec (?:phai|can) lam|nhiem vu|noi dung|cong viec|hoat dong|giai phap|dau viec|ten viec|viec)\b",
    ),
    (
        "timing",
        r"thoi gian|thoi han|tien do|lo trinh|hoan thanh|^han\b(?! muc)|^xong\b|thoi diem|^ngay (?:xong|phai xong|hoan tat)",
    ),
    ("product", r"san pham|ket qua|dau ra|chi tieu"),
    (
        "coordinate",
        r"phoi hop|tham gia|ho tro|^cung |^(?:cac )?(?:don vi|co quan|bo phan|to chuc|phong|ban).{0,12} lien quan",
    ),
    ("lead", r"chu tri|dau moi|chiu trach nhiem|tham muu|phu trach|lanh dao chi dao"),
    ("perform", r"thuc hien|phan cong|duoc giao|trien khai|^(?:nguoi|ai|don vi|bo phan|noi) lam\b"),
    ("note", r"^ghi chu$"),
    ("task", r"nhiem vu|noi dung|cong viec|giai phap|hoat dong"),
)
# These words alone head a column of units only when units stand in it; else they mean a unit of measure.
_BARE_UNIT: Final = re.compile(
    r"^(?:don vi|co quan|bo phan|ca nhan|nguoi|phong|ho (?:va )?ten|phong, ban)$"
)
_HEADER_ROWS: Final = 6


# So large a share of a column's cells shows what the column holds.
_MOST_CELLS: Final = 0.6
_LOOKED_AT: Final = 40
_INDEX_CELL: Final = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Z]{1,2}\d{0,2}|[IVX]{1,5})[.)]?")
_HELPERS: Final = re.compile(r"\b(?:phoi|cung|tham gia|ho tro|giup|theo doi|lien quan)\b")


def columns_of(table: Table) -> tuple[int, dict[str, int]]:
    """Last row of the header and the columns it names; (-1, {}) when the table assigns nothing.

    "Đơn vị" or "Đơn vị tính" in a table of figures is a unit of measure, so it names no column here.
    """
    best: tuple[int, dict[str, int]] = (-1, {})
    for at, row in enumerate(table.rows[:_HEADER_ROWS]):
        below = table.rows[at + 1] if at + 1 < len(table.rows) else ()
        two = _is_second_row(row, below)
        found = _named(row, below if two else (), table.rows[at + 1 :])
        if _assigns(found) and {"lead", "perform"} & set(found):
            return at + two, found
        if best[0] < 0 and found and not any(re.search(r"\d", cell) for cell in row):
            more = _by_content(row, below if two else (), table.rows[at + 1 + two :], found)
            best = (at + two, more) if _assigns(more) else best
        if best[0] < 0 and _assigns(found):
            best = at + two, found
    return best


def _assigns(found: dict[str, int]) -> bool:
    return "task" in found and bool({"lead", "perform", "timing"} & set(found))


def _by_content(
    row: tuple[str, ...],
    below: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    named: dict[str, int],
) -> dict[str, int]:
    """The named columns, and those without a known heading by their cells: days, units, numbers, the longest words."""
    found = dict(named)
    free = [n for n in range(len(row)) if n not in found.values()]
    cells = {
        n: [r[n].strip() for r in rows[:_LOOKED_AT] if n < len(r) and r[n].strip()] for n in free
    }
    for column in free:
        said = cells[column]
        heading = fold(" ".join((row[column], below[column] if below else "")))
        if not said or re.search(r"\bdon vi tinh\b", heading):
            continue
        kind = _content_kind(said)
        if kind == "lead" and ("lead" in found or "perform" in found or _HELPERS.search(heading)):
            kind = "coordinate"
        if kind and kind not in found:
            found[kind] = column
    if "task" not in found and {"lead", "perform"} & set(found):
        left = [n for n in free if n not in found.values() and cells[n]]
        if left:
            found["task"] = max(left, key=lambda n: sum(map(len, cells[n])) / len(cells[n]))
    return found


def _content_kind(cells: list[str]) -> str:
    need = _MOST_CELLS * len(cells)
    if sum(bool(_INDEX_CELL.fullmatch(cell)) for cell in cells) >= need:
        return "index"
    if sum(head_at(cell) or is_person(cell) for cell in cells) >= need:
        return "lead"
    if sum(_is_time(cell) for cell in cells) >= need:
        return "timing"
    return ""


def _is_time(cell: str) -> bool:
    return len(cell) < 60 and read_timing(cell, year=2000).kind != "unknown"


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
