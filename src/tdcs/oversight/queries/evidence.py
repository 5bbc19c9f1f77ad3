"""Inspections and findings as evidence of a plan's tasks: what, where, when, under which address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import polars as pl
from django.utils.translation import gettext_noop as n

from tdcs.oversight.models import Finding, Inspection
from tdcs.oversight.queries.inspections import subject_names
from tdcs.oversight.states import FindingState, InspectionState
from tdcs.plans.ports import EvidenceKind, RecordsAsked, addresses, frame


def _inspections(asked: RecordsAsked) -> pl.DataFrame:
    """Finished inspections, by the day on which they were held."""
    page = addresses("oversight:inspection")
    rows = Inspection.objects.filter(
        state=InspectionState.FINISHED, held_on__gte=asked.since, held_on__lt=asked.until
    ).order_by("held_on", "pk")
    held = list(asked.of_units(rows, "body"))
    names = subject_names(held, asked.until - timedelta(days=1))
    return frame(
        (row.pk, row.body_id, row.held_on, f"Biên bản kiểm tra {row.number}: {names[row.pk]}", page(row.pk))
        for row in held
    )  # fmt: skip


def _findings(asked: RecordsAsked) -> pl.DataFrame:
    """Findings that were closed, by the day of the last close, for the body that found them."""
    page = addresses("oversight:finding")
    closed = {"steps__target": FindingState.CLOSED}
    rows = Finding.objects.filter(
        state=FindingState.CLOSED, steps__on__gte=asked.since, steps__on__lt=asked.until, **closed
    ).distinct()
    made = []
    for row in asked.of_units(rows, "inspection__body").select_related("inspection").prefetch_related("steps"):  # fmt: skip
        day = max(one.on for one in row.steps.all() if one.target == FindingState.CLOSED)
        if asked.since <= day < asked.until:
            words = f"Khắc phục tồn tại: {row.words[:120]}"
            made.append((row.pk, row.inspection.body_id, day, words, page(row.pk)))
    return frame(sorted(made, key=lambda one: (one[2], one[0])))


KINDS: Final[tuple[EvidenceKind, ...]] = (
    EvidenceKind(
        code="oversight.inspection",
        name=n("Cuộc kiểm tra đã kết thúc"),
        measure="cuộc kiểm tra",
        page="oversight:inspections",
        permission="oversight.view",
        words=("kiểm tra, giám sát", "kiểm tra định kỳ, đột xuất", "kiểm tra hoạt động của tổ"),
        rows=_inspections,
    ),
    EvidenceKind(
        code="oversight.finding",
        name=n("Tồn tại đã khắc phục"),
        measure="tồn tại đã khắc phục",
        page="oversight:findings",
        permission="oversight.view",
        words=("kiểm tra, giám sát", "kiểm tra định kỳ, đột xuất"),
        rows=_findings,
    ),
)


def kinds() -> Iterator[EvidenceKind]:
    """What inspections leave, with the words of tasks that it serves."""
    yield from KINDS
