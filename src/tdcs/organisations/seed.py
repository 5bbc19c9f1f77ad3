"""The units of a province, made from the packaged lists, into the database; idempotent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from tdcs.core import clock, law, trail
from tdcs.core.text import fold
from tdcs.organisations import packaged
from tdcs.organisations.models import (
    Area,
    AreaProfile,
    AreaSuccession,
    Organisation,
    OrganisationProfile,
    OrganisationSuccession,
    ServedArea,
)
from tdcs.organisations.packaged import PackagedProvince
from tdcs.organisations.standard import units_of
from tdcs.organisations.standard.place import Own
from tdcs.organisations.standard.rows import Rows


def load(*, on: date | None = None) -> int:
    """Create the units of the installation's province when none are there; returns how many organisations there are.

    Nothing before a province is set up. Never overwrites.
    """
    day = on or clock.today()
    slug = law.chosen_province()
    if slug and not Organisation.objects.exists():
        create(province=packaged.find(slug, day), by=None, on=day)
    return Organisation.objects.count()


def create(*, province: PackagedProvince, by: models.Model | None, on: date) -> None:
    """The units of a province into a database without units, with one line of the trail."""
    rows = units_of(province, own_of(province.slug))
    with transaction.atomic():
        areas = _areas(rows)
        units = _organisations(rows, areas)
        trail.record(
            action="organisations.load",
            subject="law/organisations",
            by=by,
            on=on,
            data={"province": province.slug, "organisations": len(units), "areas": len(areas)},
        )


def own_of(slug: str) -> Own:
    """What a province says of its own units; nothing where it has no such file."""
    file = f"provinces/{slug}/units.yaml"
    own: Own = law.load(file) if law.path(file).is_file() else {}
    return own


def _create(model: type[models.Model], rows: list[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=1000)


def _degrees(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _areas(rows: Rows) -> dict[str, int]:
    _create(Area, [Area(**row._asdict()) for row in rows.areas])
    ids = dict(Area.objects.values_list("code", "pk"))
    _create(
        AreaProfile,
        [
            AreaProfile(
                area_id=ids[r.area],
                name=r.name,
                full_name=r.full_name,
                type_name=r.type_name,
                parent_id=ids.get(r.parent),
                latitude=_degrees(r.latitude),
                longitude=_degrees(r.longitude),
                search=fold(r.full_name),
                starts_on=r.starts_on,
                ends_on=r.ends_on,
            )
            for r in rows.area_names
        ],
    )
    _create(
        AreaSuccession,
        [
            AreaSuccession(
                predecessor_id=ids[r.predecessor],
                successor_id=ids[r.successor],
                on=r.on,
                portion=r.portion,
                basis=r.basis,
                note=r.note,
            )
            for r in rows.area_heirs
        ],
    )
    return ids


def _organisations(rows: Rows, areas: dict[str, int]) -> dict[str, int]:
    _create(Organisation, [Organisation(**row._asdict()) for row in rows.units.values()])
    ids = dict(Organisation.objects.values_list("code", "pk"))
    _create(
        OrganisationProfile,
        [
            OrganisationProfile(
                organisation_id=ids[r.organisation],
                name=r.name,
                short_name=r.short_name,
                symbol=r.symbol,
                place_name=r.place_name,
                parent_id=ids.get(r.parent),
                area_id=areas.get(r.area),
                search=fold(f"{r.name} {r.short_name}")[:320],
                starts_on=r.starts_on,
                ends_on=r.ends_on,
            )
            for r in rows.profiles
        ],
    )
    _create(
        OrganisationSuccession,
        [
            OrganisationSuccession(
                predecessor_id=ids[r.predecessor],
                successor_id=ids[r.successor],
                on=r.on,
                share=r.share,
                takes_duties=r.takes_duties,
                basis=r.basis,
                note=r.note,
            )
            for r in rows.heirs
        ],
    )
    _create(
        ServedArea,
        [
            ServedArea(
                office_id=ids[r.office],
                area_id=areas[r.area],
                starts_on=r.starts_on,
                ends_on=r.ends_on,
            )
            for r in rows.served
        ],
    )
    return ids
