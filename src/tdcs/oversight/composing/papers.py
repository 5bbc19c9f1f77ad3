"""What is printed of inspections: lists from the book, minutes, a programme (01/KH), a year's summary (04/BC-TH)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import Bullets, OfficialDocument, Paragraph, Signature, Table
from tdcs.organisations.queries import profile_of
from tdcs.oversight.models import (
    Finding,
    Inspection,
    InspectionProgramme,
    PlannedInspection,
    Visit,
)
from tdcs.oversight.queries.coverage import BodyLines
from tdcs.oversight.queries.inspections import BorrowerRow
from tdcs.oversight.rules.settings import Checklist, checklists
from tdcs.oversight.states import FindingState

Block = Paragraph | Table | Bullets
_SAID: Final = {"yes": "có", "no": "không", "none": "không áp dụng"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Framed:
    """What a paper says, and to whom."""

    subject: str
    type_name: str
    kind: str
    body: Sequence[Block]
    recipients: Sequence[str]
    title: str = "Trưởng đoàn kiểm tra"


def framed(body: int, on: date, paper: Framed) -> OfficialDocument:
    """A paper in the body's frame, under the names of its day."""
    profile = profile_of(body, on)
    parent = profile_of(profile.parent_id, on).name if profile.parent_id else ""
    return OfficialDocument(
        parent_body=parent,
        issuer=profile.name,
        symbol=f"{paper.kind}-{profile.symbol}" if profile.symbol else paper.kind,
        place=profile.place_name,
        issued_on=on,
        type_name=paper.type_name,
        subject=paper.subject,
        body=paper.body,
        addressees=(),
        signature=Signature(title=paper.title),
        recipients=paper.recipients,
        filing="VT",
    )


def list_of_borrowers(
    inspection: Inspection,
    subject: str,
    rows: Sequence[BorrowerRow],
    checklist: Checklist,
    on: date,
) -> OfficialDocument:
    """The list that the team takes along: the bank's part from the book, the rest to be filled in at the borrower's."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Người vay", "text", 4.4),
        Column("Số khế ước", "text", 3.2),
        Column("Chương trình", "text", 2.6),
        Column("Dư nợ", "integer", 2.6),
        Column("Lãi phải trả", "integer", 2.2),
        Column("Tiền gửi", "integer", 2.2),
        Column("Đúng mục đích", "text", 2.2),
        Column("Sai mục đích", "text", 2.2),
        Column("Hiệu quả", "text", 1.8),
        Column("Người vay ký", "text", 2.2),
    )
    lines = [
        (
            at, row.line.name, row.line.number, row.line.programme, row.line.balance,
            row.line.interest_due, row.line.savings, "", "", "", "",
        )
        for at, row in enumerate(rows, 1)
    ]  # fmt: skip
    totals = (
        None, "Cộng", None, None, sum(row.line.balance for row in rows),
        sum(row.line.interest_due for row in rows), sum(row.line.savings for row in rows),
        None, None, None, None,
    )  # fmt: skip
    body: list[Block] = [
        Paragraph(
            f"Mẫu {checklist.number}. Tổ, điểm được kiểm tra: {subject}. Số liệu của Ngân hàng đến ngày "
            f"{numbers.date_short(on)}; phần còn lại do đoàn kiểm tra ghi tại hộ."
        ),
        Table(columns, lines, unit="đồng", totals=totals, landscape=True, empty="Không có hộ vay."),
        Bullets([f"{item.vi}: có ☐  không ☐" for item in checklist.items]),
    ]
    paper = Framed(
        subject=f"{checklist.vi.lower()} – {subject}",
        type_name="DANH SÁCH",
        kind="DS",
        body=body,
        recipients=("Đoàn kiểm tra", "Tổ TK&VV"),
    )
    return framed(inspection.body_id, on, paper)


def _met(visits: Sequence[Visit]) -> Table:
    """The borrowers met."""
    met = [
        (
            at, one.loan.borrower.full_name, one.loan.number, one.balance, one.get_result_display(),
            one.rightly, one.wrongly, one.words + (" (ghi ở nơi khác)" if one.elsewhere else ""),
        )
        for at, one in enumerate(visits, 1)
    ]  # fmt: skip
    return Table(
        (
            Column("TT", "ordinal", 1),
            Column("Người vay", "text", 4.4),
            Column("Số khế ước", "text", 3.2),
            Column("Dư nợ", "integer", 2.6),
            Column("Kết quả", "text", 2.6),
            Column("Đúng mục đích", "integer", 2.6),
            Column("Sai mục đích", "integer", 2.6),
            Column("Ghi chú", "text", 3.4),
        ),
        met,
        unit="đồng",
        landscape=True,
        empty="Không kiểm tra hộ vay.",
    )


def _found(findings: Sequence[Finding]) -> Table:
    """The findings with owner and day."""
    return Table(
        (
            Column("TT", "ordinal", 1),
            Column("Tồn tại", "text", 5),
            Column("Mức độ", "text", 2),
            Column("Nguyên nhân", "text", 4),
            Column("Kiến nghị", "text", 4),
            Column("Người khắc phục", "text", 3),
            Column("Hạn", "date", 2.2),
        ),
        [
            (
                at,
                one.words,
                one.get_severity_display(),
                one.cause,
                one.recommendation,
                one.owner.full_name,
                one.due_on,
            )
            for at, one in enumerate(findings, 1)
        ],
        landscape=True,
        empty="Không có tồn tại.",
    )


def minutes(
    inspection: Inspection,
    subject: str,
    visits: Sequence[Visit],
    findings: Sequence[Finding],
    on: date,
) -> OfficialDocument:
    """The minutes: team, answers, borrowers met, findings with owner and day, conclusion."""
    checklist = checklists()[inspection.checklist]
    held = inspection.held_on or inspection.due_on
    team = [f"{inspection.lead.full_name} – trưởng đoàn"]
    team += [one.person.full_name for one in inspection.members.select_related("person")]
    answers = [
        (at, item.vi, _SAID.get(inspection.answers.get(item.code, ""), "–"))
        for at, item in enumerate(checklist.items, 1)
        if checklist.of != "loan"
    ]
    body: list[Block] = [
        Paragraph(
            f"Ngày {numbers.date_short(held)}, đoàn kiểm tra gồm các thành viên sau đây tiến hành kiểm tra "
            f"{'đột xuất ' if inspection.surprise else ''}theo mẫu {checklist.number} tại {subject}:"
        ),
        Bullets(team),
        Paragraph(f"Người cùng làm việc: {inspection.witnesses or '(không ghi)'}."),
        Table(
            (
                Column("TT", "ordinal", 1),
                Column("Nội dung", "text", 11),
                Column("Kết quả", "text", 3),
            ),
            answers,
            empty="Mẫu này hỏi từng hộ vay.",
        ),
        _met(visits),
        _found(findings),
        Paragraph(f"Nhận xét, kết luận: {inspection.conclusion or '(chưa ghi)'}"),
    ]
    paper = Framed(
        subject=f"{checklist.vi} – {subject}",
        type_name="BIÊN BẢN",
        kind="BB",
        body=body,
        recipients=("Đơn vị được kiểm tra", "Ngân hàng Chính sách xã hội", "Đoàn kiểm tra"),
    )
    return framed(inspection.body_id, on, paper)


def programme_paper(
    programme: InspectionProgramme, rows: Sequence[tuple[PlannedInspection, str]], on: date
) -> OfficialDocument:
    """Form 01/KH: a year's inspections by month; surprise visits are not named."""
    lists = checklists()
    announced = [(row, name) for row, name in rows if not row.surprise]
    hidden = len(rows) - len(announced)
    body: list[Block] = [
        Paragraph(programme.words or "Thực hiện nhiệm vụ kiểm tra, giám sát tín dụng chính sách."),
        Table(
            (
                Column("TT", "ordinal", 1),
                Column("Tháng", "ordinal", 1.6),
                Column("Đối tượng", "text", 6),
                Column("Nội dung", "text", 6),
                Column("Lý do chọn", "text", 4),
            ),
            [
                (at, row.month, name, f"{lists[row.checklist].number} {lists[row.checklist].vi}", row.why)
                for at, (row, name) in enumerate(announced, 1)
            ],
            empty="Chưa có cuộc kiểm tra nào.",
        ),
        Paragraph(f"Ngoài ra kiểm tra đột xuất {hidden} cuộc, không báo trước."),
    ]  # fmt: skip
    paper = Framed(
        subject=f"Kiểm tra, giám sát hoạt động tín dụng chính sách năm {programme.year}",
        type_name="KẾ HOẠCH",
        kind="KH",
        body=body,
        recipients=("Cấp trên trực tiếp", "Ngân hàng Chính sách xã hội"),
        title="Thủ trưởng đơn vị",
    )
    return framed(programme.body_id, on, paper)


def summary_paper(
    programme: InspectionProgramme,
    coverage: Sequence[BodyLines],
    findings: Sequence[Finding],
    on: date,
) -> OfficialDocument:
    """Form 04/BC-TH: sections I to IV and VI, as the form counts them."""
    duties = [
        (body.name, line.name, line.total, line.needed, line.visited, line.missed)
        for body in coverage
        for line in body.lines
        if body.bound
    ]
    still = [one for one in findings if one.state != FindingState.CLOSED]
    body: list[Block] = [
        Paragraph("I. Công tác chỉ đạo: " + (programme.words or "theo chương trình kiểm tra đã duyệt.")),
        Paragraph("II. Kết quả kiểm tra"),
        Table(
            (
                Column("Khối", "text", 4),
                Column("Nội dung", "text", 6),
                Column("Tổng số", "integer", 2),
                Column("Phải kiểm tra", "integer", 2.4),
                Column("Đã kiểm tra", "integer", 2.2),
                Column("Quá hạn", "integer", 2),
            ),
            duties,
        ),
        Paragraph(f"III. Tồn tại: {len(findings)}, chưa khép lại {len(still)}."),
        Bullets([one.words for one in findings[:40]] or ["Không có."]),
        Paragraph("IV. Nguyên nhân"),
        Bullets(sorted({one.cause for one in findings})[:20] or ["Không có."]),
        Paragraph("VI. Kiến nghị"),
        Bullets(sorted({one.recommendation for one in findings})[:20] or ["Không có."]),
    ]  # fmt: skip
    paper = Framed(
        subject=f"Kết quả kiểm tra, giám sát năm {programme.year}",
        type_name="BÁO CÁO",
        kind="BC",
        body=body,
        recipients=("Cấp trên trực tiếp", "Ngân hàng Chính sách xã hội"),
        title="Thủ trưởng đơn vị",
    )
    return framed(programme.body_id, on, paper)
