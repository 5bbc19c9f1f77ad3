"""What the agreement of an heir says: who died, who takes over, each debt as it stands on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tdcs.loans.composing.facts import Paper, adults, household_of, person_of, programme_name
from tdcs.loans.composing.forms import area_of_household, frame_of
from tdcs.loans.models import HeirRequest, Loan, LoanTransfer
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.queries.inheriting import open_loans_of


@dataclass(frozen=True, slots=True)
class Debt:
    """A loan of a request as it stands on a day."""

    loan: Loan
    programme: str
    balance: int
    overdue: int
    interest: int


def debts_of_request(request: HeirRequest, on: date) -> list[Debt]:
    """The loans that went over, or would, as they stand at the end of a day."""
    moved = request.transfers.filter(kind=LoanTransfer.Kind.HEIR).select_related("loan__source")
    loans = [one.loan for one in moved.order_by("loan_id")]
    if not loans and request.state == HeirRequest.State.ASKED:
        loans = open_loans_of(request.household, request.deceased_id)
    found = balances_on(loans, on)
    return [
        Debt(
            loan,
            programme_name(loan.programme),
            found[loan.pk].balance,
            found[loan.pk].overdue,
            found[loan.pk].interest_due,
        )
        for loan in loans
    ]


def agreement_of(request: HeirRequest) -> dict[str, Any]:
    """The values of the agreement, with names, places and debts as on the day from which it holds."""
    paper = Paper(request.since, False)
    debts = debts_of_request(request, request.since)
    household = household_of(request.household, paper)
    loan = debts[0].loan if debts else request.household.loans.order_by("-pk").first()
    area = area_of_household(request.household_id, paper)
    if loan is None:
        raise ValueError(f"request {request.pk} of a household without loans")
    return {
        **frame_of(loan.office, loan.group, area, paper),
        "deceased": person_of(request.deceased, paper),
        "borrower": person_of(request.heir, paper),
        "household": household,
        "adults": [
            one
            for one in adults(household["members"], request.heir, request.since)
            if one["pk"] != request.deceased_id
        ],
        "taking": {
            "died_on": request.died_on,
            "death_paper": request.death_paper,
            "agreed_on": request.agreed_on,
            "since": request.since,
            "why": request.why,
        },
        "debts": [
            {
                "number": one.loan.number,
                "programme": one.programme,
                "disbursed_on": one.loan.disbursed_on,
                "final_due_on": one.loan.final_due_on,
                "balance": one.balance,
                "interest": one.interest,
                "owed": one.balance + one.interest,
            }
            for one in debts
        ],
    }
