"""A province is set up in an installation: its overlay in the home, its units in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from django.db import connection, models, transaction

from tdcs.core import law
from tdcs.core.files import atomic_write
from tdcs.core.home import home
from tdcs.organisations import packaged, seed
from tdcs.organisations.errors import OtherProvinceHere
from tdcs.organisations.models import Area, Kind, Level, Organisation, living_on
from tdcs.organisations.packaged import PackagedProvince
from tdcs.organisations.queries import assumed_offices
from tdcs.organisations.standard.bank import offices
from tdcs.organisations.standard.place import place_of

# Two people who set a province up at once: the second waits and finds it done.
_LOCK = 20250701


@dataclass(frozen=True, slots=True)
class Counts:
    """What a province that is set up has. ``communes``: those of the day; ``assumed_offices``: none said they exist."""

    slug: str
    name: str
    areas: int
    communes: int
    organisations: int
    offices: int
    assumed_offices: int


def set_up_province(*, slug: str, by: models.Model | None, on: date) -> Counts:
    """Write the province's overlay into the installation's home and load its units; again, it changes nothing.

    Raises ProvinceUnknown, ProvinceMerged, and OtherProvinceHere when the database has units of another province.
    """
    province = packaged.find(slug, on)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        held = province_held(on)
        if held is not None and held != province.slug:
            names = {one.slug: one.full_name() for one in packaged.provinces(on)}
            raise OtherProvinceHere(held=names.get(held, held), wanted=province.full_name())
        if held is None:
            seed.create(province=province, by=by, on=on)
        _write_overlay(province)
    return _counted(province, on)


def keep_choice(on: date) -> None:
    """An installation whose database has a province but whose home does not say which: the home says so from now on."""
    if law.chosen_province():
        return
    held = province_held(on)
    if held:
        _write_overlay(packaged.find(held, on))


def province_held(on: date) -> str | None:
    """The slug of the province whose units the database has; "" for units of no packaged one, None for none at all."""
    if not Organisation.objects.exists():
        return None
    codes = set(Area.objects.filter(level=Level.PROVINCE).values_list("code", flat=True))
    return next((one.slug for one in packaged.provinces(on) if one.code in codes), "")


def _counted(province: PackagedProvince, on: date) -> Counts:
    communes = Area.objects.filter(living_on(on), level=Level.COMMUNE)
    held = Organisation.objects.filter(living_on(on), kind=Kind.TRANSACTION_OFFICE)
    return Counts(
        slug=province.slug,
        name=province.full_name(),
        areas=Area.objects.count(),
        communes=communes.count(),
        organisations=Organisation.objects.count(),
        offices=held.count(),
        assumed_offices=len(assumed_offices(on)),
    )


def _write_overlay(province: PackagedProvince) -> None:
    """The files that do not ship for this province, then which province it is; a file that is there stays."""
    folder = home() / "provinces" / province.slug
    for name, (words, content) in _overlay(province).items():
        if not law.path(f"provinces/{province.slug}/{name}").is_file():
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=130)
            atomic_write(folder / name, f"# {words}\n{text}".encode())
    atomic_write(home() / law.CHOSEN, f"{province.slug}\n".encode())
    law.forget()


def _overlay(province: PackagedProvince) -> dict[str, tuple[str, Any]]:
    lists = packaged.listed()
    names = lists.names[province.home]
    if province.code != province.home:
        names = [*names, *lists.names[province.code]]
    kinds = [
        {
            "from": named.starts_on,
            "kind": "city" if named.word == "thành phố" else "province",
            "word": named.word,
        }
        for named in names
    ]
    own = seed.own_of(province.slug)
    assumed = [dict(one) for one in offices(place_of(province, own))]
    return {
        "province.yaml": (
            "The province of an installation: code of its area, its name, and what kind of unit it is by date.",
            {"code": province.home, "name": province.name, "kinds": kinds},
        ),
        "capital.yaml": (
            "Capital sources of the province; communes' own money is added as its investors sign.",
            [
                {
                    "code": "TW",
                    "name": "Vốn trung ương",
                    "tier": "central",
                    "from": date(2003, 1, 1),
                },
                {
                    "code": "DP-TINH",
                    "name": "Vốn ngân sách cấp tỉnh ủy thác",
                    "tier": "local",
                    "investor": f"ubnd@{province.home}",
                    "from": date(2003, 1, 1),
                },
            ],
        ),
        "units.yaml": (
            "Offices marked assumed: one for each district of before outside the seat of the branch. Correct them.",
            {"offices": assumed},
        ),
    }
