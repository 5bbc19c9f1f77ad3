"""The figures of a consolidated report: their parts must give their totals. Knows no Django.

``figures`` is plain JSON, kept with the report: every table, chart and sentence is made from it, so that
a report issued in 2024 prints the same in 2030.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from tdcs.documents import numbers

# As kept: what was reported in 2024 has the keys of 2024.
Figures = Mapping[str, Any]
Row = Mapping[str, Any]

# What every row of obligations counts; "total" is the sum of the other four.
PARTS: Final = ("done", "done_late", "open", "late")
# What every row of reports counts; "expected" is the sum of "handed_in", "returned", "draft" and "none".
REPORT_PARTS: Final = ("handed_in", "returned", "draft", "none")
_REPORT_KEYS: Final = ("expected", *REPORT_PARTS, "accepted", "late_in", "overdue")


def mismatches(figures: Figures) -> list[str]:
    """Each total that its parts do not give, as words; none when all agree."""
    found = []
    whole = figures["all"]
    for name, words in (("sections", "phần"), ("groups", "khối"), ("tasks", "nhiệm vụ")):
        rows = figures[name]
        found += [
            f"{row['title']}: {sum(row[p] for p in PARTS)} ≠ {row['total']}"
            for row in (*rows, whole)
            if sum(row[part] for part in PARTS) != row["total"]
        ]
        for key in ("total", *PARTS):
            parts = sum(row[key] for row in rows)
            if parts != whole[key]:
                found.append(f"theo {words}, “{key}”: {parts} ≠ {whole[key]}")
    found += _report_mismatches(figures)
    return found


def _report_mismatches(figures: Figures) -> list[str]:
    reports = figures["reports"]
    found = []
    if sum(reports[part] for part in REPORT_PARTS) != reports["expected"]:
        found.append(f"số đơn vị phải báo cáo: {reports['expected']}")
    for key in _REPORT_KEYS:
        parts = sum(row["reports"][key] for row in figures["groups"] if "reports" in row)
        if parts != reports[key]:
            found.append(f"báo cáo theo khối, “{key}”: {parts} ≠ {reports[key]}")
    if len(figures["units"]) != reports["expected"]:
        found.append(f"danh sách đơn vị: {len(figures['units'])} ≠ {reports['expected']}")
    return found


def share(part: int, whole: int) -> str:
    """ "91,99%"; "–" of nothing."""
    return numbers.share(part, whole)


def per_cent(part: int, whole: int) -> Decimal | None:
    """A share in per cent with two decimals, for tables and charts."""
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.01")) if whole else None


def finished(row: Row) -> int:
    """Done in time or late."""
    return int(row["done"] + row["done_late"])


def taken_on(figures: Figures) -> date:
    """The day of the figures."""
    return date.fromisoformat(figures["taken_on"])


def late_units(figures: Figures) -> list[Row]:
    """Units whose report came late or is overdue, the latest first."""
    rows = [row for row in figures["units"] if row["days_late"]]
    return sorted(rows, key=lambda row: (-row["days_late"], row["name"]))


def late_work(figures: Figures) -> list[Row]:
    """Obligations that are overdue and not done, the latest first; figures kept before they were listed have none."""
    return list(figures.get("late_work") or ())


_SHARE: Final = re.compile(
    r"(?<![\d/.])(\d[\d.]*)\s*/\s*(\d[\d.]*)(?![\d/])[^.;\n%]{0,60}?đạt(?: tỷ lệ)?\s+(\d+(?:,\d+)?)\s*%"
)


def wrong_shares(words: str) -> list[str]:
    """Shares in somebody's own words that their parts do not give: "287/312 đơn vị, đạt 93%".

    Rounding to the decimals written is accepted.
    """
    found = []
    for match in _SHARE.finditer(words):
        part, whole = (int(match[n].replace(".", "")) for n in (1, 2))
        said = Decimal(match[3].replace(",", "."))
        places = len(match[3].partition(",")[2])
        if whole and _differs(Decimal(100 * part) / whole, said, places):
            found.append(f"{match[0]} (đúng là {numbers.share(part, whole)})")
    return found


def _differs(exact: Decimal, said: Decimal, places: int) -> bool:
    return abs(exact - said) > Decimal(1).scaleb(-places)


def summed(rows: Iterable[Row], keys: Iterable[str]) -> dict[str, int]:
    """Column sums."""
    listed = list(rows)
    return {key: sum(row[key] for row in listed) for key in keys}
