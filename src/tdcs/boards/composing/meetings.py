"""What a board sends and signs: invitation with its papers, minutes with the votes and what each unit owes."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tdcs.boards.models import BoardMeeting, BoardSeat
from tdcs.boards.queries.meetings import attendance_of, quorum_of, resolutions_of
from tdcs.boards.queries.members import members_of
from tdcs.boards.states import Presence
from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.official import (
    Annex,
    Block,
    Bullets,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    paragraphs,
)
from tdcs.plans.composing.framing import Paper, Signing, framed
from tdcs.plans.composing.letterheads import letterhead

_MILLION: Final = 1_000_000
_PARTS: Final = (
    ("outstanding", "Dư nợ"),
    ("disbursed_year", "Cho vay trong năm"),
    ("collected_year", "Thu nợ trong năm"),
    ("overdue", "Quá hạn"),
    ("frozen", "Khoanh"),
)


def invitation(meeting: BoardMeeting) -> OfficialDocument:
    """The letter that calls the members, with the figures of the day as annex."""
    members = [m for m in members_of(meeting.board_id, meeting.held_on) if m.holder]
    body: list[Block] = [
        Paragraph(
            f"Kính mời quý vị dự {str(meeting).lower()} của Ban đại diện, vào {_when(meeting)}, "
            f"tại {meeting.place}."
        ),
        Paragraph("Nội dung:"),
        Bullets(tuple(meeting.agenda)),
        Paragraph(
            "Đề nghị quý vị dự họp đầy đủ; trường hợp vắng, báo Thường trực Ban trước ngày họp."
        ),
    ]
    return framed(
        letterhead(meeting.board_id, meeting.held_on),
        _signing(meeting, meeting.letter_number, meeting.invited_on),
        paper=Paper(
            code="GM",
            type_name="Giấy mời",
            subject=f"Họp Ban đại diện lần {meeting.sequence} năm {meeting.year}",
            body=body,
            addressees=tuple(str(m.holder) for m in members),
            annexes=(
                Annex("Tài liệu họp: kết quả tín dụng chính sách", figures_blocks(meeting.figures)),
            ),
        ),
    )


def minutes(meeting: BoardMeeting) -> OfficialDocument:
    """Who was there, what was decided with how many votes, who owes it by when."""
    quorum, rows = quorum_of(meeting), list(attendance_of(meeting))
    body: list[Block] = [
        Paragraph(f"Họp vào {_when(meeting)}, tại {meeting.place}."),
        Heading(1, "Thành phần"),
        Paragraph(
            f"Có mặt {quorum.present}/{quorum.seats} thành viên, cần ít nhất {quorum.needed} để quyết định."
        ),
        Table(
            [
                Column("Họ và tên"),
                Column("Chức vụ"),
                Column("Trong ban"),
                Column("Có mặt"),
                Column("Người dự thay"),
            ],
            [
                (
                    row.full_name,
                    row.title,
                    BoardSeat.Role(row.seat.role).label,
                    Presence(row.presence).label,
                    row.substitute,
                )
                for row in rows
            ],
        ),
        Heading(1, "Nội dung"),
        Bullets(tuple(meeting.agenda)),
        Heading(1, "Biểu quyết"),
        _votes(meeting),
        Heading(1, "Kết luận"),
        *(paragraphs(meeting.conclusions) or (Paragraph("(Chưa có kết luận.)"),)),
    ]
    return framed(
        letterhead(meeting.board_id, meeting.held_on),
        _signing(meeting, "", meeting.closed_on),
        paper=Paper(
            code="BB",
            type_name="Biên bản",
            subject=f"Phiên họp Ban đại diện lần {meeting.sequence} năm {meeting.year}",
            body=body,
            recipients=("Thành viên Ban đại diện", "Các đơn vị được giao việc"),
        ),
    )


def _votes(meeting: BoardMeeting) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for owed in resolutions_of(meeting):
        one = owed.resolution
        said = (
            "chưa biểu quyết"
            if one.passed is None
            else "thông qua"
            if one.passed
            else "không thông qua"
        )
        rows.append(
            (one.title, "; ".join(owed.owners), one.due_on, one.votes_for, one.votes_against, said)
        )
    return Table(
        [
            Column("Nội dung"),
            Column("Đơn vị thực hiện"),
            Column("Hạn", "date"),
            Column("Thuận", "integer"),
            Column("Chống", "integer"),
            Column("Kết quả"),
        ],
        rows,
        empty="Không có nội dung biểu quyết.",
    )


def figures_blocks(figures: dict[str, Any]) -> tuple[Block, ...]:
    """The papers' figures as tables; amounts in millions of dong."""
    if not figures.get("day"):
        return (Paragraph("Chưa có ngày khóa sổ nào để lấy số liệu."),)
    day = date.fromisoformat(figures["day"])
    return (
        Paragraph(f"Số liệu ngày {numbers.date_short(day)}; tiền tính bằng triệu đồng."),
        Table(
            [
                Column("Chỉ tiêu"),
                Column("Đầu năm", "integer"),
                Column("Hiện nay", "integer"),
                Column("Tăng, giảm", "integer"),
            ],
            [
                (row["name"], _shown(row, "before"), _shown(row, "value"), _change(row))
                for row in figures["figures"]
            ],
            caption="Kết quả chung",
        ),
        _parts("Theo chương trình", figures["programmes"]),
        _parts("Theo tổ chức nhận ủy thác", figures["organisations"]),
    )


def _parts(caption: str, parts: list[dict[str, Any]]) -> Table:
    return Table(
        [
            Column(caption.removeprefix("Theo ").capitalize()),
            *(Column(name, "integer") for _, name in _PARTS),
        ],
        [
            (part["name"], *(_millions(part["values"].get(code)) for code, _ in _PARTS))
            for part in parts
        ],
        caption=caption,
        unit="triệu đồng",
    )


def _shown(row: dict[str, Any], key: str) -> int | None:
    value = row[key]
    return _millions(value) if row["unit"] == "dong" else value


def _change(row: dict[str, Any]) -> int | None:
    now, before = _shown(row, "value"), _shown(row, "before")
    return now - before if now is not None and before is not None else None


def _millions(value: int | None) -> int | None:
    return None if value is None else (value + _MILLION // 2) // _MILLION


def _when(meeting: BoardMeeting) -> str:
    return f"{meeting.starts_at:%H giờ %M}, ngày {numbers.date_short(meeting.held_on)}"


def _signing(meeting: BoardMeeting, number: str, day: date | None) -> Signing:
    head = next(
        (
            m.holder
            for m in members_of(meeting.board_id, meeting.held_on)
            if m.seat.role == BoardSeat.Role.HEAD
        ),
        None,
    )
    return Signing(number, day, head.full_name if head else "", "", meeting.year)
