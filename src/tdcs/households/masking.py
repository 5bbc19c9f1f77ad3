"""What is shown of an identity number and a telephone: enough to recognise, not enough to use."""

from __future__ import annotations

DOT = "•"


def masked_identity(number: str | None) -> str:
    """0750••••••12: the first four digits and the last two."""
    return _masked(number or "", 4, 2)


def masked_phone(number: str) -> str:
    """090•••••12: the first three digits and the last two."""
    return _masked(number, 3, 2)


def _masked(words: str, head: int, tail: int) -> str:
    if len(words) <= head + tail:
        return DOT * len(words)
    return words[:head] + DOT * (len(words) - head - tail) + words[-tail:]
