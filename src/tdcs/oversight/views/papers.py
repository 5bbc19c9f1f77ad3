"""Papers and files of oversight: lists, minutes, programmes, photos, proofs."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.documents.accepting import download_name
from tdcs.http import attachment, official, refusing
from tdcs.oversight.composing.papers import (
    list_of_borrowers,
    minutes,
    programme_paper,
    summary_paper,
)
from tdcs.oversight.queries.coverage import by_body, year_coverage
from tdcs.oversight.queries.inspections import (
    borrowers_of,
    checklist_of,
    findings_of,
    findings_of_body,
    loan_checklist_of,
    photo_in,
    planned_of,
    proof_in,
    subject_names,
    visits_of,
)
from tdcs.oversight.services.files import folder
from tdcs.oversight.views.found import inspection_or_404, programme_or_404

_KINDS: Final = {
    ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".pdf": "application/pdf",
}  # fmt: skip


@requires("oversight.view")
@require_GET
@refusing
def borrowers(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The list that the team takes along."""
    row, on = inspection_or_404(request, pk), clock.today()
    checklist = loan_checklist_of(row) or checklist_of(row)
    made = list_of_borrowers(
        row, subject_names([row], on)[row.pk], borrowers_of(row, on), checklist, on
    )
    answer = official(made, fmt, f"danh-sach-{row.number}".lower())
    answer["Cache-Control"] = "no-store"
    return answer


@requires("oversight.view")
@require_GET
@refusing
def inspection_minutes(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The minutes of an inspection."""
    row, on = inspection_or_404(request, pk), clock.today()
    subject = subject_names([row], on)[row.pk]
    made = minutes(row, subject, visits_of(row), findings_of(row), row.held_on or on)
    answer = official(made, fmt, f"bien-ban-{row.number}".lower())
    answer["Cache-Control"] = "no-store"
    return answer


@requires("oversight.view")
@require_GET
@refusing
def programme(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """Form 01/KH."""
    row, on = programme_or_404(request, pk), clock.today()
    return official(programme_paper(row, planned_of(row, on), on), fmt, f"01-kh-{row.year}-{pk}")


@requires("oversight.view")
@require_GET
@refusing
def summary(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """Form 04/BC-TH."""
    row, on = programme_or_404(request, pk), clock.today()
    found = by_body(year_coverage(request.user, on), on)
    made = summary_paper(row, found, findings_of_body(row.body_id, row.year), on)
    return official(made, fmt, f"04-bc-th-{row.year}-{pk}")


@requires("oversight.view")
@require_GET
@refusing
def photo_file(request: PersonRequest, pk: int) -> HttpResponse:
    """A photo as it was received."""
    row = photo_in(request.user, pk)
    if row is None:
        raise Http404(str(pk))
    content = folder().get(row.sha256, row.ending, row.title)
    name = download_name(row.title, row.ending, "anh-kiem-tra")
    return attachment(content, _KINDS.get(row.ending, "application/octet-stream"), name)


@requires("oversight.view")
@require_GET
@refusing
def proof_file(request: PersonRequest, pk: int) -> HttpResponse:
    """A file that proves a step of a finding."""
    row = proof_in(request.user, pk)
    if row is None:
        raise Http404(str(pk))
    content = folder().get(row.sha256, row.ending, row.title)
    name = download_name(row.title, row.ending, "minh-chung")
    return attachment(content, _KINDS.get(row.ending, "application/octet-stream"), name)
