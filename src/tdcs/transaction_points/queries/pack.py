"""What goes into the pack of a session: people, groups, what is due, what is to be paid out, what was asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings as settings_of_site

from tdcs import __version__
from tdcs.core.errors import NoParametersOnDay
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.entrustment.queries.groups import faces_of
from tdcs.loans.models import ChangeRequest, Loan, LoanApplication
from tdcs.loans.queries.applications import still_to_pay
from tdcs.loans.queries.sheets import SheetLine, lines_of, savers_only
from tdcs.loans.states import OPEN_STATES, ApplicationState
from tdcs.organisations.models import living_on
from tdcs.programmes.rules.terms import terms_on
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.queries.points import groups_at
from tdcs.transaction_points.queries.sessions import point_names, sorted_team
from tdcs.transaction_points.queries.summary import cash_expected
from tdcs.transaction_points.queries.transfers import transfer_account
from tdcs.transaction_points.rules import settings

_PAYABLE: Final = (ApplicationState.SIGNED, ApplicationState.DISBURSED)
# Debts whose session is within so many days stand on the list of what is about to become overdue.
_SOON: Final = 35


def content_of(session: TransactionSession) -> dict[str, object]:
    """Everything of a session that needs no keys: docs/reference/session-pack.md names every field."""
    on = session.held_on
    groups = list(groups_at(session.point_id, on))
    loans = list(Loan.objects.filter(group__in=groups, state__in=OPEN_STATES))
    lines = lines_of(Loan.objects.filter(pk__in=[one.pk for one in loans]), on)
    return {
        "session": {
            "id": session.pk,
            "point": session.point.code,
            "name": point_names([session])[session.pk],
            "day": on.isoformat(),
            "due_day": session.due_on.isoformat(),
            "place": session.place,
            "starts": f"{session.starts_at:%H:%M}" if session.starts_at else "",
            "ends": f"{session.ends_at:%H:%M}" if session.ends_at else "",
        },
        "people": [
            {"id": one.person_id, "name": one.person.full_name, "role": one.role}
            for one in sorted_team(session)
        ],
        "cash": cash_expected(session),
        "denominations": list(settings.denominations()),
        "rules": {"program": __version__, "law": _law_of(loans, session)},
        "groups": _groups(groups, lines, session),
        "disbursements": _disbursements(groups),
        "requests": _requests(loans),
        "overdue": [line.loan for line in lines if line.overdue],
        "due_soon": _due_soon(loans, session),
        "verify_at": settings_of_site.PUBLIC_URL,
        "qr": transfer_account(session.office_id, on),
    }


def _law_of(loans: list[Loan], session: TransactionSession) -> dict[str, str]:
    """Programme → the digest of its terms on the session's day: a device computes by no other.

    A programme that lends no more has none on that day, its loans go on: then those under which the last of them was lent.
    """
    last = {loan.programme: loan for loan in sorted(loans, key=lambda one: one.disbursed_on)}
    found = {}
    for code, loan in sorted(last.items()):
        try:
            found[code] = terms_on(code, session.held_on).law_hash
        except NoParametersOnDay:
            found[code] = loan.law_hash
    return found


def _groups(
    groups: list[SavingsGroup], lines: list[SheetLine], session: TransactionSession
) -> list[dict[str, object]]:
    on = session.held_on
    faces = faces_of([group.pk for group in groups], on)
    members: dict[int, list[dict[str, object]]] = {group.pk: [] for group in groups}
    rows = GroupMember.objects.filter(living_on(on), group__in=groups)
    for row in rows.select_related("person", "household").order_by("person__search", "pk"):
        members[row.group_id].append(
            {"id": row.pk, "household": row.household.code, "name": row.person.full_name}
        )
    found = []
    for group in groups:
        theirs = [line for line in lines if line.group == group.pk]
        found.append(
            {
                "id": group.pk,
                "code": group.code,
                "name": faces[group.pk].name,
                "leader": faces[group.pk].leader,
                "members": members[group.pk],
                "loans": [_loan(line) for line in theirs],
                "savers": [
                    {
                        "account": one.pk,
                        "number": one.number,
                        "name": one.person.full_name,
                        "savings": one.balance,
                    }
                    for one in savers_only(group, theirs, on)
                ],
            }
        )
    return found


def _loan(line: SheetLine) -> dict[str, object]:
    return {
        "loan": line.loan,
        "number": line.number,
        "name": line.name,
        "household": line.household,
        "programme": line.programme,
        "balance": line.balance,
        "interest_due": line.interest_due,
        "principal_due": line.principal_due,
        "overdue": line.overdue,
        "frozen": line.frozen,
        "account": line.account,
        "savings": line.savings,
    }


def _disbursements(groups: list[SavingsGroup]) -> list[dict[str, object]]:
    rows = LoanApplication.objects.filter(group__in=groups, state__in=_PAYABLE)
    found = []
    for row in rows.select_related("borrower", "household").order_by("group_id", "pk"):
        rest = still_to_pay(row)
        if rest > 0:
            found.append(
                {
                    "application": row.pk,
                    "number": row.number,
                    "group": row.group_id,
                    "household": row.household.code,
                    "name": row.borrower.full_name,
                    "programme": row.programme,
                    "amount": rest,
                }
            )
    return found


def _requests(loans: list[Loan]) -> list[dict[str, object]]:
    rows = ChangeRequest.objects.filter(loan__in=loans, state=ChangeRequest.State.ASKED)
    return [
        {
            "request": row.pk,
            "loan": row.loan_id,
            "kind": row.kind,
            "due": row.due_on.isoformat() if row.due_on else "",
            "until": row.until_on.isoformat() if row.until_on else "",
            "cause": row.cause,
        }
        for row in rows.order_by("pk")
    ]


def _due_soon(loans: list[Loan], session: TransactionSession) -> list[dict[str, object]]:
    """Instalments whose session is the one or comes within weeks: what becomes overdue unless it is paid."""
    until = session.held_on + timedelta(days=_SOON)
    found = []
    for loan in Loan.objects.filter(pk__in=[one.pk for one in loans]).prefetch_related(
        "instalments"
    ):
        reach = 0
        for part in sorted(loan.instalments.all(), key=lambda one: one.number):
            reach += part.principal
            left = min(part.principal, reach - loan.paid_total - loan.written_off)
            if left > 0 and session.held_on <= part.session_on <= until:
                found.append(
                    {"loan": loan.pk, "session": part.session_on.isoformat(), "amount": left}
                )
    return found
