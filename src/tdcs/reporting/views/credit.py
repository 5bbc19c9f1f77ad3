"""The credit figures of a report on screen: each leads to the indicator's page on the day that the report cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language

from tdcs.indicators.views.target_rows import gap_words, target_words
from tdcs.indicators.views.wording import said
from tdcs.reporting.rules.credit import day_of


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One figure: its words, the target's, the gap with its sign, ``met`` of a target only."""

    name: str
    value: str
    before: str
    url: str
    before_url: str = ""
    gap_url: str = ""
    target: str = ""
    gap: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class CreditPanel:
    """``day`` None: no day of the year was closed, and there are no figures."""

    day: date | None
    before_day: date | None
    targets: list[CreditRow]
    figures: list[CreditRow]


def credit_panel(credit: Mapping[str, Any] | None) -> CreditPanel | None:
    """None for a report that holds no credit figures."""
    if not credit:
        return None
    day = day_of(credit)
    if day is None:
        return CreditPanel(None, None, [], [])
    before = date.fromisoformat(credit["before_day"]) if credit["before_day"] else None
    return CreditPanel(
        day,
        before,
        [_target(row, day, before) for row in credit["targets"]],
        [CreditRow(*_plain(row, day, before)) for row in credit["figures"]],
    )


def _plain(
    row: Mapping[str, Any], day: date, before: date | None
) -> tuple[str, str, str, str, str]:
    english = (get_language() or "vi").startswith("en")
    return (
        row["name_en"] if english else row["name"],
        said(row["value"], row["unit"]),
        said(row["before"], row["unit"]),
        _behind(row["code"], day),
        _behind(row["code"], before) if before is not None and row["before"] is not None else "",
    )


def _behind(code: str, day: date) -> str:
    """The rows behind a figure on its day."""
    return f"{reverse('indicators:table')}?{urlencode({'code': code, 'on': day.isoformat()})}"


def _target(row: Mapping[str, Any], day: date, before: date | None) -> CreditRow:
    return CreditRow(
        *_plain(row, day, before),
        gap_url=f"{reverse('indicators:gap', args=[row['code']])}?{urlencode({'on': day.isoformat()})}",
        target=target_words(row["target"], row["at_least"], row["tolerance"]),
        gap=gap_words(
            row["gap"],
            row["unit"],
            at_least=row["at_least"],
            met=row["met"],
            tolerance=row["tolerance"],
        ),
        met=row["met"],
    )
