"""Standard sheets of an office that follows extracts: what only its extracts say stands in them, what nobody knows is empty."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from extract_cast import DAY, loan, workbook
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.demo.extracts.writing import PLAIN, write_sheet
from tdcs.imports import services
from tdcs.imports.reading.workbook import read_workbook
from tdcs.imports.rules.layouts import layout_of
from tdcs.sheets.composing.books import composed, tabs_of
from tdcs.sheets.queries.requesting import Words, asked_of, sheet_of

ON: Final = date(2026, 11, 23)
_KINDS: Final = {"date": pl.Date, "money": pl.Int64, "count": pl.Int64}


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)


def _take(by: User, *files: tuple[str, bytes]) -> None:
    made = services.receive(files=list(files), by=by, on=ON, key="fs-1")
    services.read(imported=made, by=by, on=ON)
    taken = services.commit(imported=made, monitor=True, by=by, on=ON, key="fs-2")
    assert taken["taken"] == len(files)


def _report_31(*rows: dict[str, Any]) -> tuple[str, bytes]:
    return ("31-10-2026.xlsx", workbook(*({"session_day": 12, **row} for row in rows)))


def _report_13(*rows: dict[str, Any]) -> tuple[str, bytes]:
    """The core's list of frozen loans."""
    layout = layout_of("report_13")
    schema = {one.field: _KINDS.get(one.kind, pl.String) for one in layout.columns}
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    return ("13_31-10-2026.xlsx", write_sheet(layout, frame, DAY, PLAIN))


def _rows(code: str) -> list[dict[str, Any]]:
    (tab, *_more) = tabs_of(asked_of(sheet_of(code), Words(), None))
    return tab.rows.to_dicts()


def test_students_end_their_studies_as_the_extract_says(planner: User) -> None:
    student = {"programme": "02", "programme_name": "Học sinh sinh viên"}
    ends, due = date(2027, 6, 30), date(2028, 3, 1)
    _take(
        planner,
        _report_31(
            loan(1, **student, graduated_on=ends, grace_end_on=due),
            loan(2, **student, graduated_on=ends),
            loan(3, **student, graduated_on=date(2029, 6, 30), grace_end_on=date(2030, 6, 30)),
            loan(4, **student),
            loan(5, graduated_on=ends),
        ),
    )
    found = {row["contract"][-1]: (row["graduates_on"], row["first_due_on"]) for row in _rows("ra-truong")}  # fmt: skip
    assert found == {"1": (ends, due), "2": (ends, date(2028, 6, 30))}


def test_frozen_loans_have_the_cause_and_the_first_day_of_report_13(planner: User) -> None:
    frozen = {"in_time": 0, "frozen": 50_000_000, "frozen_until_on": date(2028, 1, 31)}
    listed = loan(1, **frozen, frozen_from_on=date(2025, 1, 31), cause="Thiên tai")
    _take(planner, _report_31(loan(1, **frozen), loan(2, **frozen)), _report_13(listed))
    found = {row["contract"][-1]: (row["cause_name"], row["frozen_on"]) for row in _rows("khoanh")}
    assert found == {"1": ("Thiên tai", date(2025, 1, 31)), "2": ("Chưa ghi nguyên nhân", None)}


def test_a_year_that_no_extract_tells_has_no_total_of_its_beginning(planner: User) -> None:
    """The meeting's programmes beside the year's beginning: cells and total are empty alike, what is known is summed."""
    _take(planner, _report_31(loan(1), loan(2)))
    content = composed(asked_of(sheet_of("giao-ban"), Words(), None))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(
        "Theo chương trình"
    )
    rows = sheet.to_python()
    total = next(row for row in rows if row[0] == "Tổng cộng")
    _, begun, balance, change, rate, overdue = total[:6]
    assert (begun, balance, change, rate, overdue) == ("", 100_000_000, "", "", 0)
