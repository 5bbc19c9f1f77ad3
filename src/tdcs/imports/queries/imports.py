"""What a person sees of imports: the list, a preview with what changes, the matrix of office and month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
from django.db.models import Count, Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core.months import month_end
from tdcs.imports import store
from tdcs.imports.models import Extract, ExtractFile, ExtractImport
from tdcs.imports.rules.layouts import layout_of, layouts
from tdcs.imports.rules.wording import WARNINGS, note_words
from tdcs.imports.states import TAKEN, FileState, ImportState
from tdcs.organisations.queries import bank_offices, names_on

# The kind that every office must bring.
FIRST_KIND: Final = "report_31"
MONTHS: Final = 12


def imports_of(user: User) -> QuerySet[ExtractImport]:
    """Imports in scope: one's own, and those with an office that one may see."""
    seen = visible_organisations(user)
    rows = ExtractImport.objects.select_related("made_by").order_by("-pk")
    if seen is not None:
        mine = Q(made_by=user) | Q(files__extracts__office__in=seen)
        rows = rows.filter(mine).distinct()
    return rows.annotate(count=Count("files", distinct=True))


def file_of(user: User, pk: int) -> ExtractFile | None:
    """A file of an import in scope."""
    return files_of(user).filter(pk=pk).first()


def files_of(user: User) -> QuerySet[ExtractFile]:
    """Files of imports in scope."""
    return ExtractFile.objects.filter(imported__in=imports_of(user).values("pk"))


def bytes_to_read(imported: ExtractImport) -> int:
    """How many bytes of an open import wait for being read."""
    waiting = imported.files.filter(state=FileState.WAITING, imported__state=ImportState.OPEN)
    return sum(waiting.values_list("size", flat=True))


@dataclass(frozen=True, slots=True)
class Change:
    """An extract that an import brings, beside the one before: ``same_day``: it replaces that one."""

    extract: Extract
    before: Extract | None
    same_day: bool
    newer: Extract | None
    office: str

    @property
    def moved(self) -> int:
        """By how much the balance differs from the one before."""
        old = self.before.sums.get("balance", 0) if self.before else 0
        return int(self.extract.sums.get("balance", 0) - old)


def changes_of(imported: ExtractImport) -> list[Change]:
    """What a commit of the import would change, by office and day; what a file says once more changes nothing."""
    rows = Extract.objects.filter(file__imported=imported).select_related("office", "file")
    rows = rows.exclude(file__state__in=(FileState.SAME, FileState.TWICE))
    found = []
    keys = {one.office_id for one in rows if one.office_id}
    names = names_on(imported.made_on, keys)
    for one in _first_of_each(rows.order_by("office_code", "day", "kind", "pk")):
        others = Extract.objects.filter(kind=one.kind, office_code=one.office_code, current=True)
        others = others.exclude(pk=one.pk)
        before = one.replaces or others.filter(day__lte=one.day).order_by("-day").first()
        newer = others.filter(day__gt=one.day).order_by("day").first()
        same = before is not None and before.day == one.day
        found.append(Change(one, before, same, newer, names.get(one.office_id or 0, "")))
    return found


def taken_of(imported: ExtractImport) -> list[Extract]:
    """The extracts that a commit takes: of the files that are taken, each kind, office and day once."""
    rows = Extract.objects.filter(file__imported=imported, file__state__in=TAKEN)
    return _first_of_each(rows.select_related("file").order_by("pk"))


def _first_of_each(rows: Iterable[Extract]) -> list[Extract]:
    """Each kind, office and day once, of files that are taken and of others: the first."""
    found: dict[tuple[str, str, date, bool], Extract] = {}
    for one in rows:
        found.setdefault((one.kind, one.office_code, one.day, one.file.state in TAKEN), one)
    return list(found.values())


def last_of_offices(kind: str, day: date, *, since: date = date.min) -> list[Extract]:
    """Each office's last extract of a kind that counts, of the days from ``since`` to a day, with its file and office."""
    rows = Extract.objects.filter(kind=kind, current=True, day__range=(since, day))
    rows = rows.select_related("file", "office").order_by("day")
    return list({one.office_code: one for one in rows}.values())


def taken_beside(file: ExtractFile, made: Iterable[Extract]) -> list[Extract]:
    """What the other files of an import hold of the same kind, offices and days, where they are taken."""
    keys = {(one.office_code, one.day) for one in made}
    rows = Extract.objects.filter(
        file__imported=file.imported_id, file__state__in=TAKEN, kind=file.kind
    )
    rows = rows.exclude(file=file).select_related("file").order_by("pk")
    return [one for one in rows if (one.office_code, one.day) in keys]


def missing_offices(user: User | None, changes: Iterable[Change]) -> list[tuple[date, list[str]]]:
    """Of each day of an import's report 31: the offices in scope that neither it nor an earlier one brings; all for nobody."""
    seen = visible_organisations(user) if user is not None else None
    mine = [one.extract for one in changes if one.extract.kind == FIRST_KIND]
    found = []
    for day in sorted({one.day for one in mine}):
        offices = {one for one in bank_offices(day) if seen is None or one in seen}
        there = {one.office_id for one in mine if one.day == day}
        current = Extract.objects.filter(kind=FIRST_KIND, day=day, current=True)
        there |= set(current.values_list("office_id", flat=True))
        if lacking := offices - there:
            names = names_on(day, lacking)
            found.append((day, sorted(names.get(one, "") for one in lacking)))
    return found


def sums_of(changes: Iterable[Change]) -> Mapping[str, int]:
    """The sums of what an import brings, of files that are taken; of report 31 where it is there, for kinds tell the same
    debt twice."""
    taken = [change.extract for change in changes if change.extract.file.state in TAKEN]
    kinds = {one.kind for one in taken}
    chosen = FIRST_KIND if FIRST_KIND in kinds else min(kinds, default="")
    total: dict[str, int] = {}
    for one in taken:
        if one.kind == chosen:
            for name, value in one.sums.items():
                total[name] = total.get(name, 0) + value
    return total


def notes_of(file: ExtractFile, language: str) -> list[tuple[str, str, int, bool]]:
    """(words, column or "", count, whether it is a warning) of each note on a file, in a language."""
    columns = layout_of(file.kind).columns if file.kind else ()
    titles = {one.field: one.title for one in columns}
    return [
        (note_words(code, language), titles.get(field, field), count, code in WARNINGS)
        for code, field, count in file.notes
    ]


def faults_of(file: ExtractFile) -> pl.DataFrame:
    """row, field, code, value, blocks of what is wrong with a file's rows. Raises FileChanged."""
    if not file.faults_digest:
        return pl.DataFrame()
    return store.rows(file.faults_digest, file.name)


@dataclass(frozen=True, slots=True)
class OfficeMonths:
    """An office in the matrix. ``cells``: of each month the extract that counts; ``old``: the last is old."""

    office: int
    name: str
    cells: list[Extract | None]
    last: date | None
    old: bool


def months_to(day: date) -> list[date]:
    """The last days of the twelve months before a day, and of its own where the day is one."""
    found: list[date] = []
    year, month = day.year, day.month
    while len(found) < MONTHS:
        end = month_end(date(year, month, 1))
        if end <= day:
            found.append(end)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return sorted(found)


def matrix(user: User, kind: str, day: date) -> list[OfficeMonths]:
    """What is in, what is missing and what is old by the age of its kind, of every office in scope."""
    months = months_to(day)
    seen = visible_organisations(user)
    offices = [one for one in bank_offices(day) if seen is None or one in seen]
    rows = Extract.objects.filter(kind=kind, current=True, office__in=offices).order_by("day")
    by_month: dict[tuple[int, date], Extract] = {}
    last: dict[int, date] = {}
    for row in rows:
        assert row.office_id is not None
        by_month[row.office_id, month_end(row.day)] = row
        last[row.office_id] = row.day
    names = names_on(day, offices)
    old_after = layout_of(kind).old_after
    return [
        OfficeMonths(
            office=one,
            name=names.get(one, ""),
            cells=[by_month.get((one, month)) for month in months],
            last=last.get(one),
            old=one not in last or (day - last[one]).days > old_after,
        )
        for one in sorted(offices, key=lambda key: names.get(key, ""))
    ]


def kinds() -> list[tuple[str, str, str]]:
    """(code, name, English name) of the kinds of extracts."""
    return [(one.kind, one.name, one.name_en) for one in layouts()]


def frame(kind: str, day: date, offices: Iterable[int] | None = None) -> pl.DataFrame:
    """The rows of every office's extract of a day that counts. Raises FileChanged."""
    rows = Extract.objects.filter(kind=kind, day=day, current=True).select_related("file")
    if offices is not None:
        rows = rows.filter(office__in=list(offices))
    parts = [store.rows(one.rows_digest, one.file.name) for one in rows.order_by("office_code")]
    return pl.concat(parts, how="diagonal") if parts else pl.DataFrame()
