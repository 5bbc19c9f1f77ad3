"""The units of a province, made from the packaged lists, into the database; idempotent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, models, transaction
from psycopg import sql

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


def _copy(model: type[models.Model], columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Rows by COPY: half the time of inserts."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns.split()))
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), names)
    with connection.cursor() as cursor, cursor.copy(command.as_string()) as copy:
        for row in rows:
            copy.write_row(row)


def _areas(rows: Rows) -> dict[str, int]:
    _copy(Area, "code level starts_on ends_on", rows.areas)
    ids = dict(Area.objects.values_list("code", "pk"))
    _copy(
        AreaProfile,
        "area_id name full_name type_name parent_id latitude longitude starts_on ends_on search",
        (
            (
                ids[r.area],
                *r[1:4],
                ids.get(r.parent),
                r.latitude or None,
                r.longitude or None,
                *r[7:],
                fold(r.full_name),
            )
            for r in rows.area_names
        ),
    )
    _copy(
        AreaSuccession,
        "predecessor_id successor_id on portion basis note",
        ((ids[r.predecessor], ids[r.successor], *r[2:]) for r in rows.area_heirs),
    )
    return ids


def _organisations(rows: Rows, areas: dict[str, int]) -> dict[str, int]:
    _copy(Organisation, "code type kind level starts_on ends_on", rows.units.values())
    ids = dict(Organisation.objects.values_list("code", "pk"))
    _copy(
        OrganisationProfile,
        "organisation_id name short_name symbol place_name parent_id area_id starts_on ends_on search",
        (
            (
                ids[r.organisation],
                *r[1:5],
                ids.get(r.parent),
                areas.get(r.area),
                *r[7:],
                fold(f"{r.name} {r.short_name}")[:320],
            )
            for r in rows.profiles
        ),
    )
    _copy(
        OrganisationSuccession,
        "predecessor_id successor_id on share takes_duties basis note",
        ((ids[r.predecessor], ids[r.successor], *r[2:]) for r in rows.heirs),
    )
    _copy(
        ServedArea,
        "office_id area_id starts_on ends_on",
        ((ids[r.office], areas[r.area], *r[2:]) for r in rows.served),
    )
    return ids
