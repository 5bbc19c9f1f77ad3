"""A taken report 31 becomes contracts and events of a monitored office's book; undone, its events are reversed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import narwhals as nw
import polars as pl
from django.db.models import Q

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource, Tier
from tdcs.imports import store
from tdcs.imports.errors import CutOverStands, LaterExtractRests, OfficeKeepsBook
from tdcs.imports.models import CutOver, Extract, Unexplained
from tdcs.imports.queries.monitoring import known_loans, monitored
from tdcs.imports.rules.monitoring import FIGURES, KIND, moved, reported, unexplained
from tdcs.imports.services.registering import Registers, eve_of_month, register
from tdcs.imports.services.saving import book_savings, unbook_savings
from tdcs.ledger.models import Book, Operation
from tdcs.ledger.services import book_of
from tdcs.loans.models import Channel, Loan
from tdcs.loans.rules.kinds import REPORTED
from tdcs.loans.rules.reported import reported_positions
from tdcs.loans.services.reporting import (
    REPORTED_EVENT,
    keep_reported,
    reverse_events,
    write_events,
)
from tdcs.organisations.models import Organisation
from tdcs.organisations.services.bulk import append_rows, keyed

# Money whose source an extract tells by its tier only.
_SOURCES: Final = {
    Tier.CENTRAL: ("SAO-KE-TW", "Vốn trung ương (theo sao kê)"),
    Tier.LOCAL: ("SAO-KE-DP", "Vốn địa phương (theo sao kê)"),
}


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
    book_savings(extract, office)
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
    unbook_savings(office=extract.office_id, day=extract.day)
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
    now = reported(store.rows(extract.rows_digest, extract.file.name))
    foreign = _elsewhere(now, office)
    now = now.filter(~pl.col("contract").is_in(foreign)).with_columns(**_terms_of(day))
    registers = register(now, office, day)
    known = known_loans(office.pk, day)
    new = now.join(known, on="contract", how="anti", maintain_order="left")
    made = _loans(new, registers, office, day)
    keys = pl.concat([known.select("contract", loan_id="loan"), made])
    doubts = unexplained(now, known)
    eve = eve_of_month(day)
    opening = before is None or before.day < eve
    moves = moved(now, known.select("contract", *FIGURES), opening=opening)
    since = f"từ sao kê {before.day:%d/%m/%Y}" if before else "số dư đầu theo sao kê"
    events = pl.concat([_terms(now, known, day), _moves(moves, now, eve, day), _gone(doubts, day)])
    write_events(
        events.join(keys, on="contract", maintain_order="left"),
        basis=f"Sao kê {day:%d/%m/%Y}, {since}, không tách theo ngày",
        operation=operation,
        by=by,
    )
    keep_reported(loans=known["loan"].to_list(), on=day)
    extract.operation = operation
    extract.save(update_fields=["operation"])
    elsewhere = pl.DataFrame({"contract": foreign}, schema={"contract": pl.String})
    told = (registers.doubts, elsewhere.with_columns(code=pl.lit("other_office")), doubts)
    found = pl.concat(told, how="diagonal").join(
        keys, on="contract", how="left", maintain_order="left"
    )
    append_rows(
        Unexplained,
        found.select(
            "contract",
            "loan_id",
            "code",
            extract_id=pl.lit(extract.pk),
            before=pl.col("before").fill_null("").str.slice(0, 60),
            after=pl.col("after").fill_null("").str.slice(0, 60),
        ),
    )


def _elsewhere(now: pl.DataFrame, office: Organisation) -> list[str]:
    """Contracts that another office's book or a book of record has."""
    numbers = now["contract"].to_list()
    there = Loan.objects.filter(number__in=numbers).filter(~Q(office=office) | Q(reported=False))
    return list(there.values_list("number", flat=True))


def _terms_of(day: date) -> dict[str, pl.Expr]:
    """A loan's last day, its last session and its rate, as far as an extract names them."""
    due = pl.coalesce("extended_due_on", "contract_due_on", pl.lit(day))
    return {
        "due_on": due,
        "session": pl.coalesce("session_due_on", due),
        "rate": pl.col("rate").fill_null(0),
    }


def _loans(
    new: pl.DataFrame, registers: Registers, office: Organisation, day: date
) -> pl.DataFrame:
    """contract, loan_id of contracts that stand here for the first time, by the terms that the extract names.

    A row is made as ``keep_reported`` would leave it: nothing but this extract is known of it.
    """
    sources = {tier: _source(tier, day).pk for tier in _SOURCES}
    col = pl.col
    new = new.join(registers.customers, on="customer", how="left", maintain_order="left")
    new = new.join(registers.groups, on="group", how="left", maintain_order="left")
    gone = new.with_columns(gone=pl.lit(0))
    stand: pl.DataFrame = reported_positions(nw.from_native(gone, eager_only=True)).to_native()
    months = pl.max_horizontal(col("months").fill_null(0), 1)
    grouped = pl.when(col("group_id").is_null())
    rows = keyed(
        Loan,
        stand.select(
            "group_id",
            "written_off",
            "balance",
            "state",
            number="contract",
            household_id="household",
            borrower_id="person",
            office_id=pl.lit(office.pk),
            source_id=pl.when("local").then(sources[Tier.LOCAL]).otherwise(sources[Tier.CENTRAL]),
            programme=pl.coalesce("ours", "programme"),
            target_group=col("target_group").fill_null(""),
            channel=grouped.then(pl.lit(str(Channel.DIRECT))).otherwise(pl.lit(str(Channel.GROUP))),
            principal=pl.coalesce(pl.when(col("approved") > 0).then("approved"), "lent"),
            rate_ppm="rate",
            term_months=months,
            # An extract has no instalments: all is due on the last day.
            instalment_months=months,
            session_day=pl.when(col("session_day") > 0).then("session_day"),
            disbursed_on=col("disbursed_on").fill_null(day),
            terms=pl.lit("{}"),
            law_hash=pl.lit(""),
            by_instalment=pl.lit(value=False),
            standing_on=pl.lit(day),
            current_rate_ppm="rate",
            overdue_base_ppm=pl.lit(0),
            overdue_percent=pl.lit(0),
            final_due_on="due_on",
            final_session_on="session",
            disbursed_total="lent",
            paid_total="principal",
            interest_whole="accrued",
            interest_rest=pl.lit(0),
            interest_collected="collected",
            interest_written_off="waived",
            interest_credit=pl.lit(0),
            reported=pl.lit(value=True),
            reported_overdue="overdue",
            reported_frozen="frozen",
        ),
    )
    append_rows(Loan, rows)
    return rows.select(contract="number", loan_id="id")


def _source(tier: str, day: date) -> CapitalSource:
    code, name = _SOURCES[Tier(tier)]
    found: CapitalSource = CapitalSource.objects.get_or_create(
        code=code, defaults={"name": name, "tier": tier, "starts_on": day - timedelta(days=1)}
    )[0]
    return found


def _event(kind: pl.Expr, on: pl.Expr, **told: pl.Expr) -> list[pl.Expr]:
    """The columns of an event (REPORTED_EVENT, by contract); what is not told is nothing."""
    said = {"kind": kind, "on": on} | told
    columns = {name: said.get(name, pl.lit(None)).cast(of) for name, of in REPORTED_EVENT.items()}
    del columns["loan_id"]
    return [pl.col("contract"), *(one.alias(name) for name, one in columns.items())]


def _terms(now: pl.DataFrame, known: pl.DataFrame, day: date) -> pl.DataFrame:
    """The rate and the last day, where they are new or not what they were."""
    held = known.select("contract", "rate", due_on="final_due", session="session_due")
    terms = ["contract", "rate", "due_on", "session"]
    changed = now.join(held, on=terms, how="anti", maintain_order="left")
    col = pl.col
    return changed.select(
        _event(
            pl.lit("reported_terms"),
            pl.lit(day),
            amount=pl.lit(0),
            until_on=col("session"),
            due_on=col("due_on"),
            rate_ppm=col("rate"),
        )
    )


def _moves(moves: pl.DataFrame, now: pl.DataFrame, eve: date, day: date) -> pl.DataFrame:
    facts = now.select("contract", "frozen_until_on", "turned_overdue_on", "last_transaction_on")
    rows = moves.join(facts, on="contract", how="left", maintain_order="left")
    figure = pl.col("figure")
    return rows.select(
        _event(
            figure.replace_strict(dict(REPORTED), return_dtype=pl.String),
            pl.when("at_eve").then(pl.lit(eve)).otherwise(pl.lit(day)),
            amount=pl.col("amount"),
            until_on=pl.when(figure == "frozen").then("frozen_until_on"),
            due_on=pl.when(figure == "overdue")
            .then("turned_overdue_on")
            .when(figure.is_in(["principal", "collected"]))
            .then("last_transaction_on"),
        )
    )


def _gone(doubts: pl.DataFrame, day: date) -> pl.DataFrame:
    """A loan that owed something and is not named any more leaves the book; it may come back."""
    was = pl.col("before").cast(pl.Int64)
    gone = doubts.filter(pl.col("code").is_in(["gone", "there_again"]))
    amount = pl.when(pl.col("code") == "gone").then(was).otherwise(-was)
    return gone.select(_event(pl.lit(REPORTED["gone"]), pl.lit(day), amount=amount))
