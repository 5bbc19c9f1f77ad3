"""Inspections: the list, one with its team and borrowers, a borrower's page on a phone, photos, minutes."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import amounts, clock
from tdcs.http import paper, parse_day, parse_int, refusing, sheet, show_success
from tdcs.http.kept import form_key
from tdcs.organisations.queries import names_on, organisation_of
from tdcs.oversight.errors import NoInspectingBody, OversightFieldWrong
from tdcs.oversight.models import Inspection, Severity, Visit
from tdcs.oversight.queries.coverage import said_of
from tdcs.oversight.queries.inspections import (
    borrowers_of,
    checklist_of,
    findings_of,
    groups_to_inspect,
    inspection_rows,
    loan_checklist_of,
    loan_in,
    members_count,
    own_bodies,
    owners_for,
    person_in,
    planned_in,
    points_to_inspect,
    programme_of,
    subject_names,
    team_choices,
)
from tdcs.oversight.queries.scope import acts_for, on_the_team
from tdcs.oversight.rules.coverage import inspected_by
from tdcs.oversight.rules.settings import Checklist, checklists, households_to_visit
from tdcs.oversight.services import inspecting
from tdcs.oversight.services.inspecting import InspectionDraft, PhotoTaken, Seen
from tdcs.oversight.services.programmes import Planned
from tdcs.oversight.states import InspectionState
from tdcs.oversight.views.found import inspection_or_404, planned_of, spot_of

_HEADER: Final = (
    "Số", "Đối tượng", "Xã, phường", "Đơn vị kiểm tra", "Mẫu", "Ngày", "Trạng thái", "Hộ đã gặp",
    "Tồn tại", "Chưa khép lại",
)  # fmt: skip


@requires("oversight.view")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """Inspections in scope by state and words."""
    on = clock.today()
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    state = state if state in InspectionState.values else ""
    rows = inspection_rows(request.user, on, state=state, words=words)
    names = {one.code: one.number for one in checklists().values()}
    if request.GET.get("export"):
        cells = [
            (one.inspection.number, one.subject, one.commune, one.body,
             names.get(one.inspection.checklist, ""), one.inspection.held_on or one.inspection.due_on,
             one.inspection.get_state_display(), one.visits, one.findings, one.open_findings)
            for one in rows
        ]  # fmt: skip
        around = paper(request, _("Cuộc kiểm tra"), on=on)
        return sheet(request.GET["export"], f"kiem-tra-{on}", _HEADER, cells, around)
    context = {
        "rows": rows,
        "state": state,
        "states": InspectionState.choices,
        "q": words,
        "names": names,
    }
    return render(request, "oversight/inspections.html", context)


@requires("oversight.inspect")
@require_http_methods(["GET", "POST"])
@refusing
def prepare(request: PersonRequest) -> HttpResponse:
    """An inspection is prepared: from a programme, or beside it."""
    on = clock.today()
    bodies = own_bodies(request.user, on)
    if request.method == "POST":
        return _prepared(request)
    programme = programme_of(request.user, parse_int(request.GET.get("programme")), on)
    planned = planned_in(programme, parse_int(request.GET.get("planned"))) if programme else None
    body = programme.body_id if programme else (bodies[0][0] if bodies else 0)
    context = {
        "bodies": bodies,
        "body": body,
        "programme": programme,
        "planned": planned,
        "groups": groups_to_inspect(request.user, on),
        "points": points_to_inspect(request.user, on),
        "checklists": [
            (one.code, f"{one.number} {said_of(one.vi, one.en)}") for one in checklists().values()
        ],
        "people": team_choices(body, on),
        "today": on,
        "chosen": request.GET.get("subject", ""),
    }
    return render(request, "oversight/prepare.html", context)


def _prepared(request: PersonRequest) -> HttpResponse:
    on = clock.today()
    body = organisation_of(parse_int(request.POST.get("body")))
    if body is None:
        raise NoInspectingBody(unit="–")
    people = team_choices(body.pk, on)
    lead = person_in(people, parse_int(request.POST.get("lead")))
    if lead is None:
        raise OversightFieldWrong(field="trưởng đoàn", why="chưa chọn")
    members = [person_in(people, parse_int(key)) for key in request.POST.getlist("member")]
    programme = programme_of(request.user, parse_int(request.POST.get("programme")), on)
    of = planned_in(programme, parse_int(request.POST.get("planned"))) if programme else None
    if of is not None:
        planned = Planned(of.month, of.checklist, of.group, of.point, of.surprise, of.why)
    else:
        planned = planned_of(request, on.month)
    due = parse_day(request.POST.get("due_on"))
    if due is None:
        raise OversightFieldWrong(field="dự kiến ngày", why="chưa ghi")
    draft = InspectionDraft(
        body=body,
        planned=planned,
        due_on=due,
        lead=lead,
        members=[one for one in members if one is not None],
        of=of,
        task=request.POST.get("task", ""),
    )
    made = inspecting.prepare_inspection(draft=draft, by=request.user, on=on)
    show_success(request, _("Đã lập cuộc kiểm tra."))
    return redirect("oversight:inspection", pk=made.pk)


@requires("oversight.view")
@require_GET
@refusing
def inspection_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One inspection: team, questions, borrowers, findings, photos, what may be done now."""
    row, on = inspection_or_404(request, pk), clock.today()
    team = on_the_team(request.user, row) and request.user.may("oversight.inspect")
    borrowers = borrowers_of(row, row.held_on or on)
    writes = team and row.state == InspectionState.OPEN
    checklist = checklist_of(row)
    members = members_count(row.group, on) if row.group else 0
    context = {
        "row": row,
        "subject": subject_names([row], on)[row.pk],
        "body": names_on(on, [row.body_id]).get(row.body_id, ""),
        "checklist": checklist,
        "checklist_name": said_of(checklist.vi, checklist.en),
        "questions": _questions(checklist, row.answers) if checklist.of != "loan" else [],
        "team": [one.person for one in row.members.select_related("person")],
        "borrowers": borrowers,
        "met": sum(one.visit is not None for one in borrowers),
        "to_visit": households_to_visit(members, on) if row.group else 0,
        "findings": findings_of(row),
        "photos": list(row.photos.select_related("loan__borrower", "by")),
        "may_start": team and row.state == InspectionState.PREPARED,
        "writes": writes,
        "may_cancel": request.user.may("oversight.plan")
        and acts_for(request.user, row.body_id)
        and row.state in (InspectionState.PREPARED, InspectionState.OPEN),
        "severities": Severity.choices,
        "owners": owners_for(row, on) if writes else [],
        "today": on,
        "key": form_key(request) if team else "",
    }
    return render(request, "oversight/inspection.html", context)


def _questions(checklist: Checklist, answers: dict[str, str]) -> list[tuple[str, str, str, bool]]:
    """Code, words, answer, whether that answer is bad."""
    return [
        (
            item.code,
            said_of(item.vi, item.en),
            answers.get(item.code, ""),
            answers.get(item.code) == item.bad,
        )
        for item in checklist.items
    ]


def _given_answers(request: HttpRequest, checklist: Checklist | None) -> dict[str, str]:
    items = checklist.items if checklist else ()
    given = {item.code: request.POST.get(f"a-{item.code}", "") for item in items}
    return {code: words for code, words in given.items() if words}


@requires("oversight.inspect")
@require_POST
@refusing
def start_one(request: PersonRequest, pk: int) -> HttpResponse:
    """The team begins."""
    inspecting.start(
        inspection=inspection_or_404(request, pk),
        witnesses=request.POST.get("witnesses", ""),
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    show_success(request, _("Đã bắt đầu cuộc kiểm tra."))
    return redirect("oversight:inspection", pk=pk)


@requires("oversight.inspect")
@require_POST
@refusing
def record_answers(request: PersonRequest, pk: int) -> HttpResponse:
    """The answers about the group or session."""
    row = inspection_or_404(request, pk)
    inspecting.answer_checklist(
        inspection=row,
        answers=_given_answers(request, checklist_of(row)),
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    show_success(request, _("Đã ghi trả lời."))
    return redirect("oversight:inspection", pk=pk)


@requires("oversight.inspect")
@require_http_methods(["GET", "POST"])
@refusing
def visit_page(request: PersonRequest, pk: int, loan: int) -> HttpResponse:
    """A borrower on a phone: what the book says, the questions, the result."""
    row, on = inspection_or_404(request, pk), clock.today()
    there = loan_in(row, loan)
    if there is None:
        raise Http404(str(loan))
    checklist = loan_checklist_of(row)
    line = next((one for one in borrowers_of(row, on) if one.line.loan == loan), None)
    if line is None:
        raise Http404(str(loan))
    if request.method == "POST":
        inspecting.record_visit(
            inspection=row,
            seen=_seen(request, row, loan, line.line.balance),
            by=request.user,
            on=on,
            key=request.POST.get("key", ""),
        )
        show_success(request, _("Đã ghi kết quả tại hộ."))
        return redirect("oversight:inspection", pk=pk)
    context = {
        "row": row,
        "loan": there,
        "line": line.line,
        "visit": line.visit,
        "by_day": inspected_by(there.disbursed_on) if there.disbursed_on.year == on.year else None,
        "checklist": checklist,
        "questions": _questions(checklist, line.visit.answers if line.visit else {})
        if checklist
        else [],
        "results": Visit.Result.choices,
        "writes": row.state == InspectionState.OPEN and on_the_team(request.user, row),
        "findings": [one for one in findings_of(row) if one.loan_id == loan],
        "severities": Severity.choices,
        "owners": owners_for(row, on),
        "today": on,
        "key": form_key(request),
    }
    return render(request, "oversight/visit.html", context)


def _seen(request: PersonRequest, row: Inspection, loan: int, balance: int) -> Seen:
    return Seen(
        loan=loan,
        balance=balance,
        result=request.POST.get("result", ""),
        answers=_given_answers(request, loan_checklist_of(row)),
        rightly=_dong(request.POST.get("rightly", "")),
        wrongly=_dong(request.POST.get("wrongly", "")),
        words=request.POST.get("words", ""),
        spot=spot_of(request),
    )


def _dong(words: str) -> int | None:
    if not words.strip():
        return None
    try:
        return amounts.dong(words)
    except amounts.NotAnAmount:
        raise OversightFieldWrong(field="số tiền sử dụng", why="không đọc được") from None


@requires("oversight.inspect")
@require_POST
@refusing
def photo(request: PersonRequest, pk: int) -> HttpResponse:
    """A photo of the group or of a borrower."""
    sent = request.FILES.get("photo")
    taken = PhotoTaken(
        content=sent.read() if sent else b"",
        title=request.POST.get("title", "") or (sent.name or "" if sent else ""),
        loan=parse_int(request.POST.get("loan")),
        spot=spot_of(request),
    )
    inspecting.add_photo(
        inspection=inspection_or_404(request, pk),
        photo=taken,
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    show_success(request, _("Đã nhận ảnh."))
    return redirect("oversight:inspection", pk=pk)


@requires("oversight.plan")
@require_POST
@refusing
def cancel_one(request: PersonRequest, pk: int) -> HttpResponse:
    """The inspection is not held."""
    inspecting.cancel(
        inspection=inspection_or_404(request, pk),
        why=request.POST.get("why", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi không thực hiện."))
    return redirect("oversight:inspection", pk=pk)


@requires("oversight.inspect")
@require_POST
@refusing
def finish_one(request: PersonRequest, pk: int) -> HttpResponse:
    """The minutes stand."""
    inspecting.finish(
        inspection=inspection_or_404(request, pk),
        conclusion=request.POST.get("conclusion", ""),
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    show_success(request, _("Đã lập biên bản."))
    return redirect("oversight:inspection", pk=pk)
