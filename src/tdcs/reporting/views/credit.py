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
        [_target(row, day) for row in credit["targets"]],
        [CreditRow(*_plain(row, day)) for row in credit["figures"]],
    )


def _plain(row: Mapping[str, Any], day: date) -> tuple[str, str, str, str]:
    english = (get_language() or "vi").startswith("en")
    query = urlencode({"code": row["code"], "on": day.isoformat()})
    return (
        row["name_en"] if english else row["name"],
        said(row["value"], row["unit"]),
        said(row["before"], row["unit"]),
        f"{reverse('indicators:table')}?{query}",
    )


def _target(row: Mapping[str, Any], day: date) -> CreditRow:
    return CreditRow(
        *_plain(row, day),
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
