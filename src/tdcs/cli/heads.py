"""The heads of a day in one signed digest: where each chain stands, so that a chain made anew differs from a paper kept apart.

tdcs digest > 2026-11-23.json      print it, mail it, keep it where this machine cannot reach
tdcs verify --against 2026-11-23.json
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection

from tdcs.cli.errors import DigestUnreadable

FORM: Final = 1
_CHANGES: Final = (
    "SELECT relation, row_id, op, digest, xid FROM audit_recordchange WHERE id <= %s ORDER BY id"
)


def signed() -> dict[str, Any]:
    """Today's heads, signed by this installation's key."""
    heads = heads_now()
    key = _key()
    return {
        "heads": heads,
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(_bytes(heads)).hex(),
    }


def heads_now() -> dict[str, Any]:
    """Where each chain ends: trail, changes of records, every book, every closed day, every kept file."""
    from tdcs.audit.models import AuditLine, RecordChange
    from tdcs.closing.models import CloseRun
    from tdcs.core import clock
    from tdcs.ledger.models import Book

    last = AuditLine.objects.order_by("-id").first()
    through = RecordChange.objects.order_by("-id").values_list("pk", flat=True).first() or 0
    runs = CloseRun.objects.filter(state=CloseRun.State.DONE).order_by("day")
    return {
        "form": FORM,
        "made_at": clock.now().isoformat(),
        "trail": {
            "lines": AuditLine.objects.count(),
            "last": last.pk if last else 0,
            "hash": last.hash if last else "",
        },
        "changes": {"through": through, "digest": _changes(through)},
        "books": {
            str(book.pk): {"number": book.last_number, "hash": book.last_hash}
            for book in Book.objects.order_by("pk")
        },
        "days": {run.day.isoformat(): run.digest for run in runs},
        "files": dict(_files()),
    }


def differences(given: dict[str, Any]) -> Iterator[str]:
    """Where the database is no continuation of a digest kept elsewhere."""
    heads = given.get("heads", {})
    if not _is_signed(given):
        yield "bản tổng hợp: chữ ký không đúng"
        return
    if given["public_key"] != _key().public_key().public_bytes_raw().hex():
        yield "bản tổng hợp: do khóa khác ký, không phải khóa của hệ thống này"
    yield from _trail(heads["trail"])
    if _changes(heads["changes"]["through"]) != heads["changes"]["digest"]:
        yield "nhật ký thay đổi bản ghi: phần đã có lúc lập bản tổng hợp nay khác"
    yield from _books(heads["books"])
    yield from _days(heads["days"], heads["trail"]["last"])
    there = dict(_files())
    for name, digest in heads["files"].items():
        if there.get(name) != digest:
            yield f"tệp {name}: {'không còn' if name not in there else 'mã băm khác'}"


def read(path: Path) -> dict[str, Any]:
    """A digest from a file. Raises DigestUnreadable."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        heads = found["heads"]
        parts = (heads["trail"], heads["changes"], heads["books"], heads["days"], heads["files"])
    except (ValueError, TypeError, KeyError, RecursionError) as wrong:
        raise DigestUnreadable(file=path.name) from wrong
    if not all(isinstance(part, dict) for part in parts):
        raise DigestUnreadable(file=path.name)
    return found


def _trail(head: dict[str, Any]) -> Iterator[str]:
    from tdcs.audit.models import AuditLine

    before = AuditLine.objects.filter(pk__lte=head["last"]).order_by("-id")
    line = before.first()
    if (line.pk if line else 0, line.hash if line else "") != (head["last"], head["hash"]):
        yield f"nhật ký: dòng {head['last']} nay không còn hoặc khác"
    elif before.count() != head["lines"]:
        yield f"nhật ký: lúc lập có {head['lines']} dòng, nay còn {before.count()}"


def _books(heads: dict[str, Any]) -> Iterator[str]:
    from tdcs.ledger.models import JournalEntry

    for book, head in heads.items():
        if not head["number"]:
            continue
        entry = JournalEntry.objects.filter(book_id=int(book), number=head["number"]).first()
        if entry is None or entry.hash != head["hash"]:
            yield f"sổ {book}: bút toán {head['number']} nay không còn hoặc khác"


def _days(days: dict[str, str], last_line: int) -> Iterator[str]:
    """A day closed again since has a later line of the trail that says so."""
    from tdcs.audit.models import AuditLine
    from tdcs.closing.models import CloseRun

    runs = {
        run.day.isoformat(): run.digest
        for run in CloseRun.objects.filter(state=CloseRun.State.DONE)
    }
    later = AuditLine.objects.filter(pk__gt=last_line, action__in=_CLOSES)
    again = {words for line in later for words in _named_days(line)}
    for day, digest in days.items():
        if day not in runs:
            yield f"ngày {day}: lần khóa sổ không còn"
        elif runs[day] != digest and day not in again:
            yield f"ngày {day}: số liệu chốt nay khác, không có dòng nhật ký khóa lại"


_CLOSES: Final = ("closing.close", "closing.rebuild", "law.carry_out_decree")


def _named_days(line: Any) -> Iterable[str]:
    yield line.business_date.isoformat()
    yield from line.data.get("again", [])
    yield from line.data.get("days", [])


def _files() -> Iterator[tuple[str, str]]:
    """Kept papers by their record, and the digest they were received with."""
    from tdcs.households.models import HouseholdScan
    from tdcs.loans.models import LoanScan
    from tdcs.plans.models import Evidence, UnitPlan

    for model in (Evidence, UnitPlan, HouseholdScan, LoanScan):
        rows = model._default_manager.exclude(sha256="").order_by("pk")
        for pk, digest in rows.values_list("pk", "sha256"):
            # A signed plan may be sent in anew: its digest is part of its name.
            name = f"{model._meta.db_table}/{pk}"
            yield (f"{name}/{digest[:12]}" if model is UnitPlan else name), digest


def _changes(through: int) -> str:
    total = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [through])
        while rows := cursor.fetchmany(20_000):
            total.update("".join(f"{'|'.join(map(str, row))}\n" for row in rows).encode())
    return total.hexdigest()


def _is_signed(given: dict[str, Any]) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(given["public_key"]))
        key.verify(bytes.fromhex(given["signature"]), _bytes(given["heads"]))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return True


def _bytes(heads: dict[str, Any]) -> bytes:
    return json.dumps(heads, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _key() -> Ed25519PrivateKey:
    """This installation's key, made once; whoever keeps digests notes the public part beside them."""
    path = Path(settings.HOME) / "digest-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
