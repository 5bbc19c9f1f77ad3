"""The tables of a scheme, with the cells that changed marked. Knows no Django."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.official import Table
from tdcs.scheme.rules.figures import SchemeFigures, of_year, sums_of

ROUNDED: Final = "Tiền làm tròn đến triệu đồng, tổng và các phần được đối chiếu theo đồng nên có thể lệch ở hàng cuối."
UNITS: Final = {"dong": "triệu đồng", "ppm": "%", "count": ""}


@dataclass
class Cells:
    """Rows of a table as they are filled; where a figure changed is remembered."""

    changed: Collection[str]
    rows: list[list[Cell]] = field(default_factory=list)
    marked: set[tuple[int, int]] = field(default_factory=set)

    def row(self, *lead: Cell) -> None:
        """A new row that begins with words."""
        self.rows.append(list(lead))

    def put(self, value: Cell, *paths: str) -> None:
        """A cell of the last row; marked when one of the figures in it changed."""
        if any(path in self.changed for path in paths):
            self.marked.add((len(self.rows) - 1, len(self.rows[-1])))
        self.rows[-1].append(value)


def millions(value: int | None) -> Decimal | None:
    """Dong as triệu đồng."""
    return None if value is None else Decimal(value) / 1_000_000


def shown(value: int | None, unit: str) -> str:
    """A figure of a table of mixed units: money in triệu đồng."""
    if value is None:
        return numbers.NOTHING
    if unit == "ppm":
        return numbers.ppm(value)
    return numbers.whole(millions(value) or 0) if unit == "dong" else numbers.whole(value)


def with_unit(words: str, unit: str) -> str:
    """ "Tổng dư nợ (triệu đồng)"."""
    return f"{words} ({UNITS[unit]})" if UNITS[unit] else words


def day_of(figures: SchemeFigures) -> str:
    """The day of the figures, written out."""
    return numbers.date_short(date.fromisoformat(figures["base"]))


def span_of(figures: SchemeFigures) -> str:
    """ "2026 - 2030"."""
    return f"{figures['first']} - {figures['last']}"


def results_table(figures: SchemeFigures, changed: Collection[str]) -> Table:
    """The indicators of the years before and of the day of the figures."""
    days = [numbers.date_short(date.fromisoformat(day)) for day in figures["days"]]
    columns = (
        Column("Chỉ tiêu", "text", 6),
        *(Column(day, "text", 2.2, align="right") for day in days),
    )
    cells = Cells(changed)
    last = len(days) - 1
    for row in figures["results"]:
        cells.row(with_unit(row["name"], row["unit"]))
        for at, day in enumerate(figures["days"]):
            place = "now" if at == last else day
            cells.put(shown(row["values"][at], row["unit"]), f"results.{row['code']}.{place}")
    return Table(
        columns,
        cells.rows,
        caption="Kết quả tín dụng chính sách xã hội đến cuối các năm và đến ngày số liệu",
        note=f"Số liệu của ngày khóa sổ, như bảng chỉ tiêu của hệ thống. {numbers.NOTHING}: chưa có số liệu.",
        marked=cells.marked,
    )


_YEAR_LINES: Final = (
    ("opening", "Dư nợ đầu năm", "dong"),
    ("lent", "Cho vay trong năm", "dong"),
    ("repaid", "Thu nợ trong năm", "dong"),
    ("closing", "Dư nợ cuối năm", "dong"),
    ("growth", "Tăng trưởng (%)", "ppm"),
    ("overdue", "Nợ quá hạn", "dong"),
    ("overdue_share", "Tỷ lệ nợ quá hạn (%)", "ppm"),
)
_CAPITAL_LINES: Final = (
    ("central", "1. Vốn trung ương, dư nợ cuối năm", "dong"),
    ("province", "2. Vốn ngân sách cấp tỉnh, dư nợ cuối năm", "dong"),
    ("communes", "3. Vốn ngân sách cấp xã, dư nợ cuối năm", "dong"),
    ("closing", "Tổng nguồn vốn cho vay", "dong"),
    ("local_share", "Tỷ trọng vốn địa phương (%)", "ppm"),
    ("central_added", "Vốn trung ương tăng thêm", "dong"),
    ("province_added", "Ngân sách cấp tỉnh bổ sung", "dong"),
    ("communes_added", "Ngân sách cấp xã bổ sung", "dong"),
    ("local_of_growth", "Vốn địa phương trong mức tăng (%)", "ppm"),
)
_SUMMED: Final = ("lent", "repaid", "central_added", "province_added", "communes_added")


def years_table(figures: SchemeFigures, changed: Collection[str]) -> Table:
    """Outstanding, lending and quality by year."""
    table = _by_year(figures, changed, _YEAR_LINES)
    caption = f"Dư nợ, cho vay, thu nợ giai đoạn {span_of(figures)}"
    return replace(table, caption=caption, note=_running(figures))


def capital_table(figures: SchemeFigures, changed: Collection[str]) -> Table:
    """Capital by source and year."""
    table = _by_year(figures, changed, _CAPITAL_LINES)
    share = numbers.ppm(figures["commune_share"])
    ground = "theo giả định của Đề án" if figures["commune_share_given"] else "như cơ cấu hiện nay"
    note = (
        f"Vốn tăng thêm là phần dư nợ của nguồn tăng so với đầu năm: vốn thu hồi được cho vay lại. Ngân sách cấp xã góp {share} "
        f"vốn địa phương tăng thêm ({ground})."
    )
    return replace(table, caption=f"Nguồn vốn giai đoạn {span_of(figures)}", note=note)


def _by_year(
    figures: SchemeFigures, changed: Collection[str], lines: Sequence[tuple[str, str, str]]
) -> Table:
    sums = sums_of(figures)
    cells = Cells(changed)
    for name, words, unit in lines:
        cells.row(words)
        for year in figures["years"]:
            value = of_year(year, name)
            where = f"years.{year['year']}.{name}"
            cells.put(_bare(value) if unit == "ppm" else millions(value), where)
        if name in _SUMMED:
            paths = (f"years.{year['year']}.{name}" for year in figures["years"])
            cells.put(millions(sums[name]), *paths)
    years = [Column(str(year["year"]), "decimal", 1.9, decimals=0) for year in figures["years"]]
    columns = (
        Column("Nội dung", "text", 4.4),
        *years,
        Column("Cả giai đoạn", "decimal", 2, decimals=0),
    )
    return Table(columns, cells.rows, unit="triệu đồng", marked=cells.marked)


def _bare(value: int | None) -> str:
    """ "10,33": a share whose line says per cent."""
    return numbers.ppm(value).removesuffix("%")


def _running(figures: SchemeFigures) -> str:
    base = date.fromisoformat(figures["base"])
    words = f"Số liệu đến ngày {numbers.date_short(base)} là số của sổ, sau ngày đó là dự báo. Thu nợ gồm cả nợ được xóa. "
    above = [str(year["year"]) for year in figures["years"] if year["beyond"]]
    if above:
        words += (
            f"Năm {', '.join(above)} có nguồn vốn dù không cho vay thêm vẫn trên mức giả định. "
        )
    return words + ROUNDED


def needs_table(figures: SchemeFigures, changed: Collection[str]) -> Table:
    """What must be lent by programme and year."""
    return _programmes(figures, changed, "lent")


def outstanding_table(figures: SchemeFigures, changed: Collection[str]) -> Table:
    """Outstanding by programme at each year's end."""
    return _programmes(figures, changed, "closing")


def _programmes(figures: SchemeFigures, changed: Collection[str], name: str) -> Table:
    years = range(figures["first"], figures["last"] + 1)
    lent = name == "lent"
    cells = Cells(changed)
    for at, row in enumerate(figures["programmes"], 1):
        where = f"programmes.{row['code']}"
        cells.row(at, row["name"])
        if lent:
            cells.put(row["need"], f"{where}.need")
        else:
            cells.put(millions(row["base"]), f"{where}.base")
        values: list[int] = row[name]  # type: ignore[literal-required]
        for year, value in zip(years, values, strict=True):
            cells.put(millions(value), f"{where}.{name}.{year}")
        if lent:
            cells.put(millions(sum(values)), *(f"{where}.lent.{year}" for year in years))
    totals: list[Cell] = ["", "Tổng cộng"]
    if lent:
        known = [row["need"] for row in figures["programmes"] if row["need"] is not None]
        totals.append(sum(known) if known else None)
    else:
        totals.append(millions(sum(row["base"] for row in figures["programmes"])))
    totals += [millions(year[name]) for year in figures["years"]]  # type: ignore[literal-required]
    if lent:
        totals.append(millions(sum(year["lent"] for year in figures["years"])))
    first = (
        Column("Nhu cầu (lượt)", "integer", 1.5)
        if lent
        else Column(f"Ngày {day_of(figures)}", "decimal", 2, decimals=0)
    )
    columns = [
        Column("TT", "ordinal", 0.9),
        Column("Chương trình", "text", 4.4),
        first,
        *(Column(str(year), "decimal", 1.9, decimals=0) for year in years),
    ]
    if lent:
        columns.append(Column("Cả giai đoạn", "decimal", 2, decimals=0))
    return Table(
        columns,
        cells.rows,
        caption=f"Nhu cầu vốn cho vay theo chương trình, giai đoạn {span_of(figures)}"
        if lent
        else "",
        unit="triệu đồng",
        totals=totals,
        note=ROUNDED,
        marked=cells.marked,
    )


def duties_table(figures: SchemeFigures) -> Table:
    """Units and the tasks of the plan that they lead or help with."""
    columns = (
        Column("Đơn vị", "text", 5),
        Column("Số đơn vị", "integer", 1.3),
        Column("Nhiệm vụ chủ trì, thực hiện", "text", 4.5),
        Column("Nhiệm vụ phối hợp", "text", 4.5),
    )
    rows = [
        (row["unit"], row["count"], ", ".join(row["leads"]), ", ".join(row["helps"]))
        for row in figures["duties"]
    ]
    return Table(columns, rows, caption="Phân công theo nhiệm vụ của Kế hoạch")
