"""What people type into the forms of this room."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tdcs.capital.errors import FundingWrong
from tdcs.capital.models import CapitalSource
from tdcs.core.amounts import NotAnAmount, dong
from tdcs.http import parse_day, parse_int
from tdcs.organisations.models import Organisation


def amount(request: HttpRequest, name: str = "amount") -> int:
    """Whole dong. Raises FundingWrong."""
    try:
        return dong(request.POST.get(name, ""))
    except NotAnAmount as wrong:
        raise FundingWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0") from wrong


def day(request: HttpRequest, name: str, words: str) -> date:
    """A day that must be given. Raises FundingWrong."""
    found = parse_day(request.POST.get(name))
    if found is None:
        raise FundingWrong(field=words, why="chưa ghi")
    return found


def programmes(request: HttpRequest) -> tuple[str, ...]:
    """Codes typed with commas or blanks between."""
    return tuple(
        dict.fromkeys(request.POST.get("programmes", "").replace(",", " ").upper().split())
    )


def source(request: HttpRequest) -> CapitalSource:
    """The chosen source."""
    return get_object_or_404(CapitalSource, pk=parse_int(request.POST.get("source")))


def office(request: HttpRequest) -> Organisation:
    """The chosen office of the bank."""
    return get_object_or_404(Organisation, pk=parse_int(request.POST.get("office")))
