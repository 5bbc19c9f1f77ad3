"""Reads of the ledger: trial balance, statement of an account, sub-ledger, and which books a person may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.access.queries import visible_organisations
from tdcs.core.waiting import Urgency, Waiting
from tdcs.ledger.models import (
    Account,
    Book,
    CashShortfall,
    EntryRequest,
    JournalEntry,
    Operation,
    Posting,
    RequestState,
)
from tdcs.organisations.counting import counts_of
from tdcs.organisations.models import Kind

CASH: Final = "1011"
PAGE: Final = 100

# Roles of the bank: at the branch they work for every office of the province.
_BANK: Final = frozenset(
    {Role.LOAN_OFFICER, Role.CREDIT_HEAD, Role.OFFICE_DIRECTOR, Role.TELLER, Role.ACCOUNTANT}
)


def visible_books(user: User) -> QuerySet[Book]:
    """The books of a person's own office and below; all of them for the branch's people."""
    books = Book.objects.select_related("organisation").order_by("organisation_id")
    holding = user.holding()
    if holding and holding.role in _BANK and holding.organisation.kind == Kind.VBSP_BRANCH:
        return books
    visible = visible_organisations(user)
    return books if visible is None else books.filter(organisation_id__in=visible)


def visible_entries(user: User) -> QuerySet[JournalEntry]:
    """Entries of the books that a person may see."""
    return JournalEntry.objects.filter(book__in=visible_books(user))


def entries_to_open(user: User, keys: Collection[int]) -> frozenset[int]:
    """Which of some entries the person may open: where money came from is read by more people than the book it went into."""
    if not user.may("ledger.view"):
        return frozenset()
    return frozenset(visible_entries(user).filter(pk__in=keys).values_list("pk", flat=True))


def visible_requests(user: User) -> QuerySet[EntryRequest]:
    """Requests of the books that a person may see: those that wait first, then the newest."""
    near = ("book", "book__organisation", "asked_by", "decided_by", "entry")
    rows = EntryRequest.objects.filter(book__in=visible_books(user)).select_related(*near)
    first = When(state=RequestState.ASKED, then=Value(0))
    return rows.order_by(Case(first, default=Value(1), output_field=IntegerField()), "-pk")


def visible_request(user: User, pk: int) -> EntryRequest | None:
    """A request by its number, when it is of a book that the person may see."""
    return visible_requests(user).filter(pk=pk).first()


def open_requests(user: User) -> int:
    """How many requests in a person's scope wait for a second person."""
    return visible_requests(user).filter(state=RequestState.ASKED).count()


def accounts_of(codes: Collection[str]) -> dict[str, Account]:
    """Accounts of the chart by their code."""
    return {one.code: one for one in Account.objects.filter(code__in=codes)}


def cash_of_books(books: Collection[int]) -> dict[int, int]:
    """What each book holds in cash after its last entry."""
    rows = (
        Posting.objects.filter(account__code=CASH, entry__book__in=books)
        .values_list("entry__book")
        .annotate(held=Sum(F("debit") - F("credit")))
    )
    return {book: int(held) for book, held in rows}


def shortfalls(books: QuerySet[Book]) -> QuerySet[CashShortfall]:
    """Cases of cash below zero in books: the open ones first, then the newest."""
    rows = CashShortfall.objects.filter(book__in=books)
    return rows.order_by(F("resolved_on").desc(nulls_first=True), "-day", "-pk")


@dataclass(frozen=True, slots=True)
class Balance:
    """One account over a period: what it held before, what came on each side."""

    account: int
    code: str
    name: str
    side: str
    off_balance: bool
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """Debit less credit at the period's end."""
        return self.opening + self.debit - self.credit

    @property
    def opening_debit(self) -> int:
        return max(self.opening, 0)

    @property
    def opening_credit(self) -> int:
        return max(-self.opening, 0)

    @property
    def closing_debit(self) -> int:
        return max(self.closing, 0)

    @property
    def closing_credit(self) -> int:
        return max(-self.closing, 0)

    @property
    def abnormal(self) -> bool:
        """Whether the balance stands on the side on which this account never should."""
        return (self.side == "debit" and self.closing < 0) or (
            self.side == "credit" and self.closing > 0
        )


@dataclass(frozen=True, slots=True)
class Part:
    """The accounts on the balance, or those off it, with totals."""

    rows: Sequence[Balance]

    @property
    def debit(self) -> int:
        return sum(row.debit for row in self.rows)

    @property
    def credit(self) -> int:
        return sum(row.credit for row in self.rows)

    @property
    def opening_debit(self) -> int:
        return sum(row.opening_debit for row in self.rows)

    @property
    def opening_credit(self) -> int:
        return sum(row.opening_credit for row in self.rows)

    @property
    def closing_debit(self) -> int:
        return sum(row.closing_debit for row in self.rows)

    @property
    def closing_credit(self) -> int:
        return sum(row.closing_credit for row in self.rows)

    @property
    def agrees(self) -> bool:
        """Whether both sides are equal, before, within and after the period."""
        return (
            self.opening_debit == self.opening_credit
            and self.debit == self.credit
            and self.closing_debit == self.closing_credit
        )


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account that moved or stood in the period, on the balance and off it."""

    inside: Part
    outside: Part


_TRIAL_SQL: Final = """
    WITH sums AS (
        SELECT p.account_id,
               coalesce(sum(p.debit - p.credit) FILTER (WHERE e."on" < %(since)s), 0)::bigint AS opening,
               coalesce(sum(p.debit) FILTER (WHERE e."on" >= %(since)s), 0)::bigint AS debit,
               coalesce(sum(p.credit) FILTER (WHERE e."on" >= %(since)s), 0)::bigint AS credit
          FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
         WHERE e.book_id = ANY(%(books)s) AND e."on" <= %(until)s
         GROUP BY p.account_id)
    SELECT a.id, a.code, a.name, a.normal_side, a.off_balance, s.opening, s.debit, s.credit
      FROM sums s JOIN ledger_account a ON a.id = s.account_id ORDER BY a.code
"""


def trial_balance(books: Collection[int], since: date, until: date) -> TrialBalance:
    """The balances of books together, from ``since`` to the end of ``until``."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIAL_SQL, {"books": list(books), "since": since, "until": until})
        rows = [Balance(*row) for row in cursor.fetchall()]
    return TrialBalance(
        inside=Part([row for row in rows if not row.off_balance]),
        outside=Part([row for row in rows if row.off_balance]),
    )


@dataclass(frozen=True, slots=True)
class Move:
    """One posting in an account's statement, with the balance after it (debit less credit)."""

    entry: int
    number: int
    on: date
    words: str
    subject: int | None
    debit: int
    credit: int
    balance: int


@dataclass(frozen=True, slots=True)
class Statement:
    """An account of a book over a period; ``moves`` are those of one page."""

    opening: int
    debit: int
    credit: int
    moves: Sequence[Move]
    count: int
    page: int

    @property
    def closing(self) -> int:
        """Debit less credit at the period's end."""
        return self.opening + self.debit - self.credit

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.count // PAGE))


_OF_ACCOUNT: Final = """
      FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
     WHERE p.account_id = %(account)s AND e.book_id = %(book)s AND e."on" <= %(until)s
"""
_SUMS_SQL: Final = f"""
    SELECT coalesce(sum(p.debit - p.credit) FILTER (WHERE e."on" < %(since)s), 0)::bigint,
           coalesce(sum(p.debit) FILTER (WHERE e."on" >= %(since)s), 0)::bigint,
           coalesce(sum(p.credit) FILTER (WHERE e."on" >= %(since)s), 0)::bigint,
           count(*) FILTER (WHERE e."on" >= %(since)s) {_OF_ACCOUNT}
"""
_MOVES_SQL: Final = f"""
    SELECT e.id, e.number, e."on", e.words, p.subject, p.debit, p.credit,
           (%(opening)s + sum(p.debit - p.credit) OVER (ORDER BY e."on", e.number, p.id))::bigint {_OF_ACCOUNT}
       AND e."on" >= %(since)s ORDER BY e."on", e.number, p.id LIMIT %(limit)s OFFSET %(offset)s
"""


def statement(
    *, book: Book, account: Account, since: date, until: date, page: int | None = 1
) -> Statement:
    """What came and went on an account, by days and within a day in the order of the book; no page means every line."""
    values: dict[str, int | date | None] = {
        "account": account.pk,
        "book": book.pk,
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMS_SQL, values)
        opening, debit, credit, count = cursor.fetchone()
        shown = 1 if page is None else min(max(page, 1), max(1, -(-count // PAGE)))
        values |= {
            "opening": opening,
            "limit": None if page is None else PAGE,
            "offset": (shown - 1) * PAGE,
        }
        cursor.execute(_MOVES_SQL, values)
        moves = [Move(*row) for row in cursor.fetchall()]
    return Statement(opening, debit, credit, moves, count, shown)


def cash_book(*, book: Book, since: date, until: date, page: int | None = 1) -> Statement:
    """The statement of the office's own cash."""
    account = Account.objects.get(code=CASH)
    return statement(book=book, account=account, since=since, until=until, page=page)


_SUBJECTS_SQL: Final = """
    SELECT p.subject, sum(p.debit - p.credit)::bigint
      FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
     WHERE p.account_id = %s AND e.book_id = ANY(%s) AND e."on" <= %s AND p.subject IS NOT NULL
     GROUP BY p.subject HAVING sum(p.debit - p.credit) <> 0 ORDER BY p.subject
"""


def balances_by_subject(*, account: Account, books: Collection[int], on: date) -> dict[int, int]:
    """Debit less credit of each loan or savings account that stands on an account at a day's end."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS_SQL, [account.pk, list(books), on])
        return dict(cursor.fetchall())


def accounts_by_code(codes: Collection[str]) -> dict[str, Account]:
    """Accounts of the plan by their codes."""
    return {row.code: row for row in Account.objects.filter(code__in=codes)}


def accounts_for_hand_entries() -> QuerySet[Account]:
    """Accounts to which a person may post: those without a subledger."""
    return Account.objects.filter(postable=True, subledger="").order_by("code")


def was_done(key: str) -> bool:
    """Whether an operation with this key has been carried out."""
    return Operation.objects.filter(key=key).exists()


def waiting_for(user: User, on: date) -> list[Waiting]:
    """Requests for entries that another person asked for, and cash below zero that nobody has settled."""
    if not (user.may("ledger.view") and user.may("ledger.confirm")):
        return []
    books = visible_books(user).order_by()
    asked = EntryRequest.objects.filter(book__in=books, state=EntryRequest.State.ASKED)
    requests, short = counts_of(
        asked.exclude(asked_by=user),
        CashShortfall.objects.filter(book__in=books, resolved_on=None),
    )
    found = [
        Waiting(_("Đề nghị hạch toán chờ duyệt"), requests, _("Duyệt"), "ledger:requests"),
        Waiting(
            _("Vụ việc thiếu tiền mặt chưa giải trình"),
            short,
            _("Giải trình"),
            "ledger:shortfalls",
            urgency=Urgency.LATE,
            menu="ledger:books",
        ),
    ]
    return [line for line in found if line.count]
