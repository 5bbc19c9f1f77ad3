"""Scenarios side by side, one of them year by year, and how far the method was off in the past."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.numbers import bound, ppm
from tdcs.forecasting.errors import NoMonthClosed
from tdcs.forecasting.forms import AssumptionsForm
from tdcs.forecasting.models import Scenario
from tdcs.forecasting.queries.opening import base_of
from tdcs.forecasting.queries.scenarios import (
    Named,
    Outcome,
    opening_of,
    outcome,
    scenarios,
    tries_of,
)
from tdcs.forecasting.rules.assumptions import OLDEST, PPM, Assumptions
from tdcs.forecasting.services import end_scenario, keep_scenario
from tdcs.http import FORMATS, paper, refusing, sheet, show_success

# Fields of the form whose empty figure means as in the past year.
_AS_BEFORE: Final = ("lending", "slipped", "early", "cured")
_HEAD: Final = (
    gettext_noop("Năm"),
    gettext_noop("Dư nợ đầu năm"),
    gettext_noop("Cho vay"),
    gettext_noop("Thu nợ"),
    gettext_noop("Dư nợ cuối năm"),
    gettext_noop("Tăng trưởng"),
    gettext_noop("Vốn địa phương cuối năm"),
    gettext_noop("Tỷ trọng"),
    gettext_noop("Vốn địa phương thêm"),
    gettext_noop("Trong đó cấp xã thêm"),
    gettext_noop("Vốn trung ương thêm"),
    gettext_noop("Nợ quá hạn"),
    gettext_noop("Lãi phát sinh"),
    gettext_noop("Hoa hồng"),
    gettext_noop("Phí ủy thác"),
)


@requires("forecasting.view")
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """The scenarios from the last closed month-end, and the one that the address names or assumes."""
    try:
        base = base_of(clock.today())
    except NoMonthClosed as refusal:
        language = get_language() or "vi"
        words = {"reason": refusal.sentence(language), "next_step": refusal.next_step(language)}
        return render(request, "forecasting/no_month.html", words)
    known = scenarios()
    form = AssumptionsForm(request.GET if _typed(request) else None)
    chosen, refused = _chosen(request, known, form)
    outcomes, refusals = _outcomes([chosen, *known] if chosen not in known else known, base)
    shown = next((one for one in outcomes if one.scenario is chosen), None)
    if request.GET.get("export") in FORMATS and shown:
        return _export(request, shown, base)
    context: dict[str, Any] = {
        "shown_day": base,
        "outcomes": outcomes,
        "shown": shown,
        "refusals": [*refused, *refusals],
        "form": form if form.is_bound else AssumptionsForm(initial=_initial(chosen.assumed)),
        "may_keep": request.user.may("forecasting.change"),
        "typed": chosen not in known,
        "habits": _habits(base, chosen.assumed.until) if shown else [],
        "ages": range(OLDEST + 1),
        **(_money(base, chosen.assumed) if shown else {}),
        "tries": tries_of(base) if shown else [],
        "bars": shown.years if shown else [],
    }
    return render(request, "forecasting/overview.html", context)


@requires("forecasting.change")
@require_POST
@refusing
def keep(request: PersonRequest) -> HttpResponse:
    """The assumptions of the form under a name."""
    form = AssumptionsForm(request.POST)
    if not form.is_valid():
        raise Http404("assumptions")
    made = keep_scenario(
        name=request.POST.get("name", ""),
        assumed=form.assumed(),
        basis=request.POST.get("basis", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã lưu kịch bản “%(name)s”.") % {"name": made.name})
    return HttpResponseRedirect(f"{reverse('forecasting:overview')}?scenario={made.pk}")


@requires("forecasting.change")
@require_POST
@refusing
def end(request: PersonRequest, key: int) -> HttpResponse:
    """A scenario is given up by its author."""
    scenario = get_object_or_404(Scenario, pk=key)
    end_scenario(scenario=scenario, by=request.user, on=clock.today())
    show_success(request, _("Đã bỏ kịch bản “%(name)s”.") % {"name": scenario.name})
    return HttpResponseRedirect(reverse("forecasting:overview"))


def _typed(request: PersonRequest) -> bool:
    return any(request.GET.get(name) for name in AssumptionsForm.base_fields)


def _chosen(
    request: PersonRequest, known: list[Named], form: AssumptionsForm
) -> tuple[Named, list[str]]:
    """What the address assumes, else the scenario that it names, else the first; and what is wrong with it."""
    if form.is_bound:
        if form.is_valid():
            words = _("Giả định đang xem")
            return Named("", words, words, "", form.assumed()), []
        fields = form.fields
        wrong = [
            f"{fields[name].label}: {said}" for name, all_ in form.errors.items() for said in all_
        ]
        return known[0], wrong
    key = request.GET.get("scenario", "")
    return next((one for one in known if one.key == key), known[0]), []


def _outcomes(wanted: list[Named], base: date) -> tuple[list[Outcome], list[str]]:
    """What each comes to; of those that cannot be, why."""
    found, refused, language = [], [], get_language() or "vi"
    for one in wanted:
        try:
            found.append(outcome(one, base))
        except Refusal as refusal:
            said = refusal.sentence(language)
            refused.append(f"{one.said(language)}: {said}")
    return found, list(dict.fromkeys(refused))


def _initial(assumed: Assumptions) -> dict[str, Any]:
    """The figures of a scenario as the form shows them."""
    shown: dict[str, Any] = {"until": assumed.until}
    for name in ("growth", "local", "share", "commune", *_AS_BEFORE):
        value = getattr(assumed, name)
        if value is not None and not (name in _AS_BEFORE and value == PPM):
            shown[name] = bound(value).removesuffix("%")
    return shown


def _money(base: date, assumed: Assumptions) -> dict[str, Any]:
    """Whence the opening's shares come, and the communes' part of the local money."""
    opening = opening_of(base, assumed.until)
    communes = opening.communes if assumed.commune is None else assumed.commune
    return {"opening": opening, "commune_share": ppm(communes)}


def _habits(base: date, until: int) -> list[tuple[str, Any, tuple[Any, ...]]]:
    """Each programme with its habits of all ages, and those of each age."""
    opening = opening_of(base, until)
    borrowing = opening.book.borrowing
    return [(code, one, borrowing[code].habits) for code, one in opening.habits.items()]


def _export(request: PersonRequest, shown: Outcome, base: date) -> HttpResponse:
    """The years of the scenario that is shown."""
    rows = [
        (
            year.year,
            year.opening,
            year.lent,
            year.repaid,
            year.closing,
            ppm(year.growth),
            year.local,
            ppm(year.local_share),
            year.local_added,
            year.commune_added,
            year.central_added,
            year.overdue,
            year.interest,
            year.commission,
            year.fee,
        )
        for year in shown.years
    ]
    title = ": ".join((_("Dự báo"), shown.scenario.said(get_language() or "vi")))
    around = paper(request, title, on=base)
    return sheet(request.GET["export"], "du-bao", [_(word) for word in _HEAD], rows, around)
