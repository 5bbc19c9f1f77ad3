"""The plan's targets as one line each: value, target, gap, trend, forecast, and whether it will be met."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from tdcs.documents import numbers
from tdcs.indicators import queries
from tdcs.indicators.queries import TargetLine
from tdcs.indicators.views.request_params import RequestParams
from tdcs.indicators.views.wording import NOTHING, said

STANDINGS: Final = {
    "done": gettext_noop("Đạt"),
    "on_time": gettext_noop("Đúng tiến độ"),
    "soon": gettext_noop("Có nguy cơ"),
    "late": gettext_noop("Chưa đạt"),
    "none": gettext_noop("Chưa có số liệu"),
}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """``standing``: done (met, and expected to stay), on_time (expected), soon (met, not expected), late, none."""

    line: TargetLine
    name: str
    target_words: str
    gap_words: str
    forecast: int | None
    forecast_words: str
    points: list[int | None]
    first: date | None
    trend_words: str
    standing: str
    standing_words: str
    range_words: str = ""
    closing: str = ""


def target_rows(asked: RequestParams) -> list[TargetRow]:
    """The targets that hold on the day, for the place asked."""
    rows = [_aim(line) for line in queries.targets(on=asked.on, where=asked.where)]
    silent = queries.not_reported(asked.on, asked.where)
    english = (get_language() or "vi").startswith("en")
    return [
        _unreported(row, silent[row.line.code][1 if english else 0])
        if row.line.code in silent
        else row
        for row in rows
    ]


def _unreported(row: TargetRow, why: str) -> TargetRow:
    """What extracts cannot give is not said to lack figures."""
    words = _("Không có trong sao kê")
    return replace(row, standing_words=words, line=replace(row.line, reason=f"{words}: {why}."))


def _aim(line: TargetLine) -> TargetRow:
    english = (get_language() or "vi").startswith("en")
    values = [f"{day:%m/%Y}: {said(value, line.unit)}" for day, value in line.trend]
    standing = _status(line)
    return TargetRow(
        line=line,
        name=line.name_en if english else line.name,
        target_words=target_words(line.target, line.at_least, line.tolerance),
        gap_words=_gap(line),
        forecast=line.shown_forecast.value if line.shown_forecast else None,
        forecast_words=_forecast(line),
        points=[value for _day, value in line.trend],
        first=line.trend[0][0] if line.trend else None,
        trend_words="; ".join(values),
        standing=standing,
        standing_words=_(STANDINGS[standing]),
        range_words=_range(line),
    )


def _status(line: TargetLine) -> str:
    if line.standing is None:
        return "none"
    if line.standing == "on":
        return "done" if line.met else "on_time"
    return "soon" if line.met else "late"


def target_words(bound: int, at_least: bool, tolerance: int = 0) -> str:
    """ "≥ 10%", "< 1%", "100%", "khoảng 30% (từ 27%)"."""
    figure = numbers.bound(bound)
    if tolerance:
        return _("khoảng %(figure)s (từ %(least)s)") % {
            "figure": figure,
            "least": numbers.bound(bound - tolerance),
        }
    if bound == 1_000_000 and at_least:
        return figure
    return f"≥ {figure}" if at_least else f"< {figure}"


def gap_words(
    gap: int | None, unit: str, *, at_least: bool, met: bool | None, tolerance: int = 0
) -> str:
    """How far, and to which side; what keeps within "khoảng" says by what tolerance."""
    if gap is None:
        return NOTHING
    points = {"n": said(abs(gap), unit).rstrip("%")}
    if gap == 0:
        return _("bằng chỉ tiêu")
    if not at_least:
        return (_("thấp hơn %(n)s điểm %%") if gap > 0 else _("cao hơn %(n)s điểm %%")) % points
    if gap > 0:
        return _("vượt %(n)s điểm %%") % points
    if met:
        within = points | {"t": said(tolerance, unit).rstrip("%")}
        return _("thấp hơn %(n)s điểm %%, trong dung sai %(t)s điểm %% của “khoảng”") % within
    return _("thiếu %(n)s điểm %%") % points


def _gap(line: TargetLine) -> str:
    return gap_words(
        line.gap, line.unit, at_least=line.at_least, met=line.met, tolerance=line.tolerance
    )


def _forecast(line: TargetLine) -> str:
    """From how many years, how far it erred in them, and whether the range decides; or why nothing is told."""
    found: Any = line.forecast
    if found is None:
        return _("chưa dự báo được")
    if line.silent == "untested":
        return _("không nêu dự báo: chưa thử lại được ở năm trước nào")
    if line.silent:
        return _(
            "không nêu dự báo: sai số năm trước %(error)s lớn hơn chính mức dự báo %(value)s"
        ) % {
            "error": said(found.worst, line.unit),
            "value": said(found.value, line.unit),
        }
    words = _("theo %(years)d năm trước") % {"years": found.years}
    if not found.worst:
        return words
    worst = _("sai số lớn nhất khi thử lại: %(error)s") % {"error": said(found.worst, line.unit)}
    words = f"{words}; {worst}"
    return words + _("; chưa chắc đạt") if _undecided(line) else words


def _undecided(line: TargetLine) -> bool:
    """Whether the target lies inside the range."""
    found = line.shown_forecast
    assert found is not None
    if line.at_least:
        return found.low < line.target - line.tolerance <= found.high
    return found.low < line.target <= found.high


def _range(line: TargetLine) -> str:
    """ "27,34–32,32%"; nothing where the forecast is not told or never erred."""
    found = line.shown_forecast
    if found is None or not found.worst:
        return ""
    low, high = said(found.low, line.unit), said(found.high, line.unit)
    return f"{low.removesuffix('%')}–{high}"
