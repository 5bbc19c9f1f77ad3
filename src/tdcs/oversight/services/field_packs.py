"""Devices of inspecting units, and the packs that they take along to an inspection with no network."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Final
from uuid import uuid4

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.core.text import squash
from tdcs.oversight.errors import (
    DeviceNotYours,
    NoInspectingBody,
    NotYourInspection,
    OversightStep,
)
from tdcs.oversight.models import Inspection, InspectionPack
from tdcs.oversight.queries.field import content_of, name_of
from tdcs.oversight.queries.scope import acts_for, on_the_team
from tdcs.oversight.services.moving import note, require_words
from tdcs.oversight.states import InspectionState
from tdcs.transaction_points.models import Device
from tdcs.transaction_points.rules.chain import FORM, canonical
from tdcs.transaction_points.services.chained import locked_pack
from tdcs.transaction_points.services.packs import enrol_device

# A team may be on its way for days in a remote commune.
_HOLDS: Final = timedelta(days=3)
_TAKEN_IN: Final = (InspectionState.PREPARED, InspectionState.OPEN)


def register_device(*, name: str, signing: str, agreement: str, by: User, on: date) -> Device:
    """A device of the person's own unit, which inspects. Raises NoInspectingBody, PointFieldWrong."""
    unit = own_organisation(by)
    if unit is None or not acts_for(by, unit):
        raise NoInspectingBody(unit=unit.code if unit else "–")
    return enrol_device(office=unit, name=name, signing=signing, agreement=agreement, by=by, on=on)


def revoke_device(*, device: Device, why: str, by: User, on: date) -> Device:
    """The device takes no pack any more, and those that it holds are void. Raises OversightReasonMissing, DeviceNotYours."""
    said = require_words(why)
    with transaction.atomic():
        row = Device.objects.select_for_update().get(pk=device.pk)
        _require_own(row, by)
        row.revoked_on, row.revoked_by, row.revoked_why = on, by, said[:200]
        row.save(update_fields=["revoked_on", "revoked_by", "revoked_why"])
        held = row.inspection_packs.filter(revoked_at=None)
        held.update(revoked_at=clock.now(), revoked_by=by)
        row.packs.filter(revoked_at=None).update(revoked_at=clock.now(), revoked_by=by)
        note(row, "revoke_device", by=by, on=on, why=said)
    return row


def revoke_pack(*, pack: InspectionPack, why: str, by: User, on: date) -> InspectionPack:
    """The pack is void: what comes in by it becomes a case. Raises OversightReasonMissing, NoInspectingBody."""
    said = require_words(why)
    with transaction.atomic():
        row = InspectionPack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
        if not acts_for(by, row.inspection.body_id):
            raise NoInspectingBody(unit=row.inspection.number)
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = clock.now(), by
            row.save(update_fields=["revoked_at", "revoked_by"])
            note(row.inspection, "revoke_pack", by=by, on=on, why=said, pack=str(row.key))
    return row


def _require_own(device: Device, by: User) -> None:
    unit = own_organisation(by)
    if unit is None or device.office_id != unit.pk or device.revoked_on is not None:
        raise DeviceNotYours


def take_pack(*, inspection: Inspection, device: Device, by: User, on: date) -> dict[str, object]:
    """The inspection's pack for a device of the person's unit: header, signature, body locked for the device.

    Raises NotYourInspection, OversightStep, DeviceNotYours.
    """
    if not on_the_team(by, inspection):
        raise NotYourInspection
    if inspection.state not in _TAKEN_IN:
        raise OversightStep(verb="Lấy gói kiểm tra", state=inspection.get_state_display())
    _require_own(device, by)
    body = canonical(content_of(inspection, on))
    moment = clock.now()
    with transaction.atomic():
        made = InspectionPack.objects.create(
            key=uuid4(),
            inspection=inspection,
            device=device,
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
            made_at=moment,
            made_by=by,
            expires_at=moment + _HOLDS,
        )
        note(
            inspection, "take_pack", by=by, on=on,
            pack=str(made.key), device=squash(device.name), sha256=made.sha256,
        )  # fmt: skip
    header = {
        "form": FORM,
        "pack": str(made.key),
        "session": name_of(inspection),
        "device": device.pk,
        "device_key": device.signing_key,
        "made_at": made.made_at.isoformat(),
        "expires_at": made.expires_at.isoformat(),
        "sha256": made.sha256,
    }
    return locked_pack(device, header, body)
