"""A unit's own plan (III.1 of the reference plan) as an official document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import Bullets, Heading, OfficialDocument, Paragraph, Table
from tdcs.plans.composing.framing import Letterhead, Paper, PlanName, Signing, framed


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitPlanContent:
    """What a unit's plan says."""

    plan: PlanName
    unit: str
    branch: str
    rows: Sequence[Mapping[str, str]]
    report_due: date | None
    report_before: bool


def unit_plan(head: Letterhead, signing: Signing, *, content: UnitPlanContent) -> OfficialDocument:
    """KẾ HOẠCH Thực hiện Kế hoạch số …: who in the unit does what by when."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Nhiệm vụ", "text", 8),
        Column("Bộ phận, cá nhân thực hiện", "text", 4),
        Column("Thời gian hoàn thành", "text", 3),
        Column("Mục của Kế hoạch", "text", 2),
    )
    table = Table(
        columns,
        [
            (at, row["title"], row.get("who", ""), row.get("when", ""), row.get("path", ""))
            for at, row in enumerate(content.rows, 1)
        ],
        empty="Chưa có nhiệm vụ.",
    )
    when = _deadline(content.report_due, content.report_before)
    return framed(
        head,
        signing,
        paper=Paper(
            code="KH",
            type_name="Kế hoạch",
            subject=f"Thực hiện {content.plan}",
            body=(
                Paragraph(
                    f"Căn cứ {content.plan}; {content.unit} xây dựng kế hoạch thực hiện năm {signing.year} như sau:"
                ),
                Heading(1, "Mục đích, yêu cầu"),
                Bullets(
                    (
                        f"Cụ thể hóa các nhiệm vụ mà Kế hoạch số {content.plan.number} giao cho {content.unit}.",
                        "Phân công rõ người, rõ việc, rõ thời gian; gắn trách nhiệm của người đứng đầu.",
                    )
                ),
                Heading(1, "Nhiệm vụ và phân công thực hiện"),
                table,
                Heading(1, "Tổ chức thực hiện"),
                Bullets(
                    (
                        "Các bộ phận, cá nhân được phân công tổ chức thực hiện và cập nhật kết quả, minh chứng "
                        "theo từng nhiệm vụ.",
                        f"{content.unit} tổng hợp kết quả, gửi {content.branch} {when}.",
                        "Trong quá trình thực hiện, có vướng mắc hoặc cần sửa đổi, bổ sung, các bộ phận báo cáo "
                        "người đứng đầu đơn vị xem xét, quyết định.",
                    )
                ),
            ),
            recipients=(content.branch, "Lãnh đạo đơn vị", "Các bộ phận liên quan"),
        ),
    )


def _deadline(due: date | None, before: bool) -> str:
    if due is None:
        return "theo quy định của Kế hoạch"
    words = numbers.date_words(due).partition(" năm ")[0]
    return f"{'trước' if before else 'chậm nhất'} {words} hằng năm"
