"""Whose money: central, the province's budget, and from autumn 2025 some communes' own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from tdcs.capital import services as capital
from tdcs.capital.models import CapitalSource
from tdcs.core import clock
from tdcs.core.columns import day_number
from tdcs.demo.province.calibration import Frame
from tdcs.demo.province.groups import Groups
from tdcs.demo.province.places import Point
from tdcs.organisations.models import Organisation

_SINCE: Final = date(2025, 9, 1)
_INVESTORS: Final = 14


def load(frame: Frame, points: Sequence[Point]) -> dict[int, int]:
    """Sources of the province; commune (area) → its own source."""
    capital.load()
    if frame.on <= _SINCE:
        return {}
    luck = frame.luck(9)
    areas = sorted({one.new for one in points})
    chosen = [areas[n] for n in sorted(luck.choice(len(areas), _INVESTORS, replace=False).tolist())]
    found = {}
    with clock.fixed_today(_SINCE):
        for area in chosen:
            unit = Organisation.objects.get(
                type="ubnd", level="commune", profiles__area=area, profiles__ends_on=None
            )
            found[area] = capital.invest(investor=unit, by=None, on=_SINCE).pk
    return found


def of_loans(
    frame: Frame,
    loans: pl.DataFrame,
    groups: Groups,
    points: Sequence[Point],
    communes: dict[int, int],
) -> pl.Series:
    """The source of each loan."""
    luck = frame.luck(10)
    ids = dict(CapitalSource.objects.values_list("code", "pk"))
    group = loans["group"].to_numpy()
    area = np.array([one.new for one in points])[groups.point[np.maximum(group, 0)]]
    own = np.array([communes.get(a, 0) for a in area.tolist()])
    fits = (own > 0) & (group >= 0) & (loans["disbursed"] >= day_number(_SINCE)).to_numpy()
    fits &= luck.random(len(loans)) < 0.5
    local = np.where(fits, own, ids["DP-TINH"])
    return pl.Series(np.where(loans["local"].to_numpy(), local, ids["TW"]))
