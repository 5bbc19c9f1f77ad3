"""The list of schemes; a new one; other years, scenario and bases of one that is there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.numbers import bound
from tdcs.forecasting.queries.scenarios import scenarios
from tdcs.http import parse_int, show_error, show_success
from tdcs.scheme import services
from tdcs.scheme.forms import SchemeForm
from tdcs.scheme.models import Scheme
from tdcs.scheme.queries import schemes as queries


@requires("scheme.view")
@require_GET
def schemes_page(request: PersonRequest) -> HttpResponse:
    """Every scheme with where its newest version stands."""
    rows = list(queries.schemes())
    context = {"rows": [(row, next(iter(row.versions.all()), None)) for row in rows]}
    return render(request, "scheme/list.html", context)


@requires("scheme.write")
@require_http_methods(["GET", "POST"])
def found_page(request: PersonRequest) -> HttpResponse:
    """A new scheme."""
    first = clock.today().year
    initial = {"first_year": first, "last_year": first + 4, "bases": queries.usual_bases()}
    initial["scenario"] = request.GET.get("scenario", "")
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.found_scheme(draft=form.draft(), by=request.user, on=clock.today())
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã mở đề án. Viết các phần rồi lập bản đầu tiên."))
            return redirect("scheme:scheme", pk=made.pk)
    return render(
        request, "scheme/form.html", {"form": form, "scheme": None, "title": _("Lập đề án")}
    )


@requires("scheme.write")
@require_http_methods(["GET", "POST"])
def change_page(request: PersonRequest, pk: int) -> HttpResponse:
    """What the scheme is built on."""
    scheme = get_object_or_404(queries.schemes(), pk=pk)
    form = _form(request, _initial(scheme), scheme)
    if request.method == "POST" and form.is_valid():
        revision = parse_int(request.POST.get("revision"))
        try:
            services.change_scheme(
                scheme=scheme,
                draft=form.draft(),
                revision=revision,
                by=request.user,
                on=clock.today(),
            )
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã sửa đề án."))
            return redirect("scheme:scheme", pk=pk)
    return render(
        request, "scheme/form.html", {"form": form, "scheme": scheme, "title": _("Sửa đề án")}
    )


def _initial(scheme: Scheme) -> dict[str, Any]:
    share = scheme.commune_share
    return {
        "name": scheme.name,
        "first_year": scheme.first_year,
        "last_year": scheme.last_year,
        "plan": str(scheme.plan_id),
        "scenario": scheme.scenario,
        "commune_share": "" if share is None else bound(share).removesuffix("%"),
        "bases": scheme.bases,
    }


def _form(
    request: PersonRequest, initial: dict[str, Any], scheme: Scheme | None = None
) -> SchemeForm:
    language, on = get_language() or "vi", clock.today()
    plans = queries.offered_plans(on)
    if scheme and scheme.plan not in plans:
        plans = [scheme.plan, *plans]
    chosen = scheme.bases if scheme else ()
    return SchemeForm(
        request.POST or None,
        initial=initial,
        plans=plans,
        scenarios=[(one.key, one.said(language)) for one in scenarios()],
        bases=[
            (one.code, format_html('<span lang="vi">{}: {}</span>', one.number, one.title))
            for one in queries.offered_bases(on, chosen)
        ],
    )
