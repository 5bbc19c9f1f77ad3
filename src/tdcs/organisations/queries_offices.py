"""Offices and points of a day as rows of the workbook."""

from __future__ import annotations

from datetime import date

from tdcs.organisations.models import (
    AreaProfile,
    Kind,
    OrganisationProfile,
    ServedArea,
    TransactionPointProfile,
    living_on,
)

_CODE = "nhcsxh-pgd@"
_SHORT = "PGD NHCSXH "


def office_lines(on: date) -> list[list[str]]:
    """Code, name, communes, address, first day of each confirmed office; none of the assumed ones."""
    names = _communes(on)
    serves: dict[int, list[str]] = {}
    for office, area in ServedArea.objects.filter(living_on(on)).values_list(
        "office_id", "area_id"
    ):
        if area in names:
            serves.setdefault(office, []).append(names[area])
    rows = OrganisationProfile.objects.filter(
        living_on(on), organisation__kind=Kind.TRANSACTION_OFFICE
    ).exclude(organisation__code__startswith=f"{_CODE}d")
    return [
        [
            row.organisation.code.removeprefix(_CODE),
            row.short_name.removeprefix(_SHORT),
            "; ".join(sorted(serves.get(row.organisation_id, []))),
            row.address,
            f"{row.organisation.starts_on:%d/%m/%Y}",
        ]
        for row in rows.select_related("organisation").order_by("organisation__code")
    ]


def point_lines(on: date) -> list[list[str]]:
    """Code, name, commune, day, hours, place, coordinates, first day of each point."""
    names = _communes(on)
    rows = TransactionPointProfile.objects.filter(living_on(on)).select_related("point")
    return [
        [
            row.point.code,
            row.name,
            names.get(row.area_id, ""),
            str(row.session_day),
            row.hours,
            row.place,
            f"{row.latitude}, {row.longitude}" if row.latitude and row.longitude else "",
            f"{row.point.starts_on:%d/%m/%Y}",
        ]
        for row in rows.order_by("point__code")
    ]


def _communes(on: date) -> dict[int, str]:
    rows = AreaProfile.objects.filter(living_on(on), area__level="commune")
    return dict(rows.values_list("area_id", "full_name"))
