"""Members' savings: what stood at the end of 2022, deposits in sessions since, withdrawals at the year's end and at leaving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from tdcs.demo.province.calibration import START, Frame, calibration, first_day, month_of
from tdcs.demo.province.earning import first_days
from tdcs.demo.province.groups import Groups
from tdcs.demo.province.households import Homes
from tdcs.demo.province.loading import dated
from tdcs.entrustment.models import SavingsAccount, SavingsEvent
from tdcs.organisations.services.bulk import append_rows

Array = np.ndarray[Any, Any]

# Before this year deposits are told by the quarter: three months in one.
MONTHLY_FROM: Final = 2026


def movements(frame: Frame, homes: Homes, groups: Groups) -> pl.DataFrame:
    """row, account, day, group_id, office, amount: negative ones are withdrawals. Accounts are members in order."""
    luck = frame.luck(8)
    made = calibration()["savings"]
    at = np.flatnonzero(homes.group >= 0)
    group = homes.group[at]
    session = groups.session[group]
    saves = luck.random(len(at)) * 100 < made["saves"] / np.sqrt(groups.trouble[group])
    habit = luck.choice(np.array(made["deposit"]), len(at))
    parts = [_opening(homes, at, session, saves, habit, luck)]
    months = [
        (m, 1 if m // 12 >= MONTHLY_FROM else 3)
        for m in range(month_of(START), month_of(frame.on) + 1)
        if m // 12 >= MONTHLY_FROM or m % 3 == 2
    ]
    for month, weight in months:
        day = first_day(month) + session - 1
        here = saves & (homes.joined[at] < day) & ((homes.left[at] == 0) | (day < homes.left[at]))
        here &= (day <= frame.last) & (luck.random(len(at)) < 0.96)
        parts.append(_rows(at, here, day, habit * weight))
        if month % 12 == 11:
            takes = here & (luck.random(len(at)) * 100 < made["withdraws"])
            parts.append(_rows(at, takes, day + 1, np.full(len(at), -1)))
    gone = homes.left[at] > 0
    parts.append(_rows(at, gone, homes.left[at], np.full(len(at), -2)))
    rows = pl.concat(parts).sort("account", "day", descending=False)
    rows = _with_balances(rows)
    return rows.with_columns(
        row=pl.int_range(pl.len(), dtype=pl.Int64),
        group_id=pl.Series(homes.group[rows["home"].to_numpy()] + 1),
        office=pl.Series(groups.office[homes.group[rows["home"].to_numpy()]]),
    )


def _opening(
    homes: Homes, at: Array, session: Array, saves: Array, habit: Array, luck: np.random.Generator
) -> pl.DataFrame:
    """What members had saved by their last session of 2022."""
    day = first_days(np.full(len(at), month_of(START) - 1)) + session - 1
    here = saves & (homes.joined[at] < day)
    return _rows(at, here, day, habit * luck.integers(6, 40, len(at)))


def _rows(at: Array, chosen: Array, day: Array, amount: Array) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "account": np.flatnonzero(chosen) + 1,
            "home": at[chosen],
            "day": day[chosen],
            "amount": amount[chosen].astype(np.int64),
        }
    )


def _with_balances(rows: pl.DataFrame) -> pl.DataFrame:
    """−1 becomes half of what stands, −2 all of it; what moves nothing falls away."""
    saved = pl.when(pl.col("amount") > 0).then("amount").otherwise(0)
    rows = rows.with_columns(into=saved.cum_sum().over("account"))
    half = (pl.col("into") // 200_000 * 100_000 // 4).alias("out")
    taken = pl.when(pl.col("amount") == -1).then(half).otherwise(0)
    rows = rows.with_columns(taken=taken).with_columns(
        out=pl.col("taken").cum_sum().over("account")
    )
    amount = (
        pl.when(pl.col("amount") == -1)
        .then(-pl.col("taken"))
        .when(pl.col("amount") == -2)
        .then(pl.col("out") - pl.col("into"))
        .otherwise("amount")
    )
    return (
        rows.with_columns(amount=amount).filter(pl.col("amount") != 0).drop("into", "taken", "out")
    )


def write_accounts(homes: Homes, groups: Groups, moves: pl.DataFrame) -> None:
    """An account for each member, its balance the sum of its movements."""
    at = np.flatnonzero(homes.group >= 0)
    sums = moves.group_by("account").agg(balance=pl.col("amount").sum())
    rows = pl.DataFrame(
        {
            "id": np.arange(1, len(at) + 1),
            "household_id": at + 1,
            "person_id": at + 1,
            "group_id": homes.group[at] + 1,
            "office_id": groups.office[homes.group[at]],
            "opened_on": homes.joined[at],
            "closed_on": homes.left[at],
        }
    )
    rows = rows.join(sums, left_on="id", right_on="account", how="left", maintain_order="left")
    rows = rows.with_columns(
        dated("opened_on"),
        dated("closed_on"),
        pl.col("balance").fill_null(0),
        number=pl.format("105{}", pl.col("id").cast(pl.String).str.zfill(10)),
    )
    append_rows(SavingsAccount, rows)


def write_events(moves: pl.DataFrame, entries: pl.DataFrame, first: int) -> int:
    """An office's movements, each with its entry; returns the next number."""
    rows = moves.join(entries, on="row", how="left", maintain_order="left").sort("day", "account")
    rows = rows.select(
        id=pl.int_range(pl.len(), dtype=pl.Int64) + first,
        account_id="account",
        on="day",
        kind=pl.when(pl.col("amount") > 0).then(pl.lit("deposit")).otherwise(pl.lit("withdraw")),
        amount="amount",
        entry_id="entry",
    )
    append_rows(SavingsEvent, rows.with_columns(dated("on")))
    return first + len(rows)


def total(moves: pl.DataFrame, through: Sequence[int]) -> list[int]:
    """Savings that stood at the ends of days."""
    return [int(moves.filter(pl.col("day") <= day)["amount"].sum()) for day in through]
