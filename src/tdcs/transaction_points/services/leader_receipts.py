"""Receipts that group leaders gave to members, as a group hands them in for a session; what was found out about a difference."""

from __future__ import annotations

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
from tdcs.entrustment.models import SavingsAccount, SavingsGroup
from tdcs.households.models import Household
from tdcs.loans.models import Loan
from tdcs.transaction_points.errors import ListRefused, MoveReasonMissing, PointOutOfScope
from tdcs.transaction_points.models import LeaderReceipt, ReceiptNote, TransactionSession
from tdcs.transaction_points.queries.points import groups_at
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.rules.tables import below_heading, dong_of

COLUMNS: Final = (
    "Số biên lai",
    "Mã tổ",
    "Số khế ước hoặc sổ tiền gửi",
    "Ngày",
    "Tiền lãi",
    "Tiền gửi",
)
_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows may name: the point's groups by code, their loans and members' accounts by number, receipts that are there."""

    groups: dict[str, SavingsGroup]
    loans: dict[str, Loan]
    accounts: dict[str, SavingsAccount]
    there: dict[tuple[int, str], LeaderReceipt]


def read_receipts(
    *, session: TransactionSession, rows: Sequence[SheetRow], by: User, on: date
) -> tuple[int, int]:
    """How many receipts a table has, how many are new; every bad row is named and then none is kept.

    A receipt that is there with the same content changes nothing. Raises PointOutOfScope, ListRefused.
    """
    if not by.may("points.hold") or not plans_for(by, session.office_id, on):
        raise PointOutOfScope(point=session.point.code)
    given = below_heading(rows, COLUMNS)
    if given is None:
        raise ListRefused([BadRow(0, "thiếu dòng tiêu đề")])
    if not 0 < len(given) <= _MOST:
        raise ListRefused([BadRow(0, "quá nhiều dòng" if given else "không có dòng nào")])
    with transaction.atomic():
        TransactionSession.objects.select_for_update().get(pk=session.pk)
        known = _known(session, given)
        bad: list[BadRow] = []
        made: dict[tuple[int, str], LeaderReceipt] = {}
        for row in given:
            one, why = _receipt(session, row, known)
            if one is not None and not why:
                other = made.get((one.group_id, one.number))
                if other is not None:
                    why = ["số biên lai ghi hai lần"]
            if why or one is None:
                bad += [BadRow(row.number, reason) for reason in why]
                continue
            one.recorded_at, one.by = clock.now(), by
            made[one.group_id, one.number] = one
        if bad:
            raise ListRefused(bad)
        fresh = [one for key, one in made.items() if key not in known.there]
        LeaderReceipt.objects.bulk_create(fresh)
        if fresh:
            data = {"receipts": len(made), "new": len(fresh)}
            trail.record(
                action="points.read_leader_receipts", subject=session, by=by, on=on, data=data
            )
    return len(made), len(fresh)


def _known(session: TransactionSession, rows: Sequence[SheetRow]) -> _Known:
    groups = {one.code: one for one in groups_at(session.point_id, session.held_on)}
    keys = [one.pk for one in groups.values()]
    numbers = {squash(str(row.cells[2])) for row in rows if len(row.cells) > 2}
    loans = Loan.objects.filter(group__in=keys, number__in=numbers).select_related("household")
    accounts = SavingsAccount.objects.filter(group__in=keys, number__in=numbers)
    there = LeaderReceipt.objects.filter(group__in=keys)
    return _Known(
        groups,
        {one.number: one for one in loans},
        {one.number: one for one in accounts.select_related("household")},
        {(one.group_id, one.number): one for one in there},
    )


def _receipt(
    session: TransactionSession, row: SheetRow, known: _Known
) -> tuple[LeaderReceipt | None, list[str]]:
    """A row as a receipt, and why it is none."""
    number, code, about, day, interest, savings = (*row.cells, *[""] * len(COLUMNS))[:6]
    group = known.groups.get(squash(str(code)))
    loan, account = (
        known.loans.get(squash(str(about))),
        known.accounts.get(squash(str(about))),
    )
    when, paid, saved = day_of(day), dong_of(interest), dong_of(savings)
    words = squash(str(number))[:40]
    why = [
        *([] if words else ["số biên lai"]),
        *([] if group is not None else ["mã tổ"]),
        *([] if when is not None and when <= session.held_on else ["ngày"]),
        *([] if paid is not None and saved is not None and paid + saved > 0 else ["số tiền"]),
    ]
    owner = loan or account
    if owner is None or (group is not None and owner.group_id != group.pk):
        why.append("khế ước, sổ tiền gửi không thuộc tổ")
    if loan is None and paid:
        why.append("thu lãi phải ghi số khế ước")
    if why or group is None or owner is None or when is None or paid is None or saved is None:
        return None, why
    made = LeaderReceipt(
        session=session,
        group=group,
        number=words,
        on=when,
        loan=loan,
        account=account if loan is None else None,
        household=owner.household,
        interest=paid,
        savings=saved,
    )
    old = known.there.get((group.pk, words))
    if old is not None and _content(old) != _content(made):
        return None, ["số biên lai đã có, nội dung khác"]
    return made, []


def _content(one: LeaderReceipt) -> tuple[object, ...]:
    return one.session_id, one.on, one.loan_id, one.account_id, one.interest, one.savings


def note_difference(
    *, session: TransactionSession, household: Household, words: str, by: User, on: date
) -> ReceiptNote:
    """What was found out about a household's difference; said again it replaces what was said. Raises MoveReasonMissing,
    PointOutOfScope."""
    if not words.strip():
        raise MoveReasonMissing
    if not by.may("points.plan") or not plans_for(by, session.office_id, on):
        raise PointOutOfScope(point=session.point.code)
    with transaction.atomic():
        made, _new = ReceiptNote.objects.update_or_create(
            session=session,
            household=household,
            defaults={"words": squash(words)[:300], "by": by, "on": on},
        )
        trail.record(action="points.note_difference", subject=made, by=by, on=on, why=made.words)
    return made
