"""Headers that people said how to read: those that hold for a person, and the page on which a file's columns are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.imports import store
from tdcs.imports.models import ExtractFile, HeaderMapping
from tdcs.imports.reading.opening import heads
from tdcs.imports.rules.layouts import Column, key_of, layouts
from tdcs.imports.rules.letters import TABLES, letters_of
from tdcs.imports.rules.proposing import kinds_like, propose
from tdcs.imports.rules.recognising import fingerprint_of, joined, named
from tdcs.organisations.models import Kind


def remembered_for(user: User | None) -> dict[str, tuple[str, dict[str, str]]]:
    """Fingerprint → (kind, name → field): what the person's unit said, else what the branch said."""
    rows = HeaderMapping.objects.all()
    own = own_organisation(user) if user is not None else None
    if user is not None:
        rows = rows.filter(Q(unit=own) | Q(unit=None) | Q(unit__kind=Kind.VBSP_BRANCH))
    known = {one.kind for one in layouts()}
    found = {}
    for row in sorted(rows, key=lambda one: own is not None and one.unit_id == own.pk):
        if row.kind in known:
            found[row.fingerprint] = (row.kind, dict(row.fields))
    return found


def mappings_of(user: User) -> QuerySet[HeaderMapping]:
    """Mappings of units in scope, the latest first."""
    seen = visible_organisations(user)
    rows = HeaderMapping.objects.select_related("said_by", "unit").order_by("-said_at")
    return rows if seen is None else rows.filter(unit__in=seen)


def last_file(mapping: HeaderMapping, files: QuerySet[ExtractFile]) -> int | None:
    """The last file in scope that was read by a mapping."""
    row = files.filter(fingerprint=mapping.fingerprint).order_by("-pk").first()
    return row.pk if row else None


@dataclass(frozen=True, slots=True)
class Named:
    """A column of the file: ``title``: as it stands; ``samples``: cells under it; ``field``: what it is or may be; ``like``:
    how sure, in hundredths."""

    place: int
    title: str
    samples: str
    field: str
    like: int


@dataclass(frozen=True, slots=True)
class Headed:
    """The page on which columns are named."""

    sheets: list[str]
    sheet: str
    row: int
    deep: int
    kind: str
    kinds: list[str]
    rows: list[tuple[int, list[str]]]
    columns: list[Named]


@dataclass(frozen=True, slots=True)
class HeadAsked:
    """What of the page was chosen: "" and 0 are guessed."""

    sheet: str = ""
    row: int = 0
    deep: int = 1
    kind: str = ""


SHOWN_ROWS = 14
_MOST_COLUMNS = 260


def headed(file: ExtractFile, asked: HeadAsked, user: User) -> Headed:
    """The first rows of a file and what its columns may be. Raises FileChanged and what opening raises."""
    content = store.get(file.sha256, file.ending, file.name)
    by_sheet = {name: _in_unicode(rows) for name, rows in heads(content)}
    fullest = max(by_sheet, key=lambda name: sum(map(_words_in, by_sheet[name])))
    sheet = asked.sheet if asked.sheet in by_sheet else (file.sheet or fullest)
    rows = by_sheet.get(sheet, [])
    at = asked.row - 1 if 0 < asked.row <= len(rows) else _likely_row(rows, file)
    cells = joined(rows, at, asked.deep)[:_MOST_COLUMNS] if rows else []
    names = named(cells)
    kinds = kinds_like(names)
    said = remembered_for(user).get(fingerprint_of(names))
    kind = asked.kind if asked.kind in kinds else said[0] if said else (file.kind or kinds[0])
    layout = next(one for one in layouts() if one.kind == kind)
    proposed = propose(layout, names)
    columns = []
    for place, title in enumerate(cells):
        if not key_of(title):
            continue
        field, like = proposed[place].field, proposed[place].like
        if said and said[0] == kind:
            field, like = said[1].get(names[place], ""), 100
        samples = _samples(rows, at + asked.deep, place)
        if field and not said and not _may_be(layout.column(field), samples):
            field, like = "", 0
        columns.append(Named(place, title, samples, field, like))
    first = max(0, at - SHOWN_ROWS // 2)
    last = min(len(rows), first + SHOWN_ROWS)
    shown = [(number + 1, rows[number][:_MOST_COLUMNS]) for number in range(first, last)]
    return Headed(list(by_sheet), sheet, at + 1, asked.deep, kind, kinds, shown, columns)


def _may_be(column: Column, samples: str) -> bool:
    """Whether cells may be a column's: words are no money and no day."""
    if not samples or column.kind == "text":
        return True
    return samples[0].isdigit() or samples[0] in "-("


def _in_unicode(rows: list[list[str]]) -> list[list[str]]:
    convert = TABLES[letters_of(" ".join(" ".join(row) for row in rows))]
    return [[convert(cell) for cell in row] for row in rows]


def _words_in(row: Sequence[str]) -> int:
    """How many cells of a row are words, as a header's are."""
    return sum(bool(key_of(cell)) and not cell[:1].isdigit() for cell in row)


def _likely_row(rows: Sequence[Sequence[str]], file: ExtractFile) -> int:
    if 0 < file.header_row <= len(rows):
        return file.header_row - 1
    return max(range(len(rows)), key=lambda at: _words_in(rows[at]), default=0)


def _samples(rows: Sequence[Sequence[str]], first: int, place: int) -> str:
    found = [row[place] for row in rows[first:] if place < len(row) and row[place]]
    return " · ".join(found[:3])[:90]
