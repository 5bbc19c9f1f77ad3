"""Loans that extracts reported become loans of record: what the last extract said is where their own book begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import polars as pl

from tdcs.access.models import User
from tdcs.core.columns import day_number, day_of_number, months_later
from tdcs.core.errors import Refusal
from tdcs.ledger.models import Operation
from tdcs.loans.models import Instalment, Loan
from tdcs.loans.queries.folding import LoanBalance, Row, fold_views
from tdcs.loans.queries.reported import reported_sums
from tdcs.loans.rules.kinds import (
    DISBURSEMENT,
    EXTEND,
    FREEZE,
    INTEREST,
    KINDS,
    OPENING,
    OPENING_FALLEN,
    OPENING_LATE,
    PRINCIPAL,
    RATE,
    WRITE_OFF,
    WRITE_OFF_INTEREST,
)
from tdcs.loans.services.balances import STANDING, copy_standing, new_instalment
from tdcs.loans.services.reporting import (
    REPORTED_EVENT,
    keep_reported,
    reverse_events,
    write_events,
)
from tdcs.organisations.services.bulk import update_rows
from tdcs.programmes.rules import terms_on

_NAMES: Final = {number: name for name, number in KINDS.items()}
_NEW: Final = 2**62
_BATCH: Final = 5_000
# What a loan's own book sets of its row beside its standing.
_OPENED: Final = (
    "reported", "record_from", "reported_overdue", "reported_frozen", "law_hash", "term_months", "instalment_months",
    "by_instalment", "principal", "rate_ppm",
)  # fmt: skip
_COMPARED: Final = (
    "lent",
    "written_off",
    "balance",
    "overdue",
    "frozen",
    "collected",
    "waived",
    "accrued",
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the last extract says of a loan; ``due_on`` by contract, ``final_on`` the last day that holds."""

    lent: int
    principal: int
    written_off: int
    balance: int
    overdue: int
    frozen: int
    collected: int
    waived: int
    accrued: int
    rate: int
    due_on: date
    final_on: date
    frozen_until: date | None
    # Interest in arrears by what it is on, and what is accrued and not due yet; since when the overdue part is overdue.
    arrears_in_time: int = 0
    arrears_overdue: int = 0
    not_due: int = 0
    overdue_since: date | None = None


@dataclass(slots=True)
class Opened:
    """A loan about to become one of record: its events, and how it stands on the eve of its first day and on it."""

    loan: Loan
    said: Said
    rows: list[Row] = field(default_factory=list)
    eve: LoanBalance | None = None
    now: LoanBalance | None = None


def prepare(
    loans: Mapping[str, Loan], said: Mapping[str, Said], *, day: date
) -> tuple[list[Opened], list[tuple[str, str]]]:
    """(what opens, (contract, why) of those whose terms do not give what the extract says). Nothing is written.

    Balance by state, collected, written off and interest due on the eve of ``day`` are what the extract says to the dong;
    by how much the interest that had accrued differs from what the rules make is an event of its own, and so is the part
    of it in arrears on overdue principal. A part overdue before the last day is the first of two instalments.
    """
    opened, refused = [], []
    for number in sorted(said):
        one = Opened(loans[number], said[number])
        why = _with_terms(one, day)
        if why:
            refused.append((number, why))
        else:
            opened.append(one)
    eve = day - timedelta(days=1)
    for one in opened:
        one.rows = list(_life(one, eve))
    for one, found in zip(opened, _folded(opened, eve), strict=True):
        if found.rate_ppm != one.said.rate:
            one.rows.append(_row(eve, RATE, rate=one.said.rate))
        if found.overdue < one.said.overdue:
            _part_fallen(one, eve)
    for one, found in zip(opened, _folded(opened, eve), strict=True):
        one.rows += _interest_brought(one.said, found.accrued, eve)
    kept = []
    for one, found, now in zip(opened, _folded(opened, eve), _folded(opened, day), strict=True):
        one.eve, one.now = found, now
        why = found.refused or now.refused or _differs(one.said, found)
        if why:
            refused.append((one.loan.number, why))
        else:
            kept.append(one)
    return kept, sorted(refused)


def _with_terms(one: Opened, day: date) -> str:
    """The loan takes the terms by which it goes on; why it cannot, or nothing."""
    loan, said = one.loan, one.said
    try:
        terms = terms_on(loan.programme, loan.disbursed_on, loan.target_group)
    except Refusal as refusal:
        return refusal.code
    loan.law_hash = terms.law_hash
    months = (said.due_on.year - loan.disbursed_on.year) * 12
    months += said.due_on.month - loan.disbursed_on.month
    if months_later(loan.disbursed_on, months) > said.due_on:
        months -= 1
    if months < 1:
        return "no_term"
    # An extract has no instalments: all is due on the last day.
    loan.term_months = loan.instalment_months = months
    loan.by_instalment = False
    loan.principal = max(loan.principal, said.lent)
    loan.rate_ppm = said.rate
    loan.reported, loan.record_from = False, day
    return ""


def _life(one: Opened, eve: date) -> Iterator[Row]:
    loan, said = one.loan, one.said
    yield _row(loan.disbursed_on, DISBURSEMENT, said.lent)
    ends = months_later(loan.disbursed_on, loan.term_months)
    if said.final_on > ends:
        yield _row(max(min(eve, ends), loan.disbursed_on), EXTEND, to=said.final_on)
    if said.frozen and said.frozen_until:
        # A freeze without an amount holds all that is owed.
        part = said.frozen if said.frozen < said.balance else 0
        yield _row(eve, FREEZE, part, to=said.frozen_until)
    for kind, amount in (
        (INTEREST, said.collected),
        (PRINCIPAL, said.principal),
        (WRITE_OFF, said.written_off),
        (WRITE_OFF_INTEREST, said.waived),
    ):
        if amount:
            yield _row(eve, kind, amount)


def _part_fallen(one: Opened, eve: date) -> None:
    """What the core has overdue before the last day had fallen due: a first instalment of it and of what was repaid."""
    loan, said = one.loan, one.said
    loan.by_instalment = True
    # Where the extract does not say since when, it is known of its own day.
    since = min(said.overdue_since or eve, eve)
    last = max(since - timedelta(days=1), loan.disbursed_on)
    fallen = said.principal + said.written_off + said.overdue
    one.rows.insert(1, _row(loan.disbursed_on, OPENING_FALLEN, fallen, to=last))


def _interest_brought(said: Said, made: int, eve: date) -> Iterator[Row]:
    """What the core's accrued interest is beyond what the rules ``made``: arrears on overdue principal, then the rest."""
    if said.arrears_overdue:
        yield _row(eve, OPENING_LATE, said.arrears_overdue)
    rest = said.accrued - made - said.arrears_overdue
    if rest:
        yield _row(eve, OPENING, rest)


def _row(
    on: date, kind: int, amount: int = 0, *, to: date | None = None, rate: int | None = None
) -> Row:
    return Row(_NEW, day_number(on), kind, amount, day_number(to) if to else 0, rate=rate)


def _folded(opened: Sequence[Opened], on: date) -> list[LoanBalance]:
    return fold_views([(one.loan, on, one.rows) for one in opened]) if opened else []


def _differs(said: Said, found: LoanBalance) -> str:
    if all(getattr(found, name) == getattr(said, name) for name in _COMPARED):
        return ""
    return "terms_differ" if not said.frozen or said.frozen_until else "freeze_without_end"


def keep_opened(
    opened: Sequence[Opened], *, day: date, words: str, operation: Operation, by: User | None
) -> None:
    """Write the events, standings and instalments of loans that were prepared. In the caller's transaction."""
    events = [
        (
            one.loan.pk,
            row.on,
            _NAMES[row.kind],
            row.amount,
            day_of_number(row.to) if row.to else None,
            None,
            row.rate,
        )
        for one in opened
        for row in one.rows
    ]
    write_events(
        pl.DataFrame(events, schema=REPORTED_EVENT, orient="row"),
        basis=words,
        operation=operation,
        by=by,
    )
    instalments = []
    for one in opened:
        assert one.now is not None
        one.loan.reported_overdue = one.loan.reported_frozen = 0
        copy_standing(one.loan, one.now, one.eve, day, one.rows)
        instalments += [new_instalment(one.loan, *part) for part in one.now.instalments]
    update_rows([one.loan for one in opened], [*STANDING, *_OPENED])
    # A loan that extracts reported has no instalments here; the undoing of an opening takes them away.
    Instalment.objects.bulk_create(instalments, batch_size=_BATCH)


def amounts(one: Opened) -> dict[str, int]:
    """The amounts of a loan's lines in the opening entry."""
    said = one.said
    return {
        "principal": said.balance - said.frozen,
        "frozen": said.frozen,
        "collected": said.collected,
        "written_off": said.written_off,
        "waived": said.waived,
    }


def report_again(
    *, loans: Sequence[Loan], of: Operation, day: date, operation: Operation, by: User | None
) -> None:
    """Loans of record from ``day`` on are reported ones as before: their opening is reversed. In the caller's transaction."""
    eve, why = day - timedelta(days=1), f"Hoàn tác mở sổ {day:%d/%m/%Y}"
    for office in {loan.office_id for loan in loans}:
        reverse_events(of=of, office=office, why=why, operation=operation, by=by)
    keys = [loan.pk for loan in loans]
    Instalment.objects.filter(loan__in=keys).delete()
    Loan.objects.filter(pk__in=keys).update(
        reported=True, record_from=None, by_instalment=False, frozen_from=None, frozen_to=None, frozen_part=0,
        overdue_base_ppm=0, overdue_percent=0,
    )  # fmt: skip
    keep_reported(loans=keys, on=eve)
    sums = reported_sums(eve, loans=keys).select("loan", "final_due", "session_due").iter_rows()
    days = {key: (day_of_number(due), day_of_number(session)) for key, due, session in sums if due}
    for loan in loans:
        loan.final_due_on, loan.final_session_on = days.get(
            loan.pk, (loan.final_due_on, loan.final_session_on)
        )
    update_rows(loans, ["final_due_on", "final_session_on"])
