"""The minutes of a group's meeting on its board, and of the hand-over, as official documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import Bullets, OfficialDocument, Paragraph, Signature, Table
from tdcs.entrustment.queries.groups import profile_on
from tdcs.entrustment.rules import GRADES
from tdcs.group_results.models import BoardHandover, ConsolidationCase, GroupVote
from tdcs.households.queries.scope import area_names
from tdcs.organisations.queries import profile_of

Block = Paragraph | Table | Bullets


def _document(
    case: ConsolidationCase, day: date, subject: str, body: Sequence[Block], signer: Signature
) -> OfficialDocument:
    """A paper under the name of the mass organisation behind the group, as of its day."""
    profile = profile_on(case.group, day)
    unit = profile_of(profile.mass_organisation_id, day)
    return OfficialDocument(
        parent_body=unit.name,
        issuer=f"Tổ TK&VV {profile.name}",
        symbol=case.group.code,
        place=area_names([profile.area_id], day)[profile.area_id],
        issued_on=day,
        type_name="Biên bản",
        subject=subject,
        body=body,
        addressees=(),
        signature=signer,
        recipients=("UBND xã, phường", "Hội, đoàn thể nhận ủy thác", "Phòng giao dịch NHCSXH"),
        filing="Tổ",
    )


def proposed_words(case: ConsolidationCase) -> str:
    """What a case proposes, in a sentence."""
    if case.into is not None:
        return f"Sáp nhập tổ {case.group.code} vào tổ {case.into.code}"
    named = [("tổ trưởng", case.leader), ("tổ phó", case.deputy)]
    return "Cử " + "; ".join(f"{p.full_name} làm {post}" for post, p in named if p is not None)


def vote_minutes(vote: GroupVote) -> OfficialDocument:
    """Why the group met, who was there, how they voted (10C/TD)."""
    case = vote.case
    there = list(vote.attended.select_related("person", "household").order_by("person__search"))
    rows = [(at, one.person.full_name, one.household.code, "") for at, one in enumerate(there, 1)]
    columns = (
        Column("TT", "ordinal", 1),
        Column("Tổ viên", "text", 6),
        Column("Mã hộ", "text", 3),
        Column("Ký tên", "text", 4),
    )
    said = "thông qua" if vote.passed else "không thông qua"
    body: list[Block] = [
        Paragraph(
            f"Ngày {numbers.date_short(vote.held_on)}, tổ họp về kiện toàn ban quản lý. Chủ trì: {vote.chair}."
        ),
        Paragraph(
            f"Lý do: tổ xếp loại {GRADES[case.grade]} trở xuống {case.months} tháng liền. {case.reason}"
        ),
        Paragraph(f"Có mặt {len(there)}/{vote.members} tổ viên:"),
        Table(columns, rows, empty="Không có tổ viên."),
        Paragraph(f"Nội dung biểu quyết: {proposed_words(case)}."),
        Paragraph(
            f"Kết quả: {vote.votes_for} phiếu thuận, {vote.votes_against} phiếu chống; cuộc họp {said}."
        ),
    ]
    if vote.words:
        body.append(Paragraph(f"Ý kiến tại cuộc họp: {vote.words}"))
    signer = Signature(title="Chủ trì cuộc họp", name=vote.chair)
    return _document(case, vote.held_on, "họp tổ về kiện toàn ban quản lý", body, signer)


def handover_minutes(given: BoardHandover) -> OfficialDocument:
    """Books and cash that passed from the old board to the new one."""
    case = given.case
    body: list[Block] = [
        Paragraph(
            f"Căn cứ quyết định số {case.decision_number} ngày {numbers.date_short(case.decided_on)}: {proposed_words(case)}."
            if case.decided_on
            else f"{proposed_words(case)}."
        ),
        Paragraph(f"Bên giao: {given.giver}. Bên nhận: {given.receiver}."),
        Paragraph(f"Người chứng kiến: {given.witness}."),
        Paragraph("Sổ sách, giấy tờ bàn giao:"),
        Bullets(tuple(given.books)),
        Paragraph(f"Tiền mặt bàn giao: {numbers.whole(given.cash)} đồng."),
    ]
    if given.words:
        body.append(Paragraph(f"Ghi chú: {given.words}"))
    signer = Signature(title="Bên nhận", name=given.receiver)
    return _document(case, given.on, "bàn giao của ban quản lý tổ", body, signer)
