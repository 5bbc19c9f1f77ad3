"""What the two renderers of forms receive: words settled, dots placed, widths in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

from tdcs.documents.forms.filling import Piece
from tdcs.documents.official.sheet import CentredLine, Grid


@dataclass(frozen=True)
class FormLine:
    """``role`` names a style."""

    role: str
    pieces: list[Piece]


@dataclass(frozen=True)
class FormBeside:
    cells: list[FormLine]
    widths: list[float]


@dataclass(frozen=True)
class SignColumn:
    title: list[str]
    under: str
    name: str


@dataclass(frozen=True)
class Signing:
    """``place``: place and day above the last signer, over more than his own width."""

    columns: list[SignColumn]
    place: str


@dataclass(frozen=True)
class FormHead:
    """``issuer`` without text: the nation's name stands alone in the middle."""

    mark: str
    parent: CentredLine
    issuer: CentredLine
    nation: str
    motto: str
    reference: str
    place: str
    title: list[str]
    subtitle: str


FormNode = FormLine | FormBeside | Grid | Signing


@dataclass(frozen=True)
class FormSheet:
    name: str
    author: str
    head: FormHead
    nodes: list[FormNode]
    landscape: bool
    size: float
    width: float
