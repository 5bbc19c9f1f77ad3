"""Tags of indicators' pages: a figure with its exact value, a change with its meaning, a trend in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tdcs.indicators.views import wording

register = template.Library()

_WIDTH, _HEIGHT = 120, 36


@register.simple_tag
def figure(value: int | None, unit: str) -> SafeString:
    """A figure; the exact dong on hover."""
    return format_html(
        '<span class="fig" title="{}">{}</span>',
        wording.exact(value, unit),
        wording.said(value, unit),
    )


@register.simple_tag
def millions(value: int | None) -> SafeString:
    """Money in a column whose head says triệu; the exact dong on hover."""
    return format_html(
        '<span class="fig" title="{}">{}</span>',
        wording.exact(value, "dong"),
        wording.millions(value),
    )


@register.simple_tag
def change(value: int | None, unit: str, direction: str | None = None) -> SafeString | str:
    """A difference: shape for up and down, colour and word for worse and better."""
    if value is None:
        return ""
    mood = wording.mood(value, direction)
    words = {"worse": _("xấu đi"), "better": _("tốt lên"), "same": ""}[mood]
    shape = "▲" if value > 0 else "▼" if value < 0 else "="
    return format_html(
        '<span class="chg {}" title="{} {}">{} {}</span>',
        mood,
        wording.exact(value, unit),
        words,
        shape,
        wording.changed(value, unit) if value else _("không đổi"),
    )


@register.simple_tag
def asked(question: Any, **changes: Any) -> str:
    """The address that asks the same question with changes."""
    return str(question.address(**changes))


@register.simple_tag
def spark(points: Sequence[int | None], target: int | None = None, label: str = "") -> SafeString:
    """A trend as one line, with the target dashed and the last point marked."""
    there = [point for point in points if point is not None]
    if len(there) < 2:
        return format_html('<span class="small soft">{}</span>', _("chưa đủ kỳ"))
    marks = [*there, target] if target is not None else there
    low, high = min(marks), max(marks)
    spread = (high - low) or 1

    def y(value: int) -> str:
        return f"{2 + (_HEIGHT - 4) * (high - value) / spread:.1f}"

    step = _WIDTH / (len(points) - 1)
    path, pen = "", "M"
    for at, point in enumerate(points):
        if point is None:
            pen = "M"
            continue
        path, pen = f"{path}{pen}{at * step:.1f} {y(point)}", "L"
    line = ""
    if target is not None:
        line = format_html('<line x1="0" x2="{}" y1="{}" y2="{}"/>', _WIDTH, y(target), y(target))
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<title>{}</title>{}<path d="{}"/></svg>',
        _WIDTH,
        _HEIGHT,
        label,
        label,
        line,
        path,
    )
