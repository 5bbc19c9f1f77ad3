"""Approvals on a device: each member's key is certified for a pack, and what a log calls approved is proven by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.transaction_points.errors import (
    ApprovalUnproven,
    NotOnTheTeam,
    PackUnknown,
    PackVoid,
    PointFieldWrong,
    UndoUnproven,
)
from tdcs.transaction_points.models import Device, LogLine, MemberKey, Pack, TransactionSession
from tdcs.transaction_points.queries.holding import role_in
from tdcs.transaction_points.rules.approvals import approved_hash, approvers
from tdcs.transaction_points.rules.chain import FORM, VOID, canonical
from tdcs.transaction_points.services import keys

# So many keys of one person for one pack: he lost the browser's store, or the answer was lost.
_MOST: Final = 5


def pack_of(session: TransactionSession, device: Device, key: str) -> Pack:
    """The pack of the session that the device holds. Raises PackUnknown."""
    try:
        found = Pack.objects.filter(key=UUID(key), session=session, device=device).first()
    except ValueError:
        found = None
    if found is None:
        raise PackUnknown(pack=key[:40])
    return found


def certify(*, held: Pack, key: str, by: User, on: date) -> dict[str, object]:
    """The key is the person's own for this pack, said and signed by the server; the same key again changes nothing.

    Raises NotOnTheTeam, PackVoid, PointFieldWrong (no Ed25519 key, somebody else's, the device's, too many).
    """
    if not role_in(by, held.session):
        raise NotOnTheTeam(role="thành viên tổ giao dịch")
    key = key.strip().lower()
    with transaction.atomic():
        row = Pack.objects.select_for_update().get(pk=held.pk)
        if row.revoked_at is not None:
            raise PackVoid
        known = MemberKey.objects.filter(key=key).first()
        if known is not None and (known.pack_id, known.person_id) != (row.pk, by.pk):
            raise PointFieldWrong(field="khóa duyệt", why="đã đăng ký cho người khác")
        if known is None:
            if not keys.is_signing_key(key) or Device.objects.filter(signing_key=key).exists():
                raise PointFieldWrong(field="khóa duyệt", why="không hợp lệ, hoặc đã đăng ký")
            if MemberKey.objects.filter(pack=row, person=by).count() >= _MOST:
                raise PointFieldWrong(field="khóa duyệt", why="quá nhiều khóa cho một gói")
            MemberKey.objects.create(pack=row, person=by, key=key, made_at=clock.now())
            trail.record(
                action="points.certify_key",
                subject=held.session,
                by=by,
                on=on,
                data={"pack": str(row.key), "key": key},
            )
    statement = {"form": FORM, "pack": str(held.key), "person": by.pk, "key": key}
    return {"statement": statement, "signature": keys.signed(canonical(statement))}


@dataclass(slots=True)
class Approvals:
    """Of one log: whose keys prove what; ``undone``: lines that were undone with a proven approval."""

    roles: dict[int, str]
    keys: dict[tuple[int, int], list[str]]
    undone: set[object] = field(default_factory=set)
    # A line that was undone by nobody who can be proven → the line that says so.
    doubtful: dict[object, int] = field(default_factory=dict)

    def stops(self, line: LogLine) -> Refusal | None:
        """Why a person must look at a line before it is booked or noted: its approval is not proven, or its undoing is not."""
        if line.seq in self.doubtful:
            return UndoUnproven(seq=line.seq, undo=self.doubtful[line.seq])
        # What an unproven undoing is about waits for a person; the undoing itself says no more.
        if line.kind == VOID or self.is_proven(line):
            return None
        return ApprovalUnproven(seq=line.seq)

    def is_proven(self, line: LogLine) -> bool:
        """Whether a line needs no approval, or one of the roles that may give it signed this very line."""
        data: dict[str, Any] = line.data if isinstance(line.data, dict) else {}
        able = approvers(line.kind, data)
        if not able:
            return True
        person = data.get("approved_by")
        if type(person) is not int or self.roles.get(person) not in able:
            return False
        said = {
            "form": FORM, "device": line.device_id, "session": line.session_id, "pack": str(line.pack.key),
            "seq": line.seq, "previous": line.previous, "kind": line.kind, "by": line.by_id,
            "at": line.told_at,
        }  # fmt: skip
        words = approved_hash(said, data).encode()
        signature = str(data.get("approval", ""))
        return any(
            keys.is_signed(one, words, signature)
            for one in self.keys.get((line.pack_id, person), ())
        )


def approvals_of(session: TransactionSession, device: Device) -> Approvals:
    """What proves the approvals of a device's log, and what was undone in it."""
    roles = dict(session.team.values_list("person_id", "role"))
    found = Approvals(roles, _keys(session, device))
    rows = LogLine.objects.filter(device=device, session=session, kind=VOID).select_related("pack")
    _judge_undoings(found, rows.order_by("seq"))
    return found


def _keys(session: TransactionSession, device: Device) -> dict[tuple[int, int], list[str]]:
    made: dict[tuple[int, int], list[str]] = defaultdict(list)
    rows = MemberKey.objects.filter(pack__session=session, pack__device=device)
    for pack, person, key in rows.values_list("pack_id", "person_id", "key"):
        made[pack, person].append(key)
    return made


def _judge_undoings(found: Approvals, lines: Iterable[LogLine]) -> None:
    for line in lines:
        seq = line.data.get("seq") if isinstance(line.data, dict) else None
        if type(seq) is not int:
            continue
        if found.is_proven(line):
            found.undone.add(seq)
        else:
            found.doubtful[seq] = line.seq
    for seq in found.undone:
        found.doubtful.pop(seq, None)
