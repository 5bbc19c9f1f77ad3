"""Load the units that ship with the system (law/organisations/*.csv); idempotent."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from tdcs.core import clock, law, trail
from tdcs.core.text import fold
from tdcs.organisations.models import (
    Area,
    AreaProfile,
    AreaSuccession,
    Organisation,
    OrganisationProfile,
    OrganisationSuccession,
    ServedArea,
)

Row = dict[str, str]


def load(*, on: date | None = None) -> int:
    """Create what is not there yet; returns the number of organisations that ship. Never overwrites."""
    with transaction.atomic():
        if Organisation.objects.exists():
            return Organisation.objects.count()
        areas = _areas()
        units = _organisations(areas)
        trail.record(
            action="organisations.load",
            subject="law/organisations",
            by=None,
            on=on or clock.today(),
            data={"organisations": len(units), "areas": len(areas)},
        )
    return len(units)


def _read(name: str) -> Iterator[Row]:
    with law.path(f"organisations/{name}").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _days(row: Row) -> dict[str, Any]:
    return {"starts_on": row["starts_on"], "ends_on": row["ends_on"] or None}


def _create(model: type[models.Model], rows: list[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=1000)


def _areas() -> dict[str, int]:
    _create(Area, [Area(code=r["code"], level=r["level"], **_days(r)) for r in _read("areas.csv")])
    ids = dict(Area.objects.values_list("code", "pk"))
    _create(
        AreaProfile,
        [
            AreaProfile(
                area_id=ids[r["area"]],
                name=r["name"],
                full_name=r["full_name"],
                type_name=r["type_name"],
                parent_id=ids.get(r["parent"]),
                latitude=Decimal(r["latitude"]) if r["latitude"] else None,
                longitude=Decimal(r["longitude"]) if r["longitude"] else None,
                search=fold(r["full_name"]),
                **_days(r),
            )
            for r in _read("area_profiles.csv")
        ],
    )
    _create(
        AreaSuccession,
        [
            AreaSuccession(
                predecessor_id=ids[r["predecessor"]],
                successor_id=ids[r["successor"]],
                on=r["on"],
                portion=r["portion"],
                basis=r["basis"],
                note=r["note"],
            )
            for r in _read("area_successions.csv")
        ],
    )
    return ids


def _organisations(areas: dict[str, int]) -> dict[str, int]:
    _create(
        Organisation,
        [
            Organisation(
                code=r["code"], type=r["type"], kind=r["kind"], level=r["level"], **_days(r)
            )
            for r in _read("organisations.csv")
        ],
    )
    ids = dict(Organisation.objects.values_list("code", "pk"))
    _create(
        OrganisationProfile,
        [
            OrganisationProfile(
                organisation_id=ids[r["organisation"]],
                name=r["name"],
                short_name=r["short_name"],
                symbol=r["symbol"],
                place_name=r["place_name"],
                parent_id=ids.get(r["parent"]),
                area_id=areas.get(r["area"]),
                search=fold(f"{r['name']} {r['short_name']}")[:320],
                **_days(r),
            )
            for r in _read("organisation_profiles.csv")
        ],
    )
    _create(
        OrganisationSuccession,
        [
            OrganisationSuccession(
                predecessor_id=ids[r["predecessor"]],
                successor_id=ids[r["successor"]],
                on=r["on"],
                share=r["share"],
                takes_duties=r["takes_duties"] == "true",
                basis=r["basis"],
                note=r["note"],
            )
            for r in _read("organisation_successions.csv")
        ],
    )
    _create(
        ServedArea,
        [
            ServedArea(office_id=ids[r["office"]], area_id=areas[r["area"]], **_days(r))
            for r in _read("offices_served.csv")
        ],
    )
    return ids
