"""Tags of the policy laboratory: a difference between two laws, nothing where there is none."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from tdcs.indicators.templatetags.indicator_tags import change

register = template.Library()


@register.simple_tag
def moved(value: int, unit: str, direction: str | None = None) -> SafeString | str:
    """A difference with its shape; a dash of nothing."""
    return change(value, unit, direction) if value else "–"
