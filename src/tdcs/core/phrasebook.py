"""Phrases with what another language says for them: whole ones, some with holes, lists and pairs of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

_HOLE: Final = re.compile(r"(\{n?\})")
_FILLED: Final = {"{}": "(.+?)", "{n}": r"(\d[\d.,/]*)"}


def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile("".join(_FILLED.get(part, re.escape(part)) for part in _HOLE.split(phrase)))


def _tall(words: str) -> str:
    return words[:1].upper() + words[1:]


class Phrasebook:
    """``phrases``: each Vietnamese phrase with its English; "{}" stands for a figure, a day or a name; "{n}" for digits only."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self.phrases = phrases

    def english(self, words: str) -> str:
        """A phrase, or a list of phrases, in English; what is no phrase (a name, a number) as it is."""
        known = self._one(words)
        if known is not None:
            return known
        if self._listed.fullmatch(words):
            return ", ".join(self._one(part) or part for part in self._phrase.findall(words))
        pair = [self._one(one) for one in words.split(" và ")]
        if len(pair) > 1 and all(pair):
            return " and ".join(one or "" for one in pair)
        reasons = words.rstrip(".").split("; ")
        said = [self._one(one) for one in reasons]
        if not any(said):
            return words
        end = "." if words.endswith(".") else ""
        return "; ".join(new or old for new, old in zip(said, reasons, strict=True)) + end

    def _one(self, words: str) -> str | None:
        """A phrase of the book in English, whether it begins large or small; None for what is none."""
        plain = words[:1].lower() + words[1:]
        ways = (words, plain, _tall(words), words.lower())
        found = next((self.phrases[one] for one in ways if one in self.phrases), None)
        if found is None:
            for pattern, filled in self._patterns:
                match = pattern.fullmatch(plain)
                if match:
                    text = filled.format(*(self.english(part) for part in match.groups()))
                    return _tall(text) if words[:1].isupper() else text
            return None
        if words[:1].isupper():
            return _tall(found)
        return found if plain in self.phrases else found[:1].lower() + found[1:]

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Phrases with something to fill, those with most words of their own first."""
        open_ones = sorted(
            (one for one in self.phrases if _HOLE.search(one)), key=len, reverse=True
        )
        return [(_pattern(one), self.phrases[one].replace("{n}", "{}")) for one in open_ones]

    @cached_property
    def _phrase(self) -> re.Pattern[str]:
        closed = sorted(
            (one for one in self.phrases if not _HOLE.search(one)), key=len, reverse=True
        )
        return re.compile("|".join(re.escape(one) for one in closed), re.IGNORECASE)

    @cached_property
    def _listed(self) -> re.Pattern[str]:
        one = f"(?:{self._phrase.pattern})"
        return re.compile(f"{one}(?:, {one})+", re.IGNORECASE)
