"""The official document as .docx (python-docx)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

from tdcs.documents.official.bars import bars_png
from tdcs.documents.official.model import (
    Bars,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    TableBlock,
    clean,
    date_line,
    number_line,
)

_FONT: Final = "Times New Roman"
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
# A file's inner clock; any fixed day makes equal documents equal bytes.
_STAMP: Final = (2020, 3, 5, 0, 0, 0)


def render(document: OfficialDocument) -> bytes:
    """The whole document; see tdcs.documents.official.to_docx."""
    file = docx.Document()
    _styles(file)
    _page(file)
    _core(file, document)
    _head(file, document)
    _title(file, document)
    for basis in document.bases:
        _text(file, clean(basis), italic=True)
    for block in document.text:
        _block(file, block)
    _foot(file, document)
    for block in document.annexes:
        _block(file, block)
    buffer = io.BytesIO()
    file.save(buffer)
    return _still(buffer.getvalue())


def _styles(file: Any) -> None:
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.15
    for level in (1, 2, 3):
        style = file.styles[f"Heading {level}"]
        style.font.name, style.font.size = _FONT, Pt(14)
        style.font.bold, style.font.italic = level < 3, level == 3
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.rPr.rFonts
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for name in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{name}"), _FONT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(6), Pt(6)
        style.paragraph_format.first_line_indent = Cm(1.27)


def _page(file: Any) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(18)
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTRE
    run = paragraph.add_run()
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = words
        run._r.append(mark)
    run.font.size = Pt(13)


def _core(file: Any, document: OfficialDocument) -> None:
    core = file.core_properties
    core.title = clean(f"{document.type_name} {document.subject}".strip())[:250]
    core.author, core.language = clean(document.issuer)[:250], "vi-VN"
    core.created = core.modified = datetime(*_STAMP)  # noqa: DTZ001 - the format keeps no zone
    core.comments = ""


def _head(file: Any, document: OfficialDocument) -> None:
    table = file.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    left, right = table.rows[0].cells
    _columns(table, (Cm(6.3), Cm(10.2)))
    if document.parent:
        _line(left, document.parent.upper(), size=12.5)
    _line(left, document.issuer.upper(), bold=True, size=12.5, rule=True)
    _line(left, number_line(document), size=13)
    if not document.type_name:
        _line(left, f"V/v {document.subject}", size=12.5)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12)
    _line(right, "Độc lập - Tự do - Hạnh phúc", bold=True, size=13.5, rule=True)
    _line(right, date_line(document), italic=True, size=13.5)


def _line(cell: Any, text: str, *, size: float, rule: bool = False, **font: bool) -> None:
    first = cell.paragraphs[0]
    paragraph = first if not first.text and not first.runs else cell.add_paragraph()
    paragraph.alignment = _CENTRE
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.0
    run = paragraph.add_run(clean(text))
    run.font.size = Pt(size)
    run.bold, run.italic = font.get("bold"), font.get("italic")
    if rule:
        _rule(cell, 1.9 if len(text) < 30 else 2.3)


def _rule(cell: Any, indent: float) -> None:
    """A short rule under the line: the top border of a thin paragraph between indents."""
    paragraph = cell.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Cm(indent)
    form.space_after, form.line_spacing = Pt(2), Pt(4)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    border.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _title(file: Any, document: OfficialDocument) -> None:
    if document.type_name:
        paragraph = file.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.paragraph_format.space_before = Pt(18)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(clean(document.type_name.upper())).bold = True
        subject = file.add_paragraph()
        subject.alignment = _CENTRE
        subject.paragraph_format.space_after = Pt(14)
        subject.add_run(clean(document.subject)).bold = True
    if document.addressees:
        paragraph = file.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.paragraph_format.space_before = Pt(14)
        paragraph.paragraph_format.space_after = Pt(12)
        paragraph.add_run(clean("Kính gửi: " + "; ".join(document.addressees)))


def _text(file: Any, text: str, *, italic: bool = False, bold: bool = False) -> Any:
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    run = paragraph.add_run(text)
    run.italic, run.bold = italic, bold
    return paragraph


def _block(file: Any, block: object) -> None:
    if isinstance(block, Heading):
        file.add_heading(clean(block.text), level=min(block.level, 3))
    elif isinstance(block, Paragraph):
        for part in clean(block.text).split("\n"):
            if part.strip():
                words = ("- " if block.dash else "") + part.strip()
                made = _text(file, words, italic=block.italic, bold=block.bold)
                if block.centred:
                    made.alignment = _CENTRE
    elif isinstance(block, TableBlock):
        _table(file, block)
    elif isinstance(block, Bars):
        _bars(file, block)
    elif isinstance(block, PageBreak):
        file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        if block.title:
            heading = file.add_heading(clean(block.title), level=1)
            heading.alignment = _CENTRE


def _table(file: Any, block: TableBlock) -> None:
    _caption(file, block.caption)
    table = file.add_table(rows=1, cols=len(block.header))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    whole = 16.2
    widths = [Cm(whole * share / sum(block.widths)) for share in block.widths]
    _columns(table, widths)
    _repeat(table.rows[0])
    _row(table.rows[0], block.header, widths, block.right, bold=True, centre=True)
    for at, cells in enumerate(block.rows):
        last = block.total and at == len(block.rows) - 1
        _row(table.add_row(), cells, widths, block.right, bold=last)
    file.add_paragraph().paragraph_format.space_after = Pt(2)


def _columns(table: Any, widths: Sequence[Any]) -> None:
    """Widths on the grid and on the cells: Word reads the cells, LibreOffice the grid."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _row(
    row: Any,
    cells: tuple[str, ...],
    widths: list[Any],
    right: frozenset[int],
    *,
    bold: bool = False,
    centre: bool = False,
) -> None:
    for at, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
        cell.width = widths[at]
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.line_spacing = 1.0
        run = paragraph.add_run(clean(text))
        run.font.size, run.bold = Pt(12), bold
        if centre:
            paragraph.alignment = _CENTRE
        elif at in right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _caption(file: Any, words: str) -> None:
    if words:
        paragraph = file.add_paragraph()
        paragraph.alignment = _CENTRE
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run(clean(words))
        run.bold, run.font.size = True, Pt(13)


def _bars(file: Any, block: Bars) -> None:
    """The chart as a picture, drawn by the same code as in the PDF; greys print well."""
    _caption(file, block.caption)
    picture = file.add_picture(io.BytesIO(bars_png(block)), width=Cm(15.6))
    words = "; ".join(f"{label}: {said}" for label, _, said in block.bars)
    picture._inline.docPr.set("descr", clean(f"{block.caption}. {words}"))
    file.paragraphs[-1].alignment = _CENTRE


def _foot(file: Any, document: OfficialDocument) -> None:
    table = file.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    _columns(table, (Cm(7.6), Cm(8.6)))
    label = left.paragraphs[0]
    run = label.add_run("Nơi nhận:")
    run.bold = run.italic = True
    run.font.size = Pt(12)
    label.paragraph_format.space_after = Pt(0)
    for at, line in enumerate(document.recipients):
        paragraph = left.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.0
        end = "." if at == len(document.recipients) - 1 else ";"
        paragraph.add_run(clean(f"- {line.rstrip('.;')}{end}")).font.size = Pt(11)
    sign = document.signature
    for words in (*sign.authority, sign.title):
        if words:
            _line(right, words.upper(), bold=True, size=13.5)
    gap = right.add_paragraph()
    gap.paragraph_format.space_after = Pt(56)
    name = right.add_paragraph()
    name.alignment = _CENTRE
    name.add_run(clean(sign.name)).bold = True


def _still(content: bytes) -> bytes:
    """The same zip with fixed times, so that equal documents are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            info = zipfile.ZipInfo(part.filename, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(info, before.read(part.filename))
    return out.getvalue()
