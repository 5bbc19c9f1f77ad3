"""Rescheduling, extension, freezing and write-off: asked for by one person, decided by another; and their ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction

from tdcs.access.conflicts import in_conflict
from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.columns import day_number
from tdcs.ledger.models import Operation
from tdcs.ledger.rules import Line, lines_for, swapped
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.loans.errors import (
    CreditInTheWay,
    EventBeforeLast,
    FieldWrong,
    NotAllowed,
    NotReversible,
    RequestDecided,
    SamePerson,
)
from tdcs.loans.models import ChangeRequest, Loan, LoanEvent
from tdcs.loans.queries.folding import LoanBalance, Row, balances_on
from tdcs.loans.queries.sheets import TEMPLATE, TRANSFER
from tdcs.loans.rules.accrual import MOST_RATE_PPM
from tdcs.loans.rules.kinds import KINDS
from tdcs.loans.services.balances import frozen_on, validate_event, write_balance
from tdcs.loans.services.booking import held, reclassify_lines
from tdcs.loans.services.crediting import credit_lines
from tdcs.loans.services.results import ChangeDecided, EventMade
from tdcs.loans.states import CHANGE_MOVES

# What may be asked for.
ASKED: Final = ("reschedule", "extend", "freeze", "write_off", "write_off_interest")
_WITH_AMOUNT: Final = ("write_off", "write_off_interest")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeDraft:
    """What is asked for a loan."""

    kind: str
    cause: str
    until_on: date | None = None
    due_on: date | None = None
    amount: int | None = None
    interest: int | None = None
    loss_percent: int | None = None


def ask_change(*, loan: Loan, change: ChangeDraft, by: User, on: date) -> ChangeRequest:
    """A request (08/TD, 09/TD, 01/XLN); refused at once when the rules would refuse it on this day.

    ``amount``: of a write-off the principal (all of it when not given), of a write-off of interest the interest;
    ``interest``: what a write-off covers of interest beside the principal.
    """
    if change.kind not in ASKED:
        raise FieldWrong(field="loại đề nghị", why=change.kind)
    if not by.may(CHANGE_MOVES["ask"].permission):
        raise NotAllowed(verb="Đề nghị xử lý nợ")
    if not change.cause.strip():
        raise FieldWrong(field="nguyên nhân", why="chưa ghi")
    _require_fields(change.kind, change.amount, change.until_on, change.due_on, change.loss_percent)
    if change.interest is not None and change.kind != "write_off":
        raise FieldWrong(field="số lãi", why="chỉ quyết định xóa nợ mới kèm xóa lãi")
    _require_money(change.interest)
    with transaction.atomic():
        kept = Loan.objects.select_for_update().get(pk=loan.pk)
        request = ChangeRequest(
            loan=kept,
            kind=change.kind,
            amount=_amount(kept, change.kind, change.amount, on),
            interest=change.interest,
            until_on=change.until_on,
            due_on=change.due_on,
            loss_percent=change.loss_percent if change.kind == "freeze" else None,
            cause=change.cause.strip()[:300],
            asked_on=on,
            asked_by=by,
        )
        validate_event(kept, *_rows(request, on), on=on, loss_percent=change.loss_percent)
        request.save()
        trail.record(
            action="loans.ask_change", subject=kept, by=by, on=on, data={"kind": change.kind}
        )
    return request


def _require_fields(kind: str, amount: object, until: object, due: object, loss: object) -> None:
    """Amounts are whole dong above 0, days are days, a loss is a whole percentage. Raises FieldWrong."""
    if kind in _WITH_AMOUNT:
        _require_money(amount)
    for name, day, needed in (
        ("đến ngày", until, kind in ("reschedule", "extend", "freeze")),
        ("kỳ hạn", due, kind == "reschedule"),
    ):
        if needed and type(day) is not date:
            raise FieldWrong(field=name, why="phải là một ngày")
    if kind == "freeze" and loss is not None and not (type(loss) is int and 0 <= loss <= 100):
        raise FieldWrong(field="mức thiệt hại", why="phải là số nguyên từ 0 đến 100")


def _require_money(amount: object) -> None:
    if amount is not None and not (type(amount) is int and amount > 0):
        raise FieldWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")


def _amount(loan: Loan, kind: str, amount: int | None, on: date) -> int | None:
    """What the request is about; all that is owed where it names nothing."""
    if kind not in _WITH_AMOUNT:
        return None
    if amount is not None:
        return amount
    if kind == "write_off":
        return loan.balance
    return max(balances_on([loan], on)[loan.pk].interest_due, 0)


def foresee_change(*, request: ChangeRequest, on: date) -> LoanBalance:
    """The loan at the end of ``on`` if the request were approved that day; raises what the rules refuse."""
    return validate_event(
        request.loan, *_rows(request, on), on=on, loss_percent=request.loss_percent
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeDecision:
    """What was decided, under which number."""

    approve: bool
    number: str = ""
    words: str = ""


def decide_change(
    *, request: ChangeRequest, decision: ChangeDecision, by: User, on: date, key: str
) -> ChangeDecided:
    """Approve (the event happens today) or refuse. Raises RequestDecided, SamePerson and what the rules refuse."""

    def work(operation: Operation) -> ChangeDecided:
        kept = ChangeRequest.objects.select_for_update().get(pk=request.pk)
        move = CHANGE_MOVES["approve" if decision.approve else "refuse"]
        if kept.state not in move.sources:
            raise RequestDecided
        if not by.may(move.permission):
            raise NotAllowed(verb="Duyệt xử lý nợ")
        if in_conflict("loans.decide_change", [("loans.ask_change", kept.asked_by_id)], by.pk):
            raise SamePerson(verb="Duyệt xử lý nợ")
        if on < kept.asked_on:
            raise EventBeforeLast(number=kept.loan.number, day=on, last=kept.asked_on)
        kept.decided_on, kept.decided_by = on, by
        kept.words, kept.decision_number = (
            decision.words.strip()[:300],
            decision.number.strip()[:60],
        )
        kept.state = move.target
        if decision.approve:
            loan = Loan.objects.select_for_update().get(pk=kept.loan_id)
            _happen(loan, kept, by, on, operation)
        kept.save()
        trail.record(
            action="loans.decide_change",
            subject=kept.loan,
            by=by,
            on=on,
            why=decision.words,
            data={"kind": kept.kind, "approved": decision.approve},
        )
        return {"request": kept.pk, "state": kept.state, "event": kept.event_id}

    asked = {"request": request.pk, "approve": decision.approve, "decision": decision.number}
    return idempotent(key=key, action="loans.decide_change", request=asked, by=by, on=on, work=work)


def unfreeze(*, loan: Loan, why: str, by: User, on: date, key: str) -> EventMade:
    """End a freeze before its day."""
    row = Row(0, day_number(on), KINDS["unfreeze"])
    return _simple(loan, row, why, by=by, on=on, key=key)


def change_rate(
    *, loan: Loan, rate_ppm: int, basis: str, by: User, on: date, key: str
) -> EventMade:
    """A rate that a decree sets for running contracts."""
    if type(rate_ppm) is not int or not 0 <= rate_ppm <= MOST_RATE_PPM:
        raise FieldWrong(field="lãi suất", why=f"phải là số nguyên từ 0 đến {MOST_RATE_PPM}")
    row = Row(0, day_number(on), KINDS["rate"], rate=rate_ppm)
    return _simple(loan, row, basis, by=by, on=on, key=key)


def _simple(loan: Loan, row: Row, why: str, *, by: User, on: date, key: str) -> EventMade:
    kind = "unfreeze" if row.kind == KINDS["unfreeze"] else "rate"
    if not why.strip():
        raise FieldWrong(field="căn cứ", why="chưa ghi")
    if not by.may("loans.decide_change"):
        raise NotAllowed(verb=kind)

    def work(operation: Operation) -> EventMade:
        kept = Loan.objects.select_for_update().get(pk=loan.pk)
        validate_event(kept, row, on=on)
        event = make_event(
            kept, kind, by, on, operation, basis=why.strip()[:200], rate_ppm=row.rate
        )
        _book(kept, event, f"loan.{kind}", [])
        write_balance(kept, on)
        trail.record(action=f"loans.{kind}", subject=kept, by=by, on=on, why=why)
        return {"event": event.pk}

    request = {"loan": loan.pk, "rate": row.rate}
    return idempotent(key=key, action=f"loans.{kind}", request=request, by=by, on=on, work=work)


def reverse_event(*, event: LoanEvent, why: str, by: User, on: date, key: str) -> EventMade:
    """Undo an event by a counter-event and a counter-entry; what it moved in the ledger moves back today."""
    if not why.strip():
        raise FieldWrong(field="lý do", why="chưa ghi")
    if not by.may("loans.reverse"):
        raise NotAllowed(verb="Đảo bút toán")

    def work(operation: Operation) -> EventMade:
        loan = Loan.objects.select_for_update().get(pk=event.loan_id)
        require_event_reversible(event)
        row = Row(0, day_number(on), KINDS["reverse"], reverses=event.pk)
        found = validate_event(loan, row, on=on)
        made = make_event(
            loan, "reverse", by, on, operation, basis=why.strip()[:200], reverses=event
        )
        lines = [*counter_lines(loan, event), *less_credit(loan, found.interest_due)]
        _book(loan, made, _template_of(event), lines)
        write_balance(loan, on)
        trail.record(
            action="loans.reverse",
            subject=loan,
            by=by,
            on=on,
            why=why,
            data={"event": event.pk, "kind": event.kind, "amount": event.amount},
        )
        return {"event": made.pk}

    request = {"event": event.pk}
    return idempotent(key=key, action="loans.reverse", request=request, by=by, on=on, work=work)


def foresee_reversal(*, event: LoanEvent, on: date) -> tuple[LoanBalance, list[Line]]:
    """The loan at the end of ``on`` without the event, and what is posted; raises what the rules refuse."""
    require_event_reversible(event)
    row = Row(0, day_number(on), KINDS["reverse"], reverses=event.pk)
    return validate_event(event.loan, row, on=on), counter_lines(event.loan, event)


def require_event_reversible(event: LoanEvent) -> None:
    if event.kind == "reverse":
        raise NotReversible(why="đây là bút toán đảo; ghi lại diễn biến mới thay vì đảo lần nữa")
    if LoanEvent.objects.filter(reverses=event).exists():
        raise NotReversible(why="đã được đảo")
    if event.kind == "session_day":
        raise NotReversible(why="ngày giao dịch theo điểm giao dịch: đổi lại ở điểm")
    if event.kind == "refund_interest":
        raise CreditInTheWay(number=event.loan.number)
    if (
        event.kind == "write_off"
        and event.loan.recoveries.filter(reversed_by=None, reverses=None).exists()
    ):
        raise NotReversible(why="đã thu được nợ đã xóa; đảo các khoản thu ấy trước")
    if event.kind == "disbursement" and _others_stand_on(event):
        raise NotReversible(why="khoản vay còn diễn biến khác sau lần giải ngân đầu")


def _others_stand_on(event: LoanEvent) -> bool:
    """Whether this is the first disbursement and something else of the loan still stands."""
    first = event.loan.events.order_by("pk").first()
    if first is None or first.pk != event.pk:
        return False
    live = event.loan.events.filter(reversed_by=None).exclude(kind="reverse")
    return bool(live.exclude(pk=event.pk).exists())


def _rows(request: ChangeRequest, on: date) -> list[Row]:
    """The events that the request is to become."""
    asked = Row(
        0,
        day_number(on),
        KINDS[request.kind],
        request.amount or 0,
        day_number(request.until_on) if request.until_on else 0,
        day_number(request.due_on) if request.due_on else 0,
    )
    if request.interest is None:
        return [asked]
    return [asked, Row(0, day_number(on), KINDS["write_off_interest"], request.interest)]


def _happen(loan: Loan, request: ChangeRequest, by: User, on: date, operation: Operation) -> None:
    """The request's event, and beside it that of the interest that a write-off covers: one entry for both."""
    validate_event(loan, *_rows(request, on), on=on, loss_percent=request.loss_percent)
    why = request.decision_number or request.cause[:200]
    request.event = event = make_event(
        loan,
        request.kind,
        by,
        on,
        operation,
        basis=why,
        amount=request.amount if request.kind in _WITH_AMOUNT else None,
        until_on=request.until_on,
        due_on=request.due_on,
    )
    lines: list[Line] = []
    if request.kind == "write_off":
        both = {"principal": request.amount or 0, "interest": request.interest or 0}
        lines = _lines(loan, "loan.write_off", **{name: n for name, n in both.items() if n})
    elif request.kind == "write_off_interest":
        lines = _lines(loan, "loan.write_off", interest=request.amount or 0)
    template = "loan.write_off" if request.kind in _WITH_AMOUNT else f"loan.{request.kind}"
    _book(loan, event, template, lines)
    if request.interest is not None:
        fields = {"basis": why, "amount": request.interest, "entry_id": event.entry_id}
        request.interest_event = make_event(loan, "write_off_interest", by, on, operation, **fields)
    write_balance(loan, on)


def make_event(
    loan: Loan, kind: str, by: User, on: date, operation: Operation, **fields: Any
) -> LoanEvent:
    """An event of the loan, as of now; in the caller's transaction, which holds the loan."""
    return LoanEvent.objects.create(
        loan=loan, on=on, kind=kind, operation=operation, by=by, recorded_at=clock.now(), **fields
    )


def _lines(loan: Loan, template: str, **amounts: int) -> list[Line]:
    return lines_for(template, amounts, tier=loan.source.tier, subject=loan.pk)


def counter_lines(loan: Loan, event: LoanEvent) -> list[Line]:
    """What a reversal posts: one loan's part of what was posted, both sides exchanged."""
    amount = event.amount or 0
    if event.kind in ("interest", "principal"):
        came_by = event.entry.template if event.entry is not None else ""
        template = TRANSFER if came_by == TRANSFER else TEMPLATE
        lines = _lines(loan, template, total=amount, **{event.kind: amount})
    elif event.kind == "disbursement":
        lines = _lines(loan, "loan.disburse", principal=amount)
    elif event.kind == "write_off":
        lines = _lines(loan, "loan.write_off", principal=amount)
    elif event.kind == "write_off_interest":
        lines = _lines(loan, "loan.write_off", interest=amount)
    else:
        lines = []
    return swapped(lines)


def less_credit(loan: Loan, due: int) -> list[Line]:
    """Brings the loan's credit down to what is still collected above its interest (``due`` below 0) after an event."""
    left = min(loan.interest_credit, max(-due, 0))
    if left == loan.interest_credit:
        return []
    lines = credit_lines(left - loan.interest_credit, tier=loan.source.tier, loan=loan.pk)
    loan.interest_credit = left
    return lines


def _template_of(event: LoanEvent) -> str:
    return "loan.write_off" if event.kind in _WITH_AMOUNT else f"loan.{event.kind}"


def _book(loan: Loan, event: LoanEvent, template: str, lines: list[Line]) -> None:
    """Post what the event moves, and the principal to the account on which it stands from now on; ``loan`` is still as it
    was before."""
    lines = reclassify_lines(
        lines,
        was=held(loan),
        now=frozen_on(loan, event.on),
        balance=loan.balance,
        tier=loan.source.tier,
        loan=loan.pk,
    )
    if not lines:
        return
    words = f"{event.get_kind_display()} khế ước {loan.number}"
    entry = NewEntry(book_of(loan.office_id).pk, event.on, template, words, lines)
    posted = post([entry], by=event.by, on=event.on, operation=event.operation)
    event.entry_id = posted[0][0]
    event.save(update_fields=["entry"])
