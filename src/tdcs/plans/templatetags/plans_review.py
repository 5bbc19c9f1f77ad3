"""What the review page needs beside the site's own filters."""

from __future__ import annotations

from django import template

from tdcs.core.text import fold

register = template.Library()


@register.filter
def folded(words: str) -> str:
    """The words without accents: browsers search a list's labels as well as its values."""
    return fold(words)
