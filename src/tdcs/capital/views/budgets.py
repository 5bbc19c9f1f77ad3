"""The home of who speaks for a budget: estimate, resolution, payment order, receipt; balances to confirm."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.capital.composing.confirmation import confirmation_document
from tdcs.capital.errors import FundingWrong
from tdcs.capital.models import BalanceConfirmation, BudgetEstimate, Tranche
from tdcs.capital.queries.budgets import budget_years, budgets_of, last_quarter
from tdcs.capital.queries.pages import (
    MARKS,
    bank_branch,
    confirmation_or_404,
    confirmations_of,
    local_sources,
    open_estimates,
    open_tranches,
)
from tdcs.capital.services import budgets
from tdcs.capital.services.funding import order_tranche
from tdcs.capital.views import typed
from tdcs.core import clock
from tdcs.core.typed import parse_year
from tdcs.http import official, parse_int, refusing, show_success


@requires("capital.view")
@require_GET
def budgets_page(request: PersonRequest) -> HttpResponse:
    """Each budget's year, what waits, and the balances of the quarters."""
    today = clock.today()
    year = parse_year(request.GET.get("year"), today.year)
    own = request.user.may("capital.budget")
    sources = budgets_of(request.user, today) if own else local_sources(today)
    rows = budget_years(sources, year)
    context = {
        "marks": MARKS,
        "year": year,
        "years": [(one, str(one)) for one in range(today.year + 1, today.year - 4, -1)],
        "rows": rows,
        "sums": {
            name: sum(getattr(row, name) for row in rows)
            for name in ("estimated", "resolved", "ordered", "received", "missing")
        },
        "sources": sources,
        "estimates": open_estimates(sources),
        "tranches": open_tranches(sources),
        "confirmations": confirmations_of(sources),
        "quarter": last_quarter(today),
        "today": today,
    }
    return render(request, "capital/budgets.html", context)


@requires("capital.budget")
@require_POST
@refusing
def add_estimate(request: PersonRequest) -> HttpResponse:
    """What a budget means to entrust in a year."""
    budgets.estimate(
        source=typed.source(request),
        year=parse_int(request.POST.get("year")),
        amount=typed.amount(request),
        words=request.POST.get("words", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã lập dự toán vốn ủy thác."))
    return redirect("capital:budgets")


@requires("capital.budget")
@require_POST
@refusing
def resolve(request: PersonRequest, pk: int) -> HttpResponse:
    """The council's resolution on an estimate."""
    made = budgets.resolve(
        estimate=get_object_or_404(BudgetEstimate, pk=pk),
        resolution=budgets.Resolution(
            number=request.POST.get("number", ""),
            decided_on=typed.day(request, "decided_on", "ngày nghị quyết"),
            amount=typed.amount(request),
            programmes=typed.programmes(request),
        ),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã nhập %(number)s.") % {"number": made.number})
    return redirect("capital:budgets")


@requires("capital.budget")
@require_POST
@refusing
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """An estimate is taken back."""
    estimate = get_object_or_404(BudgetEstimate, pk=pk)
    budgets.withdraw_estimate(estimate=estimate, by=request.user, on=clock.today())
    show_success(request, _("Đã rút dự toán."))
    return redirect("capital:budgets")


@requires("capital.budget")
@require_POST
@refusing
def order(request: PersonRequest, pk: int) -> HttpResponse:
    """The payment order of a tranche."""
    number = request.POST.get("number", "")
    tranche = get_object_or_404(Tranche, pk=pk)
    order_tranche(tranche=tranche, number=number, by=request.user, on=clock.today())
    show_success(request, _("Đã ra lệnh chi tiền %(number)s.") % {"number": number})
    return redirect("capital:budgets")


@requires("capital.confirm")
@require_POST
@refusing
def draw(request: PersonRequest) -> HttpResponse:
    """The statement of a quarter that is over."""
    year, _dot, quarter = request.POST.get("quarter", "").partition(".")
    budgets.draw_confirmation(
        source=typed.source(request),
        year=parse_int(year),
        quarter=parse_int(quarter),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã lập xác nhận số dư."))
    return redirect("capital:budgets")


@requires("capital.confirm")
@require_POST
@refusing
def sign_bank(request: PersonRequest, pk: int) -> HttpResponse:
    """The bank's side signs."""
    row = get_object_or_404(BalanceConfirmation, pk=pk)
    budgets.sign_for_bank(confirmation=row, by=request.user, on=clock.today())
    show_success(request, _("Ngân hàng đã ký xác nhận số dư."))
    return redirect("capital:budgets")


@requires("capital.budget")
@require_POST
@refusing
def sign_budget(request: PersonRequest, pk: int) -> HttpResponse:
    """The budget's side signs, or returns the statement with its words."""
    row = get_object_or_404(BalanceConfirmation, pk=pk)
    if request.POST.get("verb") == "return":
        words = request.POST.get("words", "")
        budgets.return_confirmation(
            confirmation=row, words=words, by=request.user, on=clock.today()
        )
        show_success(request, _("Đã trả lại bản xác nhận số dư."))
    else:
        budgets.sign_for_budget(confirmation=row, by=request.user, on=clock.today())
        show_success(request, _("Hai bên đã ký xác nhận số dư."))
    return redirect("capital:budgets")


@requires("capital.view")
@require_GET
@refusing
def confirmation_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The confirmation as .docx or PDF."""
    row = confirmation_or_404(pk)
    branch = bank_branch()
    if branch is None:
        raise FundingWrong(field="chi nhánh", why="chưa có trong danh mục đơn vị")
    name = f"xac-nhan-so-du-{row.source.code}-{row.year}-{row.quarter}".replace("@", "-")
    return official(confirmation_document(row, branch), fmt, name)
