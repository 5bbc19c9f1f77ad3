"""Savings by group at the end of a day, summed once and kept beside the snapshots until an earlier event is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import polars as pl
from django.db import connection
from django.db.models import Max

from tdcs.core.files import exclusive
from tdcs.entrustment.models import GroupMember, SavingsEvent
from tdcs.indicators.frame_files import write_frame
from tdcs.indicators.queries.access import folder

# Savings belong to the group in which the household is on the day, else to the one its account names. Of an account that
# extracts brought and for which they name no group, only the office is known.
_SAVINGS: Final = """
    SELECT coalesce(m.group_id, a.group_id, 0),
           CASE WHEN coalesce(m.group_id, a.group_id) IS NULL THEN a.office_id ELSE 0 END,
           sum(e.amount)::bigint
      FROM entrustment_savingsevent e
      JOIN entrustment_savingsaccount a ON a.id = e.account_id
       AND (a.group_id IS NOT NULL OR EXISTS (
            SELECT FROM entrustment_savingsevent r WHERE r.account_id = a.id AND r.kind = 'reported'))
      LEFT JOIN entrustment_groupmember m ON m.household_id = a.household_id
           AND m.starts_on <= %(day)s AND (m.ends_on IS NULL OR m.ends_on > %(day)s)
     WHERE e.on <= %(day)s GROUP BY 1, 2
"""
_COLUMNS: Final = {"group": pl.Int64, "office_alone": pl.Int64, "savings": pl.Int64}
# Of the files; those of another name had other columns.
_NAME: Final = "saved"
Mark = tuple[int, int]


def savings_on(days: Sequence[date]) -> pl.DataFrame:
    """day, group (0 for none), office_alone (of those without a group), savings."""
    last = _last()
    paths = _paths("*")
    found = [pl.DataFrame(schema={"day": pl.Date, **_COLUMNS})]
    for day in sorted(set(days)):
        kept = _kept(paths, day, last)
        frame = _one_sums(day, last) if kept is None else _read(kept)
        found.append(frame.select(pl.lit(day, dtype=pl.Date).alias("day"), *_COLUMNS))
    return pl.concat(found)


def _paths(days: str) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    for path in folder().glob(f"{_NAME}-{days}.*.parquet"):
        found[path.name.split(".")[0]].append(path)
    return found


def _kept(paths: dict[str, list[Path]], day: date, last: Mark) -> Path | None:
    return next((p for p in paths[f"{_NAME}-{day}"] if _holds(p, day, last)), None)


def _one_sums(day: date, last: Mark) -> pl.DataFrame:
    """The day's savings, summed by the first who asks; the others wait and read."""
    with exclusive(folder() / f"{_NAME}-{day}"):
        kept = _kept(_paths(str(day)), day, last)
        return sum_savings(day) if kept is None else _read(kept)


def sum_savings(day: date) -> pl.DataFrame:
    """``savings_on`` of one day, summed anew and kept. The file's name says through which event and member they were summed."""
    last = _last()
    with connection.cursor() as cursor:
        cursor.execute(_SAVINGS, {"day": day})
        found = pl.DataFrame(cursor.fetchall(), schema=_COLUMNS, orient="row")
    place = folder()
    path = place / f"{_NAME}-{day}.{last[0]}-{last[1]}.parquet"
    write_frame(found, path)
    for old in place.glob(f"{_NAME}-{day}.*.parquet"):
        if old != path:
            old.unlink(missing_ok=True)
    return found


# File → through which event and member it was last found to hold.
_proved: dict[Path, Mark] = {}


def _holds(path: Path, day: date, last: Mark) -> bool:
    """Whether no event and no member of the day or before it was told since the file was made; ``last``: the last ones."""
    event, member = _proved.get(path) or map(int, path.name.split(".")[1].split("-"))
    if (event, member) == last:
        return True
    later = SavingsEvent.objects.filter(pk__gt=event, on__lte=day).exists()
    holds = not later and not GroupMember.objects.filter(pk__gt=member, starts_on__lte=day).exists()
    if holds:
        _proved[path] = last
    return holds


def _last() -> Mark:
    """The last event and member that were told."""
    event, member = (
        model.objects.aggregate(n=Max("pk"))["n"] or 0 for model in (SavingsEvent, GroupMember)
    )
    return event, member


@lru_cache(maxsize=512)
def _read(path: Path) -> pl.DataFrame:
    """A kept file; its name says what is in it."""
    return pl.read_parquet(path)
