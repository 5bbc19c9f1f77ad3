"""Vietnamese names of the values of keys, as on a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Final, TypeVar

from tdcs.capital.models import CapitalSource
from tdcs.entrustment.models import GroupProfile
from tdcs.households.queries.scope import area_names
from tdcs.indicators.errors import UnknownKey
from tdcs.indicators.queries.query_spec import Key
from tdcs.indicators.rules.definitions import KEYS
from tdcs.organisations import catalogue
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules import programmes

Named = TypeVar("Named", bound=Key)

# What has no group was lent directly; figures of units of the province stand in no commune.
NONE: Final = "Không phân theo đơn vị"
DIRECT: Final = "Cho vay trực tiếp"
LOCAL: Final = {True: "Ngân sách địa phương", False: "Trung ương"}


def names(key: str, ids: Iterable[Named | None], on: date) -> dict[Named, str]:
    """Each id → its name on a day, the last before it or the first after it. Raises UnknownKey."""
    if key not in KEYS:
        raise UnknownKey(key=key, known=", ".join(KEYS))
    wanted = {one for one in ids if one is not None}
    found = dict[Key, str](_NAMES[key](wanted, on))
    missing = DIRECT if key in ("group", "mass", "union") else NONE
    return {one: found.get(one) or (missing if one in (0, "") else str(one)) for one in wanted}


def _numbers(ids: Collection[Key]) -> set[int]:
    return {one for one in ids if isinstance(one, int)}


def _groups(ids: Collection[Key], on: date) -> Iterable[tuple[int, str]]:
    found: dict[int, str] = {}
    rows = GroupProfile.objects.filter(group_id__in=_numbers(ids)).order_by("starts_on")
    for group, name, since in rows.values_list("group_id", "name", "starts_on"):
        if since <= on or group not in found:
            found[group] = name
    return found.items()


def _units(ids: Collection[Key], on: date) -> Iterable[tuple[int, str]]:
    return names_on(on, _numbers(ids)).items()


def _communes(ids: Collection[Key], on: date) -> Iterable[tuple[int, str]]:
    return area_names(_numbers(ids), on).items()


def _programmes(ids: Collection[Key], on: date) -> Iterable[tuple[str, str]]:
    return [(code, one.short) for code, one in programmes().items() if code in ids]


def _sources(ids: Collection[Key], on: date) -> Iterable[tuple[int, str]]:
    return CapitalSource.objects.filter(pk__in=_numbers(ids)).values_list("pk", "name")


def _tiers(ids: Collection[Key], on: date) -> Iterable[tuple[bool, str]]:
    return [(one, LOCAL[one]) for one in ids if isinstance(one, bool)]


def _unions(ids: Collection[Key], on: date) -> Iterable[tuple[str, str]]:
    return [(code, one.name) for code, one in catalogue.entries().items() if code in ids]


def _months(ids: Collection[Key], on: date) -> Iterable[tuple[date, str]]:
    return [(one, f"{one:%m/%Y}") for one in ids if isinstance(one, date)]


_NAMES: Final[Mapping[str, Callable[[Collection[Key], date], Iterable[tuple[Key, str]]]]] = {
    "office": _units,
    "commune": _communes,
    "mass": _units,
    "programme": _programmes,
    "source": _sources,
    "local": _tiers,
    "union": _unions,
    "group": _groups,
    "month": _months,
}
