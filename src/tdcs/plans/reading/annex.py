"""Annex tables: task, lead, coordinating units, time, product in columns; rows that go on; group rows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tdcs.documents.reading import Table
from tdcs.plans.reading.annex_columns import columns_of
from tdcs.plans.reading.assignments import Parts, make_task
from tdcs.plans.reading.facts import LABELLED
from tdcs.plans.reading.labels import Label
from tdcs.plans.reading.model import Fact, ReadTask

_COUNTED: Final = re.compile(r"\(?\d{1,2}\)?$")


def read_annex(table: Table, number: int, year: int) -> list[ReadTask]:
    """The tasks of one annex table; paths are PL<n>.<row number or count>."""
    header, columns = columns_of(table)
    if header < 0:
        return []
    group = ("PL" + str(number), "")
    made: list[ReadTask] = []
    paths: set[str] = set()
    rows: list[tuple[str, tuple[str, str], dict[str, str], int]] = []
    indexed = _is_indexed(table, header, columns)
    for number_of_row, row in enumerate(table.rows[header + 1 :], header + 1):
        cells = {kind: row[column].strip() for kind, column in columns.items() if column < len(row)}
        texts = {cell.strip() for cell in row if cell.strip()}
        if not texts or row in table.rows[: header + 1] or all(map(_COUNTED.match, texts)):
            continue
        if _is_group(row, cells, texts) or _heads(cells, table.rows[number_of_row + 1 :], columns):
            group = (f"PL{number}.{cells.get('index') or len(rows) + 1}"[:30], max(texts, key=len))
        elif rows and (_goes_on(cells, columns, indexed=indexed) or _repeats(cells, rows[-1][2])):
            _join(rows[-1][2], cells)
        else:
            rows.append((_index(cells, len(rows) + 1), group, cells, number_of_row))
    for count, (index, section, cells, at) in enumerate(rows, 1):
        path = f"PL{number}.{index}"
        if path in paths:
            path = f"{section[0]}.{index}" if section[1] else f"PL{number}.{count}"
        if path in paths:
            path = f"PL{number}.r{count}"
        paths.add(path)
        named = re.search(r"\b20\d\d\b(?!\s*[-–])", section[1])
        made.append(
            _task(
                path, cells, section, int(named[0]) if named else year, _places(table, columns, at)
            )
        )
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
    task = cells.get("task", "")
    if task and sum(cells.get(kind) == task for kind in roles) >= max(
        1, sum(kind in cells for kind in roles) - 1
    ):
        return True
    if len(texts) == 1 and len(row) > 1 and all(cell.strip() for cell in row):
        return True
    if any(cells.get(kind) for kind in roles):
        return False
    if len(texts) == 1:
        return not cells.get("task", "")[:1].islower()
    return len(texts) <= 2 and bool(re.fullmatch(r"[IVXA-E]+\.?", cells.get("index", "")))


def _heads(
    cells: dict[str, str], below: tuple[tuple[str, ...], ...], columns: dict[str, int]
) -> bool:
    """ "1 | CÔNG TÁC RÀ SOÁT" above "1.1 | …": a heading with a number, for which nobody is named."""
    own = cells.get("index", "").rstrip(". ")
    if not own or any(cells.get(kind) for kind in ("lead", "perform", "coordinate", "timing")):
        return False
    column = columns["index"]
    after = next((row[column] for row in below if column < len(row) and row[column].strip()), "")
    return after.strip().startswith(f"{own}.") and after.strip(". ") != own


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


def _repeats(cells: dict[str, str], before: dict[str, str]) -> bool:
    """A task merged over several rows, each with a unit or a result of its own."""
    return bool(cells.get("task")) and all(
        cells.get(kind, "") == before.get(kind, "") for kind in ("task", "index")
    )


def _join(before: dict[str, str], more: dict[str, str]) -> None:
    for kind, words in more.items():
        if words and words != before.get(kind):
            sign = "\n" if more.get("task") == before.get("task") and kind != "task" else " "
            before[kind] = f"{before.get(kind, '')}{sign}{words}".strip()


def _places(table: Table, columns: dict[str, int], row: int) -> dict[str, Fact]:
    """Where the cells of a row stand, rows and columns counted from 1."""
    return {
        kind: Fact(kind, LABELLED, table.number, f"{row + 1},{column + 1}")
        for kind, column in columns.items()
    }


def _task(
    path: str, cells: dict[str, str], section: tuple[str, str], year: int, at: dict[str, Fact]
) -> ReadTask:
    text = replace(at["task"], kind="text")
    parts = Parts([cells.get("task", "")], lines=[text.block], labelled=True, found={"text": text})
    for kind in ("lead", "perform", "coordinate", "timing", "product"):
        words = re.sub(r"\s*\n\s*", "; ", cells.get(kind, ""))
        if words.strip(" -–."):
            parts.take(Label(kind, words), year, at[kind])
    return make_task(path, parts, section)
