"""Working papers are handed out: what was handed out stays known by its digests."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.oversight.composing.working_papers import files_of, manifest_of, zipped
from tdcs.oversight.models import AuditEngagement, WorkingPapers
from tdcs.oversight.queries.auditing import steps_of
from tdcs.oversight.services.auditing import require_auditor
from tdcs.oversight.services.moving import note


def export_papers(*, engagement: AuditEngagement, by: User, on: date) -> bytes:
    """The working papers as an archive with a manifest of digests, which the system keeps. Raises EngagementOver."""
    require_auditor(engagement, by, on)
    rows = engagement.queries.select_related("unit").order_by("pk")
    queries = [(one, steps_of(one)) for one in rows]
    files = files_of(engagement, queries, on)
    manifest = manifest_of(engagement, files, on)
    digest = hashlib.sha256(manifest).hexdigest()
    with transaction.atomic():
        made = WorkingPapers.objects.create(
            engagement=engagement,
            made_at=clock.now(),
            made_by=by,
            sha256=digest,
            files=json.loads(manifest)["sha256"],
        )
        note(engagement, "export_papers", by=by, on=on, papers=made.pk, sha256=digest)
    return zipped(files, manifest, on)
