"""A small report 31 of one office: invented people, as the core would export it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from tdcs.access.models import User
from tdcs.demo.extracts.writing import PLAIN, Traps, write_sheet
from tdcs.imports import services
from tdcs.imports.models import ExtractImport
from tdcs.imports.rules.layouts import layout_of

LAYOUT = layout_of("report_31")
DAY = date(2026, 10, 31)
ON = date(2026, 11, 23)
_made = iter(range(100_000))
OFFICE = "004606"
_KINDS = {"date": pl.Date, "money": pl.Int64, "rate": pl.Int64, "count": pl.Int64}


def loan(number: int, **other: Any) -> dict[str, Any]:
    """A poor household's loan of 50 million, all in time, interest 6,24% a year."""
    return {
        "office": OFFICE,
        "office_name": "Phòng giao dịch Ngân hàng Chính sách xã hội Định Quán",
        "commune": "460025",
        "commune_name": "xã La Ngà",
        "hamlet": "46002501",
        "customer": f"{4600000000 + number}",
        "customer_name": f"Nguyễn Thị {number}",
        "group": "0100001",
        "mass": "12",
        "contract": f"{6600000000000000 + number}",
        "signed_on": date(2025, 3, 5 + number % 20),
        "contract_due_on": date(2030, 3, 5 + number % 20),
        "extended_due_on": date(2030, 3, 5 + number % 20),
        "rate": 62_400,
        "state": "OPEN",
        "source": "1",
        "programme": "01",
        "programme_name": "Cho vay hộ nghèo",
        "approved": 50_000_000,
        "disbursed": 50_000_000,
        "first_disbursed_on": date(2025, 3, 5 + number % 20),
        "in_time": 50_000_000,
        "overdue": 0,
        "frozen": 0,
        "balance": 50_000_000,
        "principal_paid": 0,
        "savings_book": f"TK{number}",
        "savings_balance": 1_000_000,
        "day": DAY,
        **other,
    }


def saver(number: int, **other: Any) -> dict[str, Any]:
    """A client who only saves: no contract."""
    mine = loan(number, savings_balance=300_000)
    return {name: mine[name] for name in ("office", "office_name", "customer", "customer_name", "savings_book", "savings_balance", "day")} | other  # fmt: skip


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows in the columns of the kind."""
    schema = {one.field: _KINDS.get(one.kind, pl.String) for one in LAYOUT.columns}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def workbook(*rows: dict[str, Any], day: date = DAY, traps: Traps = PLAIN) -> bytes:
    """The rows as the core would export them."""
    return write_sheet(LAYOUT, frame(*rows), day, traps)


def take(
    by: User, day: date, *rows: dict[str, Any], monitor: bool = True, on: date = ON
) -> ExtractImport:
    """An office's report 31 of a day, brought and taken."""
    content = workbook(*({"session_day": 12, **row, "day": day} for row in rows), day=day)
    key = next(_made)
    made = services.receive(files=[(f"{day:%d-%m-%Y}.xlsx", content)], by=by, on=on, key=f"t-{key}")
    services.read(imported=made, by=by, on=on)
    services.commit(imported=made, monitor=monitor, by=by, on=on, key=f"tc-{key}")
    return made
