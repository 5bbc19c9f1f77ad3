"""Months on columns against Python's calendar, on every day of two centuries."""

import calendar
from datetime import date

import narwhals as nw
import pytest

from tdcs.core.columns import add_months, day_number, day_of_number, session_before

_DAYS = range(day_number(date(1990, 1, 1)), day_number(date(2201, 1, 1)))


def _frame() -> nw.DataFrame:
    data = {
        "day": list(_DAYS),
        # Every number of months and every session day meets every kind of month.
        "months": [day % 601 for day in _DAYS],
        "session": [day * 7 % 32 for day in _DAYS],
    }
    return nw.DataFrame.from_dict(data, dict.fromkeys(data, nw.Int64()), backend="polars")


def _in_month(count: int, wanted: int) -> date:
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(wanted, calendar.monthrange(year, month)[1]))


def test_months_later_is_the_same_day_or_the_months_last():
    found = add_months(_frame(), "later", nw.col("day"), nw.col("months"))
    for day, months, later in found.select("day", "months", "later").rows():
        start = day_of_number(day)
        assert day_of_number(later) == _in_month(
            start.year * 12 + start.month - 1 + months, start.day
        )


def test_the_session_before_a_day_is_of_its_month_or_of_the_one_before():
    found = session_before(_frame(), "before", nw.col("day"), nw.col("session"))
    for day, session, before in found.select("day", "session", "before").rows():
        due = day_of_number(day)
        if session == 0:
            assert day_of_number(before) == due
            continue
        count = due.year * 12 + due.month - 1
        same = _in_month(count, session)
        assert day_of_number(before) == (same if due > same else _in_month(count - 1, session))


@pytest.mark.parametrize("months", [0, 1, 12])
def test_a_number_of_months_serves_all_rows(months):
    found = add_months(_frame().head(3), "later", nw.col("day"), months)
    assert [day_of_number(day) for day in found["later"]] == [
        _in_month(1990 * 12 + months, 1 + at) for at in range(3)
    ]
    assert found.columns == ["day", "months", "session", "later"]
