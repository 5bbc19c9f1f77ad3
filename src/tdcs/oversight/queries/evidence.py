"""Inspections and findings as evidence of a plan's tasks: what, where, when, under which address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tdcs.oversight.models import Finding, Inspection
from tdcs.oversight.queries.inspections import subject_names
from tdcs.oversight.states import FindingState, InspectionState


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One record that proves work: ``task`` as the record names it, "" when it names none."""

    kind: str
    id: int
    unit: int
    day: date
    title: str
    address: str
    task: str


def evidence_rows(first: date, last: date) -> list[EvidenceRow]:
    """Finished inspections and closed findings of some days, by day."""
    held = list(
        Inspection.objects.filter(state=InspectionState.FINISHED, held_on__range=(first, last))
    )
    names = subject_names(held, last)
    rows = [
        EvidenceRow(
            "oversight.inspection",
            row.pk,
            row.body_id,
            row.held_on,
            f"Biên bản kiểm tra {row.number}: {names[row.pk]}",
            reverse("oversight:inspection", args=[row.pk]),
            row.task,
        )
        for row in held
        if row.held_on is not None
    ]
    closed = Finding.objects.filter(
        state=FindingState.CLOSED,
        steps__target=FindingState.CLOSED,
        steps__on__range=(first, last),
    ).distinct()
    for finding in closed.select_related("inspection").prefetch_related("steps"):
        day = max(one.on for one in finding.steps.all() if one.target == FindingState.CLOSED)
        rows.append(
            EvidenceRow(
                "oversight.finding",
                finding.pk,
                finding.inspection.body_id,
                day,
                f"Khắc phục tồn tại: {finding.words[:120]}",
                reverse("oversight:finding", args=[finding.pk]),
                finding.inspection.task,
            )
        )
    return sorted(rows, key=lambda row: (row.day, row.kind, row.id))
