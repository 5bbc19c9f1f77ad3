"""Vietnamese names of the values of keys, as on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from tdcs.capital.models import CapitalSource
from tdcs.entrustment.models import GroupProfile
from tdcs.households.queries.scope import area_names
from tdcs.indicators.errors import UnknownKey
from tdcs.indicators.rules.definitions import KEYS
from tdcs.organisations import catalogue
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules import programmes

# What has no group was lent directly; figures of units of the province stand in no commune.
NONE: Final = "Không phân theo đơn vị"
DIRECT: Final = "Cho vay trực tiếp"
LOCAL: Final = {True: "Ngân sách địa phương", False: "Trung ương"}


def names(key: str, ids: Iterable[Any], on: date) -> dict[Any, str]:
    """Each id → its name on a day, the last before it or the first after it. Raises UnknownKey."""
    if key not in KEYS:
        raise UnknownKey(key=key, known=", ".join(KEYS))
    wanted = {one for one in ids if one is not None}
    found = _NAMES[key](wanted, on)
    missing = DIRECT if key in ("group", "mass", "union") else NONE
    return {one: found.get(one) or (missing if one in (0, "") else str(one)) for one in wanted}


def _groups(ids: set[Any], on: date) -> dict[Any, str]:
    found: dict[Any, str] = {}
    rows = GroupProfile.objects.filter(group_id__in=ids).order_by("starts_on")
    for group, name, since in rows.values_list("group_id", "name", "starts_on"):
        if since <= on or group not in found:
            found[group] = name
    return found


def _programmes(ids: set[Any], on: date) -> dict[Any, str]:
    return {code: one.short for code, one in programmes().items() if code in ids}


def _sources(ids: set[Any], on: date) -> dict[Any, str]:
    return dict(CapitalSource.objects.filter(pk__in=ids).values_list("pk", "name"))


def _unions(ids: set[Any], on: date) -> dict[Any, str]:
    return {code: one.name for code, one in catalogue.entries().items() if code in ids}


_NAMES: Final[Mapping[str, Callable[[set[Any], date], dict[Any, str]]]] = {
    "office": lambda ids, on: names_on(on, ids),
    "commune": area_names,
    "mass": lambda ids, on: names_on(on, ids),
    "programme": _programmes,
    "source": _sources,
    "local": lambda ids, on: {one: LOCAL[one] for one in ids},
    "union": _unions,
    "group": _groups,
    "month": lambda ids, on: {one: f"{one:%m/%Y}" for one in ids},
}
