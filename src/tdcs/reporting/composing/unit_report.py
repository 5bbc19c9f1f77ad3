"""A unit's yearly report as an official document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Annex,
    Block,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    paragraphs,
)
from tdcs.organisations.queries import profile_of
from tdcs.plans.composing.framing import Letterhead, Paper, PlanName, Signing, framed
from tdcs.plans.composing.letterheads import branch_name, letterhead, plan_name
from tdcs.plans.models import UnitReport
from tdcs.reporting.composing.credit import credit_annexes, credit_blocks
from tdcs.reporting.queries.reports import day_of_names, results_of
from tdcs.reporting.rules.changes import STATES
from tdcs.reporting.rules.credit import CREDIT
from tdcs.reporting.rules.figures import Figures
from tdcs.reporting.rules.prefill import CLOSING, DONE, Draft, TaskResult


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitReportContent:
    """What a unit's report says."""

    plan: PlanName
    unit: str
    branch: str
    year: int
    sections: Sequence[Draft]
    results: Sequence[TaskResult]
    credit: Figures | None = None


def unit_report(
    head: Letterhead, signing: Signing, *, content: UnitReportContent
) -> OfficialDocument:
    """Báo cáo kết quả thực hiện kế hoạch: one heading a section of the plan, a list of all tasks behind."""
    body: list[Block] = [
        Paragraph(
            f"Thực hiện {content.plan}, {content.unit} báo cáo kết quả thực hiện năm {content.year} như sau:"
        ),
        Heading(1, "Kết quả thực hiện nhiệm vụ"),
        *paragraphs(_summary(content.results)),
    ]
    for one in content.sections:
        if one.path not in CLOSING:
            body.append(Heading(2, one.title.rstrip(" .:;")))
            body += paragraphs(one.words) or (Paragraph("Chưa có kết quả báo cáo."),)
            body += credit_blocks(content.credit) if content.credit and one.path == CREDIT else ()
    for one in content.sections:
        if one.path in CLOSING:
            body.append(Heading(1, one.title))
            body += paragraphs(one.words) or (Paragraph("Không có."),)
    body.append(
        Paragraph(
            f"Trên đây là báo cáo kết quả thực hiện Kế hoạch số {content.plan.number} năm {content.year} của {content.unit}, "
            f"kính gửi {content.branch} tổng hợp"
        )
    )
    annexes = (_annex(content.results, content.year),) if content.results else ()
    return framed(
        head,
        signing,
        paper=Paper(
            code="BC",
            type_name="Báo cáo",
            subject=f"Kết quả thực hiện {content.plan}, năm {content.year}",
            body=body,
            addressees=(content.branch,),
            annexes=(*annexes, *credit_annexes(content.credit or {})),
        ),
    )


def _summary(results: Sequence[TaskResult]) -> str:
    if not results:
        return ""
    done = sum(row.state in DONE for row in results)
    said = f"Trong năm, đơn vị được giao {len(results):02d} nhiệm vụ; đã hoàn thành {done:02d} nhiệm vụ"
    share = numbers.share(done, len(results))
    left = len(results) - done
    return said + f", đạt {share}" + (f"; còn {left:02d} nhiệm vụ đang thực hiện." if left else ".")


def _annex(results: Sequence[TaskResult], year: int) -> Annex:
    columns = (
        Column("TT", "ordinal", 1),
        Column("Mục", "text", 1.6),
        Column("Nhiệm vụ", "text", 7),
        Column("Tình trạng", "text", 2.6),
        Column("Tiến độ (%)", "integer", 1.6),
        Column("Ngày báo cáo", "date", 2.4),
        Column("Minh chứng", "text", 3.2),
    )
    rows = [
        (
            at,
            row.path,
            row.title,
            STATES.get(row.state, row.state),
            row.percent,
            row.submitted_on,
            "; ".join(row.evidence),
        )
        for at, row in enumerate(results, 1)
    ]
    return Annex(f"Danh mục nhiệm vụ năm {year}", (Table(columns, rows),), landscape=True)


def document(report: UnitReport) -> OfficialDocument:
    """A unit's report as it would leave now, under the names of its day."""
    day = report.submitted_on or day_of_names(report.year)
    plan = report.plan
    return unit_report(
        letterhead(report.organisation_id, day),
        Signing(
            report.number,
            report.submitted_on,
            report.signer,
            report.signer_title,
            day.year,
        ),
        content=UnitReportContent(
            plan=plan_name(plan),
            unit=profile_of(report.organisation_id, day).name,
            branch=branch_name(plan, day),
            year=report.year,
            sections=[Draft(s.path, s.title, s.words) for s in report.sections.all()],
            results=results_of(plan, report.year, report.organisation_id),
            credit=report.figures.get("credit"),
        ),
    )
