"""A collection sheet posted wrongly, undone as a whole: all its lines by one entry and for one reason, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.columns import day_number
from tdcs.core.errors import Refusal
from tdcs.entrustment.models import SavingsEvent
from tdcs.entrustment.services.savings import require_undoable, take_back_deposits
from tdcs.ledger import requesting
from tdcs.ledger.models import EntryRequest, JournalEntry, Operation
from tdcs.ledger.rules import Line, account_of
from tdcs.ledger.services import NewEntry, idempotent, post, require_reversible
from tdcs.loans.errors import FieldWrong, NotAllowed, NotReversible, SheetNotReversible
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.folding import LoanBalance, Row
from tdcs.loans.queries.sheets import TEMPLATE, TRANSFER, deposits_of, events_of_entry
from tdcs.loans.rules.kinds import KINDS
from tdcs.loans.services.balances import frozen_on, validate_event, write_balance
from tdcs.loans.services.booking import held, reclassify_lines
from tdcs.loans.services.changing import (
    counter_lines,
    less_credit,
    make_event,
    require_event_reversible,
)

_CASH: Final = account_of(TEMPLATE, "total")
_SAVINGS: Final = account_of(TEMPLATE, "savings")


@dataclass(frozen=True, slots=True)
class _Posted:
    """What one sheet brought in: each loan's events, the deposits."""

    loans: dict[int, list[LoanEvent]]
    deposits: list[SavingsEvent]


def ask_sheet_reversal(*, entry: JournalEntry, why: str, by: User, on: date) -> EntryRequest:
    """The undoing of a whole sheet waits for a second person.

    Raises SheetNotReversible with every line in the way, AlreadyReversed, BeforeReversed, and what ``requesting.ask`` refuses.
    """
    lines = foresee_sheet_reversal(entry=entry, on=on)
    about = f"Cả bảng kê thu: bút toán {entry.number} ngày {entry.on:%d/%m/%Y}"
    asked = requesting.RequestContent(EntryRequest.Kind.SHEET, entry.book, entry.pk, about, lines)
    return requesting.ask(asked=asked, words=why, permission="loans.reverse", by=by, on=on)


def foresee_sheet_reversal(*, entry: JournalEntry, on: date) -> list[Line]:
    """What would be posted; raises what ``ask_sheet_reversal`` raises."""
    posted = _posted(entry, on)
    _require_all(posted, on)
    lines = [line for events in posted.loans.values() for line in _loan_lines(events)]
    return _with_one_cash_line([*lines, *_savings_lines(posted.deposits)], entry.template)


def reverse_sheet(*, entry: JournalEntry, why: str, by: User, on: date, key: str) -> dict[str, Any]:
    """Every line of the sheet moves back by one entry dated ``on``, or none does.

    Raises FieldWrong, NotAllowed, SheetNotReversible, AlreadyReversed, BeforeReversed.
    """
    if not why.strip():
        raise FieldWrong(field="lý do", why="chưa ghi")
    if not by.may("loans.reverse"):
        raise NotAllowed(verb="Đảo bảng kê")

    def work(operation: Operation) -> dict[str, Any]:
        touched = events_of_entry(entry.pk).values_list("loan_id", flat=True)
        loans = {
            loan.pk: loan
            for loan in Loan.objects.select_for_update().filter(pk__in=list(touched)).order_by("pk")
        }
        posted = _posted(entry, on)
        found = _require_all(posted, on)
        basis = why.strip()[:200]
        made: list[LoanEvent] = []
        lines: list[Line] = []
        for key_, loan in loans.items():
            events = posted.loans[key_]
            made += [
                make_event(loan, "reverse", by, on, operation, basis=basis, reverses=event)
                for event in events
            ]
            lines += reclassify_lines(
                [
                    *_loan_lines(events),
                    *less_credit(loan, found[key_].interest_due),
                ],
                was=held(loan),
                now=frozen_on(loan, on),
                balance=loan.balance,
                tier=loan.source.tier,
                loan=loan.pk,
            )
        lines = _with_one_cash_line([*lines, *_savings_lines(posted.deposits)], entry.template)
        words = f"Đảo bảng kê, bút toán {entry.number}: {why.strip()}"[:300]
        new = NewEntry(entry.book_id, on, entry.template, words, lines, reverses_id=entry.pk)
        [(counter, number)] = post([new], by=by, on=on, operation=operation)
        LoanEvent.objects.filter(pk__in=[event.pk for event in made]).update(entry_id=counter)
        take_back_deposits(events=posted.deposits, why=why, by=by, on=on, entry=counter)
        for loan in loans.values():
            write_balance(loan, on)
        trail.record(
            action="loans.reverse_sheet",
            subject=entry,
            by=by,
            on=on,
            why=why.strip(),
            data={
                "entry": counter,
                "loans": len(loans),
                "events": len(made),
                "deposits": len(posted.deposits),
            },
        )
        return {"entry": counter, "number": number, "loans": len(loans)}

    request = {"sheet": entry.pk}
    return idempotent(
        key=key, action="loans.reverse_sheet", request=request, by=by, on=on, work=work
    )


def register() -> None:
    """Says to the ledger how these requests happen."""
    requesting.install(EntryRequest.Kind.SHEET, _reverse)


def _reverse(request: EntryRequest, on: date, key: str) -> int | None:
    entry = JournalEntry.objects.get(pk=request.subject or 0)
    made = reverse_sheet(entry=entry, why=request.words, by=request.asked_by, on=on, key=key)
    return int(made["entry"])


def _posted(entry: JournalEntry, on: date) -> _Posted:
    """The sheet's events. Raises NotReversible for another entry, AlreadyReversed, BeforeReversed."""
    if entry.template not in (TEMPLATE, TRANSFER) or entry.reverses_id is not None:
        raise NotReversible(why="bút toán này không phải của một bảng kê thu")
    require_reversible(entry, on)
    loans: dict[int, list[LoanEvent]] = defaultdict(list)
    for event in events_of_entry(entry.pk):
        loans[event.loan_id].append(event)
    return _Posted(
        dict(loans), list(deposits_of(entry.pk).select_related("account").order_by("pk"))
    )


def _require_all(posted: _Posted, on: date) -> dict[int, LoanBalance]:
    """Each loan's standing without the sheet. Raises SheetNotReversible with every line in the way, not the first only."""
    bad: list[tuple[str, Refusal]] = []
    found = {}
    for key, events in posted.loans.items():
        loan = events[0].loan
        try:
            for event in events:
                require_event_reversible(event)
            rows = [Row(0, day_number(on), KINDS["reverse"], reverses=event.pk) for event in events]
            found[key] = validate_event(loan, *rows, on=on)
        except Refusal as refusal:
            bad.append((f"khế ước {loan.number}", refusal))
    for deposit in posted.deposits:
        try:
            require_undoable(deposit.account, deposit, "đảo cả bảng kê", on)
        except Refusal as refusal:
            bad.append((f"sổ tiền gửi {deposit.account.number}", refusal))
    if bad:
        raise SheetNotReversible(bad)
    return found


def _loan_lines(events: Sequence[LoanEvent]) -> list[Line]:
    return [line for event in events for line in counter_lines(event.loan, event)]


def _savings_lines(deposits: Iterable[SavingsEvent]) -> list[Line]:
    found: list[Line] = []
    for deposit in deposits:
        found += [
            (_SAVINGS, deposit.amount, 0, deposit.account_id),
            (_CASH, 0, deposit.amount, None),
        ]
    return found


def _with_one_cash_line(lines: Sequence[Line], template: str) -> list[Line]:
    """What goes out stands in one line and leaves from where it came in: the cash, or the account for transfers."""
    places = {_CASH, account_of(template, "total")}
    out = sum(credit - debit for code, debit, credit, _subject in lines if code in places)
    rest = [line for line in lines if line[0] not in places]
    return [(account_of(template, "total"), 0, out, None), *rest]
