"""Days that a formula looks at besides its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from tdcs.core.months import is_month_end, month_end


def days_of(moment: str, day: date, kept: Collection[date]) -> list[date] | None:
    """The days whose snapshots a moment adds together; None when one of them is not kept.

    eve: the day before. month, year: the end of the month, of the year before. month_end: the last end of a month up to the
    day; year_ago: that month's end a year earlier. year_to_date: the ends of the year's months before, and the day itself
    (sums of a month are those since it began).
    """
    wanted = _wanted(moment, day)
    return wanted if all(one in kept for one in wanted) else None


def _wanted(moment: str, day: date) -> list[date]:
    before = day.replace(day=1) - timedelta(days=1)
    last = day if is_month_end(day) else before
    ends = {
        "day": day,
        "eve": day - timedelta(days=1),
        "month": before,
        "year": date(day.year - 1, 12, 31),
        "month_end": last,
        "year_ago": month_end(last.replace(day=1, year=last.year - 1)),
    }
    if moment != "year_to_date":
        return [ends[moment]]
    return [*(month_end(date(day.year, month, 1)) for month in range(1, day.month)), day]
