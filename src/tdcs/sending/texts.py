"""Texts of messages: templates of law/messages.yaml, their placeholders checked before anything is filled in."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tdcs.core import law
from tdcs.sending.errors import TemplateWrong


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message."""

    title: str
    text: str
    placeholders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be sent, and when."""

    daily_per_borrower: int
    quiet_from: int
    quiet_until: int
    most_parts: int
    confirm_above: int


@law.remembered
def bounds() -> Bounds:
    """The bounds as the data set them."""
    data = law.load("messages.yaml")
    return Bounds(**{name: int(data[name]) for name in Bounds.__dataclass_fields__})


@law.remembered
def templates() -> dict[str, Template]:
    """The templates by kind. Raises TemplateWrong for a placeholder that the kind does not have."""
    return {
        code: template_of(code, row) for code, row in law.load("messages.yaml")["kinds"].items()
    }


def template_of(code: str, row: Mapping[str, Any]) -> Template:
    """One template, checked. Raises TemplateWrong."""
    known = frozenset(row["placeholders"])
    try:
        parts = list(string.Formatter().parse(row["text"]))
    except ValueError:
        raise TemplateWrong(kind=code, what="{…}") from None
    for _words, name, form, conversion in parts:
        if name is not None and (name not in known or form or conversion):
            raise TemplateWrong(kind=code, what="{" + name + "}")
    return Template(row["title"], row["text"], known)


def filled(kind: str, values: Mapping[str, str]) -> str:
    """The text for one borrower. Raises TemplateWrong when a value is missing."""
    template = templates()[kind]
    if missing := template.placeholders - values.keys():
        raise TemplateWrong(kind=kind, what="{" + min(missing) + "}")
    return template.text.format(**values)
