"""What an indicator is: declared in law/indicators as data, read here, without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, NotRequired, TypedDict

from tdcs.closing.rules.rows import SUMS
from tdcs.core import law
from tdcs.programmes.rules.lawbook import documents

FILES: Final = ("outstanding", "quality", "turnover", "people")
UNITS: Final = ("dong", "ppm", "count")
# By what values may be asked; union is the kind of mass organisation, month the ends of months.
KEYS: Final = (
    "office",
    "commune",
    "programme",
    "source",
    "local",
    "mass",
    "union",
    "group",
    "month",
)
# Where measures come from → (its measures, the keys it knows; month is known to all).
_PLACES: Final = ("office", "commune", "mass", "union", "group")
ORIGINS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "book": ((*SUMS, "borrowers"), (*_PLACES, "programme", "source", "local")),
    "groups": (("groups",), _PLACES),
    "ratings": (
        (
            "groups_rated",
            "groups_good",
            "groups_fair",
            "groups_average",
            "groups_weak",
        ),
        _PLACES,
    ),
    "sessions": (("sessions_planned", "sessions_on_time"), ("office", "commune")),
    "session_business": (("session_done", "session_all"), _PLACES),
    "savings": (("savings",), _PLACES),
    "access": (("need", "qualified", "served"), ("office", "commune", "programme")),
    "tasks": (("tasks_due", "tasks_on_time"), ("office", "commune")),
}
MOMENTS: Final = ("day", "eve", "month", "year", "month_end", "year_ago", "year_to_date")
_TERM: Final = re.compile(r"([+-])?\s*(?:(local)\.)?([a-z_]+)(?:@([a-z_]+))?\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a formula: a measure of a moment, of local capital only or of all, added or taken away."""

    measure: str
    moment: str = "day"
    local: bool = False
    sign: int = 1

    @property
    def origin(self) -> str:
        return origin_of(self.measure)

    @property
    def column(self) -> str:
        """The name of its sum in a frame."""
        return f"{'local.' if self.local else ''}{self.measure}@{self.moment}"


@dataclass(frozen=True, slots=True)
class Lever:
    """What closes a gap: one unit of the deed moves numerator and denominator by so much. ``unit``: of what it is an amount.

    A dong of overdue that is collected leaves the overdue and the outstanding: −1, −1. ``deed`` names it, with {amount}.
    """

    numerator: int
    denominator: int
    unit: str
    deed: str
    deed_en: str


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised from a day to a day. ``at_least`` or strictly ``below``, in the indicator's unit.

    ``tolerance``: the plan says "khoảng"; a value short of the bound by no more than this keeps the promise. About 30%
    with a tolerance of 3 points is kept by 27% and not by 26.99%.
    """

    starts_on: date
    ends_on: date | None
    at_least: int | None
    below: int | None
    document: str
    article: str
    tolerance: int = 0
    lever: Lever | None = None

    @property
    def least(self) -> int:
        """What just keeps a promise of "at least"."""
        return self.bound - self.tolerance

    @property
    def bound(self) -> int:
        found = self.at_least if self.at_least is not None else self.below
        assert found is not None
        return found

    @property
    def basis(self) -> str:
        return _cite(self.document, self.article)

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def met_by(self, value: int) -> bool:
        """Whether a value keeps the promise."""
        if self.at_least is None:
            return value < self.bound
        return value >= self.bound - self.tolerance

    def gap(self, value: int) -> int:
        """How far a value is from the bound; negative when it falls short of it on the wrong side."""
        return value - self.bound if self.at_least is not None else self.bound - value


class LeverRow(TypedDict):
    """What closes a gap, as a target's row names it (``Lever``)."""

    numerator: int
    denominator: int
    unit: str
    deed: str
    deed_en: str


TargetRow = TypedDict(
    "TargetRow",
    {
        "from": date,
        "to": NotRequired[date],
        "at_least": NotRequired[int],
        "below": NotRequired[int],
        "document": str,
        "article": str,
        "tolerance": NotRequired[int],
        "lever": NotRequired[LeverRow],
    },
)


class PlaceRow(TypedDict):
    """A text and the place in it."""

    document: str
    article: str


class DefinitionRow(TypedDict):
    """An indicator as a file of law/indicators writes it."""

    code: str
    name: str
    name_en: str
    unit: str
    direction: str | None
    formula: str
    formula_en: str
    numerator: str
    denominator: NotRequired[str | None]
    basis: PlaceRow
    targets: NotRequired[list[TargetRow]]
    parts: NotRequired[list[str]]
    note: NotRequired[str | None]
    note_en: NotRequired[str | None]
    rounding: NotRequired[str | None]
    adds_up: NotRequired[bool | None]


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator: what it is called, how it is computed, on what basis, what is promised."""

    code: str
    name: str
    name_en: str
    unit: str
    direction: str | None
    formula: str
    formula_en: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    document: str
    article: str
    targets: tuple[Target, ...] = ()
    parts: tuple[str, ...] = ()
    note: str = ""
    note_en: str = ""
    rounding: str = "half_up"
    # Whether values of units add up to the whole's (amounts and counts; ratios' parts do).
    adds_up: bool = True

    @property
    def basis(self) -> str:
        """The text as screens print it."""
        return _cite(self.document, self.article)

    @property
    def terms(self) -> tuple[Term, ...]:
        return (*self.numerator, *self.denominator)

    @property
    def keys(self) -> tuple[str, ...]:
        """By what it may be divided: what every origin of its measures knows."""
        known = [ORIGINS[term.origin][1] for term in self.terms]
        return tuple(key for key in KEYS if key == "month" or all(key in row for row in known))

    def target_on(self, day: date) -> Target | None:
        """The promise that holds on a day."""
        return next((one for one in self.targets if one.holds_on(day)), None)


@cache
def origin_of(measure: str) -> str:
    """Where a measure comes from. KeyError names an unknown one."""
    for origin, (measures, _) in ORIGINS.items():
        if measure in measures:
            return origin
    raise KeyError(measure)


@law.remembered
def catalogue() -> Mapping[str, Definition]:
    """Every indicator by code, in the order of the files."""
    found: dict[str, Definition] = {}
    for name in FILES:
        for row in law.load(f"indicators/{name}.yaml"):
            found[row["code"]] = read_definition(row)
    return found


def read_definition(row: DefinitionRow) -> Definition:
    """A definition from its row. KeyError or ValueError names what is wrong."""
    if row["unit"] not in UNITS or row["direction"] not in ("up", "down", None):
        raise ValueError(f"{row['code']}: unit, direction")
    adds_up = row.get("adds_up")
    return Definition(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        unit=row["unit"],
        direction=row["direction"],
        formula=row["formula"],
        formula_en=row["formula_en"],
        numerator=tuple(read_terms(row["numerator"])),
        denominator=tuple(read_terms(row.get("denominator") or "")),
        document=row["basis"]["document"],
        article=row["basis"]["article"],
        targets=tuple(_target(one) for one in row.get("targets", ())),
        parts=tuple(row.get("parts", ())),
        note=row.get("note") or "",
        note_en=row.get("note_en") or "",
        rounding=row.get("rounding") or "half_up",
        adds_up=True if adds_up is None else adds_up,
    )


def read_terms(words: str) -> Iterator[Term]:
    """ "local.balance - local.balance@year" → its terms."""
    at = 0
    while at < len(words):
        found = _TERM.match(words, at)
        if found is None or found.end() == at or (at and not found[1]):
            raise ValueError(f"{words!r}: {words[at:]!r}")
        moment = found[4] or "day"
        if moment not in MOMENTS:
            raise ValueError(f"{words!r}: {moment}")
        origin_of(found[3])
        yield Term(found[3], moment, found[2] is not None, -1 if found[1] == "-" else 1)
        at = found.end()


def _target(row: TargetRow) -> Target:
    if (row.get("at_least") is None) == (row.get("below") is None):
        raise ValueError("a target is at_least or below")
    return Target(
        row["from"],
        row.get("to"),
        row.get("at_least"),
        row.get("below"),
        row["document"],
        row["article"],
        row.get("tolerance", 0),
        Lever(**row["lever"]) if row.get("lever") else None,
    )


def _cite(document: str, article: str) -> str:
    """The place and the text's number: "II.3.a, 232/KH-UBND"."""
    found = documents().get(document)
    return ", ".join(filter(None, (article, found.label if found else document)))
