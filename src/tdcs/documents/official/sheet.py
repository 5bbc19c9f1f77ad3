"""What the two renderers receive: wording settled, figures already words, widths as shares.

Plain data, passed to typst as JSON; the name of its class goes with each node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tdcs.documents.official.charts import Drawing

# Sizes that both renderers share: points and millimetres (NĐ 30/2020, annex I).
BODY_POINTS: Final = 14.0
NAME_POINTS: Final = 12.0
LEFT_MM: Final = 74.0
RIGHT_MM: Final = 91.0
SUBJECT_MM: Final = 145.0
UPRIGHT_MM: Final = 165.0
TURNED_MM: Final = 257.0


@dataclass(frozen=True)
class Span:
    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Text:
    """``role`` names a style: heading1…3, body, bullet1, bullet2, basis, addressee, addressees,
    addressee_item, authority, enacting, caption, figure_caption, unit, note, annex, annex_title, annex_reference."""

    role: str
    spans: list[Span]
    keep_next: bool = False


@dataclass(frozen=True)
class HeadCell:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class GridRow:
    """``marked``: the columns whose cells stand on a grey ground."""

    cells: list[str]
    bold: bool = False
    span: bool = False
    keep: bool = True
    marked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Grid:
    """``widths`` are shares that add up to 1; ``size`` in points."""

    widths: list[float]
    aligns: list[str]
    header: list[list[HeadCell]]
    rows: list[GridRow]
    size: float


@dataclass(frozen=True)
class Figure:
    drawing: Drawing
    alt: str


@dataclass(frozen=True)
class Closing:
    """Recipients at the left, signature at the right."""

    authority: list[str]
    title: str
    name: str
    recipients: list[str]


@dataclass(frozen=True)
class Break:
    """Keeps two tables apart that nothing else parts."""


Node = Text | Grid | Figure | Closing | Break


@dataclass(frozen=True)
class Part:
    """Pages of one direction; ``annex`` counts its pages anew."""

    nodes: list[Node]
    landscape: bool = False
    annex: bool = False


@dataclass(frozen=True)
class CentredLine:
    """Centred words: the width that breaks them evenly and the rule under them, in millimetres."""

    text: str
    width: float
    rule: float


@dataclass(frozen=True)
class Head:
    """The block above the text."""

    parent: CentredLine
    issuer: CentredLine
    nation: str
    motto: str
    number: str
    letter_subject: str
    place: str
    type_name: str
    subject: CentredLine


@dataclass(frozen=True)
class Sheet:
    title: str
    author: str
    head: Head
    parts: list[Part]
