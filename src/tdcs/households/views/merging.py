"""A household found twice: the other one is looked for, what would follow is shown, the code is typed, and undone."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.households.forms import MergeForm, WhyForm
from tdcs.households.models import Household
from tdcs.households.queries.finding import heads_and_places
from tdcs.households.queries.merging import lookalikes
from tdcs.households.queries.scope import changeable_households
from tdcs.households.services.merging import HouseholdMerge, foresee, merge, undo
from tdcs.households.views.requested import FormFrame, changeable_or_404, with_form
from tdcs.http import parse_day, parse_int, show_success


@requires("households.merge")
@require_http_methods(["GET", "POST"])
def merge_page(request: PersonRequest, pk: int) -> HttpResponse:
    """``pk`` stays, ``with`` goes; without ``with`` the page looks for it."""
    stays = changeable_or_404(request, pk)
    other = parse_int(request.GET.get("with"))
    if not other:
        return render(request, "households/merge_choose.html", _choose(request, stays))
    goes = get_object_or_404(changeable_households(request.user), pk=other)
    today = clock.today()
    form = MergeForm(request.POST or None, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        try:
            return _merge(request, goes, stays, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, _words(refusal))
    return render(request, "households/merge.html", _preview(request, goes, stays, form))


def _choose(request: PersonRequest, stays: Household) -> dict[str, Any]:
    on, words = clock.today(), request.GET.get("q", "").strip()[:80]
    rows = lookalikes(stays, words, request.user, on)
    faces = heads_and_places([stays.pk, *(row.pk for row in rows)], on)
    return {
        "row": stays,
        "face": faces[stays.pk],
        "q": words,
        "found": [(row, faces[row.pk]) for row in rows],
    }


def _merge(
    request: PersonRequest, goes: Household, stays: Household, data: dict[str, Any]
) -> HttpResponse:
    merge(
        merger=HouseholdMerge(goes=goes, stays=stays, since=data["since"], why=data["why"]),
        typed=data["typed"],
        by=request.user,
        on=clock.today(),
    )
    words = _("Đã gộp hộ %(goes)s vào hộ %(stays)s.")
    show_success(request, words % {"goes": goes.code, "stays": stays.code})
    return redirect("households:household", pk=stays.pk)


def _preview(
    request: PersonRequest, goes: Household, stays: Household, form: MergeForm
) -> dict[str, Any]:
    on = clock.today()
    since = parse_day(request.POST.get("since")) or on
    refused, seen = "", None
    try:
        seen = foresee(goes=goes, stays=stays, since=since, by=request.user, on=on)
    except Refusal as refusal:
        refused = _words(refusal)
    faces = heads_and_places([goes.pk, stays.pk], on)
    return {
        "goes": goes,
        "stays": stays,
        "sides": [(stays, faces[stays.pk]), (goes, faces[goes.pk])],
        "form": form,
        "since": since,
        "seen": seen,
        "refused": refused,
    }


def _words(refusal: Refusal) -> str:
    language = get_language() or "vi"
    return f"{refusal.sentence(language)} {refusal.next_step(language)}".strip()


@requires("households.merge")
@require_http_methods(["GET", "POST"])
def undo_page(request: PersonRequest, pk: int, merge: int) -> HttpResponse:
    """The household that went lives again, while nothing new was written on the one that stayed."""
    row = changeable_or_404(request, pk)
    held = get_object_or_404(row.inheritances.select_related("predecessor"), pk=merge)
    code = held.predecessor.code

    def deed(data: dict[str, Any]) -> HttpResponse:
        undo(succession=held, why=data["why"], by=request.user, on=clock.today())
        show_success(request, _("Hộ %(code)s đã tách ra như trước khi gộp.") % {"code": code})
        return redirect("households:household", pk=held.predecessor_id)

    return with_form(
        request,
        WhyForm(request.POST or None),
        deed,
        frame=FormFrame(
            heading=_("Hoàn tác việc gộp hộ %(code)s") % {"code": code},
            button=_("Hoàn tác"),
            crumbs=[
                (_("Hộ vay"), reverse("households:list")),
                (row.code, reverse("households:household", args=[row.pk])),
            ],
            lede=_("Chỉ được khi từ lúc gộp chưa ghi gì mới về hộ %(code)s.") % {"code": row.code},
            confirm=_("Tách lại hộ %(code)s?") % {"code": code},
        ),
    )
