"""What devices told of a session besides money: the count, the meeting's conclusions, what borrowers asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tdcs.loans.models import Loan
from tdcs.loans.states import EventKind
from tdcs.transaction_points.models import LogLine, TransactionSession
from tdcs.transaction_points.rules.chain import CONCLUSION, COUNT, REQUEST
from tdcs.transaction_points.states import LogState


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """What a borrower asked for at the session: written down there, decided by the office."""

    loan: int
    number: str
    name: str
    kind: str
    until: str
    cause: str
    by: str


@dataclass(slots=True)
class Recorded:
    """The last count and conclusions of the session's devices, and every request; empty where nothing was handed in."""

    counted: int | None = None
    why: str = ""
    notes: dict[int, int] = field(default_factory=dict)
    conclusions: str = ""
    requests: list[RecordedRequest] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return self.counted is not None or bool(self.conclusions or self.requests)


def recorded_at(session: TransactionSession) -> Recorded:
    """By lines that stand: what was undone, or whose approval is not proven, says nothing here."""
    found = Recorded()
    asked: list[LogLine] = []
    rows = LogLine.objects.filter(
        session=session, state=LogState.NOTED, kind__in=(COUNT, CONCLUSION, REQUEST)
    )
    for line in rows.select_related("by").order_by("received_at", "device_id", "seq"):
        data: dict[str, Any] = line.data if isinstance(line.data, dict) else {}
        if line.kind == COUNT:
            found.counted, found.why = _whole(data.get("counted")), str(data.get("why") or "")
            notes = data.get("notes")
            found.notes = _notes(notes if isinstance(notes, dict) else {})
        elif line.kind == CONCLUSION:
            found.conclusions = str(data.get("words") or "")
        else:
            asked.append(line)
    found.requests = _requests(asked)
    return found


def _whole(value: object) -> int:
    return value if type(value) is int and 0 <= value < 2**53 else 0


def _notes(given: dict[str, Any]) -> dict[int, int]:
    return {int(value): _whole(n) for value, n in given.items() if str(value).isdecimal()}


def _requests(lines: list[LogLine]) -> list[RecordedRequest]:
    keys = {_whole(line.data.get("loan")) for line in lines}
    loans = Loan.objects.filter(pk__in=keys).select_related("borrower").in_bulk()
    kinds = {str(code): str(words) for code, words in EventKind.choices}
    made = []
    for line in lines:
        loan = loans.get(_whole(line.data.get("loan")))
        if loan is None:
            continue
        kind = str(line.data.get("kind") or "")
        made.append(
            RecordedRequest(
                loan.pk,
                loan.number,
                loan.borrower.full_name,
                kinds.get(kind, kind),
                _day(line.data.get("until")),
                str(line.data.get("cause") or "")[:300],
                line.by.full_name,
            )
        )
    return made


def _day(value: object) -> str:
    try:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    except ValueError:
        return ""
