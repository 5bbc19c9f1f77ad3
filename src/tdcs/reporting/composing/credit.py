"""The credit figures of a report as tables, a chart and annexes. Knows no Django."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.official import Annex, Block, Chart, Series, Table
from tdcs.reporting.rules.credit import basis_words, bound_short, day_of, gap_words, judged
from tdcs.reporting.rules.figures import Figures, Row

_UNKNOWN = "–"
_DASH = "Dấu “–”: chưa có số liệu, không phải bằng không."
_ROUNDED = "Tiền làm tròn đến triệu đồng; tổng và các phần được đối chiếu theo đồng."


def cited(day: date) -> str:
    """ "Số liệu ngày 31/12/2025"."""
    return f"Số liệu ngày {numbers.date_short(day)}"


def credit_blocks(credit: Figures) -> list[Block]:
    """Targets, figures, growth by month, programmes; nothing when no day of the year was closed."""
    day = day_of(credit)
    if day is None:
        return []
    return [
        target_table(credit, day),
        _figures(credit, day),
        *growth_chart(credit),
        _programmes(credit, day),
    ]


def credit_annexes(credit: Figures) -> tuple[Annex, ...]:
    """By office and by commune, each on a page turned by 90°."""
    day = day_of(credit)
    if day is None:
        return ()
    named = (("offices", "phòng giao dịch"), ("communes", "xã, phường"))
    return tuple(
        Annex(
            f"Kết quả tín dụng theo {what} (số liệu ngày {numbers.date_short(day)})",
            (_places(credit, name, what, day),),
            landscape=True,
        )
        for name, what in named
        if credit[name]
    )


def target_table(credit: Figures, day: date) -> Table:
    """Each target with its value, gap, verdict, and the year before."""
    columns = (
        Column("Chỉ tiêu", "text", 4.6),
        Column("Kế hoạch", "text", 2.6),
        Column("Thực hiện", "text", 2.2, align="right"),
        Column("Chênh lệch (điểm %)", "text", 2.4, align="right"),
        Column("Đánh giá", "text", 2.6),
        Column(_before(credit), "text", 2.4, align="right"),
    )
    rows = [
        (
            row["name"],
            bound_short(row),
            _shown(row["value"], row["unit"]),
            gap_words(row),
            judged(row),
            _shown(row["before"], row["unit"]),
        )
        for row in credit["targets"]
    ]
    caption = f"Thực hiện các chỉ tiêu của Kế hoạch, số liệu ngày {numbers.date_short(day)}"
    return Table(
        columns,
        rows,
        caption=caption,
        note=f"{cited(day)}; {_basis(credit)}.{_about(credit)} {_DASH}",
    )


def _basis(credit: Figures) -> str:
    return "căn cứ: " + "; ".join(
        dict.fromkeys(basis_words(row["basis"]) for row in credit["targets"])
    )


def _about(credit: Figures) -> str:
    """What "khoảng" is taken to mean."""
    found = [
        f"{bound_short(row)} được coi là đạt từ {numbers.bound(row['target'] - row['tolerance'])}"
        for row in credit["targets"]
        if row.get("tolerance")
    ]
    return f" Mức {'; mức '.join(found)}." if found else ""


def _before(credit: Figures) -> str:
    day = credit["before_day"]
    return f"Ngày {numbers.date_short(date.fromisoformat(day))}" if day else "Năm trước"


def _shown(value: int | None, unit: str) -> str:
    """A figure of a table of mixed units: money in triệu đồng."""
    if value is None:
        return _UNKNOWN
    if unit == "ppm":
        return numbers.ppm(value)
    return numbers.whole(_millions(value) or 0) if unit == "dong" else numbers.whole(value)


def _millions(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value) / 1_000_000


def _percent(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value) / 10_000


def _figures(credit: Figures, day: date) -> Table:
    columns = (
        Column("Chỉ tiêu", "text", 5.6),
        Column("Đơn vị tính", "text", 2.4),
        Column(f"Ngày {numbers.date_short(day)}", "text", 2.5, align="right"),
        Column(_before(credit), "text", 2.5, align="right"),
        Column("Tăng, giảm", "text", 2.8, align="right"),
    )
    units = {"dong": "triệu đồng", "ppm": "%", "count": ""}
    rows = [
        (
            row["name"],
            units[row["unit"]],
            _shown(row["value"], row["unit"]),
            _shown(row["before"], row["unit"]),
            _change(row),
        )
        for row in credit["figures"]
    ]
    caption = f"Số liệu hoạt động tín dụng, ngày {numbers.date_short(day)}"
    return Table(columns, rows, caption=caption, note=f"{cited(day)}. {_ROUNDED} {_DASH}")


def _change(row: Row) -> str:
    if row["value"] is None or row["before"] is None:
        return ""
    change = row["value"] - row["before"]
    sign = "+" if change > 0 else "−" if change < 0 else ""
    if row["unit"] == "ppm":
        return sign + numbers.points(change)
    return sign + _shown(abs(change), row["unit"])


def growth_chart(credit: Figures) -> list[Block]:
    """Growth month by month beside the year's target; nothing without a month."""
    rows = [row for row in credit["months"] if row["value"] is not None]
    if not rows:
        return []
    target = next((row for row in credit["targets"] if row["code"] == "growth_ytd"), None)
    series = [Series("Tăng so với 31/12 năm trước", [row["value"] / 10_000 for row in rows])]
    if target:
        series.append(
            Series("Chỉ tiêu cả năm", [target["target"] / 10_000] * len(rows), labels="last")
        )
    days = [date.fromisoformat(row["day"]) for row in rows]
    last = numbers.ppm(rows[-1]["value"])
    return [
        Chart(
            kind="line",
            title=f"Tăng trưởng dư nợ lũy kế theo tháng: {last} đến ngày {numbers.date_short(days[-1])}",
            categories=[f"{day:%m/%Y}" for day in days],
            series=series,
            unit="%",
            decimals=numbers.PERCENT_PLACES,
        )
    ]


def _programmes(credit: Figures, day: date) -> Table:
    columns = (
        Column("Chương trình", "text", 5),
        Column("Cho vay từ đầu năm", "decimal", 2, decimals=0),
        Column("Thu nợ từ đầu năm", "decimal", 2, decimals=0),
        Column("Dư nợ", "decimal", 2.2, decimals=0),
        Column("Tăng so với 31/12 năm trước", "decimal", 2, decimals=0),
        Column("Nợ quá hạn", "decimal", 1.8, decimals=0),
        Column("Nợ khoanh", "decimal", 1.8, decimals=0),
    )
    codes = (
        "disbursed_year", "collected_year", "outstanding", "growth_ytd_amount", "overdue", "frozen",
    )  # fmt: skip
    totals = {row["code"]: row["value"] for row in credit["figures"]}
    return Table(
        columns,
        [(row["name"], *_money(row, codes)) for row in credit["programmes"]],
        caption=f"Cho vay, thu nợ, dư nợ theo chương trình, số liệu ngày {numbers.date_short(day)}",
        unit="triệu đồng",
        totals=("Tổng cộng", *_money(totals, codes)),
        note=f"{cited(day)}. {_ROUNDED}",
    )


def _money(row: Row, codes: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(_millions(row.get(code)) for code in codes)


_PLACE_MONEY = ("outstanding", "growth_ytd_amount")
_PLACE_MORE = ("disbursed_year", "collected_year", "overdue")


def _places(credit: Figures, name: str, what: str, day: date) -> Table:
    columns = (
        Column("TT", "ordinal", 0.9),
        Column(what[0].upper() + what[1:], "text", 4.6),
        Column("Dư nợ", "decimal", 2.1, decimals=0),
        Column("Tăng từ đầu năm", "decimal", 1.9, decimals=0),
        Column("Tăng trưởng", "percent", 1.7),
        Column("Cho vay", "decimal", 1.9, decimals=0, group="Từ đầu năm"),
        Column("Thu nợ", "decimal", 1.9, decimals=0, group="Từ đầu năm"),
        Column("Số tiền", "decimal", 1.7, decimals=0, group="Nợ quá hạn"),
        Column("Tỷ lệ", "percent", 1.6, group="Nợ quá hạn"),
        Column("Nợ khoanh", "decimal", 1.7, decimals=0),
        Column("Tiếp cận vốn", "percent", 1.7),
    )
    totals = {row["code"]: row["value"] for row in (*credit["figures"], *credit["targets"])}
    lines = [(at, row["name"], *_place_cells(row)) for at, row in enumerate(credit[name], 1)]
    return Table(
        columns,
        lines,
        unit="triệu đồng",
        totals=("", "Tổng cộng", *_place_cells(totals)),
        note=f"{cited(day)}. {_ROUNDED} Ô trống: chưa có số liệu để tính.",
    )


def _place_cells(row: Row) -> tuple[Cell, ...]:
    return (
        *_money(row, _PLACE_MONEY),
        _percent(row.get("growth_ytd")),
        *_money(row, _PLACE_MORE),
        _percent(row.get("overdue_rate")),
        _millions(row.get("frozen")),
        _percent(row.get("access")),
    )
