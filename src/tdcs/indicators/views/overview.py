"""The first screen: are the four targets met, where does it get worse, where is the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.indicators import queries
from tdcs.indicators.views.cells import EMPTY, Line, askable, lines, names_of, total
from tdcs.indicators.views.closing import closings
from tdcs.indicators.views.frame import KEY_NAMES, MANY, frame, named
from tdcs.indicators.views.places import map_block, ranked
from tdcs.indicators.views.request_params import RequestParams, read_request_params
from tdcs.indicators.views.target_rows import target_rows
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
    offices: list[tuple[str, str, Any]]
    count: int


@requires("indicators.view")
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """One place on one day; the province unless the address names another."""
    asked = read_request_params(request, codes=tuple(queries.catalogue()), code=FIRST)
    if asked is None:
        return render(request, "indicators/no_day.html")
    if asked.next_key and not askable(asked, queries.catalogue()[asked.code], asked.next_key):
        asked = replace(asked, code=FIRST)
    if "group" in asked.chosen:
        return render(
            request, "indicators/overview.html", {**_head(asked), "rows": [], "group": True}
        )
    return render(request, "indicators/overview.html", {**_head(asked), **_below(asked)})


@requires("indicators.view")
@require_GET
def home_figures(request: PersonRequest) -> HttpResponse:
    """Targets and figures of the person's own place, as the first screen shows them below the work; a part of a page."""
    asked = read_request_params(request, codes=tuple(queries.catalogue()), code=FIRST)
    if asked is None:
        return HttpResponse()
    catalogue = queries.catalogue()
    sums = total(asked, FACE)
    context = {
        "asked": asked,
        "aims": closings(asked, target_rows(asked)),
        "face": [(catalogue[c], named(catalogue[c]), sums.get(c, EMPTY)) for c in FACE],
        "sees_plan": request.user.may("plans.matrix"),
    }
    return HttpResponse(render_to_string("indicators/home_figures.html", context))


def _head(asked: RequestParams) -> dict[str, Any]:
    """The place's own figures."""
    catalogue = queries.catalogue()
    whole = total(asked, FACE)
    lines_ = closings(asked, target_rows(asked))
    return {
        **frame(asked, "indicators:overview"),
        "aims": lines_,
        "met": sum(one.standing in ("done", "on_time") for one in lines_),
        "face": [(catalogue[c], named(catalogue[c]), whole.get(c, EMPTY)) for c in FACE],
    }


def _below(asked: RequestParams) -> dict[str, Any]:
    """The next units: the map with its list, and what got worse."""
    key = asked.next_key
    definition = queries.catalogue()[asked.code]
    spread = "commune" if key == "office" else key
    watched = _watched(asked, spread)
    codes = dict.fromkeys((asked.code, "outstanding", *watched))
    rows = lines(asked, spread, list(codes))
    names = names_of(spread, list(rows), asked)
    places, bands = ranked(asked, rows, names, spread, "outstanding", _low_is_bad(definition))
    name = named(definition)
    context: dict[str, Any] = {
        "spread": spread,
        "spread_name": _(KEY_NAMES[spread]),
        "places": places,
        "bands": bands,
        "places_title": _title(places, name, definition),
        "worse": _worse_of(asked, watched, spread, rows, names),
        "table": reverse("indicators:table"),
    }
    if spread == "commune" and len(places) > 1:
        size_name = named(queries.catalogue()["outstanding"])
        context["map"] = map_block(asked, places, definition.unit, name, size_name)
    return context


def _watched(asked: RequestParams, spread: str) -> list[str]:
    catalogue = queries.catalogue()
    return [code for code in WATCHED if askable(asked, catalogue[code], spread)]


def _low_is_bad(definition: Any) -> bool:
    """A low share of what ought to rise asks for attention; a small amount only says that the place is small."""
    return bool(definition.direction == "up" and definition.unit == "ppm")


def _title(places: list[Any], name: str, definition: Any) -> str:
    """The map's message: which place stands out."""
    there = [place for place in places if place.cell.value is not None]
    if not there or there[0].cell.value == there[-1].cell.value:
        return name
    words = _("%(name)s thấp nhất ở %(place)s") if _low_is_bad(definition) else _("%(name)s cao nhất ở %(place)s")  # fmt: skip
    first = words % {"name": name, "place": there[0].name}
    return f"{first}: {said(there[0].cell.value, definition.unit)}"


def _worse_of(
    asked: RequestParams,
    codes: Sequence[str],
    key: str,
    rows: Mapping[Any, Line],
    names: Mapping[Any, str],
) -> list[Worse]:
    """A list for each watched indicator that has values; from the province also by office."""
    offices: dict[Any, Line] = {}
    if asked.next_key == "office" and asked.against:
        offices = lines(asked, "office", codes)
    office_names = names_of("office", list(offices), asked)
    found = []
    for code in codes:
        if all(row.get(code, EMPTY).value is None for row in rows.values()):
            continue
        definition = queries.catalogue()[code]
        steps = _steps(asked, code, key, rows, names)
        above = _steps(asked, code, "office", offices, office_names)
        title = _message(key, len(steps), named(definition), definition.direction)
        found.append(
            Worse(code, title, definition.unit, definition.direction, steps[:_WORST], above[:3], len(steps))
        )  # fmt: skip
    return found


def _steps(
    asked: RequestParams, code: str, key: str, rows: Mapping[Any, Line], names: Mapping[Any, str]
) -> list[tuple[str, str, Any]]:
    """(name, its page, cell) of the units where the indicator got worse, the largest step first."""
    bad = 1 if queries.catalogue()[code].direction == "down" else -1
    grown = [
        (bad * cell.change, names.get(unit, str(unit)), unit, cell)
        for unit, row in rows.items()
        if (cell := row.get(code, EMPTY)).change is not None and bad * cell.change > 0
    ]
    grown.sort(key=lambda step: (-step[0], step[1]))
    page = reverse("indicators:overview")
    return [
        (name, page + asked.address(**{key: unit, "code": code}), cell)
        for _step, name, unit, cell in grown
    ]


def _message(key: str, count: int, name: str, direction: str | None) -> str:
    """ "Nợ quá hạn tăng ở 3 xã, phường"."""
    parts = {"name": name, "n": count, "units": _(MANY[key])}
    if not count:
        return _("%(name)s không xấu đi ở %(units)s nào") % parts
    if direction == "down":
        return ngettext("%(name)s tăng ở %(n)d %(units)s", "%(name)s tăng ở %(n)d %(units)s", count) % parts  # fmt: skip
    return ngettext("%(name)s giảm ở %(n)d %(units)s", "%(name)s giảm ở %(n)d %(units)s", count) % parts  # fmt: skip
