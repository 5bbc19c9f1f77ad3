"""Lists as an office would bring them: written, brought, taken and undone."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from extract_cast import DAY

from tdcs.access.models import User
from tdcs.demo.extracts.writing import PLAIN, write_sheet
from tdcs.imports import services
from tdcs.imports.models import ExtractImport
from tdcs.imports.queries.imports import faults_of
from tdcs.imports.rules.layouts import layout_of

ON = date(2026, 11, 23)
NOVEMBER = date(2026, 11, 20)
_made = iter(range(10_000))


def list_of(kind: str, rows: list[dict[str, Any]], day: date) -> bytes:
    """The rows as a workbook of a kind."""
    layout = layout_of(kind)
    numbers = ("money", "count", "million")
    types = {"date": pl.Date} | dict.fromkeys(numbers, pl.Int64)
    schema = {one.field: types.get(one.kind, pl.String) for one in layout.columns}
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    return write_sheet(layout, frame, day, PLAIN)


def bring(by: User | None, *files: bytes, day: date = DAY) -> ExtractImport:
    """Files received and read."""
    given = [(f"{at}_{day:%d-%m-%Y}.xlsx", one) for at, one in enumerate(files)]
    made = services.receive(files=given, by=by, on=ON, key=f"l-{next(_made)}")
    services.read(imported=made, by=by, on=ON)
    return made


def commit(made: ExtractImport, by: User | None, *, monitor: bool = False) -> dict[str, int]:
    """The import taken."""
    return services.commit(imported=made, monitor=monitor, by=by, on=ON, key=f"lc-{next(_made)}")


def undo(made: ExtractImport, by: User | None) -> None:
    """The whole import taken back."""
    services.undo(imported=made, why="nhầm tệp", by=by, on=ON, key=f"lu-{next(_made)}")


def codes_of(made: ExtractImport) -> list[tuple[str, str]]:
    """(field, code) of what is wrong with the rows of the only file, in order."""
    found = faults_of(made.files.get())
    return sorted(zip(found["field"], found["code"], strict=True)) if len(found) else []
