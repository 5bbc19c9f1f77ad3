"""Scanned papers as a page lists them, and what is wrong with their files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet

from tdcs.documents.stored import Folder
from tdcs.households.models import Scan

AnyScan = TypeVar("AnyScan", bound=Scan)


def folder() -> Folder:
    """Where scans lie, each under its digest."""
    return Folder(Path(settings.MEDIA_ROOT) / "scans")


def scans_of(owner: Any) -> list[Scan]:
    """The papers of a household or a loan that stand, the latest first; then those taken back."""
    rows = list(owner.scans.select_related("by", "removed_by").order_by("-dated_on", "-pk"))
    return sorted(rows, key=lambda row: row.removed_at is not None)


def scan_faults(rows: QuerySet[AnyScan]) -> Iterator[tuple[AnyScan, str]]:
    """Scans whose file is gone or is not the one received; each file is read once."""
    known: dict[str, str] = {}
    for scan in rows.order_by("pk").iterator(chunk_size=1_000):
        if scan.sha256 not in known:
            known[scan.sha256] = folder().fault(scan.sha256, scan.ending)
        if known[scan.sha256]:
            yield scan, known[scan.sha256]
