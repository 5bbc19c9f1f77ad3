"""The tables that are mailed: of a person within the person's scope, of the public only the province's figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.paper import Paper, table_to_pdf
from tdcs.documents.xlsx_out import table_to_xlsx
from tdcs.indicators.queries import targets, visible_where
from tdcs.indicators.views.target_rows import target_words
from tdcs.indicators.views.wording import said
from tdcs.organisations.queries import names_on
from tdcs.plans.queries.in_force import plans_in_force
from tdcs.plans.queries.obligations import GROUP_ORDER, GROUP_TITLES, frame, tallies
from tdcs.plans.queries.reminders import debtors
from tdcs.sending.models import FileFormat, ReportKind

Table = tuple[Sequence[Column], list[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of report. ``public``: it may go outside, for it holds the province's figures and nobody's data."""

    title: str
    permission: str
    public: bool
    table: Callable[[User | None, date], Table]


def made(kind: str, fmt: str, reader: User | None, on: date) -> bytes:
    """The report as a file; ``reader`` None: for the public. Raises NoSnapshot, TooLongForPaper."""
    source = SOURCES[ReportKind(kind)]
    columns, rows = source.table(reader, on)
    if fmt == FileFormat.PDF:
        unit = reader.holding(on) if reader else None
        name = names_on(on, [unit.organisation_id])[unit.organisation_id] if unit else ""
        around = Paper(
            title=source.title,
            unit=name,
            day=numbers.date_short(on),
            printed="",
            printed_at=clock.now(),
        )
        return table_to_pdf(around, columns, rows)
    return table_to_xlsx(source.title, columns, rows, as_of=on)


def _progress(reader: User | None, on: date) -> Table:
    columns = (
        Column("Kế hoạch"),
        Column("Khối"),
        Column("Số việc", "integer"),
        Column("Đã xong", "integer"),
        Column("Quá hạn", "integer"),
        Column("Sắp đến hạn", "integer"),
        Column("Tỷ lệ xong", "percent"),
    )
    plans = plans_in_force(on)
    numbered = {plan.pk: plan.number for plan in plans}
    found = tallies(frame(plans, on.year, reader), "plan", "group") if plans else {}
    rows: list[Sequence[Cell]] = [
        (
            numbered[plan],
            GROUP_TITLES[group],
            one.total,
            one.done,
            one.late,
            one.soon,
            Decimal(100 * one.done) / one.total,
        )
        for (plan, group), one in sorted(
            found.items(), key=lambda item: (item[0][0], GROUP_ORDER[item[0][1]])
        )
    ]
    return columns, rows


def _targets(reader: User | None, on: date) -> Table:
    columns = (
        Column("Chỉ tiêu"),
        Column("Ngày số liệu", "date"),
        Column("Thực hiện"),
        Column("Kế hoạch"),
        Column("Kết quả"),
    )
    where = visible_where(reader, on) if reader else {}
    verdict = {True: "Đạt", False: "Chưa đạt", None: "Chưa có số liệu"}
    rows: list[Sequence[Cell]] = [
        (
            line.name,
            line.day,
            said(line.value, line.unit),
            target_words(line.target, line.at_least, line.tolerance),
            verdict[line.met],
        )
        for line in targets(on=on, where={key: frozenset(ids) for key, ids in where.items()})
    ]
    return columns, rows


def _overdue(reader: User | None, on: date) -> Table:
    columns = (
        Column("Đơn vị"),
        Column("Khối"),
        Column("Quá hạn", "integer"),
        Column("Sắp đến hạn", "integer"),
        Column("Chậm nhất (ngày)", "integer"),
        Column("Nhắc gần nhất", "date"),
    )
    assert reader is not None  # not public
    rows: list[Sequence[Cell]] = [
        (
            one.name,
            GROUP_TITLES[one.group],
            one.late,
            one.soon,
            one.worst,
            one.reminded_on,
        )
        for one in debtors(plans_in_force(on), on.year, reader, late_only=True)
    ]
    return columns, rows


SOURCES: Final[dict[ReportKind, Source]] = {
    ReportKind.PROGRESS: Source("Tiến độ thực hiện kế hoạch", "plans.matrix", False, _progress),
    ReportKind.TARGETS: Source("Chỉ tiêu và số liệu", "indicators.view", True, _targets),
    ReportKind.OVERDUE: Source("Đơn vị có việc quá hạn", "plans.matrix", False, _overdue),
}
