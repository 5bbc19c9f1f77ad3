"""Who of those who need credit was served: the first loan after the need was recorded."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tdcs.loans.models import Loan

# Frame of needs → frame (need, served_on, served_amount) of those that got a loan.
Server = Callable[[pl.DataFrame], pl.DataFrame]


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
