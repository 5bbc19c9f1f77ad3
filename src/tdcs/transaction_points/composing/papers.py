"""What is printed of sessions: notice of the schedule, list of what falls due, what must hang, minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Bullets,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
)
from tdcs.loans.queries.sheets import SheetLine
from tdcs.organisations.queries import profile_of
from tdcs.transaction_points.models import TeamMember, TransactionSession
from tdcs.transaction_points.queries.sessions import SessionRow
from tdcs.transaction_points.queries.summary import GroupLine
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.rules.scoring import Figures, Scored


def _dong(value: int | None) -> str:
    """1.234.567 without its unit; a dash of nothing."""
    return numbers.whole(value) if value is not None else "–"


Block = Paragraph | Table | Bullets
_WEEK: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Paper:
    """What a paper says, and to whom."""

    subject: str
    body: Sequence[Block]
    recipients: Sequence[str]
    kind: str = ""
    type_name: str | None = None
    addressees: Sequence[str] = ()
    title: str = "Giám đốc"


def _document(office: int, on: date, paper: _Paper) -> OfficialDocument:
    """A paper in the office's frame, under the names of its day; number and signer are given when it is issued."""
    profile = profile_of(office, on)
    parent = profile_of(profile.parent_id, on).name if profile.parent_id else ""
    return OfficialDocument(
        parent_body=parent,
        issuer=profile.name,
        symbol=f"{paper.kind}-{profile.symbol}" if paper.kind else profile.symbol,
        place=profile.place_name,
        issued_on=on,
        type_name=paper.type_name,
        subject=paper.subject,
        body=paper.body,
        addressees=paper.addressees,
        signature=Signature(title=paper.title),
        recipients=paper.recipients,
        filing="VT",
    )


def _when(session: TransactionSession) -> str:
    words = f"{_WEEK[session.held_on.weekday()]}, ngày {numbers.date_short(session.held_on)}"
    if session.starts_at and session.ends_at:
        words += f", từ {session.starts_at:%H giờ %M} đến {session.ends_at:%H giờ %M}"
    return words


def schedule_notice(row: SessionRow, groups: Sequence[GroupLine], *, on: date) -> OfficialDocument:
    """The notice of a session to the commune and to the point's groups; says so when it is a make-up session."""
    session = row.session
    team = ", ".join(
        f"{one.person.full_name} ({one.get_role_display().lower()})" for one in row.team
    )
    why = (
        f"Phiên này tổ chức bù cho ngày cố định {numbers.date_short(session.due_on)} ({session.moved_why})."
        if row.moved
        else "Phiên này tổ chức đúng ngày cố định của điểm giao dịch."
    )
    columns = (
        Column("TT", "ordinal", 1),
        Column("Mã tổ", "text", 2),
        Column("Tổ TK&VV", "text", 7),
        Column("Tổ trưởng", "text", 5),
    )
    rows = [(at, line.code, line.name, line.leader) for at, line in enumerate(groups, 1)]
    body: list[Block] = [
        Paragraph(
            f"{row.office} thông báo phiên giao dịch tại {row.name}: {_when(session)}; "
            f"nơi giao dịch: {session.place or 'trụ sở Ủy ban nhân dân xã'}. {why}"
        ),
        Paragraph(
            f"Tổ giao dịch: {team or 'sẽ thông báo sau'}. Đề nghị Ủy ban nhân dân xã bố trí địa điểm, lực lượng bảo vệ; "
            "tổ chức hội và các Tổ trưởng sau đây dự phiên giao dịch và họp giao ban:"
        ),
        Table(columns, rows, empty="Chưa xếp tổ nào vào điểm giao dịch."),
    ]
    paper = _Paper(
        subject=f"thông báo lịch giao dịch tại {row.name}",
        addressees=("Ủy ban nhân dân xã", "Các tổ chức hội, đoàn thể nhận ủy thác", "Các Tổ TK&VV"),
        recipients=("Như trên", "Điểm giao dịch (niêm yết)"),
        body=body,
    )
    return _document(session.office_id, on, paper)


def due_list(
    lines: Sequence[SheetLine], *, group: str, session: TransactionSession, on: date
) -> OfficialDocument:
    """What falls due of a group at a session, for its leader: principal due, interest to the session's eve, overdue."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Tổ viên", "text", 5),
        Column("Số khế ước", "text", 3.6),
        Column("Chương trình", "text", 3),
        Column("Dư nợ", "integer", 2.8),
        Column("Gốc đến hạn", "integer", 2.6),
        Column("Trong đó quá hạn", "integer", 2.4),
        Column("Lãi phải trả", "integer", 2.4),
    )
    rows = [
        (
            at,
            line.name,
            line.number,
            line.programme,
            line.balance,
            line.principal_due or None,
            line.overdue or None,
            line.interest_due,
        )
        for at, line in enumerate(lines, 1)
    ]
    totals = (
        None, "Cộng", None, None, sum(one.balance for one in lines),
        sum(one.principal_due for one in lines), sum(one.overdue for one in lines),
        sum(one.interest_due for one in lines),
    )  # fmt: skip
    due = [line for line in lines if line.principal_due]
    body: list[Block] = [
        Paragraph(
            f"Phiên giao dịch {_when(session)}. Số liệu tính đến hết ngày trước phiên, nếu từ nay đến đó không có "
            f"giao dịch nào khác. {len(due)} khoản vay có gốc đến hạn, {len(lines)} khoản vay phải trả lãi:"
        ),
        Table(columns, rows, unit="đồng", totals=totals, landscape=True),
        Bullets(
            [
                "Tổ trưởng thông báo từng tổ viên có tên; gốc do người vay trả trực tiếp cho Ngân hàng tại phiên giao dịch.",
                "Tổ viên chưa trả được đúng hạn làm giấy đề nghị 08/TD trước hạn ít nhất 5 ngày làm việc; Tổ trưởng nộp "
                "Ngân hàng trước phiên ít nhất 3 ngày làm việc, chậm nhất trong ngày giao dịch.",
            ]
        ),
    ]
    paper = _Paper(
        subject=f"thông báo nợ đến hạn tại phiên giao dịch ngày {numbers.date_short(session.held_on)}",
        addressees=(f"Tổ trưởng {group}",),
        recipients=("Như trên", "Tổ chức hội quản lý tổ"),
        body=body,
    )
    return _document(session.office_id, on, paper)


def posting_list(row: SessionRow, *, on: date) -> OfficialDocument:
    """What must hang at the point, to be ticked by the team."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Nội dung niêm yết", "text", 9),
        Column("Có", "text", 1.5),
        Column("Cập nhật đến ngày", "text", 3),
        Column("Ghi chú", "text", 3),
    )
    rows = [(at, one["vi"], "", "", "") for at, one in enumerate(settings.posting_list(), 1)]
    paper = _Paper(
        subject=f"Kiểm tra niêm yết tại {row.name}, phiên ngày {numbers.date_short(row.session.held_on)}",
        type_name="DANH MỤC",
        kind="DM",
        recipients=("Điểm giao dịch", "Tổ giao dịch"),
        body=[Table(columns, rows)],
        title="Tổ trưởng tổ giao dịch",
    )
    return _document(row.session.office_id, on, paper)


def minutes(
    row: SessionRow, figures: Figures, scored: Sequence[Scored], *, on: date
) -> OfficialDocument:
    """The minutes of a session: team, figures, cash, score, conclusions of the review meeting."""
    session = row.session
    team = [f"{one.get_role_display()}: {one.person.full_name}" for one in row.team]
    difference = (session.cash_counted or 0) - (session.cash_expected or 0)
    cash = (
        f"Tiền mặt phải có {_dong(session.cash_expected)} đồng; kiểm đếm {_dong(session.cash_counted)} đồng; "
        + (
            f"chênh lệch {_dong(difference)} đồng, lý do: {session.difference_why}."
            if difference
            else "khớp đúng."
        )
    )
    counts = [
        (_dong(one.denomination), one.notes, one.denomination * one.notes)
        for one in session.counts.order_by("-denomination")
    ]
    body: list[Block] = [
        Paragraph(f"Phiên giao dịch tại {row.name}: {_when(session)}. Thành phần tổ giao dịch:"),
        Bullets(team or ["Chưa phân công"]),
        Paragraph(
            f"{figures.groups_came}/{figures.groups} tổ giao dịch; {figures.loans_paid} khoản vay trả nợ, trả lãi; "
            f"thu gốc {_dong(figures.principal)} đồng, thu lãi {_dong(figures.interest)} đồng "
            f"(phải thu {_dong(figures.interest_due)} đồng), thu tiền gửi {_dong(figures.savings)} đồng, "
            f"chi tiền gửi {_dong(figures.withdrawn)} đồng, giải ngân {figures.disbursements} khoản, "
            f"{_dong(figures.disbursed)} đồng."
        ),
        Paragraph(cash),
        Table(
            (
                Column("Mệnh giá", "text", 4),
                Column("Số tờ", "integer", 3),
                Column("Thành tiền", "integer", 4),
            ),
            counts,
            unit="đồng",
            empty="Chưa kiểm đếm.",
        ),
        Table(
            (
                Column("Tiêu chí", "text", 9),
                Column("Điểm tối đa", "integer", 2.5),
                Column("Điểm đạt", "integer", 2.5),
            ),
            [(one.vi, one.most, one.points) for one in scored],
            totals=("Cộng", sum(one.most for one in scored), sum(one.points for one in scored)),
        ),
        Paragraph(f"Kết luận giao ban: {session.conclusions or '(chưa ghi)'}"),
    ]
    paper = _Paper(
        subject=f"Phiên giao dịch tại {row.name} ngày {numbers.date_short(session.held_on)}",
        type_name="BIÊN BẢN",
        kind="BB",
        recipients=("Ủy ban nhân dân xã", "Các tổ chức hội, đoàn thể", "Tổ giao dịch"),
        body=body,
        title=str(TeamMember.Role.LEADER.label),
    )
    return _document(session.office_id, on, paper)
