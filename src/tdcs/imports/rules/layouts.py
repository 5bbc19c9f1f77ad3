"""The kinds of extracts, as law/extracts says them: columns with their names, types, checks and sums."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict

from tdcs.core import law
from tdcs.core.text import fold

CODES_FILE: Final = "extracts/codes.yaml"
# Days after which an extract of a kind that says nothing of it is old: a month and the days in which the next one is made.
OLD_AFTER: Final = 35
_SIGNS: Final = re.compile(r"[^0-9a-z%]+")
_CODE: Final = re.compile(r"code(\d+)")


class Rule(TypedDict):
    """A check as a kind names it; what each needs is said in checking.py."""

    check: str
    of: NotRequired[list[str]]
    whole: NotRequired[str]
    less: NotRequired[str]
    more: NotRequired[str]
    field: NotRequired[str]
    list: NotRequired[str]
    when: NotRequired[str]
    once_by: NotRequired[str]
    warns: NotRequired[bool]


class LayoutRow(TypedDict):
    """A file of law/extracts."""

    kind: str
    name: str
    name_en: str
    needs: list[str]
    key: list[str]
    columns: list[list[str]]
    # Another file, whose columns this kind has as well.
    with_columns_of: NotRequired[str]
    titles: NotRequired[list[str]]
    never: NotRequired[list[str]]
    day: NotRequired[str]
    office: NotRequired[str]
    office_name: NotRequired[str]
    once_by: NotRequired[str]
    sums: NotRequired[list[str]]
    once_by_book: NotRequired[list[str]]
    checks: NotRequired[list[Rule]]
    says: NotRequired[list[str]]
    header_rows: NotRequired[int]
    levels: NotRequired[list[list[str]]]
    tables: NotRequired[list[list[str]]]
    matrix: NotRequired[str]
    rounded: NotRequired[int]
    zero_totals: NotRequired[bool]
    horizon: NotRequired[bool]
    old_after: NotRequired[int]


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: text, identity or phone (digits whose zeros a spreadsheet may have lost), money, million (dong told in millions),
    count, rate, date or code; ``width``: digits of a code, which must be text."""

    field: str
    kind: str
    width: int
    titles: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.titles[0]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a form whose rows stand under each other. ``mark``: how its number is written (roman, letter, number, none);
    ``field``: the column that its name is carried down in; ``words``: beginnings of its names, where its mark is not its own."""

    mark: str
    field: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of extract. ``says``: words of the title without which a sheet is not of the kind; ``header_rows``: over how many
    rows the header goes; ``levels``: of a form, from above; ``tables``: of a sheet with tables under each other, what each
    needs; ``matrix``: the field that units across are read into; ``rounded``:
    dong to which figures are rounded; ``zero_totals``: totals are left at nought in it;
    ``horizon``: "đến" a day in its title or name says how far it looks; ``old_after``: days after which an office's last one is
    old."""

    kind: str
    name: str
    name_en: str
    titles: tuple[str, ...]
    needs: tuple[str, ...]
    never: tuple[str, ...]
    key: tuple[str, ...]
    day: str
    office: str
    office_name: str
    once_by: str
    sums: tuple[str, ...]
    once_by_book: tuple[str, ...]
    checks: tuple[Rule, ...]
    columns: tuple[Column, ...]
    # Every name of a column as it is compared → its field.
    by_name: Mapping[str, str]
    says: tuple[str, ...] = ()
    header_rows: int = 1
    levels: tuple[Level, ...] = ()
    tables: tuple[tuple[str, ...], ...] = ()
    matrix: str = ""
    rounded: int = 0
    zero_totals: bool = False
    horizon: bool = False
    old_after: int = OLD_AFTER

    def column(self, field: str) -> Column:
        """A column by its field."""
        return next(one for one in self.columns if one.field == field)

    def names(self) -> Mapping[str, str]:
        """Every name of a column, without accents and signs → its field; the first of a name wins."""
        return self.by_name


def key_of(title: str) -> str:
    """A header as it is compared: without accents, signs and line breaks, lower case."""
    return _SIGNS.sub(" ", fold(title)).strip()


@law.remembered
def layouts() -> tuple[Layout, ...]:
    """Every kind, in the order of their files."""
    files = sorted(law.path("extracts").glob("*.yaml"))
    read = (law.load(f"extracts/{file.name}") for file in files)
    return tuple(_layout(one) for one in read if "columns" in one)


def layout_of(kind: str) -> Layout:
    """One kind by its code."""
    return next(one for one in layouts() if one.kind == kind)


@law.remembered
def codes(name: str) -> Any:
    """A code list of law/extracts/codes.yaml."""
    return law.load(CODES_FILE)[name]


def _layout(data: LayoutRow) -> Layout:
    columns = tuple(_column(*one) for one in data["columns"])
    if other := data.get("with_columns_of"):
        own = {one.field for one in columns}
        theirs = (_column(*one) for one in law.load(f"extracts/{other}")["columns"])
        columns = (*columns, *(one for one in theirs if one.field not in own))
    fields = {one.field for one in columns}
    used = {*data["needs"], *data["key"], *data.get("sums", ()), *data.get("once_by_book", ())}
    if missing := used - fields:
        raise ValueError(f"{data['kind']}: no column {sorted(missing)}")
    if len(fields) != len(columns):
        raise ValueError(f"{data['kind']}: a field twice")
    return Layout(
        kind=data["kind"],
        name=data["name"],
        name_en=data["name_en"],
        titles=tuple(data.get("titles", ())),
        needs=tuple(data["needs"]),
        never=tuple(key_of(one) for one in data.get("never", ())),
        key=tuple(data["key"]),
        day=data.get("day", ""),
        office=data.get("office", ""),
        office_name=data.get("office_name", ""),
        once_by=data.get("once_by", ""),
        sums=tuple(data.get("sums", ())),
        once_by_book=tuple(data.get("once_by_book", ())),
        checks=tuple(data.get("checks", ())),
        columns=columns,
        by_name=_names(columns),
        says=tuple(fold(one) for one in data.get("says", ())),
        header_rows=data.get("header_rows", 1),
        levels=tuple(
            Level(mark, field, tuple(map(fold, words)))
            for mark, field, *words in data.get("levels", ())
        ),
        tables=tuple(tuple(one) for one in data.get("tables", ())),
        matrix=data.get("matrix", ""),
        rounded=data.get("rounded", 0),
        zero_totals=data.get("zero_totals", False),
        horizon=data.get("horizon", False),
        old_after=data.get("old_after", OLD_AFTER),
    )


def _names(columns: tuple[Column, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in columns:
        for title in one.titles:
            found.setdefault(key_of(title), one.field)
    return found


def _column(field: str, kind: str, *titles: str) -> Column:
    found = _CODE.fullmatch(kind)
    return Column(field, "code" if found else kind, int(found[1]) if found else 0, titles)
