"""Members' savings: every movement is an event with its entry; the balance is their sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Max

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.entrustment.errors import (
    AlreadyReversed,
    AmountWrong,
    NotInGroup,
    PersonNotInHousehold,
    ReasonMissing,
    SavingsBeforeLast,
    SavingsClosed,
    SavingsFromExtract,
    SavingsLeft,
    SavingsShort,
)
from tdcs.entrustment.models import GroupMember, SavingsAccount, SavingsEvent, SavingsGroup
from tdcs.households.models import Household, HouseholdMember, Person
from tdcs.ledger.errors import BeforeReversed
from tdcs.ledger.models import Operation
from tdcs.ledger.results import Posted
from tdcs.ledger.rules import lines_for, swapped
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.organisations.models import Organisation, living_on

# More than this in one movement is a slip of the hand: a million billion dong.
_MOST: Final = 10**15


class SavingsMoved(Posted):
    """A movement of savings; ``balance``: of the account after it."""

    balance: int


def open_account(
    *,
    household: Household,
    person: Person,
    group: SavingsGroup | None,
    office: Organisation,
    by: User | None,
    on: date,
) -> SavingsAccount:
    """A savings account for a member; its number is the system's. Raises NotInGroup, PersonNotInHousehold."""
    with transaction.atomic():
        if not HouseholdMember.objects.filter(
            living_on(on), household=household, person=person
        ).exists():
            raise PersonNotInHousehold(name=person.full_name, household=household.code)
        members = GroupMember.objects.filter(living_on(on), group=group, household=household)
        if group is not None and not members.exists():
            raise NotInGroup(household=household.code, group=group.code)
        made: SavingsAccount = SavingsAccount.objects.create(
            number=uuid4().hex[:20],
            household=household,
            person=person,
            group=group,
            office=office,
            opened_on=on,
        )
        made.number = f"105{made.pk:010d}"
        made.save(update_fields=["number"])
        trail.record(action="entrustment.open_savings", subject=made, by=by, on=on)
    return made


def deposit(*, account: SavingsAccount, amount: int, by: User, on: date, key: str) -> SavingsMoved:
    """Money in at the counter. Raises AmountWrong, SavingsClosed."""
    return _move(account, amount, "deposit", by, on, key)


def withdraw(*, account: SavingsAccount, amount: int, by: User, on: date, key: str) -> SavingsMoved:
    """Money out. Raises AmountWrong, SavingsClosed, SavingsShort, SavingsBeforeLast."""
    return _move(account, amount, "withdraw", by, on, key)


def require_undoable(account: SavingsAccount, event: SavingsEvent, why: str, on: date) -> None:
    """Raises ReasonMissing, SavingsFromExtract, AlreadyReversed, SavingsClosed, BeforeReversed, SavingsBeforeLast,
    SavingsShort.
    """
    if not why.strip():
        raise ReasonMissing
    if event.kind == SavingsEvent.Kind.REPORTED:
        raise SavingsFromExtract
    if event.kind == "reverse" or SavingsEvent.objects.filter(reverses=event).exists():
        raise AlreadyReversed
    if account.closed_on is not None:
        raise SavingsClosed(number=account.number)
    if on < event.on:
        raise BeforeReversed(day=on, on=event.on)
    if event.amount > 0:
        _require_after_last(account, on)
    if account.balance < event.amount:
        raise SavingsShort(number=account.number, balance=account.balance, amount=event.amount)


def reverse(*, event: SavingsEvent, why: str, by: User, on: date, key: str) -> SavingsMoved:
    """The counter-movement of a deposit or a withdrawal, also of one that a collection sheet carried.

    Raises AlreadyReversed, SavingsFromExtract, ReasonMissing, SavingsShort (the money was withdrawn meanwhile), SavingsClosed,
    BeforeReversed, SavingsBeforeLast.
    """
    if not why.strip():
        raise ReasonMissing

    def work(operation: Operation) -> SavingsMoved:
        kept = SavingsAccount.objects.select_for_update().get(pk=event.account_id)
        held = SavingsEvent.objects.select_for_update().get(pk=event.pk)
        require_undoable(kept, held, why, on)
        template = f"savings.{held.kind}"
        own = held.entry is not None and held.entry.template == template
        lines = swapped(lines_for(template, {"amount": abs(held.amount)}, subject=kept.pk))
        entry, number = post(
            [
                NewEntry(
                    book_of(kept.office_id).pk,
                    on,
                    template,
                    f"Đảo phát sinh sổ tiền gửi {kept.number}: {squash(why)}"[:300],
                    lines,
                    # A sheet's entry carries many accounts; it is not reversed by one of them.
                    reverses_id=held.entry_id if own else None,
                )
            ],
            by=by,
            on=on,
            operation=operation,
        )[0]
        SavingsEvent.objects.create(
            account=kept, on=on, kind="reverse", amount=-held.amount, entry_id=entry, reverses=held
        )
        kept.balance -= held.amount
        kept.save(update_fields=["balance"])
        trail.record(
            action="entrustment.reverse_savings",
            subject=kept,
            by=by,
            on=on,
            why=squash(why),
            data={"event": held.pk, "amount": held.amount},
        )
        return {"entry": entry, "number": number, "balance": kept.balance}

    request = {"event": event.pk}
    return idempotent(key=key, action="savings.reverse", request=request, by=by, on=on, work=work)


def close_account(*, account: SavingsAccount, by: User | None, on: date) -> SavingsAccount:
    """An empty account closes. Raises SavingsLeft, SavingsClosed."""
    with transaction.atomic():
        kept: SavingsAccount = SavingsAccount.objects.select_for_update().get(pk=account.pk)
        if kept.closed_on is not None or on < kept.opened_on:
            raise SavingsClosed(number=kept.number)
        if kept.balance:
            raise SavingsLeft(number=kept.number, balance=kept.balance)
        kept.closed_on = on
        kept.save(update_fields=["closed_on"])
        trail.record(action="entrustment.close_savings", subject=kept, by=by, on=on)
    return kept


def _move(
    account: SavingsAccount, amount: int, kind: str, by: User, on: date, key: str
) -> SavingsMoved:
    def work(operation: Operation) -> SavingsMoved:
        kept = SavingsAccount.objects.select_for_update().get(pk=account.pk)
        if type(amount) is not int or not 0 < amount <= _MOST:
            raise AmountWrong
        if kept.closed_on is not None or on < kept.opened_on:
            raise SavingsClosed(number=kept.number)
        signed = amount if kind == "deposit" else -amount
        if signed < 0:
            _require_after_last(kept, on)
        if kept.balance + signed < 0:
            raise SavingsShort(number=kept.number, balance=kept.balance, amount=amount)
        template = f"savings.{kind}"
        entry, number = post(
            [
                NewEntry(
                    book_of(kept.office_id).pk,
                    on,
                    template,
                    f"Sổ tiền gửi {kept.number}",
                    lines_for(template, {"amount": amount}, subject=kept.pk),
                )
            ],
            by=by,
            on=on,
            operation=operation,
        )[0]
        SavingsEvent.objects.create(account=kept, on=on, kind=kind, amount=signed, entry_id=entry)
        kept.balance += signed
        kept.save(update_fields=["balance"])
        trail.record(
            action=f"entrustment.{kind}", subject=kept, by=by, on=on, data={"amount": amount}
        )
        return {"entry": entry, "number": number, "balance": kept.balance}

    request = {"account": account.pk, "amount": amount}
    return idempotent(key=key, action=f"savings.{kind}", request=request, by=by, on=on, work=work)


def _require_after_last(account: SavingsAccount, on: date) -> None:
    """Money goes out after what came and went before it, else a past day could fall below nothing. A deposit that arrives
    late lifts the days since: it is taken."""
    last = SavingsEvent.objects.filter(account=account).aggregate(n=Max("on"))["n"]
    if last is not None and on < last:
        raise SavingsBeforeLast(number=account.number, day=on, last=last)


def deposit_many(rows: Sequence[tuple[int, int]], *, on: date, entry_id: int) -> None:
    """Deposits of a collection sheet inside its transaction; the sheet's entry carries them.

    rows: account id, dong. Raises SavingsClosed when an account is unknown or closed.
    """
    deposit_sheets([(account, amount, entry_id) for account, amount in rows], on=on)


def deposit_sheets(rows: Sequence[tuple[int, int, int]], *, on: date) -> None:
    """Deposits of many sheets: account id, dong, entry id."""
    ids = [row[0] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM entrustment_savingsaccount WHERE id = ANY(%s)"
            " AND closed_on IS NULL AND opened_on <= %s ORDER BY id FOR UPDATE",
            [ids, on],
        )
        missing = set(ids) - {row[0] for row in cursor.fetchall()}
        if missing:
            raise SavingsClosed(number=min(missing))
        cursor.execute(
            "UPDATE entrustment_savingsaccount a SET balance = a.balance + v.amount FROM"
            " (SELECT id, sum(amount) AS amount FROM unnest(%s::bigint[], %s::bigint[]) AS u(id, amount)"
            "  GROUP BY id) AS v WHERE a.id = v.id",
            [ids, [row[1] for row in rows]],
        )
        with cursor.copy(
            'COPY entrustment_savingsevent (account_id, "on", kind, amount, entry_id) FROM STDIN'
        ) as copy:
            day = on.isoformat()
            copy.write("".join(f"{a}\t{day}\tdeposit\t{n}\t{e}\n" for a, n, e in rows))


def keep_balances(accounts: Sequence[int]) -> None:
    """The balances of accounts become the sums of their events. In the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE entrustment_savingsaccount a SET balance = v.amount FROM"
            " (SELECT account_id, sum(amount) AS amount FROM entrustment_savingsevent"
            "   WHERE account_id = ANY(%s) GROUP BY 1) AS v WHERE a.id = v.account_id",
            [list(accounts)],
        )


def take_back_deposits(
    *, events: Sequence[SavingsEvent], why: str, by: User, on: date, entry: int
) -> None:
    """The counter-movements of the deposits of one sheet that is reversed as a whole by ``entry``; called inside its transaction.

    Raises what ``require_undoable`` raises.
    """
    accounts = SavingsAccount.objects.select_for_update().filter(
        pk__in=[event.account_id for event in events]
    )
    kept = {account.pk: account for account in accounts.order_by("pk")}
    for event in events:
        account = kept[event.account_id]
        require_undoable(account, event, why, on)
        SavingsEvent.objects.create(
            account=account,
            on=on,
            kind="reverse",
            amount=-event.amount,
            entry_id=entry,
            reverses=event,
        )
        account.balance -= event.amount
        account.save(update_fields=["balance"])
        trail.record(
            action="entrustment.reverse_savings",
            subject=account,
            by=by,
            on=on,
            why=squash(why),
            data={"event": event.pk, "amount": event.amount, "sheet": entry},
        )
