"""Collections: one borrower or a whole group's sheet, or many sheets, in one transaction: all lines or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection, transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.columns import day_of_number
from tdcs.core.errors import Refusal
from tdcs.entrustment.services.savings import deposit_sheets
from tdcs.ledger.models import JournalEntry
from tdcs.ledger.rules import Line, account_of
from tdcs.ledger.services import NewEntry, book_of, entry_alike, idempotent_many, post
from tdcs.loans.errors import (
    EventBeforeLast,
    FieldWrong,
    LoanUnknown,
    RuleRefused,
    SheetAgain,
    SheetRefused,
)
from tdcs.loans.queries.due import OwedRow, rows_rolled_forward
from tdcs.loans.queries.sheets import TEMPLATE, TRANSFER
from tdcs.loans.rules.balance import EVERYTHING, state_of
from tdcs.loans.services.booking import reclassify_lines
from tdcs.loans.services.crediting import credit_lines
from tdcs.loans.services.results import Collected

_ACTION: Final = "loans.collect"
_SAVINGS: Final = account_of(TEMPLATE, "savings")
# Ids and money fit the database's 63 bits; more is a slip of the hand.
_MOST: Final = 10**15
_ACCOUNTS: Final = {
    (amount, tier): account_of(TEMPLATE, amount, tier)
    for amount in ("principal", "frozen", "interest")
    for tier in ("central", "local")
}


class TouchedRow(OwedRow, total=False):
    """A loan's row with what the sheets do to it: ``thawed``, principal ``now_paid``, what is left beside a frozen part."""

    thawed: bool
    unfrozen: int
    now_paid: int


@dataclass(frozen=True, slots=True)
class Collection:
    """One loan's line of a sheet; amounts in dong, 0 for none. Savings go to ``savings_account``."""

    loan_id: int
    interest: int = 0
    principal: int = 0
    savings: int = 0
    savings_account: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a group paid in on a session day (13/TD), or one borrower at the counter (``group_id`` None)."""

    key: str
    office_id: int
    group_id: int | None
    lines: tuple[Collection, ...]
    # Added to the entry's words: of which session's day money is that is booked later.
    note: str = ""
    # The entry's day where the book is closed on the events' own.
    entry_on: date | None = None
    # Money that the bank's list says came by transfer: no cash.
    by_transfer: bool = False

    @property
    def template(self) -> str:
        """By what its entry is posted."""
        return TRANSFER if self.by_transfer else TEMPLATE

    def request(self) -> dict[str, object]:
        """What the key stands for."""
        return ({"transfer": True} if self.by_transfer else {}) | {
            "office": self.office_id,
            "group": self.group_id,
            "lines": [
                [c.loan_id, c.interest, c.principal, c.savings, c.savings_account]
                for c in self.lines
            ],
        }


def collect_sheet(*, sheet: Sheet, by: User | None, on: date, sure: bool = True) -> Collected:
    """Post one sheet. Answer: entry, number, totals. Raises SheetRefused with every bad line at once.

    Not ``sure``: SheetAgain when an equal sheet was posted that day under another key, as from a second tab.
    """
    return collect_sheets(sheets=[sheet], by=by, on=on, sure=sure)[0]


def collect_sheets(
    *, sheets: Sequence[Sheet], by: User | None, on: date, sure: bool = True
) -> list[Collected]:
    """Post many sheets in one transaction; a sheet whose key was used before is answered as it was then."""
    with transaction.atomic():
        return idempotent_many(
            requests=[(sheet.key, sheet.request()) for sheet in sheets],
            action=_ACTION,
            by=by,
            on=on,
            work=lambda places, operations: _post(
                [sheets[p] for p in places], operations, by, on, sure
            ),
        )


def equal_sheet(*, sheet: Sheet, on: date) -> JournalEntry | None:
    """The entry of a sheet of the day with the same group and the same lines, which still stands."""
    book = book_of(sheet.office_id).pk
    return entry_alike(action=_ACTION, request=sheet.request(), book=book, on=on)


def _require_new(sheets: Sequence[Sheet], on: date) -> None:
    """Asked while the loans are locked: of two tabs at once the second sees the first."""
    for sheet in sheets:
        entry = equal_sheet(sheet=sheet, on=on)
        if entry is not None:
            raise SheetAgain(
                number=entry.number, at=f"{entry.recorded_at.astimezone(clock.ZONE):%H:%M}"
            )


def faults_of(*, sheets: Sequence[Sheet], on: date) -> dict[int, list[tuple[int, Refusal]]]:
    """What posting the sheets now, one after the other, would refuse: place of the sheet → its lines from 1 on (0: the sheet
    itself) with their reasons; nothing is written."""
    found: dict[int, list[tuple[int, Refusal]]] = defaultdict(list)
    with transaction.atomic():
        ids = sorted({n for sheet in sheets for line in sheet.lines if _is_id(n := line.loan_id)})
        rows = rows_rolled_forward(ids, on, TouchedRow)
        known = {row["id"]: row for row in rows}
        for place, line, why in _faults(sheets, known, _savings_of(sheets), on):
            found[place].append((line, why))
    return dict(found)


def _post(
    sheets: Sequence[Sheet], operations: Sequence[int], by: User | None, on: date, sure: bool
) -> list[Collected]:
    ids = sorted({n for sheet in sheets for line in sheet.lines if _is_id(n := line.loan_id)})
    known = {row["id"]: row for row in rows_rolled_forward(ids, on, TouchedRow, lock=True)}
    _require_sound(sheets, known, _savings_of(sheets), on)
    if not sure:
        _require_new(sheets, on)
    books = {office: book_of(office).pk for office in {sheet.office_id for sheet in sheets}}
    entries = [
        _entry(sheet, books[sheet.office_id], known, operation, on)
        for sheet, operation in zip(sheets, operations, strict=True)
    ]
    posted = post(entries, by=by, on=on)
    _write_events(sheets, operations, posted, by, on)
    _write_standings(sheets, known, on)
    _write_savings(sheets, posted, on)
    answers = []
    for sheet, (entry, number) in zip(sheets, posted, strict=True):
        answers.append(
            Collected(
                entry=entry,
                number=number,
                lines=len(sheet.lines),
                interest=sum(line.interest for line in sheet.lines),
                principal=sum(line.principal for line in sheet.lines),
                savings=sum(line.savings for line in sheet.lines),
            )
        )
    _leave_trail(sheets, answers, by, on)
    return answers


def _is_id(value: object) -> bool:
    return type(value) is int and 0 < value <= _MOST


def _savings_of(sheets: Sequence[Sheet]) -> set[tuple[int, int]]:
    """The (loan, savings account) of the sheets that belong together: one household, one office, the account open.

    Accounts are locked here, after the loans and before the book, as every other movement of savings locks them.
    """
    lines = [
        (line.loan_id, line.savings_account)
        for sheet in sheets
        for line in sheet.lines
        if line.savings and _is_id(line.loan_id) and _is_id(line.savings_account)
    ]
    if not lines:
        return set()
    loans, accounts = zip(*lines, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM entrustment_savingsaccount WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(accounts)],
        )
        cursor.execute(
            "SELECT l.id, a.id FROM unnest(%s::bigint[], %s::bigint[]) AS u(loan, account)"
            "  JOIN loans_loan l ON l.id = u.loan JOIN entrustment_savingsaccount a ON a.id = u.account"
            " WHERE a.household_id = l.household_id AND a.office_id = l.office_id AND a.closed_on IS NULL",
            [list(loans), list(accounts)],
        )
        return set(cursor.fetchall())


def _require_sound(
    sheets: Sequence[Sheet], known: dict[int, TouchedRow], savings: set[tuple[int, int]], on: date
) -> None:
    """Every bad line of every sheet at once, counted through all sheets."""
    begins = [0]
    for sheet in sheets:
        begins.append(begins[-1] + len(sheet.lines))
    bad = [
        (begins[place] + line if line else 0, why)
        for place, line, why in _faults(sheets, known, savings, on)
    ]
    if bad:
        raise SheetRefused(bad)


def _faults(
    sheets: Sequence[Sheet], known: dict[int, TouchedRow], savings: set[tuple[int, int]], on: date
) -> Iterator[tuple[int, int, Refusal]]:
    """Place of the sheet, line from 1 on, why it cannot be posted; a line that cannot takes nothing from the next."""
    spent: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for place, sheet in enumerate(sheets):
        if not sheet.lines:
            yield place, 0, FieldWrong(field="bảng kê", why="không có dòng nào")
        for at, line in enumerate(sheet.lines, 1):
            row = known.get(line.loan_id) if _is_id(line.loan_id) else None
            why = _fault(sheet, line, row, spent[line.loan_id], savings, on)
            if why is not None:
                yield place, at, why


def _fault(
    sheet: Sheet,
    line: Collection,
    row: TouchedRow | None,
    spent: list[int],
    savings: set[tuple[int, int]],
    on: date,
) -> Refusal | None:
    if row is None or row["office_id"] != sheet.office_id:
        return LoanUnknown(number=row["number"] if row else line.loan_id)
    if sheet.group_id is not None and row["group_id"] != sheet.group_id:
        return LoanUnknown(number=row["number"])
    amounts = (line.interest, line.principal, line.savings)
    if any(type(n) is not int or not 0 <= n <= _MOST for n in amounts) or not any(amounts):
        return FieldWrong(field=f"khế ước {row['number']}", why="số tiền phải là số nguyên từ 0")
    if line.savings and (line.loan_id, line.savings_account) not in savings:
        why = "chưa có sổ tiền gửi đang mở của hộ vay tại phòng giao dịch này"
        return FieldWrong(field=f"khế ước {row['number']}", why=why)
    standing = day_of_number(row["standing_on"])
    if on < standing:
        return EventBeforeLast(number=row["number"], day=on, last=standing)
    words = {"number": row["number"], "due": row["due"], "balance": row["balance"]}
    if spent[0] + line.interest > row["due"] and line.interest:
        return RuleRefused("interest_above_due", **words)
    if spent[1] + line.principal > row["balance"] and line.principal:
        return RuleRefused("principal_above_balance", **words)
    spent[0] += line.interest
    spent[1] += line.principal
    return None


def _entry(
    sheet: Sheet, book: int, known: dict[int, TouchedRow], operation: int, on: date
) -> NewEntry:
    """One entry: the cash in total, each loan's principal and interest, each savings account's deposit."""
    lines: list[Line] = []
    total = 0
    for line in sheet.lines:
        row = known[line.loan_id]
        tier = row["tier"]
        total += line.interest + line.principal + line.savings
        frozen = row["frozen"] > 0
        if row["frozen_to"] is not None and not frozen and not row.get("thawed"):
            # The freeze is over by its day; the principal comes back before anything is paid on it.
            row["thawed"] = True
            whole, was = row["balance"], row["frozen_part"] or EVERYTHING
            lines += reclassify_lines(
                [], was=was, now=0, balance=whole, tier=tier, loan=line.loan_id
            )
        lines += _principal_lines(row, line)
        if line.interest:
            if row["credit"]:
                # Interest is due again: all that was collected above it before has been set off.
                lines += credit_lines(-row["credit"], tier=tier, loan=line.loan_id)
                row["credit"] = 0
            lines.append((_ACCOUNTS["interest", tier], 0, line.interest, line.loan_id))
        if line.savings:
            lines.append((_SAVINGS, 0, line.savings, line.savings_account))
    words = "Thu theo bảng kê của tổ" if sheet.group_id is not None else "Thu nợ, thu lãi tại quầy"
    if sheet.by_transfer:
        words = "Thu nợ, thu lãi qua chuyển khoản"
    return NewEntry(
        book,
        sheet.entry_on or on,
        sheet.template,
        f"{words} {sheet.note}".strip()[:300],
        [(account_of(sheet.template, "total"), total, 0, None), *lines],
        operation_id=operation,
    )


def _principal_lines(row: TouchedRow, line: Collection) -> Iterator[Line]:
    """Principal is paid on what is not frozen first, and then on what is."""
    left = row.setdefault("unfrozen", row["balance"] - row["frozen"])
    ordinary = min(line.principal, left)
    row["unfrozen"] = left - ordinary
    for amount, dong in (("principal", ordinary), ("frozen", line.principal - ordinary)):
        if dong:
            yield _ACCOUNTS[amount, row["tier"]], 0, dong, line.loan_id


def _write_events(
    sheets: Sequence[Sheet],
    operations: Sequence[int],
    posted: Sequence[tuple[int, int]],
    by: User | None,
    on: date,
) -> None:
    day, moment, person = on.isoformat(), clock.now().isoformat(), by.pk if by else "\\N"
    rows = []
    for sheet, operation, (entry, _) in zip(sheets, operations, posted, strict=True):
        tail = f"{entry}\t{operation}\t{person}\t{moment}\t\n"
        for line in sheet.lines:
            if line.interest:
                rows.append(f"{line.loan_id}\t{day}\tinterest\t{line.interest}\t{tail}")
            if line.principal:
                rows.append(f"{line.loan_id}\t{day}\tprincipal\t{line.principal}\t{tail}")
    with (
        connection.cursor() as cursor,
        cursor.copy(
            'COPY loans_loanevent (loan_id, "on", kind, amount, entry_id, operation_id, by_id,'
            " recorded_at, basis) FROM STDIN"
        ) as copy,
    ):
        copy.write("".join(rows))


def _write_standings(sheets: Sequence[Sheet], known: dict[int, TouchedRow], on: date) -> None:
    """The new standing of every loan touched, in one statement."""
    for sheet in sheets:
        for line in sheet.lines:
            row = known[line.loan_id]
            row["paid"] += line.principal
            row["balance"] -= line.principal
            row["collected"] += line.interest
            row["due"] -= line.interest
            row["now_paid"] = row.get("now_paid", 0) + line.principal
    columns: list[list[object]] = [[] for _ in range(11)]
    for row in known.values():
        values = (
            row["id"],
            row["whole"],
            row["rest"],
            row["collected"],
            row.get("now_paid", 0),
            row["balance"],
            _state(row),
            row["rate"],
            row["overdue_base"],
            row["overdue_percent"],
            row["credit"],
        )
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE loans_loan l SET standing_on = %s, interest_whole = v.whole, interest_rest = v.rest,
                   interest_collected = v.collected, paid_total = l.paid_total + v.paid,
                   balance = v.balance, state = v.state, current_rate_ppm = v.rate,
                   overdue_base_ppm = v.base, overdue_percent = v.percent, interest_credit = v.credit,
                   frozen_from = CASE WHEN l.frozen_to >= %s THEN l.frozen_from END,
                   frozen_to = CASE WHEN l.frozen_to >= %s THEN l.frozen_to END,
                   frozen_part = CASE WHEN l.frozen_to >= %s THEN l.frozen_part ELSE 0 END
              FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
                          %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
                          %s::bigint[])
                   AS v(id, whole, rest, collected, paid, balance, state, rate, base, percent, credit)
             WHERE l.id = v.id
            """,
            [on, on, on, on, *columns],
        )


def _state(row: TouchedRow) -> str:
    """The state after the day's payments."""
    left = {"overdue": row["overdue"] - row.get("now_paid", 0), "is_frozen": row["frozen"]}
    return state_of({**row, **left})


def _write_savings(sheets: Sequence[Sheet], posted: Sequence[tuple[int, int]], on: date) -> None:
    rows = [
        (line.savings_account, line.savings, entry)
        for sheet, (entry, _) in zip(sheets, posted, strict=True)
        for line in sheet.lines
        if line.savings and line.savings_account is not None
    ]
    if rows:
        deposit_sheets(rows, on=on)


def _leave_trail(
    sheets: Sequence[Sheet], answers: Sequence[Collected], by: User | None, on: date
) -> None:
    """One line for the whole posting: sheets are found by their operations."""
    sums = {
        name: sum(answer[name] for answer in answers)
        for name in ("lines", "interest", "principal", "savings")
    }
    subject = f"{len(sheets)} bảng kê" if len(sheets) > 1 else f"bảng kê {sheets[0].key}"
    trail.record(
        action="loans.collect",
        subject=subject,
        by=by,
        on=on,
        data={"sheets": len(sheets), "first_key": sheets[0].key, **sums},
    )
