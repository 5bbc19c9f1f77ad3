"""Capital sources: as shipped with the province, a budget that begins to entrust, money that comes in."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.capital.errors import InvestorUnfit
from tdcs.capital.models import CapitalSource, Tier
from tdcs.core import law, trail
from tdcs.ledger.errors import AmountWrong
from tdcs.ledger.models import Operation
from tdcs.ledger.results import Posted
from tdcs.ledger.rules import lines_for
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.organisations.models import Kind, Organisation
from tdcs.organisations.queries import names_on

# More than this at once is a slip of the hand: a million billion dong.
_MOST: Final = 10**15


def load() -> int:
    """Bring capital.yaml of the installation's province into the database; returns the number of sources."""
    rows = law.of_province("capital.yaml")
    for row in rows:
        investor = Organisation.objects.filter(code=row.get("investor", "")).first()
        CapitalSource.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "tier": row["tier"],
                "investor": investor,
                "starts_on": row["from"],
            },
        )
    return len(rows)


def receive(
    *, source: CapitalSource, office: Organisation, amount: int, by: User | None, on: date, key: str
) -> Posted:
    """Money of a source comes into an office's cash. Answer: entry, number. Raises AmountWrong and what the ledger refuses."""
    if type(amount) is not int or not 0 < amount <= _MOST:
        raise AmountWrong

    def work(operation: Operation) -> Posted:
        lines = lines_for("capital.receive", {"amount": amount}, tier=source.tier)
        words = f"Nhận vốn: {source.name}"[:300]
        new = NewEntry(book_of(office).pk, on, "capital.receive", words, lines)
        [(entry, number)] = post([new], by=by, on=on, operation=operation)
        data = {"office": office.code, "amount": amount, "number": number}
        trail.record(action="capital.receive", subject=source, by=by, on=on, data=data)
        return {"entry": entry, "number": number}

    request = {"source": source.pk, "office": office.pk, "amount": amount}
    return idempotent(key=key, action="capital.receive", request=request, by=by, on=on, work=work)


def invest(*, investor: Organisation, by: User | None, on: date) -> CapitalSource:
    """The source of a local budget that entrusts money; made on first use. Raises InvestorUnfit.

    The investor is a People's Committee: the province's has its shipped source, a commune's gets its own.
    """
    if investor.kind != Kind.PEOPLE_COMMITTEE:
        raise InvestorUnfit(name=names_on(on, [investor.pk])[investor.pk])
    with transaction.atomic():
        found = CapitalSource.objects.on(on).filter(investor=investor).first()
        if isinstance(found, CapitalSource):
            return found
        name = names_on(on, [investor.pk])[investor.pk]
        made: CapitalSource = CapitalSource.objects.create(
            code=f"DP-{investor.code}"[:40],
            name=f"Vốn ngân sách ủy thác: {name}"[:200],
            tier=Tier.LOCAL,
            investor=investor,
            starts_on=on,
        )
        trail.record(action="capital.invest", subject=made, by=by, on=on)
    return made
