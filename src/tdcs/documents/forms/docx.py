"""A form as .docx, written with the styles and the package of official documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tdcs.documents.forms.filling import Context, Piece
from tdcs.documents.forms.layout import LEFT_SHARE, PLACE_SHARE, TOP_MM, lay_out
from tdcs.documents.forms.model import Form
from tdcs.documents.forms.pdf import stamp
from tdcs.documents.forms.sheet import (
    FormBeside,
    FormHead,
    FormLine,
    FormNode,
    FormSheet,
    SignColumn,
    Signing,
)
from tdcs.documents.official import docx_body as body
from tdcs.documents.official.docx_styles import FIRST_LINE, SINGLE, Style, styles_xml
from tdcs.documents.official.package import closed, opened
from tdcs.documents.official.sheet import Grid, Part

_BOX_FACE: Final = "Segoe UI Symbol"
_GUTTER_MM: Final = 3.0
_SIGN_ROOM: Final = 1100  # twentieths of a point to sign in
_STYLES: Final = {
    "field": "DongMau",
    "text": "LoiMau",
    "heading": "DeMuc",
    "addressee": "KinhGuiMau",
    "basis": "CanCuMau",
    "note": "GhiChuMau",
    "centre": "GiuaMau",
    "unit": "DonViTinh",
    "choice": "LuaChon",
}


def render_docx(form: Form, context: Context) -> bytes:
    """The form filled in; the same form and context give the same bytes."""
    sheet = lay_out(form, context)
    package, header = opened(styles_xml(_styles(form.size)))
    section = body.section(Part([], landscape=sheet.landscape), header, first=True, top=TOP_MM)
    words = "".join(_body(sheet)) + section
    return closed(package, words, title=sheet.name, author=sheet.author, moment=stamp(context))


def _styles(size: float) -> tuple[Style, ...]:
    """The lines of forms; the size is the form's."""
    indent = FIRST_LINE // 2
    return (
        _style("MauSo", "Mẫu số", 11, "right", bold=True, italic=True),
        _style("TenMau", "Tên mẫu", 14, "center", after=0, bold=True, keep_next=True),
        _style("TenMauPhu", "Tên mẫu, dòng phụ", size, "center", after=120, italic=True),
        _style("DongMau", "Dòng của mẫu", size, "left"),
        _style("LuaChon", "Ô lựa chọn", size, "left", left=600, hanging=300),
        _style("LoiMau", "Lời của mẫu", size, "both", first=indent),
        _style("DeMuc", "Đề mục của mẫu", size, "left", before=80, bold=True, keep_next=True),
        _style("KinhGuiMau", "Kính gửi của mẫu", size, "center", before=80, after=120),
        _style("CanCuMau", "Căn cứ của mẫu", size, "both", first=indent, italic=True),
        _style("GhiChuMau", "Ghi chú của mẫu", 11, "both", before=60, after=0, italic=True),
        _style("GiuaMau", "Dòng giữa", size, "center"),
        _style("KyTruoc", "Nơi ký", size, "center", after=0, italic=True),
        _style("KyChucDanh", "Người ký", size, "center", after=0, bold=True),
        _style("KyCach", "Cách ký", 11, "center", after=0, italic=True),
        _style("KyTen", "Tên người ký", size, "center", before=_SIGN_ROOM, after=0, bold=True),
    )


def _style(id: str, name: str, size: float, align: str, **more: Any) -> Style:
    return Style(id, name, size=size, align=align, **{"line": SINGLE, "after": 60, **more})


def _body(sheet: FormSheet) -> Iterator[str]:
    yield from _head(sheet.head, sheet.width)
    for number, node in enumerate(sheet.nodes):
        after_table = number > 0 and isinstance(sheet.nodes[number - 1], Grid)
        yield _node(node, sheet.width, after_table=after_table)
    # Word wants a paragraph after a table that ends the body.
    if sheet.nodes and not isinstance(sheet.nodes[-1], FormLine):
        yield body.paragraph("NganCach", "")


def _node(node: FormNode, width: float, *, after_table: bool) -> str:
    # Two tables that touch would become one.
    gap = body.paragraph("NganCach", "") if after_table else ""
    match node:
        case FormLine():
            return gap + _line(node, width)
        case FormBeside():
            cells = [_line(c, w - _GUTTER_MM) for c, w in zip(node.cells, node.widths, strict=True)]
            return gap + body.plain_table(node.widths, (cells,))
        case Grid():
            return gap + body.grid(node, width)
        case Signing():
            return body.paragraph("NganCach", "", "<w:keepNext/>") + _signing(node, width)


def _line(line: FormLine, within: float) -> str:
    style = _STYLES[line.role]
    tabs = ""
    if any(piece.sort == "fill" for piece in line.pieces):
        place = round(within * body.MM) - 20
        tabs = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{place}"/></w:tabs>'
    return body.paragraph(style, "".join(map(_piece, line.pieces)), tabs)


def _piece(piece: Piece) -> str:
    if piece.sort == "text":
        return body.run(piece.text)
    if piece.sort == "fill":
        return "<w:r><w:tab/></w:r>"
    sign = "☑" if piece.sort == "ticked" else "☐"
    face = " ".join(f'w:{kind}="{_BOX_FACE}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    return f"<w:r><w:rPr><w:rFonts {face}/></w:rPr><w:t>{sign}</w:t></w:r>"


def _head(head: FormHead, width: float) -> Iterator[str]:
    if head.mark:
        yield body.paragraph("MauSo", body.run(head.mark))
    nation = body.paragraph("QuocHieu", body.run(head.nation))
    nation += body.paragraph("TieuNgu", body.run(head.motto))
    if head.issuer.text:
        left, right = width * LEFT_SHARE, width * (1 - LEFT_SHARE)
        unit = body.evenly("CoQuanChuQuan", head.parent, left) if head.parent.text else ""
        unit += body.evenly("CoQuanBanHanh", head.issuer, left) + body.rule(head.issuer.rule, left)
        lower = (
            body.paragraph("SoKyHieu", body.run(head.reference)),
            body.paragraph("DiaDanh", body.run(head.place)),
        )
        rows = [(unit, nation + body.rule(body.MOTTO_MM, right))]
        if head.reference or head.place:
            rows.append(lower)
        yield body.plain_table((left, right), rows)
    else:
        yield nation + body.rule(body.MOTTO_MM, width)
        if head.place:
            yield body.paragraph("DiaDanh", body.run(head.place), '<w:jc w:val="right"/>')
    yield body.paragraph("NganCach", "", '<w:spacing w:before="160"/>')
    yield from (body.paragraph("TenMau", body.run(line)) for line in head.title)
    if head.subtitle:
        yield body.paragraph("TenMauPhu", body.run(head.subtitle))
    else:
        yield body.paragraph("NganCach", "")


def _signing(node: Signing, width: float) -> str:
    """Rows of one table, so that names stand level however long the titles above are."""
    share = width / len(node.columns)
    widths = [share] * len(node.columns)
    rows: list[Sequence[str]] = [
        [_titles(column) for column in node.columns],
        [body.paragraph("KyTen", body.run(column.name)) for column in node.columns],
    ]
    side = round((width - max(share, width * PLACE_SHARE)) * body.MM)
    indent = f'<w:keepNext/><w:ind w:left="{side}" w:right="0"/>'
    place = body.paragraph("KyTruoc", body.run(node.place), indent) if node.place else ""
    return place + body.plain_table(widths, rows)


def _titles(column: SignColumn) -> str:
    titles = "".join(
        body.paragraph("KyChucDanh", body.run(line), "<w:keepNext/>") for line in column.title
    )
    return titles + body.paragraph("KyCach", body.run(column.under), "<w:keepNext/>")
