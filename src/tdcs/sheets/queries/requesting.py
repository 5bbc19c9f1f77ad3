"""What may be asked: sheets, units, days and filters within a reader's scope."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.access.scopes import reads_cases
from tdcs.closing.queries import store
from tdcs.entrustment.models import SavingsGroup
from tdcs.indicators.queries import visible_where
from tdcs.organisations.models import (
    Area,
    Kind,
    Level,
    Organisation,
    OrganisationProfile,
    living_on,
)
from tdcs.organisations.queries import bank_offices, living_communes, names_on
from tdcs.programmes.rules import programmes
from tdcs.sheets.errors import (
    DayNotKept,
    DaysNotInOrder,
    FilterUnknown,
    SheetNotForYou,
    UnitOutside,
    UnknownSheet,
)
from tdcs.sheets.rules.definitions import Reader, SheetSpec, sheets


@dataclass(frozen=True, slots=True)
class Unit:
    """An office or a commune; ``key`` of the snapshot's rows, ``pk`` its value."""

    key: str
    pk: int
    name: str

    @property
    def code(self) -> str:
        return f"{self.key}-{self.pk}"


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """A sheet of a day, for a reader (None: the command line, which sees all), of a unit, a programme or a group."""

    sheet: SheetSpec
    day: date
    user: User | None = None
    before: date | None = None
    unit: Unit | None = None
    programme: str = ""
    group: int | None = None
    identity: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What was asked for, as an address or a command writes it."""

    day: str = ""
    before: str = ""
    unit: str = ""
    programme: str = ""
    group: str = ""
    identity: bool = False


def sheet_of(code: str) -> SheetSpec:
    """A sheet by its code. Raises UnknownSheet."""
    found = sheets().get(code)
    if found is None:
        raise UnknownSheet(sheet=code, known=", ".join(sheets()))
    return found


def may_read(user: User, sheet: SheetSpec) -> bool:
    """Whether a sheet is for a person: single loans for those whose unit reads them, capital for who may see it."""
    if sheet.reader == Reader.CAPITAL:
        return user.may("capital.view")
    if sheet.reader == Reader.CASES:
        return user.may("loans.view") and reads_cases(user, "loans")
    return user.may("indicators.view")


def sheets_for(user: User) -> list[SheetSpec]:
    """The sheets that a person may have."""
    return [one for one in sheets().values() if may_read(user, one)]


def asked_of(sheet: SheetSpec, words: Words, user: User | None) -> SheetRequest:
    """The question that the words ask. Raises SheetNotForYou, DayNotKept, DaysNotInOrder, UnitOutside, FilterUnknown."""
    if user is not None and not may_read(user, sheet):
        raise SheetNotForYou(sheet=sheet.title)
    day = _day(words.day)
    before = _before(words.before, day) if sheet.days == 2 else None
    if words.programme and words.programme not in programmes():
        raise FilterUnknown(value=words.programme)
    group = None
    if words.group:
        group = SavingsGroup.objects.filter(code=words.group).values_list("pk", flat=True).first()
        if group is None:
            raise FilterUnknown(value=words.group)
    return SheetRequest(
        sheet=sheet,
        day=day,
        user=user,
        before=before,
        unit=_unit(words.unit, day, user) if words.unit else None,
        programme=words.programme,
        group=group,
        identity=words.identity and sheet.identity,
    )


def _day(words: str) -> date:
    days = kept_days()
    if not words:
        if not days:
            raise DayNotKept(day="")
        return days[0]
    try:
        day = date.fromisoformat(words)
    except ValueError:
        raise DayNotKept(day=words) from None
    if day not in days:
        raise DayNotKept(day=words)
    return day


def _before(words: str, day: date) -> date:
    if words:
        before = _day(words)
        if before >= day:
            raise DaysNotInOrder(before=f"{before:%d/%m/%Y}", day=f"{day:%d/%m/%Y}")
        return before
    earlier = [one for one in store().month_ends() if one < day] or [
        one for one in store().days() if one < day
    ]
    if not earlier:
        raise DaysNotInOrder(before="…", day=f"{day:%d/%m/%Y}")
    return earlier[-1]


def kept_days() -> list[date]:
    """The closed days that are kept, the latest first."""
    return sorted(store().days(), reverse=True)


def units_for(user: User | None, day: date) -> list[Unit]:
    """Offices and communes in a reader's scope on a day, offices first, by name."""
    where = visible_where(user, day) if user is not None else {}
    offices = [pk for pk in bank_offices(day) if _in(where, "office", pk)]
    names = names_on(day, offices)
    found = [Unit("office", pk, names.get(pk, "")) for pk in offices]
    found.sort(key=lambda one: one.name)
    communes = [
        Unit("commune", pk, name) for pk, name in living_communes(day) if _in(where, "commune", pk)
    ]
    if set(where) <= {"office"}:
        return found + communes if not where else found
    return communes if "commune" in where else []


def _in(where: Mapping[str, Collection[object]], key: str, pk: int) -> bool:
    return not where or (key in where and pk in where[key])


def _unit(words: str, day: date, user: User | None) -> Unit:
    """A unit by its code here (office-12), the code of an organisation or of a commune. Raises UnitOutside."""
    known = {one.code: one for one in units_for(user, day)}
    if words in known:
        return known[words]
    code = _coded(words, day)
    if code not in known:
        raise UnitOutside(unit=words)
    return known[code]


def _coded(words: str, day: date) -> str:
    area = Area.objects.filter(code=words, level=Level.COMMUNE).values_list("pk", flat=True).first()
    if area is not None:
        return f"commune-{area}"
    unit = Organisation.objects.filter(code=words).first()
    if unit is None:
        return ""
    if unit.kind in (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH):
        return f"office-{unit.pk}"
    places = OrganisationProfile.objects.filter(living_on(day), organisation=unit)
    return f"commune-{places.values_list('area_id', flat=True).first()}"


def unit_name(asked: SheetRequest) -> str:
    """The unit that the sheet is of, as its title block names it: the one asked for, else the reader's own."""
    if asked.unit is not None:
        return asked.unit.name
    own = own_organisation(asked.user) if asked.user is not None else None
    if own is None:
        own = Organisation.objects.filter(kind=Kind.VBSP_BRANCH, ends_on=None).first()
    return names_on(asked.day, [own.pk]).get(own.pk, "") if own is not None else ""


def may_unmask(user: User | None) -> bool:
    """Whether a reader may have identity numbers in full."""
    return user is not None and user.may("households.unmask")
