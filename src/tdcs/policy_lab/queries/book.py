"""The book of a closed day and the households of that day, as columns."""

from __future__ import annotations

from datetime import date
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.closing.queries import shown_day, store
from tdcs.closing.queries.frames import communes
from tdcs.core.frames import Frame
from tdcs.households.queries.scope import places_of
from tdcs.loans.queries.columns import copied
from tdcs.policy_lab.errors import NothingClosed
from tdcs.policy_lab.rules.households import HOME, MARK, OTHER, STATUSES, status_of
from tdcs.policy_lab.rules.trying import LOAN
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.decrees import Decrees, decrees_in_law

_GROUPS_SQL: Final = "SELECT id, target_group FROM loans_loan WHERE target_group <> ''"
_SPELLS_SQL: Final = f"""
    SELECT household_id, string_agg(DISTINCT kind, '{MARK}' ORDER BY kind)
      FROM households_eligibilityspell
     WHERE starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s)
       AND (%(every)s OR kind = ANY(%(statuses)s)) GROUP BY 1
"""  # noqa: S608
_HOMES_SQL: Final = """
    SELECT a.household_id, a.area_id FROM households_householdaddress a
      JOIN households_household h ON h.id = a.household_id AND (h.ends_on IS NULL OR h.ends_on > %(day)s)
     WHERE a.starts_on <= %(day)s AND (a.ends_on IS NULL OR a.ends_on > %(day)s)
"""
# The last approved list that holds; who ever was on one.
_REVIEWS_SQL: Final = """
    SELECT DISTINCT ON (l.household_id) l.household_id, l.income_per_head, l.deprivations
      FROM households_reviewline l JOIN households_povertyreview r ON r.id = l.review_id
     WHERE r.state = 'approved' AND r.effective_on <= %(day)s AND l.income_per_head IS NOT NULL
     ORDER BY l.household_id, r.effective_on DESC
"""
_WAS_POOR_SQL: Final = """
    SELECT DISTINCT household_id FROM households_eligibilityspell
     WHERE kind IN ('poor', 'near_poor') AND starts_on <= %(day)s
"""
_ROW: Final = tuple(name for name in LOAN if name not in ("target_group", "status"))


def book_day(on: date) -> date:
    """The last closed day up to a day. Raises NothingClosed."""
    found = shown_day(on)
    if found is None:
        raise NothingClosed(day=f"{on:%d/%m/%Y}")
    return found


def decrees_at(day: date, at: date) -> Decrees:
    """Those that the book has taken up, and those that the law puts in force between the two days."""
    coming = {code: first for code, first in decrees_in_law().items() if day < first <= at}
    known = decrees_taken_up()
    return Decrees(known.taken_up | Decrees.of(coming).taken_up)


def loans_on(day: date, kinds: pl.DataFrame) -> Frame:
    """LOAN of what owes principal at the end of a closed day; ``kinds``: household, kinds."""
    rows = store().read(day, _ROW)
    rows = rows.filter(pl.col("in_time") + pl.col("overdue") + pl.col("frozen") > 0)
    groups = copied(_GROUPS_SQL, {}, ("loan", "target_group"), words=("target_group",))
    status = kinds.select("household", status=status_of())
    found = (
        rows.collect()
        .join(groups, on="loan", how="left")
        .join(status, on="household", how="left")
        .with_columns(pl.col("target_group").fill_null(""), pl.col("status").fill_null(OTHER))
    )
    return nw.from_native(found.select(LOAN), eager_only=True)


def kinds_on(day: date, *, every: bool) -> pl.DataFrame:
    """household, kinds: what each household (or a person of it) is on a day, in words between MARK; without ``every`` only
    those kinds that make its status."""
    asked = {"day": day, "every": every, "statuses": list(STATUSES)}
    return copied(_SPELLS_SQL, asked, ("household", "kinds"), words=("kinds",))


def homes_on(day: date, kinds: pl.DataFrame) -> pl.DataFrame:
    """HOME of every household that lives on a day."""
    asked = {"day": day}
    homes = copied(_HOMES_SQL, asked, ("household", "area"))
    reviews = copied(_REVIEWS_SQL, asked, ("household", "income_per_head", "deprivations"))
    poor = copied(_WAS_POOR_SQL, asked, ("household",)).with_columns(was_poor=True)
    found = (
        homes.join(_places(homes["area"].unique().to_list(), day), on="area", how="left")
        .join(kinds, on="household", how="left")
        .join(reviews, on="household", how="left")
        .join(poor, on="household", how="left")
    )
    return found.with_columns(
        pl.col("kinds").fill_null(""), pl.col("was_poor").fill_null(False)
    ).select(HOME)


def no_homes() -> pl.DataFrame:
    """HOME of nobody: for drafts under which the same households qualify."""
    words = ("place", "provinces", "kinds")
    types = {name: pl.String if name in words else pl.Int64 for name in HOME}
    return pl.DataFrame(schema={**types, "was_poor": pl.Boolean})


def _places(areas: list[int], day: date) -> pl.DataFrame:
    """area, commune (in whose place it stands on the day), place, provinces."""
    current = communes(areas, day)
    told = {
        area: (place, MARK.join(sorted(provinces)))
        for area, (place, provinces) in places_of(current.values(), day).items()
    }
    rows = [(area, now, *told[now]) for area, now in current.items()]
    schema = {"area": pl.Int64, "commune": pl.Int64, "place": pl.String, "provinces": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
