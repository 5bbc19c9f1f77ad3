"""Cash never ends a day below zero: judged with each posting, and by the database at commit (migration 0060).

What was truly paid out and is entered late (dated before what its book holds already) is taken, and becomes a case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.ledger.errors import CashShort, StillShort, WordsMissing
from tdcs.ledger.models import Account, Book, CashShortfall
from tdcs.ledger.rules import never_below_zero
from tdcs.organisations.queries import names_on

if TYPE_CHECKING:
    from tdcs.ledger.services import NewEntry

# What a session pays out: money that has left the till whether or not the book likes it.
_PAID_OUT: Final = frozenset({"loan.disburse", "savings.withdraw"})

# Book, account code, day.
_Place = tuple[int, str, date]


def require_cash(
    entries: Sequence[NewEntry], ids: Sequence[int], newest: Mapping[int, date | None]
) -> None:
    """Entries just written, with their ids; ``newest``: the latest day that each book held before them.

    Raises CashShort when they take more cash than a day, or a later one, ends with; opens a case where they came late.
    """
    moved: dict[_Place, int] = defaultdict(int)
    late: dict[_Place, int] = {}
    guarded = never_below_zero()
    for key, entry in zip(ids, entries, strict=True):
        before = newest[entry.book_id]
        for code, debit, credit, _ in entry.lines:
            if code not in guarded:
                continue
            place = (entry.book_id, code, entry.on)
            moved[place] += debit - credit
            if credit and entry.template in _PAID_OUT and before is not None and entry.on < before:
                late[place] = key
    for place, amount in moved.items():
        if amount < 0:
            _require_held(place, amount, late.get(place))


def _require_held(place: _Place, amount: int, late: int | None) -> None:
    book, code, day = place
    account = Account.objects.get(code=code)
    low, first = _low(book, account.pk, day)
    if low >= 0 or first is None:
        return
    if late is None:
        office = Book.objects.values_list("organisation_id", flat=True).get(pk=book)
        name = names_on(clock.today(), [office])[office]
        raise CashShort(office=name, day=first, held=low - amount, missing=-low)
    CashShortfall.objects.create(
        book_id=book,
        account=account,
        entry_id=late,
        day=first,
        amount=-low,
        recorded_at=clock.now(),
    )


def _low(book: int, account: int, since: date) -> tuple[int, date | None]:
    """The lowest end of a day from ``since`` on; the first day that ends below zero."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT low, first_day FROM ledger_cash_low(%s, %s, %s)", [book, account, since]
        )
        low, first = cursor.fetchone()
    return low, first


def settle(*, case: CashShortfall, note: str, by: User | None, on: date) -> CashShortfall:
    """The case ends: from ``on`` no day is below zero. Raises StillShort, WordsMissing."""
    said = note.strip()
    if not said:
        raise WordsMissing
    with transaction.atomic():
        # The book's lock: nobody posts meanwhile.
        Book.objects.select_for_update().get(pk=case.book_id)
        kept: CashShortfall = CashShortfall.objects.select_for_update().get(pk=case.pk)
        low, first = _low(kept.book_id, kept.account_id, on)
        if first is not None:
            raise StillShort(on=on, day=first, missing=-low)
        if kept.resolved_on is None:
            kept.resolved_on, kept.resolved_by, kept.note = max(on, kept.day), by, said[:300]
            kept.save(update_fields=["resolved_on", "resolved_by", "note"])
            trail.record(action="ledger.settle_shortfall", subject=kept, by=by, on=on, why=said)
    return kept
