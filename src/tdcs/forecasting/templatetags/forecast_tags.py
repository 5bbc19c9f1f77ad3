"""What pages of projections draw: names, and the years as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tdcs.forecasting.queries.scenarios import Named, Whole
from tdcs.http.language import said
from tdcs.indicators.views import wording
from tdcs.programmes.rules import programmes

register = template.Library()
# A drawing of so many units; a year is so wide.
_HEIGHT: Final = 160
_YEAR: Final = 84
_BAR: Final = 44
_FOOT: Final = 40


@register.simple_tag
def scenario_name(scenario: Named) -> str:
    """A scenario's name in the reader's language."""
    return scenario.said(get_language() or "vi")


@register.simple_tag
def programme_name(code: str) -> str:
    """A programme's short name, or its code where the law knows it no more."""
    one = programmes().get(code)
    return said(one.short) if one else code


@register.simple_tag
def year_bars(years: Sequence[Whole]) -> SafeString:
    """The outstanding at each year's end, central money below, local above; the table beside says the same."""
    most = max((year.closing for year in years), default=0)
    if not most:
        return SafeString("")
    label = _("Dư nợ cuối mỗi năm, vốn trung ương và địa phương")
    bars = format_html_join("", "{}", ((_bar(at, year, most),) for at, year in enumerate(years)))
    legend = format_html(
        '<figcaption class="small soft"><i class="key central"></i> {} <i class="key local"></i> {}</figcaption>',
        _("Vốn trung ương"),
        _("Vốn địa phương"),
    )
    return format_html(
        '<figure class="year-bars"><svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>{}</figure>',
        len(years) * _YEAR,
        _HEIGHT + 2 * _FOOT,
        label,
        bars,
        legend,
    )


def _bar(at: int, year: Whole, most: int) -> SafeString:
    left, middle = at * _YEAR + (_YEAR - _BAR) // 2, at * _YEAR + _YEAR // 2
    central, local = year.central * _HEIGHT // most, year.local * _HEIGHT // most
    floor = _HEIGHT + _FOOT
    return format_html(
        '<rect class="central" x="{}" y="{}" width="{}" height="{}"/>'
        '<rect class="local" x="{}" y="{}" width="{}" height="{}"/>'
        '<text x="{}" y="{}">{}</text><text class="soft" x="{}" y="{}">{}</text>',
        *(left, floor - central, _BAR, central),
        *(left, floor - central - local, _BAR, local),
        *(middle, floor - central - local - 8, wording.said(year.closing, "dong")),
        *(middle, floor + 20, year.year),
    )
