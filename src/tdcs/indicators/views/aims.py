"""The plan's targets as one line each: value, target, gap, trend, forecast, and whether it will be met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tdcs.indicators import queries
from tdcs.indicators.views.asked import Asked
from tdcs.indicators.views.frame import named
from tdcs.indicators.views.wording import NOTHING, changed, said

STANDINGS: Final = {
    "done": gettext_noop("Đạt"),
    "on_time": gettext_noop("Đúng tiến độ"),
    "soon": gettext_noop("Có nguy cơ"),
    "late": gettext_noop("Chậm"),
    "none": gettext_noop("Chưa có số liệu"),
}


@dataclass(frozen=True, slots=True)
class Aim:
    code: str
    name: str
    unit: str
    value: int | None
    bound: int
    target_words: str
    gap_words: str
    forecast: int | None
    points: list[int | None]
    first: date | None
    last: date | None
    trend_words: str
    standing: str
    standing_words: str
    basis: str


def aims(asked: Asked) -> list[Aim]:
    """The targets that hold on the day, for the place asked."""
    return [_aim(line) for line in queries.targets(on=asked.on, where=asked.where)]
