"""A standard workbook: typed cells, a title block, totals, lines to sign, for lists of hundreds of thousands of rows.

XlsxWriter makes the workbook around the rows; the rows themselves are made column by column (Polars) and put into the
sheet's XML: a cell written by Python alone takes several times as long. Words are inline strings, so that none of them
can become a formula.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from tdcs.documents.official.wording import clean

Kind = Literal["text", "money", "count", "day", "percent"]
# Rows of a tab; what is more does not fit into a sheet.
MOST_ROWS: Final = 1_048_000
# Rows whose XML is made at once: about 100 MB of words.
_PIECE: Final = 20_000
# A sheet's XML shrinks to a twentieth by the quickest way already.
_LEVEL: Final = 1
_FACE: Final = "Times New Roman"
_PATTERNS: Final[dict[str, str]] = {
    "money": "#,##0",
    "count": "#,##0",
    "day": "dd/mm/yyyy",
    "percent": "0.00%",
    "text": "@",
}
_ALIGN: Final[dict[str, str]] = {"text": "left", "day": "center"}
_PPM: Final = 1_000_000
_EXCEL_EPOCH: Final = date(1899, 12, 30)
# What XML 1.0 has no letter for.
_NO_LETTERS: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
_BREAKS: Final = 1_000  # page breaks that a sheet may have
_A3, _A4 = 8, 9
# Letters across that an upright A4 holds, and beyond which A4 becomes too small to read.
_UPRIGHT, _WIDE = 95, 240
_LINE: Final = 15  # points of a line of words
_BOLD: Final = 1.25  # how much wider bold words are than a column's width counts


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """``name``: of the frame; money and counts are whole numbers, a percentage is in parts per million."""

    name: str
    title: str
    kind: Kind = "text"
    width: float = 14
    total: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet of the workbook. ``part``: the rows of one value of this column stand together, under a line of its own, with
    their sums, on a page of their own; the frame is in that order."""

    title: str
    columns: Sequence[SheetColumn]
    rows: pl.DataFrame = field(repr=False)
    part: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the rows of each tab: whose, which day, who made it, who signs."""

    title: str
    unit: str
    day: str
    maker: str
    made_at: datetime
    place_and_day: str = ""
    signers: Sequence[str] = ()
    sign_word: str = "(Ký, ghi rõ họ tên)"
    total_word: str = "Tổng cộng"
    sum_word: str = "Cộng"
    empty: str = "Không có số liệu."


def workbook(around: Around, tabs: Sequence[Tab]) -> bytes:
    """The workbook."""
    frame = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(frame, options)
    book.set_properties(
        {"title": clean(around.title)[:255], "created": around.made_at.replace(tzinfo=None)}
    )
    looks = _Looks(book)
    rows = [
        _Around(book.add_worksheet(name), around, tab, looks).written()
        for name, tab in zip(_names(tabs), tabs, strict=True)
    ]
    book.close()
    return _with_rows(frame.getvalue(), rows)


def _names(tabs: Sequence[Tab]) -> list[str]:
    """Names that a workbook takes: at most 31 letters, none twice."""
    found: list[str] = []
    for tab in tabs:
        name = re.sub(r"[\[\]:*?/\\']", " ", clean(tab.title)).strip()[:31] or "Bảng"
        again = 2
        base = name
        while name.lower() in {one.lower() for one in found}:
            name = f"{base[:28]} {again}"
            again += 1
        found.append(name)
    return found


@dataclass
class _Looks:
    book: Any
    made: dict[Any, Any] = field(default_factory=dict)

    def of(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self.made:
            base = {"font_name": _FACE, "font_size": 11, "valign": "top"}
            self.made[key] = self.book.add_format(base | wanted)
        return self.made[key]

    def cell(self, column: SheetColumn, **more: Any) -> Any:
        return self.of(
            border=1,
            num_format=_PATTERNS[column.kind],
            align=_ALIGN.get(column.kind, "right"),
            **{"text_wrap": column.kind == "text"} | more,
        )

    def number_of(self, look: Any) -> int:
        """The style by which a cell of the XML names a look."""
        return int(look._get_xf_index())  # no public name for it; held by a test


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the rows of a tab begin (the header's number), the styles of their cells, in which order they come."""

    header: int
    tab: Tab
    plain: tuple[int, ...]
    bold: tuple[int, ...]
    lines: pl.DataFrame


@dataclass
class _Around:
    sheet: Any
    around: Around
    tab: Tab
    looks: _Looks

    def written(self) -> _Rows:
        """The title block, the header, the total and who signs; the rows come later."""
        tab, sheet, looks = self.tab, self.sheet, self.looks
        header = self._title()
        face = looks.of(
            bold=True,
            border=1,
            bg_color="#E7E6E6",
            text_wrap=True,
            align="center",
            valign="vcenter",
        )
        high = 1
        for place, column in enumerate(tab.columns):
            sheet.write_string(header, place, clean(column.title), face)
            sheet.set_column(place, place, column.width)
            high = max(high, math.ceil(len(column.title) * _BOLD / column.width))
        sheet.set_row(header, _LINE * high)
        lines = _lines(tab, self.around.sum_word)
        last = header + len(lines)
        sheet.autofilter(header, 0, max(last, header + 1), len(tab.columns) - 1)
        if tab.part:
            self._breaks(lines, header)
        self._foot(last + 1)
        sheet.freeze_panes(header + 1, 0)
        sheet.repeat_rows(header)
        across = sum(column.width for column in tab.columns)
        sheet.set_paper(_A3 if across > _WIDE else _A4)
        if across > _UPRIGHT:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P/&N")
        plain = tuple(looks.number_of(looks.cell(one)) for one in tab.columns)
        # The name of a part runs on over the empty cells beside it.
        bold = tuple(
            looks.number_of(looks.cell(one, bold=True, text_wrap=False)) for one in tab.columns
        )
        return _Rows(header + 1, tab, plain, bold, lines)

    def _title(self) -> int:
        around, sheet, looks = self.around, self.sheet, self.looks
        title = clean(around.title)
        if self.tab.title and self.tab.title != around.title:
            title = f"{title} - {clean(self.tab.title)}"
        sheet.write_string(0, 0, clean(around.unit), looks.of(bold=True))
        sheet.write_string(1, 0, title, looks.of(bold=True, font_size=14))
        sheet.write_string(2, 0, clean(around.day), looks.of(italic=True))
        sheet.write_string(3, 0, clean(around.maker), looks.of(italic=True))
        return 5

    def _breaks(self, lines: pl.DataFrame, header: int) -> None:
        """Each part begins a page."""
        heads = lines.with_row_index("_at", header + 1).filter(pl.col("_line") == 0)["_at"]
        self.sheet.set_h_pagebreaks(heads.to_list()[1:_BREAKS])

    def _foot(self, at: int) -> None:
        tab, sheet, looks, around = self.tab, self.sheet, self.looks, self.around
        if tab.rows.is_empty():
            sheet.write_string(at, 0, around.empty, looks.of(italic=True))
        elif any(column.total for column in tab.columns):
            for place, column in enumerate(tab.columns):
                face = looks.cell(column, bold=True, bg_color="#F2F2F2")
                known = tab.rows[column.name].drop_nulls()
                if not column.total:
                    sheet.write_string(at, place, "" if place else around.total_word, face)
                elif len(known):
                    sheet.write_number(at, place, int(known.sum()), face)
                else:
                    # A sum of nothing known is not 0.
                    sheet.write_blank(at, place, None, face)
        if tab.note:
            at += 1
            sheet.write_string(at, 0, clean(tab.note), looks.of(italic=True))
        if not around.signers:
            return
        across = len(tab.columns)
        if around.place_and_day:
            where = max(0, across - max(1, across // len(around.signers)))
            sheet.write_string(at + 2, where, around.place_and_day, looks.of(italic=True))
        for number, signer in enumerate(around.signers):
            where = min(number * across // len(around.signers), across - 1) if across > 1 else 0
            row = at + 3 if across >= len(around.signers) else at + 3 + 3 * number
            sheet.write_string(row, where, clean(signer), looks.of(bold=True))
            sheet.write_string(row + 1, where, around.sign_word, looks.of(italic=True))


def known_sum(name: str) -> pl.Expr:
    """The sum of what is known of a column: nothing, where nothing is."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)


def _lines(tab: Tab, sum_word: str) -> pl.DataFrame:
    """The rows with _line: 1 of a row; with parts, 0 of the line above a part and 2 of its sums, _head their words."""
    rows = tab.rows.with_columns(_line=pl.lit(1, pl.Int8), _high=_high(tab.columns))
    if not tab.part or rows.is_empty():
        return rows
    part = pl.col(tab.part)
    rows = rows.with_columns(_part=part.rle_id())
    ends = rows.group_by("_part", maintain_order=True).agg(
        part.first(), *(known_sum(one.name) for one in tab.columns if one.total)
    )
    ends = ends.with_columns(_high=pl.lit(1, pl.Int64))
    heads = ends.select("_part", "_high", _head=part, _line=pl.lit(0, pl.Int8))
    ends = ends.with_columns(_line=pl.lit(2, pl.Int8), _head=pl.lit(sum_word))
    joined = pl.concat([heads, rows, ends], how="diagonal")
    return joined.sort("_part", "_line", maintain_order=True).drop("_part")


def _high(columns: Sequence[SheetColumn]) -> pl.Expr:
    """How many lines the words of a row take; readers do not all find that out by themselves."""
    words = [
        (pl.col(one.name).str.len_chars().cast(pl.Int64) / one.width).ceil().cast(pl.Int64)
        for one in columns
        if one.kind == "text"
    ]
    return pl.max_horizontal(*words, pl.lit(1, pl.Int64)).fill_null(1)


def _with_rows(book: bytes, rows: Sequence[_Rows]) -> bytes:
    """The workbook with the rows of each sheet behind its header."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as made,
    ):
        for entry in given.infolist():
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
            content = given.read(entry)
            if not found:
                made.writestr(entry, content, zipfile.ZIP_DEFLATED)
                continue
            one = rows[int(found[1]) - 1]
            head, tail = _split(content, one.header)
            with made.open(entry.filename, "w") as file:
                file.write(head)
                for piece in _xml(one):
                    file.write(piece)
                file.write(tail)
    return out.getvalue()


def _split(content: bytes, header: int) -> tuple[bytes, bytes]:
    """The sheet's XML up to the end of its header's row, and after it."""
    begins = content.index(b'<row r="%d"' % header)
    ends = content.index(b"</row>", begins) + len(b"</row>")
    return content[:ends], content[ends:]


def _xml(one: _Rows) -> Iterator[bytes]:
    """The rows as XML, some thousand at a time."""
    columns = one.tab.columns
    for start in range(0, len(one.lines), _PIECE):
        piece = one.lines.slice(start, _PIECE)
        piece = piece.with_row_index("_row", one.header + 1 + start)
        piece = piece.with_columns(pl.col("_row").cast(pl.String))
        cells = [
            _cell(xl_col_to_name(place), column, one.plain[place])
            for place, column in enumerate(columns)
        ]
        found = pl.concat_str([pl.lit('<row r="'), "_row", pl.lit('">'), *cells, pl.lit("</row>")])
        if one.tab.part:
            found = pl.when(pl.col("_line") == 1).then(found).otherwise(_bold(one))
        yield "".join(piece.select(found.alias("x"))["x"].to_list()).encode()


def _row(cells: Sequence[pl.Expr]) -> pl.Expr:
    """A row; its height only where words take more than one line."""
    tall = pl.concat_str(
        pl.lit('" ht="'), (pl.col("_high") * _LINE).cast(pl.String), pl.lit('" customHeight="1">')
    )
    height = pl.when(pl.col("_high") > 1).then(tall).otherwise(pl.lit('">'))
    return pl.concat_str([pl.lit('<row r="'), "_row", height, *cells, pl.lit("</row>")])


def _bold(one: _Rows) -> pl.Expr:
    """The line above a part (its name) and the line of its sums."""
    cells = []
    for place, column in enumerate(one.tab.columns):
        name = xl_col_to_name(place)
        if place == 0:
            cells.append(_cell(name, SheetColumn("_head", ""), one.bold[0]))
        elif column.total:
            cells.append(_cell(name, column, one.bold[place]))
        else:
            cells.append(_blank(name, one.bold[place]))
    return _row(cells)


def _blank(name: str, look: int) -> pl.Expr:
    return pl.concat_str([pl.lit(f'<c r="{name}'), "_row", pl.lit(f'" s="{look}"/>')])


def _cell(name: str, column: SheetColumn, look: int) -> pl.Expr:
    value = pl.col(column.name)
    begin = [pl.lit(f'<c r="{name}'), pl.col("_row")]
    if column.kind == "text":
        words = value.cast(pl.String).str.replace_all(_NO_LETTERS, "")
        words = words.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])
        words = words.str.slice(0, 32_000)
        there = [
            pl.lit(f'" s="{look}" t="inlineStr"><is><t xml:space="preserve">'),
            words,
            pl.lit("</t></is></c>"),
        ]
        full = value.is_not_null() & (value.cast(pl.String) != "")
    else:
        number = value
        if column.kind == "day":
            number = (value - pl.lit(_EXCEL_EPOCH)).dt.total_days()
        elif column.kind == "percent":
            number = _fraction(value)
        there = [pl.lit(f'" s="{look}"><v>'), number.cast(pl.String), pl.lit("</v></c>")]
        full = value.is_not_null()
    return pl.when(full).then(pl.concat_str([*begin, *there])).otherwise(_blank(name, look))


def _fraction(ppm: pl.Expr) -> pl.Expr:
    """Parts of a million as a decimal fraction, digit by digit: 60288 is 0.060288."""
    size = ppm.abs()
    rest = (size % _PPM).cast(pl.String).str.zfill(6)
    sign = pl.when(ppm < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, (size // _PPM).cast(pl.String), pl.lit("."), rest)
