"""Money of others proposed to be moved to policy credit, and campaigns."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.capital.errors import FundingWrong
from tdcs.capital.models import Campaign, OutsideFund, Pledge
from tdcs.capital.queries.pages import (
    MARKS,
    campaigns,
    local_sources,
    outside_funds,
    outside_steps,
    own_office,
)
from tdcs.capital.services import register as register_service
from tdcs.capital.services.receipts import Money
from tdcs.capital.services.register import CampaignPlan, Found
from tdcs.capital.views import typed
from tdcs.core import clock
from tdcs.http import refusing, show_success
from tdcs.organisations.models import Organisation


@requires("capital.view")
@require_GET
def register_page(request: PersonRequest) -> HttpResponse:
    """The register: source, size, owner, basis, step, answer."""
    rows = outside_funds()
    context = {
        "rows": rows,
        "marks": MARKS,
        "steps": outside_steps(),
        "size": sum(row.size for row in rows),
        "moved": sum(row.receipt.amount for row in rows if row.receipt),
        "kinds": OutsideFund.Kind.choices,
        "sources": local_sources(clock.today()),
        "office": own_office(request.user),
        "key": get_random_string(20),
    }
    return render(request, "capital/register.html", context)


@requires("capital.change")
@require_POST
@refusing
def add_fund(request: PersonRequest) -> HttpResponse:
    """What the review found."""
    made = register_service.list_fund(
        found=Found(
            name=request.POST.get("name", ""),
            kind=request.POST.get("kind", ""),
            owner_words=request.POST.get("owner", ""),
            size=typed.amount(request),
            basis=request.POST.get("basis", ""),
        ),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi “%(name)s”.") % {"name": made.name})
    return redirect("capital:register")


@requires("capital.change")
@require_POST
@refusing
def step_fund(request: PersonRequest, pk: int) -> HttpResponse:
    """A proposal, or the answer to it."""
    register_service.step_fund(
        fund=get_object_or_404(OutsideFund, pk=pk),
        verb=request.POST.get("verb", ""),
        letter=request.POST.get("letter", ""),
        words=request.POST.get("words", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi bước xử lý."))
    return redirect("capital:register")


@requires("capital.receive")
@require_POST
@refusing
def move_fund(request: PersonRequest, pk: int) -> HttpResponse:
    """What was agreed comes in at the own office."""
    fund = get_object_or_404(OutsideFund, pk=pk)
    money = Money(
        typed.source(request), _office(request), typed.amount(request), words=fund.name[:300]
    )
    register_service.move_fund(
        fund=fund, money=money, by=request.user, on=clock.today(), key=f"capital-fund-{fund.pk}"
    )
    show_success(request, _("Đã nhận vốn chuyển sang."))
    return redirect("capital:register")


@requires("capital.view")
@require_GET
def campaigns_page(request: PersonRequest) -> HttpResponse:
    """Campaigns: aims, promises, what came."""
    context = {
        "rows": campaigns(),
        "sources": local_sources(clock.today()),
        "office": own_office(request.user),
        "today": clock.today(),
    }
    return render(request, "capital/campaigns.html", context)


@requires("capital.change")
@require_POST
@refusing
def add_campaign(request: PersonRequest) -> HttpResponse:
    """A campaign as decided."""
    made = register_service.start_campaign(
        plan=CampaignPlan(
            name=request.POST.get("name", ""),
            basis=request.POST.get("basis", ""),
            source=typed.source(request),
            starts_on=typed.day(request, "starts_on", "ngày bắt đầu"),
            ends_on=typed.day(request, "ends_on", "ngày kết thúc"),
            target=typed.amount(request),
        ),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã mở “%(name)s”.") % {"name": made.name})
    return redirect("capital:campaigns")


@requires("capital.change")
@require_POST
@refusing
def add_pledge(request: PersonRequest, pk: int) -> HttpResponse:
    """A donor's promise."""
    register_service.pledge(
        campaign=get_object_or_404(Campaign, pk=pk),
        donor=request.POST.get("donor", ""),
        amount=typed.amount(request),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi đăng ký đóng góp."))
    return redirect("capital:campaigns")


@requires("capital.receive")
@require_POST
@refusing
def receive_pledge(request: PersonRequest, pk: int) -> HttpResponse:
    """What was promised comes in at the own office."""
    pledge = get_object_or_404(Pledge, pk=pk)
    register_service.receive_pledge(
        pledge=pledge,
        office=_office(request),
        by=request.user,
        on=clock.today(),
        key=f"capital-pledge-{pledge.pk}",
    )
    show_success(request, _("Đã nhận tiền đóng góp."))
    return redirect("capital:campaigns")


def _office(request: PersonRequest) -> Organisation:
    """The own office of the bank. Raises FundingWrong."""
    office = own_office(request.user)
    if office is None:
        raise FundingWrong(field="đơn vị", why="không phải đơn vị của ngân hàng")
    return office
