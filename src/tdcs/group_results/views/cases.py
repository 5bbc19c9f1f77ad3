"""Cases of consolidation: the list, a proposal, one case from its proposal to the hand-over, its papers."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import amounts, clock
from tdcs.core.errors import Refusal
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import faces_of
from tdcs.entrustment.rules import GRADES
from tdcs.entrustment.views.requested import changeable_or_404
from tdcs.group_results.composing.cases import handover_minutes, proposed_words, vote_minutes
from tdcs.group_results.models import ConsolidationCase
from tdcs.group_results.queries import cases as queries
from tdcs.group_results.queries.quality import ground_of
from tdcs.group_results.rules.consolidating import handed_over, least_present
from tdcs.group_results.services import consolidating as services
from tdcs.group_results.states import CaseState
from tdcs.households.models import Person
from tdcs.http import official, parse_day, parse_int, refusing, show_error, show_success

# No group has cash of twelve digits.
_TOO_MUCH_CASH: Final = 10**11
MARKS: Final = {
    CaseState.PROPOSED: "open",
    CaseState.OPINED: "open",
    CaseState.VOTED: "soon",
    CaseState.DECIDED: "soon",
    CaseState.HANDED: "done",
    CaseState.DROPPED: "cancelled",
}


def _case(request: PersonRequest, pk: int) -> ConsolidationCase:
    return get_object_or_404(queries.visible_cases(request.user, clock.today()), pk=pk)


@requires("entrustment.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """The cases in scope; those that are open unless asked for all."""
    on, every = clock.today(), request.GET.get("all") == "1"
    shown = queries.shown_cases(request.user, on, every=every)
    context = {
        "rows": [
            (row, face, proposed_words(row), MARKS[CaseState(row.state)])
            for row, face in queries.case_lines(shown, on)
        ],
        "every": every,
    }
    return render(request, "group_results/cases.html", context)


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def propose(request: PersonRequest, pk: int) -> HttpResponse:
    """A new case for a group whose board is weak."""
    group, on = changeable_or_404(request, pk), clock.today()
    if request.method == "POST":
        try:
            made = services.propose(
                group=group, proposal=_proposal(request, group), by=request.user, on=on
            )
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã đề nghị kiện toàn; chờ ý kiến của UBND xã."))
            return redirect("entrustment:case", pk=made.pk)
    ground = ground_of(group.pk, on)
    context = {
        "group": group,
        "face": faces_of([group.pk], on)[group.pk],
        "choices": queries.choices_for(request.user, group, on),
        "ground": ground,
        "grade": GRADES[ground.grade] if ground else "",
        "given": request.POST,
        "kinds": ConsolidationCase.Kind.choices,
    }
    return render(request, "group_results/propose.html", context)


def _proposal(request: PersonRequest, group: SavingsGroup) -> services.Proposal:
    given, on = request.POST, clock.today()
    merging = given.get("kind") == ConsolidationCase.Kind.MERGE
    people = {one.person_id: one.person for one in queries.members_of(group, on)}

    def person(name: str) -> Person | None:
        return None if merging else people.get(parse_int(given.get(name)))

    return services.Proposal(
        kind=given.get("kind", ""),
        reason=given.get("reason", ""),
        leader=person("leader"),
        deputy=person("deputy"),
        into=queries.group_to_take_over(request.user, group, parse_int(given.get("into")), on)
        if merging
        else None,
    )


@requires("entrustment.view")
@require_GET
def case_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One case: what is proposed, every step, and the step that the person may take now."""
    row, on = _case(request, pk), clock.today()
    members = queries.members_of(row.group, on)
    context = {
        "row": row,
        "face": faces_of([row.group_id], on)[row.group_id],
        "mark": MARKS[CaseState(row.state)],
        "proposed": proposed_words(row),
        "grade": GRADES[row.grade],
        "steps": queries.steps_of(row),
        "votes": list(row.votes.order_by("pk")),
        "handover": getattr(row, "handover", None),
        "may": queries.steps_open_to(request.user, row, on),
        "members": members,
        "least": least_present(len(members), on),
        "books": handed_over(),
        "today": on,
    }
    return render(request, "group_results/case.html", context)


@requires("entrustment.opine")
@require_POST
@refusing
def opine(request: PersonRequest, pk: int) -> HttpResponse:
    """The commune's opinion in writing."""
    row, given = _case(request, pk), request.POST
    services.opine(
        case=row,
        agrees=given.get("agrees") == "yes",
        number=given.get("number", ""),
        words=given.get("words", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi ý kiến của UBND xã."))
    return redirect("entrustment:case", pk=pk)


@requires("entrustment.change")
@require_POST
@refusing
def vote(request: PersonRequest, pk: int) -> HttpResponse:
    """The group's meeting and its vote."""
    row, given = _case(request, pk), request.POST
    meeting = services.Meeting(
        held_on=parse_day(given.get("held_on")),
        attended=frozenset(parse_int(one) for one in given.getlist("member")),
        votes_for=parse_int(given.get("for"), -1),
        votes_against=parse_int(given.get("against"), -1),
        chair=given.get("chair", ""),
        words=given.get("words", ""),
    )
    made = services.hold_meeting(case=row, meeting=meeting, by=request.user, on=clock.today())
    said = _("Tổ đã thông qua.") if made.passed else _("Tổ không thông qua; có thể họp lại.")
    show_success(request, said)
    return redirect("entrustment:case", pk=pk)


@requires("entrustment.consolidate")
@require_POST
@refusing
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """The decision, which changes the group."""
    row, number = _case(request, pk), request.POST.get("number", "")
    services.decide(case=row, number=number, by=request.user, on=clock.today())
    show_success(request, _("Đã quyết định; tổ đã thay đổi, chờ bàn giao."))
    return redirect("entrustment:case", pk=pk)


def _cash(words: str) -> int | None:
    """Dong of at most eleven digits; None for anything else."""
    try:
        found = amounts.dong(words)
    except amounts.NotAnAmount:
        return None
    return found if found < _TOO_MUCH_CASH else None


@requires("entrustment.change")
@require_POST
@refusing
def hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    """Books and cash pass to the new board."""
    given = request.POST
    services.hand_over(
        case=_case(request, pk),
        given=services.Handover(
            receiver=given.get("receiver", ""),
            witness=given.get("witness", ""),
            books=tuple(given.getlist("book")),
            cash=_cash(given.get("cash", "")),
            words=given.get("words", ""),
        ),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi bàn giao; vụ việc kết thúc."))
    return redirect("entrustment:case", pk=pk)


@requires("entrustment.change")
@require_POST
@refusing
def drop(request: PersonRequest, pk: int) -> HttpResponse:
    """The case ends without a decision."""
    why = request.POST.get("why", "")
    services.drop(case=_case(request, pk), why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã dừng vụ việc kiện toàn."))
    return redirect("entrustment:case", pk=pk)


@requires("entrustment.view")
@require_GET
def vote_paper(request: PersonRequest, pk: int, vote: int, fmt: str) -> HttpResponse:
    """The minutes of one meeting of the group."""
    row = queries.vote_of(_case(request, pk), vote)
    if row is None:
        raise Http404(vote)
    return official(vote_minutes(row), fmt, f"bien-ban-hop-to-{row.case.group.code}")


@requires("entrustment.view")
@require_GET
def handover_paper(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The minutes of the hand-over."""
    row = _case(request, pk)
    given = getattr(row, "handover", None)
    if given is None:
        raise Http404
    return official(handover_minutes(given), fmt, f"bien-ban-ban-giao-{row.group.code}")
