"""The frame of documents that units and the branch sign, and the reminder letter."""

from __future__ import annotations

from datetime import date

from tdcs.documents.official import (
    Heading,
    OfficialDocument,
    Paragraph,
    Signature,
    TableBlock,
)
from tdcs.documents.official.model import Block
from tdcs.organisations.models import OrganisationProfile
from tdcs.organisations.queries import profile_of
from tdcs.plans.models import Letter, Plan, UnitPlan


def framed(
    *,
    profile: OrganisationProfile,
    code: str,
    number: str,
    issued_on: date | None,
    type_name: str,
    subject: str,
    body: tuple[Block, ...],
    signer: str,
    signer_title: str,
    recipients: tuple[str, ...],
    addressees: tuple[str, ...] = (),
    bases: tuple[str, ...] = (),
    year: int = 0,
) -> OfficialDocument:
    """A document in a unit's own frame: names, symbol and place as they hold on the day."""
    committee = profile.organisation.kind == "people_committee"
    title = signer_title or ("Chủ tịch" if committee else "Thủ trưởng đơn vị")
    return OfficialDocument(
        parent=_parent(profile),
        issuer=profile.name,
        number=number,
        symbol=f"{code}-{profile.symbol}" if code else f"{profile.symbol}-VP",
        place=profile.place_name or "Đồng Nai",
        issued_on=issued_on,
        type_name=type_name,
        subject=subject,
        body=body,
        signature=Signature(("TM. Ủy ban nhân dân",) if committee else (), title, signer),
        recipients=recipients,
        addressees=addressees,
        bases=bases,
        year=year,
    )


def _parent(profile: OrganisationProfile) -> str:
    if profile.organisation.kind == "people_committee" or profile.parent is None:
        return ""
    return profile_of(profile.parent_id or 0, profile.starts_on).name


def letter_document(letter: Letter) -> OfficialDocument:
    """Công văn đôn đốc: what the unit has not reported, by when, what to do."""
    branch = _branch_profile(letter.issued_on)
    unit = profile_of(letter.organisation_id, letter.issued_on)
    rows = tuple(
        (str(at), item["path"], item["title"], item["due"], item["late"] or item["state"])
        for at, item in enumerate(letter.items, 1)
    )
    plan = letter.plan
    body: tuple[Block, ...] = (
        Paragraph(
            f"Thực hiện Kế hoạch số {plan.number} ngày {plan.issued_on:%d/%m/%Y} của {plan.issuer_words}, "
            f"qua theo dõi đến ngày {letter.issued_on:%d/%m/%Y}, {unit.name} còn {len(rows)} việc của năm "
            f"{letter.year} chưa báo cáo kết quả:"
        ),
        TableBlock(("TT", "Mục", "Nhiệm vụ", "Hạn", "Tình trạng"), rows, (1, 2, 8, 3, 3)),
        Paragraph(
            f"{branch.name} đề nghị {unit.name} khẩn trương thực hiện, báo cáo kết quả trên hệ thống để "
            "tổng hợp, báo cáo Ủy ban nhân dân theo quy định./."
        ),
    )
    return framed(
        profile=branch,
        code="",
        number=letter.number,
        issued_on=letter.issued_on,
        type_name="",
        subject=f"đôn đốc thực hiện Kế hoạch {plan.number} năm {letter.year}",
        body=body,
        signer=letter.signer,
        signer_title=letter.signer_title or "Giám đốc",
        addressees=(unit.name,),
        recipients=("Như trên", "UBND (để báo cáo)", "Lưu: VT, KH"),
    )


def _branch_profile(day: date) -> OrganisationProfile:
    row = (
        OrganisationProfile.objects.filter(
            organisation__code="nhcsxh-chi-nhanh@p75", starts_on__lte=day
        )
        .select_related("organisation", "parent")
        .order_by("-starts_on")
        .first()
    )
    assert row is not None  # ships with the system
    return row


def branch_profile(day: date) -> OrganisationProfile:
    """The branch's profile on a day."""
    return _branch_profile(day)


def unit_plan_document(unit_plan: UnitPlan) -> OfficialDocument:
    """A unit's own plan to carry out the province's (III.1)."""
    plan: Plan = unit_plan.plan
    day = unit_plan.issued_on or date(unit_plan.year, 1, 1)
    profile = profile_of(unit_plan.organisation_id, day)
    rows = tuple(
        (str(at), row["title"], row.get("who", ""), row.get("when", ""))
        for at, row in enumerate(unit_plan.words, 1)
    )
    body: tuple[Block, ...] = (
        Heading("I. MỤC ĐÍCH, YÊU CẦU"),
        Paragraph(
            f"Cụ thể hóa các nhiệm vụ mà Kế hoạch số {plan.number} giao cho {profile.name}; phân công rõ người, "
            "rõ việc, rõ thời hạn."
        ),
        Heading("II. NHIỆM VỤ VÀ PHÂN CÔNG"),
        TableBlock(("TT", "Nhiệm vụ", "Bộ phận thực hiện", "Thời gian"), rows, (1, 8, 4, 3)),
        Heading("III. TỔ CHỨC THỰC HIỆN"),
        Paragraph(
            "Các bộ phận được phân công báo cáo kết quả để tổng hợp, gửi Chi nhánh Ngân hàng Chính sách xã hội "
            "trước ngày 15 tháng 12 hằng năm./."
        ),
    )
    return framed(
        profile=profile,
        code="KH",
        number=unit_plan.number,
        issued_on=unit_plan.issued_on,
        type_name="Kế hoạch",
        subject=f"Thực hiện Kế hoạch số {plan.number} ngày {plan.issued_on:%d/%m/%Y} của {plan.issuer_words}",
        body=body,
        signer=unit_plan.signer,
        signer_title=unit_plan.signer_title,
        recipients=("Chi nhánh NHCSXH", "Các bộ phận liên quan", "Lưu: VT"),
        year=unit_plan.year,
    )
