"""Cases of logs that were handed in: which wait, what stands against each, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.core.text import fold
from tdcs.entrustment.models import SavingsAccount
from tdcs.loans.models import Loan, LoanApplication, LoanEvent
from tdcs.loans.queries.sheets import lines_of
from tdcs.transaction_points.models import LogLine
from tdcs.transaction_points.queries.conflicts import prefix_of
from tdcs.transaction_points.queries.scope import visible_sessions
from tdcs.transaction_points.queries.sessions import point_names
from tdcs.transaction_points.rules.chain import COLLECT, DISBURSE
from tdcs.transaction_points.states import LogState


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What the list is narrowed by; ``state``: waiting, decided, or "" for both."""

    office: int = 0
    state: str = "waiting"
    problem: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the list shows it."""

    line: LogLine
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class CaseMoney:
    """A row of the line: what the device wrote, what is owed now; ``left``: it is not booked."""

    what: str
    name: str
    interest: int
    principal: int
    savings: int
    left: bool
    balance: int | None = None
    interest_now: int | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """What the office wrote about a loan after the pack was taken."""

    at: datetime
    number: str
    kind: str
    amount: int | None
    by: str


def cases_in_scope(user: User) -> QuerySet[LogLine]:
    """Lines that became cases, waiting or decided, of the sessions in scope, the newest first."""
    rows = LogLine.objects.filter(session__in=visible_sessions(user))
    rows = rows.filter(Q(state__in=(LogState.CASE, LogState.RESOLVED)) | ~Q(resolved_words=""))
    return rows.select_related("session__point", "device", "by", "resolved_by").order_by("-pk")


def case_rows(user: User, filters: CaseFilters) -> list[CaseRow]:
    """The cases that match, at most a thousand."""
    rows = cases_in_scope(user)
    if filters.office:
        rows = rows.filter(session__office=filters.office)
    if filters.state == "waiting":
        rows = rows.filter(state=LogState.CASE)
    elif filters.state:
        rows = rows.exclude(state=LogState.CASE)
    if filters.problem:
        rows = rows.filter(problem=filters.problem)
    found = list(rows[:1000])
    names = point_names([line.session for line in found])
    words = fold(filters.words).split()
    return [
        CaseRow(line, names[line.session_id], _amount(line))
        for line in found
        if all(
            one in fold(f"{names[line.session_id]} {line.problem_words} {line.device.name}")
            for one in words
        )
    ]


def problems_in(user: User) -> list[str]:
    """The kinds of problem that there are in scope."""
    rows = cases_in_scope(user).exclude(problem="").order_by("problem")
    return list(rows.values_list("problem", flat=True).distinct())


def _amount(line: LogLine) -> int:
    """The money of the line that is not booked; what is no number counts nothing."""
    if line.kind != COLLECT:
        return _number(line.data.get("amount"))
    return sum(
        _number(row.get(name))
        for _at, row, left in _rows(line)
        if left
        for name in ("interest", "principal", "savings")
    )


def _rows(line: LogLine) -> list[tuple[int, dict[str, object], bool]]:
    given = line.data.get("lines")
    if not isinstance(given, list):
        return []
    return [(at, row, at in line.left) for at, row in enumerate(given) if isinstance(row, dict)]


def _number(value: object) -> int:
    return value if type(value) is int else 0


def money_of(line: LogLine) -> list[CaseMoney]:
    """The rows of a case with what the loans owe on the session's day as it stands now."""
    if line.kind == DISBURSE:
        rows = LoanApplication.objects.filter(pk=_number(line.data.get("application")))
        found = rows.select_related("borrower").first()
        what, name = (found.number, found.borrower.full_name) if found else ("?", "")
        return [CaseMoney(what, name, 0, _number(line.data.get("amount")), 0, left=True)]
    if line.kind != COLLECT:
        return []
    rows_ = _rows(line)
    keys = {_number(row.get("loan")) for _at, row, _left in rows_}
    owed = {
        one.loan: one for one in lines_of(Loan.objects.filter(pk__in=keys), line.session.held_on)
    }
    known = {one.pk: one for one in Loan.objects.filter(pk__in=keys).select_related("borrower")}
    saving = {_number(row.get("account")) for _at, row, _left in rows_}
    accounts = SavingsAccount.objects.filter(pk__in=saving).select_related("person").in_bulk()
    made = []
    for _at, row, left in rows_:
        loan = known.get(_number(row.get("loan")))
        account = accounts.get(_number(row.get("account")))
        now = owed.get(loan.pk) if loan is not None else None
        what = loan.number if loan else account.number if account else "?"
        name = loan.borrower.full_name if loan else account.person.full_name if account else ""
        made.append(
            CaseMoney(
                what,
                name,
                _number(row.get("interest")),
                _number(row.get("principal")),
                _number(row.get("savings")),
                left,
                now.balance if now else None,
                now.interest_due if now else None,
            )
        )
    return made


def happened_since(line: LogLine) -> Sequence[Happened]:
    """What was written of the line's loans after its pack was taken, by others than its session."""
    keys = {_number(row.get("loan")) for _at, row, _left in _rows(line)}
    rows = LoanEvent.objects.filter(loan__in=keys, recorded_at__gt=line.pack.made_at)
    rows = rows.exclude(operation__key__startswith=prefix_of(line.session_id))
    return [
        Happened(
            one.recorded_at,
            one.loan.number,
            one.get_kind_display(),
            one.amount,
            one.by.full_name if one.by else "",
        )
        for one in rows.select_related("loan", "by").order_by("pk")[:50]
    ]
