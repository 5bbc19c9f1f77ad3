"""Write a line: in the caller's transaction, chained to the last one."""

from __future__ import annotations

import json
from datetime import UTC, date

from django.db import connection, models

from tdcs.access.models import User
from tdcs.audit.models import AuditLine, RecordChange
from tdcs.audit.records import ONLY, RECORDS, digest_sql
from tdcs.audit.rules import GENESIS, line_hash
from tdcs.core import clock, trail

# The number means nothing; it is the lock under which the chain's end is read and extended.
_CHAIN_LOCK = 715_2026


def write_line(*, deed: trail.Deed, by: User | None, on: date) -> None:
    """Append one line. Raises RuntimeError outside a transaction: line and change go together."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{deed.action}: an audit line belongs in the transaction of its change")
    xid = _locked_chain()
    last = AuditLine.objects.order_by("-id").values_list("hash", flat=True).first() or GENESIS
    line = AuditLine(
        recorded_at=clock.now(),
        business_date=on,
        actor=by,
        actor_words=str(by) if by is not None else "hệ thống",
        origin=deed.origin[:80],
        action=deed.action,
        why=deed.why[:500],
        data=json.loads(json.dumps(dict(deed.data) | _acting(by), ensure_ascii=False, default=str)),
        previous_hash=last,
        xid=xid,
        **_subject(deed.subject),
    )
    line.hash = line_hash(chained_fields(line), last)
    line.save(force_insert=True)
    _move_head(line)


def _acting(by: User | None) -> dict[str, str]:
    """For whom a substitute acted."""
    acting = getattr(by, "acting", None)
    return {"acting_for": acting.absent.username} if acting is not None else {}


def note_as_loaded() -> None:
    """Notes records that were loaded in bulk with the triggers off: for a demonstration's build, and nothing else."""
    with connection.cursor() as cursor:
        for table in RECORDS:
            cursor.execute(
                f"""
                INSERT INTO audit_recordchange (relation, row_id, op, digest, xid)
                SELECT %(table)s, r.id, 'I', {digest_sql(table)}, pg_current_xact_id()::text
                  FROM {table} r
                 WHERE {ONLY.get(table, "true")} AND NOT EXISTS (
                       SELECT 1 FROM audit_recordchange c WHERE c.relation = %(table)s AND c.row_id = r.id)
                 ORDER BY r.id
                """,  # noqa: S608  tables and fields are of RECORDS
                {"table": table},
            )


def sealed() -> int:
    """The last change of a record so far: a line that carries it answers for all of them."""
    return RecordChange.objects.order_by("-id").values_list("pk", flat=True).first() or 0


def chained_fields(line: AuditLine) -> dict[str, object]:
    """The fields under the hash, in the form in which they are read back from the database."""
    # Lines from before transactions were numbered keep the hash they have.
    numbered: dict[str, object] = {"xid": line.xid} if line.xid else {}
    return numbered | {
        "recorded_at": line.recorded_at.astimezone(UTC).isoformat(),
        "business_date": line.business_date.isoformat(),
        "actor": line.actor_id,
        "actor_words": line.actor_words,
        "origin": line.origin,
        "action": line.action,
        "subject": [line.subject_type, line.subject_id, line.subject_words],
        "why": line.why,
        "data": line.data,
    }


def _locked_chain() -> str:
    """The number of this transaction, which alone extends the chain until its end.

    A question of its own: what the next one reads of the chain's end was committed when the lock was given.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s), pg_current_xact_id()::text", [_CHAIN_LOCK]
        )
        return str(cursor.fetchone()[1])


def _move_head(line: AuditLine) -> None:
    """Under the chain's lock: the head goes with the line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_chainhead (id, lines, last_line, hash) VALUES (1, 1, %(line)s, %(hash)s)"
            " ON CONFLICT (id) DO UPDATE SET lines = audit_chainhead.lines + 1,"
            " last_line = EXCLUDED.last_line, hash = EXCLUDED.hash",
            {"line": line.pk, "hash": line.hash},
        )


def _subject(subject: object) -> dict[str, str]:
    if isinstance(subject, models.Model):
        return {
            "subject_type": subject._meta.label_lower,
            "subject_id": str(subject.pk),
            "subject_words": str(subject)[:300],
        }
    return {"subject_type": "", "subject_id": "", "subject_words": str(subject)[:300]}
