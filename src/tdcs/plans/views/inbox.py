"""A unit's work: inbox, one obligation, evidence."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.organisations.queries import names_on
from tdcs.plans.models import Evidence, Obligation
from tdcs.plans.queries.obligations import (
    awaiting_review,
    coordinated_tasks,
    inbox,
    visible_obligations,
)
from tdcs.plans.queries.plans import current_plan, is_closed, years_of
from tdcs.plans.rules.timeliness import standing_of
from tdcs.plans.services import evidence, progress
from tdcs.plans.views.answering import back, decimal, done, refusing, whole, year_of_request


@requires("plans.work")
@require_GET
def inbox_page(request: PersonRequest) -> HttpResponse:
    """What my unit owes, the most pressing first; for the planner also what waits for review."""
    plan = current_plan()
    if plan is None:
        return render(request, "plans/no_plan.html")
    year = year_of_request(request, plan)
    rows = inbox(request.user, plan, year)
    waiting = awaiting_review(plan, year) if request.user.may("plans.review") else []
    holders = names_on(
        clock.today(), {row.holder_id for row in waiting[:200]} if waiting else set()
    )
    groups = [
        (code, [r for r in rows if _place(r.obligation.state, r.standing) == code])
        for code in ("returned", "late", "soon", "on_time", "done")
    ]
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "groups": [(code, found) for code, found in groups if found],
        "rows": rows,
        "open_count": sum(r.standing in ("late", "soon", "on_time") for r in rows),
        "late_count": sum(r.standing == "late" for r in rows),
        "coordinated": coordinated_tasks(request.user, plan),
        "waiting": [(row, holders.get(row.holder_id, "")) for row in waiting[:200]],
        "waiting_count": len(waiting) if isinstance(waiting, list) else waiting.count(),
    }
    return render(request, "plans/inbox.html", context)


def _place(state: str, standing: str) -> str:
    if state == "returned":
        return "returned"
    return "done" if standing == "done_late" else standing


@requires("plans.view")
@require_GET
def obligation_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One obligation: what is asked, what was told, what can be done now."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    own = row.holder_id in _own_units(request)
    standing, left, late = standing_of(
        state=row.state,
        due_on=row.due_on,
        due_before=row.due_before,
        submitted_on=row.submitted_on,
        today=clock.today(),
    )
    context = {
        "row": row,
        "subject": row.subject,
        "standing": standing,
        "days_left": left,
        "days_late": late,
        "holder": names_on(clock.today(), [row.holder_id])[row.holder_id],
        "named": names_on(row.period_start, [row.organisation_id])[row.organisation_id],
        "entries": row.entries.select_related("by"),
        "evidence": row.evidence.filter(removed_at__isnull=True),
        "comments": row.comments.select_related("by"),
        "absorbed": names_on(
            row.period_start, list(row.absorbed.values_list("organisation_id", flat=True))
        ).values(),
        "closed": is_closed(row.plan, row.year),
        "may_work": own and request.user.may("plans.work"),
        "may_review": request.user.may("plans.review"),
    }
    return render(request, "plans/obligation.html", context)


def _own_units(request: PersonRequest) -> set[int]:
    holding = request.user.holding()
    return {holding.organisation_id} if holding else set()


def _mine(request: PersonRequest, pk: int) -> Obligation:
    """The obligation when the person's own unit owes it."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    if row.holder_id not in _own_units(request):
        raise Http404(pk)
    return row


@requires("plans.work")
@require_POST
@refusing
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Tell progress, submit or recall."""
    row, on, by = _mine(request, pk), clock.today(), request.user
    words, figure = request.POST.get("words", ""), decimal(request.POST.get("figure"))
    seen = request.POST.get("state", "")
    verb = request.POST.get("verb")
    if verb == "recall":
        progress.recall(obligation=row, by=by, on=on)
    elif verb == "submit":
        progress.submit(obligation=row, words=words, figure=figure, seen_state=seen, by=by, on=on)
    else:
        percent = whole(request.POST.get("percent"))
        progress.tell(
            obligation=row,
            percent=percent,
            words=words,
            figure=figure,
            seen_state=seen,
            by=by,
            on=on,
        )
    done(request, _("Đã lưu."))
    return back(request)


@requires("plans.review")
@require_POST
@refusing
def review(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept, return or reopen."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    why, on, by = request.POST.get("why", ""), clock.today(), request.user
    verb = request.POST.get("verb")
    if verb == "return":
        progress.send_back(obligation=row, why=why, by=by, on=on)
    elif verb == "reopen":
        progress.reopen(obligation=row, why=why, by=by, on=on)
    else:
        progress.accept(obligation=row, by=by, on=on)
    done(request, _("Đã ghi nhận."))
    return back(request)


@requires("plans.review")
@require_POST
@refusing
def accept_many(request: PersonRequest) -> HttpResponse:
    """Accept every chosen result."""
    keys = [whole(key) for key in request.POST.getlist("id")]
    rows = visible_obligations(request.user).filter(pk__in=keys, state="submitted")
    for row in rows.order_by("pk"):
        progress.accept(obligation=row, by=request.user, on=clock.today())
    done(request, _("Đã duyệt %(n)d kết quả.") % {"n": len(rows)})
    return back(request)


@requires("plans.comment")
@require_POST
@refusing
def comment(request: PersonRequest, pk: int) -> HttpResponse:
    """A word beside the obligation."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    words = request.POST.get("words", "")
    progress.comment(obligation=row, words=words, by=request.user, on=clock.today())
    return redirect("plans:obligation", pk=pk)


@requires("plans.work")
@require_POST
@refusing
def add_evidence(request: PersonRequest, pk: int) -> HttpResponse:
    """A file or a link."""
    row, on, by = _mine(request, pk), clock.today(), request.user
    title, upload = request.POST.get("title", ""), request.FILES.get("file")
    if upload is not None:
        if (upload.size or 0) > evidence.MAX_BYTES:
            raise evidence.BadEvidence(why=f"tệp {(upload.size or 0) // 2**20} MB, quá 20 MB")
        evidence.add_file(
            obligation=row,
            title=title,
            filename=upload.name or "",
            content=upload.read(),
            by=by,
            on=on,
        )
    else:
        evidence.add_link(
            obligation=row, title=title, url=request.POST.get("url", ""), by=by, on=on
        )
    done(request, _("Đã thêm minh chứng."))
    return redirect("plans:obligation", pk=pk)


@requires("plans.work")
@require_POST
@refusing
def remove_evidence(request: PersonRequest, pk: int, key: int) -> HttpResponse:
    """Take a proof back; it stays in the trail."""
    row = _mine(request, pk)
    found = get_object_or_404(Evidence, pk=key, obligation=row, removed_at__isnull=True)
    evidence.remove(
        evidence=found, why=request.POST.get("why", ""), by=request.user, on=clock.today()
    )
    done(request, _("Đã gỡ minh chứng."))
    return redirect("plans:obligation", pk=pk)


@requires("plans.view")
@require_GET
def evidence_file(request: PersonRequest, pk: int, key: int) -> FileResponse:
    """The file itself, always as a download."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    found = get_object_or_404(Evidence, pk=key, obligation=row, removed_at__isnull=True)
    if not found.file:
        raise Http404(key)
    name = (
        found.title if "." in found.title else f"{found.title}.{found.file.name.rpartition('.')[2]}"
    )
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
