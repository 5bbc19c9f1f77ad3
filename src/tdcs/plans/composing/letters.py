"""The reminder letter (công văn đôn đốc)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import OfficialDocument, Paragraph, Table
from tdcs.organisations.queries import profile_of
from tdcs.plans.composing.framing import Letterhead, Paper, PlanName, Signing, framed
from tdcs.plans.composing.letterheads import branch, letterhead, plan_name
from tdcs.plans.models import Letter


def reminder_letter(
    head: Letterhead,
    signing: Signing,
    *,
    plan: PlanName,
    unit: str,
    year: int,
    items: Sequence[Mapping[str, str]],
) -> OfficialDocument:
    """What the unit has not reported, by when, what to do now."""
    day = numbers.date_short(signing.issued_on) if signing.issued_on else "nay"
    columns = (
        Column("TT", "ordinal", 1),
        Column("Mục", "text", 1.8),
        Column("Nhiệm vụ", "text", 8),
        Column("Hạn", "text", 2.6),
        Column("Tình trạng", "text", 3),
    )
    rows = [
        (at, item["path"], item["title"], item["due"], item["late"] or item["state"])
        for at, item in enumerate(items, 1)
    ]
    return framed(
        head,
        signing,
        paper=Paper(
            code="",
            type_name=None,
            subject=f"đôn đốc thực hiện Kế hoạch số {plan.number} năm {year}",
            body=(
                Paragraph(
                    f"Thực hiện {plan}; qua theo dõi đến ngày {day}, {unit} còn {len(rows):02d} việc của năm {year} "
                    "chưa báo cáo kết quả:"
                ),
                Table(columns, rows),
                Paragraph(
                    f"{head.issuer} đề nghị {unit} khẩn trương thực hiện, báo cáo kết quả trên hệ thống để tổng hợp, "
                    "báo cáo Ủy ban nhân dân theo quy định"
                ),
            ),
            addressees=(unit,),
            recipients=("Như trên", "UBND (để báo cáo)"),
            filing="VT, KHNV",
        ),
    )


def letter_document(letter: Letter) -> OfficialDocument:
    """A letter that was written, under the names of its day."""
    day = letter.issued_on
    return reminder_letter(
        letterhead(branch(letter.plan, day), day),
        Signing(letter.number, day, letter.signer, letter.signer_title),
        plan=plan_name(letter.plan),
        unit=profile_of(letter.organisation_id, day).name,
        year=letter.year,
        items=letter.items,
    )
