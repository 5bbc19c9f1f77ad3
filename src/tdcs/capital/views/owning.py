"""Whose a source is: money that goes back to its owner, a budget that ceases, a source that nobody used."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.capital.errors import FundingWrong
from tdcs.capital.queries.pages import own_office, source_or_404, unit_or_404
from tdcs.capital.services.funding import hand_over
from tdcs.capital.services.receipts import Money, give_back
from tdcs.capital.services.sources import remove_source
from tdcs.capital.views import typed
from tdcs.core import clock
from tdcs.http import parse_int, refusing, show_success


@requires("capital.receive")
@require_POST
@refusing
def pay_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Money that is not lent goes back from the own office's cash."""
    source = source_or_404(pk)
    office = own_office(request.user)
    if office is None:
        raise FundingWrong(field="đơn vị", why="không phải đơn vị của ngân hàng")
    words = request.POST.get("words", "").strip()
    if not words:
        raise FundingWrong(field="diễn giải", why="chưa ghi")
    money = Money(source, office, typed.amount(request), words=words)
    key = f"capital-back-{request.POST.get('key', '')}"[:80]
    answer = give_back(money=money, by=request.user, on=clock.today(), key=key)
    show_success(request, _("Đã hoàn trả vốn, bút toán %(number)d.") % {"number": answer["number"]})
    return redirect("capital:source", pk=source.pk)


@requires("capital.change")
@require_POST
@refusing
def succeed(request: PersonRequest, pk: int) -> HttpResponse:
    """The budget behind a source ceases: another one takes over its contracts and the source."""
    source = source_or_404(pk)
    successor = unit_or_404(parse_int(request.POST.get("successor")), clock.today())
    decision = request.POST.get("decision", "")
    made = hand_over(
        source=source, successor=successor, decision=decision, by=request.user, on=clock.today()
    )
    show_success(
        request, _("Đã bàn giao nguồn vốn; %(count)d quyết định tiếp tục.") % {"count": len(made)}
    )
    return redirect("capital:source", pk=source.pk)


@requires("capital.change")
@require_POST
@refusing
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """A source that nothing uses goes."""
    source = source_or_404(pk)
    name = source.name
    remove_source(source=source, by=request.user, on=clock.today())
    show_success(request, _("Đã bỏ nguồn “%(name)s”.") % {"name": name})
    return redirect("capital:overview")
