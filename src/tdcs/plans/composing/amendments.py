"""The branch's submission of proposals to amend the plan (tờ trình)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Block,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    paragraphs,
)
from tdcs.plans.composing.framing import Letterhead, Paper, PlanName, Signing, framed

KINDS = {
    "change": "Sửa đổi nhiệm vụ",
    "add": "Bổ sung nhiệm vụ",
    "remove": "Bãi bỏ nhiệm vụ",
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal as the submission prints it."""

    kind: str
    unit: str
    path: str
    present: str
    present_timing: str
    text: str
    timing: str
    reason: str


def submission(
    head: Letterhead,
    signing: Signing,
    *,
    plan: PlanName,
    addressee: str,
    proposals: Sequence[Proposed],
    opinion: str,
) -> OfficialDocument:
    """TỜ TRÌNH về việc sửa đổi, bổ sung Kế hoạch: proposals by kind, present words beside proposed ones."""
    units = len({one.unit for one in proposals})
    body: list[Block] = [
        Paragraph(
            f"Thực hiện nhiệm vụ theo dõi, tổng hợp tại {plan}; trên cơ sở đề xuất của {units:02d} đơn vị, "
            f"{head.issuer} tổng hợp {len(proposals):02d} kiến nghị sửa đổi, bổ sung, kính trình {addressee} "
            "xem xét, quyết định như sau:"
        ),
        Heading(1, "Nội dung kiến nghị"),
    ]
    for kind, title in KINDS.items():
        chosen = [one for one in proposals if one.kind == kind]
        if chosen:
            body += [Heading(2, title), _table(kind, chosen)]
    body.append(Heading(1, "Ý kiến của Chi nhánh"))
    body += paragraphs(opinion) or (
        Paragraph("Chi nhánh thống nhất tổng hợp, trình cấp có thẩm quyền xem xét."),
    )
    body.append(Paragraph(f"{head.issuer} kính trình {addressee} xem xét, quyết định"))
    return framed(
        head,
        signing,
        paper=Paper(
            code="TTr",
            type_name="Tờ trình",
            subject=f"Về việc sửa đổi, bổ sung {plan}",
            body=body,
            addressees=(addressee,),
            recipients=("Như trên", "Các đơn vị có kiến nghị"),
        ),
    )


def _table(kind: str, rows: Sequence[Proposed]) -> Table:
    columns: tuple[Column, ...]
    lines: list[tuple[str, ...]]
    number = Column("TT", "ordinal", 1)
    unit, reason = Column("Đơn vị đề nghị", "text", 3), Column("Lý do", "text", 4)
    if kind == "add":
        columns = (number, Column("Phần", "text", 1.6), Column("Nội dung bổ sung", "text", 7))
        columns += (Column("Thời gian", "text", 2.4), unit, reason)
        lines = [(r.path, r.text, r.timing, r.unit, r.reason) for r in rows]
    elif kind == "remove":
        columns = (number, Column("Mục", "text", 1.6), Column("Nhiệm vụ", "text", 8), unit, reason)
        lines = [(r.path, r.present, r.unit, r.reason) for r in rows]
    else:
        columns = (number, Column("Mục", "text", 1.6), Column("Nội dung hiện hành", "text", 6))
        columns += (Column("Nội dung đề nghị", "text", 6), unit, reason)
        lines = [
            (
                r.path,
                _with_timing(r.present, r.present_timing),
                _with_timing(r.text or "(giữ nguyên nội dung)", r.timing),
                r.unit,
                r.reason,
            )
            for r in rows
        ]
    return Table(
        columns, [(at, *line) for at, line in enumerate(lines, 1)], landscape=kind == "change"
    )


def _with_timing(words: str, timing: str) -> str:
    return f"{words} (Thời gian: {timing})" if timing else words
