"""One line of the bank's list: whose money it is, how it is shared out, the decision."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import parse_int, refusing, show_success
from tdcs.transaction_points.errors import PointFieldWrong
from tdcs.transaction_points.models import BankCredit
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.queries.transfers import (
    credits_in_scope,
    judged,
    owed_of,
    sessions_of_credit,
)
from tdcs.transaction_points.rules.tables import dong_of
from tdcs.transaction_points.rules.transfers import Parts, proposed
from tdcs.transaction_points.services import transfer_booking, transfers
from tdcs.transaction_points.states import CreditState
from tdcs.transaction_points.views.schedule import session_or_404
from tdcs.transaction_points.views.transfers import MARKS

_PARTS = (("interest", "Lãi"), ("principal", "Gốc"), ("savings", "Tiền gửi"))


def _credit(request: PersonRequest, pk: int) -> BankCredit:
    return get_object_or_404(credits_in_scope(request.user), pk=pk)


@requires("points.settle")
@require_GET
def page(request: PersonRequest, pk: int) -> HttpResponse:
    """What the bank says, what the loan owes on that day, the decision that is left."""
    credit, today = _credit(request, pk), clock.today()
    [row] = judged([credit])
    may_write = row.open and plans_for(request.user, credit.office_id)
    days = owed = None
    split = Parts(0, 0, 0)
    if credit.loan is not None and may_write:
        days = transfer_booking.days_of(credit, credit.loan, today)
        owed = owed_of(credit.loan, days.on)
    if owed is not None:
        split = proposed(
            credit.amount,
            interest=owed.interest_due,
            principal=owed.principal_due,
            balance=owed.balance,
            saves=owed.account is not None,
        )
    context = {
        "row": row,
        "credit": credit,
        "mark": MARKS[row.state],
        "state_words": _(row.state.label),
        "may_write": may_write,
        "may_undo": row.state == CreditState.BOOKED and request.user.may("loans.reverse"),
        "owed": owed,
        "days": days,
        "parts": [(name, _(words), getattr(split, name)) for name, words in _PARTS],
        "sessions": sessions_of_credit(credit) if may_write else [],
    }
    answer = render(request, "transaction_points/credit.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@requires("points.settle")
@require_POST
@refusing
def book(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirmed: it is booked."""
    amounts = {}
    for name, words in _PARTS:
        found = dong_of(request.POST.get(name, ""))
        if found is None:
            raise PointFieldWrong(field=words.lower(), why="không phải số tiền")
        amounts[name] = found
    credit = _credit(request, pk)
    transfer_booking.book_credit(
        credit=credit, parts=Parts(**amounts), by=request.user, on=clock.today()
    )
    show_success(request, _("Đã hạch toán khoản chuyển khoản."))
    return redirect("points:credit", pk=pk)


@requires("points.settle")
@require_POST
@refusing
def name(request: PersonRequest, pk: int) -> HttpResponse:
    """Whose money it is."""
    credit = _credit(request, pk)
    session = session_or_404(request, parse_int(request.POST.get("session")))
    transfer_booking.name_credit(
        credit=credit,
        session=session,
        number=request.POST.get("number", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi khế ước của khoản chuyển khoản."))
    return redirect("points:credit", pk=pk)


@requires("points.settle")
@require_POST
@refusing
def handle(request: PersonRequest, pk: int) -> HttpResponse:
    """It is not booked from here: what was done instead."""
    words = request.POST.get("words", "")
    transfers.handle_credit(
        credit=_credit(request, pk), words=words, by=request.user, on=clock.today()
    )
    show_success(request, _("Đã ghi cách xử lý."))
    return redirect("points:credits")
