"""``{% translate %}`` and ``{% url %}`` of Django, which answer from what they said before; parts of pages drawn once.

A page says some two hundred fixed words and as many addresses; finding each anew is a tenth of what its templates cost.
``{% drawn_once key %}…{% enddrawn_once %}``: what stands inside follows from the key, the language and the law alone.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import Any, Final

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, Variable
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from tdcs.core import law

register = template.Library()
# Addresses that a worker keeps, about 200 bytes each.
_KEPT: Final = 20_000
# Parts of a place in a template, some kilobytes each.
_PARTS: Final = 500


class SaidOnce(Node):
    """Fixed words, found once for a language."""

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        key = (get_language(), context.autoescape)
        words = self.said.get(key)
        if words is None:
            words = self.said[key] = self.node.render(context)
        return words


class FoundOnce(URLNode):
    """An address by the values in it; with named values or kept in a variable as Django finds it."""

    def render(self, context: Context) -> str:
        if self.kwargs or self.asvar:
            return super().render(context)
        request = getattr(context, "request", None)
        match = getattr(request, "resolver_match", None)
        app = getattr(request, "current_app", None) or getattr(match, "namespace", None)
        found = _address(
            self.view_name.resolve(context),
            app,
            get_urlconf() or settings.ROOT_URLCONF,
            get_script_prefix(),
            *(one.resolve(context) for one in self.args),
        )
        return conditional_escape(found) if context.autoescape else found


class DrawnOnce(Node):
    """A part that is drawn once for a key; the oldest go first."""

    def __init__(self, nodelist: NodeList, key: FilterExpression) -> None:
        self.nodelist, self.key = nodelist, key
        self.drawn: OrderedDict[tuple[str, str | None, bool], str] = OrderedDict()
        law.forgetting(self.drawn.clear)

    def render(self, context: Context) -> str:
        key = (str(self.key.resolve(context)), get_language(), context.autoescape)
        part = self.drawn.get(key)
        if part is None:
            part = self.drawn[key] = self.nodelist.render(context)
            if len(self.drawn) > _PARTS:
                self.drawn.popitem(last=False)
        return part


# 1 and True are equal and have different addresses.
@lru_cache(maxsize=_KEPT, typed=True)
def _address(view: str, app: str | None, urlconf: str, _prefix: str, /, *values: Any) -> str:
    return reverse(view, urlconf=urlconf, args=values, current_app=app)


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Django's own, or of fixed words one that finds them once."""
    node: TranslateNode = do_translate(parser, token)
    words = node.filter_expression
    fixed = isinstance(words.var, Variable) and words.var.literal is not None
    if not fixed or words.filters or node.noop or node.asvar or node.message_context:
        return node
    return SaidOnce(node)


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """Django's own, with its answers kept."""
    node = parse_url(parser, token)
    return FoundOnce(node.view_name, node.args, node.kwargs, node.asvar)


@register.tag("drawn_once")
def drawn_once(parser: Parser, token: Token) -> DrawnOnce:
    """A part of a page that follows from its key, the language and the law alone."""
    _name, key = token.split_contents()
    nodelist = parser.parse(("enddrawn_once",))
    parser.delete_first_token()
    return DrawnOnce(nodelist, parser.compile_filter(key))
