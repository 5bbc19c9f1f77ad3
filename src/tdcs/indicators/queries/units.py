"""Units of one day brought to those of another: a commune, an organisation or a group that ceased → who continues it.

A unit with several heirs (the old commune Xuân Tâm) is divided by its groups: each group goes where its first profile after
the division places it. What has no group, or a group that never had a later profile, goes to the heir with the lowest number:
sums by area say no more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
from django.db import models
from django.db.models import Count, Max

from tdcs.entrustment.models import GroupProfile, GroupSuccession
from tdcs.organisations.models import AreaSuccession, Organisation, OrganisationSuccession
from tdcs.organisations.queries import lineage
from tdcs.organisations.rules import Step, follow

# Keys whose units are succeeded; group last, because a group decides where its commune went.
SUCCEEDED: Final = ("office", "commune", "mass", "group")
Steps = Mapping[int, list[Step]]


@dataclass(frozen=True, slots=True)
class Successors:
    """Who continues whom, by key, in every epoch: the time between two days of succession."""

    dates: tuple[date, ...]
    # id, epoch, heir of units that ceased
    table: pl.DataFrame
    # id, epoch, group, heir of units with several heirs
    by_group: pl.DataFrame

    def epoch(self, day: date) -> int:
        """The number of days of succession up to a day."""
        return bisect_right(self.dates, day)

    def divided(self) -> list[int]:
        """Units with several heirs."""
        return self.by_group["id"].unique().to_list()

    def predecessors(self, ids: Iterable[int]) -> set[int]:
        """The ids, and every unit that may be brought to one of them."""
        wanted = set(ids)
        rows = pl.concat([self.table.select("id", "heir"), self.by_group.select("id", "heir")])
        return wanted | set(rows.filter(pl.col("heir").is_in(list(wanted)))["id"].to_list())


_TABLE: Final = {"id": pl.Int64, "epoch": pl.Int64, "heir": pl.Int64}
_BY_GROUP: Final = {**_TABLE, "group": pl.Int64}


_made: dict[tuple[int | None, ...], dict[str, Successors]] = {}


def _mark() -> tuple[int | None, ...]:
    """What changes when successions or groups' places do; the tables of the last mark are kept for the process."""
    rows: tuple[type[models.Model], ...] = (
        AreaSuccession,
        OrganisationSuccession,
        GroupSuccession,
        GroupProfile,
    )
    found = [model._default_manager.aggregate(n=Count("pk"), last=Max("pk")) for model in rows]
    return tuple(value for row in found for value in row.values())


class Units:
    """Successions as tables; loads what it needs once."""

    def __init__(self) -> None:
        mark = _mark()
        if mark not in _made:
            _made.clear()
        self._kept = _made.setdefault(mark, {})

    def successors(self, key: str) -> Successors:
        """The tables of a key of SUCCEEDED."""
        if key not in self._kept:
            steps = _STEPS[key]()
            place = {"commune": "area_id", "mass": "mass_organisation_id"}.get(key)
            self._kept[key] = _successors(steps, place)
        return self._kept[key]

    def split_column(self, keys: Iterable[str]) -> pl.Expr | None:
        """``_group``: the group of rows whose commune or organisation was divided, null elsewhere; None when none was."""
        found = [
            pl.col(key).is_in(divided)
            for key in ("commune", "mass")
            if key in set(keys) and (divided := self.successors(key).divided())
        ]
        if not found:
            return None
        return pl.when(pl.any_horizontal(found)).then(pl.col("group")).alias("_group")

    def restate(self, frame: pl.DataFrame, keys: Iterable[str]) -> pl.DataFrame:
        """``frame`` (day; target: the day to which each row is brought) with the heirs of its units.

        What ceased between the two is brought; a row that names a unit after its end keeps it. Divided units are told
        apart by ``_group`` when there is such a column, else by ``group``.
        """
        wanted = set(keys)
        for key in SUCCEEDED:
            if key in wanted:
                frame = self._one(frame, key)
        return frame

    def _one(self, frame: pl.DataFrame, key: str) -> pl.DataFrame:
        successors = self.successors(key)
        if successors.table.is_empty():
            return frame
        names, epochs = frame.columns, _epochs(frame, successors)
        past = pl.col("_was") < pl.col("_epoch")
        staged = frame.join(epochs, on=["day", "target"], how="left")
        if staged.select(past.any()).item() is not True:
            return frame
        staged = staged.join(
            successors.table.rename({"id": key, "epoch": "_epoch", "heir": "_heir"}),
            on=[key, "_epoch"],
            how="left",
        )
        group = "_group" if "_group" in names else "group"
        found = pl.col("_heir")
        if not successors.by_group.is_empty() and group in names:
            named = {"id": key, "epoch": "_epoch", "group": group, "heir": "_own"}
            staged = staged.join(
                successors.by_group.rename(named), on=[key, "_epoch", group], how="left"
            )
            found = pl.coalesce("_own", "_heir")
        moved = pl.when(past).then(found)
        return staged.with_columns(pl.coalesce(moved, pl.col(key)).alias(key)).select(names)


def _epochs(frame: pl.DataFrame, successors: Successors) -> pl.DataFrame:
    """day, target, _was, _epoch: the epochs of the pairs of days that occur."""
    pairs = frame.select("day", "target").unique()
    rows = [
        (day, target, successors.epoch(day), successors.epoch(target))
        for day, target in pairs.rows()
    ]
    schema = {"day": pl.Date, "target": pl.Date, "_was": pl.Int64, "_epoch": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _successors(steps: Steps, place: str | None) -> Successors:
    dates = tuple(sorted({step.on for found in steps.values() for step in found}))
    rows, groups = [], []
    for epoch, day in enumerate(dates, start=1):
        for unit in steps:
            successors = follow(unit, steps, until=day)
            if not successors or successors == (unit,):
                continue
            rows.append((unit, epoch, successors[0]))
            if len(successors) > 1 and place:
                groups += [
                    (unit, epoch, heir, group)
                    for group, heir in _by_group(unit, successors, steps, place, day)
                ]
    return Successors(
        dates,
        pl.DataFrame(rows, schema=_TABLE, orient="row"),
        pl.DataFrame(groups, schema=_BY_GROUP, orient="row"),
    )


def _by_group(
    unit: int, successors: tuple[int, ...], steps: Steps, place: str, day: date
) -> Iterable[tuple[int, int]]:
    """(group, heir) of the groups that stood in a divided unit, by their first profile in one of the heirs."""
    stood = GroupProfile.objects.filter(**{place: unit}).values("group_id")
    later = GroupProfile.objects.filter(group_id__in=stood).order_by("group_id", "starts_on")
    told: dict[int, int] = {}
    for group, where in later.values_list("group_id", place):
        found = follow(where, steps, until=day)
        if where != unit and len(found) == 1 and found[0] in successors:
            told.setdefault(group, found[0])
    return told.items()


def _organisations() -> Steps:
    return lineage()


def _of(kinds: tuple[str, ...]) -> Steps:
    """Successions of organisations of some kinds."""
    wanted = set(Organisation.objects.filter(kind__in=kinds).values_list("pk", flat=True))
    return {unit: steps for unit, steps in _organisations().items() if unit in wanted}


def _areas() -> Steps:
    steps: dict[int, list[Step]] = defaultdict(list)
    rows = AreaSuccession.objects.filter(predecessor__level="commune", successor__level="commune")
    for old, new, on, portion in rows.values_list(
        "predecessor_id", "successor_id", "on", "portion"
    ):
        steps[old].append(Step(new, on, portion, True))
    return steps


def _groups() -> Steps:
    steps: dict[int, list[Step]] = defaultdict(list)
    for old, new, on in GroupSuccession.objects.values_list("predecessor_id", "successor_id", "on"):
        steps[old].append(Step(new, on, "whole", True))
    return steps


_STEPS: Final = {
    "office": lambda: _of(("transaction_office", "vbsp_branch")),
    "commune": _areas,
    "mass": lambda: _of(("mass_organisation",)),
    "group": _groups,
}
