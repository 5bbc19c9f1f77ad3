"""Sums rather than loans: capital and its use, the board's figures, two days beside one another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import polars as pl

from tdcs.boards.queries.figures import papers_of
from tdcs.capital.models import Tier
from tdcs.capital.queries.funds import fund_positions
from tdcs.indicators.queries import catalogue, names, values, visible_where
from tdcs.indicators.queries.query_spec import Key, Where
from tdcs.organisations.queries import names_on
from tdcs.sheets.queries.book import Book, named
from tdcs.sheets.queries.requesting import SheetRequest
from tdcs.sheets.rules import comparing
from tdcs.sheets.rules.comparing import ppm
from tdcs.sheets.rules.definitions import Take

_UNITS: Final = {"dong": "đồng", "count": "", "ppm": "%"}
_DIVIDED: Final = ("outstanding", "disbursed_year", "collected_year", "overdue", "frozen")
_KEY_NAMES: Final = {
    "programme": "programme_name",
    "union": "union_name",
    "commune": "commune_name",
}


def funds(book: Book, take: Take) -> pl.DataFrame:
    """Each source on the day: received, lent, free."""
    day = book.asked.day
    rows = fund_positions(day)
    investors = names_on(day, rows["investor"].drop_nulls().to_list())
    tiers = {tier.value: str(tier.label) for tier in Tier}
    return rows.with_columns(
        source_name=pl.col("name"),
        tier_name=named("tier", tiers),
        investor=named("investor", investors),
        use_rate=ppm(pl.col("outstanding"), pl.col("received")),
    )


def fund_use(book: Book, take: Take) -> pl.DataFrame:
    """What is lent of each source under each programme, as the closed day has it."""
    day = book.asked.day
    money = ("in_time", "overdue", "frozen", "balance")
    rows = book.rows.filter(pl.col("balance") > 0)
    found = rows.group_by("source", "local", "programme").agg(
        pl.len().cast(pl.Int64).alias("loans"), pl.col(money).sum()
    )
    for name, key in (
        ("source_name", "source"),
        ("tier_name", "local"),
        ("programme_name", "programme"),
    ):
        known = names(key, found[key].unique().to_list(), day)
        found = found.with_columns(named(key, known).alias(name))
    return found


def where_of(asked: SheetRequest) -> Where:
    """The part of the book that the reader sees, or the unit of it that was asked for."""
    where: dict[str, Collection[Key]] = {}
    if asked.user is not None:
        where |= visible_where(asked.user, asked.day)
    if asked.unit is not None:
        where = {asked.unit.key: frozenset({asked.unit.pk})}
    if asked.programme:
        where["programme"] = frozenset({asked.programme})
    if asked.group is not None:
        where["group"] = frozenset({asked.group})
    return where


def board_figures(book: Book, take: Take) -> pl.DataFrame:
    """The indicators that a board's papers show, beside the year's beginning; each in the columns of its unit."""
    papers = papers_of(where_of(book.asked), book.asked.day)
    made = []
    for figure in papers["figures"]:
        row: dict[str, str | int | None] = {
            "indicator": figure["name"],
            "unit_word": _UNITS[figure["unit"]],
        }
        kind = {"dong": "money", "count": "count", "ppm": "rate"}[figure["unit"]]
        row |= {f"{kind}_now": figure["value"], f"{kind}_before": figure["before"]}
        made.append(row)
    numbers = [
        f"{kind}_{when}" for kind in ("money", "count", "rate") for when in ("now", "before")
    ]
    schema = {"indicator": pl.String, "unit_word": pl.String, **dict.fromkeys(numbers, pl.Int64)}
    return pl.DataFrame(made, schema=schema, orient="row")


def board_parts(book: Book, take: Take) -> pl.DataFrame:
    """The book divided by programme, kind of organisation or commune."""
    key, where, day = str(take["key"]), where_of(book.asked), book.asked.day
    wanted = {*where, key}
    codes = [code for code in _DIVIDED if wanted <= set(catalogue()[code].keys)]
    rows = values(on=day, by=[key], codes=codes, where=where).filter(pl.col(key).is_not_null())
    wide = rows.pivot("code", index=key, values="value")
    missing = [name for name in _DIVIDED if name not in wide.columns]
    wide = wide.with_columns(pl.lit(None, pl.Int64).alias(name) for name in missing)
    known = names(key, wide[key].to_list(), day)
    wide = wide.with_columns(named(key, known).alias(_KEY_NAMES[key]))
    return wide.filter(pl.any_horizontal(pl.col(_DIVIDED).fill_null(0) != 0))


def transitions(book: Book, take: Take) -> pl.DataFrame:
    """The matrix of states."""
    return comparing.transitions(book.both)


def rolls(book: Book, take: Take) -> pl.DataFrame:
    """What turned overdue or came back, of what might have."""
    return comparing.rolls(book.both)


def movers(book: Book, take: Take) -> pl.DataFrame:
    """Loans whose state is another than on the earlier day."""
    rows = book.both_told
    lent = pl.col("state_before") != comparing.NONE
    return rows.filter(lent & (pl.col("state_before") != pl.col("state_now")))


def compared(book: Book, take: Take) -> pl.DataFrame:
    """Balances of both days by programme, commune or group."""
    return comparing.by_key(book.both_told, str(take["key"]))
