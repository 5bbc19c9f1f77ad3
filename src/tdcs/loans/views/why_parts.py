"""The reasons behind a loan's figures as strings: ten of them on a page, each of a formula, what went into it, and the law."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from tdcs.http.language import said
from tdcs.loans.queries.reasons import Why


def because(reasons: Mapping[str, Why]) -> dict[str, SafeString]:
    """Each figure's reason as its page shows it, by the figure's name."""
    law: dict[str, str] = {}
    return {name: _words(why, law) for name, why in reasons.items()}


def _words(why: Why, law: dict[str, str]) -> SafeString:
    """``law``: what was said already on this page of the same values and rules."""
    inputs = "".join(
        f"<dt>{escape(said(label))}</dt><dd>{escape(said(value))}</dd>\n"
        for label, value in why.shown
    )
    if inputs:
        inputs = f'<dl class="kv">{inputs}</dl>'
    key = why.of_law
    if key not in law:
        law[key] = render_to_string("loans/_why_law.html", {"w": why, "key": key})
    return mark_safe(  # noqa: S308  formula and inputs are escaped, the law's part is a template
        f'<div class="because">\n<div><p>{escape(why.formula)}.</p>{inputs}</div>\n{law[key]}</div>\n'
    )
