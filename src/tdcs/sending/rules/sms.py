"""How long a message is: the letters of GSM 03.38 by seven bits, all others by sixteen; long ones in parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tdcs.core.basis import without_basis

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each takes two places.
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
# Places of a message alone, and of a part of several (a header takes the rest).
_GSM: Final = (160, 153)
_UNICODE: Final = (70, 67)


@dataclass(frozen=True, slots=True)
class Length:
    """``letters``: places taken, of ``encoding``; ``parts``: messages that are paid for."""

    letters: int
    parts: int
    encoding: str


@without_basis("chuẩn kỹ thuật GSM 03.38, 3GPP TS 23.040")
def measured(text: str) -> Length:
    """The length of a text. 160 plain letters are one part, 161 two of 153; with one "ạ" 70 are one, 71 two of 67."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        places = [2 if letter in _EXTENDED else 1 for letter in text]
        return Length(sum(places), _parts(places, _GSM), "GSM")
    places = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    return Length(sum(places), _parts(places, _UNICODE), "Unicode")


def _parts(places: list[int], bounds: tuple[int, int]) -> int:
    """A letter of two places is not cut between two parts."""
    alone, within = bounds
    if sum(places) <= alone:
        return 1
    parts, used = 1, 0
    for taken in places:
        if used + taken > within:
            parts, used = parts + 1, 0
        used += taken
    return parts


@without_basis("giờ yên tĩnh do chi nhánh đặt")
def is_quiet(moment: datetime, quiet_from: int, quiet_until: int) -> bool:
    """Whether nothing may leave at that hour: from 20 to 7 quiet, 19:59 and 7:00 not."""
    hour = moment.hour
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until
