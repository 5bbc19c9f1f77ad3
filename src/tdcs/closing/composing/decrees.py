"""The letter to a group's borrowers about their new rates, and the notice that a transaction point puts up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tdcs.closing.queries.decree_book import NewRate, Written
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
from tdcs.programmes.rules import programmes

_BASIS_CREDIT = "Bộ luật Dân sự, Điều 579"


def percent_words(ppm: int) -> str:
    """62400 → "6,24%"."""
    whole, rest = divmod(ppm, 10_000)
    digits = f"{rest:04d}".rstrip("0")
    return f"{whole},{digits}%" if digits else f"{whole}%"


def group_letter(
    lines: Sequence[Written], *, decree: str, first: date, group: str, office: int, on: date
) -> OfficialDocument:
    """One letter for a group: each borrower's loan, rate before and after, from which day, interest to be set off."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Người vay", "text", 5),
        Column("Số khế ước", "text", 3.4),
        Column("Chương trình", "text", 5),
        Column("Dư nợ", "integer", 2.6),
        Column("Lãi suất cũ", "text", 1.8, align="right"),
        Column("Lãi suất mới", "text", 1.8, align="right"),
        Column("Lãi thu thừa", "integer", 2.2),
    )
    rows = [
        (
            at,
            line.name,
            line.number,
            _programme(line.programme).removeprefix("Cho vay "),
            line.balance,
            percent_words(line.before),
            percent_words(line.after),
            line.credit or None,
        )
        for at, line in enumerate(lines, 1)
    ]
    totals = (
        None, "Cộng", None, None, sum(line.balance for line in lines), None, None,
        sum(line.credit for line in lines),
    )  # fmt: skip
    since = numbers.date_short(first)
    body: list[Paragraph | Table | Bullets] = [
        Paragraph(
            f"Theo {decree}, lãi suất của các khoản vay đang còn dư nợ được áp dụng mức mới từ ngày {since}. "
            f"Ngân hàng thông báo lãi suất của {len(lines)} khoản vay trong tổ như sau:"
        ),
        Table(columns, rows, unit="đồng; lãi suất năm", totals=totals),
    ]
    if any(line.credit for line in lines):
        body.append(
            Paragraph(
                "Cột “Lãi thu thừa” là số lãi đã thu cao hơn mức mới; số tiền này được trừ vào lãi của các kỳ sau, "
                f"trả lại khi khoản vay đã trả hết ({_BASIS_CREDIT}). Ông, bà không phải làm thủ tục gì thêm."
            )
        )
    body.append(
        Paragraph("Ông, bà có ý kiến thì báo Tổ trưởng hoặc gặp Ngân hàng tại phiên giao dịch xã")
    )
    return _document(
        office,
        on,
        notice=_Notice(
            subject="thông báo lãi suất mới của khoản vay",
            addressees=(f"Các hộ vay của {group}",),
            recipients=("Như trên", "Tổ trưởng Tổ TK&VV"),
            body=body,
        ),
    )


def point_notice(
    rates: Sequence[NewRate], *, decree: str, first: date, office: int, on: date
) -> OfficialDocument:
    """One page for the transaction point: which programmes, from what to what, and what becomes of interest paid above."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Chương trình cho vay", "text", 8),
        Column("Lãi suất cũ (năm)", "text", 3, align="right"),
        Column("Lãi suất mới (năm)", "text", 3, align="right"),
    )
    pairs = sorted({(_programme(one.programme), one.before, one.after) for one in rates})
    rows = [
        (at, name, percent_words(before), percent_words(after))
        for at, (name, before, after) in enumerate(pairs, 1)
    ]
    since = numbers.date_short(first)
    return _document(
        office,
        on,
        notice=_Notice(
            subject="Lãi suất mới của các khoản vay đang còn dư nợ",
            type_name="THÔNG BÁO",
            recipients=("Điểm giao dịch xã (niêm yết)",),
            body=[
                Paragraph(
                    f"Từ ngày {since}, theo {decree}, các khoản vay đang còn dư nợ tính lãi như sau:"
                ),
                Table(columns, rows),
                Bullets(
                    [
                        "Mức mới tính cho những ngày từ ngày nói trên; không phải ký lại hợp đồng.",
                        "Lãi đã thu cao hơn mức mới được trừ vào lãi các kỳ sau, hoặc trả lại khi khoản vay đã trả hết.",
                        "Mỗi tổ có bảng kê từng hộ; hỏi Tổ trưởng hoặc cán bộ Ngân hàng tại điểm giao dịch.",
                    ]
                ),
            ],
        ),
    )


def _programme(code: str) -> str:
    known = programmes().get(code)
    return known.name if known else code


@dataclass(frozen=True, kw_only=True, slots=True)
class _Notice:
    """What a notice says, and to whom."""

    subject: str
    body: Sequence[Paragraph | Table | Bullets]
    recipients: Sequence[str]
    addressees: Sequence[str] = ()
    type_name: str | None = None


def _document(office: int, on: date, *, notice: _Notice) -> OfficialDocument:
    """A paper in the office's frame, under the names of its day; number and signer are given when it is issued."""
    profile = profile_of(office, on)
    parent = profile_of(profile.parent_id, on).name if profile.parent_id else ""
    symbol = f"TB-{profile.symbol}" if notice.type_name else profile.symbol
    return OfficialDocument(
        parent_body=parent,
        issuer=profile.name,
        symbol=symbol,
        place=profile.place_name,
        issued_on=on,
        type_name=notice.type_name,
        subject=notice.subject,
        body=notice.body,
        addressees=notice.addressees,
        signature=Signature(title="Giám đốc"),
        recipients=notice.recipients,
        filing="VT",
    )
