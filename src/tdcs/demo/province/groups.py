"""Groups: where they are, who is behind them, how large they are meant to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from tdcs.core.columns import day_number
from tdcs.core.text import fold
from tdcs.demo.province.calibration import Frame, calibration
from tdcs.demo.province.loading import dated
from tdcs.demo.province.places import MERGED, Point
from tdcs.entrustment.models import DelegationContract, GroupProfile, SavingsGroup
from tdcs.organisations.services.bulk import append_rows

Array = np.ndarray[Any, Any]

# Farmers, women, veterans, youth: how groups are shared among the organisations behind them.
_BEHIND: Final = (0.33, 0.38, 0.17, 0.12)
_HAMLETS: Final = ("Ấp 1", "Ấp 2", "Ấp 3", "Ấp 4", "Ấp 5", "Ấp 6", "Thôn Trung", "Thôn Đông")
_QUARTERS: Final = ("Khu phố 1", "Khu phố 2", "Khu phố 3", "Khu phố 4", "Khu phố 5", "Khu phố 6")


@dataclass(frozen=True, slots=True)
class Groups:
    """Columns of groups, in the order of their numbers in the database (1, 2, …).

    ``trouble``: how much worse than others a group pays, 1 for most.
    """

    point: Array
    mass: Array
    size: Array
    session: Array
    office: Array
    rural: Array
    north: Array
    trouble: Array
    founded: Array
    hamlet: list[str]

    def __len__(self) -> int:
        return len(self.point)


def draw(frame: Frame, points: Sequence[Point], north: set[int]) -> Groups:
    """Groups over the points by weight, one in each commune of today at least. ``north``: communes that count as remote."""
    luck = frame.luck(2)
    units = calibration()["units"]
    point = _places(frame, points, luck, round(units["groups"] * frame.scale))
    count = len(point)
    size = luck.integers(units["members_least"], units["members_most"] + 1, count)
    rural = np.array([points[p].rural for p in point])
    hamlets = [
        (_HAMLETS if rural[at] else _QUARTERS)[int(n)]
        for at, n in enumerate(luck.integers(0, 6, count))
    ]
    bad = luck.random(count)
    return Groups(
        point=point,
        mass=luck.choice(4, count, p=_BEHIND),
        size=size,
        session=np.array([points[p].session_day for p in point]),
        office=np.array([points[p].office for p in point]),
        rural=rural,
        north=np.array([points[p].old in north for p in point]),
        trouble=np.where(bad < 0.016, 8.0, np.where(bad < 0.06, 3.0, 1.0)),
        founded=luck.integers(day_number(date(2008, 1, 1)), day_number(date(2016, 12, 1)), count),
        hamlet=hamlets,
    )


def _places(frame: Frame, points: Sequence[Point], luck: np.random.Generator, wanted: int) -> Array:
    """Points of the groups in order: the heaviest point of each commune first, the rest by weight."""
    first: dict[int, int] = {}
    for at, one in enumerate(points):
        if one.new not in first or one.weight > points[first[one.new]].weight:
            first[one.new] = at
    rest = max(0, wanted - len(first))
    weights = np.array([one.weight for one in points])
    edges = np.cumsum(weights) / weights.sum()
    more = np.searchsorted(edges, (np.arange(rest) + luck.random()) / max(rest, 1))
    found: Array = np.sort(np.concatenate([np.array(sorted(first.values())), more])).astype(int)
    return found


def write(groups: Groups, points: Sequence[Point]) -> None:
    """Groups, their profiles before and after the merger, their delegation contracts."""
    ids = np.arange(1, len(groups) + 1)
    rows = pl.DataFrame(
        {
            "id": ids,
            "code": [f"{4_100_000 + n}" for n in ids.tolist()],
            "founded_by": [f"{n % 90 + 10}/QĐ-UBND" for n in ids.tolist()],
            "starts_on": groups.founded,
        }
    ).with_columns(dated("starts_on"), ends_on=pl.lit(None, dtype=pl.Date))
    append_rows(SavingsGroup, rows)
    append_rows(GroupProfile, _profiles(groups, points))
    contracts = pl.DataFrame(
        {
            "group_id": ids,
            "number": [f"HĐUN-{n:05d}" for n in ids.tolist()],
            "starts_on": groups.founded,
        }
    ).with_columns(
        dated("starts_on"),
        ends_on=pl.lit(None, dtype=pl.Date),
        collects_interest=pl.lit(True),
        collects_savings=pl.lit(True),
        id=pl.int_range(1, pl.len() + 1),
    )
    append_rows(DelegationContract, contracts)


def _profiles(groups: Groups, points: Sequence[Point]) -> pl.DataFrame:
    merged = day_number(MERGED)
    parts = []
    for old in (True, False):
        where = [points[p] for p in groups.point.tolist()]
        names = [
            f"Tổ {at % 40 + 1} {groups.hamlet[at]}, {one.name}" for at, one in enumerate(where)
        ]
        parts.append(
            pl.DataFrame(
                {
                    "group_id": np.arange(1, len(groups) + 1),
                    "name": names,
                    "area_id": [one.old if old else one.new for one in where],
                    "hamlet": groups.hamlet,
                    "mass_organisation_id": [
                        one.mass[kind][0 if old else 1]
                        for one, kind in zip(where, groups.mass.tolist(), strict=True)
                    ],
                    "office_id": groups.office,
                    "session_day": groups.session,
                    "search": [fold(name) for name in names],
                    "starts_on": groups.founded if old else np.full(len(groups), merged),
                    "ends_on": np.full(len(groups), merged if old else 0),
                }
            )
        )
    return pl.concat(parts).with_columns(
        dated("starts_on"), dated("ends_on"), id=pl.int_range(1, pl.len() + 1)
    )


def mass_of(groups: Groups, points: Sequence[Point], *, old: bool) -> Array:
    """The organisation behind each group before or after the merger."""
    return np.array(
        [
            points[p].mass[kind][0 if old else 1]
            for p, kind in zip(groups.point.tolist(), groups.mass.tolist(), strict=True)
        ]
    )
