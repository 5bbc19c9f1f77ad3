"""Letters to borrowers by group, and the notice of the transaction point."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.closing.composing.decrees import group_letter, point_notice
from tdcs.closing.errors_decrees import DecreeNotConfirmed
from tdcs.closing.queries.decree_book import (
    application_of,
    cited,
    groups_written_to,
    lines_for_group,
    rates_changed,
)
from tdcs.closing.queries.decrees import first_day
from tdcs.closing.views.decrees import decree_or_404
from tdcs.core import clock, trail
from tdcs.core.text import fold
from tdcs.entrustment.queries.groups import faces_of, profile_on
from tdcs.http import official, refusing
from tdcs.http.shown_tables import page_of
from tdcs.loans.views.lookups import group_or_404
from tdcs.organisations.models import Kind, Organisation
from tdcs.programmes.models import DecreeApplication

PAGE: Final = 50
_OFFICES: Final = (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH)


@requires("loans.view")
@require_GET
@refusing
def letters_page(request: PersonRequest, document: str) -> HttpResponse:
    """The groups in scope whose borrowers get a letter, and the notice."""
    row, application = decree_or_404(document), _taken_up(document)
    on, words = clock.today(), request.GET.get("q", "").strip()[:60]
    groups = groups_written_to(request.user, application, fold(words))
    page = page_of(request, groups, PAGE)
    faces = faces_of([group.pk for group in page], on)
    context = {
        "row": row,
        "application": application,
        "page": page,
        "rows": [(group, faces.get(group.pk)) for group in page],
        "q": words,
        "sees_decree": request.user.may("closing.view"),
        "has_notice": _office(request) is not None,
    }
    return render(request, "closing/decree_letters.html", context)


@requires("loans.view")
@require_GET
@refusing
def letter(request: PersonRequest, document: str, pk: int, fmt: str) -> HttpResponse:
    """One group's letter as a file."""
    decree_or_404(document)
    application, on = _taken_up(document), clock.today()
    group = group_or_404(request, pk)
    lines = lines_for_group(group, application, on)
    if not lines:
        raise Http404(str(pk))
    profile = profile_on(group, on)
    made = group_letter(
        lines,
        decree=cited(document),
        first=first_day(document),
        group=f"{profile.name} ({group.code})",
        office=profile.office_id,
        on=on,
    )
    answer = official(made, fmt, f"thong-bao-lai-suat-{group.code}")
    answer["Cache-Control"] = "no-store"
    with transaction.atomic():
        trail.record(
            action="closing.print_decree_letter",
            subject=group,
            by=request.user,
            on=on,
            data={"document": document, "format": fmt, "loans": len(lines)},
        )
    return answer


@requires("loans.view")
@require_GET
@refusing
def notice(request: PersonRequest, document: str, fmt: str) -> HttpResponse:
    """The notice that an office's transaction points put up."""
    decree_or_404(document)
    _taken_up(document)
    office = _office(request)
    if office is None:
        raise Http404(document)
    made = point_notice(
        rates_changed(document),
        decree=cited(document),
        first=first_day(document),
        office=office.pk,
        on=clock.today(),
    )
    return official(made, fmt, f"niem-yet-lai-suat-{document}")


def _taken_up(document: str) -> DecreeApplication:
    """The decree as the book took it up; nobody is written to before. Raises DecreeNotConfirmed."""
    application = application_of(document)
    if application is None or application.taken_up_on is None:
        raise DecreeNotConfirmed(document=document)
    return application


def _office(request: PersonRequest) -> Organisation | None:
    """The bank's unit in whose name the person writes."""
    unit = own_organisation(request.user)
    return unit if unit is not None and unit.kind in _OFFICES else None
