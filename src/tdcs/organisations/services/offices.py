"""Transaction offices and points by the branch's own workbook: what a file would change, then the change, by day."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection, models, transaction

from tdcs.core import trail
from tdcs.core.text import fold
from tdcs.organisations.errors import WorkbookFaults
from tdcs.organisations.models import (
    AreaProfile,
    Kind,
    Level,
    Organisation,
    OrganisationProfile,
    ServedArea,
    Share,
    living_on,
)
from tdcs.organisations.office_book.columns import OFFICES
from tdcs.organisations.office_book.reading import Book, OfficeRow
from tdcs.organisations.services.changing import Heir, record_succession, restate
from tdcs.organisations.services.points import PointChange, plan_points, write_points

# Codes of offices that nobody has confirmed carry a district: nhcsxh-pgd@d736.
ASSUMED: Final = "nhcsxh-pgd@d"
# Two people who upload at once: the second waits and sees what the first did.
_LOCK: Final = 20250702
_FARTHEST: Final = timedelta(days=366)
_LONG, _SHORT = "Phòng giao dịch Ngân hàng Chính sách xã hội {}", "PGD NHCSXH {}"


@dataclass(frozen=True, slots=True)
class Take:
    """A commune goes to an office on a day; ``before``: the office that served it."""

    area: int
    name: str
    on: date
    before: int | None


@dataclass(frozen=True, slots=True)
class OfficeChange:
    """What a row does. ``organisation``: None for an office that is new. ``takes``: communes that come to it."""

    row: OfficeRow
    organisation: int | None
    on: date
    renamed_from: str
    moved: bool
    takes: tuple[Take, ...]

    @property
    def effect(self) -> str:
        """ "new", "changed" or "as_it_is"."""
        if self.organisation is None:
            return "new"
        return "changed" if self.renamed_from or self.moved or self.takes else "as_it_is"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a file would change. ``released``: communes that the branch serves from now on; ``replaced``: assumed offices
    (key, name) that cease."""

    offices: tuple[OfficeChange, ...]
    points: tuple[PointChange, ...]
    released: tuple[Take, ...]
    replaced: tuple[tuple[int, str], ...]

    @property
    def changes(self) -> int:
        states = [*(row.effect for row in self.offices), *(row.effect for row in self.points)]
        return len(states) - states.count("as_it_is") + len(self.released) + len(self.replaced)


@dataclass(slots=True)
class _Ties:
    """Who serves which commune today, by the tie that has no end."""

    office: dict[int, int]
    since: dict[int, date]
    assumed: set[int]
    branch: Organisation


def plan_offices(*, book: Book, on: date) -> Planned:
    """Compare a file with what is there; saves nothing. Raises WorkbookFaults with every fault of the file."""
    named = communes_by_words(on)
    ties = _ties(on)
    claimed: dict[int, int] = {}
    changes = [_office(book, row, ties, named, claimed, on) for row in book.offices]
    points = plan_points(
        book, lambda row, words, sheet: _commune(book, row, words, sheet, named), on
    )
    if book.faults.found:
        raise WorkbookFaults(
            faults=sorted(book.faults.found, key=lambda one: (one.sheet, one.row, one.column))
        )
    offices = [one for one in changes if one is not None]
    released = _released(offices, ties, claimed)
    return Planned(tuple(offices), tuple(points), tuple(released), tuple(_replaced(offices, ties)))


def save_offices(*, book: Book, by: models.Model | None, on: date) -> Planned:
    """Make what the file says true from the day it says. Raises WorkbookFaults, and StillNeeded of an assumed office on
    which groups, loans or roles stand: then nothing is saved."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        planned = plan_offices(book=book, on=on)
        if not planned.changes:
            return planned
        branch = _ties(on).branch
        keys = {one.row.code: _write_office(one, branch) for one in planned.offices}
        for take in planned.released:
            _serve(branch.pk, take)
        _end_assumed(planned, keys, by)
        write_points(planned.points)
        trail.record(
            action="organisations.offices",
            subject=branch,
            by=by,
            on=on,
            data={
                "offices": {
                    o.row.code: o.effect for o in planned.offices if o.effect != "as_it_is"
                },
                "points": {p.row.code: p.effect for p in planned.points if p.effect != "as_it_is"},
                "replaced": len(planned.replaced),
            },
        )
    return planned


def communes_by_words(on: date) -> dict[str, list[tuple[int, str, date]]]:
    """(area, full name, day it was made) of today's communes by what they are called, with and without their kind."""
    rows = AreaProfile.objects.filter(living_on(on), area__level=Level.COMMUNE)
    found: dict[str, list[tuple[int, str, date]]] = defaultdict(list)
    for area, name, full, start in rows.order_by("area_id").values_list(
        "area_id", "name", "full_name", "area__starts_on"
    ):
        for key in {
            fold(name),
            fold(full),
            fold(full).replace("phuong ", "p. ").replace("xa ", "x. "),
        }:
            found[key].append((area, full, start))
    return found


def _commune(
    book: Book,
    row: int,
    words: str,
    sheet: str,
    named: Mapping[str, list[tuple[int, str, date]]],
) -> tuple[int, str, date] | None:
    """The commune that words mean, or a fault of its cell."""
    found = named.get(fold(words).rstrip("."), [])
    if len(found) == 1:
        return found[0]
    key = "communes" if sheet == OFFICES.title else "commune"
    at = book.faults.at(sheet, row)
    if found:
        at(key, "several_communes", words=words, what=", ".join(full for _, full, _ in found))
        return None
    near = difflib.get_close_matches(fold(words), named, n=3)
    at(key, "no_commune", words=words, what=", ".join(named[n][0][1] for n in near) or "–")
    return None


def _ties(on: date) -> _Ties:
    rows = ServedArea.objects.filter(ends_on=None).select_related("office")
    branch = Organisation.objects.filter(living_on(on), kind=Kind.VBSP_BRANCH).order_by("pk")[0]
    return _Ties(
        office={row.area_id: row.office_id for row in rows},
        since={row.area_id: row.starts_on for row in rows},
        assumed={
            *Organisation.objects.filter(code__startswith=ASSUMED).values_list("pk", flat=True),
            branch.pk,
        },
        branch=branch,
    )


def _office(
    book: Book,
    row: OfficeRow,
    ties: _Ties,
    named: Mapping[str, list[tuple[int, str, date]]],
    claimed: dict[int, int],
    on: date,
) -> OfficeChange | None:
    at = book.faults.at(OFFICES.title, row.row)
    if row.starts_on and row.starts_on > on + _FARTHEST:
        at("starts_on", "too_far", words=f"{row.starts_on:%d/%m/%Y}")
    communes = []
    for words in row.communes:
        found = _commune(book, row.row, words, OFFICES.title, named)
        if found is None:
            continue
        if claimed.setdefault(found[0], row.row) != row.row:
            at("communes", "commune_twice", words=found[1], what=str(claimed[found[0]]))
        elif found not in communes:
            communes.append(found)
    unit = Organisation.objects.filter(code=f"nhcsxh-pgd@{row.code}").first()
    if unit is not None and unit.ends_on is not None:
        at("code", "ended", words=row.code, what=f"{unit.ends_on:%d/%m/%Y}")
        return None
    since, renamed, moved = _compared(row, unit, ties.branch, on)
    takes = [
        Take(area, full, _from_day(area, start, since, ties, on), ties.office.get(area))
        for area, full, start in communes
        if unit is None or ties.office.get(area) != unit.pk
    ]
    return OfficeChange(row, unit.pk if unit else None, since, renamed, moved, tuple(takes))


def _compared(
    row: OfficeRow, unit: Organisation | None, branch: Organisation, on: date
) -> tuple[date, str, bool]:
    """From which day the row is true, the name it changes, whether the address changes."""
    if unit is None:
        # What ships begins on a day: an older office begins with it.
        return max(row.starts_on or on, branch.starts_on), "", False
    held = OrganisationProfile.objects.filter(organisation=unit).order_by("-starts_on")[0]
    later = row.starts_on if row.starts_on and row.starts_on > held.starts_on else on
    renamed = held.short_name if held.short_name != _SHORT.format(row.name) else ""
    return max(later, held.starts_on), renamed, bool(row.address) and held.address != row.address


def _from_day(area: int, made: date, since: date, ties: _Ties, on: date) -> date:
    """A fact of before takes the place of an assumption from the beginning; of another fact from today."""
    day = max(since, made)
    held = ties.office.get(area)
    if held is not None and held not in ties.assumed and ties.since[area] > day:
        return max(on, ties.since[area])
    if held == ties.branch.pk and ties.since[area] > day:
        return max(on, ties.since[area])
    return day


def _released(offices: list[OfficeChange], ties: _Ties, claimed: Mapping[int, int]) -> list[Take]:
    """Communes of the file's offices that no row names any more: the branch serves them."""
    mine = {one.organisation: one for one in offices if one.organisation is not None}
    names = dict(
        AreaProfile.objects.filter(area__in=ties.office, ends_on=None).values_list(
            "area_id", "full_name"
        )
    )
    return [
        Take(area, names.get(area, ""), max(mine[office].on, ties.since[area]), office)
        for area, office in sorted(ties.office.items())
        if office in mine and area not in claimed
    ]


def _replaced(offices: list[OfficeChange], ties: _Ties) -> list[tuple[int, str]]:
    """Assumed offices that serve nobody any more once the file is true."""
    gone = {take.area for one in offices for take in one.takes}
    keeps = {office for area, office in ties.office.items() if area not in gone}
    loses = {ties.office[area] for area in gone if area in ties.office}
    rows = Organisation.objects.filter(pk__in=loses - keeps, code__startswith=ASSUMED, ends_on=None)
    names = dict(
        OrganisationProfile.objects.filter(organisation__in=rows, ends_on=None).values_list(
            "organisation_id", "short_name"
        )
    )
    return [(unit.pk, names.get(unit.pk, unit.code)) for unit in rows.order_by("code")]


def _write_office(one: OfficeChange, branch: Organisation) -> int:
    row = one.row
    name, short = _LONG.format(row.name), _SHORT.format(row.name)
    if one.organisation is None:
        unit = Organisation.objects.create(
            code=f"nhcsxh-pgd@{row.code}",
            type="nhcsxh-pgd",
            kind=Kind.TRANSACTION_OFFICE,
            level=Level.DISTRICT,
            starts_on=one.on,
        )
        OrganisationProfile.objects.create(
            organisation=unit,
            name=name,
            short_name=short,
            symbol="NHCS",
            place_name=row.name,
            parent=branch,
            address=row.address,
            starts_on=one.on,
            search=fold(f"{name} {short}")[:320],
        )
    else:
        unit = Organisation.objects.select_for_update().get(pk=one.organisation)
        if one.renamed_from or one.moved:
            changed = {"address": row.address} if one.moved else {}
            if one.renamed_from:
                changed |= {"name": name, "short_name": short, "place_name": row.name}
            restate(unit, one.on, **changed)
    for take in one.takes:
        _serve(unit.pk, take)
    return unit.pk


def _serve(office: int, take: Take) -> None:
    """The commune's tie of before ends on the day; one that began that day or later gives way."""
    held = ServedArea.objects.select_for_update().filter(area_id=take.area)
    held.filter(starts_on__gte=take.on).delete()
    held.on(take.on).update(ends_on=take.on)
    ServedArea.objects.create(office_id=office, area_id=take.area, starts_on=take.on)


def _end_assumed(planned: Planned, keys: Mapping[str, int], by: models.Model | None) -> None:
    """An assumed office passes into the offices that serve its communes; nothing that happened under it is rewritten."""
    heirs: dict[int, dict[int, date]] = defaultdict(dict)
    for one in planned.offices:
        for take in one.takes:
            if take.before is not None:
                heirs[take.before][keys[one.row.code]] = take.on
    for key, _name in planned.replaced:
        unit = Organisation.objects.get(pk=key)
        days = [*heirs[key].values(), unit.starts_on + timedelta(days=1)]
        found = Organisation.objects.filter(pk__in=heirs[key]).order_by("code")
        share = Share.AREA if len(found) > 1 else Share.WHOLE
        record_succession(
            predecessor=unit,
            heirs=[Heir(heir, share) for heir in found],
            basis="Danh sách phòng giao dịch của chi nhánh",
            by=by,
            on=max(days),
        )
