"""The charts of a scheme: what was reached, what the programmes become, where the money comes from. Knows no Django."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.documents import numbers
from tdcs.documents.official import Block, Chart, Series
from tdcs.scheme.composing import tables
from tdcs.scheme.rules.figures import SchemeFigures, of_year

_BARS: Final = 8


def capital_chart(figures: SchemeFigures) -> Chart:
    """Outstanding by source at each year's end, stacked."""
    last = figures["years"][-1]
    share = numbers.ppm(last["local_share"])
    named = (("Trung ương", "central"), ("Cấp tỉnh", "province"), ("Cấp xã", "communes"))
    return Chart(
        kind="bar",
        title=f"Nguồn vốn cuối mỗi năm: vốn địa phương chiếm {share} vào năm {last['year']}",
        categories=[str(year["year"]) for year in figures["years"]],
        series=[
            Series(words, [(of_year(year, name) or 0) / 10**9 for year in figures["years"]])
            for words, name in named
        ],
        unit="tỷ đồng",
        decimals=0 if last["closing"] > 10**12 else 1,
        stacked=True,
    )


def results_chart(figures: SchemeFigures) -> list[Block]:
    """Outstanding at the ends of the years before; nothing when only one day is known."""
    row = next(one for one in figures["results"] if one["code"] == "outstanding")
    known = [
        (numbers.date_short(date.fromisoformat(day)), value)
        for day, value in zip(figures["days"], row["values"], strict=True)
        if value is not None
    ]
    if len(known) < 2:
        return []
    return [
        Chart(
            kind="bar",
            title=f"Tổng dư nợ từ {numbers.money(known[0][1])} lên {numbers.money(known[-1][1])} ngày {known[-1][0]}",
            categories=[day for day, _ in known],
            series=[Series("Tổng dư nợ", [value / 10**9 for _, value in known])],
            unit="tỷ đồng",
            decimals=0 if known[-1][1] > 10**12 else 1,
        )
    ]


def programmes_chart(figures: SchemeFigures) -> list[Block]:
    """The largest programmes now and at the end of the scheme, lying bars."""
    rows = sorted(figures["programmes"], key=lambda row: -row["closing"][-1])[:_BARS]
    if not rows:
        return []
    last = figures["last"]
    return [
        Chart(
            kind="hbar",
            title=f"Dư nợ theo chương trình ngày {tables.day_of(figures)} và cuối năm {last}: lớn nhất là {rows[0]['name']}",
            categories=[row["name"] for row in rows],
            series=[
                Series(f"Ngày {tables.day_of(figures)}", [row["base"] / 10**9 for row in rows]),
                Series(f"Năm {last}", [row["closing"][-1] / 10**9 for row in rows]),
            ],
            unit="tỷ đồng",
            decimals=0 if rows[0]["closing"][-1] > 10**12 else 1,
        )
    ]
