"""A template filled in: one record at once, a whole list in the background."""

from __future__ import annotations

import hashlib

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import DOCX, attachment, parse_int, refusing
from tdcs.jobs.services import ask
from tdcs.loans.states import LoanState
from tdcs.programmes.rules import programmes
from tdcs.word_templates.errors import NothingChosen, TooManyChosen
from tdcs.word_templates.models import WordTemplate
from tdcs.word_templates.providers import CODE
from tdcs.word_templates.queries.records import RecordFilters, keys_of, sees
from tdcs.word_templates.queries.templates import version_of
from tdcs.word_templates.services.filling import MOST_IN_ZIP, MOST_JOINED, fill_one
from tdcs.word_templates.views.templates import template_or_404


@requires("word_templates.use")
@require_GET
@refusing
def one(request: PersonRequest, pk: int, record: int) -> HttpResponse:
    """The template filled in from one record; ``phien-ban``: another version than the one in use, to try it."""
    row = template_or_404(request, pk)
    on = clock.today()
    if not sees(request.user, row.kind, record, on):
        raise Http404(str(record))
    number = parse_int(request.GET.get("phien-ban"))
    version = version_of(row, number) if number else None
    if number and version is None:
        raise Http404(str(number))
    made = fill_one(
        template=row,
        record=record,
        version=version,
        full=request.GET.get("du-so") == "1",
        by=request.user,
        on=on,
    )
    answer = attachment(made.content, DOCX, made.name)
    answer["Cache-Control"] = "no-store"
    return answer


@requires("word_templates.use")
@require_POST
@refusing
def many(request: PersonRequest, pk: int) -> HttpResponse:
    """The template for every record that matches, as a job of the person."""
    row = template_or_404(request, pk)
    on, sent = clock.today(), request.POST
    full, joined = sent.get("full") == "1", sent.get("form") == "one"
    if full and not request.user.may("households.unmask"):
        raise PermissionDenied("households.unmask")
    records = keys_of(request.user, row.kind, _asked(request), on)
    _bounded(records, MOST_JOINED if joined else MOST_IN_ZIP)
    digest = hashlib.sha256(repr(records).encode()).hexdigest()
    job = ask(
        kind=CODE,
        title=_title(row, len(records)),
        request=(
            {
                "template": row.pk,
                "records": records,
                "joined": joined,
                "full": full,
                "language": get_language() or "vi",
            },
            b"",
        ),
        by=request.user,
        on=on,
        key=f"{CODE} {row.pk} {joined} {full} {digest}",
    )
    return redirect("jobs:job", pk=job.pk)


def _bounded(records: list[int], most: int) -> None:
    if not records:
        raise NothingChosen
    if len(records) > most:
        raise TooManyChosen(count=len(records), most=most)


def _title(row: WordTemplate, count: int) -> str:
    return _("Điền mẫu “%(title)s” cho %(n)d bản ghi") % {"title": row.title, "n": count}


def _asked(request: PersonRequest) -> RecordFilters:
    sent = request.POST
    state = sent.get("state", "")
    programme = sent.get("programme", "")
    return RecordFilters(
        words=sent.get("q", "").strip()[:100],
        commune=parse_int(sent.get("commune")),
        programme=programme if programme in programmes() else "",
        state=state if state in LoanState.values else "",
        group=sent.get("group", "").strip()[:10],
    )
