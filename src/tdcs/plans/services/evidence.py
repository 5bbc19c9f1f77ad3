"""Files and links that prove a result; taken back they are marked, never deleted."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import nfc
from tdcs.plans.errors import BadEvidence, MoveNotAllowed
from tdcs.plans.models import Evidence, Obligation
from tdcs.plans.queries.plans import require_open

MAX_BYTES: Final = 20 * 2**20
# The first bytes tell what a file is, whatever its name says.
_MAGIC: Final = ((b"%PDF-", ".pdf"), (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png"))
_ZIPPED: Final = {b"word/": ".docx", b"xl/": ".xlsx", b"mimetypeapplication/vnd.oasis": ".odt"}


def add_file(
    *, obligation: Obligation, title: str, filename: str, content: bytes, by: User | None, on: date
) -> Evidence:
    """Keep a file. Raises BadEvidence for an unknown kind, an empty or too large one."""
    if not content:
        raise BadEvidence(why="tệp rỗng")
    if len(content) > MAX_BYTES:
        raise BadEvidence(why=f"tệp {len(content) // 2**20} MB, quá 20 MB")
    ending = _kind(content)
    if not ending:
        raise BadEvidence(why="không phải PDF, Word, Excel hay ảnh")
    name = nfc(title.strip() or filename.replace("\\", "/").rsplit("/", 1)[-1])
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        row = _open(obligation)
        made = Evidence(obligation=row, title=name[:200], sha256=digest, size=len(content), by=by)
        made.at = clock.now()
        # The stored name is ours: nothing of the sender's name reaches the disk.
        made.file.save(f"{digest[:20]}{ending}", ContentFile(content), save=False)
        made.save()
        _count(row, by, on, name)
    return made


def add_link(
    *, obligation: Obligation, title: str, url: str, by: User | None, on: date
) -> Evidence:
    """Keep a link; http and https only."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or len(url) > 500:
        raise BadEvidence(why="liên kết phải bắt đầu bằng http:// hoặc https://")
    with transaction.atomic():
        row = _open(obligation)
        made = Evidence.objects.create(
            obligation=row,
            title=(title.strip() or url)[:200],
            url=url.strip(),
            by=by,
            at=clock.now(),
        )
        _count(row, by, on, made.title)
    return made


def remove(*, evidence: Evidence, why: str, by: User | None, on: date) -> None:
    """Mark as taken back, with a reason."""
    with transaction.atomic():
        row = _open(evidence.obligation)
        evidence.removed_at, evidence.removed_why = clock.now(), why[:300]
        evidence.save(update_fields=["removed_at", "removed_why"])
        _count(row, by, on, evidence.title)


def _open(obligation: Obligation) -> Obligation:
    row = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    require_open(row.plan, row.year)
    if row.state == "accepted":
        raise MoveNotAllowed(verb="sửa minh chứng", state=row.get_state_display())
    return row


def _count(row: Obligation, by: User | None, on: date, name: str) -> None:
    row.evidence_count = row.evidence.filter(removed_at__isnull=True).count()
    row.save(update_fields=["evidence_count"])
    trail.record(action="plans.evidence", subject=row, by=by, on=on, data={"evidence": name})


def _kind(content: bytes) -> str:
    for magic, ending in _MAGIC:
        if content.startswith(magic):
            return ending
    if content.startswith(b"PK\x03\x04"):
        head = content[:4096] + content[-8192:]
        return next((ending for mark, ending in _ZIPPED.items() if mark in head), "")
    return ""
