"""A group's appraisal meetings: the list, recording one as a whole, its minutes, taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import amounts, clock, trail
from tdcs.core.errors import Refusal
from tdcs.documents.forms import form_at
from tdcs.documents.numbers import grouped
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import board_on, members_on, profile_on
from tdcs.http import parse_day, parse_int, printed, refusing, show_success
from tdcs.loans.composing.forms import minutes_of
from tdcs.loans.errors import FieldWrong
from tdcs.loans.forms.applications import words_of
from tdcs.loans.models import AppraisalMeeting, LoanApplication
from tdcs.loans.queries.meetings import (
    attendance_of,
    cases_of,
    may_hold,
    may_undo,
    meetings_of,
    visible_meetings,
    waiting_cases,
)
from tdcs.loans.queries.offers import programme_short
from tdcs.loans.rules.meetings import least_present
from tdcs.loans.services import meetings
from tdcs.loans.services.meetings import CaseDraft, MeetingDraft
from tdcs.loans.views.lookups import group_or_404

_MINUTES = "10C-TD"


@requires("loans.view")
@require_GET
def list_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The meetings of a group and what waits for the next one."""
    group = group_or_404(request, pk)
    context = {
        "group": group,
        "name": profile_on(group, clock.today()).name,
        "meetings": meetings_of(group),
        "waiting": waiting_cases(group),
        "may_hold": may_hold(request.user, group),
    }
    return render(request, "loans/meetings.html", context)


@requires("loans.appraise")
@require_http_methods(["GET", "POST"])
def hold_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One meeting: who was there, the votes of each case; a refusal leaves everything as it was typed."""
    group, on = group_or_404(request, pk), clock.today()
    if not may_hold(request.user, group):
        raise PermissionDenied("loans.appraise")
    day, refused = parse_day(request.POST.get("on")) or on, ""
    if request.method == "POST":
        try:
            draft = _draft(request, group, day)
            made = meetings.hold_meeting(meeting=draft, by=request.user, on=on)
        except Refusal as refusal:
            refused = words_of(refusal)
        else:
            show_success(request, _("Đã ghi biên bản họp bình xét."))
            return redirect("loans:meeting", pk=made.pk)
    context = _form_of(request, group, min(day, on)) | {"refused": refused, "typed": request.POST}
    return render(request, "loans/meeting_new.html", context)


def _form_of(request: PersonRequest, group: SavingsGroup, day: date) -> dict[str, Any]:
    post = request.POST
    members = list(members_on(group, day))
    board = [
        (row.person_id, row.person.full_name, row.get_post_display())
        for row in board_on(group, day)
    ]
    there = set(post.getlist("present"))
    return {
        "group": group,
        "name": profile_on(group, day).name,
        "day": post.get("on") or f"{day:%Y-%m-%d}",
        "members": [(row, str(row.pk) in there) for row in members],
        "least": least_present(len(members), day),
        "board": board,
        "chair": parse_int(post.get("chair")) or (board[0][0] if board else 0),
        "secretary": parse_int(post.get("secretary")),
        "witnesses": AppraisalMeeting.Witness.choices,
        "cases": [_line(post, row) for row in waiting_cases(group)],
    }


def _line(post: Any, row: LoanApplication) -> dict[str, Any]:
    """A case as the form shows it: what was typed, else what was asked for."""
    key = row.pk
    return {
        "row": row,
        "programme": programme_short(row.programme),
        "ticked": str(key) in post.getlist("case") if post else True,
        "agree": post.get(f"agree-{key}", ""),
        "against": post.get(f"against-{key}", ""),
        "amount": post.get(f"amount-{key}", grouped(row.amount)),
        "words": post.get(f"words-{key}", ""),
    }


def _draft(request: PersonRequest, group: SavingsGroup, day: date) -> MeetingDraft:
    """What was typed. Raises FieldWrong."""
    post = request.POST
    people = {row.person_id: row.person for row in members_on(group, day)}
    chair = people.get(parse_int(post.get("chair")))
    secretary = people.get(parse_int(post.get("secretary")))
    if chair is None or secretary is None:
        raise FieldWrong(field="chủ trì" if chair is None else "thư ký", why="chưa chọn")
    chosen = set(post.getlist("case"))
    cases = [_case(post, row) for row in waiting_cases(group) if str(row.pk) in chosen]
    return MeetingDraft(
        group=group,
        on=day,
        chair=chair,
        secretary=secretary,
        witness_post=post.get("witness_post", ""),
        witness=post.get("witness", ""),
        organisation_person=post.get("organisation_person", ""),
        present=[parse_int(key) for key in post.getlist("present")],
        cases=cases,
    )


def _case(post: Any, row: LoanApplication) -> CaseDraft:
    try:
        amount = amounts.dong(post.get(f"amount-{row.pk}", "") or "0")
    except amounts.NotAnAmount:
        amount = 0
    return CaseDraft(
        application=row,
        agree=parse_int(post.get(f"agree-{row.pk}")),
        against=parse_int(post.get(f"against-{row.pk}")),
        amount=amount,
        words=post.get(f"words-{row.pk}", ""),
    )


def _meeting_or_404(request: PersonRequest, pk: int) -> AppraisalMeeting:
    return get_object_or_404(visible_meetings(request.user), pk=pk)


@requires("loans.view")
@require_GET
def meeting_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One meeting as it was recorded."""
    row = _meeting_or_404(request, pk)
    context = {
        "row": row,
        "name": profile_on(row.group, row.on).name,
        "cases": [(case, programme_short(case.application.programme)) for case in cases_of(row)],
        "there": attendance_of(row),
        "may_undo": may_undo(request.user, row),
    }
    return render(request, "loans/meeting.html", context)


@requires("loans.view")
@require_GET
@refusing
def minutes(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """10C/TD of the whole meeting."""
    row, form = _meeting_or_404(request, pk), form_at(_MINUTES)
    if form is None:
        raise Http404(_MINUTES)
    answer = printed(form, minutes_of(row), fmt, f"{_MINUTES}-{row.group.code}-{row.on:%Y%m%d}")
    with transaction.atomic():
        data = {"form": form.number, "format": fmt, "identity_numbers": False}
        trail.record(
            action="loans.print_form", subject=row, by=request.user, on=clock.today(), data=data
        )
    return answer


@requires("loans.appraise")
@require_POST
@refusing
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes the meeting back as a whole, for a reason."""
    row = _meeting_or_404(request, pk)
    meetings.undo_meeting(
        meeting=row, why=request.POST.get("why", ""), by=request.user, on=clock.today()
    )
    show_success(request, _("Đã hủy biên bản; các hồ sơ trở lại bước đang lập."))
    return redirect("loans:meeting", pk=row.pk)
