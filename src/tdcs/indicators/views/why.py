"""Why a figure is what it is: its parts, formula and basis, and how it came here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.closing.queries import store
from tdcs.indicators import queries
from tdcs.indicators.views.cells import EMPTY, askable, total
from tdcs.indicators.views.frame import KEY_NAMES, explained, frame, named
from tdcs.indicators.views.request_params import RequestParams, read_request_params
from tdcs.indicators.views.target_rows import TargetRow, target_rows
from tdcs.indicators.views.wording import said

MONTHS: Final = 24


@requires("indicators.view")
@require_GET
def why(request: PersonRequest, code: str) -> HttpResponse:
    """One indicator of one place."""
    catalogue = queries.catalogue()
    if code not in catalogue:
        raise Http404(code)
    asked = read_request_params(request, codes=(code,), code=code)
    if asked is None:
        return render(request, "indicators/no_day.html")
    definition = catalogue[code]
    cell = total(asked, [code]).get(code, EMPTY)
    points = history(asked, code)
    name, target = named(definition), definition.target_on(asked.on)
    promised = (
        next((a for a in target_rows(asked) if a.line.code == code), None) if target else None
    )
    context: dict[str, Any] = {
        **frame(asked, "indicators:overview"),
        "name": name,
        "cell": cell,
        "formula": explained(definition),
        "target": target,
        "points": points[::-1],
        "trend_title": _trend(name, _compared(definition, points), definition.unit),
        "ways": [
            (_(KEY_NAMES[k]), reverse("indicators:table") + asked.address(by=k))
            for k in KEY_NAMES
            if askable(asked, definition, k)
        ],
        "chart": chart(definition, name, points, promised, asked.on.year),
        "aim": promised,
        "above": _unit(definition.numerator),
        "below": _unit(definition.denominator),
    }
    return render(request, "indicators/why.html", context)


# Measures that are counted; the others are paid in dong.
_COUNTED: Final = frozenset({"loans", "overdue_loans", "frozen_loans", "new_loans", "borrowers"})


def _unit(terms: Any) -> str:
    """Of what a numerator or a denominator is a sum."""
    measures = {term.measure for term in terms}
    money = all(term.origin == "book" for term in terms) and not measures & _COUNTED
    return "dong" if money or measures == {"savings"} else "count"


def history(asked: RequestParams, code: str) -> list[tuple[date, int | None]]:
    """The indicator at the month-ends of two years, and on the day."""
    ends = [end for end in store().month_ends() if end < asked.on][-MONTHS:]
    frame_ = queries.series(code=code, days=[*ends, asked.on], where=asked.where)
    return [(row["day"], row["value"]) for row in frame_.iter_rows(named=True)]


def chart(
    definition: Any,
    name: str,
    points: list[tuple[date, int | None]],
    aim: TargetRow | None,
    year: int,
) -> dict[str, Any]:
    """What charts.js draws."""
    ahead = aim.forecast if aim else None
    return {
        "kind": "line",
        "name": name,
        "unit": definition.unit,
        "days": [f"{day:%m/%Y}" if _is_end(day) else f"{day:%d/%m/%y}" for day, _v in points],
        "values": [value for _d, value in points],
        "target": aim.line.target if aim else None,
        "forecast": None if ahead is None else {"day": f"12/{year}", "value": ahead},
        "words": {
            "target": _("Chỉ tiêu"),
            "forecast": _("Dự báo"),
            "aria": _("Diễn biến qua các tháng; bảng bên cạnh có cùng số liệu."),
        },
    }


def _is_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _compared(
    definition: Any, points: list[tuple[date, int | None]]
) -> list[tuple[date, int | None]]:
    """The points that the message compares: what counts from the year's beginning, only within the year."""
    if not any(term.moment in ("year", "year_to_date") for term in definition.terms):
        return points
    return [(day, value) for day, value in points if day.year == points[-1][0].year]


def _trend(name: str, points: list[tuple[date, int | None]], unit: str) -> str:
    """The chart's message: from where to where."""
    there = [(day, value) for day, value in points if value is not None]
    if len(there) < 2 or there[0][1] == there[-1][1]:
        return name
    rises = there[-1][1] > there[0][1]
    up = _("%(name)s tăng từ %(a)s lên %(b)s kể từ %(day)s")
    down = _("%(name)s giảm từ %(a)s xuống %(b)s kể từ %(day)s")
    return (up if rises else down) % {
        "name": name,
        "a": said(there[0][1], unit),
        "b": said(there[-1][1], unit),
        "day": f"{there[0][0]:%d/%m/%Y}",
    }
