"""A form's HTML with what was typed in place of what the server put there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final

# The tags that make the fields of a page, each with what belongs to it; comments and other tags are passed over whole.
# Runs of characters are matched whole, which reads a sheet in half of the time that one character at a time takes.
_ATTRIBUTES: Final = r"""[^'">]*(?:"[^"]*"[^'">]*|'[^']*'[^'">]*)*"""
_OF_FIELDS: Final = re.compile(
    rf"(<textarea\b{_ATTRIBUTES}>.*?</textarea\s*>|<option\b{_ATTRIBUTES}>[^<]*"
    rf"|<(?:input|select)\b{_ATTRIBUTES}>|</(?:option|select)\s*>)|<!--.*?-->|</?[a-z]{_ATTRIBUTES}>",
    re.IGNORECASE | re.DOTALL,
)
# A field as the rows of a sheet have two hundred: its name and value stand first, and it is typed into.
_PLAIN: Final = re.compile(
    rf"""<input type="text" name="([^"&]+)" value="([^"]*)"(?:\s{_ATTRIBUTES})?>""", re.DOTALL
)
Fields = Mapping[str, list[str]]
Attributes = list[tuple[str, str | None]]

# Hidden fields carry keys and stamps of the page, files and passwords cannot be filled.
_UNTYPED: Final = frozenset({"hidden", "file", "password", "submit", "button", "image", "reset"})
_TICKED: Final = frozenset({"checkbox", "radio"})


def typed_fields(html: str) -> dict[str, list[str]]:
    """What stands in the fields of a form that people type into, by name."""
    # The parser of the standard library takes its time over each tag: of a sheet's 1,200 it reads the 200 that matter.
    found = _typed("".join(_OF_FIELDS.findall(html)))
    return {name: list(values) for name, values in found}


# Many pages have the same empty form; 20 kB for that of a sheet.
@lru_cache(maxsize=256)
def _typed(tags: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    plain, others = _PLAIN.findall(tags), _PLAIN.sub("", tags)
    found, names = _read(others), [name for name, _ in plain]
    if len(set(names)) < len(names) or not found.keys().isdisjoint(names):
        # Values of one name count in their order: one reader reads them all.
        found = _read(tags)
    else:
        found.update((name, [unescape(value)]) for name, value in plain)
    return tuple((name, tuple(values)) for name, values in found.items())


def _read(tags: str) -> dict[str, list[str]]:
    reader = _Form()
    reader.feed(tags)
    reader.close()
    return reader.found


def digest_of(fields: Fields, more: str = "") -> str:
    """The digest by which a form later knows whether what it showed has changed."""
    text = repr((sorted((name, list(values)) for name, values in fields.items()), more))
    return hashlib.sha256(text.encode()).hexdigest()


def filled(html: str, fields: Fields) -> str:
    """The same form, its typed fields with these values; a field that was not sent stays as it is.

    A box that was not ticked is not sent: boxes of a name stay as they are only when the form sent nothing at all.
    """
    writer = _Form(fields)
    writer.feed(html)
    writer.close()
    return "".join(writer.out)


class _Form(HTMLParser):
    """Reads a form's typed fields; given values, writes the form anew with them."""

    def __init__(self, values: Fields | None = None) -> None:
        super().__init__(convert_charrefs=False)
        self.left = {name: list(sent) for name, sent in (values or {}).items()}
        self.given = values
        self.out: list[str] = []
        self.found: dict[str, list[str]] = {}
        self.area: str | None = None
        self.inside: list[str] = []
        self.select: str | None = None
        self.chosen: list[str] = []
        self.option: tuple[Attributes, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._flush_option()
        named = dict(attrs)
        name, kind = named.get("name") or "", (named.get("type") or "text").lower()
        if tag == "input" and name and kind not in _UNTYPED:
            self._input(name, kind, named.get("value"), attrs)
            return
        if tag == "textarea" and name:
            self.area, self.inside = name, []
        elif tag == "select" and name:
            self.select = name
            self.chosen = self._sent(name) if "multiple" in named else self._next(name)
        elif tag == "option" and self.select is not None:
            self.option = (attrs, [])
            return
        self._say(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._flush_option()
        if tag == "textarea" and self.area is not None:
            words = "".join(self.inside).removeprefix("\n")
            if self.area in self.left:
                sent = self._next(self.area)
                words = escape(sent[0]) if sent else words
            self.found.setdefault(self.area, []).append(unescape(words).replace("\r\n", "\n"))
            self.area = None
            self._say("\n" + words)
        if tag == "select":
            self.select = None
        self._say(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.inside.append(data)
        elif self.option is not None:
            self.option[1].append(data)
        else:
            self._say(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._say(f"<!--{data}-->")

    def close(self) -> None:
        super().close()
        self._flush_option()

    def _input(self, name: str, kind: str, value: str | None, attrs: Attributes) -> None:
        if kind in _TICKED:
            value = "on" if value is None else value
            on = any(key == "checked" for key, _ in attrs)
            if self.given:
                on = value in self._sent(name)
            if on:
                self.found.setdefault(name, []).append(value)
            rest = [pair for pair in attrs if pair[0] != "checked"]
            self._tag("input", [*rest, ("checked", None)] if on else rest)
            return
        sent = self._next(name) if name in self.left else []
        words = sent[0] if sent else value or ""
        self.found.setdefault(name, []).append(words)
        rest = [pair for pair in attrs if pair[0] != "value"]
        self._tag("input", [*rest, ("value", words)])

    def _flush_option(self) -> None:
        if self.option is None:
            return
        (attrs, words), self.option = self.option, None
        name = self.select or ""
        value = dict(attrs).get("value")
        value = "".join(words).strip() if value is None else value
        on = any(key == "selected" for key, _ in attrs)
        if self.given is not None and name in self.given:
            on = value in self.chosen
        if on:
            self.found.setdefault(name, []).append(value)
        rest = [pair for pair in attrs if pair[0] != "selected"]
        self._tag("option", [*rest, ("selected", None)] if on else rest)
        self._say("".join(words))

    def _tag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        if self.given is None:
            return
        said = "".join(
            f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attrs
        )
        self._say(f"<{tag}{said}>")

    def _say(self, words: str) -> None:
        self.out.append(words)

    def _sent(self, name: str) -> list[str]:
        return list((self.given or {}).get(name, ()))

    def _next(self, name: str) -> list[str]:
        """The next value of a name that stands in several fields, as a browser sends them: in their order."""
        waiting = self.left.get(name, [])
        return [waiting.pop(0)] if waiting else []
