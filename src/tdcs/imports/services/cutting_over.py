"""An office's book of record begins on its last extract, and is undone while no day of it is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.capital.models import FundReceipt, ReceiptKind
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.imports.errors import (
    AlreadySigned,
    AlreadyUndone,
    BookUsed,
    CutOverStands,
    DayClosedSince,
    DecreeWaits,
    DoubtsLeft,
    NoExtractOfEve,
    NotFirstOfMonth,
    NothingCompared,
    NotMonitored,
    SignedByStarter,
    TermsDiffer,
    WhyMissing,
)
from tdcs.imports.models import CutOver, Extract
from tdcs.imports.queries.cutting_over import differences, last_closed, parallel_extract, said_by
from tdcs.imports.rules.monitoring import INTEREST_KINDS
from tdcs.imports.services.monitoring import last_booked
from tdcs.imports.services.saving import book_savings, savings_held
from tdcs.ledger.models import Account, Book, JournalEntry, Operation
from tdcs.ledger.rules import Line, chart, lines_for
from tdcs.ledger.services import NewEntry, idempotent, load_chart, post, reverse
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.folding import tiers
from tdcs.loans.services.opening import Opened, amounts, keep_opened, prepare, report_again
from tdcs.organisations.models import Organisation
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.decrees import decrees_in_law

_NAMED: Final = 5
# Why a loan does not open, beside its number; every other code is one of the law's rules.
_WHY: Final = {
    "freeze_without_end": "khoanh không có ngày hết hạn",
    "terms_differ": "có điều khoản cho số liệu khác sao kê",
    "no_term": "không có thời hạn",
}
_BY_LAW: Final = "luật không nhận"
_SUMS: Final = (
    "balance", "overdue", "frozen", "lent", "collected", "written_off", "waived", *INTEREST_KINDS,
)  # fmt: skip


def cut_over(
    *, office: Organisation, day: date, by: User | None, on: date, key: str
) -> dict[str, int]:
    """The office's book of record begins on ``day`` with what the extract of its eve says.

    Raises CutOverStands, NotMonitored, NotFirstOfMonth, NoExtractOfEve, DoubtsLeft, DayClosedSince, DecreeWaits, TermsDiffer,
    and what the ledger refuses.
    """

    def work(operation: Operation) -> dict[str, int]:
        book = _monitored_book(office)
        extract = _extract_of_eve(office, day)
        _require_open(day)
        _require_decrees(on)
        said = said_by(extract)
        held = Loan.objects.select_for_update().filter(office=office, reported=True)
        loans = {loan.number: loan for loan in held.order_by("pk") if loan.number in said}
        opened, refused = prepare(loans, said, day=day)
        if refused:
            raise TermsDiffer(count=len(refused), names=_listed(refused))
        book.monitored_to = day
        book.save(update_fields=["monitored_to"])
        words = f"Mở sổ theo sao kê {extract.day:%d/%m/%Y}"
        # An extract that was booked before savings were followed is followed now.
        book_savings(extract, office)
        savings = savings_held(office.pk)
        entry = _book_opening(book, opened, (day, words), by, operation, savings)
        keep_opened(opened, day=day, words=words, operation=operation, by=by)
        sums = {name: sum(getattr(one.said, name) for one in opened) for name in _SUMS}
        sums["savings"] = sum(savings.values())
        made = CutOver.objects.create(
            office=office,
            extract=extract,
            first_day=day,
            operation=operation,
            entry_id=entry,
            loans=len(opened),
            sums=sums,
            started_by=by,
            started_at=clock.now(),
        )
        data = {"first_day": day, "loans": len(opened), **sums}
        trail.record(action="imports.cut_over", subject=made, by=by, on=on, data=data)
        return {"cut_over": made.pk, "loans": len(opened)}

    asked = {"office": office.pk, "day": day}
    with transaction.atomic():
        return idempotent(
            key=key, action="imports.cut_over", request=asked, by=by, on=on, work=work
        )


def _monitored_book(office: Organisation) -> Book:
    stands = CutOver.objects.filter(office=office, undone_at=None).first()
    if stands is not None:
        raise CutOverStands(office=str(office), day=stands.first_day)
    book = Book.objects.select_for_update().filter(organisation=office).first()
    if book is None or book.monitored_from is None or book.monitored_to is not None:
        raise NotMonitored(office=str(office))
    return book


def _extract_of_eve(office: Organisation, day: date) -> Extract:
    if day.day != 1:
        raise NotFirstOfMonth(day=day)
    eve = day - timedelta(days=1)
    last = last_booked(office.pk)
    if last is None or last.day != eve:
        told = f"{last.day:%d/%m/%Y}" if last else "–"
        raise NoExtractOfEve(day=day, eve=eve, office=str(office), last=told)
    doubts = last.unexplained.count()
    if doubts:
        raise DoubtsLeft(day=last.day, count=doubts)
    return last


def _require_open(day: date) -> None:
    closed = last_closed()
    if closed >= day:
        raise DayClosedSince(closed=closed, day=day)


def _require_decrees(on: date) -> None:
    """A decree taken up after the book began would count interest again that the extract has in it."""
    taken_up = decrees_taken_up().codes
    for document, first in decrees_in_law().items():
        if first <= on and document not in taken_up:
            raise DecreeWaits(document=document, first=first)


def _listed(refused: Sequence[tuple[str, str]]) -> str:
    names = "; ".join(f"{number} {_WHY.get(why, _BY_LAW)}" for number, why in refused[:_NAMED])
    return names + ("; …" if len(refused) > _NAMED else "")


def _book_opening(
    book: Book,
    opened: Sequence[Opened],
    told: tuple[date, str],
    by: User | None,
    operation: Operation,
    savings: Mapping[int, int],
) -> int:
    """One entry: each loan's lines, the funds out of which they are lent, each savings account's balance; its key."""
    day, words = told
    if Account.objects.count() < len(chart()):
        # An older installation does not have the account that sets the opening off.
        load_chart()
    lines: list[Line] = []
    funds: dict[int, tuple[str, int]] = {}
    tier_of = tiers()
    for one in opened:
        tier = tier_of[one.loan.source_id]
        lines += lines_for("book.open", amounts(one), tier=tier, subject=one.loan.pk)
        source = one.loan.source_id
        funds[source] = (tier, funds.get(source, (tier, 0))[1] + one.said.balance)
    for account, held in savings.items():
        lines += lines_for("book.open", {"savings": held}, tier="central", subject=account)
    for tier, amount in funds.values():
        lines += lines_for("book.open", {"funds": amount}, tier=tier)
    [(entry, _)] = post(
        [NewEntry(book.pk, day, "book.open", words, lines)], by=by, on=day, operation=operation
    )
    _receive(book, entry, {source: amount for source, (_, amount) in funds.items()}, told, by, operation)  # fmt: skip
    return entry


def _receive(
    book: Book,
    entry: int,
    funds: Mapping[int, int],
    told: tuple[date, str],
    by: User | None,
    operation: Operation,
) -> None:
    """What is lent when the book begins was received before: a source never lends more than it holds."""
    FundReceipt.objects.bulk_create(
        [
            FundReceipt(
                source_id=source,
                office_id=book.organisation_id,
                kind=ReceiptKind.RECEIVED,
                amount=amount,
                on=told[0],
                words=told[1],
                entry_id=entry,
                operation=operation,
                by=by,
                recorded_at=clock.now(),
            )
            for source, amount in funds.items()
            if amount
        ]
    )


def sign_cut_over(*, made: CutOver, by: User, on: date, key: str) -> dict[str, int]:
    """Another person signs what the month in parallel came to: the last extract compared, how many loans differ.

    Raises AlreadyUndone, AlreadySigned, SignedByStarter, NothingCompared.
    """

    def work(operation: Operation) -> dict[str, int]:
        row = CutOver.objects.select_for_update().get(pk=made.pk)
        if row.undone_at is not None:
            raise AlreadyUndone
        if row.signed_at is not None:
            raise AlreadySigned(day=row.signed_at.date())
        if row.started_by_id == by.pk:
            raise SignedByStarter
        extract = parallel_extract(row)
        if extract is None:
            raise NothingCompared(day=row.extract.day)
        row.compared, row.differing = extract, len(differences(row, extract))
        row.signed_by, row.signed_at = by, clock.now()
        row.save(update_fields=["compared", "differing", "signed_by", "signed_at"])
        data = {"compared": extract.pk, "differing": row.differing}
        trail.record(action="imports.sign_cut_over", subject=row, by=by, on=on, data=data)
        return {"cut_over": row.pk, "differing": row.differing}

    asked = {"cut_over": made.pk}
    with transaction.atomic():
        return idempotent(
            key=key, action="imports.sign_cut_over", request=asked, by=by, on=on, work=work
        )


def undo_cut_over(
    *, made: CutOver, why: str, by: User | None, on: date, key: str
) -> dict[str, int]:
    """The office follows extracts again, as before. Raises WhyMissing, AlreadyUndone, DayClosedSince, BookUsed."""
    reason = squash(why)[:300]
    if not reason:
        raise WhyMissing

    def work(operation: Operation) -> dict[str, int]:
        row = CutOver.objects.select_for_update().select_related("office", "entry").get(pk=made.pk)
        if row.undone_at is not None:
            raise AlreadyUndone
        _require_open(row.first_day)
        book = Book.objects.select_for_update().get(organisation=row.office)
        loans = list(Loan.objects.select_for_update().filter(office=row.office, reported=False))
        _require_unused(row, book, loans)
        back, _ = reverse(entry=row.entry, why=reason, by=by, on=row.first_day, operation=operation)
        told = f"Hoàn tác mở sổ {row.first_day:%d/%m/%Y}"
        report_again(loans=loans, of=row.operation, day=row.first_day, operation=operation, by=by)
        _give_back(row, back, told, by, operation)
        book.refresh_from_db()
        book.monitored_to = None
        book.save(update_fields=["monitored_to"])
        row.undone_at, row.undone_by, row.undone_why = clock.now(), by, reason
        row.save(update_fields=["undone_at", "undone_by", "undone_why"])
        data = {"loans": len(loans)}
        trail.record(
            action="imports.undo_cut_over", subject=row, by=by, on=on, why=reason, data=data
        )
        return data

    asked = {"cut_over": made.pk, "why": reason}
    with transaction.atomic():
        return idempotent(
            key=key, action="imports.undo_cut_over", request=asked, by=by, on=on, work=work
        )


def _require_unused(row: CutOver, book: Book, loans: Sequence[Loan]) -> None:
    """Nothing happened in the book since it began."""
    events = LoanEvent.objects.filter(loan__in=loans, on__gte=row.first_day)
    entries = JournalEntry.objects.filter(book=book, number__gt=row.entry.number)
    others = Loan.objects.filter(office=row.office, record_from=None, reported=False)
    count = events.exclude(operation=row.operation).count() + entries.count() + others.count()
    if count:
        raise BookUsed(office=str(row.office), count=count)


def _give_back(row: CutOver, entry: int, words: str, by: User | None, operation: Operation) -> None:
    for one in FundReceipt.objects.filter(entry=row.entry):
        FundReceipt.objects.create(
            source=one.source,
            office=one.office,
            kind=one.kind,
            amount=-one.amount,
            on=one.on,
            words=words,
            entry_id=entry,
            operation=operation,
            reverses=one,
            by=by,
            recorded_at=clock.now(),
        )
