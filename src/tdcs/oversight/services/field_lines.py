"""One line of a device's log of an inspection, applied by the same services as the pages use, under a key of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db import DataError, transaction

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.oversight.errors import (
    CasesBeforeSeal,
    FieldLineWrong,
    FieldPhotoMissing,
    InspectionPackVoid,
    OversightFieldWrong,
    VisitMeanwhile,
)
from tdcs.oversight.models import Inspection, InspectionLine, Visit
from tdcs.oversight.queries.inspections import owners_for, person_in
from tdcs.oversight.services import findings, inspecting
from tdcs.oversight.services.files import folder
from tdcs.oversight.services.findings import FindingDraft
from tdcs.oversight.services.inspecting import PhotoTaken, Seen, Spot
from tdcs.oversight.states import FieldState, InspectionState
from tdcs.transaction_points.rules.chain import SEAL

_WRONG: Final = (KeyError, ValueError, TypeError, AttributeError, DataError, InvalidOperation)
_ABOUT: Final = "giờ của thiết bị lệch, tính cho ngày {day:%d/%m/%Y}"


def taken_elsewhere(row: Inspection, lines: Sequence[InspectionLine]) -> frozenset[int]:
    """Loans whose visit was written elsewhere after the log's first pack was made."""
    since = min((one.pack.made_at for one in lines), default=None)
    if since is None:
        return frozenset()
    visits = Visit.objects.filter(inspection=row, recorded_at__gt=since)
    return frozenset(visits.values_list("loan_id", flat=True))


def try_line(line: InspectionLine, on: date, taken: frozenset[int]) -> None:
    """The line is applied, or becomes a case with the reason; nothing half."""
    try:
        with transaction.atomic():
            if line.pack.revoked_at is not None:
                raise InspectionPackVoid
            line.counted_on = apply_line(line, on, taken)
            line.state = FieldState.APPLIED
    except Refusal as refusal:
        _case(line, refusal)
    except _WRONG:
        _case(line, FieldLineWrong())


def _case(line: InspectionLine, refusal: Refusal) -> None:
    line.state, line.problem = FieldState.CASE, str(refusal.code)[:40]
    line.problem_words = refusal.sentence("vi")[:500]


def _require_no_case(line: InspectionLine) -> None:
    """The minutes wait while a line of the inspection waits for a person."""
    rows = InspectionLine.objects.filter(inspection=line.inspection_id, state=FieldState.CASE)
    count = rows.exclude(pk=line.pk).count()
    if count:
        raise CasesBeforeSeal(count=count)


def apply_line(line: InspectionLine, on: date, taken: frozenset[int]) -> date:
    """Applies a line for the day that the device told, as far as that can be. Answers the day. Raises as the services do."""
    handler = _KINDS.get(line.kind)
    if handler is None or not isinstance(line.data, dict):
        raise FieldLineWrong
    day = day_of(line, on)
    if line.kind == "visit" and _whole(line.data["loan"]) in taken:
        raise VisitMeanwhile
    handler(line, line.data, day)
    return day


def day_of(line: InspectionLine, on: date) -> date:
    """The device's day, not before its pack was made nor after today; where it was another, the line says so."""
    first = line.pack.made_at.astimezone(clock.ZONE).date()
    try:
        told = date.fromisoformat(line.told_at[:10])
    except ValueError:
        told = date.max
    day = min(max(told, first), on)
    if day != told:
        line.problem, line.problem_words = "clock_off", _ABOUT.format(day=day)
    return day


def _key(line: InspectionLine) -> str:
    return f"kt-{line.inspection_id}-{line.device_id}-{line.seq}"


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _words(data: dict[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError(name)
    return value


def _spot(data: dict[str, Any]) -> Spot | None:
    latitude, longitude = _words(data, "latitude"), _words(data, "longitude")
    if not latitude or not longitude:
        return None
    spot = Spot(Decimal(latitude), Decimal(longitude))
    if not (spot.latitude.is_finite() and spot.longitude.is_finite()):
        raise ValueError("no place")
    return spot


def _given_answers(data: dict[str, Any]) -> dict[str, str]:
    given = data.get("answers", {})
    return {str(code): str(words) for code, words in given.items()}


def _start(line: InspectionLine, data: dict[str, Any], day: date) -> None:
    if line.inspection.state == InspectionState.OPEN:
        # Begun on the page or by another device of the team meanwhile.
        return
    inspecting.start(
        inspection=line.inspection,
        witnesses=_words(data, "witnesses"),
        by=line.by,
        on=day,
        key=_key(line),
    )


def _answer(line: InspectionLine, data: dict[str, Any], day: date) -> None:
    inspecting.answer_checklist(
        inspection=line.inspection, answers=_given_answers(data), by=line.by, on=day, key=_key(line)
    )


def _visit(line: InspectionLine, data: dict[str, Any], day: date) -> None:
    agrees = data.get("agrees")
    if agrees not in (True, False, None):
        raise TypeError("agrees")
    rightly, wrongly, told = data.get("rightly"), data.get("wrongly"), data.get("told")
    seen = Seen(
        loan=_whole(data["loan"]),
        balance=_whole(data["balance"]),
        result=_words(data, "result"),
        answers=_given_answers(data),
        rightly=None if rightly is None else _whole(rightly),
        wrongly=None if wrongly is None else _whole(wrongly),
        words=_words(data, "words"),
        spot=_spot(data),
        agrees=agrees,
        told_balance=None if told is None else _whole(told),
        confirmed_by=_words(data, "confirmed_by"),
    )
    inspecting.record_visit(
        inspection=line.inspection, seen=seen, by=line.by, on=day, key=_key(line)
    )


def _finding(line: InspectionLine, data: dict[str, Any], day: date) -> None:
    owner: User | None = person_in(owners_for(line.inspection, day), _whole(data["owner"]))
    if owner is None:
        raise OversightFieldWrong(field="người khắc phục", why="chưa chọn")
    draft = FindingDraft(
        item=_words(data, "item"),
        words=_words(data, "words"),
        cause=_words(data, "cause"),
        recommendation=_words(data, "recommendation"),
        owner=owner,
        due_on=date.fromisoformat(_words(data, "due")),
        severity=_words(data, "severity"),
        loan=_whole(data.get("loan", 0)),
    )
    findings.raise_finding(
        inspection=line.inspection, draft=draft, by=line.by, on=day, key=_key(line)
    )


def _photo(line: InspectionLine, data: dict[str, Any], day: date) -> None:
    sha256, title = _words(data, "sha256"), _words(data, "title")
    there = line.inspection.uploads.filter(sha256=sha256).first()
    if there is None:
        raise FieldPhotoMissing
    taken = PhotoTaken(
        content=folder().get(there.sha256, there.ending, title),
        title=title,
        loan=_whole(data.get("loan", 0)),
        spot=_spot(data),
    )
    inspecting.add_photo(
        inspection=line.inspection, photo=taken, by=line.by, on=day, key=_key(line)
    )


def _finish(line: InspectionLine, data: dict[str, Any], day: date) -> None:
    _require_no_case(line)
    inspecting.finish(
        inspection=line.inspection,
        conclusion=_words(data, "conclusion"),
        by=line.by,
        on=day,
        key=_key(line),
    )


_KINDS: Final[dict[str, Callable[[InspectionLine, dict[str, Any], date], None]]] = {
    "start": _start,
    "answers": _answer,
    "visit": _visit,
    "finding": _finding,
    "photo": _photo,
    SEAL: _finish,
}
