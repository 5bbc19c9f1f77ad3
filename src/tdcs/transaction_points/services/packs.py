"""Devices are registered and revoked; a session's pack is made for one device, signed, and locked so that no other reads it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import uuid4

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.organisations.models import Organisation
from tdcs.transaction_points.errors import (
    DeviceRevoked,
    MoveReasonMissing,
    NotOnTheTeam,
    PointFieldWrong,
    PointOutOfScope,
    SessionStep,
)
from tdcs.transaction_points.models import Device, Pack, TransactionSession
from tdcs.transaction_points.queries.holding import role_in
from tdcs.transaction_points.queries.pack import content_of
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.rules.chain import FORM, canonical
from tdcs.transaction_points.services import keys
from tdcs.transaction_points.services.chained import locked_pack
from tdcs.transaction_points.states import SessionState

# A pack holds through the morning after its session: data are handed in the same day or the next morning.
_HOLDS: Final = timedelta(days=1, hours=12)
_TAKEN_IN: Final = (SessionState.PREPARED, SessionState.OPEN)


def register_device(
    *, office: Organisation, name: str, signing: str, agreement: str, by: User, on: date
) -> Device:
    """A device of the person's office, by the public halves of its keys. Raises PointOutOfScope, PointFieldWrong."""
    if not plans_for(by, office.pk, on):
        raise PointOutOfScope(point=office.code)
    return enrol_device(
        office=office, name=name, signing=signing, agreement=agreement, by=by, on=on
    )


def enrol_device(
    *, office: Organisation, name: str, signing: str, agreement: str, by: User, on: date
) -> Device:
    """A device of a unit for which the caller has seen that ``by`` may register it. Raises PointFieldWrong."""
    if not name.strip():
        raise PointFieldWrong(field="tên thiết bị", why="chưa ghi")
    signing, agreement = signing.strip().lower(), agreement.strip().lower()
    if not keys.is_signing_key(signing) or Device.objects.filter(signing_key=signing).exists():
        raise PointFieldWrong(field="khóa ký", why="không hợp lệ, hoặc đã đăng ký")
    if not keys.is_agreement_key(agreement):
        raise PointFieldWrong(field="khóa mã hóa", why="không hợp lệ")
    with transaction.atomic():
        made = Device.objects.create(
            office=office,
            name=squash(name)[:80],
            signing_key=signing,
            agreement_key=agreement,
            registered_on=on,
            registered_by=by,
        )
        trail.record(
            action="points.register_device", subject=made, by=by, on=on, data={"name": made.name}
        )
    return made


def revoke_device(*, device: Device, why: str, by: User, on: date) -> Device:
    """The device takes no pack any more, and those that it holds are revoked. Raises MoveReasonMissing, PointOutOfScope."""
    if not why.strip():
        raise MoveReasonMissing
    with transaction.atomic():
        row = Device.objects.select_for_update().get(pk=device.pk)
        if not plans_for(by, row.office_id, on):
            raise PointOutOfScope(point=row.name)
        if row.revoked_on is None:
            row.revoked_on, row.revoked_by, row.revoked_why = on, by, squash(why)[:200]
            row.save(update_fields=["revoked_on", "revoked_by", "revoked_why"])
            row.packs.filter(revoked_at=None).update(revoked_at=clock.now(), revoked_by=by)
            trail.record(action="points.revoke_device", subject=row, by=by, on=on, why=squash(why))
    return row


def revoke_pack(*, pack: Pack, why: str, by: User, on: date) -> Pack:
    """The pack is void: what is done by it from now on becomes a case. Raises MoveReasonMissing, PointOutOfScope."""
    if not why.strip():
        raise MoveReasonMissing
    with transaction.atomic():
        row = Pack.objects.select_for_update().select_related("session").get(pk=pack.pk)
        if not plans_for(by, row.session.office_id, on):
            raise PointOutOfScope(point=row.session.point.code)
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = clock.now(), by
            row.save(update_fields=["revoked_at", "revoked_by"])
            trail.record(action="points.revoke_pack", subject=row, by=by, on=on, why=squash(why))
    return row


def take_pack(
    *, session: TransactionSession, device: Device, by: User, on: date
) -> dict[str, object]:
    """The session's pack for a device of its office, taken by one of its team: header, signature, locked body.

    Raises NotOnTheTeam, SessionStep, DeviceRevoked, PointOutOfScope.
    """
    if not role_in(by, session):
        raise NotOnTheTeam(role="thành viên tổ giao dịch")
    if session.state not in _TAKEN_IN:
        raise SessionStep(verb="Lấy gói phiên giao dịch", state=session.get_state_display())
    if device.office_id != session.office_id:
        raise PointOutOfScope(point=session.point.code)
    if device.revoked_on is not None:
        raise DeviceRevoked(device=device.name, day=device.revoked_on)
    body = canonical(content_of(session))
    expires = datetime.combine(session.held_on, time(0), clock.ZONE) + _HOLDS
    with transaction.atomic():
        made = Pack.objects.create(
            key=uuid4(),
            session=session,
            device=device,
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
            made_at=clock.now(),
            made_by=by,
            expires_at=expires,
        )
        trail.record(
            action="points.take_pack",
            subject=session,
            by=by,
            on=on,
            data={"pack": str(made.key), "device": device.name, "sha256": made.sha256},
        )
    header = {
        "form": FORM,
        "pack": str(made.key),
        "session": session.pk,
        "device": device.pk,
        "device_key": device.signing_key,
        "made_at": made.made_at.isoformat(),
        "expires_at": expires.isoformat(),
        "sha256": made.sha256,
    }
    return locked_pack(device, header, body)
