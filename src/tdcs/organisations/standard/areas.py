"""Areas of a province and their lineage over 1/7/2025."""

from __future__ import annotations

from tdcs.organisations.packaged import MERGER, START, Commune, District
from tdcs.organisations.standard.place import Place, Span, full_name
from tdcs.organisations.standard.rows import AreaName, AreaRow, Rows


def add(rows: Rows, place: Place) -> None:
    """The province and its parts, districts and communes of before, communes of today."""
    _provinces(rows, place)
    _before(rows, place)
    for one in place.lists.communes[place.province.code]:
        rows.areas.append(AreaRow(one.code, "commune", MERGER, None))
        _named(rows, one, full_name(one), place.province.code, ends=False)
    _lineage(rows, place)


def _provinces(rows: Rows, place: Place) -> None:
    parts = (place.home, *place.joined)
    for part in parts:
        rows.areas.append(AreaRow(part, "province", START, MERGER if place.merged else None))
        for span in place.part_spans(part):
            rows.area_names.append(_of_span(span))
    if not place.merged:
        return
    rows.areas.append(AreaRow(place.province.code, "province", MERGER, None))
    for span in place.spans:
        if span.area == place.province.code:
            rows.area_names.append(_of_span(span))
    for part in parts:
        rows.area_heir(part, place.province.code, "whole")


def _of_span(span: Span) -> AreaName:
    return AreaName(
        span.area,
        span.name,
        f"{span.word} {span.name}",
        span.word,
        "",
        "",
        "",
        span.starts_on,
        span.ends_on,
    )


def _named(rows: Rows, one: District | Commune, full: str, parent: str, *, ends: bool) -> None:
    days = (START, MERGER) if ends else (MERGER, None)
    rows.area_names.append(
        AreaName(one.code, one.name, full, one.word, parent, one.latitude, one.longitude, *days)
    )


def _before(rows: Rows, place: Place) -> None:
    seen: set[str] = set()

    def district(code: str) -> None:
        if code not in seen:
            seen.add(code)
            one = place.districts[code]
            rows.areas.append(AreaRow(code, "district", START, MERGER))
            _named(rows, one, full_name(one), one.province, ends=True)

    for commune in place.old_communes:
        district(commune.above)
        rows.areas.append(AreaRow(commune.code, "commune", START, MERGER))
        _named(rows, commune, full_name(commune), commune.above, ends=True)
    for code in place.districts:
        district(code)


def _lineage(rows: Rows, place: Place) -> None:
    for commune in place.old_communes:
        portion = "whole" if len(commune.into) == 1 else "part"
        for heir in commune.into:
            rows.area_heir(commune.code, heir, portion)
    for code, one in place.districts.items():
        for heir in place.heirs_of(one):
            rows.area_heir(code, heir, "part")
