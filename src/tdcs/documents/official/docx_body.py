"""The nodes of a sheet as WordprocessingML text.

Written as text and parsed once: a table of 300 rows takes milliseconds, against seconds cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from tdcs.documents.official.docx_styles import GAP, ROLES
from tdcs.documents.official.sheet import (
    LEFT_MM,
    RIGHT_MM,
    UPRIGHT_MM,
    CentredLine,
    Closing,
    Grid,
    GridRow,
    Head,
    HeadCell,
    Part,
    Span,
    Text,
)

MM: Final = 1440 / 25.4  # twentieths of a point in a millimetre
EMU: Final = 36000  # of pictures, in a millimetre
MOTTO_MM: Final = 56.0
TABLE_POINTS: Final = 12.0
# The ground of a marked cell; words stay black on it, and it prints in grey.
MARK: Final = "D9D9D9"


def run(words: str, *, bold: bool = False, italic: bool = False, size: float | None = None) -> str:
    face = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    if size is not None:
        face += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    face = f"<w:rPr>{face}</w:rPr>" if face else ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in words.split("\n"))
    return f"<w:r>{face}{'<w:br/>'.join(lines)}</w:r>"


def paragraph(style: str, inner: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inner}</w:p>'


def spans(parts: Sequence[Span]) -> str:
    return "".join(run(part.text, bold=part.bold, italic=part.italic) for part in parts)


def text(node: Text, section: str = "", *, after_table: bool = False) -> str:
    properties = "<w:keepNext/>" if node.keep_next else ""
    properties += f'<w:spacing w:before="{2 * GAP}"/>' if after_table else ""
    return paragraph(ROLES[node.role], spans(node.spans), properties + section)


def rule(length: float, within: float, after: int = 0) -> str:
    """A line of ``length`` millimetres in the middle of ``within``."""
    side = max(0, round((within - length) / 2 * MM))
    spacing = f'<w:spacing w:after="{after}"/>' if after else ""
    return paragraph("DuongKe", "", f'{spacing}<w:ind w:left="{side}" w:right="{side}"/>')


def evenly(style: str, line: CentredLine, within: float) -> str:
    side = max(0, round((within - line.width) / 2 * MM))
    return paragraph(style, run(line.text), f'<w:ind w:left="{side}" w:right="{side}"/>')


def head(node: Head) -> str:
    """Two columns without borders, then the name of the kind of document and its subject."""
    left = evenly("CoQuanChuQuan", node.parent, LEFT_MM) if node.parent.text else ""
    left += evenly("CoQuanBanHanh", node.issuer, LEFT_MM) + rule(node.issuer.rule, LEFT_MM)
    right = paragraph("QuocHieu", run(node.nation)) + paragraph("TieuNgu", run(node.motto))
    right += rule(MOTTO_MM, RIGHT_MM)
    number = paragraph("SoKyHieu", run(node.number))
    if node.letter_subject:
        side = f'<w:ind w:left="{round(4 * MM)}" w:right="{round(4 * MM)}"/>'
        number += paragraph("TrichYeuCongVan", run(node.letter_subject), side)
    place = paragraph("DiaDanh", run(node.place))
    out = plain_table((LEFT_MM, RIGHT_MM), ((left, right), (number, place)))
    if node.type_name:
        out += paragraph("TenLoai", run(node.type_name))
        out += evenly("TrichYeu", node.subject, UPRIGHT_MM) if node.subject.text else ""
        out += rule(node.subject.rule, UPRIGHT_MM, after=2 * GAP)
    return out


def closing(node: Closing) -> str:
    """Recipients at the left, signature at the right, never divided over two pages."""
    widths = (0.45 * UPRIGHT_MM, 0.55 * UPRIGHT_MM)
    left = paragraph("NoiNhanDe", run("Nơi nhận:")) if node.recipients else "<w:p/>"
    left += "".join(paragraph("NoiNhan", run(line)) for line in node.recipients)
    right = "".join(
        paragraph("ChucVu", run(line)) for line in (*node.authority, node.title) if line
    )
    right += paragraph("HoTen", run(node.name))
    gap = paragraph("NganCach", "", "<w:keepNext/>")
    return gap + plain_table(widths, ((left, right),))


def plain_table(widths: Sequence[float], rows: Sequence[Sequence[str]]) -> str:
    """Borderless cells that already hold paragraphs."""
    out = table_head("", widths, layout_only=True)
    for cells in rows:
        out += "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        for width, inner in zip(widths, cells, strict=True):
            out += f'<w:tc><w:tcPr><w:tcW w:w="{round(width * MM)}" w:type="dxa"/></w:tcPr>{inner}</w:tc>'
        out += "</w:tr>"
    return out + "</w:tbl>"


def grid(node: Grid, within: float) -> str:
    """A table with borders whose header is repeated on every page."""
    widths = [share * within for share in node.widths]
    rows = [table_head("BangSoLieu", widths)]
    rows += _header_rows(node, widths)
    sides = [{"centre": "center"}.get(side, side) for side in node.aligns]
    last = len(node.rows) - 1
    for position, row in enumerate(node.rows):
        # The row before the totals keeps them company over a page break.
        rows.append(_row(node, row, widths, sides, keep_next=position == last - 1))
    return "".join(rows) + "</w:tbl>"


def table_head(style: str, widths: Sequence[float], *, layout_only: bool = False) -> str:
    columns = "".join(f'<w:gridCol w:w="{round(width * MM)}"/>' for width in widths)
    named = f'<w:tblStyle w:val="{style}"/>' if style else ""
    sides = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    margins = f"<w:tblCellMar>{sides}</w:tblCellMar>" if layout_only else ""
    look = "0000" if layout_only else "0020"
    return (
        f'<w:tbl><w:tblPr>{named}<w:tblW w:w="{round(sum(widths) * MM)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/>{margins}<w:tblLook w:val="{look}"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
    )


def table_cell(
    width: float, inner: str, *, span: int = 1, merge: str = "", marked: bool = False
) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shaded = f'<w:shd w:val="clear" w:color="auto" w:fill="{MARK}"/>' if marked else ""
    merged = {"": "", "first": '<w:vMerge w:val="restart"/>', "more": "<w:vMerge/>"}[merge]
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{round(width * MM)}" w:type="dxa"/>{spanned}{merged}{shaded}'
        f'<w:vAlign w:val="center"/></w:tcPr>{inner}</w:tc>'
    )


def _header_rows(node: Grid, widths: Sequence[float]) -> list[str]:
    size = None if node.size == TABLE_POINTS else node.size

    def titled(cell: HeadCell | None) -> str:
        inner = run(cell.text, bold=True, size=size) if cell else ""
        return paragraph("ChuBang", inner, '<w:keepNext/><w:jc w:val="center"/>')

    upper = lower = ""
    place = 0
    below = iter(node.header[1] if len(node.header) > 1 else ())
    for cell in node.header[0]:
        taken = widths[place : place + cell.columns]
        place += cell.columns
        merge = "first" if cell.rows > 1 else ""
        upper += table_cell(sum(taken), titled(cell), span=cell.columns, merge=merge)
        if cell.rows > 1:
            lower += table_cell(taken[0], titled(None), merge="more")
        elif len(node.header) > 1:
            lower += "".join(table_cell(width, titled(next(below))) for width in taken)
    start = "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    return [f"{start}{cells}</w:tr>" for cells in (upper, lower) if cells]


def _row(
    node: Grid, row: GridRow, widths: Sequence[float], sides: Sequence[str], *, keep_next: bool
) -> str:
    size = None if node.size == TABLE_POINTS else node.size
    keep = "<w:keepNext/>" if keep_next or (row.span and row.bold) else ""
    out = "<w:tr><w:trPr><w:cantSplit/></w:trPr>" if row.keep else "<w:tr>"
    if row.span:
        words = run(row.cells[0], bold=row.bold, italic=not row.bold, size=size)
        return f"{out}{table_cell(sum(widths), paragraph('ChuBang', words, keep), span=len(widths))}</w:tr>"
    for at, (words, width, side) in enumerate(zip(row.cells, widths, sides, strict=True)):
        aligned = keep if side == "left" else f'{keep}<w:jc w:val="{side}"/>'
        inner = run(words, bold=row.bold, size=size) if words else ""
        out += table_cell(width, paragraph("ChuBang", inner, aligned), marked=at in row.marked)
    return out + "</w:tr>"


def picture(relation: str, number: int, size_mm: tuple[float, float], alt: str) -> str:
    across, high = (round(side * EMU) for side in size_mm)
    name = f"Biểu đồ {number}"
    return paragraph(
        "HinhVe",
        "<w:r><w:drawing>"
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{across}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="{name}" descr={quoteattr(alt)}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}" descr={quoteattr(alt)}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext cx="{across}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
    )


def section(part: Part, header: str, *, first: bool, top: int | None = None) -> str:
    """Page size, margins and numbering; the page number is hidden on a document's first page.

    ``top``: another upper margin than the one of official documents, in millimetres.
    """
    alone = first or part.annex
    reference = f'<w:headerReference w:type="default" r:id="{header}"/>' if first else ""
    if part.landscape:
        size = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        found, right, bottom, left = 30, 20, 15, 20
    else:
        size = '<w:pgSz w:w="11906" w:h="16838"/>'
        found, right, bottom, left = 20, 15, 20, 30
    top = found if top is None else top
    margins = "".join(
        f' w:{side}="{round(mm * MM)}"'
        for side, mm in (
            ("top", top),
            ("right", right),
            ("bottom", bottom),
            ("left", left),
            ("header", top - 10),
            ("footer", 8),
        )
    )
    return (
        f'<w:sectPr>{reference}<w:type w:val="nextPage"/>{size}<w:pgMar{margins} w:gutter="0"/>'
        f"{'<w:pgNumType w:start=' + chr(34) + '1' + chr(34) + '/>' if alone else ''}"
        f'<w:cols w:space="720"/>{"<w:titlePg/>" if alone else ""}</w:sectPr>'
    )
