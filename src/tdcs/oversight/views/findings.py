"""Findings: raised, listed by due day, answered, closed, reopened."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import back, paper, parse_day, parse_int, refusing, sheet, show_success
from tdcs.organisations.queries import names_on
from tdcs.oversight.errors import OversightFieldWrong
from tdcs.oversight.queries.inspections import (
    finding_rows,
    owners_for,
    person_in,
    repeats_of,
    steps_of,
    subject_names,
)
from tdcs.oversight.queries.scope import acts_for
from tdcs.oversight.services import findings as service
from tdcs.oversight.services.findings import FindingDraft, Proof
from tdcs.oversight.states import FINDING_MOVES, FindingState
from tdcs.oversight.views.found import finding_or_404, inspection_or_404

_HEADER: Final = ("Tồn tại", "Đối tượng", "Mức độ", "Người khắc phục", "Hạn", "Trạng thái")


@requires("oversight.view")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """Findings in scope, the first due first."""
    on, state = clock.today(), request.GET.get("state", "")
    state = state if state in FindingState.values else ""
    mine = request.GET.get("mine") == "1"
    rows = finding_rows(request.user, on, state=state, mine=mine)
    subjects = subject_names({one.inspection for one in rows}, on)
    if request.GET.get("export"):
        cells = [
            (one.words, subjects[one.inspection_id], one.get_severity_display(), one.owner.full_name,
             one.due_on, one.get_state_display())
            for one in rows
        ]  # fmt: skip
        around = paper(request, _("Tồn tại, kiến nghị"), on=on)
        return sheet(request.GET["export"], f"ton-tai-{on}", _HEADER, cells, around)
    context = {
        "rows": [(one, subjects[one.inspection_id]) for one in rows],
        "state": state,
        "states": FindingState.choices,
        "mine": mine,
        "on": on,
        "closed": FindingState.CLOSED,
    }
    return render(request, "oversight/findings.html", context)


@requires("oversight.inspect")
@require_POST
@refusing
def raise_one(request: PersonRequest, pk: int) -> HttpResponse:
    """A finding is written down at its inspection."""
    row, on = inspection_or_404(request, pk), clock.today()
    owner = person_in(owners_for(row, on), parse_int(request.POST.get("owner")))
    due = parse_day(request.POST.get("due_on"))
    if owner is None or due is None:
        field = "người khắc phục" if owner is None else "hạn khắc phục"
        raise OversightFieldWrong(field=field, why="chưa chọn")
    draft = FindingDraft(
        item=request.POST.get("item", ""),
        words=request.POST.get("words", ""),
        cause=request.POST.get("cause", ""),
        recommendation=request.POST.get("recommendation", ""),
        owner=owner,
        due_on=due,
        severity=request.POST.get("severity", ""),
        loan=parse_int(request.POST.get("loan")),
    )
    key = request.POST.get("key", "")
    service.raise_finding(inspection=row, draft=draft, by=request.user, on=on, key=key)
    show_success(request, _("Đã ghi tồn tại."))
    return back(request)


@requires("oversight.view")
@require_GET
@refusing
def finding_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One finding: what, why, who, until when, what was done, what it repeats."""
    row, on, person = finding_or_404(request, pk), clock.today(), request.user
    follows, mine = person.may("oversight.follow"), row.owner_id == person.pk
    acts = acts_for(person, row.inspection.body_id)
    context = {
        "row": row,
        "subject": subject_names([row.inspection], on)[row.inspection_id],
        "body": names_on(on, [row.inspection.body_id]).get(row.inspection.body_id, ""),
        "steps": steps_of(row),
        "step_words": {verb: move.label for verb, move in FINDING_MOVES.items()},
        "repeats": repeats_of(row),
        "late": row.state != FindingState.CLOSED and row.due_on < on,
        "may_answer": follows and mine and row.state in FINDING_MOVES["answer"].sources,
        "may_close": follows and (mine or acts) and row.state in FINDING_MOVES["close"].sources,
        "may_reopen": person.may("oversight.inspect") and acts and not mine and row.state in FINDING_MOVES["reopen"].sources,
    }  # fmt: skip
    return render(request, "oversight/finding.html", context)


def _proof(request: PersonRequest) -> Proof:
    sent = request.FILES.get("file")
    content, name = (sent.read(), sent.name or "") if sent else (b"", "")
    return Proof(request.POST.get("words", ""), content, name)


@requires("oversight.follow")
@require_POST
@refusing
def answer_one(request: PersonRequest, pk: int) -> HttpResponse:
    """Its owner says what was done."""
    row = finding_or_404(request, pk)
    service.answer(finding=row, proof=_proof(request), by=request.user, on=clock.today())
    show_success(request, _("Đã báo khắc phục."))
    return redirect("oversight:finding", pk=pk)


@requires("oversight.follow")
@require_POST
@refusing
def close_one(request: PersonRequest, pk: int) -> HttpResponse:
    """The finding is settled."""
    row = finding_or_404(request, pk)
    service.close(finding=row, proof=_proof(request), by=request.user, on=clock.today())
    show_success(request, _("Đã khép lại tồn tại."))
    return redirect("oversight:finding", pk=pk)


@requires("oversight.inspect")
@require_POST
@refusing
def reopen_one(request: PersonRequest, pk: int) -> HttpResponse:
    """It was not remedied after all."""
    row = finding_or_404(request, pk)
    words = request.POST.get("words", "")
    service.reopen(finding=row, words=words, by=request.user, on=clock.today())
    show_success(request, _("Đã mở lại tồn tại."))
    return redirect("oversight:finding", pk=pk)
