"""The log of a device at an inspection is taken in by pieces; its seal applies everything through the room's own services.

Nothing is applied before the seal: what was undone on the device never reaches the inspection. What cannot be applied is a
case for a person, and then the minutes wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.text import squash
from tdcs.documents.accepting import accept
from tdcs.documents.errors import FileRefused
from tdcs.oversight.errors import (
    DeviceNotYours,
    FieldCaseDecided,
    InspectionPackUnknown,
    NoInspectingBody,
    NotYourInspection,
)
from tdcs.oversight.models import Inspection, InspectionLine, InspectionPack, UploadedPhoto
from tdcs.oversight.queries.field import name_of
from tdcs.oversight.queries.scope import acts_for, on_the_team
from tdcs.oversight.services import field_lines
from tdcs.oversight.services.files import PHOTOS, keep
from tdcs.oversight.services.moving import note, require_words
from tdcs.oversight.states import FieldState
from tdcs.transaction_points.models import Device
from tdcs.transaction_points.rules.chain import BEGINNING, FORM, SEAL, VOID
from tdcs.transaction_points.services.chained import LineIn, Receipt, fresh_lines, proved

# What a device sends of a photo after it shrank it, and how many of an inspection.
MOST_BYTES: Final = 2 * 2**20
_MOST_PHOTOS: Final = 300


def take_in(
    *, inspection: Inspection, device: Device, lines: Sequence[LineIn], by: User, on: date
) -> Receipt:
    """A piece of the log, all of it or nothing; lines that are there already are passed over. The seal applies everything.

    Raises NotYourInspection, InspectionPackUnknown, and what a chain refuses: LogNotNext, LogForked, LogNotSigned, LogSealed.
    """
    if not on_the_team(by, inspection):
        raise NotYourInspection
    with transaction.atomic():
        Device.objects.select_for_update().get(pk=device.pk)
        # Two devices of one inspection wait for each other here.
        row = Inspection.objects.select_for_update().get(pk=inspection.pk)
        there = InspectionLine.objects.filter(device=device, inspection=row)
        known = dict(there.values_list("seq", "hash"))
        sealed = set(there.filter(kind=SEAL).values_list("seq", flat=True))
        fresh = _fresh(row, device, fresh_lines(device, name_of(row), lines, known, sealed))
        InspectionLine.objects.bulk_create(fresh)
        if fresh:
            last = fresh[-1].hash
            note(row, "take_log", by=by, on=on, device=device.name, lines=len(fresh), last=last)
        if any(one.kind == SEAL for one in fresh):
            _apply(row, device, by=by, on=on)
    return receipt(inspection, device)


def _fresh(row: Inspection, device: Device, lines: Iterable[LineIn]) -> list[InspectionLine]:
    team = {row.lead_id: row.lead}
    team |= {one.person_id: one.person for one in row.members.select_related("person")}
    packs = {one.key: one for one in InspectionPack.objects.filter(inspection=row, device=device)}
    moment, fresh = clock.now(), []
    for line in lines:
        try:
            pack = packs.get(UUID(str(line["pack"])))
        except ValueError:
            pack = None
        if pack is None:
            raise InspectionPackUnknown(pack=line["pack"])
        if line["by"] not in team:
            raise NotYourInspection
        fresh.append(
            InspectionLine(
                device=device,
                inspection=row,
                pack=pack,
                seq=line["seq"],
                kind=str(line["kind"])[:12],
                by=team[line["by"]],
                told_at=str(line["at"])[:40],
                data=line["data"],
                previous=line["previous"],
                hash=str(line["hash"]),
                signature=str(line["signature"]),
                received_at=moment,
            )
        )
    return fresh


def _apply(row: Inspection, device: Device, *, by: User, on: date) -> None:
    """What becomes of each line of a sealed log, in their order."""
    rows = InspectionLine.objects.filter(device=device, inspection=row, state=FieldState.RECEIVED)
    lines = list(rows.select_related("pack", "device", "by", "inspection").order_by("seq"))
    undone = {
        one.data.get("seq") for one in lines if one.kind == VOID and isinstance(one.data, dict)
    }
    taken = field_lines.taken_elsewhere(row, lines)
    fields = ["state", "counted_on", "problem", "problem_words"]
    for line in lines:
        if line.seq in undone:
            line.state = FieldState.VOIDED
        elif line.kind == VOID:
            line.state = FieldState.NOTED
        elif line.kind == SEAL:
            # Whether anything waits is asked of the table: the lines before stand in it by then.
            InspectionLine.objects.bulk_update(lines[:-1], fields)
            field_lines.try_line(line, on, taken)
        else:
            field_lines.try_line(line, on, taken)
    InspectionLine.objects.bulk_update(lines, fields)
    cases = sum(one.state == FieldState.CASE for one in lines)
    note(row, "apply_log", by=by, on=on, device=device.name, lines=len(lines), cases=cases)


def receipt(inspection: Inspection, device: Device) -> Receipt:
    """What is here of the device's log of an inspection: how many lines, the hash of the last, what became of them."""
    rows = InspectionLine.objects.filter(device=device, inspection=inspection)
    last = rows.order_by("-seq").first()
    states: dict[str, int] = {}
    for state in rows.values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    return proved(
        {
            "form": FORM,
            "session": name_of(inspection),
            "device": device.pk,
            "seq": last.seq if last else 0,
            "hash": last.hash if last else BEGINNING,
            "sealed": rows.filter(kind=SEAL).exists(),
            "states": states,
        }
    )


def take_photo(
    *, inspection: Inspection, device: Device, content: bytes, by: User, on: date
) -> UploadedPhoto:
    """Keeps a photo's bytes until the line that names them is applied; sent again they are there once.

    Raises NotYourInspection, DeviceNotYours, FileRefused.
    """
    if not on_the_team(by, inspection):
        raise NotYourInspection
    if not device.inspection_packs.filter(inspection=inspection).exists():
        raise DeviceNotYours
    if len(content) > MOST_BYTES:
        raise FileRefused(
            why=f"ảnh {-(-len(content) // 2**20)} MB, thiết bị phải thu nhỏ dưới 2 MB"
        )
    what = accept(content, PHOTOS)
    with transaction.atomic():
        row = Inspection.objects.select_for_update().get(pk=inspection.pk)
        there = row.uploads.filter(sha256=what.sha256).first()
        if there is not None:
            return there
        if row.uploads.count() >= _MOST_PHOTOS:
            raise FileRefused(why=f"cuộc kiểm tra đã có {_MOST_PHOTOS} ảnh")
        keep(content, PHOTOS)
        made = UploadedPhoto.objects.create(
            inspection=row,
            device=device,
            sha256=what.sha256,
            ending=what.ending,
            size=what.size,
            received_at=clock.now(),
            by=by,
        )
        note(row, "take_photo", by=by, on=on, sha256=what.sha256, device=device.name)
    return made


def apply_case(*, line: InspectionLine, words: str, by: User, on: date) -> InspectionLine:
    """The line is applied after all: a person looked at what stood against it.

    Raises OversightReasonMissing, NoInspectingBody, FieldCaseDecided, and what still refuses it; then nothing changed.
    """
    with transaction.atomic():
        row = _waiting(line, words, by)
        problem = row.problem
        row.counted_on = field_lines.apply_line(row, on, frozenset())
        _decide(row, FieldState.APPLIED, words, by, on)
        note(row, "apply_case", by=by, on=on, why=row.resolved_words, problem=problem, seq=row.seq)
    return row


def dismiss_case(*, line: InspectionLine, words: str, by: User, on: date) -> InspectionLine:
    """It is not applied: a person says what was done instead.

    Raises OversightReasonMissing, NoInspectingBody, FieldCaseDecided.
    """
    with transaction.atomic():
        row = _waiting(line, words, by)
        _decide(row, FieldState.RESOLVED, words, by, on)
        note(
            row,
            "dismiss_case",
            by=by,
            on=on,
            why=row.resolved_words,
            problem=row.problem,
            seq=row.seq,
        )
    return row


def _waiting(line: InspectionLine, words: str, by: User) -> InspectionLine:
    require_words(words)
    rows = InspectionLine.objects.select_for_update(of=("self",))
    row: InspectionLine = rows.select_related("inspection", "pack", "device", "by").get(pk=line.pk)
    if not by.may("oversight.plan") or not acts_for(by, row.inspection.body_id):
        raise NoInspectingBody(unit=row.inspection.number)
    if row.state != FieldState.CASE:
        raise FieldCaseDecided
    return row


def _decide(row: InspectionLine, state: FieldState, words: str, by: User, on: date) -> None:
    row.state, row.resolved_by, row.resolved_on = state, by, on
    row.resolved_words = squash(words)[:300]
    row.save(update_fields=["state", "counted_on", "resolved_by", "resolved_on", "resolved_words"])
