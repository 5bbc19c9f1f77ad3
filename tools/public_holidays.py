"""Write law/calendar/holidays.csv from the `holidays` package: commands that need no database must not wait for its import.

A test compares the file with the package, so that a new release that knows better is noticed.
"""

from __future__ import annotations

import csv
from pathlib import Path

from holidays.countries.vietnam import Vietnam

FIRST, LAST = 1990, 2100
FILE = Path(__file__).resolve().parents[1] / "law" / "calendar" / "holidays.csv"


def rows() -> list[tuple[str, str]]:
    """(day, Vietnamese name) of every public holiday from FIRST to LAST, in order."""
    found = Vietnam(years=range(FIRST, LAST + 1), language="vi")
    return sorted(
        (day.isoformat(), name) for day, name in found.items() if FIRST <= day.year <= LAST
    )


if __name__ == "__main__":
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("on", "name"))
        writer.writerows(rows())
