"""Communes as bubbles: where they lie, how large, in which of five tints; and the list that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from tdcs.core import law
from tdcs.indicators.views.cells import EMPTY, Cell, Line
from tdcs.indicators.views.request_params import RequestParams
from tdcs.indicators.views.wording import said
from tdcs.organisations.models import AreaProfile

TINTS: Final = 5
_LABELLED: Final = 12
_CRUMB: Final = 200


@dataclass(frozen=True, slots=True)
class Place:
    """``tint``: 0 to 4, the darker the more it asks for attention; None without a value."""

    id: int
    name: str
    cell: Cell
    size: int
    tint: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Band:
    """A tint of the legend: from the lowest to the highest value that wears it."""

    tint: int
    low: int
    high: int


def ranked(
    asked: RequestParams,
    rows: Mapping[int, Line],
    names: Mapping[int, str],
    key: str,
    size: str,
    low_is_bad: bool,
) -> tuple[list[Place], list[Band]]:
    """Places, worst first, and the legend. Equals wear the same tint."""
    bad_high = not low_is_bad
    valued = {unit: row.get(asked.code, EMPTY).value for unit, row in rows.items()}
    ordered = sorted(value for value in valued.values() if value is not None)
    tints = _tints(ordered, bad_high)
    page = reverse("indicators:overview")
    places = [
        Place(
            unit,
            names.get(unit, str(unit)),
            row.get(asked.code, EMPTY),
            row.get(size, EMPTY).value or 0,
            None if (value := valued[unit]) is None else tints[value],
            page + asked.address(**{key: unit}),
        )
        for unit, row in rows.items()
    ]
    places.sort(key=lambda place: _worst_first(place, bad_high))
    return places, _bands(ordered, tints)


def _worst_first(place: Place, bad_high: bool) -> tuple[bool, int, str]:
    value = place.cell.value
    return (value is None, 0 if value is None else -value if bad_high else value, place.name)


def _tints(ordered: Sequence[int], bad_high: bool) -> dict[int, int]:
    """Value → tint: equal parts of the different values; nought stands alone where less is better."""
    different = sorted(set(ordered))
    alone = [0] if bad_high and different[:1] == [0] and len(different) > 1 else []
    rest = different[len(alone) :]
    parts = TINTS - len(alone)
    tints = dict.fromkeys(alone, 0)
    for at, value in enumerate(rest):
        part = at * parts // len(rest) + len(alone)
        tints[value] = part if bad_high else TINTS - 1 - part
    return tints


def _bands(ordered: Sequence[int], tints: Mapping[int, int]) -> list[Band]:
    found: dict[int, list[int]] = {}
    for value in ordered:
        found.setdefault(tints[value], []).append(value)
    return [Band(tint, values[0], values[-1]) for tint, values in sorted(found.items())]


def map_block(
    asked: RequestParams, places: Sequence[Place], unit: str, name: str, size_name: str
) -> dict[str, Any]:
    """What charts.js draws. Places without coordinates, or with under half a per cent of the whole, are in the list only."""
    where = _coordinates([place.id for place in places], asked)
    whole = sum(place.size for place in places)
    # A household that moved takes its loan along: crumbs far away would shrink an office's own communes to dots.
    large = [place for place in places if place.size * _CRUMB >= whole]
    shown = [place for place in large if place.id in where]
    labelled = {place.id for place in shown[:_LABELLED]}
    return {
        "kind": "map",
        "places": [
            {
                "name": place.name,
                "lat": where[place.id][0],
                "lon": where[place.id][1],
                "size": place.size,
                "text": said(place.cell.value, unit),
                "sizeText": said(place.size, "dong"),
                "tint": place.tint,
                "label": place.id in labelled or len(shown) <= _LABELLED * 2,
                "url": place.url,
            }
            for place in shown
        ],
        "neighbours": neighbours(),
        "left_out": len(places) - len(shown),
        "words": {
            "value": name,
            "size": size_name,
            "aria": _("Bản đồ các xã, phường; bảng bên cạnh có cùng số liệu."),
        },
    }


def _coordinates(ids: Sequence[int], asked: RequestParams) -> dict[int, tuple[float, float]]:
    rows = AreaProfile.objects.filter(
        area_id__in=ids, latitude__isnull=False, longitude__isnull=False
    )
    found = rows.order_by("starts_on").values_list("area_id", "latitude", "longitude")
    return {area: (float(lat), float(lon)) for area, lat, lon in found if lat and lon}


@law.remembered
def neighbours() -> list[dict[str, Any]]:
    """Names around the map."""
    rows = law.of_province("neighbours.yaml")
    return [{"name": r["name"], "lat": r["latitude"], "lon": r["longitude"]} for r in rows]
