"""Lines of the registers as a person may read them; sums, and what lies behind a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Max, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, sees_all, visible_organisations
from tdcs.core.text import fold
from tdcs.documents import numbers
from tdcs.documents.columns import Cell
from tdcs.loans.models import Loan
from tdcs.organisations.models import Kind, Organisation
from tdcs.organisations.queries import names_on, subtree
from tdcs.outreach.models import RegisterRecord
from tdcs.outreach.rules.registers import Register, registers, total
from tdcs.policy_lab.models import Comparison

_BEFORE: Final = ("Ngày", "Đơn vị")


@dataclass(frozen=True, slots=True)
class RecordFilters:
    """What of a register is asked for; every filter stands in the address."""

    words: str = ""
    unit: int = 0
    since: date | None = None
    until: date | None = None
    open_only: bool = False


def visible_records(user: User) -> QuerySet[RegisterRecord]:
    """Lines of the units in a person's scope, those taken back too."""
    rows = RegisterRecord.objects.select_related("organisation", "made_by")
    seen = visible_organisations(user)
    return rows if seen is None else rows.filter(organisation_id__in=seen)


def find_records(user: User, register: Register, asked: RecordFilters) -> QuerySet[RegisterRecord]:
    """The lines of one register that fit, the newest first; what was taken back is left out."""
    rows = visible_records(user).filter(register=register.code, withdrawn_on=None)
    for word in fold(asked.words).split():
        rows = rows.filter(search__contains=word)
    if asked.unit:
        rows = rows.filter(organisation_id=asked.unit)
    if asked.since:
        rows = rows.filter(on__gte=asked.since)
    if asked.until:
        rows = rows.filter(on__lte=asked.until)
    if asked.open_only and register.ends:
        rows = rows.filter(ended_on=None)
    return rows.order_by("-on", "-pk")


def writable_units(user: User, on: date) -> frozenset[int] | None:
    """Units into whose registers a person may write: the own one and those below; of the branch's planner (None) any."""
    home = own_organisation(user)
    if home is None or not user.may("outreach.write"):
        return frozenset()
    if sees_all(user):
        return None
    return frozenset({home.pk, *subtree(home.pk, on)})


@dataclass(frozen=True, slots=True)
class Kept:
    """A register with what stands in it of a year: lines, the last day, its sums."""

    register: Register
    lines: int
    last_on: date | None


def kept_of_year(user: User, year: int) -> dict[str, list[Kept]]:
    """Every register by group, counted for a year and a person's scope."""
    rows = visible_records(user).filter(withdrawn_on=None, on__year=year).order_by()
    told = {
        code: (lines, last_on)
        for code, lines, last_on in rows.values("register")
        .annotate(lines=Count("pk"), last_on=Max("on"))
        .values_list("register", "lines", "last_on")
    }
    found: dict[str, list[Kept]] = {}
    for register in registers().values():
        lines, last_on = told.get(register.code, (0, None))
        found.setdefault(register.group, []).append(Kept(register, lines, last_on))
    return found


def sums(register: Register, rows: QuerySet[RegisterRecord]) -> list[tuple[str, int]]:
    """The register's sums over lines: the words and the number."""
    values = list(rows.values_list("values", flat=True))
    return [(one.name, total(register, one.code, values)) for one in register.counts]


def units_of(user: User, register: Register, on: date) -> list[tuple[int, str]]:
    """Units that have lines in a register, by name; a filter offers them."""
    rows = visible_records(user).filter(register=register.code, withdrawn_on=None).order_by()
    units = set(rows.values_list("organisation_id", flat=True))
    return sorted(names_on(on, units).items(), key=lambda one: fold(one[1])) if units else []


def header(register: Register) -> tuple[str, ...]:
    """Headings of the register as a table."""
    return (*_BEFORE, register.title, *(field.name for field in register.fields), "Minh chứng")


def sheet_rows(
    register: Register, rows: QuerySet[RegisterRecord], on: date
) -> Iterator[tuple[Cell, ...]]:
    """The register as rows of a workbook, in the columns of ``header``."""
    names = names_on(on, set(rows.order_by().values_list("organisation_id", flat=True)))
    for row in rows.iterator(chunk_size=2000):
        proof = row.url or (row.file.name and "tệp") or ""
        yield (
            row.on,
            names.get(row.organisation_id, ""),
            row.title,
            *(cell(register, row, field.code) for field in register.fields),
            proof,
        )


def cell(register: Register, row: RegisterRecord, code: str) -> Cell:
    """One value as a table shows it."""
    value = row.values.get(code)
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, str) and register.field(code).type == "date":
        return date.fromisoformat(value)
    return value if isinstance(value, str | int) else ""


def shown(register: Register, row: RegisterRecord, code: str) -> str:
    """One value as a page shows it: 1.250, 23/11/2026, words."""
    value = cell(register, row, code)
    if isinstance(value, date):
        return numbers.date_short(value)
    return numbers.whole(value) if isinstance(value, int) else str(value or "")


def loans_behind(user: User, row: RegisterRecord) -> list[Loan]:
    """The loans that a line names (of a model of good lending); only for who reads single loans."""
    named = [
        number
        for field in registers()[row.register].fields
        if field.type == "loans"
        for number in row.values.get(field.code) or ()
    ]
    if not named or not user.may("loans.view"):
        return []
    return list(Loan.objects.filter(number__in=named).order_by("number"))


def drafts() -> list[tuple[int, str]]:
    """Drafts of the policy laboratory that a line may name."""
    rows = Comparison.objects.filter(ended_on=None).order_by("-made_on", "-pk")
    return list(rows.values_list("pk", "name"))


def missing_loans(named: list[str]) -> list[str]:
    """Numbers of contracts of which there is no loan."""
    there = set(Loan.objects.filter(number__in=named).values_list("number", flat=True))
    return [number for number in named if number not in there]


def keeping_units(register: Register, within: frozenset[int] | None, on: date) -> list[int]:
    """Living units that keep a register, of some or (None) of all."""
    rows = Organisation.objects.on(on)
    if within is not None:
        rows = rows.filter(pk__in=within)
    if register.who:
        rows = rows.filter(kind__in=register.who)
    return list(rows.exclude(kind=Kind.SAVINGS_GROUP).values_list("pk", flat=True))
