"""What the two renderers receive: wording settled, figures already words, widths as shares.

Plain data, passed to typst as JSON; ``kind`` tells the nodes apart there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tdcs.documents.official.charts import Drawing


@dataclass(frozen=True)
class Span:
    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Text:
    """``role`` names a style: heading1…3, body, bullet1, bullet2, basis, addressee, addressees,
    authority, enacting, caption, unit, note, annex, annex_title, annex_reference."""

    role: str
    spans: list[Span]
    keep_next: bool = False
    kind: str = field(default="text", init=False)


@dataclass(frozen=True)
class HeadCell:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class GridRow:
    cells: list[str]
    bold: bool = False
    span: bool = False
    keep: bool = True


@dataclass(frozen=True)
class Grid:
    """``widths`` are shares that add up to 1; ``size`` in points."""

    widths: list[float]
    aligns: list[str]
    header: list[list[HeadCell]]
    rows: list[GridRow]
    size: float
    kind: str = field(default="grid", init=False)


@dataclass(frozen=True)
class Figure:
    drawing: Drawing
    alt: str
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True)
class Closing:
    """Recipients at the left, signature at the right."""

    authority: list[str]
    title: str
    name: str
    recipients: list[str]
    kind: str = field(default="closing", init=False)


@dataclass(frozen=True)
class Break:
    """Keeps two tables apart that nothing else parts."""

    kind: str = field(default="break", init=False)


Node = Text | Grid | Figure | Closing | Break


@dataclass(frozen=True)
class Part:
    """Pages of one direction; ``annex`` counts its pages anew."""

    nodes: list[Node]
    landscape: bool = False
    annex: bool = False


@dataclass(frozen=True)
class Head:
    """The block above the text; lengths of rules in millimetres."""

    parent: str
    issuer: str
    issuer_rule: float
    nation: str
    motto: str
    number: str
    letter_subject: str
    place: str
    type_name: str
    subject: str
    subject_rule: float


@dataclass(frozen=True)
class Sheet:
    title: str
    author: str
    head: Head
    parts: list[Part]
