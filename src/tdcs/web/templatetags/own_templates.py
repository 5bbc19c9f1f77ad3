"""``{% own_templates "loan" loan.pk %}``: the branch's Word templates for the record of a page; loaded as a builtin."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from tdcs.word_templates.queries.templates import titles_for

register = template.Library()


@register.simple_tag(takes_context=True)
def own_templates(context: dict[str, Any], kind: str, record: int) -> SafeString | str:
    """The panel; nothing for who fills in no templates, and where there are none of the kind."""
    user = context["request"].user
    if not user.may("word_templates.use"):
        return ""
    rows = titles_for(user, kind)
    if not rows:
        return ""
    made = get_template("word_templates/panel.html").render({"rows": rows, "record": record})
    return mark_safe(made)  # noqa: S308 - a template's own output
