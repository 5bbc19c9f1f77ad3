"""What a file says of its day and its office: what counts, what is refused, and that each refusal is true."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from extract_cast import loan, workbook

from tdcs.access.models import User
from tdcs.imports import services
from tdcs.imports.errors import DayInFuture
from tdcs.imports.models import ExtractFile
from tdcs.imports.states import FileState

ON = date(2026, 11, 23)
_made = iter(range(10_000))


def _file(by: User, name: str, content: bytes) -> ExtractFile:
    made = services.receive(files=[(name, content)], by=by, on=ON, key=f"s-{next(_made)}")
    services.read(imported=made, by=by, on=ON)
    return made.files.get()


def _without_day(*rows: dict[str, Any], day: date) -> bytes:
    return workbook(*({**one, "day": None} for one in rows), day=day)


@pytest.mark.parametrize("year", [2026, 2062])
def test_a_day_after_today_is_refused_wherever_it_comes_from(planner: User, year: int) -> None:
    later = date(year, 12, 31)
    column = _file(planner, "a.xlsx", workbook(loan(1, day=later), day=later))
    assert (column.state, column.refusal["code"]) == (FileState.REFUSED, DayInFuture.code)
    assert f"31/12/{year} (theo cột ngày của tệp) sau hôm nay, 23/11/2026" in column.refusal["vi"]
    title = _file(planner, "a.xlsx", _without_day(loan(1), day=later))
    assert (title.state, title.refusal["code"]) == (FileState.NO_DAY, DayInFuture.code)
    assert "by the title" in title.refusal["en"]
    # A person may say what the title says wrongly.
    services.say_of_file(file=title, day=date(2026, 10, 31), office=None, by=planner, on=ON)
    assert (title.state, title.day) == (FileState.READ, date(2026, 10, 31))


def test_the_day_of_today_is_taken(planner: User) -> None:
    assert _file(planner, "a.xlsx", workbook(loan(1, day=ON), day=ON)).state == FileState.READ
