"""A basis in words as HTML: a link to the legal library from each text that it names."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from tdcs.core import law
from tdcs.programmes.rules.library import cited_in


# The same bases stand beside every figure; a text's address does not change while the process runs.
@lru_cache(maxsize=4096)
def cited(words: str) -> SafeString:
    """``words`` with a link from each text named; the rest escaped."""
    parts, at = [], 0
    for hit in cited_in(words):
        page = reverse("programmes:document", args=[hit.code])
        link = format_html('<a class="cite" href="{}">{}</a>', page, words[hit.start : hit.end])
        parts += [escape(words[at : hit.start]), link]
        at = hit.end
    return format_html_join("", "{}", ((part,) for part in [*parts, escape(words[at:])]))


law.forgetting(cited.cache_clear)
