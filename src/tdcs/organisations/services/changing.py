"""Changes to units: a unit ceases into its successors, a unit takes a new name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from tdcs.core import trail
from tdcs.core.ending import require_free
from tdcs.core.text import fold
from tdcs.organisations.errors import AlreadyCeased, BadSuccessor, ShareMissing
from tdcs.organisations.models import (
    Organisation,
    OrganisationProfile,
    OrganisationSuccession,
    Share,
)


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
        held = OrganisationProfile.objects.select_for_update().on(on).get(organisation=organisation)
        made = OrganisationProfile(
            organisation=organisation,
            name=name.strip()[:200],
            short_name=short_name.strip()[:120],
            symbol=held.symbol,
            place_name=held.place_name,
            parent_id=held.parent_id,
            area_id=held.area_id,
            starts_on=on,
            ends_on=held.ends_on,
            search=fold(f"{name} {short_name}")[:320],
        )
        if held.starts_on == on:
            held.delete()
        else:
            held.ends_on = on
            held.save(update_fields=["ends_on"])
        made.save()
        trail.record(action="organisations.rename", subject=organisation, by=by, on=on, why=basis)
    return made


def _end_profiles(unit: Organisation, on: date) -> None:
    OrganisationProfile.objects.filter(organisation=unit, starts_on__gte=on).delete()
    OrganisationProfile.objects.on(on).filter(organisation=unit).update(ends_on=on)


def _name(unit: Organisation) -> str:
    row = unit.profiles.order_by("-starts_on").first()
    return row.short_name if row else unit.code
