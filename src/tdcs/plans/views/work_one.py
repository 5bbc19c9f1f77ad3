"""One obligation: what is asked, what was told, what can be done now."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import mark_taken
from tdcs.organisations.queries import names_on
from tdcs.plans.errors import AnswerIncomplete, Stale
from tdcs.plans.models import Obligation, ObligationState
from tdcs.plans.ports import evidence
from tdcs.plans.queries.evidence import of_obligation
from tdcs.plans.queries.inbox import InboxRow
from tdcs.plans.queries.obligations import (
    ELSEWHERE,
    map_day,
    proofs_of,
    visible_obligations,
    workable_units,
)
from tdcs.plans.queries.plans import is_closed
from tdcs.plans.rules.timeliness import standing_of
from tdcs.plans.services import progress
from tdcs.plans.services.progress import Progress
from tdcs.plans.states import MOVES
from tdcs.plans.views.requested import bound_to, parse_decimal, parse_int, show_error, show_success


@requires("plans.view")
@require_GET
def obligation_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The whole page, or its middle for the drawer of the matrix."""
    return answer(request, get_object_or_404(visible_obligations(request.user), pk=pk))


@requires("plans.work")
@require_POST
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Tell progress, submit or recall. A refusal keeps what was typed."""
    row, verb = workable_or_404(request, pk), request.POST.get("verb", "")
    try:
        _act(request, row, verb)
    except Refusal as refusal:
        show_error(request, refusal)
        entered = {} if isinstance(refusal, Stale) and verb == "recall" else request.POST.dict()
        return answer(request, row, entered=entered)
    said = {"recall": _("Đã rút lại báo cáo."), "submit": _("Đã báo cáo kết quả.")}
    show_success(request, said.get(verb, _("Đã lưu tiến độ.")))
    return answer(request, row, changed=True)


def _act(request: PersonRequest, row: Obligation, verb: str) -> None:
    on, by, seen = clock.today(), request.user, request.POST.get("seen", "")
    typed = request.POST.get("figure", "").strip()
    words, figure = request.POST.get("words", ""), parse_decimal(typed)
    if typed and figure is None:
        # What cannot be read as a figure is said, never dropped.
        raise AnswerIncomplete(what=_("số liệu ghi bằng chữ số, ví dụ 1.234,5"))
    if verb == "recall":
        progress.recall(obligation=row, by=by, on=on)
    elif verb == "submit":
        progress.submit(obligation=row, words=words, figure=figure, seen=seen, by=by, on=on)
    else:
        progress.report_progress(
            obligation=row,
            progress=Progress(
                percent=parse_int(request.POST.get("percent"), row.percent),
                words=words,
                figure=figure,
            ),
            seen=seen,
            by=by,
            on=on,
        )


@requires("plans.review")
@require_POST
def review(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept, return or reopen."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    if _elsewhere(row):
        raise Http404(pk)
    why, on, by = request.POST.get("why", ""), clock.today(), request.user
    verb, seen = request.POST.get("verb"), request.POST.get("seen", "")
    try:
        if verb == "return":
            progress.send_back(obligation=row, why=why, seen=seen, by=by, on=on)
        elif verb == "reopen":
            progress.reopen(obligation=row, why=why, by=by, on=on)
        else:
            progress.accept(obligation=row, seen=seen, by=by, on=on)
    except Refusal as refusal:
        show_error(request, refusal)
        return answer(request, row, entered={"why": why})
    said = {"return": _("Đã trả lại cho đơn vị."), "reopen": _("Đã mở lại.")}
    show_success(request, said.get(verb or "", _("Đã duyệt.")))
    return answer(request, row, changed=True)


@requires("plans.comment")
@require_POST
def comment(request: PersonRequest, pk: int) -> HttpResponse:
    """A word beside the obligation."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    words = request.POST.get("words", "")
    try:
        progress.comment(obligation=row, words=words, by=request.user, on=clock.today())
    except Refusal as refusal:
        show_error(request, refusal)
        return answer(request, row)
    return answer(request, row, changed=True)


def workable_or_404(request: PersonRequest, pk: int) -> Obligation:
    """The obligation when the person may report for its unit and it is written on this page."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    if row.holder_id not in workable_units(request.user) or _elsewhere(row):
        raise Http404(pk)
    return row


def _elsewhere(row: Obligation) -> bool:
    return row.duty is not None and row.duty.kind in ELSEWHERE


def answer(
    request: PersonRequest,
    row: Obligation,
    *,
    entered: dict[str, Any] | None = None,
    changed: bool = False,
) -> HttpResponse:
    """The page after a deed: a line of the inbox, the middle of the page, or the page by redirect."""
    if changed:
        mark_taken(request)
    row = visible_obligations(request.user).get(pk=row.pk)
    context = _context(request, row) | {"entered": entered or {}}
    if request.headers.get("HX-Request"):
        in_line = request.headers.get("HX-Target", "").startswith("row-")
        context["hx"] = True
        return render(request, "plans/_inbox_row.html" if in_line else "plans/_one.html", context)
    if changed:
        return redirect("plans:obligation", pk=row.pk)
    return render(request, "plans/obligation.html", context)


def _context(request: PersonRequest, row: Obligation) -> dict[str, Any]:
    user = request.user
    standing, left, late = standing_of(
        state=row.state,
        due_on=row.due_on,
        due_before=row.due_before,
        submitted_on=row.submitted_on,
        today=clock.today(),
    )
    line = [row.organisation_id, *row.absorbed.values_list("organisation_id", flat=True)]
    names = names_on(map_day(row.year), {row.holder_id, *line})
    others = tuple(names[unit] for unit in line if unit != row.holder_id)
    closed = is_closed(row.plan, row.year)
    own = row.holder_id in workable_units(user) and not _elsewhere(row)
    can = {
        verb: not closed and row.state in move.sources and user.may(move.permission)
        for verb, move in MOVES.items()
    }
    for verb in ("progress", "submit", "recall"):
        can[verb] = can[verb] and own
    for verb in ("accept", "return", "reopen"):
        can[verb] = can[verb] and not _elsewhere(row)
    return {
        "row": row,
        "scope": bound_to(row.plan),
        "year": row.year,
        "r": InboxRow(row, standing, left, late, others),
        "subject": row.subject,
        "holder": names[row.holder_id],
        "entries": _history(row),
        "evidence": proofs_of(row),
        "records": _records(user, row),
        "unit_tasks": row.unit_tasks.select_related("unit_plan"),
        "comments": row.comments.select_related("by"),
        "closed": closed,
        "can": {"return_" if verb == "return" else verb: yes for verb, yes in can.items()},
        "may_prove": own
        and not closed
        and row.state
        not in (ObligationState.ACCEPTED, ObligationState.MERGED, ObligationState.WITHDRAWN),
        "may_comment": user.may("plans.comment"),
        "may_work": own and not closed,
        "elsewhere": _elsewhere(row),
    }


def _records(user: User, row: Obligation) -> list[tuple[Any, str, str, str]]:
    """What the unit did for the task in the period, kept elsewhere in the system: day, kind, words, page."""
    kinds = evidence.kinds()
    return [
        (
            one["day"],
            kinds[one["kind"]].name,
            one["title"],
            one["address"] if user.may(kinds[one["kind"]].permission) else "",
        )
        for one in of_obligation(row).iter_rows(named=True)
    ]


def _history(row: Obligation) -> list[tuple[Any, str]]:
    """Entries, the newest first, with the name that their unit had."""
    entries = list(row.entries.select_related("by"))[::-1]
    names = names_on(map_day(row.year), {entry.organisation_id for entry in entries})
    return [(entry, names[entry.organisation_id]) for entry in entries]
