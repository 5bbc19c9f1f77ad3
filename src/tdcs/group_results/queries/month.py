"""A month of groups as columns: the figures that rate them, what they and the organisations behind them earned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

import narwhals as nw
import polars as pl
from django.db import connection

from tdcs.entrustment.queries.groups import profiles_on
from tdcs.group_results.rules.earnings import (
    LEVELS,
    by_rate,
    commission_terms,
    entrustment_fee,
    fee_terms,
    interest_commission,
    savings_commission,
)
from tdcs.group_results.rules.rating import regime_of
from tdcs.loans.queries import month as lending

# Savings belong to the group in which the household is on the day, whichever group the account names now.
_SAVINGS: Final = """
    WITH wanted AS (SELECT unnest(%(groups)s::bigint[]) AS id),
    span AS (
        SELECT m.group_id, m.household_id, m.starts_on, coalesce(m.ends_on, 'infinity') AS ends_on
          FROM entrustment_groupmember m JOIN wanted w ON w.id = m.group_id),
    moved AS (
        SELECT s.group_id, s.household_id,
               sum(e.amount) FILTER (WHERE e.on < %(first)s AND s.starts_on < %(first)s
                                       AND s.ends_on >= %(first)s) AS before,
               sum(e.amount) FILTER (WHERE s.starts_on < %(next)s AND s.ends_on >= %(next)s) AS after,
               bool_or(e.on >= %(first)s AND e.kind = 'deposit' AND r.id IS NULL
                       AND s.starts_on < %(next)s AND s.ends_on >= %(next)s) AS saving
          FROM span s
          JOIN entrustment_savingsaccount a ON a.household_id = s.household_id AND a.group_id IS NOT NULL
          JOIN entrustment_savingsevent e ON e.account_id = a.id AND e.on < %(next)s
          LEFT JOIN entrustment_savingsevent r ON r.reverses_id = e.id
         GROUP BY s.group_id, s.household_id, s.starts_on),
    counted AS (
        SELECT group_id, count(*) AS members FROM span
         WHERE starts_on < %(next)s AND ends_on >= %(next)s GROUP BY group_id),
    summed AS (
        SELECT group_id, coalesce(sum(before), 0)::bigint AS before,
               coalesce(sum(after), 0)::bigint AS after, count(*) FILTER (WHERE saving) AS saving
          FROM moved GROUP BY group_id)
    SELECT w.id, coalesce(c.members, 0), coalesce(s.saving, 0), coalesce(s.before, 0),
           coalesce(s.after, 0) - coalesce(s.before, 0)
      FROM wanted w LEFT JOIN counted c ON c.group_id = w.id LEFT JOIN summed s ON s.group_id = w.id
     ORDER BY w.id
"""
_BALANCE_DAYS: Final = """
    SELECT w.id, coalesce(sum(e.amount * greatest(0,
             least(coalesce(m.ends_on, %(next)s), %(next)s) - greatest(e.on, m.starts_on, %(first)s)
           )), 0)::bigint
      FROM unnest(%(groups)s::bigint[]) AS w(id)
      LEFT JOIN (entrustment_groupmember m
                 JOIN entrustment_savingsaccount a
                   ON a.household_id = m.household_id AND a.group_id IS NOT NULL
                 JOIN entrustment_savingsevent e ON e.account_id = a.id AND e.on < %(next)s)
        ON m.group_id = w.id
     GROUP BY w.id ORDER BY w.id
"""


def first_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def savings_figures(groups: Collection[int], month: date) -> pl.DataFrame:
    """group, members, members_saving, savings_before, savings_growth: at the month's end and over it."""
    rows = _rows(_SAVINGS, groups, month)
    names = ("group", "members", "members_saving", "savings_before", "savings_growth")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")


def balance_days(groups: Collection[int], month: date) -> pl.DataFrame:
    """group, balance_days (Σ balance at each day's end), days of the month."""
    first = first_of(month)
    days = (next_month(first) - first).days
    schema = {"group": pl.Int64, "balance_days": pl.Int64}
    rows = _rows(_BALANCE_DAYS, groups, month)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        days=pl.lit(days, dtype=pl.Int64)
    )


def _rows(sql: str, groups: Collection[int], month: date) -> list[tuple[int, ...]]:
    first = first_of(month)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"groups": list(groups), "first": first, "next": next_month(first)})
        return list(cursor.fetchall())


def figures_of(groups: Collection[int], month: date) -> pl.DataFrame:
    """Every figure that the month's rating reads, a row for each group."""
    wanted = regime_of(month).figures()
    found = savings_figures(groups, month).join(
        lending.figures_of(groups, first_of(month)), on="group", how="left", suffix="_loans"
    )
    # A group without loans has no row of theirs: nothing was done and nothing due.
    return found.select("group", *(pl.col(name).fill_null(0).cast(pl.Int64) for name in wanted))


def commission_of(
    groups: Collection[int], month: date, paid: pl.DataFrame | None = None
) -> pl.DataFrame:
    """group, for_interest, for_savings, commission of a month, in dong (docs/rules/commission-and-fees.md).

    ``paid``: ``interest_paid`` of the month, of these groups at least.
    """
    terms = commission_terms(month)
    rated = by_rate(nw.from_native(_of(groups, month, paid), eager_only=True), "group")
    interest = interest_commission(rated, terms).to_native()
    sums = interest.group_by("group").agg(pl.col("commission").sum().alias("for_interest"))
    held = nw.from_native(balance_days(groups, month), eager_only=True)
    savings: pl.DataFrame = savings_commission(held, terms).to_native()
    return (
        savings.select("group", pl.col("commission").alias("for_savings"))
        .join(sums, on="group", how="left")
        .select("group", pl.col("for_interest").fill_null(0), "for_savings")
        .with_columns(commission=pl.col("for_interest") + pl.col("for_savings"))
    )


def fee_of(groups: Collection[int], month: date, paid: pl.DataFrame | None = None) -> pl.DataFrame:
    """organisation, groups, interest, fee, fee_central … fee_commune: what the organisations behind groups earned.

    A group's organisation is that of the month's last day. ``paid``: as of ``commission_of``.
    """
    terms = fee_terms(month)
    last = next_month(month) - timedelta(days=1)
    behind = {key: row.mass_organisation_id for key, row in profiles_on(groups, last).items()}
    paid = _of(groups, month, paid).with_columns(
        organisation=pl.col("group").replace_strict(behind, return_dtype=pl.Int64)
    )
    rated = by_rate(nw.from_native(paid, eager_only=True), "organisation")
    fees: pl.DataFrame = entrustment_fee(rated, terms).to_native()
    counts = paid.group_by("organisation").agg(pl.col("group").n_unique().alias("groups"))
    amounts = ["interest", "fee", *(f"fee_{level}" for level in LEVELS)]
    sums = fees.group_by("organisation").agg(pl.col(name).sum() for name in amounts)
    return counts.join(sums, on="organisation").sort("organisation")


def _of(groups: Collection[int], month: date, paid: pl.DataFrame | None) -> pl.DataFrame:
    if paid is None:
        return interest_paid(groups, month)
    return paid.filter(pl.col("group").is_in(list(groups)))


def interest_paid(groups: Collection[int], month: date) -> pl.DataFrame:
    """Interest collected in the month by group and rate."""
    return lending.interest_of(groups, first_of(month))
