"""A year's interest of one entrusted source: provision for risk, management fee, what is added to the capital."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Sum

from tdcs.access.models import User
from tdcs.capital import ports
from tdcs.capital.errors import AlreadySplit, NothingToSplit, YearNotOver
from tdcs.capital.models import CapitalSource, FundReceipt, InterestSplit, ReceiptKind, Tier
from tdcs.capital.rules import share_interest
from tdcs.core import clock, trail
from tdcs.ledger.models import Operation
from tdcs.ledger.results import Posted
from tdcs.ledger.rules import lines_for
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.organisations.models import Organisation
from tdcs.programmes.rules.lawbook import cite
from tdcs.programmes.rules.shared import shared

_TEMPLATE: Final = "capital.split_interest"


def split_interest(
    *, source: CapitalSource, year: int, office: Organisation, by: User | None, on: date, key: str
) -> Posted:
    """Share the interest that a local source collected in a year, by the figures of its last day, and book it at an office.

    Answer: entry, number. Raises YearNotOver, AlreadySplit, NothingToSplit, and what the ledger refuses.
    """

    def work(operation: Operation) -> Posted:
        CapitalSource.objects.select_for_update().get(pk=source.pk)
        made = foresee_split(source=source, year=year, on=on)
        amounts = {
            "total": made.interest,
            "provision": made.provision,
            "management": made.management,
            "capital": made.capital,
        }
        lines = lines_for(_TEMPLATE, amounts, tier=source.tier)
        words = f"Phân bổ lãi năm {year}: {source.name}"[:300]
        new = NewEntry(book_of(office).pk, on, _TEMPLATE, words, lines)
        [(entry, number)] = post([new], by=by, on=on, operation=operation)
        made.entry_id, made.by, made.booked_on = entry, by, on
        made.save()
        if made.capital:
            _add(made, office, operation)
        trail.record(action="capital.split_interest", subject=source, by=by, on=on, data=amounts)
        return {"entry": entry, "number": number}

    request = {"source": source.pk, "year": year, "office": office.pk}
    with transaction.atomic():
        return idempotent(
            key=key, action="capital.split_interest", request=request, by=by, on=on, work=work
        )


def foresee_split(*, source: CapitalSource, year: int, on: date) -> InterestSplit:
    """What the split of a year would be; nothing is kept. Raises YearNotOver, AlreadySplit, NothingToSplit."""
    last = date(year, 12, 31)
    if on <= last:
        raise YearNotOver(year=year)
    there = InterestSplit.objects.filter(source=source, year=year).first()
    if there is not None:
        raise AlreadySplit(year=year, name=source.name, on=there.booked_on)
    lending = ports.year_of_lending(source.pk, year)
    if source.tier != Tier.LOCAL or lending.interest <= 0:
        raise NothingToSplit(name=source.name, year=year)
    before = InterestSplit.objects.filter(source=source, year__lt=year)
    held = before.aggregate(n=Sum("provision"))["n"] or 0
    healthy = lending.outstanding - lending.unhealthy
    shares = share_interest(
        interest=lending.interest, healthy=healthy, provision_held=held, on=last
    )
    names = ("fund_provision_ppm", "fund_management_ppm")
    texts = {cite(shared(one).on(last)) for one in names}
    return InterestSplit(
        source=source,
        year=year,
        interest=lending.interest,
        healthy=healthy,
        provision_held=held,
        provision=shares.provision,
        management=shares.management,
        capital=shares.capital,
        basis="; ".join(sorted(texts))[:300],
    )


def _add(made: InterestSplit, office: Organisation, operation: Operation) -> None:
    """What is added to the capital is money of the source like any other."""
    FundReceipt.objects.create(
        source=made.source,
        office=office,
        kind=ReceiptKind.ADDED,
        amount=made.capital,
        on=made.booked_on,
        words=f"Lãi năm {made.year} bổ sung vốn",
        entry_id=made.entry_id,
        operation=operation,
        by=made.by,
        recorded_at=clock.now(),
    )
