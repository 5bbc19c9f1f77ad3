"""The account to which payers transfer; the bank's list of what came in, read whole or refused whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.errors import BadRow
from tdcs.core.text import squash
from tdcs.documents.reading.cells import day_of
from tdcs.documents.reading.rows import SheetRow
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation
from tdcs.transaction_points.errors import (
    CaseDecided,
    ListRefused,
    MoveReasonMissing,
    PointFieldWrong,
    PointOutOfScope,
)
from tdcs.transaction_points.models import BankCredit, TransactionSession, TransferAccount
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.queries.transfers import account_row, is_booked
from tdcs.transaction_points.rules.tables import below_heading, dong_of
from tdcs.transaction_points.rules.vietqr import named_in, payload

# The columns of the bank's list; what stands above them is passed over.
COLUMNS: Final = ("Ngày", "Số tiền", "Nội dung")
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Read:
    """What a list said: lines, how many are new, of how many the words name no session and loan."""

    lines: int
    new: int
    unknown: int


def set_account(
    *, office: Organisation, bank_bin: str, number: str, by: User, on: date
) -> TransferAccount:
    """The office's account from today on; the one before ends. Raises PointOutOfScope, PointFieldWrong."""
    require_settler(by, office.pk, on)
    bank_bin, number = squash(bank_bin), squash(number)
    try:
        payload(bank_bin=bank_bin, account=number)
    except ValueError as why:
        raise PointFieldWrong(
            field="tài khoản nhận", why="mã ngân hàng gồm 6 chữ số, số tài khoản đến 19 chữ, số"
        ) from why
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=office.pk)
        old = account_row(office.pk, on)
        if old is not None and (old.bank_bin, old.number) == (bank_bin, number):
            return old
        if old is not None and old.starts_on == on:
            # Corrected on the day it was written.
            old.bank_bin, old.number = bank_bin, number
            old.save(update_fields=["bank_bin", "number"])
            made = old
        else:
            if old is not None:
                old.ends_on = on
                old.save(update_fields=["ends_on"])
            made = TransferAccount.objects.create(
                office=office, bank_bin=bank_bin, number=number, starts_on=on
            )
        data = {"bank_bin": bank_bin, "number": number}
        trail.record(action="points.set_account", subject=office, by=by, on=on, data=data)
    return made


def read_credits(*, office: Organisation, rows: Sequence[SheetRow], by: User, on: date) -> Read:
    """The bank's list: every bad row is named and then nothing is kept; a line that is there already changes nothing.

    Raises PointOutOfScope, ListRefused.
    """
    require_settler(by, office.pk, on)
    lines = _lines(rows, on)
    made = [
        BankCredit(
            office=office,
            on=day,
            amount=amount,
            content=words,
            copy=copy,
            recorded_at=clock.now(),
            recorded_by=by,
        )
        for day, amount, words, copy in lines
    ]
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=office.pk)
        there = set(
            BankCredit.objects.filter(office=office, on__in={one.on for one in made}).values_list(
                "on", "amount", "content", "copy"
            )
        )
        fresh = [one for one in made if (one.on, one.amount, one.content, one.copy) not in there]
        _name(fresh, office.pk)
        BankCredit.objects.bulk_create(fresh)
        unknown = sum(one.loan_id is None for one in fresh)
        if fresh:
            data = {"lines": len(made), "new": len(fresh), "unknown": unknown}
            trail.record(action="points.read_credits", subject=office, by=by, on=on, data=data)
    return Read(len(made), len(fresh), unknown)


def require_settler(by: User, office: int, on: date) -> None:
    if not by.may("points.settle") or not plans_for(by, office, on):
        raise PointOutOfScope(point=str(office))


def _lines(rows: Sequence[SheetRow], on: date) -> list[tuple[date, int, str, int]]:
    """Day, dong, words, which of equal ones. Raises ListRefused with every bad row."""
    given = below_heading(rows, COLUMNS)
    if given is None:
        raise ListRefused([BadRow(0, "thiếu dòng tiêu đề")])
    bad: list[BadRow] = []
    found: list[tuple[date, int, str, int]] = []
    seen: Counter[tuple[date, int, str]] = Counter()
    for row in given[: _MOST + 1]:
        day, amount, words = (*row.cells, "", "", "")[:3]
        when, dong, said = day_of(day), dong_of(amount), squash(str(words))[:300]
        why = [
            *(["ngày"] if when is None or when > on else []),
            *([] if dong else ["số tiền"]),
            *(["nội dung"] if not said else []),
        ]
        if why or when is None or not dong:
            bad += [BadRow(row.number, reason) for reason in why]
            continue
        seen[when, dong, said] += 1
        found.append((when, dong, said, seen[when, dong, said]))
    if len(given) > _MOST:
        bad.append(BadRow(0, "quá nhiều dòng"))
    if bad or not found:
        raise ListRefused(bad or [BadRow(0, "không có dòng nào")])
    return found


def _name(credits: Sequence[BankCredit], office: int) -> None:
    """Which session and which loan of the office each line's words name."""
    named = {at: found for at, one in enumerate(credits) if (found := named_in(one.content))}
    sessions = TransactionSession.objects.filter(
        office=office, pk__in={key for key, _number in named.values()}
    ).in_bulk()
    numbers = {number for _key, number in named.values()}
    loans = {one.number: one for one in Loan.objects.filter(office=office, number__in=numbers)}
    for at, (key, number) in named.items():
        if key in sessions and number in loans:
            credits[at].session, credits[at].loan = sessions[key], loans[number]


def handle_credit(*, credit: BankCredit, words: str, by: User, on: date) -> BankCredit:
    """What was done about a line that does not match. Raises MoveReasonMissing, PointOutOfScope, CaseDecided."""
    if not words.strip():
        raise MoveReasonMissing
    with transaction.atomic():
        row = BankCredit.objects.select_for_update().get(pk=credit.pk)
        require_settler(by, row.office_id, on)
        if row.handled_on is not None:
            raise CaseDecided
        if is_booked(row):
            raise CaseDecided
        row.handled_words, row.handled_by, row.handled_on = squash(words)[:300], by, on
        row.save(update_fields=["handled_words", "handled_by", "handled_on"])
        trail.record(
            action="points.handle_credit", subject=row, by=by, on=on, why=row.handled_words
        )
    return row
