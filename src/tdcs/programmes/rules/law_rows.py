"""The rows of the law's files as they are written: what stands in YAML, typed where it is read."""

from __future__ import annotations

from datetime import date
from typing import Literal, NotRequired, TypeAlias, TypedDict

from tdcs.core.dated import DatedRow

# The figures of a programme or of a target group.
FigureName: TypeAlias = Literal["rate", "maximum", "term", "monthly", "regime", "overdue_rate"]
# Where a row keeps its number.
AmountName: TypeAlias = Literal["ppm", "multiple", "value", "months"]


class FiguresRow(TypedDict, total=False):
    """Figures over time, each where the law sets one; ``limits``: of parts of a loan, by name."""

    rate: list[DatedRow]
    maximum: list[DatedRow]
    term: list[DatedRow]
    monthly: list[DatedRow]
    regime: list[DatedRow]
    overdue_rate: list[DatedRow]
    limits: dict[str, list[DatedRow]]


class GroupRow(FiguresRow):
    """A target group of a programme."""

    name: str


class ProgrammeRow(FiguresRow):
    """A programme of law/parameters/programmes.yaml."""

    name: str
    short: str
    channel: str
    kinds: list[str]
    also: NotRequired[list[str]]
    not_kinds: NotRequired[list[str]]
    not_debts: NotRequired[list[str]]
    spacing: NotRequired[int]
    target_groups: NotRequired[dict[str, GroupRow]]


class OverlayRow(TypedDict):
    """What a province sets for its own money; ``limit`` names a part of a loan."""

    programmes: list[str]
    figure: str
    limit: NotRequired[str]
    rule: str
    tier: str
    rows: list[DatedRow]


class TextRow(TypedDict):
    """A legal text of law/documents."""

    code: str
    number: str
    title: str
    issued_on: date | None
    in_force_on: date | None
    ends_on: NotRequired[date]
    amends: NotRequired[str]
    replaces: NotRequired[str]
    last_checked: str
    certainty: str
    source: str


class BasisRow(TypedDict):
    """A text and the place in it."""

    document: str
    article: str


class KindRow(TypedDict):
    """A kind of eligibility: of a household or of a person; ``months``: how long it lasts."""

    name: str
    of: str
    months: NotRequired[int]
    basis: BasisRow
    no_article: NotRequired[str]
    certainty: str
    source: str


class LineRow(TypedDict):
    """A poverty line; what it measures is read by the households room."""

    standard: str
    starts_on: date
    ends_on: date | None
    basis: BasisRow
    no_article: NotRequired[str]
    certainty: str
    source: str


class Book(TypedDict):
    """The law's files by name; ``cited``: every word that may name a text."""

    documents: list[TextRow]
    programmes: dict[str, ProgrammeRow]
    shared: dict[str, list[DatedRow]]
    entrustment: dict[str, list[DatedRow]]
    kinds: dict[str, KindRow]
    lines: list[LineRow]
    provinces: dict[str, list[OverlayRow]]
    not_encoded: dict[str, str]
    cited: set[str]
