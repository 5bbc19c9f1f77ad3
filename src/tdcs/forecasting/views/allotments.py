"""Which allotments of the budgets reach the targets at least cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.numbers import bound
from tdcs.forecasting.errors import NoMonthClosed
from tdcs.forecasting.forms import SearchForm
from tdcs.forecasting.queries.allotments import Found
from tdcs.forecasting.queries.allotments import allotments as search_for
from tdcs.forecasting.queries.bindings import in_words
from tdcs.forecasting.queries.opening import base_of
from tdcs.forecasting.rules.allot import PROVINCE
from tdcs.forecasting.rules.allot_assumptions import Search, usual_search
from tdcs.http import FORMATS, paper, sheet


@requires("forecasting.view")
@require_GET
def allotments(request: PersonRequest) -> HttpResponse:
    """The budgets year by year, what it costs them, and what binds, for the assumptions in the address."""
    language = get_language() or "vi"
    try:
        base = base_of(clock.today())
    except NoMonthClosed as refusal:
        words = {"reason": refusal.sentence(language), "next_step": refusal.next_step(language)}
        return render(request, "forecasting/no_month.html", words)
    typed = any(request.GET.get(name) for name in SearchForm.base_fields)
    form = SearchForm(request.GET if typed else None)
    search, refusals, found = usual_search(), [], None
    if form.is_bound and not form.is_valid():
        refusals = [
            f"{form.fields[name].label}: {said}"
            for name, all_ in form.errors.items()
            for said in all_
        ]
    else:
        search = form.search(search) if form.is_bound else search
        try:
            found = search_for(base, search)
        except Refusal as refusal:
            refusals = [f"{refusal.sentence(language)} {refusal.next_step(language)}"]
    if found and request.GET.get("export") in FORMATS:
        return _export(request, found, base)
    context = {
        "shown_day": base,
        "form": form if form.is_bound else SearchForm(initial=_initial(search)),
        "refusals": refusals,
        **(_shown(found) if found else {}),
    }
    return render(request, "forecasting/allotments.html", context)


def _shown(found: Found) -> dict[str, Any]:
    told = found.allotments
    rows = _rows(found)
    return {
        "found": found,
        "rows": _by_year(found, rows),
        "silent": len(told.given) - len(rows),
        "sums": _by_year(found, _sums(found)),
        "sentences": in_words(told.binding, found.names),
    }


def _by_year(
    found: Found, rows: list[tuple[str, tuple[int, ...], int]]
) -> list[tuple[str, list[tuple[int, int]], int]]:
    """Each amount with its year, which a narrow screen says beside it."""
    years = found.task.years
    return [(name, list(zip(years, row, strict=True)), whole) for name, row, whole in rows]


def _sums(found: Found) -> list[tuple[str, tuple[int, ...], int]]:
    """What growth asks of each year, and what of it the centre and the budgets bring."""
    told = found.allotments
    local = tuple(sum(year) for year in zip(*told.given.values(), strict=True))
    rows = (
        (_("Tăng trưởng cần"), found.task.asked),
        (_("Vốn trung ương"), told.central),
        (_("Vốn địa phương"), local),
    )
    return [(name, row, sum(row)) for name, row in rows]


def _rows(found: Found) -> list[tuple[str, tuple[int, ...], int]]:
    """The budgets that give anything, the province first, the communes by what they give."""
    given: Mapping[int, tuple[int, ...]] = found.allotments.given
    paying = [key for key, row in given.items() if any(row)]
    paying.sort(key=lambda key: (key != PROVINCE, -sum(given[key]), found.names.get(key, "")))
    names = {PROVINCE: _("Ngân sách tỉnh"), **found.names}
    return [(names.get(key, str(key)), given[key], sum(given[key])) for key in paying]


def _initial(search: Search) -> dict[str, Any]:
    """The figures as the form shows them."""
    shown: dict[str, Any] = {"until": search.until}
    for field in fields(search):
        value = getattr(search, field.name)
        if field.name != "until" and value is not None:
            shown[field.name] = bound(value).removesuffix("%")
    return shown


def _export(request: PersonRequest, found: Found, base: date) -> HttpResponse:
    head = [_("Nguồn"), *(str(year) for year in found.task.years), _("Cộng")]
    central = found.allotments.central
    rows: list[tuple[str | int, ...]] = [(_("Vốn trung ương"), *central, sum(central))]
    rows += [(name, *row, whole) for name, row, whole in _rows(found)]
    around = paper(request, _("Bố trí vốn ngân sách để đạt chỉ tiêu"), on=base)
    return sheet(request.GET["export"], "bo-tri-von", head, rows, around)
