"""Versions of a scheme as evidence for the task to make one."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext_noop as n

from tdcs.plans.ports import EvidenceKind, RecordsAsked, addresses
from tdcs.plans.queries.evidence_below import branch_on, within
from tdcs.scheme.models import SchemeVersion


def kinds() -> Iterator[EvidenceKind]:
    """A version composed counts on its day; when it was issued, on that."""
    yield EvidenceKind(
        code="scheme.version",
        name=n("Đề án, bản đã lập"),
        measure="bản đề án",
        page="scheme:list",
        permission="scheme.view",
        words=("xây dựng đề án",),
        rows=_versions,
    )


def _versions(asked: RecordsAsked) -> pl.DataFrame:
    page, branch = addresses("scheme:version"), branch_on(asked.until)
    rows = SchemeVersion.objects.filter(
        composed_on__gte=asked.since, composed_on__lt=asked.until
    ).select_related("scheme")
    return within(
        [
            (
                row.pk,
                branch,
                row.issued_on or row.composed_on,
                f"{row.scheme}, bản số {row.sequence}",
                page(row.pk),
            )
            for row in rows
        ],
        asked,
    )
