"""What a device did with no network is taken in: a chained log in pieces, each line judged, kept and answered for.

Nothing is booked before the device seals its log (services/booking.py): what was undone at the session never reaches the books.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from django.db import connection, transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.transaction_points.errors import (
    NotOnTheTeam,
    PackUnknown,
    PointOutOfScope,
)
from tdcs.transaction_points.models import Device, LogLine, Pack, TransactionSession
from tdcs.transaction_points.rules.chain import BEGINNING, FORM, SEAL
from tdcs.transaction_points.services import booking
from tdcs.transaction_points.services.chained import LineIn, Receipt, fresh_lines, proved
from tdcs.transaction_points.states import LogState

# What is written of a line that has come in, in the order of _Taken; what becomes of it is added later.
_TAKEN: Final = (
    "seq", "kind", "hash", "device_id", "session_id", "pack_id", "by_id", "told_at", "data", "previous", "signature",
)  # fmt: skip
_REST: Final = (
    "received_at",
    "state",
    "problem",
    "problem_words",
    "left",
    "tries",
    "resolved_words",
)


class _Taken(NamedTuple):
    """A line that was judged; a row of the table is costly to make by thousands."""

    seq: int
    kind: str
    hash: str
    device: int
    session: int
    pack: int
    by: int
    told_at: str
    data: str
    previous: str
    signature: str


def take_in(
    *,
    session: TransactionSession,
    device: Device,
    lines: Sequence[LineIn],
    by: User,
    on: date,
) -> Receipt:
    """A piece of the log, all of it or nothing; lines that are there already are passed over. A seal books everything.

    Raises LogNotNext (a gap, another chain, a changed line), LogForked, LogNotSigned, LogSealed, PackUnknown, NotOnTheTeam,
    PointOutOfScope.
    """
    if device.office_id != session.office_id:
        raise PointOutOfScope(point=session.point.code)
    with transaction.atomic():
        Device.objects.select_for_update().get(pk=device.pk)
        there = LogLine.objects.filter(device=device, session=session)
        known = dict(there.values_list("seq", "hash"))
        kinds = set(there.filter(kind=SEAL).values_list("seq", flat=True))
        fresh = _fresh(session, device, lines, known, kinds)
        _keep(fresh)
        if fresh:
            trail.record(
                action="points.take_log",
                subject=session,
                by=by,
                on=on,
                data={"device": device.name, "lines": len(fresh), "last": fresh[-1].hash},
            )
    # Booked in transactions of its own: whatever a cut leaves is booked when the device, which has no answer, sends again.
    if LogLine.objects.filter(device=device, session=session, kind=SEAL).exists():
        booking.book(session=session, device=device, by=by, on=on)
    return receipt(session, device)


def _fresh(
    session: TransactionSession,
    device: Device,
    lines: Sequence[LineIn],
    known: dict[int, str],
    sealed: set[int],
) -> list[_Taken]:
    """The lines that are new, each judged as the next of the chain."""
    team = set(session.team.values_list("person_id", flat=True))
    packs = {
        str(key): pk
        for key, pk in Pack.objects.filter(session=session, device=device).values_list("key", "pk")
    }
    return [
        _line(session, device, line, team, packs)
        for line in fresh_lines(device, session.pk, lines, known, sealed)
    ]


def _keep(lines: Sequence[_Taken]) -> None:
    """The lines by COPY: a device hands in thousands at once."""
    names = ", ".join(f'"{name}"' for name in (*_TAKEN, *_REST))
    rest = (clock.now(), str(LogState.RECEIVED), "", "", "[]", 0, "")
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY transaction_points_logline ({names}) FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row((*line, *rest))


def _line(
    session: TransactionSession,
    device: Device,
    line: LineIn,
    team: set[int],
    packs: dict[str, int],
) -> _Taken:
    pack = packs.get(str(line["pack"]))
    if pack is None:
        raise PackUnknown(pack=line["pack"])
    if line["by"] not in team:
        raise NotOnTheTeam(role="thành viên tổ giao dịch")
    return _Taken(
        seq=line["seq"],
        kind=str(line["kind"])[:12],
        hash=str(line["hash"]),
        device=device.pk,
        session=session.pk,
        pack=pack,
        by=line["by"],
        told_at=str(line["at"])[:40],
        data=json.dumps(line["data"]),
        previous=line["previous"],
        signature=str(line["signature"]),
    )


def receipt(session: TransactionSession, device: Device) -> Receipt:
    """What is here of the device's log of a session: how many lines, the hash of the last, what became of them."""
    rows = LogLine.objects.filter(device=device, session=session)
    last = rows.order_by("-seq").first()
    states: dict[str, int] = {}
    for state in rows.values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    statement = {
        "form": FORM,
        "session": session.pk,
        "device": device.pk,
        "seq": last.seq if last else 0,
        "hash": last.hash if last else BEGINNING,
        "sealed": rows.filter(kind=SEAL).exists(),
        "states": states,
    }
    return proved(statement)
