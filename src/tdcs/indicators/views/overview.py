"""The first screen: are the four targets met, where does it get worse, where is the money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.indicators import queries
from tdcs.indicators.views.aims import aims
from tdcs.indicators.views.asked import Asked, read_asked
from tdcs.indicators.views.cells import EMPTY, Line, askable, lines, names_of, total
from tdcs.indicators.views.frame import KEY_NAMES, MANY, frame, named
from tdcs.indicators.views.places import map_block, ranked
from tdcs.indicators.views.wording import said

FACE: Final = (
    "outstanding",
    "disbursed_year",
    "collected_year",
    "bad_debt_rate",
    "interest_arrears",
    "borrowers",
)
# What is watched for getting worse, each where it may be divided.
WATCHED: Final = ("overdue", "interest_arrears", "access")
FIRST: Final = "overdue_rate"
_WORST: Final = 5


@dataclass(frozen=True, slots=True)
class Worse:
    """One list of "where it got worse": the message, then the units with the largest step."""

    code: str
    title: str
    unit: str
    direction: str | None
    rows: list[tuple[str, str, Any]]
    count: int


@requires("indicators.view")
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """One place on one day; the province unless the address names another."""
    asked = read_asked(request, codes=tuple(queries.catalogue()), code=FIRST)
    if asked is None:
        return render(request, "indicators/no_day.html")
    if asked.next_key and not askable(asked, queries.catalogue()[asked.code], asked.next_key):
        asked = replace(asked, code=FIRST)
    if "group" in asked.chosen:
        return render(request, "indicators/overview.html", {**_head(asked), "rows": [], "group": True})
    return render(request, "indicators/overview.html", {**_head(asked), **_below(asked)})


def _head(asked: Asked) -> dict[str, Any]:
    """The place's own figures."""
    catalogue = queries.catalogue()
    whole = total(asked, FACE)
    if asked.scope and not any(cell.value for cell in whole.values()):
        raise Http404("scope")
    lines_ = aims(asked)
    return {
        **frame(asked, "indicators:overview"),
        "aims": lines_,
        "met": sum(one.standing == "on_time" for one in lines_),
        "face": [(catalogue[c], named(catalogue[c]), whole.get(c, EMPTY)) for c in FACE],
    }


def _below(asked: Asked) -> dict[str, Any]:
    """The next units: the map with its list, and what got worse."""
    key = asked.next_key
    definition = queries.catalogue()[asked.code]
    spread = "commune" if key == "office" else key
    watched = _watched(asked, spread)
    codes = dict.fromkeys((asked.code, "outstanding", *watched))
    rows = lines(asked, spread, list(codes))
    names = names_of(spread, list(rows), asked)
    places, bands = ranked(asked, rows, names, spread, "outstanding", definition.direction)
    name = named(definition)
    context: dict[str, Any] = {
        "spread": spread,
        "spread_name": _(KEY_NAMES[spread]),
        "places": places,
        "bands": bands,
        "places_title": _title(places, name, definition),
        "worse": [_worse(asked, code, spread, rows, names) for code in watched],
        "table": reverse("indicators:table"),
    }
    if spread == "commune" and len(places) > 1:
        size_name = named(queries.catalogue()["outstanding"])
        context["map"] = map_block(asked, places, definition.unit, name, size_name)
    if key == "office" and asked.against:
        offices = lines(asked, "office", list(WATCHED[:2]))
        office_names = names_of("office", list(offices), asked)
        context["worse_offices"] = [
            _worse(asked, code, "office", offices, office_names) for code in WATCHED[:2]
        ]
    return context


def _watched(asked: Asked, spread: str) -> list[str]:
    catalogue = queries.catalogue()
    return [code for code in WATCHED if askable(asked, catalogue[code], spread)]


def _title(places: list[Any], name: str, definition: Any) -> str:
    """The map's message: which place stands out."""
    there = [place for place in places if place.cell.value is not None]
    if not there or there[0].cell.value == there[-1].cell.value:
        return name
    words = _("%(name)s thấp nhất ở %(place)s") if definition.direction == "up" else _("%(name)s cao nhất ở %(place)s")  # fmt: skip
    first = words % {"name": name, "place": there[0].name}
    return f"{first}: {said(there[0].cell.value, definition.unit)}"


def _worse(
    asked: Asked, code: str, key: str, rows: Mapping[Any, Line], names: Mapping[Any, str]
) -> Worse:
    definition = queries.catalogue()[code]
    sign = 1 if definition.direction == "down" else -1
    steps = [
        (sign * (cell.change or 0), names.get(unit, str(unit)), unit, cell)
        for unit, row in rows.items()
        if (cell := row.get(code, EMPTY)).change
    ]
    grown = sorted((s for s in steps if s[0] > 0), key=lambda s: (-s[0], s[1]))
    page = reverse("indicators:overview")
    shown = [(name, page + asked.address(**{key: unit, "code": code}), cell) for _s, name, unit, cell in grown[:_WORST]]  # fmt: skip
    return Worse(
        code,
        _message(code, key, len(grown), named(definition), definition.direction),
        definition.unit,
        definition.direction,
        shown,
        len(grown),
    )


def _message(code: str, key: str, count: int, name: str, direction: str | None) -> str:
    """ "Nợ quá hạn tăng ở 3 xã, phường"."""
    parts = {"name": name, "n": count, "units": _(MANY[key])}
    if not count:
        return _("%(name)s không xấu đi ở %(units)s nào") % parts
    if direction == "down":
        return ngettext("%(name)s tăng ở %(n)d %(units)s", "%(name)s tăng ở %(n)d %(units)s", count) % parts  # fmt: skip
    return ngettext("%(name)s giảm ở %(n)d %(units)s", "%(name)s giảm ở %(n)d %(units)s", count) % parts  # fmt: skip
