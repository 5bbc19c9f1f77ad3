"""The set of templates that ships, built from its recipe (law/word_templates/shipped.yaml): invented texts."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tdcs.core import law

_FILE: Final = "word_templates/shipped.yaml"
_FONT: Final = "Times New Roman"
_BOUNDS: Final = {"portrait": (21.0, 29.7), "landscape": (29.7, 21.0)}
# A file is the same whenever it is built.
_MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One template of the set."""

    code: str
    kind: str
    title: str
    blocks: list[dict[str, Any]]
    landscape: bool = False


def recipes() -> dict[str, Recipe]:
    """The set, by code."""
    return {row["code"]: Recipe(**row) for row in law.load(_FILE)}


def built(recipe: Recipe) -> bytes:
    """The .docx of a recipe."""
    document = Document()
    _page(document, landscape=recipe.landscape)
    for block in recipe.blocks:
        ((sort, said),) = block.items()
        _BLOCKS[sort](document, said)
    document.core_properties.title = recipe.title
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = _MOMENT
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _page(document: Any, *, landscape: bool) -> None:
    section = document.sections[0]
    width, height = _BOUNDS["landscape" if landscape else "portrait"]
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = Cm(2.5), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(4)


def _paragraph(document: Any, words: str) -> None:
    """Plain words; "*" before them: bold."""
    paragraph = document.add_paragraph()
    # A heading stays with its table.
    paragraph.paragraph_format.keep_with_next = words.startswith("*")
    _write(paragraph, words)


def _write(paragraph: Any, words: str, *, bold: bool = False, size: float = 0) -> None:
    run = paragraph.add_run(words.removeprefix("*"))
    run.bold = bold or words.startswith("*")
    if size:
        run.font.size = Pt(size)


def _centred(document: Any, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, words, bold=True, size=14)


def _head(document: Any, words: Sequence[str]) -> None:
    """The unit on the left, the state's name on the right, the place and day under it."""
    table = document.add_table(1, 2)
    _widths(table, (7.5, 9.5), _room(document))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    sides = (
        (left, [f"*{one}" for one in words[:-1]]),
        (right, ["*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "*Độc lập - Tự do - Hạnh phúc", words[-1]]),
    )
    for cell, lines in sides:
        for at, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write(paragraph, line, size=12)
    document.add_paragraph()


def _table(document: Any, said: dict[str, Any]) -> None:
    """``rows``: the list; ``columns``: [title, what stands in it, width in cm]; ``totals``: a last row."""
    columns = said["columns"]
    rows = [
        [f"*{title}" for title, _tag, _width in columns],
        [f"{{%tr for k in {said['rows']} %}}", *[""] * (len(columns) - 1)],
        [tag for _title, tag, _width in columns],
        ["{%tr endfor %}", *[""] * (len(columns) - 1)],
    ]
    if "totals" in said:
        rows.append([f"*{one}" if one else "" for one in said["totals"]])
    table = document.add_table(len(rows), len(columns))
    table.style = "Table Grid"
    _widths(table, [width for _title, _tag, width in columns], _room(document))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, text, (_title, tag, _width) in zip(row.cells, words, columns, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            if text.startswith("*") and row is table.rows[0]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif _is_figure(tag):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _write(paragraph, text, size=11)
    _repeat(table.rows[0])
    document.add_paragraph()


def _room(document: Any) -> float:
    """The width between the margins in cm."""
    section = document.sections[0]
    return float((section.page_width - section.left_margin - section.right_margin) / Cm(1))


def _widths(table: Any, shares: Sequence[float], room: float) -> None:
    """The columns in their shares of the whole width: Word reads it of the cells, LibreOffice of the grid."""
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Cm(room * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width


_FIGURES: Final = (
    "du_no",
    "muc_vay",
    "lai",
    "gui",
    "so_tien",
    "qua_han",
    "khoanh",
    "no_qh",
    "nam",
    "tang",
)


def _is_figure(tag: str) -> bool:
    return any(f".{name}" in tag or f"_{name}" in tag for name in _FIGURES)


def _repeat(row: Any) -> None:
    """The head of a table stands on each of its pages."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _sign(document: Any, titles: Sequence[str]) -> None:
    table = document.add_table(1, len(titles))
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        for at, line in enumerate((f"*{title}", "(Ký, ghi rõ họ tên)")):
            paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write(paragraph, line, size=12)


_BLOCKS: Final[dict[str, Callable[[Any, Any], None]]] = {
    "head": _head,
    "title": _centred,
    "p": _paragraph,
    "table": _table,
    "sign": _sign,
}
