"""Queries of auditors: asked of a unit, answered by it, settled by the auditor."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.documents.accepting import download_name
from tdcs.http import attachment, parse_day, parse_int, refusing, show_success
from tdcs.organisations.queries import names_on
from tdcs.oversight.errors import OversightFieldWrong
from tdcs.oversight.models import AuditQuery
from tdcs.oversight.queries import auditing as queries
from tdcs.oversight.services import auditing as service
from tdcs.oversight.services.auditing import QueryDraft
from tdcs.oversight.services.files import folder
from tdcs.oversight.services.findings import Proof
from tdcs.oversight.states import AUDIT_QUERY_MOVES, AuditQueryState
from tdcs.oversight.views.auditing import engagement_or_404

_PAGE: Final = 200
_KINDS: Final = {
    ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".pdf": "application/pdf",
}  # fmt: skip


def _query_or_404(request: PersonRequest, pk: int) -> AuditQuery:
    found: AuditQuery = get_object_or_404(queries.visible_queries(request.user), pk=pk)
    return found


@requires("oversight.audit")
@require_POST
@refusing
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """The auditor asks a unit."""
    row, due = engagement_or_404(request, pk), parse_day(request.POST.get("due_on"))
    if due is None:
        raise OversightFieldWrong(field="hạn trả lời", why="chưa ghi")
    draft = QueryDraft(
        unit=parse_int(request.POST.get("unit")),
        words=request.POST.get("words", ""),
        due_on=due,
        loan=parse_int(request.POST.get("loan")),
        entry=parse_int(request.POST.get("entry")),
    )
    key = request.POST.get("key", "")
    made = service.ask(engagement=row, draft=draft, by=request.user, on=clock.today(), key=key)
    show_success(request, _("Đã gửi câu hỏi."))
    return redirect("oversight:audit_query", pk=made.pk)


@requires("oversight.answer_audit")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """What auditors ask the person's unit, the first due first."""
    on = clock.today()
    rows = list(queries.visible_queries(request.user)[:_PAGE])
    names = names_on(on, {one.unit_id for one in rows})
    context = {
        "rows": [(one, names.get(one.unit_id, "")) for one in rows],
        "on": on,
        "asked": AuditQueryState.ASKED,
        "settled": AuditQueryState.SETTLED,
    }
    return render(request, "oversight/audit_queries.html", context)


@requires("oversight.audit_read")
@require_GET
@refusing
def query_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One query for the auditor and the branch."""
    return _shown(request, _query_or_404(request, pk))


@requires("oversight.answer_audit")
@require_GET
@refusing
def asked_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One query for the unit that is asked."""
    return _shown(request, _query_or_404(request, pk))


def _shown(request: PersonRequest, row: AuditQuery) -> HttpResponse:
    person, on = request.user, clock.today()
    unit = own_organisation(person)
    mine = unit is not None and unit.pk == row.unit_id and person.may("oversight.answer_audit")
    auditor = row.engagement.auditor_id == person.pk and queries.is_open(row.engagement, on)
    context = {
        "row": row,
        "unit": names_on(on, [row.unit_id]).get(row.unit_id, ""),
        "steps": queries.steps_of(row),
        "step_words": {verb: move.label for verb, move in AUDIT_QUERY_MOVES.items()},
        "late": row.state == AuditQueryState.ASKED and row.due_on < on,
        "may_answer": mine and row.state in AUDIT_QUERY_MOVES["answer"].sources,
        "may_judge": auditor
        and person.may("oversight.audit")
        and row.state in AUDIT_QUERY_MOVES["settle"].sources,
        "reads": person.may("oversight.audit_read"),
    }
    return render(request, "oversight/audit_query.html", context)


@requires("oversight.answer_audit")
@require_POST
@refusing
def answer_one(request: PersonRequest, pk: int) -> HttpResponse:
    """The unit answers."""
    sent = request.FILES.get("file")
    content, name = (sent.read(), sent.name or "") if sent else (b"", "")
    proof = Proof(request.POST.get("words", ""), content, name)
    row = _query_or_404(request, pk)
    service.answer(query=row, proof=proof, by=request.user, on=clock.today())
    show_success(request, _("Đã trả lời kiểm toán."))
    return redirect("oversight:asked_query", pk=pk)


@requires("oversight.audit")
@require_POST
@refusing
def give_opinion(request: PersonRequest, pk: int) -> HttpResponse:
    """The auditor accepts the answer or asks again."""
    service.give_opinion(
        query=_query_or_404(request, pk),
        verb=request.POST.get("verb", ""),
        words=request.POST.get("words", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi ý kiến kiểm toán."))
    return redirect("oversight:audit_query", pk=pk)


@requires("oversight.audit_read")
@require_GET
@refusing
def answer_file(request: PersonRequest, pk: int) -> HttpResponse:
    """What was attached to an answer."""
    step = queries.answer_file_in(request.user, pk)
    if step is None:
        raise Http404(str(pk))
    content = folder().get(step.sha256, step.ending, step.title)
    name = download_name(step.title, step.ending, "tra-loi")
    answer = attachment(content, _KINDS[step.ending], name)
    answer["Cache-Control"] = "no-store"
    return answer
