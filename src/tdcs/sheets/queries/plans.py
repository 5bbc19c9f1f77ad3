"""The year's credit plan as the core has it, beside what is outstanding."""

from __future__ import annotations

import polars as pl

from tdcs.imports.queries.credit_plans import MONEY, planned_outstanding
from tdcs.imports.rules.layouts import codes
from tdcs.indicators.queries import names
from tdcs.sheets.queries.book import Book, named
from tdcs.sheets.queries.figures import where_of
from tdcs.sheets.rules.comparing import ppm
from tdcs.sheets.rules.definitions import Take

# What a plan is divided by; it says nothing of organisations and groups.
_KEYS = frozenset({"office", "commune", "programme"})


def plan_progress(book: Book, take: Take) -> pl.DataFrame:
    """The plan by office or commune, programme and tier, with what is outstanding of the same; nothing where no plan came.

    A programme that this system does not have is called as the core calls it, and nothing is said of its outstanding.
    """
    key, day = str(take["key"]), book.asked.day
    where = where_of(book.asked)
    plan = planned_outstanding(day).filter(pl.col(key).is_not_null())
    if not set(where) <= _KEYS:
        plan = plan.clear()
    for name, values in where.items():
        if name in _KEYS:
            plan = plan.filter(pl.col(name).is_in(list(values)))
    by = [key, "programme", "local"]
    plan = plan.group_by(*by, "core_programme").agg(pl.col(MONEY).sum())
    lent = book.rows.group_by(by).agg(pl.col("balance").sum())
    # Several programmes of the core may be one here: their plans stand together.
    ours = plan.filter(pl.col("programme").is_not_null()).group_by(by).agg(pl.col(MONEY).sum())
    ours = ours.join(lent, on=by, how="left").with_columns(pl.col("balance").fill_null(0))
    others = plan.filter(pl.col("programme").is_null())
    short = {code: f"{code} {words}" for code, (words, _) in codes("programmes").items()}
    others = others.with_columns(programme_name=named("core_programme", short))
    known = names("programme", ours["programme"].unique().to_list(), day)
    ours = ours.with_columns(programme_name=named("programme", known))
    found = pl.concat([ours, others.drop("core_programme")], how="diagonal")
    tiers = names("local", found["local"].unique().to_list(), day)
    places = names(key, found[key].unique().to_list(), day)
    return found.with_columns(
        named("local", tiers).alias("tier_name"),
        named(key, places).alias(f"{key}_name"),
        planned_rate=ppm(pl.col("balance"), pl.col("planned")),
        planned_left=pl.col("planned") - pl.col("balance"),
    )
