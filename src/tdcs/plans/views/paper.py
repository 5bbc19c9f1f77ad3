"""An official document on a page: the same sheet that the printers draw, as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tdcs.documents.official import OfficialDocument
from tdcs.documents.official.layout import lay_out
from tdcs.documents.official.sheet import Closing, Figure, Grid, GridRow, Head, Text


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a chart: its length in per cent of the axis, and how it is written."""

    width: int
    label: str
    last: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as bars beside their names; the files draw it properly."""

    bars: list[tuple[str, list[Bar]]]


@dataclass(frozen=True, slots=True)
class Sheetful:
    """A table with each cell beside its alignment."""

    header: Any
    lines: list[tuple[GridRow, list[tuple[str, str]]]]
    columns: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """Pages of one direction."""

    nodes: list[tuple[str, Any]]
    landscape: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """The head and the pages of a document; each node with the name of its kind."""

    head: Head
    parts: list[Leaf]


def paper(document: OfficialDocument) -> Paper:
    """Wording, numbering and figures exactly as in the .docx and the PDF."""
    sheet = lay_out(document)
    parts = [Leaf([_shown(node) for node in part.nodes], part.landscape) for part in sheet.parts]
    return Paper(sheet.head, parts)


def _shown(node: object) -> tuple[str, Any]:
    match node:
        case Text():
            return "text", node
        case Grid():
            aligns = ["center" if align == "centre" else align for align in node.aligns]
            lines = [(row, list(zip(aligns, row.cells, strict=False))) for row in node.rows]
            return "grid", Sheetful(node.header, lines, len(node.widths))
        case Figure():
            return "figure", _chart(node)
        case Closing():
            return "closing", node
    return "", node


def _chart(figure: Figure) -> Chart:
    drawing = figure.drawing
    named = []
    for place, name in enumerate(drawing.categories):
        marks = [line.marks[place] for line in drawing.series]
        bars = [
            Bar(round(100 * abs(mark.end - mark.start)), mark.label, at == len(marks) - 1)
            for at, mark in enumerate(marks)
            if mark is not None
        ]
        named.append((name, bars))
    return Chart(named)
