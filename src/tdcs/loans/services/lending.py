"""Signing and disbursing: how a loan begins."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.capital.services.funds import require_free
from tdcs.core import clock, trail
from tdcs.core.columns import day_number
from tdcs.households.models import Household
from tdcs.ledger.models import Operation
from tdcs.ledger.rules import lines_for
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.loans.errors import AboveApproved, EventBeforeLast, FieldWrong, WrongState
from tdcs.loans.models import Loan, LoanApplication, LoanEvent
from tdcs.loans.queries.applications import still_to_pay
from tdcs.loans.queries.folding import Row
from tdcs.loans.rules.kinds import DISBURSEMENT
from tdcs.loans.services.applications import move, require_move
from tdcs.loans.services.balances import frozen_on, validate_event, write_balance
from tdcs.loans.services.booking import held, reclassify_lines
from tdcs.loans.services.limits import require_payable
from tdcs.loans.services.results import Disbursed
from tdcs.loans.states import LoanState
from tdcs.programmes.rules import terms_on

# What the trail keeps of a contract when it begins; `tdcs verify` compares.
_TERMS: Final = (
    "number",
    "household_id",
    "borrower_id",
    "office_id",
    "source_id",
    "programme",
    "principal",
    "rate_ppm",
    "term_months",
    "instalment_months",
    "session_day",
    "disbursed_on",
    "by_instalment",
    "law_hash",
)


def disburse(
    *,
    application: LoanApplication,
    amount: int,
    by: User,
    on: date,
    key: str,
    entry_on: date | None = None,
) -> Disbursed:
    """Pay out a part or all of an approved loan; the first part makes the loan. Answer: loan, number, event.

    ``entry_on``: the entry's day where the book is closed on ``on``: money that a session paid out and told of late.
    Raises WrongState, AboveApproved, AboveMaximum, EventBeforeLast, FundExhausted, ProgrammeNotFunded, and what the
    rules and the ledger refuse. The same key is answered again.
    """
    request = {"application": application.pk, "amount": amount}

    def work(operation: Operation) -> Disbursed:
        kept = LoanApplication.objects.select_for_update().get(pk=application.pk)
        require_move(kept, "disburse", by)
        # Two officers at once: whoever comes second counts what the first has done.
        Household.objects.select_for_update().get(pk=kept.household_id)
        _require_amount(kept, amount)
        require_payable(kept, on)
        _require_after_the_last_step(kept, on)
        loan = Loan.objects.select_for_update().filter(application=kept).first()
        new = loan is None
        if loan is None:
            loan = _make(kept, on)
        else:
            validate_event(loan, Row(0, day_number(on), DISBURSEMENT, amount), on=on)
        event = _write(loan, amount, by, (on, entry_on or on), operation)
        # Last of the locks, and only until the end: other offices lend of the same source.
        require_free(source=loan.source, amount=amount, programme=loan.programme)
        write_balance(loan, on)
        move(kept, "disburse", by=by, on=on, data={"amount": amount, "loan": loan.number})
        data: dict[str, object] = {"amount": amount}
        if new:
            data["terms"] = {name: getattr(loan, name) for name in _TERMS}
        trail.record(action="loans.disburse", subject=loan, by=by, on=on, data=data)
        return {"loan": loan.pk, "number": loan.number, "event": event.pk}

    return idempotent(key=key, action="loans.disburse", request=request, by=by, on=on, work=work)


def _require_amount(application: LoanApplication, amount: int) -> None:
    if type(amount) is not int or amount <= 0:
        raise FieldWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")
    if application.approved_amount is None:
        raise WrongState(number=application.number, state=application.state, verb="Giải ngân")
    loan = Loan.objects.filter(application=application).first()
    if loan is not None and not loan.disbursed_total:
        # Its only disbursement was reversed: the contract is void, interest would run from a day that never was.
        raise WrongState(number=application.number, state="Đã hủy giải ngân", verb="Giải ngân")
    rest = still_to_pay(application)
    if amount > rest:
        raise AboveApproved(amount=amount, rest=rest)


def _require_after_the_last_step(application: LoanApplication, on: date) -> None:
    last = application.moves.order_by("-on").values_list("on", flat=True).first()
    if last is not None and on < last:
        raise EventBeforeLast(number=application.number, day=on, last=last)


def _make(application: LoanApplication, on: date) -> Loan:
    """The loan's row: terms by the law of the day, fixed from now on."""
    terms = terms_on(application.programme, on, application.target_group)
    profile = application.group.profiles.on(on).first() if application.group is not None else None
    loan = Loan(
        number=_number(application),
        application=application,
        household=application.household,
        borrower=application.borrower,
        group=application.group,
        office=application.office,
        source=application.source,
        programme=application.programme,
        target_group=application.target_group,
        channel=application.channel,
        principal=application.approved_amount or application.amount,
        rate_ppm=terms.rate_ppm,
        term_months=application.term_months,
        instalment_months=application.instalment_months,
        session_day=profile.session_day if profile is not None else None,
        disbursed_on=on,
        terms=application.terms,
        law_hash=terms.law_hash,
        by_instalment=terms.regime == "instalment" and application.channel == "group",
        standing_on=on,
        current_rate_ppm=terms.rate_ppm,
        final_due_on=on,
        final_session_on=on,
        state=LoanState.IN_TIME,
    )
    loan.save()
    return loan


def _write(
    loan: Loan, amount: int, by: User, days: tuple[date, date], operation: Operation
) -> LoanEvent:
    on, entry_on = days
    tier = loan.source.tier
    lines = reclassify_lines(
        lines_for("loan.disburse", {"principal": amount}, tier=tier, subject=loan.pk),
        was=held(loan),
        now=frozen_on(loan, on),
        balance=loan.balance,
        tier=tier,
        loan=loan.pk,
    )
    entry, _ = post(
        [
            NewEntry(
                book_of(loan.office_id).pk,
                entry_on,
                "loan.disburse",
                f"Giải ngân khế ước {loan.number}",
                lines,
            )
        ],
        by=by,
        on=on,
        operation=operation,
    )[0]
    return LoanEvent.objects.create(
        loan=loan,
        on=on,
        kind="disbursement",
        amount=amount,
        entry_id=entry,
        operation=operation,
        by=by,
        recorded_at=clock.now(),
    )


def _number(application: LoanApplication) -> str:
    """Sixteen digits: 6600, and the application's own number."""
    with transaction.atomic():
        return f"6600{application.pk:012d}"
