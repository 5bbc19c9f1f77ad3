"""From monitor to record: what the last extract says of each loan, which offices may begin, what began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.imports import ports, store
from tdcs.imports.errors import CutOverOfficeUnknown
from tdcs.imports.models import CutOver, Extract
from tdcs.imports.queries.monitoring import books_of
from tdcs.imports.rules.monitoring import INTEREST_KINDS, KIND, reported
from tdcs.loans.models import Loan
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.services.opening import Said
from tdcs.organisations.models import Organisation


def said_by(extract: Extract) -> dict[str, Said]:
    """Contract → what an extract says of it."""
    rows = reported(store.rows(extract.rows_digest, extract.file.name))
    return {row["contract"]: _said(row, extract.day) for row in rows.iter_rows(named=True)}


_SAID: Final = (
    "lent", "principal", "written_off", "balance", "overdue", "frozen", "collected", "waived", "accrued", "rate",
    *INTEREST_KINDS,
)  # fmt: skip


def _said(row: dict[str, object], day: date) -> Said:
    contract_due, extended = row["contract_due_on"], row["extended_due_on"]
    final = extended or contract_due or day
    money = {name: row[name] or 0 for name in _SAID}
    return Said(
        **money,  # type: ignore[arg-type]
        due_on=contract_due or final,  # type: ignore[arg-type]
        final_on=final,  # type: ignore[arg-type]
        frozen_until=row["frozen_until_on"],  # type: ignore[arg-type]
        overdue_since=row["turned_overdue_on"],  # type: ignore[arg-type]
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """An office that follows extracts: its last one, the day on which its book would begin, the doubts in the way."""

    office: int
    last: Extract
    day: date
    doubts: int
    # A day from then on is closed, by an office that keeps its own book already.
    closed: bool

    @property
    def month_end(self) -> bool:
        """Whether a book may begin on the day after."""
        return self.day.day == 1


def candidates(user: User) -> list[Candidate]:
    """Monitored offices in scope that have an extract in their book."""
    closed = last_closed()
    return [
        _candidate(book.organisation_id, last, closed)
        for book, last in books_of(user)
        if last is not None and book.monitored_to is None
    ]


def _candidate(office: int, last: Extract, closed: date) -> Candidate:
    day = last.day + timedelta(days=1)
    return Candidate(office, last, day, last.unexplained.count(), closed >= day)


def last_closed() -> date:
    """The last day closed or kept, the first of all days while there is none: no book begins by it, none that did is undone."""
    return ports.last_closed() or date.min


def cut_overs_of(user: User) -> QuerySet[CutOver]:
    """Cut-overs in scope, the latest first."""
    rows = CutOver.objects.select_related(
        "office", "extract", "started_by", "signed_by", "undone_by", "compared"
    )
    seen = visible_organisations(user)
    if seen is not None:
        rows = rows.filter(office__in=seen)
    return rows.order_by("-pk")


# What is compared in the month in parallel, in this order.
FIGURES: Final = ("in_time", "overdue", "frozen", "collected", "due")
_NOTHING: Final = dict.fromkeys(FIGURES, 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """A loan of which the extract says something else than the own book; ``pairs``: figure, extract, book."""

    contract: str
    loan: int | None
    pairs: tuple[tuple[str, int, int], ...]


def parallel_extract(made: CutOver) -> Extract | None:
    """The last extract of the office that was taken for comparison since the book began."""
    rows = Extract.objects.filter(kind=KIND, office=made.office, current=True, operation=None)
    return rows.filter(day__gte=made.first_day).order_by("-day").first()


def differences(made: CutOver, extract: Extract) -> list[Difference]:
    """Loans whose balance by state, interest collected or interest due differ on the extract's day."""
    said = {number: _of_extract(one) for number, one in said_by(extract).items()}
    loans = list(
        Loan.objects.filter(office=made.office, reported=False, disbursed_on__lte=extract.day)
    )
    held = balances_on(loans, extract.day)
    own = {
        loan.number: (
            loan.pk,
            {
                "in_time": held[loan.pk].in_time,
                "overdue": held[loan.pk].overdue,
                "frozen": held[loan.pk].frozen,
                "collected": held[loan.pk].collected,
                "due": held[loan.pk].interest_due,
            },
        )
        for loan in loans
    }
    found = []
    for number in sorted({*said, *own}):
        key, ours = own.get(number, (None, _NOTHING))
        theirs = said.get(number, _NOTHING)
        pairs = tuple((name, theirs[name], ours[name]) for name in FIGURES)
        if any(one != other for _, one, other in pairs):
            found.append(Difference(number, key, pairs))
    return found


def _of_extract(said: Said) -> dict[str, int]:
    return {
        "in_time": said.balance - said.overdue - said.frozen,
        "overdue": said.overdue,
        "frozen": said.frozen,
        "collected": said.collected,
        "due": said.accrued - said.collected - said.waived,
    }


def office_to_begin(user: User, said: str) -> Organisation:
    """The monitored office in scope that a form names by its key. Raises CutOverOfficeUnknown."""
    there = {str(one.office) for one in candidates(user)}
    if said not in there:
        raise CutOverOfficeUnknown
    return Organisation.objects.get(pk=int(said))
