"""The sections on loans of a household's page and of a group's: a template with its context."""

from __future__ import annotations

from typing import Any

from tdcs.core import clock
from tdcs.loans.models import Loan
from tdcs.loans.queries.applications import MARKS
from tdcs.loans.queries.month import interest_of
from tdcs.loans.queries.offers import debts_of, programme_short
from tdcs.loans.queries.reported import interest_reported
from tdcs.loans.queries.scope import (
    applications_of,
    is_living,
    repaid_loans_of,
    sees_group,
)
from tdcs.loans.queries.sheets import groups_due, undone_sheets


def household_section(request: Any, household: Any) -> tuple[str, dict[str, Any]]:
    """Debts, settled loans and applications of a household, and the button that begins one."""
    user, on = request.user, clock.today()
    if not user.may("loans.view"):
        return "loans/_household.html", {"hidden": True}
    living = is_living(user, household, on)
    context = {
        "hidden": False,
        "debts": debts_of(user, household, on),
        "past": [_past(loan) for loan in repaid_loans_of(user, household)],
        "applications": [
            (row, programme_short(row.programme), MARKS[row.state])
            for row in applications_of(user, household)
        ],
        "may_apply": user.may("loans.apply") and living,
        "may_heir": user.may("loans.ask_heir") and living,
        "may_move": user.may("loans.ask_move") and living,
    }
    return "loans/_household.html", context


def _past(loan: Loan) -> tuple[Loan, str]:
    return loan, programme_short(loan.programme)


def group_section(request: Any, group: Any) -> tuple[str, dict[str, Any]]:
    """Outstanding, overdue, interest due and collected of a group's loans, for who may see loans."""
    user, on = request.user, clock.today()
    if not user.may("loans.view") or not sees_group(user, group, on):
        return "loans/_group.html", {"hidden": True}
    first = on.replace(day=1)
    interest = interest_of([group.pk], first)["interest"].sum() or 0
    ended = group.ends_on is not None and group.ends_on <= on
    context = {
        "hidden": ended,
        "due": None if ended else groups_due([group], on)[0],
        "month": on,
        "interest": int(interest) + interest_reported([group.pk], first),
        "may_collect": user.may("loans.collect"),
        "undone": undone_sheets(group, on),
    }
    return "loans/_group.html", context
