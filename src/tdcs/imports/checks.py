"""Named invariants of books that follow extracts; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Sum

from tdcs.entrustment.models import SavingsAccount, SavingsEvent
from tdcs.imports.models import Extract
from tdcs.imports.rules.monitoring import KIND
from tdcs.ledger.models import Book, JournalEntry
from tdcs.loans.models import Loan
from tdcs.organisations.queries import names_on

# Of another office's book, and so not counted in this one's.
_ELSEWHERE: Final = ("other_office", "savings_elsewhere")


def monitored_book_is_its_extract() -> Iterator[str]:
    """Balances of a monitored office's loans are those of the last extract in its book, to the dong."""
    for book in _books():
        rows = Extract.objects.filter(
            kind=KIND, office=book.organisation_id, operation__isnull=False
        )
        last = rows.order_by("-day").first()
        if last is None:
            continue
        loans = Loan.objects.filter(office=book.organisation_id, reported=True)
        sums = loans.aggregate(
            balance=Sum("balance"), overdue=Sum("reported_overdue"), frozen=Sum("reported_frozen")
        )
        savings = SavingsAccount.objects.filter(office=book.organisation_id)
        # An extract that was booked before savings were followed has none here.
        if savings.filter(events__kind=SavingsEvent.Kind.REPORTED).exists():
            sums["savings_balance"] = savings.aggregate(n=Sum("balance"))["n"]
        elsewhere = last.unexplained.filter(code__in=_ELSEWHERE).exists()
        for name, held in sums.items():
            said = last.sums.get(name, 0)
            if (held or 0) != said and not elsewhere:
                office = names_on(last.day, [book.organisation_id])[book.organisation_id]
                yield f"{office}, sao kê {last.day:%d/%m/%Y}: {name} {said}, sổ theo dõi {held or 0}"


def nothing_is_booked_while_monitored() -> Iterator[str]:
    """A book that follows extracts has no entry: the bank's ledger stays the bank's."""
    for book in _books():
        # A book of record that was undone left its opening and the reversal of it.
        entries = JournalEntry.objects.filter(book=book, reverses=None)
        if entries.filter(reversed_by=None).exists():
            yield f"sổ {book.organisation_id}: có bút toán trong khi theo dõi theo sao kê"


def _books() -> list[Book]:
    return list(Book.objects.filter(monitored_from__isnull=False, monitored_to=None))


CHECKS: Final = {
    "imports.monitored_book_is_its_extract": monitored_book_is_its_extract,
    "imports.nothing_is_booked_while_monitored": nothing_is_booked_while_monitored,
}
