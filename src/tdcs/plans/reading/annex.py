"""Annex tables: task, lead, coordinating units, time, product in columns; rows that go on; group rows."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.text import fold
from tdcs.documents.reading import Table
from tdcs.plans.reading.assignments import Parts, make_task
from tdcs.plans.reading.labels import Label
from tdcs.plans.reading.model import ReadTask

_COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("index", r"^(?:stt|tt|so tt|so thu tu)$"),
    ("coordinate", r"phoi hop"),
    ("lead", r"chu tri|dau moi|chiu trach nhiem|tham muu"),
    ("perform", r"(?:don vi|co quan)\s*(?:trien khai\s*)?thuc hien|phan cong"),
    ("timing", r"thoi gian|thoi han|tien do|lo trinh|hoan thanh|han (?:hoan thanh|bao cao)"),
    ("product", r"san pham|ket qua|dau ra"),
    ("note", r"^ghi chu$"),
    ("task", r"nhiem vu|noi dung|cong viec|giai phap|hoat dong|ten viec"),
)


def columns_of(table: Table) -> tuple[int, dict[str, int]]:
    """Row of the header and the columns it names; (-1, {}) when the table assigns nothing.

    "Đơn vị" or "Đơn vị tính" in a table of figures is a unit of measure, so it names no column here.
    """
    for at, row in enumerate(table.rows[:4]):
        found: dict[str, int] = {}
        for column, cell in enumerate(row):
            kind = next((k for k, p in _COLUMNS if re.search(p, fold(cell))), "")
            if kind and kind not in found and len(cell) < 90:
                found[kind] = column
        if "task" in found and ({"lead", "perform"} & set(found) or "timing" in found):
            return at, found
    return -1, {}


def read_annex(table: Table, number: int, year: int) -> list[ReadTask]:
    """The tasks of one annex table; paths are PL<n>.<row number or count>."""
    header, columns = columns_of(table)
    if header < 0:
        return []
    group = ("PL" + str(number), "")
    made: list[ReadTask] = []
    rows: list[tuple[str, tuple[str, str], dict[str, str]]] = []
    for row in table.rows[header + 1 :]:
        cells = {kind: row[column].strip() for kind, column in columns.items() if column < len(row)}
        texts = {cell.strip() for cell in row if cell.strip()}
        if not texts or row == table.rows[header]:
            continue
        if len(texts) == 1 or _is_group(cells, texts):
            group = (f"PL{number}.{cells.get('index') or len(rows) + 1}", max(texts, key=len))
        elif _goes_on(cells, columns) and rows:
            _join(rows[-1][2], cells)
        else:
            rows.append((_index(cells, len(rows) + 1), group, cells))
    for count, (index, section, cells) in enumerate(rows, 1):
        path = f"PL{number}.{index}"
        if any(task.path == path for task in made):
            path = f"{section[0]}.{index}" if section[1] else f"PL{number}.{count}"
        if any(task.path == path for task in made):
            path = f"PL{number}.r{count}"
        made.append(_task(path, cells, section, table.number, year))
    return made


def _index(cells: dict[str, str], count: int) -> str:
    return re.sub(r"[^\w.]", "", cells.get("index", "")).strip(".") or str(count)


def _is_group(cells: dict[str, str], texts: set[str]) -> bool:
    """A row with a number and a heading only."""
    assigned = any(
        cells.get(kind) for kind in ("lead", "perform", "coordinate", "timing", "product")
    )
    return (
        not assigned
        and len(texts) <= 2
        and bool(re.fullmatch(r"[IVXA-E]+\.?", cells.get("index", "")))
    )


def _goes_on(cells: dict[str, str], columns: dict[str, int]) -> bool:
    """A row cut by a page break: no number, and a text that begins in the middle."""
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
