"""A table to be filled in as .docx: what is known is locked, the cells to write in are content controls.

Word keeps a locked control from being changed or deleted; LibreOffice and paper keep the table. Nobody who reads the
file back may rely on the controls: rows are known by the words of their first column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal
from xml.sax.saxutils import quoteattr

from tdcs.documents.official import docx_body as body
from tdcs.documents.official.docx_styles import SINGLE, Style, styles_xml
from tdcs.documents.official.package import closed, opened
from tdcs.documents.official.sheet import TURNED_MM, Part
from tdcs.documents.official.wording import MOTTO, NATION, clean, one_line

_MARGIN_MM: Final = 15
_SIGN_ROOM: Final = 1400  # twentieths of a point to sign in
_STYLES: Final = (
    Style("OPhieu", "Ô của phiếu", size=11, align="left", line=SINGLE, before=40, after=40),
    Style("OMa", "Ô mã của phiếu", size=8, align="left", line=SINGLE, before=40, after=40),
    Style("TenPhieu", "Tên phiếu", size=14, align="center", line=SINGLE, before=200, bold=True),
    Style("MaPhieu", "Mã phiếu", size=10, align="center", line=SINGLE, after=120),
    Style("KyPhieu", "Chỗ ký", size=12, align="center", line=SINGLE, after=_SIGN_ROOM),
)
_Lock = Literal["sdtContentLocked", "sdtLocked"]


@dataclass(frozen=True, slots=True)
class FillColumn:
    """``key``: small and locked; ``fill``: to be written in; ``width`` in millimetres."""

    title: str
    width: float
    key: bool = False
    fill: bool = False


@dataclass(frozen=True, slots=True)
class FillTable:
    """``mark``: the words by which the file is known again; ``signers``: under the table, left to right."""

    title: str
    issuer: str
    mark: str
    note: str
    columns: Sequence[FillColumn]
    rows: Sequence[Sequence[str]]
    signers: Sequence[str]
    made_on: date


def blank_document(table: FillTable) -> bytes:
    """The same table on the same day gives the same bytes."""
    package, header = opened(styles_xml(_STYLES))
    words = "".join(
        (
            _head(table),
            body.paragraph("TenPhieu", body.run(one_line(table.title))),
            _control(
                "ma-phieu", body.paragraph("MaPhieu", body.run(table.mark)), "sdtContentLocked"
            ),
            body.paragraph("GhiChu", body.run(one_line(table.note), italic=True)),
            _grid(table),
            _signers(table.signers),
            body.paragraph("NganCach", ""),
            body.section(Part([], landscape=True), header, first=True, top=_MARGIN_MM),
        )
    )
    moment = datetime(*table.made_on.timetuple()[:3], tzinfo=UTC)
    return closed(package, words, title=table.title, author=table.issuer, moment=moment)


def _head(table: FillTable) -> str:
    left, right = 0.42 * TURNED_MM, 0.58 * TURNED_MM
    issuer = body.paragraph("CoQuanBanHanh", body.run(one_line(table.issuer).upper()))
    nation = body.paragraph("QuocHieu", body.run(NATION)) + body.paragraph(
        "TieuNgu", body.run(MOTTO)
    )
    pair = (issuer + body.rule(30, left), nation + body.rule(body.MOTTO_MM, right))
    return body.plain_table((left, right), (pair,))


def _grid(table: FillTable) -> str:
    widths = [column.width for column in table.columns]
    scale = TURNED_MM / sum(widths)
    widths = [width * scale for width in widths]
    head = "".join(
        body.table_cell(
            width,
            body.paragraph(
                "OPhieu", body.run(column.title, bold=True), '<w:keepNext/><w:jc w:val="center"/>'
            ),
        )
        for column, width in zip(table.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    for row in table.rows:
        cells = "".join(
            body.table_cell(width, _inner(column, words, row[0]))
            for column, width, words in zip(table.columns, widths, row, strict=True)
        )
        rows.append(f"<w:tr>{cells}</w:tr>")
    return f"{body.table_head('BangSoLieu', widths)}{''.join(rows)}</w:tbl>"


def _inner(column: FillColumn, words: str, key: str) -> str:
    style = "OMa" if column.key else "OPhieu"
    lines = clean(words).split("\n")
    paragraphs = "".join(body.paragraph(style, body.run(line) if line else "") for line in lines)
    if column.key:
        return _control(f"ma-{key}", paragraphs, "sdtContentLocked")
    if column.fill:
        return _control(f"{column.title}-{key}", paragraphs, "sdtLocked")
    return paragraphs


def _control(tag: str, inner: str, lock: _Lock) -> str:
    """A content control; with ``sdtLocked`` its words may be written and the control not deleted."""
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val={quoteattr(tag[:64])}/><w:lock w:val="{lock}"/></w:sdtPr>'
        f"<w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    )


def _signers(titles: Sequence[str]) -> str:
    widths = [TURNED_MM / len(titles)] * len(titles)
    cells = [body.paragraph("KyPhieu", body.run(title, bold=True)) for title in titles]
    return body.paragraph("NganCach", "") + body.plain_table(widths, (cells,))
