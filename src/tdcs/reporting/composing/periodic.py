"""A report of a period as an official document: every part of its form, from the closed days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.official import Block, Heading, OfficialDocument, Paragraph, Table, paragraphs
from tdcs.indicators.rules.definitions import Definition
from tdcs.plans.composing.framing import Letterhead, Paper, Signing, framed
from tdcs.reporting.composing.credit import cited, growth_chart, target_table
from tdcs.reporting.queries.periodic import Days, Filled
from tdcs.reporting.rules.credit import day_of, summary, target_words
from tdcs.reporting.rules.periodic import Period, ReportForm, change_words, named

_UNITS: Final = {"dong": "triệu đồng", "ppm": "%", "count": ""}
_DASH: Final = "Dấu “–”: chưa có số liệu, không phải bằng không."
_ROOM: Final = "." * 100


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodicContent:
    """What a report of a period says; ``place``: of a commune's meeting."""

    form: ReportForm
    period: Period
    days: Days
    parts: Sequence[Filled]
    catalogue: Mapping[str, Definition]
    place: str = ""
    addressees: Sequence[str] = ()


def periodic(head: Letterhead, signing: Signing, content: PeriodicContent) -> OfficialDocument:
    """BÁO CÁO of a month, a quarter or several years; the tables of a commune's meeting."""
    day = numbers.date_short(content.days.shown)
    body: list[Block] = [
        Paragraph(
            f"{head.issuer} báo cáo số liệu {content.period} (số liệu chốt đến ngày {day}) như sau:"
        )
    ]
    for one in content.parts:
        body += [Heading(1, one.part.title), *_BLOCKS[one.part.kind](one, content)]
    return framed(
        head,
        signing,
        paper=Paper(
            code="BC",
            type_name="Báo cáo",
            subject=content.form.subject.format(period=content.period, place=content.place),
            body=body,
            addressees=tuple(content.addressees),
            recipients=("Như trên",) if content.addressees else (),
        ),
    )


def _targets(one: Filled, content: PeriodicContent) -> list[Block]:
    credit = one.rows[0]
    day = day_of(credit)
    if day is None:
        return [Paragraph("Chưa có ngày nào trong kỳ được khóa sổ.")]
    lines = [summary(credit), *(f"- {target_words(row)}" for row in credit["targets"])]
    return [*paragraphs("\n".join(lines)), target_table(credit, day)]


def _growth(one: Filled, content: PeriodicContent) -> list[Block]:
    return list(growth_chart(one.rows[0])) or [Paragraph("Chưa có số liệu tăng trưởng.")]


def _figures(one: Filled, content: PeriodicContent) -> list[Block]:
    days = content.days
    columns = (
        Column("Chỉ tiêu", "text", 4.8),
        Column("Đơn vị tính", "text", 2.7),
        Column(f"Ngày {numbers.date_short(days.shown)}", "text", 2.4, align="right"),
        Column(_day(days.year_start, "Đầu năm"), "text", 2.4, align="right"),
        Column(_day(days.year_ago, "Cùng kỳ"), "text", 2.4, align="right"),
        Column("So cùng kỳ", "text", 2.7, align="right"),
    )
    rows = []
    for code, now, start, ago in one.rows:
        definition = content.catalogue[code]
        # A sum of the period has no counterpart at the year's beginning.
        of_period = code.endswith(("_month", "_year"))
        rows.append(
            (
                named(definition.name, content.period),
                _UNITS[definition.unit],
                _shown(now, definition.unit),
                "" if of_period else _shown(start, definition.unit),
                _shown(ago, definition.unit),
                change_words(now, ago, definition.unit),
            )
        )
    return [Table(columns, rows, note=f"{cited(days.shown)}. {_DASH}")]


def _day(day: Any, default: str) -> str:
    return f"Ngày {numbers.date_short(day)}" if day else default


def _shown(value: int | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "ppm":
        return numbers.ppm(value)
    return numbers.whole(_millions(value)) if unit == "dong" else numbers.whole(value)


def _millions(value: int) -> Decimal:
    return Decimal(value) / 1_000_000


def _table(one: Filled, content: PeriodicContent) -> list[Block]:
    part = one.part
    codes = [code for code in part.codes if code in one.totals]
    columns = [Column(_KEYS[part.by], "text", 4.6)]
    for code in codes:
        definition = content.catalogue[code]
        if part.since_year == code:
            columns.append(Column("Đầu năm", "decimal", 2, decimals=0, group="Dư nợ"))
            columns.append(Column("Hiện nay", "decimal", 2, decimals=0, group="Dư nợ"))
            columns.append(Column("Tăng, giảm", "decimal", 2, decimals=0, group="Dư nợ"))
            columns.append(Column("Tỷ lệ", "percent", 1.8, group="Dư nợ"))
            continue
        columns.append(_column(named(definition.name, content.period), definition.unit))
        if part.share == code:
            columns.append(Column("Tỷ trọng", "percent", 1.7))
    rows: list[Sequence[Cell]] = [
        (name, *_cells(codes, row, one, content.catalogue)) for name, row in one.rows
    ]
    totals = ("Tổng cộng", *_cells(codes, one.totals, one, content.catalogue))
    return [
        Table(
            columns,
            rows,
            unit="triệu đồng",
            totals=totals,
            note=f"{cited(content.days.shown)}. Tiền làm tròn đến triệu đồng.",
            landscape=len(columns) > 9,
        )
    ]


def _column(name: str, unit: str) -> Column:
    if unit == "ppm":
        return Column(name, "percent", 1.7)
    return Column(name, "decimal", 2, decimals=0) if unit == "dong" else Column(name, "integer", 2)


def _cells(
    codes: Sequence[str],
    row: Mapping[str, int | None],
    one: Filled,
    catalogue: Mapping[str, Definition],
) -> list[Cell]:
    made: list[Cell] = []
    for code in codes:
        value, unit = row.get(code), catalogue[code].unit
        if one.part.since_year == code:
            made += _since_year(value, row.get("since_year"))
            continue
        made.append(_cell(value, unit))
        if one.part.share == code:
            made.append(_percent(value, one.totals.get(code)))
    return made


def _since_year(now: int | None, before: int | None) -> list[Cell]:
    change = (now or 0) - (before or 0)
    return [_cell(before, "dong"), _cell(now, "dong"), _millions(change), _percent(change, before)]


def _percent(part: int | None, whole: int | None) -> Decimal | None:
    return Decimal(100 * part) / whole if part is not None and whole else None


def _cell(value: int | None, unit: str) -> Cell:
    if value is None:
        return None
    if unit == "ppm":
        return Decimal(value) / 10_000
    return _millions(value) if unit == "dong" else value


_KEYS: Final = {
    "programme": "Chương trình",
    "union": "Tổ chức hội, đoàn thể",
    "office": "Phòng giao dịch",
    "commune": "Xã, phường",
}


def _years(one: Filled, content: PeriodicContent) -> list[Block]:
    if not one.rows:
        return [Paragraph("Chưa có năm nào trong giai đoạn được khóa sổ.")]
    columns = [Column("Chỉ tiêu", "text", 5), Column("Đơn vị tính", "text", 2.2)]
    columns += [
        Column(numbers.date_short(day), "text", 2.2, align="right") for day, _values in one.rows
    ]
    rows = [
        (
            content.catalogue[code].name,
            _UNITS[content.catalogue[code].unit],
            *(_shown(values.get(code), content.catalogue[code].unit) for _day_, values in one.rows),
        )
        for code in one.part.codes
    ]
    return [Table(columns, rows, note=_DASH, landscape=len(columns) > 9)]


def _next_month(one: Filled, content: PeriodicContent) -> list[Block]:
    columns = (
        Column("Tổ TK&VV", "text", 5),
        Column("Số khoản vay", "integer", 1.5),
        Column("Dư nợ hiện nay", "decimal", 2, decimals=0),
        Column("Gốc đến hạn", "decimal", 2, decimals=1),
        Column("Lãi phải thu", "decimal", 2, decimals=1),
        Column("Nợ quá hạn", "decimal", 2, decimals=1),
        Column("Đã duyệt, chờ giải ngân", "decimal", 2.2, decimals=1),
    )
    rows: list[Sequence[Cell]] = [
        (name, count, *(_millions(amount) for amount in amounts))
        for name, count, *amounts in one.rows
    ]
    sums = [sum(row[at] for row in one.rows) for at in range(1, 7)]
    totals = ("Tổng cộng", sums[0], *(_millions(amount) for amount in sums[1:]))
    return [
        Table(
            columns,
            rows,
            unit="triệu đồng",
            totals=totals,
            note="Gốc, lãi tính đến ngày cuối tháng sau theo lịch trả nợ, nếu không thu thêm.",
            empty="Không có tổ nào trên địa bàn.",
        )
    ]


def _write(one: Filled, content: PeriodicContent) -> list[Block]:
    return [Paragraph(_ROOM), Paragraph(_ROOM)]


_BLOCKS: Final = {
    "targets": _targets,
    "figures": _figures,
    "growth": _growth,
    "table": _table,
    "years": _years,
    "next_month": _next_month,
    "write": _write,
}
