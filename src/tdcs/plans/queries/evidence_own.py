"""What the plan itself keeps of general duties: units' own plans, reports, reminders, the consolidated report, proposals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext_noop as n

from tdcs.plans.models import (
    AmendmentProposal,
    ConsolidatedReport,
    DutyKind,
    Reminder,
    UnitPlan,
    UnitReport,
)
from tdcs.plans.ports import EvidenceKind, RecordsAsked, addresses
from tdcs.plans.queries.evidence_below import branch_on, within


def _unit_plans(asked: RecordsAsked) -> pl.DataFrame:
    page = addresses("plans:unit_plan")
    rows = UnitPlan.objects.filter(
        state=UnitPlan.State.ISSUED, issued_on__gte=asked.since, issued_on__lt=asked.until
    )
    return within(
        [
            (row.pk, row.organisation_id, row.issued_on, f"Kế hoạch số {row.number}", page(row.pk))
            for row in rows
        ],
        asked,
    )


def _reports(asked: RecordsAsked) -> pl.DataFrame:
    page = addresses("plans:report")
    rows = UnitReport.objects.filter(submitted_on__gte=asked.since, submitted_on__lt=asked.until)
    return within(
        [
            (row.pk, row.organisation_id, row.submitted_on, f"Báo cáo năm {row.year}", page(row.pk))
            for row in rows
        ],
        asked,
    )


def _reminders(asked: RecordsAsked) -> pl.DataFrame:
    page = reverse("plans:reminders")
    rows = Reminder.objects.filter(on__gte=asked.since, on__lt=asked.until)
    told = rows.values_list("pk", "organisation_id", "on")
    return within([(key, unit, day, "Nhắc việc", page) for key, unit, day in told], asked)


def _consolidated(asked: RecordsAsked) -> pl.DataFrame:
    rows = ConsolidatedReport.objects.filter(taken_on__gte=asked.since, taken_on__lt=asked.until)
    return within(
        [
            (
                row.pk,
                branch_on(row.taken_on),
                row.issued_on or row.taken_on,
                str(row),
                reverse("plans:consolidated", args=[row.year]),
            )
            for row in rows
        ],
        asked,
    )


def _proposals(asked: RecordsAsked) -> pl.DataFrame:
    page = reverse("plans:proposals")
    rows = AmendmentProposal.objects.filter(
        submitted_on__gte=asked.since, submitted_on__lt=asked.until
    )
    return within(
        [(row.pk, row.organisation_id, row.submitted_on, str(row)[:200], page) for row in rows],
        asked,
    )


KINDS: Final[tuple[EvidenceKind, ...]] = (
    EvidenceKind(
        code="plans.unit_plan",
        name=n("Kế hoạch của đơn vị"),
        measure="kế hoạch của đơn vị đã ban hành",
        page="plans:unit_plans",
        permission="plans.view",
        words=(
            "nhiệm vụ trọng tâm trong chương trình, kế hoạch",
            "chương trình, kế hoạch công tác",
        ),
        duties=(DutyKind.OWN_PLAN,),
        rows=_unit_plans,
    ),
    EvidenceKind(
        code="plans.report",
        name=n("Báo cáo năm của đơn vị"),
        measure="báo cáo năm",
        page="plans:reports",
        permission="plans.view",
        duties=(DutyKind.YEARLY_REPORT,),
        rows=_reports,
    ),
    EvidenceKind(
        code="plans.reminder",
        name=n("Nhắc việc, đôn đốc"),
        measure="lượt đôn đốc",
        page="plans:reminders",
        permission="plans.remind",
        duties=(DutyKind.FOLLOW_UP, DutyKind.OTHER),
        rows=_reminders,
    ),
    EvidenceKind(
        code="plans.consolidated",
        name=n("Báo cáo tổng hợp"),
        measure="báo cáo tổng hợp",
        page="plans:consolidations",
        permission="plans.view_consolidated",
        duties=(DutyKind.CONSOLIDATE,),
        rows=_consolidated,
    ),
    EvidenceKind(
        code="plans.proposal",
        name=n("Kiến nghị sửa đổi, bổ sung kế hoạch"),
        measure="kiến nghị sửa đổi, bổ sung",
        page="plans:proposals",
        permission="plans.view",
        duties=(DutyKind.AMEND,),
        rows=_proposals,
    ),
)


def kinds() -> Iterator[EvidenceKind]:
    """Records of the duties of section III; a unit's own plan serves the task to make policy credit a main task, too."""
    yield from KINDS
