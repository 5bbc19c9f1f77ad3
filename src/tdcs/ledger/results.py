"""What a thing done under a key answers: kept as JSON with the operation, given again when the key comes again."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class Answer(TypedDict):
    """``again``: it was done before, and this is the first answer."""

    again: NotRequired[bool]


class Posted(Answer):
    """An entry: its key, and its number in its book."""

    entry: int
    number: int
