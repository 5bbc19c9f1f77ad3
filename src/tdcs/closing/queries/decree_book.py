"""Decrees as people see them: how each stands in this book, which rates it changes, whose interest it made a credit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.closing.queries.decrees import (
    before_and_after,
    first_day,
    with_decree,
    without_decree,
)
from tdcs.closing.queries.frames import running_kinds
from tdcs.core import law
from tdcs.core.columns import day_number
from tdcs.entrustment.models import SavingsGroup
from tdcs.loans.models import Loan
from tdcs.loans.queries.scope import visible_lending_groups, visible_loans
from tdcs.loans.rules.running import reached
from tdcs.loans.services.crediting import CREDIT
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules import terms_on
from tdcs.programmes.rules.decrees import decrees_in_law
from tdcs.programmes.rules.lawbook import documents

State = DecreeApplication.State
_KINDS: Final = (
    ("/QĐ-", "Quyết định"),
    ("/NĐ-", "Nghị định"),
    ("/NQ-", "Nghị quyết"),
    ("/TT-", "Thông tư"),
)
NOT_ASKED: Final = "Chưa áp dụng vào sổ"
_CREDITS_SQL: Final = """
    SELECT p.subject, sum(p.credit - p.debit)::bigint
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.code = %s
      JOIN ledger_journalentry e ON e.id = p.entry_id
      JOIN ledger_operation o ON o.id = e.operation_id
     WHERE o.action = 'law.credit' AND (o.answer->>'application')::bigint = %s GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class BookDecree:
    """A decree of the law and how it stands here; ``state`` is "" while nobody asked for it."""

    document: str
    title: str
    first: date
    state: str
    words: str
    taken_up_on: date | None
    application: int | None

    def as_json(self) -> dict[str, object]:
        """Days as text."""
        found = asdict(self)
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in found.items()}


def decrees_of_the_book() -> list[BookDecree]:
    """Every decree of the law that changes running loans, the newest first."""
    rows = {
        row.document: row
        for row in DecreeApplication.objects.exclude(state=State.REFUSED).order_by("pk")
    }
    return [
        BookDecree(
            document,
            title_of(document),
            first,
            row.state if (row := rows.get(document)) else "",
            row.get_state_display() if row else NOT_ASKED,
            row.taken_up_on if row else None,
            row.pk if row else None,
        )
        for document, first in reversed([*decrees_in_law().items()])
    ]


def title_of(document: str) -> str:
    """The number and title of a text of law/documents."""
    text = documents().get(document)
    return f"{text.number}: {text.title}" if text else document


def cited(document: str) -> str:
    """A text as letters name it: kind, number, day of issue."""
    text = documents().get(document)
    if text is None or not text.number:
        return text.title if text else document
    kind = next((words for mark, words in _KINDS if mark in text.number), "văn bản")
    issued = f" ngày {text.issued_on:%d/%m/%Y}" if text.issued_on else ""
    return f"{kind} số {text.number}{issued}"


@dataclass(frozen=True, slots=True)
class NewRate:
    """What the decree makes of the rate of some loans of a programme, from a day on."""

    programme: str
    target_group: str
    on: date
    before: int
    after: int


def rates_changed(document: str) -> list[NewRate]:
    """The rates that the decree changes for loans of this book, by programme."""
    first = first_day(document)
    old = without_decree(decrees_taken_up(), document)
    new = with_decree(old, document, first)
    place = law.province()
    found: set[tuple[str, str, date, int, int]] = set()
    for programme, group, tier, disbursed_on, _ in running_kinds(first):
        rate = terms_on(programme, disbursed_on, group, province=place, tier=tier).rate_ppm
        known = reached(programme, group, disbursed_on, province=place, tier=tier, decrees=old)
        for day, ppm, *_ in known.changes:
            rate = ppm if ppm is not None and day < day_number(first) else rate
        law_now = reached(programme, group, disbursed_on, province=place, tier=tier, decrees=new)
        for day, ppm, *_ in law_now.changes:
            if ppm is not None and day == day_number(first) and ppm != rate:
                found.add((programme, group, first, rate, ppm))
    return [NewRate(*row) for row in sorted(found)]


def credits_of(application: DecreeApplication) -> dict[int, int]:
    """Loan → dong that the decree made its credit, as the ledger says."""
    with connection.cursor() as cursor:
        cursor.execute(_CREDITS_SQL, [CREDIT, application.pk])
        return {loan: amount for loan, amount in cursor.fetchall() if amount}


def groups_written_to(
    user: User, application: DecreeApplication, words: str = ""
) -> QuerySet[SavingsGroup]:
    """The groups in scope that have members whose running loans the decree reaches."""
    codes = [row[0] for row in application.effects.get("programmes", [])]
    loans = Loan.objects.filter(
        programme__in=codes, disbursed_on__lt=first_day(application.document), balance__gt=0
    )
    rows = visible_lending_groups(user).filter(pk__in=loans.exclude(group=None).values("group"))
    if words:
        rows = rows.filter(code__icontains=words) | rows.filter(profiles__search__icontains=words)
    return rows.distinct().order_by("code")


@dataclass(frozen=True, slots=True)
class Written:
    """A line of a group's letter: rates in ppm, ``credit`` what the decree left to set off, 0 for none."""

    number: str
    name: str
    programme: str
    balance: int
    before: int
    after: int
    credit: int


def lines_for_group(group: SavingsGroup, application: DecreeApplication, on: date) -> list[Written]:
    """The running loans of a group that the decree reaches, by borrower."""
    first = first_day(application.document)
    old = without_decree(decrees_taken_up(), application.document)
    new = with_decree(old, application.document, application.taken_up_on or on)
    rows = Loan.objects.filter(group=group, balance__gt=0, disbursed_on__lt=first)
    loans = {loan.pk: loan for loan in rows.select_related("borrower")}
    ids = sorted(loans)
    if not ids:
        return []
    before, after = before_and_after(ids, max(on, first), old, new)
    rates = zip(before["id"], before["rate"], after["rate"], strict=True)
    found = [
        Written(
            loans[pk].number, loans[pk].borrower.full_name, loans[pk].programme,
            loans[pk].balance, was, now, loans[pk].interest_credit,
        )
        for pk, was, now in rates
        if was != now
    ]  # fmt: skip
    order = {loan.number: loan.borrower.search for loan in loans.values()}
    return sorted(found, key=lambda line: (order[line.number], line.number))


def visible_credits(user: User, application: DecreeApplication) -> list[tuple[Loan, int]]:
    """(loan, dong) of the credits in scope, the greatest first."""
    amounts = credits_of(application)
    near = ("borrower", "group", "household")
    rows = visible_loans(user).filter(pk__in=amounts).select_related(*near)
    return sorted(((loan, amounts[loan.pk]) for loan in rows), key=lambda row: (-row[1], row[0].pk))


def application_of(document: str) -> DecreeApplication | None:
    """The request that stands for the decree."""
    rows = DecreeApplication.objects.filter(document=document).exclude(
        state=DecreeApplication.State.REFUSED
    )
    return rows.select_related("asked_by", "confirmed_by").first()
