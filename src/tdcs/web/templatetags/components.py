"""The components of a page; loaded as builtins. Each is one template in ``templates/components``.

The page of styles (``/giao-dien/``) shows them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tdcs.http import FORMATS, place_and_day
from tdcs.http.shown_tables import SHOWN
from tdcs.http.table_columns import chosen_by, rearranged
from tdcs.web.templatetags.tdcs_ui import translated

register = template.Library()

# What an empty state begins with (components/empty.html).
_NO_ROWS = '<div class="empty">'
# Bars of a meter: the name of a colour and a width in percent.
Parts = Iterable[tuple[str, Any]]


def _made(name: str, /, **values: Any) -> SafeString:
    # The template engine escaped what was given; only the blanks at both ends go.
    return mark_safe(get_template(f"components/{name}.html").render(values).strip())  # noqa: S308


@register.simple_block_tag(takes_context=True)
def panel(
    context: dict[str, Any], content: str, title: str = "", *, flush: bool = False, id: str = ""
) -> str:
    """A part of a page with its title; flush when a table reaches the edges."""
    return _made("panel", content=content, title=title, flush=flush, id=id)


@register.simple_block_tag(takes_context=True)
def data_table(
    context: dict[str, Any], content: str, kind: str = "stack", *, columns: str = "", name: str = ""
) -> str:
    """A table that scrolls by itself; "stack" turns its rows into cards on a phone.

    ``name`` tells it from the other tables of its page and puts its own files below it, when it has rows.

    ``columns`` names a table whose columns a person chooses (``column_choice``); its head says which is which: ``data-c``.
    """
    if columns:
        content = mark_safe(rearranged(content, chosen_by(context["request"], columns)))  # noqa: S308
    files = _files(context, SHOWN, name, "chip") if name and _NO_ROWS not in content else ""
    return _made("table", content=content, kind=kind, name=name, files=files)


@register.simple_tag(takes_context=True)
def column_choice(context: dict[str, Any], table: str) -> str:
    """Which columns of a table (http/table_columns.py) are seen, in which order; remembered for the person."""
    chosen = chosen_by(context["request"], table)
    return _made(
        "columns",
        table=table,
        chosen=chosen,
        shown=len(chosen.shown),
        all=len(chosen.columns),
        csrf_token=context.get("csrf_token"),
    )


@register.simple_tag(takes_context=True)
def exports(context: dict[str, Any], table: str = "", look: str = "btn") -> str:
    """How a list leaves: workbook, CSV, A4; ``table`` names one of several on a page."""
    return _files(context, "export", table, look)


def _files(context: dict[str, Any], asked: str, table: str, look: str) -> SafeString:
    def address(fmt: str) -> str:
        params: QueryDict = context["request"].GET.copy()
        for place in ("page", "before", "after"):
            params.pop(place, None)
        params[asked] = fmt
        if table:
            params["table"] = table
        return f"?{params.urlencode()}"

    return _made("exports", look=look, **{fmt: address(fmt) for fmt in FORMATS})


@register.simple_tag
def signers(*titles: str) -> str:
    """Lines to sign below a list, on paper only."""
    return _made("signers", titles=titles, place_and_day=place_and_day())


@register.simple_block_tag
def toolbar(content: str) -> str:
    """The filters above a list; they apply themselves, without a script by the button."""
    return _made("toolbar", content=content)


@register.simple_tag
def choice_filter(
    label: str, name: str, options: Iterable[tuple[Any, str]], chosen: Any, every: str = ""
) -> str:
    """One filter of a toolbar: a list of (value, words) after one that leaves nothing out, "Tất cả" unless named."""
    return _made(
        "choice_filter", label=label, name=name, options=options, chosen=chosen, every=every
    )


@register.simple_tag
def search_filter(words: str, hint: str) -> str:
    """The words of a toolbar by which a list is searched; ``hint`` says what they are looked for in."""
    return _made("search_filter", words=words, hint=hint)


@register.simple_block_tag
def figures(content: str) -> str:
    """Figures in a row; each one is a ``figure_box``."""
    return format_html('<div class="figures">{}</div>', content)


@register.simple_tag
def figure_box(
    label: str, value: Any, note: str = "", *, mark: str = "", url: str = "", exact: str = ""
) -> str:
    """One figure: its words, the number, a note; a link when it opens its rows."""
    return _made("figure", label=label, value=value, note=note, mark=mark, url=url, exact=exact)


@register.simple_block_tag(takes_context=True)
def form_panel(
    context: dict[str, Any], content: str, button: str, *, action: str = "", confirm: str = ""
) -> str:
    """A form that is posted: one column and one main button."""
    token = context.get("csrf_token")
    return _made(
        "form", content=content, button=button, action=action, confirm=confirm, csrf_token=token
    )


@register.simple_tag
def form_field(field: BoundField, *, optional: bool = True) -> str:
    """A field with its label above, its errors and its help; says when it may stay empty."""
    return _made("field", field=field, optional=optional)


@register.simple_tag
def empty_state(title: str, words: str = "", *, url: str = "", link: str = "") -> str:
    """What is shown where there is nothing, and what may be done."""
    return _made("empty", title=title, words=words, url=url, link=link)


@register.simple_tag
def no_rows(columns: int, title: str, words: str = "", *, unfiltered: str = "") -> str:
    """The row of a table that has no others; ``unfiltered`` is the view of the list without its filters."""
    url, link = (reverse(unfiltered), _("Bỏ lọc")) if unfiltered else ("", "")
    inside = empty_state(title, words, url=url, link=link)
    return format_html('<tr><td colspan="{}">{}</td></tr>', columns, inside)


@register.simple_tag
def breadcrumb(name: str, view: str, *args: Any) -> str:
    """The page above this one."""
    return _made("breadcrumb", crumbs=[(name, reverse(view, args=args))])


@register.simple_tag
def meter(parts: Parts, title: str = "") -> str:
    """A bar of parts, each with the colour of its meaning."""
    return _made("meter", parts=parts, title=title)


@register.simple_tag
def state(mark: str, word: str) -> str:
    """A state by its own word; ``status`` finds the word of a code."""
    return format_html('<span class="st {}">{}</span>', mark, translated(word))
