"""The head office's forms and the tables that are no plain list, of report 31 of the same month."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
import xlsxwriter

from tdcs.demo.extracts.lists import groups
from tdcs.imports.rules.layouts import Layout, codes, layout_of

_MILLION: Final = 1_000_000
_BALANCES: Final = ("balance", "in_time", "overdue", "frozen")
FORMS: Final = (
    "bcdhtd_01_1",
    "bcdhtd_01_2",
    "len_31_commune",
    "len_31_mass",
    "len_31_programme",
    "len_31_leader",
    "b32",
    "bc0438",
    "telegram",
)


@dataclass(frozen=True, slots=True)
class FormLine:
    """A row of a form: its mark, its name, its figures; ``leaf``: it is no sum of others."""

    mark: str
    name: str
    figures: dict[str, int]
    leaf: bool = True


def measured(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of report 31 with what forms count of each: money of a loan once, of a book once."""
    first_loan = pl.col("contract").is_first_distinct() & pl.col("contract").is_not_null()
    book = pl.struct("customer", "savings_book")
    first_book = book.is_first_distinct() & pl.col("savings_book").is_not_null()
    repaid = {
        f"repaid_{span}": pl.sum_horizontal(
            f"repaid_{of}_{span}" for of in ("in_time", "overdue", "frozen")
        )
        for span in ("month", "year")
    }
    made = rows.with_columns(**repaid).with_columns(
        # The forms of the head office leave out what was rolled over; LEN_31 and B32 hold it.
        net_month=pl.col("lent_month") - pl.col("rolled_over_month"),
        net_year=pl.col("lent_year") - pl.col("rolled_over_year"),
        interest_month=pl.col("interest_received_month"),
    )
    loan_money = [
        *_BALANCES,
        "lent_month",
        "lent_year",
        "net_month",
        "net_year",
        "repaid_month",
        "repaid_year",
        "written_off_month",
        "written_off_year",
        "interest_month",
    ]
    return made.with_columns(
        *(pl.when(first_loan).then(pl.col(one)).otherwise(0).alias(one) for one in loan_money),
        savings=pl.when(first_book).then(pl.col("savings_balance")).otherwise(0),
        group=pl.when(pl.col("group") != "0000000").then("group"),
    )


def _figures(rows: pl.DataFrame, layout: Layout) -> dict[str, int]:
    """What a row of a form says of rows of report 31."""
    named = {"lent_month": "net_month", "lent_year": "net_year"}
    net = layout.kind.startswith("bcdhtd")
    found = {}
    for one in layout.columns:
        source = named.get(one.field, one.field) if net else one.field
        if one.kind in ("money", "million") and source in rows.columns:
            found[one.field] = int(rows[source].sum() or 0)
    owing = rows.filter(pl.col("balance") > 0)
    terms = {"short": "Ngắn hạn", "medium": "Trung hạn", "long": "Dài hạn"}
    if net:
        found |= {
            key: int(rows.filter(pl.col("term") == words)["balance"].sum())
            for key, words in terms.items()
        }
        found["customers"] = owing["customer"].n_unique()
        newly = rows.filter(
            (pl.col("net_year") > 0)
            & (pl.col("first_disbursed_on").dt.year() == pl.col("day").dt.year())
        )
        found["loans_year"] = newly["contract"].n_unique()
    else:
        found |= {
            "groups": rows["group"].drop_nulls().n_unique(),
            # Who only saves is counted as a household too.
            "households": rows["customer"].n_unique(),
            "savings_in": 0,
            "savings_out": 0,
        }
    return found


def lines_of(kind: str, rows: pl.DataFrame) -> list[FormLine]:
    """The rows of a form of one office."""
    layout = layout_of(kind)
    rows = measured(rows)
    if kind == "b32":
        return list(_b32(rows))
    if kind == "bcdhtd_01_2":
        return _numbered(layout, rows.filter(pl.col("contract").is_not_null()), "programme_name")
    if kind in ("bcdhtd_01_1", "len_31_commune"):
        if kind == "bcdhtd_01_1":
            rows = rows.filter(pl.col("contract").is_not_null())
        return _numbered(layout, rows, "commune_name")
    return list(_under_communes(layout, rows))


def _numbered(layout: Layout, rows: pl.DataFrame, name: str) -> list[FormLine]:
    return [
        FormLine(str(at), str(key), _figures(part, layout))
        for at, ((key,), part) in enumerate(_parts(rows, name), 1)
    ]


def _parts(rows: pl.DataFrame, *names: str) -> list[tuple[tuple[Any, ...], pl.DataFrame]]:
    found = list(rows.group_by(*names, maintain_order=True))
    return sorted(found, key=lambda one: tuple(map(str, one[0])))


def _under_communes(layout: Layout, rows: pl.DataFrame) -> Iterator[FormLine]:
    mass = pl.col("mass").replace_strict(codes("mass_organisations"), default="Trực tiếp")
    # The form knows a leader by name alone: two of one name in a commune are one row, and a long name is cut.
    leader = pl.when(pl.col("group").is_null()).then(pl.lit("Vay trực tiếp"))
    programme = pl.coalesce("programme_name", pl.lit("Không vay vốn, có tiết kiệm"))
    rows = rows.with_columns(
        by_mass=mass,
        by_leader=leader.otherwise(pl.col("leader_name").fill_null("?").str.slice(0, 25)),
        by_programme=programme,
    )
    for at, ((name,), part) in enumerate(_parts(rows, "commune_name")):
        yield FormLine(_letter(at), str(name), _figures(part, layout), False)
        if layout.kind == "len_31_programme":
            for (over,), mine in _parts(part, "by_mass"):
                yield FormLine("", str(over), _figures(mine, layout), False)
                for number, ((under,), each) in enumerate(_parts(mine, "by_programme"), 1):
                    yield FormLine(str(number), str(under), _figures(each, layout))
        else:
            by = "by_mass" if layout.kind == "len_31_mass" else "by_leader"
            for number, ((under,), each) in enumerate(_parts(part, by), 1):
                yield FormLine(str(number), str(under), _figures(each, layout))


def _letter(at: int) -> str:
    return chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26)


_SECTIONS: Final = (
    ("I", "Cho vay", "lent_month"),
    ("II", "Thu nợ", "both"),
    ("III", "Tổng dư nợ", "balance"),
    ("IV", "Quá hạn", "overdue"),
)


def _b32(rows: pl.DataFrame) -> Iterator[FormLine]:
    layout = layout_of("b32")
    # What the form calls collection holds the disbursement too.
    rows = rows.filter(pl.col("contract").is_not_null()).with_columns(
        both=pl.col("repaid_month") + pl.col("lent_month")
    )
    short = {code: names[0].lower() for code, names in codes("programmes").items()}
    known = {one.field.removeprefix("amount_") for one in layout.columns}
    for mark, words, field in _SECTIONS:
        yield FormLine(mark, words, _by_programme(rows, field, short, known), False)
        for code, source in (("1", "Nguồn trung ương"), ("2", "Nguồn địa phương")):
            mine = rows.filter(pl.col("source") == code)
            yield FormLine("", source, _by_programme(mine, field, short, known), False)
            for (office,), part in _parts(mine, "office_name"):
                yield FormLine("", str(office), _by_programme(part, field, short, known), False)
                for number, ((name,), each) in enumerate(_parts(part, "commune_name"), 1):
                    yield FormLine(str(number), str(name), _by_programme(each, field, short, known))


def _by_programme(
    rows: pl.DataFrame, field: str, short: dict[str, str], known: set[str]
) -> dict[str, int]:
    there = rows.filter(pl.col(field) > 0)
    found = {"households": there["customer"].n_unique(), "amount": int(rows[field].sum())}
    for (code,), part in there.group_by("programme"):
        name = short.get(str(code), "khac")
        name = name if name in known else "khac"
        found[f"amount_{name}"] = found.get(f"amount_{name}", 0) + int(part[field].sum())
        key = f"households_{name}"
        found[key] = found.get(key, 0) + part["customer"].n_unique()
    return found


def write_form(layout: Layout, lines: Sequence[FormLine], day: date) -> bytes:
    """The workbook of a form: titles, a header of two rows, the row of marks (again after some rows), rows, a total."""
    marks = [one for one in layout.columns if one.title.startswith("(")]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write(0, 0, layout.titles[0])
        sheet.write(
            1,
            0,
            layout.says[-1].upper() if len(layout.says) > 1 else f"Mẫu biểu số: {layout.says[0]}",
        )
        sheet.write(2, 0, f"Ngày {day:%d} Tháng {day:%m} Năm {day:%Y}")
        sheet.merge_range(3, 2, 3, len(marks) - 1, "CHỈ TIÊU", book.add_format())
        sheet.write_row(4, 0, ["STT", "Tên", *(one.field for one in marks[2:])])
        sheet.write_row(5, 0, [one.title for one in marks])
        at = 6
        for number, line in enumerate(lines):
            if number and number % 40 == 0:
                sheet.write_row(at, 0, [one.title for one in marks])
                at += 1
            _write_line(sheet, at, line, layout)
            at += 1
        top = [one for one in lines if one.leaf]
        whole = {
            one.field: sum(line.figures.get(one.field, 0) for line in top) for one in marks[2:]
        }
        if layout.kind != "b32":
            _write_line(sheet, at, FormLine("", "TỔNG CỘNG", whole), layout)
        sheet.write(at + 2, 3, "null, ngày 02 tháng 01 năm 2030")
        sheet.write(at + 3, 1, "Người lập biểu")
    return out.getvalue()


def _write_line(sheet: Any, at: int, line: FormLine, layout: Layout) -> None:
    sheet.write_string(at, 0, line.mark)
    sheet.write_string(at, 1, line.name)
    marks = [one for one in layout.columns if one.title.startswith("(")]
    for place, column in enumerate(marks):
        if column.field in line.figures:
            value = line.figures[column.field]
            sheet.write_number(at, place, value / _MILLION if column.kind == "million" else value)


_COMMON: Final = ("Mã PGD", "Mã xã", "Tên xã", "Mã ĐVUT", "Tên ĐVUT")
_FIRST: Final = (
    "Số ấp có dư nợ do HĐT quản lý",
    "Số ấp trên địa bàn",
    "Tổng số tổ do HĐT quản lý",
    "Tổng số khách hàng vay vốn do HĐT quản lý",
    "Tổng dư nợ do HĐT quản lý",
    "Số dư tiết kiệm do HĐT quản lý (đồng)",
)
_THIRD: Final = (
    "Tên chương trình vay",
    "Số khách hàng",
    "Tổng dư nợ",
    "Nợ quá hạn",
    "",
    "Nợ khoanh",
    "",
    "Lãi tồn",
    "Số món vay 3 tháng không hoạt động",
)


def write_entrusted(rows: pl.DataFrame, day: date) -> bytes:
    """BC0438 of an office: three tables under each other, each with a header of its own."""
    rows = rows.filter(pl.col("group").is_not_null() & (pl.col("group") != "0000000"))
    loans = rows.filter(pl.col("contract").is_not_null()).unique("contract", maintain_order=True)
    common = ["office", "commune", "commune_name", "mass", "mass_name"]
    titles = list(_COMMON)
    told = (
        groups(rows)
        .group_by(common, maintain_order=True)
        .agg(pl.len(), pl.col("savings").sum(), pl.col("balance").sum())
    )
    owing = loans.filter(pl.col("balance") > 0)
    counts = owing.group_by("commune", "mass").agg(
        pl.col("hamlet").n_unique(), pl.col("customer").n_unique()
    )
    first = told.join(counts, on=["commune", "mass"], how="left").sort("commune", "mass")
    third = owing.group_by([*common, "programme_name"], maintain_order=True).agg(
        pl.col("customer").n_unique(), pl.col("balance", "overdue", "frozen", "arrears").sum()
    )
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write(0, 0, f"THÔNG TIN ỦY THÁC XÃ ĐẾN NGÀY {day:%d/%m/%Y}")
        sheet.write_row(1, 0, [*titles, *_FIRST])
        at = 2
        for row in first.iter_rows(named=True):
            sheet.write_row(at, 0, [row[one] for one in common])
            sheet.write_row(
                at,
                5,
                [
                    row["hamlet"] or 0,
                    row["hamlet"] or 0,
                    row["len"],
                    row["customer"] or 0,
                    row["balance"],
                    row["savings"],
                ],
            )
            at += 1
        sheet.write(at, 0, "Tổng cộng")
        sheet.write_row(at, 9, [0, 0])
        at += 2
        sheet.write_row(at, 0, [*titles, "Tổng số", "Tốt", "Khá", "Trung bình", "Yếu"])
        for row in first.iter_rows(named=True):
            at += 1
            sheet.write_row(at, 0, [*(row[one] for one in common), 0, row["len"], 0, 0, 0])
        at += 2
        sheet.write_row(at, 0, [*titles, *_THIRD])
        sheet.write_row(at + 1, 8, ["Số tiền", "Tỷ lệ", "Số tiền", "Tỷ lệ"])
        at += 2
        for row in third.sort("commune", "mass", "programme_name").iter_rows(named=True):
            sheet.write_row(
                at,
                0,
                [
                    *(row[one] for one in common),
                    row["programme_name"],
                    row["customer"],
                    row["balance"],
                    row["overdue"],
                    0,
                    row["frozen"],
                    0,
                    row["arrears"],
                    0,
                ],
            )
            at += 1
    return out.getvalue()


def write_telegram(rows: pl.DataFrame, day: date) -> bytes:
    """The telegram of all offices: indicators under each other, offices side by side, in millions."""
    loans = measured(rows)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("DB1")
        sheet.write(0, 1, f"ĐIỆN BÁO CÂN ĐỐI NGÀY {day:%d/%m/%Y} (triệu đồng)")
        offices = _parts(loans, "office")
        sheet.write_row(3, 3, [key for (key,), _ in offices])
        sheet.write(4, 2, "Cộng")
        for down, (words, field, source) in enumerate(TELEGRAM, 5):
            sheet.write(down, 1, words)
            figures = [_of_plan(part, field, source) for _, part in offices]
            sheet.write_row(
                down, 2, [sum(figures) / _MILLION, *(one / _MILLION for one in figures)]
            )
    return out.getvalue()


def _of_plan(rows: pl.DataFrame, field: str, source: str) -> int:
    mine = rows.filter(pl.col("source") == source) if source else rows
    return int(mine[field].sum())


TELEGRAM: Final = (
    ("1. Tổng dư nợ", "balance", ""),
    ("- Dư nợ Kế hoạch A", "balance", "1"),
    ("- Dư nợ Kế hoạch B", "balance", "2"),
    ("Dư nợ Quá hạn KHA", "overdue", "1"),
    ("Dư nợ Quá hạn KHB", "overdue", "2"),
    ("Dư nợ Khoanh KHA", "frozen", "1"),
    ("Dư nợ Khoanh KHB", "frozen", "2"),
)
