"""What pages of schemes draw of kept figures."""

from __future__ import annotations

from datetime import date

from django import template

from tdcs.documents import numbers

register = template.Library()


@register.simple_tag
def iso_day(words: str) -> str:
    """A day as JSON keeps it, written out."""
    return numbers.date_short(date.fromisoformat(words))
