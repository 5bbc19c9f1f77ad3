"""A taken report 31 becomes contracts and events of a monitored office's book; undone, its events are reversed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import polars as pl
from django.db.models import Q

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource, Tier
from tdcs.imports import store
from tdcs.imports.errors import CutOverStands, LaterExtractRests, OfficeKeepsBook
from tdcs.imports.models import CutOver, Extract, Unexplained
from tdcs.imports.queries.monitoring import known_loans
from tdcs.imports.rules.monitoring import FIGURES, KIND, moved, reported, unexplained
from tdcs.imports.services.registering import Registers, eve_of_month, register
from tdcs.ledger.models import Book, Operation
from tdcs.ledger.services import book_of
from tdcs.loans.models import Channel, Loan
from tdcs.loans.rules.kinds import REPORTED
from tdcs.loans.services.reporting import (
    ReportedEvent,
    keep_reported,
    reverse_events,
    write_events,
)
from tdcs.loans.states import LoanState
from tdcs.organisations.models import Organisation

_BATCH: Final = 5_000
# Money whose source an extract tells by its tier only.
_SOURCES: Final = {
    Tier.CENTRAL: ("SAO-KE-TW", "Vốn trung ương (theo sao kê)"),
    Tier.LOCAL: ("SAO-KE-DP", "Vốn địa phương (theo sao kê)"),
}
Rows = Sequence[Mapping[str, Any]]


def monitored(office: int) -> bool:
    """Whether an office's figures come from extracts now."""
    books = Book.objects.filter(organisation=office, monitored_from__isnull=False)
    return books.filter(monitored_to=None).exists()


def begin(*, office: Organisation, since: date) -> Book:
    """The office's book follows extracts from a day on; one that is monitored already stays so. Raises OfficeKeepsBook."""
    book = Book.objects.select_for_update().get(pk=book_of(office).pk)
    if book.monitored_from is not None and book.monitored_to is None:
        return book
    own = Loan.objects.filter(office=office, reported=False).exists()
    if own or book.last_number or book.monitored_to is not None:
        raise OfficeKeepsBook(office=str(office))
    book.monitored_from = since
    book.save(update_fields=["monitored_from"])
    return book


def book_extract(extract: Extract, *, operation: Operation, by: User | None) -> date | None:
    """Loans and events of an extract that was just taken; its day, or none where it is older than one booked.

    In the caller's transaction.
    """
    office, day = extract.office, extract.day
    if extract.kind != KIND or office is None or not monitored(office.pk):
        return None
    if extract.replaces is not None and extract.replaces.operation is not None:
        _unbook(extract.replaces, operation=operation, by=by)
    before = last_booked(office.pk)
    if before is not None and before.day >= day:
        # What the later one moved was counted from the one before it: an older one in between stays in the register.
        Unexplained.objects.create(
            extract=extract, contract="", code="older_extract", after=f"{before.day:%d/%m/%Y}"
        )
        return None
    book = Book.objects.get(organisation=office)
    if book.monitored_from is None or before is None:
        book.monitored_from = day
        book.save(update_fields=["monitored_from"])
    _write(extract, before, office, operation, by)
    return day


def last_booked(office: int) -> Extract | None:
    """The latest extract of an office that stands in its book."""
    rows = Extract.objects.filter(kind=KIND, office=office, operation__isnull=False)
    return rows.order_by("-day").first()


def unbook(extract: Extract, *, operation: Operation, by: User | None) -> date | None:
    """Reverse an extract's events; its day, or none where it has none. Raises LaterExtractRests, CutOverStands."""
    if extract.operation is None or extract.office_id is None:
        return None
    stands = CutOver.objects.filter(office=extract.office_id, undone_at=None).first()
    if stands is not None:
        raise CutOverStands(office=str(stands.office), day=stands.first_day)
    later = last_booked(extract.office_id)
    if later is not None and later.day > extract.day:
        raise LaterExtractRests(day=later.day, number=later.file.imported_id)
    _unbook(extract, operation=operation, by=by)
    return extract.day


def _unbook(extract: Extract, *, operation: Operation, by: User | None) -> None:
    assert extract.operation is not None and extract.office_id is not None
    why = f"Hoàn tác sao kê {extract.day:%d/%m/%Y}"
    reverse_events(
        of=extract.operation, office=extract.office_id, why=why, operation=operation, by=by
    )
    extract.operation = None
    extract.save(update_fields=["operation"])
    extract.unexplained.all().delete()
    loans = Loan.objects.filter(office=extract.office_id, reported=True)
    keep_reported(loans=list(loans.values_list("pk", flat=True)), on=extract.day)


def _write(
    extract: Extract,
    before: Extract | None,
    office: Organisation,
    operation: Operation,
    by: User | None,
) -> None:
    day = extract.day
    frame = store.rows(extract.rows_digest, extract.file.name)
    now = reported(frame)
    foreign = _elsewhere(now, office)
    now = now.filter(~pl.col("contract").is_in(foreign))
    rows = now.to_dicts()
    registers = register(rows, office, day)
    known = known_loans(office.pk, day)
    _loans(rows, registers, office, day, set(known["contract"].to_list()))
    keys = dict(Loan.objects.filter(office=office, reported=True).values_list("number", "pk"))
    doubts = unexplained(now, known)
    eve = eve_of_month(day)
    opening = before is None or before.day < eve
    moves = moved(now, known.select("contract", *FIGURES), opening=opening)
    since = f"từ sao kê {before.day:%d/%m/%Y}" if before else "số dư đầu theo sao kê"
    words = f"Sao kê {day:%d/%m/%Y}, {since}, không tách theo ngày"
    facts = {row["contract"]: row for row in rows}
    write_events(
        (
            *_terms(now, known, keys, day, words),
            *_moves(moves, facts, keys, (eve, day), words),
            *_gone(doubts, keys, day, words),
        ),
        operation=operation,
        by=by,
    )
    keep_reported(loans=sorted(keys.values()), on=day)
    extract.operation = operation
    extract.save(update_fields=["operation"])
    found = [(*one, "") for one in registers.doubts]
    found = [(contract, code, "", after) for contract, code, after, _ in found]
    found += [(one, "other_office", "", "") for one in foreign]
    found += list(doubts.iter_rows())
    Unexplained.objects.bulk_create(
        [
            Unexplained(
                extract=extract,
                contract=contract,
                loan_id=keys.get(contract),
                code=code,
                before=(was or "")[:60],
                after=(now_says or "")[:60],
            )
            for contract, code, was, now_says in found
        ],
        batch_size=_BATCH,
    )


def _elsewhere(now: pl.DataFrame, office: Organisation) -> list[str]:
    """Contracts that another office's book or a book of record has."""
    numbers = now["contract"].to_list()
    there = Loan.objects.filter(number__in=numbers).filter(~Q(office=office) | Q(reported=False))
    return list(there.values_list("number", flat=True))


def _loans(
    rows: Rows, registers: Registers, office: Organisation, day: date, known: set[str]
) -> None:
    """Contracts that stand here for the first time, by the terms that the extract names."""
    sources = {tier: _source(tier, day) for tier in _SOURCES}
    made = []
    for row in rows:
        if row["contract"] in known:
            continue
        person, household = registers.customers[row["customer"]]
        group = registers.groups.get(row["group"] or "")
        due = _due(row, day)
        months = max(row["months"] or 0, 1)
        made.append(
            Loan(
                number=row["contract"],
                household_id=household,
                borrower_id=person,
                group_id=group,
                office=office,
                source=sources[Tier.LOCAL if row["local"] else Tier.CENTRAL],
                programme=row["ours"] or row["programme"],
                target_group=row["target_group"] or "",
                channel=Channel.GROUP if group else Channel.DIRECT,
                principal=row["approved"] or row["lent"],
                rate_ppm=row["rate"] or 0,
                term_months=months,
                # An extract has no instalments: all is due on the last day.
                instalment_months=months,
                session_day=row["session_day"] or None,
                disbursed_on=row["disbursed_on"] or day,
                standing_on=day,
                current_rate_ppm=row["rate"] or 0,
                final_due_on=due,
                final_session_on=row["session_due_on"] or due,
                state=LoanState.SETTLED,
                reported=True,
            )
        )
    Loan.objects.bulk_create(made, batch_size=_BATCH)


def _due(row: Mapping[str, Any], day: date) -> date:
    found: date = row["extended_due_on"] or row["contract_due_on"] or day
    return found


def _source(tier: str, day: date) -> CapitalSource:
    code, name = _SOURCES[Tier(tier)]
    found: CapitalSource = CapitalSource.objects.get_or_create(
        code=code, defaults={"name": name, "tier": tier, "starts_on": day - timedelta(days=1)}
    )[0]
    return found


def _terms(
    now: pl.DataFrame, known: pl.DataFrame, keys: Mapping[str, int], day: date, words: str
) -> Iterator[ReportedEvent]:
    """The rate and the last day, where they are new or not what they were."""
    held = {
        contract: (rate, due, session)
        for contract, rate, due, session in known.select(
            "contract", "rate", "final_due", "session_due"
        ).iter_rows()
    }
    for row in now.iter_rows(named=True):
        due = _due(row, day)
        session = row["session_due_on"] or due
        terms = (row["rate"] or 0, due, session)
        if held.get(row["contract"]) != terms:
            yield keys[row["contract"]], day, "reported_terms", 0, session, due, terms[0], words


def _moves(
    moves: pl.DataFrame,
    facts: Mapping[str, Mapping[str, Any]],
    keys: Mapping[str, int],
    days: tuple[date, date],
    words: str,
) -> Iterator[ReportedEvent]:
    eve, day = days
    for contract, figure, at_eve, amount in moves.iter_rows():
        fact = facts[contract]
        until = fact["frozen_until_on"] if figure == "frozen" else None
        due = fact["turned_overdue_on"] if figure == "overdue" else None
        on = eve if at_eve else day
        yield keys[contract], on, REPORTED[figure], amount, until, due, None, words


def _gone(
    doubts: pl.DataFrame, keys: Mapping[str, int], day: date, words: str
) -> Iterator[ReportedEvent]:
    """A loan that owed something and is not named any more leaves the book; it may come back."""
    for contract, code, was, _ in doubts.iter_rows():
        if code == "gone":
            yield keys[contract], day, REPORTED["gone"], int(was), None, None, None, words
        elif code == "there_again":
            yield keys[contract], day, REPORTED["gone"], -int(was), None, None, None, words
