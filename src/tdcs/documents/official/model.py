"""An official document as its author thinks of it; how it looks is decided in ``layout``.

Words may come from anybody: renderers clean and escape them, callers need not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tdcs.documents.columns import Cell, Column


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words in one face."""

    words: str
    bold: bool = False
    italic: bool = False


Content = str | Sequence[str | Run]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 "I. …" in capitals, 2 "1. …", 3 "a) …"; numbered by itself unless ``number`` is given
    ("" for none). A heading stays on the page of what follows it."""

    level: Literal[1, 2, 3]
    words: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Line breaks inside ``content`` begin a new paragraph."""

    content: Content


@dataclass(frozen=True, slots=True)
class Article:
    """ "Điều 1. …" of a decision: number by itself, ``title`` bold on the line of the number."""

    content: Content
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """ "- " at level 1, "+ " at level 2."""

    items: Sequence[Content]
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of emphasis, or (``span``) one cell over the whole width: a heading inside a table."""

    cells: Sequence[Cell]
    bold: bool = False
    span: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``totals`` is printed bold at the end. ``unit``: "triệu đồng", printed above at the right.

    ``landscape`` puts the table on a page of its own turned by 90°; ``caption`` gets "Bảng n." before it.
    ``marked``: cells on a grey ground, as (row, column); the totals are the row behind the last.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell] | Row]
    caption: str = ""
    unit: str = ""
    totals: Sequence[Cell] | None = None
    note: str = ""
    landscape: bool = False
    empty: str = "Không có số liệu."
    marked: Collection[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """``labels``: at every value, or ("last") at the last one only, for a level that stays the same."""

    name: str
    values: Sequence[int | float | None]
    labels: Literal["all", "last"] = "all"


@dataclass(frozen=True, slots=True)
class Chart:
    """Drawn once, in grey, and put into both files. ``title`` is the chart's message.

    ``bar`` upright, ``hbar`` lying (long names), ``line`` over time. ``stacked`` for the bars.
    """

    kind: Literal["bar", "hbar", "line"]
    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    decimals: int = 0
    stacked: bool = False
    alt: str = ""


Block = Heading | Paragraph | Article | Bullets | Table | Chart


@dataclass(frozen=True, slots=True)
class Signature:
    """``authority``: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"); ``title``: "PHÓ CHỦ TỊCH"."""

    title: str
    name: str = ""
    authority: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """On a page of its own, pages counted anew; "Phụ lục", with Roman numbers when there are several."""

    title: str
    blocks: Sequence[Block]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """``type_name`` None: an official letter (công văn), whose subject is "V/v …" under the number.

    ``number`` None and ``issued_on`` None leave room to write them in; ``year`` is printed then.
    ``symbol``: what follows the number, "BC-NHCS". ``authority`` and ``enacting`` belong to decisions:
    "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH" above the legal bases and "QUYẾT ĐỊNH:" below them.
    ``filing``: after "Lưu: ", so "VT, KHNV".
    """

    issuer: str
    subject: str
    place: str
    body: Sequence[Block]
    type_name: str | None = None
    parent_body: str = ""
    number: int | str | None = None
    symbol: str = ""
    issued_on: date | None = None
    year: int | None = None
    addressees: Sequence[str] = ()
    authority: str = ""
    legal_bases: Sequence[str] = ()
    enacting: str = ""
    signature: Signature | None = None
    recipients: Sequence[str] = ()
    filing: str = ""
    annexes: Sequence[Annex] = ()
    end_mark: bool = True


def paragraphs(words: str) -> tuple[Block, ...]:
    """What somebody typed into a box: lines as paragraphs, lines with "-", "+" or "•" as bullets."""
    blocks: list[Block] = []
    for line in words.splitlines():
        bare = line.strip()
        if not bare:
            continue
        sign, rest = bare[0], bare[1:].strip()
        if sign in "-–•*+" and rest and bare[1:2].isspace():
            blocks.append(Bullets((rest,), level=2 if sign == "+" else 1))
        else:
            blocks.append(Paragraph(bare))
    return tuple(blocks)
