"""What happened to loans between a device's pack and its log: what the office did meanwhile, what another device took."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tdcs.core.errors import Refusal
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.states import EventKind, LoanState
from tdcs.transaction_points.errors import (
    PackOutdated,
    PaidMeanwhile,
    SettledMeanwhile,
    TwoDevices,
)
from tdcs.transaction_points.models import Device, LogLine, TransactionSession
from tdcs.transaction_points.rules.chain import COLLECT

_PAID = frozenset({EventKind.INTEREST, EventKind.PRINCIPAL})


def prefix_of(session: int) -> str:
    """How the keys of everything begin that is booked from a session's logs."""
    return f"phien-{session}-"


def key_of(session: int, device: int, seq: int) -> str:
    """Under which key a line of a log is booked; what is booked of it later has the same beginning."""
    return f"{prefix_of(session)}{device}-{seq}"


@dataclass(slots=True)
class Meanwhile:
    """What stands against booking collections of loans: loan → when the office wrote what of it; loan → the other device."""

    events: dict[int, list[tuple[datetime, EventKind]]] = field(default_factory=dict)
    settled: frozenset[int] = frozenset()
    elsewhere: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)

    def stops(self, loan: int, pack: datetime) -> Refusal | None:
        """Why a person must look before a collection of the loan is booked, whatever the amounts."""
        since = [kind for at, kind in self.events.get(loan, ()) if at > pack]
        number = self.numbers.get(loan, "")
        if loan in self.settled and since:
            return SettledMeanwhile(number=number)
        changed = [kind for kind in since if kind not in _PAID]
        if changed:
            return PackOutdated(number=number, what=str(EventKind(changed[-1]).label).lower())
        if loan in self.elsewhere:
            return TwoDevices(number=number, device=self.elsewhere[loan])
        return None

    def named(self, loan: int, pack: datetime, why: Refusal) -> Refusal:
        """A refusal by its cause: the office collected of the loan since the pack was taken."""
        since = [kind for at, kind in self.events.get(loan, ()) if at > pack]
        if not since:
            return why
        return PaidMeanwhile(number=self.numbers.get(loan, ""), why=why)


def meanwhile(
    session: TransactionSession, device: Device, loans: Collection[int], since: datetime
) -> Meanwhile:
    """What is known of loans that a device collected of, from the time of its pack on."""
    found = Meanwhile()
    rows = LoanEvent.objects.filter(loan__in=loans, recorded_at__gt=since)
    # What this session itself booked is no surprise; an undoing of it has another key.
    rows = rows.exclude(operation__key__startswith=prefix_of(session.pk))
    for loan, at, kind in rows.order_by("pk").values_list("loan_id", "recorded_at", "kind"):
        found.events.setdefault(loan, []).append((at, EventKind(kind)))
    known = Loan.objects.filter(pk__in=loans).values_list("pk", "number", "state")
    found.numbers = {pk: number for pk, number, _state in known}
    found.settled = frozenset(pk for pk, _number, state in known if state == LoanState.SETTLED)
    wanted = set(loans)
    others = LogLine.objects.filter(session=session, kind=COLLECT, entry__isnull=False)
    others = others.exclude(device=device).select_related("device")
    for line in others:
        left = set(line.left)
        for place, row in enumerate(line.data.get("lines", [])):
            if place not in left and (loan := row.get("loan")) in wanted:
                found.elsewhere[loan] = line.device.name
    return found


def loans_in(lines: Sequence[LogLine]) -> set[int]:
    """The loans that sheets of a log name; what is no number is left to who books it."""
    found: set[int] = set()
    for line in lines:
        rows = line.data.get("lines", [])
        for row in rows if isinstance(rows, list) else ():
            loan = row.get("loan") if isinstance(row, dict) else None
            if type(loan) is int and 0 < loan < 2**63:
                found.add(loan)
    return found
