"""Changes to units: a unit ceases into its successors, takes a new name, or is added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import models, transaction

from tdcs.core import trail
from tdcs.core.ending import require_free
from tdcs.core.text import fold, squash
from tdcs.organisations import catalogue
from tdcs.organisations.errors import (
    AlreadyCeased,
    BadSuccessor,
    ShareMissing,
    UnitCodeTaken,
    UnitIncomplete,
)
from tdcs.organisations.models import (
    Level,
    Organisation,
    OrganisationProfile,
    OrganisationSuccession,
    Share,
)

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9.-]*(@[a-z0-9]+)?")


@dataclass(frozen=True, slots=True)
class Heir:
    """One successor and what it takes; ``note`` names the part when share is "named"."""

    organisation: Organisation
    share: str = ""
    takes_duties: bool = True
    note: str = ""


def record_succession(
    *, predecessor: Organisation, heirs: list[Heir], basis: str, by: models.Model | None, on: date
) -> None:
    """The predecessor ceases on ``on`` and its heirs go on.

    Raises AlreadyCeased, BadSuccessor, ShareMissing, and StillNeeded while it has roles, groups, loans, savings, cash or
    sources of capital: they are moved to an heir first.
    """
    with transaction.atomic():
        unit = Organisation.objects.select_for_update().get(pk=predecessor.pk)
        name = _name(unit)
        if unit.ends_on is not None:
            raise AlreadyCeased(unit=name, on=f"{unit.ends_on:%d/%m/%Y}")
        _check(unit, name, heirs, on)
        require_free("organisation", unit, name=name, last=on, on=on)
        OrganisationSuccession.objects.bulk_create(
            OrganisationSuccession(
                predecessor=unit,
                successor=heir.organisation,
                on=on,
                share=heir.share or Share.WHOLE,
                takes_duties=heir.takes_duties,
                basis=basis[:80],
                note=heir.note[:300],
            )
            for heir in heirs
        )
        unit.ends_on = on
        unit.save(update_fields=["ends_on"])
        _end_profiles(unit, on)
        trail.record(
            action="organisations.succeed",
            subject=unit,
            by=by,
            on=on,
            why=basis,
            data={"heirs": [heir.organisation.code for heir in heirs]},
        )


def _check(unit: Organisation, name: str, heirs: list[Heir], on: date) -> None:
    living = all(
        heir.organisation.starts_on <= on
        and (heir.organisation.ends_on is None or heir.organisation.ends_on > on)
        for heir in heirs
    )
    others = {heir.organisation.pk for heir in heirs}
    if (
        not heirs
        or unit.pk in others
        or len(others) < len(heirs)
        or not living
        or on <= unit.starts_on
    ):
        raise BadSuccessor(on=f"{on:%d/%m/%Y}")
    said = all(
        heir.share == Share.AREA or (heir.share == Share.NAMED and heir.note.strip())
        for heir in heirs
    )
    if len(heirs) > 1 and (not said or not any(heir.takes_duties for heir in heirs)):
        raise ShareMissing(unit=name, count=len(heirs))


def rename(
    *,
    organisation: Organisation,
    name: str,
    short_name: str,
    basis: str,
    by: models.Model | None,
    on: date,
) -> OrganisationProfile:
    """A new name from ``on``; the old profile ends that day."""
    with transaction.atomic():
        if not name.strip() or not short_name.strip():
            raise UnitIncomplete(why="thiếu tên")
        made = restate(
            organisation, on, name=name.strip()[:200], short_name=short_name.strip()[:120]
        )
        trail.record(action="organisations.rename", subject=organisation, by=by, on=on, why=basis)
    return made


def restate(organisation: Organisation, on: date, **changed: Any) -> OrganisationProfile:
    """The profile of a day with some fields changed from that day; the caller's transaction and trail."""
    rows = OrganisationProfile.objects.select_for_update().on(on).filter(organisation=organisation)
    held = rows.first()
    if held is None:
        last = organisation.ends_on or organisation.starts_on
        raise AlreadyCeased(unit=_name(organisation), on=f"{last:%d/%m/%Y}")
    kept = ("name", "short_name", "symbol", "place_name", "parent_id", "area_id", "address")
    fields = {name: getattr(held, name) for name in kept} | changed
    search = fold(f"{fields['name']} {fields['short_name']}")[:320]
    made = OrganisationProfile(
        organisation=organisation, starts_on=on, ends_on=held.ends_on, search=search, **fields
    )
    if held.starts_on == on:
        held.delete()
    else:
        held.ends_on = on
        held.save(update_fields=["ends_on"])
    made.save()
    return made


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that the packaged lists do not have. ``type``: a code of the catalogue."""

    code: str
    type: str
    level: str
    name: str
    short_name: str
    parent: Organisation | None


def add_unit(*, unit: NewUnit, basis: str, by: models.Model | None, on: date) -> Organisation:
    """A unit lives from ``on``. Raises UnitCodeTaken, UnitIncomplete."""
    code, name, short = unit.code.strip(), squash(unit.name), squash(unit.short_name)
    entry = catalogue.entries().get(unit.type)
    if not _CODE.fullmatch(code) or Organisation.objects.filter(code=code).exists():
        raise UnitCodeTaken(words=code)
    if not name or not short:
        raise UnitIncomplete(why="thiếu tên")
    if entry is None or not entry.kind or unit.level not in Level.values:
        raise UnitIncomplete(why="chưa chọn loại hoặc cấp")
    above = unit.parent.profiles.on(on).first() if unit.parent else None
    if unit.parent is not None and above is None:
        raise UnitIncomplete(why="đơn vị cấp trên không hoạt động trong ngày ấy")
    with transaction.atomic():
        made = Organisation.objects.create(
            code=code, type=unit.type, kind=entry.kind, level=unit.level, starts_on=on
        )
        OrganisationProfile.objects.create(
            organisation=made,
            name=name[:200],
            short_name=short[:120],
            place_name=above.place_name if above else "",
            parent=unit.parent,
            area_id=above.area_id if above else None,
            starts_on=on,
            search=fold(f"{name} {short}")[:320],
        )
        trail.record(action="organisations.add", subject=made, by=by, on=on, why=basis)
    return made


def _end_profiles(unit: Organisation, on: date) -> None:
    OrganisationProfile.objects.filter(organisation=unit, starts_on__gte=on).delete()
    OrganisationProfile.objects.on(on).filter(organisation=unit).update(ends_on=on)


def _name(unit: Organisation) -> str:
    row = unit.profiles.order_by("-starts_on").first()
    return row.short_name if row else unit.code
