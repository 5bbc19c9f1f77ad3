"""A member's savings account: open, pay in, pay out, reverse, close."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.errors import AmountWrong
from tdcs.entrustment.forms import MoneyForm, OpenForm
from tdcs.entrustment.models import SavingsAccount
from tdcs.entrustment.queries.groups import members_on, profile_on
from tdcs.entrustment.queries.savings import (
    changeable_accounts,
    may_change,
    reversed_events,
    visible_accounts,
)
from tdcs.entrustment.services import savings, undoing
from tdcs.entrustment.views.requested import changeable_or_404, crumbs
from tdcs.households.views.requested import FormFrame, with_form
from tdcs.http import refusing, show_success


def _account_or_404(request: PersonRequest, pk: int, *, change: bool = False) -> SavingsAccount:
    rows = changeable_accounts if change else visible_accounts
    return get_object_or_404(rows(request.user), pk=pk)


@requires("entrustment.savings")
@require_http_methods(["GET", "POST"])
def open_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A savings account for a member of the group."""
    row, on = changeable_or_404(request, pk), clock.today()
    members = {m.pk: m for m in members_on(row, on)}
    choices = [(m.pk, f"{m.person.full_name} ({m.household.code})") for m in members.values()]
    form = OpenForm(request.POST or None, members=choices, initial={"member": request.GET.get("m")})

    def deed(data: dict[str, Any]) -> HttpResponse:
        member = members[data["member"]]
        made = savings.open_account(
            household=member.household,
            person=member.person,
            group=row,
            office=profile_on(row, on).office,
            by=request.user,
            on=on,
        )
        show_success(request, _("Đã mở sổ tiền gửi %(number)s.") % {"number": made.number})
        return redirect("entrustment:account", pk=made.pk)

    return with_form(
        request,
        form,
        deed,
        frame=FormFrame(
            heading=_("Mở sổ tiền gửi tổ viên, tổ %(code)s") % {"code": row.code},
            button=_("Mở sổ"),
            crumbs=crumbs(row),
        ),
    )


@requires("entrustment.view")
@require_GET
def account_page(request: PersonRequest, pk: int) -> HttpResponse:
    """An account's movements with their entries, the balance after each."""
    row = _account_or_404(request, pk)
    mine = row.closed_on is None and may_change(request.user, row)
    lines, balance = [], 0
    reversed_ids = reversed_events(row)
    for event in row.events.select_related("entry", "reverses").order_by("on", "pk"):
        balance += event.amount
        lines.append((event, balance, event.pk in reversed_ids))
    context = {
        "row": row,
        "crumbs": crumbs(row.group),
        "lines": lines[::-1],
        "key": uuid4().hex,
        "may_save": mine and request.user.may("entrustment.savings"),
        "may_reverse": mine and request.user.may("loans.reverse"),
    }
    return render(request, "entrustment/account.html", context)


def _answer(row: SavingsAccount) -> HttpResponse:
    return redirect(reverse("entrustment:account", args=[row.pk]))


@requires("entrustment.savings")
@require_POST
@refusing
def pay(request: PersonRequest, pk: int) -> HttpResponse:
    """Money in or out, once for each form shown."""
    row, form = _account_or_404(request, pk, change=True), MoneyForm(request.POST)
    if not form.is_valid() or form.cleaned_data["amount"] is None:
        raise AmountWrong
    data = form.cleaned_data
    out = request.POST.get("kind") == "withdraw"
    verb = savings.withdraw if out else savings.deposit
    answer = verb(
        account=row,
        amount=data["amount"],
        by=request.user,
        on=clock.today(),
        key=f"savings-{data['key']}",
    )
    words = _("Đã chi trả %(amount)s đồng.") if out else _("Đã nhận gửi %(amount)s đồng.")
    after = _("Số dư %(balance)s đồng, bút toán %(number)s.")
    told = {
        "amount": vn_number(data["amount"]),
        "balance": vn_number(answer["balance"]),
        "number": answer["number"],
    }
    show_success(request, f"{words % told} {after % told}")
    return _answer(row)


@requires("loans.reverse")
@require_POST
@refusing
def reverse_event(request: PersonRequest, pk: int, event: int) -> HttpResponse:
    """The undoing of a movement by a counter-movement is asked for."""
    row = _account_or_404(request, pk, change=True)
    held = get_object_or_404(row.events, pk=event)
    why = request.POST.get("why", "")
    undoing.ask_reversal(event=held, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã gửi đề nghị đảo; chờ người thứ hai duyệt."))
    return _answer(row)


@requires("entrustment.savings")
@require_POST
@refusing
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """An empty account closes."""
    row = _account_or_404(request, pk, change=True)
    savings.close_account(account=row, by=request.user, on=clock.today())
    show_success(request, _("Đã đóng sổ tiền gửi %(number)s.") % {"number": row.number})
    return _answer(row)


def vn_number(value: int) -> str:
    """1.234.567"""
    return f"{value:,}".replace(",", ".")
