"""What this room hands down to entrustment: who owes, whose loans move along, a month's figures, a group's loans on its page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from tdcs.core import clock
from tdcs.entrustment import above
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.queries.month import figures_of, interest_of
from tdcs.loans.queries.scope import visible_lending_groups
from tdcs.loans.queries.sheets import groups_due


def hand_down() -> None:
    """Called once when the room starts."""
    above.install(
        owes=owes, follow=follow, figures=figures_of, interest=interest_of, block=group_block
    )


def owes(households: Collection[int], on: date) -> dict[int, int]:
    """Principal and interest that households owe through the end of a day, only of those that owe."""
    loans = dict(
        Loan.objects.filter(household_id__in=households)
        .exclude(state__in=("settled", "written_off"))
        .values_list("pk", "household_id")
    )
    found: dict[int, int] = {}
    # What a payment of tomorrow could collect is what is owed at today's end.
    rows = roll_forward(loan_rows(sorted(loans)), on + timedelta(days=1))
    for row in rows.rows(named=True):
        debt = row["balance"] + row["due"]
        if debt:
            household = loans[row["id"]]
            found[household] = found.get(household, 0) + debt
    return found


def follow(households: Collection[int], old: int, new: int, on: date) -> None:
    """Loans of members who moved are collected with the new group from now on; their own session day stays. Applications on
    their way, and what is still to be paid out, go with them."""
    rows = Loan.objects.filter(household_id__in=households, group_id=old).order_by("pk")
    keys = list(rows.select_for_update().values_list("pk", flat=True))
    Loan.objects.filter(pk__in=keys).update(group_id=new)
    coming = LoanApplication.objects.filter(household_id__in=households, group_id=old)
    coming.exclude(state__in=("refused", "withdrawn")).update(group_id=new)


def group_block(request: Any, group: Any) -> tuple[str, dict[str, Any]]:
    """Outstanding, overdue, interest due and collected of a group's loans, for who may see loans."""
    user, on = request.user, clock.today()
    mine = visible_lending_groups(user, on).filter(pk=group.pk)
    if not user.may("loans.view") or not mine.exists():
        return "loans/_group.html", {"hidden": True}
    interest = interest_of([group.pk], on.replace(day=1))
    ended = group.ends_on is not None and group.ends_on <= on
    context = {
        "hidden": ended,
        "due": None if ended else groups_due([group], on)[0],
        "month": on,
        "interest": int(interest["interest"].sum() or 0),
        "may_collect": user.may("loans.collect"),
    }
    return "loans/_group.html", context
