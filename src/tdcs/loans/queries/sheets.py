"""What a group's collection sheet shows on a day: who owes what, where each saves, what came in this month."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypedDict

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.entrustment.models import (
    GroupMember,
    GroupProfile,
    SavingsAccount,
    SavingsEvent,
    SavingsGroup,
)
from tdcs.entrustment.queries.groups import GroupSummary, faces_of
from tdcs.ledger.models import EntryRequest, JournalEntry
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.owed import due_rows
from tdcs.loans.queries.scope import visible_lending_groups, visible_loans
from tdcs.loans.states import OPEN_STATES
from tdcs.organisations.models import living_on
from tdcs.organisations.prepared import Given, Prepared
from tdcs.programmes.rules import programmes

# What a sheet, or one borrower at the counter, is posted by.
TEMPLATE: Final = "loan.collect"
# The same of money that came by transfer: on the account at another bank instead of the cash.
TRANSFER: Final = "loan.transfer"
# The entries by which events of a group's loans were reversed within some days.
_UNDONE: Final = """
    SELECT DISTINCT e.entry_id
      FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id
     WHERE l.group_id = %s AND e.kind = 'reverse' AND e."on" BETWEEN %s AND %s AND e.entry_id IS NOT NULL
"""

_OPEN_ACCOUNTS: Final = Prepared(
    lambda: (
        SavingsAccount.objects.filter(
            household_id__equals_any=Given("households"),
            office_id__equals_any=Given("offices"),
            closed_on=None,
        )
        .order_by("-pk")
        .values_list("pk", "number", "balance", "household_id", "office_id")
    )
)
_SAVERS: Final = Prepared(
    lambda: (
        SavingsAccount.objects.filter(
            group=Given("group"),
            closed_on=None,
            household_id__in=GroupMember.objects.filter(
                living_on(Given("on")), group=Given("group")
            ).values("household_id"),
        )
        .exclude(household__code__equals_any=Given("borrowers"))
        .exclude(pk__equals_any=Given("there"))
        .select_related("person")
        .order_by("person__search", "pk")
    )
)
_COLLECTED: Final = Prepared(
    lambda: (
        LoanEvent.objects.filter(
            loan__group=Given("group"),
            on__gte=Given("first"),
            on__lte=Given("last"),
            kind__in=("interest", "principal"),
            reversed_by=None,
            entry__isnull=False,
        )
        .values_list("entry_id", "entry__number", "entry__on")
        .annotate(loans=Count("loan_id", distinct=True), dong=Sum("amount"))
        .order_by("entry_id")
    )
)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A loan on a sheet: what it owes on the day before payments, and the savings account of its household."""

    loan: int
    group: int | None
    number: str
    name: str
    household: str
    programme: str
    balance: int
    interest_due: int
    principal_due: int
    overdue: int
    frozen: bool
    account: int | None = None
    account_number: str = ""
    savings: int = 0

    @property
    def whole(self) -> int:
        """What settles the loan on the day."""
        return self.balance + self.interest_due


@dataclass(slots=True)
class GroupDue:
    """A group as the list shows it on a day."""

    group: SavingsGroup
    face: GroupSummary
    session: date
    loans: int = 0
    balance: int = 0
    interest_due: int = 0
    principal_due: int = 0
    overdue: int = 0
    came_in: int = 0
    came_on: date | None = None
    paying: int = 0
    wait: int = 0

    @property
    def mark(self) -> str:
        """The shape of a status: collected, today, still to come, past."""
        if self.came_on is not None:
            return "done"
        if not self.loans:
            return "none"
        return "soon" if self.wait == 0 else ("on_time" if self.wait > 0 else "late")


def session_in(month: date, day_of_month: int) -> date:
    """The session day of a month; a month without that day takes its last."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(day_of_month, last))


def find_lending_groups(
    user: User, words: str, office: int, day_of_month: int, on: date
) -> QuerySet[SavingsGroup]:
    """Living groups in scope that match, in the order of their session days, then by code."""
    profiles = GroupProfile.objects.filter(living_on(on), group=OuterRef("pk"))
    if office:
        profiles = profiles.filter(office_id=office)
    if day_of_month:
        profiles = profiles.filter(session_day=day_of_month)
    for word in fold(words).split():
        profiles = profiles.filter(Q(search__contains=word) | Q(group__code__startswith=word))
    seen = visible_lending_groups(user, on).filter(living_on(on)).order_by().values("pk")
    rows = SavingsGroup.objects.filter(pk__in=seen).filter(Exists(profiles))
    day = Subquery(profiles.values("session_day")[:1])
    found: QuerySet[SavingsGroup] = rows.annotate(day=day).order_by("day", "code")
    return found


def groups_due(groups: Sequence[SavingsGroup], on: date) -> list[GroupDue]:
    """Groups with what their loans owe on the day and what came in since the first of the month."""
    ids = [group.pk for group in groups]
    faces = faces_of(ids, on)
    found = {
        group.pk: GroupDue(group, faces[group.pk], session_in(on, faces[group.pk].session_day or 1))
        for group in groups
    }
    open_loans = Loan.objects.filter(group_id__in=ids, state__in=OPEN_STATES)
    for row in due_rows(list(open_loans.values_list("pk", flat=True)), on):
        group = row["group_id"]
        assert group is not None, "chosen by their groups"
        due = found[group]
        due.loans += 1
        due.balance += row["balance"]
        due.interest_due += row["due"]
        due.principal_due += row["principal_due"]
        due.overdue += row["overdue"]
    for group, day, amount, count in _came_in(ids, on):
        found[group].came_in, found[group].came_on = amount, day
        found[group].paying = count
    for one in found.values():
        one.wait = (one.session - on).days
    return list(found.values())


def _came_in(groups: Collection[int], on: date) -> list[tuple[int, date, int, int]]:
    """(group, last day, dong of principal and interest, loans) collected since the first of the month."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT l.group_id, max(e."on"), sum(e.amount)::bigint, count(DISTINCT l.id)'
            "  FROM loans_loanevent e JOIN loans_loan l ON l.id = e.loan_id"
            " WHERE l.group_id = ANY(%s) AND e.kind IN ('interest', 'principal')"
            '   AND e."on" BETWEEN %s AND %s'
            # Few events are reversed; only of these the function is asked.
            "   AND (NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id)"
            "        OR loans_event_counts(e.id, %s))"
            " GROUP BY l.group_id",
            [list(groups), on.replace(day=1), on, on],
        )
        return list(cursor.fetchall())


def lines_of(loans: QuerySet[Loan], on: date) -> list[SheetLine]:
    """Sheet lines of loans; a household's savings account stands on its first line."""
    rows = list(
        _ordered(loans).values_list(
            "pk",
            "number",
            "borrower__full_name",
            "household_id",
            "household__code",
            "programme",
            "office_id",
        )
    )
    owed = {row["id"]: row for row in due_rows([row[0] for row in rows], on)}
    accounts = _accounts({row[3] for row in rows}, {row[6] for row in rows})
    short = {code: one.short for code, one in programmes().items()}
    lines = []
    for pk, number, name, household, code, programme, office in rows:
        standing = owed[pk]
        account = accounts.pop((household, office), (None, "", 0))
        lines.append(
            SheetLine(
                loan=pk,
                group=standing["group_id"],
                number=number,
                name=name,
                household=code,
                programme=short.get(programme, programme),
                balance=standing["balance"],
                interest_due=standing["due"],
                principal_due=standing["principal_due"],
                overdue=standing["overdue"],
                frozen=standing["frozen"] > 0,
                account=account[0],
                account_number=account[1],
                savings=account[2],
            )
        )
    return lines


def accounts_of(loans: QuerySet[Loan]) -> dict[int, int | None]:
    """Loan → the savings account on its line of the sheet, in the order of the sheet."""
    rows = list(_ordered(loans).values_list("pk", "household_id", "office_id"))
    accounts = _accounts({row[1] for row in rows}, {row[2] for row in rows})
    return {pk: accounts.pop((of, office), (None,))[0] for pk, of, office in rows}


def _ordered(loans: QuerySet[Loan]) -> QuerySet[Loan]:
    return loans.order_by("borrower__search", "number")


def _accounts(
    households: Collection[int], offices: Collection[int]
) -> dict[tuple[int, int], tuple[int, str, int]]:
    """The first open savings account of each household at an office: id, number, balance."""
    rows = _OPEN_ACCOUNTS(households=list(households), offices=list(offices))
    return {
        (household, office): (pk, number, balance)
        for pk, number, balance, household, office in rows
    }


def savers_only(group: SavingsGroup, lines: Sequence[SheetLine], on: date) -> list[SavingsAccount]:
    """Accounts of members who owe nothing: their savings are paid in on the account's own page."""
    codes = list({line.household for line in lines})
    there = [line.account for line in lines if line.account is not None]
    return _SAVERS(group=group.pk, on=on, borrowers=codes, there=there)


class SheetEntry(NamedTuple):
    """An entry by which a group's loans were collected."""

    pk: int
    number: int
    on: date


def sheets_of_month(group: SavingsGroup, on: date) -> list[tuple[SheetEntry, int, int]]:
    """Entries by which the group's loans were collected since the first of the month: entry, loans, dong."""
    found = _COLLECTED(group=group.pk, first=on.replace(day=1), last=on)
    return [(SheetEntry(*entry), loans, int(dong or 0)) for *entry, loans, dong in found]


class ReceiptLine(TypedDict):
    """What a loan, or an account without one, brought in; in dong."""

    name: str
    number: str
    household: int
    interest: int
    principal: int
    savings: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one entry of a collection brought in; ``undone`` and ``asked`` when it was, or is to be, reversed as a whole."""

    entry: JournalEntry
    lines: list[ReceiptLine]
    interest: int
    principal: int
    savings: int
    undone: JournalEntry | None = None
    asked: EntryRequest | None = None

    @property
    def total(self) -> int:
        return self.interest + self.principal + self.savings


def receipt_of(user: User, entry: int, loans: Q) -> Receipt | None:
    """The collection booked by an entry, of the loans in scope that ``loans`` names; None where there is none."""
    seen = visible_loans(user).filter(loans)
    mine = Exists(seen.filter(household=OuterRef("account__household")))
    events = LoanEvent.objects.filter(
        entry_id=entry, kind__in=("interest", "principal"), loan__in=seen
    ).select_related("loan__borrower")
    row = JournalEntry.objects.filter(pk=entry, template__in=(TEMPLATE, TRANSFER)).first()
    if row is None:
        return None
    saved = deposits_of(entry).filter(mine)
    lines: dict[str, ReceiptLine] = {}
    for event in events.order_by("loan__borrower__search", "pk"):
        line = lines.setdefault(event.loan.number, _blank(event.loan))
        if event.kind == "interest":
            line["interest"] += event.amount or 0
        else:
            line["principal"] += event.amount or 0
    for deposit in saved.select_related("account__person", "account__household"):
        account = deposit.account
        named = (n for n, one in lines.items() if one["household"] == account.household_id)
        key = next(named, account.number)
        line = lines.setdefault(
            key,
            ReceiptLine(
                name=account.person.full_name,
                number="",
                household=account.household_id,
                interest=0,
                principal=0,
                savings=0,
            ),
        )
        line["savings"] += deposit.amount
    if not lines:
        return None
    there = list(lines.values())
    return Receipt(
        entry=row,
        lines=there,
        interest=sum(line["interest"] for line in there),
        principal=sum(line["principal"] for line in there),
        savings=sum(line["savings"] for line in there),
        undone=_undone(entry),
        asked=_asked(entry),
    )


def _undone(entry: int) -> JournalEntry | None:
    return JournalEntry.objects.filter(reverses=entry).first()


def _asked(entry: int) -> EntryRequest | None:
    return EntryRequest.objects.filter(
        kind=EntryRequest.Kind.SHEET, subject=entry, state=EntryRequest.State.ASKED
    ).first()


def undone_sheets(group: SavingsGroup, on: date) -> list[tuple[JournalEntry, JournalEntry]]:
    """The group's sheets that were reversed as a whole since the first of the month: the sheet's entry and its counter-entry."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDONE, [group.pk, on.replace(day=1), on])
        entries = [entry for (entry,) in cursor.fetchall()]
    if not entries:
        # As good as every sheet: the long question is spared.
        return []
    found = JournalEntry.objects.filter(
        pk__in=entries, template__in=(TEMPLATE, TRANSFER), reverses__isnull=False
    )
    rows = found.select_related("reverses").order_by("pk")
    return [(row.reverses, row) for row in rows if row.reverses is not None]


def whole_in_scope(user: User, entry: int) -> bool:
    """Whether a person sees every loan that a sheet's entry touched."""
    loans = set(events_of_entry(entry).values_list("loan_id", flat=True))
    return visible_loans(user).filter(pk__in=loans).count() == len(loans)


def _blank(loan: Loan) -> ReceiptLine:
    return {
        "name": loan.borrower.full_name,
        "number": loan.number,
        "household": loan.household_id,
        "interest": 0,
        "principal": 0,
        "savings": 0,
    }


def events_of_entry(entry: int) -> QuerySet[LoanEvent]:
    """What a sheet's entry collected, by loan."""
    found = LoanEvent.objects.filter(entry_id=entry, kind__in=("interest", "principal"))
    return found.select_related("loan__source", "loan__borrower", "entry").order_by("loan_id", "pk")


def deposits_of(entry: int) -> QuerySet[SavingsEvent]:
    """The deposits that a sheet's entry carried."""
    return SavingsEvent.objects.filter(entry_id=entry, kind=SavingsEvent.Kind.DEPOSIT)


def loans_of_group(group: SavingsGroup) -> QuerySet[Loan]:
    """Every loan through a group, settled ones too."""
    return Loan.objects.filter(group=group)


def loans_with(key: int) -> QuerySet[Loan]:
    """One loan as the rows of a sheet."""
    return Loan.objects.filter(pk=key)


def open_or_typed(loans: QuerySet[Loan], typed: list[int]) -> QuerySet[Loan]:
    """The loans that may still owe something, and those for which something was typed."""
    return loans.filter(Q(state__in=OPEN_STATES) | Q(pk__in=typed))
