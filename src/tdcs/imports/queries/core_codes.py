"""What codes and names of the core mean in the registers of this system, on the day of an extract."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

from tdcs.core.text import fold, nfc, squash
from tdcs.organisations.models import (
    Kind,
    Organisation,
    OrganisationProfile,
    ServedArea,
    living_on,
)
from tdcs.organisations.queries import communes_by_name

# The core's code of a mass organisation → its type here.
MASS: Final = {
    "11": "hoi-nong-dan",
    "12": "hoi-phu-nu",
    "13": "hoi-cuu-chien-binh",
    "14": "doan-thanh-nien",
}
_TYPES: Final = ("xã ", "phường ", "thị trấn ", "đặc khu ")


def _written(name: str) -> str:
    return squash(nfc(name)).lower()


def _bare(name: str) -> str:
    """A commune's name without its kind: "xã La Ngà" and "La Ngà" are one."""
    words = _written(name)
    return next((words.removeprefix(one) for one in _TYPES if words.startswith(one)), words)


class Communes:
    """Communes of a day by their names; of several with one name the one that the office serves.

    Accents tell Lộc Thạnh from Lộc Thành; a name without them is taken where it can mean one commune only.
    """

    def __init__(self, office: Organisation, day: date) -> None:
        self._named: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for area, name in communes_by_name(day):
            self._named[fold(_bare(name))].append((name, area))
        served = ServedArea.objects.filter(living_on(day), office=office)
        self._served = set(served.values_list("area_id", flat=True))

    def area(self, name: str | None) -> int | None:
        """The commune that a name means; none where no or several communes may be meant."""
        asked = name or ""
        found = self._named.get(fold(_bare(asked)), [])
        same = [area for words, area in found if _written(words) == _written(asked)]
        named = [area for words, area in found if _bare(words) == _bare(asked)]
        areas = same or named or [area for _, area in found]
        own = [area for area in areas if area in self._served] or areas
        return own[0] if len(own) == 1 else None


def mass_organisations(day: date) -> dict[tuple[str, int], int]:
    """(the core's code, commune) → the mass organisation of the commune on a day."""
    rows = OrganisationProfile.objects.filter(
        living_on(day),
        organisation__kind=Kind.MASS_ORGANISATION,
        organisation__type__in=MASS.values(),
        organisation__level="commune",
        area__isnull=False,
    )
    codes = {kind: code for code, kind in MASS.items()}
    return {
        (codes[kind], area): unit
        for kind, area, unit in rows.values_list("organisation__type", "area", "organisation")
    }
