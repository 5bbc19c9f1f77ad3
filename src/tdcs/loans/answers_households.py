"""What this room hands down to households: the applications and loans on a household's page."""

from __future__ import annotations

from typing import Any

import polars as pl

from tdcs.core import clock
from tdcs.households import above
from tdcs.households.queries.scope import visible_households
from tdcs.loans.answers_merging import Lending
from tdcs.loans.models import Loan
from tdcs.loans.queries.applications import MARKS
from tdcs.loans.queries.offers import debts_of, programme_short
from tdcs.loans.queries.scope import visible_applications, visible_loans
from tdcs.organisations.models import living_on


def hand_down() -> None:
    """Called once when the room starts."""
    above.install(block=household_block, server=served, merger=("loans", Lending()))


def household_block(request: Any, household: Any) -> tuple[str, dict[str, Any]]:
    """Debts, settled loans and applications of a household, and the button that begins one."""
    user, on = request.user, clock.today()
    if not user.may("loans.view"):
        return "loans/_household.html", {"hidden": True}
    applications = visible_applications(user).filter(household=household).order_by("-pk")
    past: Any = visible_loans(user).filter(household=household, balance=0)
    living = visible_households(user).filter(living_on(on), pk=household.pk)
    context = {
        "hidden": False,
        "debts": debts_of(user, household, on),
        "past": [_past(loan) for loan in past.order_by("-disbursed_on")],
        "applications": [
            (row, programme_short(row.programme), MARKS[row.state]) for row in applications
        ],
        "may_apply": user.may("loans.apply") and living.exists(),
        "may_move": user.may("loans.ask_move") and living.exists(),
    }
    return "loans/_household.html", context


def served(needs: pl.DataFrame) -> pl.DataFrame:
    """need, served_on, served_amount: the first loan of the household under the need's programme, paid out from the day
    on which the need was told."""
    loans = pl.DataFrame(
        list(
            Loan.objects.filter(household_id__in=needs["household"].unique().to_list()).values_list(
                "household_id", "programme", "disbursed_on", "disbursed_total"
            )
        ),
        schema={
            "household": pl.Int64,
            "programme": pl.String,
            "served_on": pl.Date,
            "served_amount": pl.Int64,
        },
        orient="row",
    )
    met = needs.join(loans, on=["household", "programme"], how="inner")
    met = met.filter(pl.col("served_on") >= pl.col("on"))
    return (
        met.sort("served_on")
        .unique("need", keep="first", maintain_order=True)
        .select("need", "served_on", "served_amount")
    )


def _past(loan: Loan) -> tuple[Loan, str]:
    return loan, programme_short(loan.programme)
