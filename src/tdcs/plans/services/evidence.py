"""Files and links that prove a result; taken back they are marked, never deleted."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.documents.accepting import Accepted, accept, download_name, plain_title
from tdcs.documents.errors import FileRefused
from tdcs.plans.errors import BadEvidence, MoveNotAllowed, ReasonMissing
from tdcs.plans.models import Evidence, Obligation, ObligationState
from tdcs.plans.queries.plans import require_open


def add_file(
    *, obligation: Obligation, title: str, filename: str, content: bytes, by: User | None, on: date
) -> Evidence:
    """Keep a file. Raises BadEvidence for an unknown kind, an empty or too large one.

    The same bytes beside the same obligation are kept once.
    """
    what = accepted(content)
    with transaction.atomic():
        row = _open(obligation)
        there = row.evidence.filter(sha256=what.sha256, removed_at__isnull=True).first()
        if there:
            return there
        made = Evidence(
            obligation=row,
            title=plain_title(title or filename, "Minh chứng"),
            sha256=what.sha256,
            size=what.size,
            by=by,
            at=clock.now(),
        )
        # The stored name is ours: nothing of the sender's name reaches the disk.
        made.file.save(f"{what.sha256[:20]}{what.ending}", ContentFile(content), save=False)
        made.save()
        _count(row, by, on, made.title, sha256=made.sha256)
    return made


def add_link(
    *, obligation: Obligation, title: str, url: str, by: User | None, on: date
) -> Evidence:
    """Keep a link; http and https only."""
    address = url.strip()
    parts = urlsplit(address)
    good = parts.scheme in ("http", "https") and parts.netloc and not parts.username
    if not good or len(address) > 500 or re.search(r"\s", address):
        raise BadEvidence(why="liên kết phải bắt đầu bằng http:// hoặc https://")
    with transaction.atomic():
        row = _open(obligation)
        made = Evidence.objects.create(
            obligation=row,
            title=squash(title)[:200] or address[:200],
            url=address,
            by=by,
            at=clock.now(),
        )
        _count(row, by, on, made.title)
    return made


def remove_evidence(*, evidence: Evidence, why: str, by: User | None, on: date) -> None:
    """Mark as taken back, with a reason."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _open(evidence.obligation)
        evidence.removed_at, evidence.removed_why = clock.now(), squash(why)[:300]
        evidence.save(update_fields=["removed_at", "removed_why"])
        _count(row, by, on, evidence.title)


def accepted(content: bytes) -> Accepted:
    """What a file is by its content. Raises BadEvidence for anything we do not take."""
    try:
        return accept(content)
    except FileRefused as refused:
        raise BadEvidence(**refused.params) from None


def handed_out_as(evidence: Evidence) -> str:
    """The name under which a file is handed out."""
    ending = PurePosixPath(evidence.file.name or "").suffix
    return download_name(plain_title(evidence.title, "Minh chứng"), ending, "minh-chung")


def _open(obligation: Obligation) -> Obligation:
    row = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    require_open(row.plan, row.year)
    if row.state in (ObligationState.ACCEPTED, ObligationState.MERGED, ObligationState.WITHDRAWN):
        raise MoveNotAllowed(verb="sửa minh chứng", state=row.get_state_display())
    return row


def _count(row: Obligation, by: User | None, on: date, name: str, **more: str) -> None:
    row.evidence_count = row.evidence.filter(removed_at__isnull=True).count()
    row.save(update_fields=["evidence_count"])
    trail.record(
        action="plans.evidence", subject=row, by=by, on=on, data={"evidence": name, **more}
    )
