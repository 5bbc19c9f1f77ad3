"""How far a place is from where it should be."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final

from tdcs.core.basis import without_basis

_EARTH_METRES: Final = 6_371_000


@without_basis("khoảng cách trên mặt đất")
def metres_between(first: tuple[float, float], second: tuple[float, float]) -> int:
    """Metres between two places (latitude, longitude in degrees), along the great circle."""
    north, east = (radians(second[0] - first[0]), radians(second[1] - first[1]))
    part = sin(north / 2) ** 2
    part += cos(radians(first[0])) * cos(radians(second[0])) * sin(east / 2) ** 2
    return round(2 * _EARTH_METRES * asin(sqrt(part)))
