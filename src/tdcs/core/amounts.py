"""Amounts and figures as people type them: one reading for every form, strict enough that nothing is guessed.

An amount of dong is ASCII digits, bare or in groups of three by one kind of separator: 1000000, 1.000.000, 1,000,000, 1 000 000.
A figure may have a decimal comma: 1.234.567,8; or a point where no group can be meant: 1234.5. No sign of another script, no
exponent ("1e10"), no plus, no space out of place: each of these has been read as a number that nobody meant.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

# A million billion dong: more in one field is a slip of the hand.
MOST_DIGITS: Final = 15
# A no-break space groups in what is copied from documents.
_DONG: Final = re.compile(
    r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0][0-9]{3})+"
)
_GROUPED: Final = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]{3})+|-?[0-9]+)(?:,([0-9]+))?")
_POINTED: Final = re.compile(r"(-?[0-9]+)\.([0-9]{1,2}|[0-9]{4,})")


class NotAnAmount(ValueError):
    """What was typed is not an amount of dong, or is more than any field may hold."""


def dong(words: str) -> int:
    """A whole number of dong. Raises NotAnAmount for anything but digits in whole groups; also for nothing at all."""
    text = words.strip(" \t\u00a0")
    digits = re.sub(r"[^0-9]", "", text) if _DONG.fullmatch(text) else ""
    if not digits or len(digits.lstrip("0")) > MOST_DIGITS:
        raise NotAnAmount(words)
    return int(digits)


def figure(words: str) -> Decimal:
    """A figure that may have a fraction or be below zero: 1.234.567,8. Raises NotAnAmount."""
    text = words.strip(" \t\u00a0")
    match = _GROUPED.fullmatch(text) or _POINTED.fullmatch(text)
    if match is None:
        raise NotAnAmount(words)
    before, after = match[1].replace(".", ""), match[2] or "0"
    value = Decimal(f"{before}.{after}")
    if len(before.lstrip("-0")) > MOST_DIGITS or len(after) > MOST_DIGITS:
        raise NotAnAmount(words)
    return value
