"""The list of a round and the minutes of a household in difficulty, as official documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Bullets,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
)
from tdcs.organisations.queries import profile_of
from tdcs.problem_loans.models import DossierContact, ProblemDossier, RiskRound
from tdcs.problem_loans.queries.dossiers import PromiseLine
from tdcs.problem_loans.queries.rounds import CaseLine, sums_of

Block = Paragraph | Table | Bullets
VERDICTS = {"kept": "đã thực hiện", "broken": "không thực hiện", "waiting": "chưa đến hạn"}


def _document(
    office: int, on: date, subject: str, body: Sequence[Block], type_name: str
) -> OfficialDocument:
    """A paper in the office's frame, under the names of its day."""
    profile = profile_of(office, on)
    parent = profile_of(profile.parent_id, on).name if profile.parent_id else ""
    return OfficialDocument(
        parent_body=parent,
        issuer=profile.name,
        symbol=profile.symbol,
        place=profile.place_name,
        issued_on=on,
        type_name=type_name,
        subject=subject,
        body=body,
        addressees=(),
        signature=Signature(title="Giám đốc"),
        recipients=("Lưu hồ sơ",),
        filing="VT",
    )


def round_list(risk_round: RiskRound, lines: Sequence[CaseLine], on: date) -> OfficialDocument:
    """Every case with its loss and what is proposed, and the sums."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Người vay", "text", 4),
        Column("Số khế ước", "text", 3.4),
        Column("Biện pháp", "text", 2.4),
        Column("Nguyên nhân", "text", 4.5),
        Column("Dư nợ gốc", "integer", 2.8),
        Column("Lãi chưa trả", "integer", 2.6),
        Column("Thiệt hại", "integer", 2.8),
        Column("Tỷ lệ (%)", "integer", 1.6),
        Column("Đến ngày", "text", 2.4),
    )
    rows = [
        (
            at,
            one.borrower,
            one.case.loan.number,
            one.case.get_measure_display(),
            one.case.cause,
            one.balance,
            one.interest or None,
            one.case.loss,
            one.percent,
            numbers.date_short(one.case.until_on) if one.case.until_on else "",
        )
        for at, one in enumerate(lines, 1)
    ]
    principal, interest, loss = sums_of(lines)
    totals = (None, "Cộng", None, None, None, principal, interest, loss, None, None)
    said = (
        f"Đã quyết định theo số {risk_round.decision_number}."
        if risk_round.decision_number
        else "Kính trình cấp có thẩm quyền xem xét, quyết định."
    )
    body: list[Block] = [
        Paragraph(f"Căn cứ biên bản xác định mức độ thiệt hại của từng hộ, {len(lines)} món nợ:"),
        Table(columns, rows, unit="đồng", totals=totals, landscape=True, empty="Không có món nợ."),
        Paragraph(f"Tổng dư nợ gốc đề nghị xử lý: {numbers.whole(principal)} đồng. {said}"),
    ]
    subject = f"món nợ đề nghị xử lý đợt {risk_round.number} năm {risk_round.year}"
    return _document(risk_round.office_id, on, subject, body, "Danh sách")


def contact_minutes(
    dossier: ProblemDossier,
    contact: DossierContact,
    debt: tuple[str, int],
    promises: Sequence[PromiseLine],
    on: date,
) -> OfficialDocument:
    """The minutes of one contact: who was met, what was found, what was promised so far; ``debt``: name and what is owed."""
    name, owed = debt
    place = ""
    if contact.latitude is not None and contact.longitude is not None:
        place = f" Vị trí: {_degrees(contact.latitude)}, {_degrees(contact.longitude)}."
    body: list[Block] = [
        Paragraph(
            f"Ngày {numbers.date_short(contact.on)}, {contact.by.full_name} làm việc với hộ {name}; người gặp: "
            f"{contact.met}; cách làm việc: {contact.get_way_display().lower()}.{place}"
        ),
        Paragraph(
            f"Dư nợ gốc của hộ: {numbers.whole(owed)} đồng. Nguyên nhân khó khăn: "
            f"{dossier.get_cause_display().lower()}. Hoàn cảnh: {dossier.situation}"
        ),
        Paragraph(f"Kết quả làm việc: {contact.words}"),
    ]
    if promises:
        columns = (
            Column("Ngày hứa", "date", 2.4),
            Column("Hạn trả", "date", 2.4),
            Column("Số tiền hứa", "integer", 3),
            Column("Đã trả", "integer", 3),
            Column("Kết quả", "text", 3),
        )
        rows = [
            (one.promise.made_on, one.promise.due_on, one.promise.amount, one.paid,
             VERDICTS[one.verdict])
            for one in promises
        ]  # fmt: skip
        body += [Paragraph("Các lần hẹn trả nợ:"), Table(columns, rows, unit="đồng")]
    body.append(
        Paragraph(
            f"Việc tiếp theo: {dossier.next_step}, ngày {numbers.date_short(dossier.next_on)}."
        )
    )
    return _document(dossier.office_id, on, f"làm việc với hộ {name}", body, "Biên bản")


def _degrees(millionths: int) -> str:
    """10,953271 from 10953271."""
    sign = "-" if millionths < 0 else ""
    whole, part = divmod(abs(millionths), 1_000_000)
    return f"{sign}{whole},{part:06d}"
