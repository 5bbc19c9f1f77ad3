"""Group leaders' receipts beside what was handed in at the session: the differences, household by household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.entrustment.models import SavingsEvent
from tdcs.entrustment.queries.groups import faces_of
from tdcs.households.models import Household
from tdcs.loans.models import LoanEvent
from tdcs.loans.states import EventKind
from tdcs.transaction_points.models import LeaderReceipt, ReceiptNote, TransactionSession
from tdcs.transaction_points.queries.scope import visible_sessions
from tdcs.transaction_points.queries.sessions import point_names


@dataclass(slots=True)
class ReceiptRow:
    """A household of a group in a session: what its receipts say, what was booked of it, dong; what was found out."""

    session: TransactionSession
    point: str
    group: str
    household: int
    code: str
    name: str
    receipts: int = 0
    interest: int = 0
    savings: int = 0
    booked_interest: int = 0
    booked_savings: int = 0
    note: ReceiptNote | None = None

    @property
    def difference(self) -> int:
        """What the leader took more than was handed in; below 0: less."""
        return self.interest + self.savings - self.booked_interest - self.booked_savings

    @property
    def differs(self) -> bool:
        return (self.interest, self.savings) != (self.booked_interest, self.booked_savings)


@dataclass(frozen=True, slots=True)
class ReceiptFilters:
    """What the list is narrowed by; ``show``: unnoted (differs, nothing found out yet), noted, or "" for every difference."""

    office: int = 0
    session: int = 0
    show: str = "unnoted"
    words: str = ""


def receipt_rows(user: User, filters: ReceiptFilters) -> list[ReceiptRow]:
    """The differences that match, the newest session first; of the last hundred sessions with receipts."""
    with_receipts = LeaderReceipt.objects.values("session")
    sessions = visible_sessions(user).filter(pk__in=with_receipts).select_related("point")
    if filters.office:
        sessions = sessions.filter(office=filters.office)
    if filters.session:
        sessions = sessions.filter(pk=filters.session)
    found: list[ReceiptRow] = []
    for session in sessions.order_by("-held_on", "-pk")[:100]:
        found += [row for row in rows_of_session(session) if row.differs]
    words = fold(filters.words).split()
    return [
        row
        for row in found
        if (not filters.show or (row.note is None) == (filters.show == "unnoted"))
        and all(one in fold(f"{row.point} {row.group} {row.name} {row.code}") for one in words)
    ]


def rows_of_session(session: TransactionSession) -> list[ReceiptRow]:
    """Every household of the groups that handed receipts in: with receipts, with money booked, or with both."""
    receipts = list(LeaderReceipt.objects.filter(session=session).order_by("pk"))
    groups = sorted({one.group_id for one in receipts})
    booked = _handed_in(groups, session.held_on)
    group_of = {one.household_id: one.group_id for one in receipts}
    group_of |= {key: group for key, (group, _interest, _savings) in booked.items()}
    homes = Household.objects.in_bulk(list(group_of))
    faces = faces_of(groups, session.held_on)
    notes = {
        one.household_id: one
        for one in ReceiptNote.objects.filter(session=session).select_related("by")
    }
    point = point_names([session])[session.pk]
    names = _names(homes)
    rows = {
        key: ReceiptRow(session, point, faces[group].name, key, homes[key].code, names.get(key, ""))
        for key, group in group_of.items()
    }
    for one in receipts:
        row = rows[one.household_id]
        row.receipts += 1
        row.interest += one.interest
        row.savings += one.savings
    for key, (_group, interest, savings) in booked.items():
        rows[key].booked_interest, rows[key].booked_savings = interest, savings
    for key, row in rows.items():
        row.note = notes.get(key)
    return sorted(rows.values(), key=lambda row: (row.group, row.name, row.code))


def households_of(session: TransactionSession) -> QuerySet[Household]:
    """The households that a session's receipts or their groups' bookings name."""
    return Household.objects.filter(pk__in=[row.household for row in rows_of_session(session)])


def _names(homes: Iterable[int]) -> dict[int, str]:
    heads = Household.objects.filter(pk__in=homes, members__is_head=True, members__ends_on=None)
    return dict(heads.values_list("pk", "members__person__full_name"))


def _handed_in(groups: list[int], on: date) -> dict[int, tuple[int, int, int]]:
    """Household → its group, interest and savings that were booked on a day and stand."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    events = LoanEvent.objects.filter(loan__group__in=groups, on=on, kind=EventKind.INTEREST)
    events = events.filter(reversed_by__isnull=True).order_by()
    for home, group, amount in events.values_list("loan__household", "loan__group").annotate(
        n=Sum("amount")
    ):
        found[home][0] = group
        found[home][1] += amount
    deposits = SavingsEvent.objects.filter(
        account__group__in=groups, on=on, kind=SavingsEvent.Kind.DEPOSIT
    ).filter(reversed_by__isnull=True)
    saved = deposits.order_by().values_list("account__household", "account__group")
    for home, group, amount in saved.annotate(n=Sum("amount")):
        found[home][0] = group
        found[home][2] += amount
    return {home: (group, interest, savings) for home, (group, interest, savings) in found.items()}
