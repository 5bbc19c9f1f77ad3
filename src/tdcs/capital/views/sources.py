"""The sources and one of them: contracts, tranches, money received, interest shared."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.capital.errors import FundingWrong
from tdcs.capital.models import FundingContract, FundingKind, FundReceipt
from tdcs.capital.queries.pages import (
    MARKS,
    by_programme,
    committees,
    contracts_of,
    office_names,
    own_office,
    positions,
    receipts_of,
    source_or_404,
    splits_of,
    tranche_or_404,
)
from tdcs.capital.services.funding import Agreement, agree, cancel_tranche, plan_tranche
from tdcs.capital.services.receipts import Money, receive_money
from tdcs.capital.services.splitting import split_interest
from tdcs.capital.services.undoing import ask_reversal
from tdcs.capital.views import typed
from tdcs.core import clock
from tdcs.http import FORMATS, paper, parse_day, parse_int, refusing, sheet, show_success
from tdcs.http.shown_tables import page_of
from tdcs.ledger.queries import entries_to_open

PAGE: Final = 40
_HEAD: Final = (
    gettext_noop("Mã nguồn"),
    gettext_noop("Nguồn vốn"),
    gettext_noop("Đã nhận"),
    gettext_noop("Dư nợ"),
    gettext_noop("Chưa sử dụng"),
)


@requires("capital.view")
@require_GET
@refusing
def overview(request: PersonRequest) -> HttpResponse:
    """Every source on a day: received, lent, free."""
    today = clock.today()
    day = min(parse_day(request.GET.get("day")) or today, today)
    found = positions(day)
    if request.GET.get("export") in FORMATS:
        lines = [
            (row["code"], row["name"], row["received"], row["outstanding"], row["free"])
            for row in found.rows
        ]
        lines.append(("", _("Cộng"), found.received, found.outstanding, found.free))
        around = paper(request, _("Nguồn vốn"), on=day)
        return sheet(request.GET["export"], "nguon-von", [_(word) for word in _HEAD], lines, around)
    context = {"found": found, "day": day, "today": today}
    if day != today:
        context["shown_day"] = day
    return render(request, "capital/overview.html", context)


@requires("capital.view")
@require_GET
def source_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One source: what is free, under which decisions it came, in which tranches, how its interest was shared."""
    source = source_or_404(pk)
    today = clock.today()
    row = next((one for one in positions(today).rows if one["source"] == source.pk), None)
    page = page_of(request, receipts_of(source), PAGE)
    context = {
        "source": source,
        "marks": MARKS,
        "names": office_names(page),
        "row": row,
        "programmes": by_programme(source, today),
        "contracts": contracts_of(source),
        "page": page,
        "opens": entries_to_open(request.user, [one.entry_id for one in page]),
        "splits": splits_of(source),
        "kinds": FundingKind.choices,
        "office": own_office(request.user),
        "committees": committees(today) if request.user.may("capital.change") else [],
        "key": get_random_string(20),
        "last_year": today.year - 1,
        "today": today,
    }
    return render(request, "capital/source.html", context)


@requires("capital.change")
@require_POST
@refusing
def add_contract(request: PersonRequest, pk: int) -> HttpResponse:
    """A decision or contract typed in."""
    source = source_or_404(pk)
    made = agree(
        agreement=Agreement(
            source=source,
            kind=request.POST.get("kind", ""),
            number=request.POST.get("number", ""),
            decided_on=typed.day(request, "decided_on", "ngày quyết định"),
            starts_on=typed.day(request, "starts_on", "ngày có hiệu lực"),
            ends_on=parse_day(request.POST.get("ends_on")),
            amount=typed.amount(request) if request.POST.get("amount", "").strip() else None,
            programmes=typed.programmes(request),
            owner_words=request.POST.get("owner_words", ""),
        ),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã nhập %(number)s.") % {"number": made.number})
    return redirect("capital:source", pk=source.pk)


@requires("capital.change")
@require_POST
@refusing
def add_tranche(request: PersonRequest, pk: int) -> HttpResponse:
    """A part of a contract that is to come on a day."""
    contract = get_object_or_404(FundingContract, pk=pk)
    made = plan_tranche(
        contract=contract,
        amount=typed.amount(request),
        planned_on=typed.day(request, "planned_on", "ngày dự kiến"),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã lập đợt %(number)d.") % {"number": made.number})
    return redirect("capital:source", pk=contract.source_id)


@requires("capital.change")
@require_POST
@refusing
def cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """A tranche of which nothing came is given up."""
    tranche = tranche_or_404(pk)
    cancel_tranche(tranche=tranche, by=request.user, on=clock.today())
    show_success(request, _("Đã thôi thực hiện đợt %(number)d.") % {"number": tranche.number})
    return redirect("capital:source", pk=tranche.contract.source_id)


@requires("capital.receive")
@require_POST
@refusing
def take_in(request: PersonRequest, pk: int) -> HttpResponse:
    """Money received at the own office, of a tranche where one is chosen."""
    source = source_or_404(pk)
    tranche = None
    if request.POST.get("tranche"):
        tranche = tranche_or_404(parse_int(request.POST["tranche"]), source)
    office = own_office(request.user)
    if office is None:
        raise FundingWrong(field="đơn vị", why="không phải đơn vị của ngân hàng")
    money = Money(
        source,
        office,
        typed.amount(request),
        contract=tranche.contract if tranche else None,
        tranche=tranche,
        words=request.POST.get("words", ""),
    )
    key = f"capital-{request.POST.get('key', '')}"[:80]
    answer = receive_money(money=money, by=request.user, on=clock.today(), key=key)
    show_success(request, _("Đã nhận vốn, bút toán %(number)d.") % {"number": answer["number"]})
    return redirect("capital:source", pk=source.pk)


@requires("capital.receive")
@require_POST
@refusing
def reverse(request: PersonRequest, pk: int) -> HttpResponse:
    """A receipt booked wrongly at the own office: its undoing waits for a second person."""
    receipt = get_object_or_404(FundReceipt, pk=pk, office=own_office(request.user))
    why = request.POST.get("why", "")
    ask_reversal(receipt=receipt, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đề nghị đảo đang chờ người khác duyệt ở Sổ cái."))
    return redirect("capital:source", pk=receipt.source_id)


@requires("capital.receive")
@require_POST
@refusing
def share(request: PersonRequest, pk: int) -> HttpResponse:
    """The interest of a past year is shared and booked at the own office."""
    source = source_or_404(pk)
    year = parse_int(request.POST.get("year"))
    office = own_office(request.user)
    if office is None:
        raise FundingWrong(field="đơn vị", why="không phải đơn vị của ngân hàng")
    split_interest(
        source=source,
        year=year,
        office=office,
        by=request.user,
        on=clock.today(),
        key=f"capital-split-{source.pk}-{year}",
    )
    show_success(request, _("Đã phân bổ lãi năm %(year)d.") % {"year": year})
    return redirect("capital:source", pk=source.pk)
