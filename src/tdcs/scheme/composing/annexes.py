"""The annexes of a scheme: by programme, by commune, what the communes' budgets add, what changed. Knows no Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.official import Annex, Table
from tdcs.scheme.composing.tables import (
    ROUNDED,
    Cells,
    day_of,
    millions,
    outstanding_table,
    shown,
    span_of,
    with_unit,
)
from tdcs.scheme.rules.changes import NAMED, Change
from tdcs.scheme.rules.figures import SchemeFigures


def annexes(figures: SchemeFigures, changed: Collection[str]) -> tuple[Annex, ...]:
    """By programme, by commune, and what each commune's budget adds."""
    span = f"giai đoạn {span_of(figures)}"
    found = [
        Annex(
            f"Dư nợ theo chương trình {span}",
            (outstanding_table(figures, changed),),
            landscape=True,
        )
    ]
    if figures["communes"]:
        found.append(
            Annex(
                f"Nhu cầu vay và dư nợ theo xã {span}",
                (communes_table(figures, changed),),
                landscape=True,
            )
        )
        found.append(
            Annex(
                f"Ngân sách cấp xã bổ sung {span}",
                (budgets_table(figures, changed),),
                landscape=True,
            )
        )
    return tuple(found)


def changes_annex(found: Sequence[Change], against: str) -> Annex:
    """Every figure of the province that is another than in an earlier version; those of programmes and communes are counted."""
    columns = (
        Column("TT", "ordinal", 0.9),
        Column("Số liệu", "text", 6),
        Column("Bản trước", "text", 2.4, align="right"),
        Column("Bản này", "text", 2.4, align="right"),
        Column("Tăng, giảm", "text", 2.4, align="right"),
    )
    named = [one for one in found if one.kind in NAMED]
    rows = [
        (
            at,
            with_unit(one.words, one.unit),
            shown(one.old, one.unit),
            shown(one.new, one.unit),
            difference(one),
        )
        for at, one in enumerate(named, 1)
    ]
    counts = Counter(one.kind for one in found)
    others = [
        f"{numbers.whole(counts[kind])} số liệu theo {words}"
        for kind, words in (("programmes", "chương trình"), ("communes", "xã"))
        if counts[kind]
    ]
    note = "Ô nền xám trong các bảng của Đề án là số liệu đã thay đổi."
    if others:
        note += f" Ngoài ra {' và '.join(others)} đã thay đổi, đánh dấu tại bảng của chúng."
    return Annex(f"Số liệu thay đổi so với {against}", (Table(columns, rows, note=note),))


def difference(one: Change) -> str:
    """ "+1.200", "−0,50 điểm %"; nothing where one side is not known."""
    if one.old is None or one.new is None:
        return ""
    change = one.new - one.old
    sign = "+" if change > 0 else "−"
    size = numbers.points(change) if one.unit == "ppm" else shown(abs(change), one.unit)
    if not size.strip("0, điểm%"):
        # Less than the smallest that is written.
        word = "tăng" if change > 0 else "giảm"
        return f"{word} dưới 0,01 điểm %" if one.unit == "ppm" else f"{word} dưới 1"
    return sign + size


def communes_table(figures: SchemeFigures, changed: Collection[str]) -> Table:
    """Outstanding by commune, with the needs that the survey counted."""
    years = range(figures["first"], figures["last"] + 1)
    cells = Cells(changed)
    for at, row in enumerate(figures["communes"], 1):
        where = f"communes.{row['key']}"
        cells.row(at, row["name"])
        cells.put(row["need"], f"{where}.need")
        cells.put(row["waiting"], f"{where}.waiting")
        cells.put(millions(row["base"]), f"{where}.base")
        for year, value in zip(years, row["closing"], strict=True):
            cells.put(millions(value), f"{where}.closing.{year}")
    rows = figures["communes"]
    columns = (
        Column("TT", "ordinal", 0.9),
        Column("Xã, phường", "text", 4.4),
        Column("Đã khảo sát", "integer", 1.6, group="Nhu cầu vay (lượt)"),
        Column("Chưa được vay", "integer", 1.6, group="Nhu cầu vay (lượt)"),
        Column(f"Ngày {day_of(figures)}", "decimal", 2, decimals=0, group="Dư nợ"),
        *(Column(f"Năm {year}", "decimal", 2, decimals=0, group="Dư nợ") for year in years),
    )
    totals: list[Cell] = ["", "Tổng cộng", _sum(row["need"] for row in rows)]
    totals += [_sum(row["waiting"] for row in rows), millions(sum(row["base"] for row in rows))]
    totals += [millions(year["closing"]) for year in figures["years"]]
    note = "Dư nợ các năm sau ngày số liệu chia theo tỷ trọng dư nợ của xã ngày đó. " + ROUNDED
    return Table(
        columns, cells.rows, unit="triệu đồng", totals=totals, note=note, marked=cells.marked
    )


def budgets_table(figures: SchemeFigures, changed: Collection[str]) -> Table:
    """What the budget of each commune adds by year."""
    years = range(figures["first"], figures["last"] + 1)
    cells = Cells(changed)
    for at, row in enumerate((row for row in figures["communes"] if row["key"]), 1):
        cells.row(at, row["name"])
        for year, value in zip(years, row["budget"], strict=True):
            cells.put(millions(value), f"communes.{row['key']}.budget.{year}")
        paths = (f"communes.{row['key']}.budget.{year}" for year in years)
        cells.put(millions(_sum(row["budget"])), *paths)
    columns = (
        Column("TT", "ordinal", 0.9),
        Column("Xã, phường", "text", 4.4),
        *(Column(f"Năm {year}", "decimal", 2, decimals=1) for year in years),
        Column("Cả giai đoạn", "decimal", 2.2, decimals=1),
    )
    added = [
        _sum(row["budget"][at] for row in figures["communes"])
        for at in range(len(figures["years"]))
    ]
    totals = ["", "Tổng cộng", *(millions(one) for one in added), millions(_sum(added))]
    return Table(
        columns,
        cells.rows,
        unit="triệu đồng",
        totals=totals,
        note="Mức bổ sung chia theo tỷ trọng dư nợ của xã ngày số liệu; năm đã qua để trống.",
        marked=cells.marked,
    )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
