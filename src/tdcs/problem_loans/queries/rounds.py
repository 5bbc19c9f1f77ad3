"""Rounds of risk handling in scope, with sums of their cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.access.scopes import reads_cases
from tdcs.loans.models import Loan
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.queries.scope import visible_loans
from tdcs.organisations.queries import names_on
from tdcs.problem_loans.models import RiskCase, RiskRound
from tdcs.problem_loans.rules.promises import loss_percent


def visible_rounds(user: User, on: date) -> QuerySet[RiskRound]:
    """The own office's rounds; who sees every unit, all."""
    rows = RiskRound.objects.all()
    seen = visible_organisations(user, on)
    if not reads_cases(user, "loans"):
        return rows.none()
    return rows if seen is None else rows.filter(office__in=seen)


def round_lines(user: User, on: date) -> list[tuple[RiskRound, str, int, int]]:
    """Round, its office, how many cases, what they owe; the newest first."""
    rows = list(
        visible_rounds(user, on)
        .annotate(count=Count("cases"), owed=Sum("cases__loan__balance"))
        .order_by("-year", "-number", "office")
    )
    names = names_on(on, {row.office_id for row in rows})
    return [(row, names.get(row.office_id, ""), row.count, row.owed or 0) for row in rows]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case with the loan's figures of the day and the loss in percent."""

    case: RiskCase
    borrower: str
    balance: int
    interest: int
    percent: int


def case_lines(risk_round: RiskRound, on: date) -> list[CaseLine]:
    """The cases of a round by measure and loan."""
    cases = list(
        risk_round.cases.select_related("loan__borrower", "request").order_by("measure", "loan")
    )
    standing = balances_on([case.loan for case in cases], on) if cases else {}
    return [
        CaseLine(
            case,
            case.loan.borrower.full_name,
            standing[case.loan_id].balance,
            max(standing[case.loan_id].interest_due, 0),
            loss_percent(case.loss, case.capital),
        )
        for case in cases
    ]


def sums_of(lines: Sequence[CaseLine]) -> tuple[int, int, int]:
    """Principal, interest, loss of some cases."""
    return (
        sum(one.balance for one in lines),
        sum(one.interest for one in lines),
        sum(one.case.loss for one in lines),
    )


def loan_to_list(user: User, number: str, risk_round: RiskRound, on: date) -> Loan | None:
    """A loan in scope, of the round's office, by its number."""
    rows = visible_loans(user, on).filter(number=number.strip(), office=risk_round.office_id)
    return rows.first()
