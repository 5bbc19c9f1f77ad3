"""A borrower is to be kept elsewhere: asked for with what would go along in view, and decided by another person."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.entrustment.queries.groups import profile_on
from tdcs.households.models import Household
from tdcs.households.queries.finding import heads_and_places
from tdcs.households.queries.scope import visible_households
from tdcs.http import show_success
from tdcs.ledger.models import Account
from tdcs.ledger.queries import accounts_by_code
from tdcs.ledger.rules import Line
from tdcs.loans.forms.applications import words_of
from tdcs.loans.forms.moving import AskMoveForm, DecideMoveForm
from tdcs.loans.models import ChangeRequest, Loan, MoveRequest
from tdcs.loans.queries.changes import MARKS
from tdcs.loans.queries.moves import loans_of_household, open_accounts_of, waiting_move_of
from tdcs.loans.queries.moving import visible_moves
from tdcs.loans.services.moving import ask_move, decide_move, foresee_move
from tdcs.loans.views.deciding import asked_once, decided
from tdcs.organisations.queries import living_communes, names_on, transaction_offices


@requires("loans.ask_move")
@require_http_methods(["GET", "POST"])
def ask_page(request: PersonRequest, pk: int) -> HttpResponse:
    """What would go along, then where to; a double click makes one request."""
    row = get_object_or_404(visible_households(request.user), pk=pk)
    on = clock.today()
    form = AskMoveForm(
        request.POST or None,
        offices=_offices(),
        areas=_communes(),
        initial={"key": f"move-{uuid4()}", "since": on},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _ask(request, row, form)
        except Refusal as refusal:
            form.add_error(None, words_of(refusal))
    context = {
        "row": row,
        "face": heads_and_places([row.pk], on)[row.pk],
        "form": form,
        "loans": _loans(request, row),
        "accounts": open_accounts_of(row),
        "waiting": waiting_move_of(row),
    }
    return render(request, "loans/move_ask.html", context)


def _offices() -> list[tuple[int, str]]:
    on = clock.today()
    names = names_on(on, transaction_offices(on))
    return sorted(names.items(), key=lambda row: (row[1], row[0]))


def _communes() -> list[tuple[int, str]]:
    return living_communes(clock.today())


def _loans(request: PersonRequest, row: Household) -> list[Loan]:
    return loans_of_household(request.user, row)


def _ask(request: PersonRequest, row: Household, form: AskMoveForm) -> HttpResponse:
    data = form.cleaned_data
    made = asked_once(
        request,
        form,
        row.pk,
        lambda: ask_move(
            household=row,
            to=form.target(),
            since=data["since"],
            why=data["why"],
            by=request.user,
            on=clock.today(),
        ),
        action="loans.ask_move",
        success=_("Đã gửi đề nghị chuyển; chờ người có thẩm quyền duyệt."),
    )
    return redirect("loans:move", pk=made)


@requires("loans.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Requests in scope, those that wait first."""
    rows = list(visible_moves(request.user).order_by("-pk")[:200])
    rows.sort(key=lambda row: row.state != ChangeRequest.State.ASKED)
    names = names_on(clock.today(), _units(rows))
    shown = [
        (row, MARKS[row.state], names[row.old_office_id], names[row.new_office_id]) for row in rows
    ]
    return render(request, "loans/moves.html", {"rows": shown})


def _units(rows: list[MoveRequest]) -> set[int]:
    return {row.old_office_id for row in rows} | {row.new_office_id for row in rows}


@requires("loans.view")
@require_http_methods(["GET", "POST"])
def move_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A request, what would move in both books; the decision for whoever may take it."""
    row = get_object_or_404(visible_moves(request.user), pk=pk)
    form = DecideMoveForm(request.POST or None, initial={"key": f"decide-move-{uuid4()}"})
    answer = decided(request, form, "loans.decide_move", lambda: _decide(request, row, form))
    return answer or render(request, "loans/move.html", _context(request, row, form))


def _decide(request: PersonRequest, row: MoveRequest, form: DecideMoveForm) -> HttpResponse:
    approve = request.POST.get("verb") == "approve"
    decide_move(
        request=row,
        approve=approve,
        by=request.user,
        on=clock.today(),
        key=form.cleaned_data["key"],
        words=form.cleaned_data["words"],
    )
    show_success(
        request, _("Đã chuyển nơi quản lý.") if approve else _("Đã từ chối đề nghị chuyển.")
    )
    return redirect("loans:moves")


def _context(request: PersonRequest, row: MoveRequest, form: DecideMoveForm) -> dict[str, Any]:
    on, waits = clock.today(), row.state == ChangeRequest.State.ASKED
    seen = foresee_move(request=row, by=request.user, on=on) if waits else None
    names = names_on(on, _units([row]))
    own = row.asked_by_id == request.user.pk
    moved = [transfer.loan for transfer in row.transfers.select_related("loan").order_by("loan")]
    return {
        "row": row,
        "mark": MARKS[row.state],
        "old_office": names[row.old_office_id],
        "new_office": names[row.new_office_id],
        "groups": [
            profile_on(group, row.since).name if group is not None else ""
            for group in (row.old_group, row.new_group)
        ],
        "area": dict(_communes()).get(row.area_id or 0, ""),
        "seen": seen,
        "lines": _lines(seen.lines) if seen is not None else [],
        "moved": moved,
        "own": own and waits,
        "may_decide": waits and not own and request.user.may("loans.decide_move"),
        "may_ledger": request.user.may("ledger.view"),
        "form": form,
    }


def _lines(lines: list[Line]) -> list[tuple[Account, int, int]]:
    """The entry that leaves the old book, by account; the other book takes in the same with both sides exchanged."""
    sums: dict[tuple[str, bool], int] = {}
    for code, debit, credit, _subject in lines:
        side = debit > 0
        sums[code, side] = sums.get((code, side), 0) + (debit or credit)
    accounts = accounts_by_code({code for code, _side in sums})
    return [
        (accounts[code], amount if side else 0, 0 if side else amount)
        for (code, side), amount in sorted(sums.items())
    ]
