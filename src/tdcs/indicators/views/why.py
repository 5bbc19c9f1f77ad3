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
from tdcs.indicators.views.asked import Asked, read_asked
from tdcs.indicators.views.cells import EMPTY, askable, total
from tdcs.indicators.views.frame import KEY_NAMES, explained, frame, named
from tdcs.indicators.views.wording import said

MONTHS: Final = 24


@requires("indicators.view")
@require_GET
def why(request: PersonRequest, code: str) -> HttpResponse:
    """One indicator of one place."""
    catalogue = queries.catalogue()
    if code not in catalogue:
        raise Http404(code)
    asked = read_asked(request, codes=(code,), code=code)
    if asked is None:
        return render(request, "indicators/no_day.html")
    definition = catalogue[code]
    cell = total(asked, [code]).get(code, EMPTY)
    points = history(asked, code)
    if asked.scope and cell.value is None and not any(value is not None for _d, value in points):
        raise Http404("scope")
    name, target = named(definition), definition.target_on(asked.on)
    context: dict[str, Any] = {
        **frame(asked, "indicators:overview"),
        "name": name,
        "cell": cell,
        "formula": explained(definition),
        "target": target,
        "points": points[::-1],
        "trend_title": _trend(name, points, definition.unit),
        "ways": [(_(KEY_NAMES[k]), reverse("indicators:table") + asked.address(by=k)) for k in KEY_NAMES if askable(asked, definition, k)],
        "chart": chart(definition, name, points, target),
        "part_unit": "count" if code in _COUNTED else "dong",
    }  # fmt: skip
    return render(request, "indicators/why.html", context)


# Indicators whose parts are counted, not paid.
_COUNTED: Final = frozenset(
    {"access", "groups_good", "groups_fair", "groups_average", "groups_weak", "session_share", "tasks_on_time"}
)  # fmt: skip


def history(asked: Asked, code: str) -> list[tuple[date, int | None]]:
    """The indicator at the month-ends of two years, and on the day."""
    ends = [end for end in store().month_ends() if end < asked.on][-MONTHS:]
    frame_ = queries.series(code=code, days=[*ends, asked.on], where=asked.where)
    return [(row["day"], row["value"]) for row in frame_.iter_rows(named=True)]


def chart(definition: Any, name: str, points: list[tuple[date, int | None]], target: Any) -> dict[str, Any]:  # fmt: skip
    """What charts.js draws."""
    return {
        "kind": "line",
        "name": name,
        "unit": definition.unit,
        "days": [f"{day:%d/%m/%y}" if not _is_end(day) else f"{day:%m/%Y}" for day, _v in points],
        "values": [value for _d, value in points],
        "target": target.bound if target else None,
        "words": {"target": _("Chỉ tiêu"), "forecast": _("Dự báo"), "aria": _("Diễn biến qua các tháng; bảng bên dưới có cùng số liệu.")},
    }  # fmt: skip


def _is_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _trend(name: str, points: list[tuple[date, int | None]], unit: str) -> str:
    """The chart's message: from where to where."""
    there = [(day, value) for day, value in points if value is not None]
    if len(there) < 2 or there[0][1] == there[-1][1]:
        return name
    words = _("%(name)s tăng từ %(a)s lên %(b)s kể từ %(day)s") if there[-1][1] > there[0][1] else _("%(name)s giảm từ %(a)s xuống %(b)s kể từ %(day)s")  # fmt: skip
    return words % {
        "name": name,
        "a": said(there[0][1], unit),
        "b": said(there[-1][1], unit),
        "day": f"{there[0][0]:%d/%m/%Y}",
    }
