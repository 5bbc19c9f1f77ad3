"""Money that comes into a source and goes back: each with a balanced entry of the day, done once under its key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.db.models import Sum

from tdcs.access.models import User
from tdcs.capital.errors import (
    ContractNotInForce,
    FundingWrong,
    ReceiptTooLarge,
    SavingsBookedByMember,
)
from tdcs.capital.models import (
    CapitalSource,
    FundingContract,
    FundingKind,
    FundReceipt,
    ReceiptKind,
    Tranche,
)
from tdcs.capital.services.funds import require_free
from tdcs.capital.services.tranches import move
from tdcs.capital.states import TrancheState
from tdcs.core import clock, trail
from tdcs.ledger.errors import AmountWrong
from tdcs.ledger.models import Operation, Posting
from tdcs.ledger.results import Posted
from tdcs.ledger.rules import account_of, lines_for
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.organisations.models import Organisation

# More than this at once is a slip of the hand: a million billion dong.
_MOST: Final = 10**15
_TEMPLATES: Final = {
    ReceiptKind.RECEIVED: "capital.receive",
    ReceiptKind.RETURNED: "capital.return",
}
# Members' savings are in the books already, member by member: that they are lent is noted off the balance.
_COUNTED: Final = "capital.count_savings"


@dataclass(frozen=True, slots=True)
class Money:
    """What comes or goes: the source, at which office, how much; under which contract and tranche, where one is named."""

    source: CapitalSource
    office: Organisation
    amount: int
    contract: FundingContract | None = None
    tranche: Tranche | None = None
    words: str = ""


def receive(
    *, source: CapitalSource, office: Organisation, amount: int, by: User | None, on: date, key: str
) -> Posted:
    """Money of a source comes into an office's cash under no named decision. Answer: entry, number. Raises AmountWrong and
    what the ledger refuses."""
    return receive_money(money=Money(source, office, amount), by=by, on=on, key=key)


def receive_money(*, money: Money, by: User | None, on: date, key: str) -> Posted:
    """Money comes into an office's cash. Answer: entry, number.

    Raises AmountWrong, ContractNotInForce, ReceiptTooLarge, SavingsBookedByMember, and what the ledger refuses.
    """
    return _under_key(money, ReceiptKind.RECEIVED, by, on, key)


def give_back(*, money: Money, by: User | None, on: date, key: str) -> Posted:
    """Money goes back to its owner. Answer: entry, number. Raises AmountWrong, FundExhausted, and what the ledger refuses."""
    return _under_key(money, ReceiptKind.RETURNED, by, on, key)


def _under_key(money: Money, kind: ReceiptKind, by: User | None, on: date, key: str) -> Posted:
    if type(money.amount) is not int or not 0 < money.amount <= _MOST:
        raise AmountWrong

    def work(operation: Operation) -> Posted:
        return _book(_checked(money, kind, on), kind, by, on, operation)

    request = {
        "source": money.source.pk,
        "office": money.office.pk,
        "amount": money.amount,
        "contract": money.contract.pk if money.contract else None,
        "tranche": money.tranche.pk if money.tranche else None,
    }
    action = f"capital.{'receive' if kind == ReceiptKind.RECEIVED else 'give_back'}"
    return idempotent(key=key, action=action, request=request, by=by, on=on, work=work)


def _checked(money: Money, kind: ReceiptKind, on: date) -> Money:
    """The money with its contract locked. Raises ContractNotInForce, ReceiptTooLarge, SavingsBookedByMember."""
    contract = money.contract or (money.tranche.contract if money.tranche else None)
    if contract is None:
        return money
    held = FundingContract.objects.select_for_update().get(pk=contract.pk)
    if held.source_id != money.source.pk:
        raise FundingWrong(field=held.number, why="không phải của nguồn này")
    if money.tranche is not None and money.tranche.contract_id != held.pk:
        raise FundingWrong(field="đợt", why="không thuộc quyết định đã chọn")
    if kind == ReceiptKind.RETURNED:
        return replace(money, contract=held)
    if on < held.starts_on or (held.ends_on is not None and on >= held.ends_on):
        raise ContractNotInForce(number=held.number, day=on)
    if held.amount is not None:
        _require_rest(money.amount, held.amount - _came(held), f"quyết định {held.number}")
    if money.tranche is not None:
        came = money.tranche.receipts.aggregate(n=Sum("amount"))["n"] or 0
        what = f"đợt {money.tranche.number} của {held.number}"
        _require_rest(money.amount, money.tranche.amount - came, what)
    if held.kind == FundingKind.MEMBERS_SAVINGS:
        _require_savings(money.amount)
    return replace(money, contract=held)


def _came(contract: FundingContract) -> int:
    rows = contract.receipts.filter(kind=ReceiptKind.RECEIVED)
    return int(rows.aggregate(n=Sum("amount"))["n"] or 0)


def _require_rest(amount: int, rest: int, what: str) -> None:
    if amount > rest:
        raise ReceiptTooLarge(amount=amount, what=what, rest=max(rest, 0))


def _require_savings(amount: int) -> None:
    code = account_of("loan.collect", "savings")
    sums = Posting.objects.filter(account__code=code).aggregate(c=Sum("credit"), d=Sum("debit"))
    rows = FundReceipt.objects.filter(contract__kind=FundingKind.MEMBERS_SAVINGS)
    counted = rows.aggregate(n=Sum("amount"))["n"] or 0
    held = (sums["c"] or 0) - (sums["d"] or 0) - counted
    if amount > held:
        raise SavingsBookedByMember(amount=amount, held=max(held, 0))


def _book(
    money: Money, kind: ReceiptKind, by: User | None, on: date, operation: Operation
) -> Posted:
    """Entry, row, trail; of a tranche that is complete its state."""
    source, contract = money.source, money.contract
    of = contract.kind if contract is not None else source.tier
    template = _COUNTED if of == FundingKind.MEMBERS_SAVINGS else _TEMPLATES[kind]
    back = kind == ReceiptKind.RETURNED
    lines = lines_for(template, {"amount": money.amount}, tier=of)
    if back and template == _COUNTED:
        lines = [(code, credit, debit, about) for code, debit, credit, about in lines]
    words = f"{'Hoàn trả vốn' if back else 'Nhận vốn'}: {source.name}"[:300]
    new = NewEntry(book_of(money.office).pk, on, template, words, lines)
    [(entry, number)] = post([new], by=by, on=on, operation=operation)
    if back:
        require_free(source=source, amount=money.amount)
    FundReceipt.objects.create(
        source=source,
        contract=contract,
        tranche=money.tranche,
        office=money.office,
        kind=kind,
        amount=-money.amount if back else money.amount,
        on=on,
        words=money.words[:300],
        entry_id=entry,
        operation=operation,
        by=by,
        recorded_at=clock.now(),
    )
    data = {"office": money.office.code, "amount": money.amount, "number": number}
    if contract is not None:
        data["contract"] = contract.number
    action = "capital.give_back" if back else "capital.receive"
    trail.record(action=action, subject=source, by=by, on=on, data=data)
    follow_tranche(money.tranche, by, on)
    return {"entry": entry, "number": number}


def follow_tranche(tranche: Tranche | None, by: User | None, on: date) -> None:
    """Of a tranche: it is complete, or after a reversal no more."""
    if tranche is None:
        return
    held = Tranche.objects.select_for_update().get(pk=tranche.pk)
    came = held.receipts.aggregate(n=Sum("amount"))["n"] or 0
    if came == held.amount and held.state != TrancheState.RECEIVED:
        move(held, "receive", by=by, on=on)
    elif came < held.amount and held.state == TrancheState.RECEIVED:
        move(held, "reopen", by=by, on=on)
