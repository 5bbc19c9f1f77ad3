"""A unit's yearly report as an official document."""

from __future__ import annotations

from datetime import date

from tdcs.documents.official import Heading, OfficialDocument, Paragraph
from tdcs.documents.official.model import Block
from tdcs.organisations.queries import profile_of
from tdcs.plans.composing.letters import framed
from tdcs.plans.models import UnitReport


def report_document(report: UnitReport) -> OfficialDocument:
    """Báo cáo kết quả thực hiện kế hoạch: one heading a section of the plan, one paragraph a task."""
    day = report.submitted_on or date(report.year, 12, 1)
    profile = profile_of(report.organisation_id, day)
    body: list[Block] = [Heading("I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ")]
    section = ""
    number = 0
    closing = []
    for row in report.sections.select_related("task").order_by("position"):
        if row.task is None:
            closing.append(row)
            continue
        if row.task.section_path != section:
            section = row.task.section_path
            number += 1
            body.append(Heading(f"{number}. {row.task.section_title.rstrip('.:')}", 2))
        body.append(Paragraph(f"{row.title} (mục {row.path})", bold=True, dash=True))
        body.append(Paragraph(row.words or "Chưa có kết quả báo cáo."))
    for roman, row in zip(("II", "III", "IV"), closing, strict=False):
        body.append(Heading(f"{roman}. {row.title.upper()}"))
        body.append(Paragraph(row.words or "Không có."))
    body.append(
        Paragraph(f"Trên đây là báo cáo kết quả thực hiện năm {report.year} của {profile.name}./.")
    )
    plan = report.plan
    return framed(
        profile=profile,
        code="BC",
        number=report.number,
        issued_on=report.submitted_on,
        type_name="Báo cáo",
        subject=f"Kết quả thực hiện Kế hoạch số {plan.number} ngày {plan.issued_on:%d/%m/%Y} năm {report.year}",
        body=tuple(body),
        signer=report.signer,
        signer_title=report.signer_title,
        addressees=("Chi nhánh Ngân hàng Chính sách xã hội tỉnh Đồng Nai",),
        recipients=("Như trên", "Lưu: VT"),
        year=report.year,
    )
