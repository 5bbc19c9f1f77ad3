"""The conclusion sheet of a commune's review, and a unit's self-review, as official documents."""

from __future__ import annotations

from typing import Final

from tdcs.boards.composing.meetings import figures_blocks
from tdcs.boards.models import ConclusionSheet, SelfReview
from tdcs.core import clock
from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Block,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    paragraphs,
)
from tdcs.plans.composing.framing import Paper, Signing, framed
from tdcs.plans.composing.letterheads import letterhead

_PARTS: Final = (
    ("results", "Kết quả thực hiện nhiệm vụ được giao"),
    ("targets", "Chỉ tiêu"),
    ("findings", "Tồn tại, hạn chế đã được nêu"),
    ("followed", "Việc thực hiện kiểm điểm năm trước"),
    ("causes", "Nguyên nhân, trách nhiệm"),
    ("measures", "Giải pháp, cam kết"),
)


def conclusion_sheet(sheet: ConclusionSheet) -> OfficialDocument:
    """Thông báo kết luận giao ban: the commune's figures, next month's collection by group, the conclusions."""
    plan = sheet.figures.get("next_month", [])
    body: list[Block] = [
        Paragraph(f"Giao ban sau phiên giao dịch ngày {numbers.date_short(sheet.on)}."),
        Paragraph(f"Thành phần: {sheet.present}."),
        Heading(1, "Kết quả"),
        *figures_blocks(sheet.figures),
        Heading(1, "Kế hoạch thu nợ gốc tháng tới"),
        Table(
            [
                Column("Tổ"),
                Column("Số khoản vay", "integer"),
                Column("Gốc đến hạn (đồng)", "integer"),
            ],
            [(row["code"], row["loans"], row["principal"]) for row in plan],
            totals=("Cộng", sum(r["loans"] for r in plan), sum(r["principal"] for r in plan)),
            empty="Không có khoản gốc nào đến hạn.",
        ),
        Heading(1, "Kết luận"),
        *paragraphs(sheet.conclusions),
    ]
    return framed(
        letterhead(sheet.organisation, sheet.on),
        Signing("", None, "", "", sheet.on.year),
        paper=Paper(
            code="TB",
            type_name="Thông báo",
            subject=f"Kết luận giao ban tháng {sheet.on:%m/%Y}",
            body=body,
            recipients=(
                "Các tổ chức nhận ủy thác",
                "Các tổ tiết kiệm và vay vốn",
                "Phòng giao dịch NHCSXH",
            ),
        ),
    )


def self_review(review: SelfReview) -> OfficialDocument:
    """Bản tự kiểm điểm: what was asked, what came of it, why, what follows; signed by the head."""
    body: list[Block] = []
    for name, title in _PARTS:
        words = str(getattr(review, name)).strip()
        body.append(Heading(1, title))
        body += paragraphs(words) if words else (Paragraph("(Chưa có nội dung.)"),)
    return framed(
        letterhead(review.organisation, review.issued_on or clock.today()),
        Signing(review.number, review.issued_on, review.head_name, review.head_title, review.year),
        paper=Paper(
            code="BC",
            type_name="Báo cáo",
            subject=f"Tự kiểm điểm việc lãnh đạo, chỉ đạo thực hiện tín dụng chính sách năm {review.year}",
            body=body,
        ),
    )
