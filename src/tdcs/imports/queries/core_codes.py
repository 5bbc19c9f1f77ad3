"""What codes and names of the core mean in the registers of this system, on the day of an extract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from tdcs.core.text import fold, nfc, squash
from tdcs.organisations.models import (
    Kind,
    Organisation,
    OrganisationProfile,
    ServedArea,
    living_on,
)
from tdcs.organisations.queries import communes_by_name
from tdcs.organisations.queries_areas import area_successors, ended_communes, offices_by_commune

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


def _meant(asked: str, named: Mapping[str, list[tuple[str, int]]]) -> list[int]:
    """Areas of a name: with its kind and accents, else without its kind, else without accents."""
    found = named.get(fold(_bare(asked)), [])
    same = [area for words, area in found if _written(words) == _written(asked)]
    near = [area for words, area in found if _bare(words) == _bare(asked)]
    return same or near or [area for _, area in found]


class Communes:
    """Communes of a day by their names; of several with one name the one that the office serves.

    Accents tell Lộc Thạnh from Lộc Thành; a name without them is taken where it can mean one commune only. An extract
    that still names a commune which has ended by the day means the one in whose place that stands: Túc Trưng after
    30/6/2025 is La Ngà; Xuân Tâm, which was divided, is the part that the office serves.
    """

    def __init__(self, office: Organisation, day: date) -> None:
        self._named: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._ended: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for area, name in communes_by_name(day):
            self._named[fold(_bare(name))].append((name, area))
        ended = ended_communes(day)
        for area, name in ended:
            self._ended[fold(_bare(name))].append((name, area))
        served = ServedArea.objects.filter(living_on(day), office=office)
        self._heirs = area_successors([area for area, _ in ended], day)
        self._served = set(served.values_list("area_id", flat=True))

    def area(self, name: str | None) -> int | None:
        """The commune that a name means; none where no or several communes may be meant."""
        asked = name or ""
        living = _meant(asked, self._named)
        of_old = _meant(asked, self._ended)
        heirs = sorted({heir for area in of_old for heir in self._heirs[area]})
        own = [[area for area in areas if area in self._served] for areas in (living, heirs)]
        areas = own[0] or own[1] or living or heirs
        return areas[0] if len(areas) == 1 else None


def placed(rows: pl.DataFrame, office: Organisation, day: date) -> pl.DataFrame:
    """``rows`` with ``area``, the commune that their ``commune_name`` means."""
    communes = Communes(office, day)
    names = rows["commune_name"].fill_null("").unique(maintain_order=True)
    areas = pl.Series([communes.area(name) for name in names], dtype=pl.Int64)
    place = pl.DataFrame({"commune_name": names, "area": areas})
    rows = rows.with_columns(pl.col("commune_name").fill_null(""))
    return rows.join(place, on="commune_name", how="left", maintain_order="left")


def kept(rows: pl.DataFrame, office: Organisation, day: date) -> pl.DataFrame:
    """``placed`` with ``keeper``, the office that serves the commune."""
    rows = placed(rows, office, day)
    offices = offices_by_commune(day)
    keepers = [offices.get(area or 0) for area in rows["area"]]
    return rows.with_columns(keeper=pl.Series(keepers, dtype=pl.Int64))


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
