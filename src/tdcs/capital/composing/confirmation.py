"""The confirmation of a quarter's balance, on paper: what the budget entrusted, what came back, what is lent."""

from __future__ import annotations

from datetime import date

from tdcs.capital.models import BalanceConfirmation
from tdcs.capital.queries.budgets import quarter_of
from tdcs.documents.columns import Column
from tdcs.documents.numbers import date_short
from tdcs.documents.official import OfficialDocument, Paragraph, Row, Signature, Table
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import profile_of


def confirmation_document(row: BalanceConfirmation, branch: Organisation) -> OfficialDocument:
    """Signed by the bank's director for the bank; the budget's side signs in the table below."""
    first, last = quarter_of(row.year, row.quarter)
    head = profile_of(branch, row.drawn_on)
    owner = row.source.investor
    budget = profile_of(owner, row.drawn_on).name if owner is not None else row.source.name
    lines = [
        ("1", f"Vốn ủy thác đầu quý (ngày {date_short(first)})", row.opening),
        ("2", "Vốn nhận trong quý", row.received),
        ("3", "Lãi bổ sung vốn trong quý", row.added),
        ("4", "Vốn hoàn trả trong quý", row.returned),
        ("5", f"Vốn ủy thác cuối quý (ngày {date_short(last)}) = 1 + 2 + 3 - 4", row.closing),
        ("6", "Dư nợ cho vay bằng nguồn này cuối quý", row.outstanding),
        ("7", "Vốn chưa sử dụng cuối quý = 5 - 6", row.closing - row.outstanding),
    ]
    table = Table(
        columns=[Column("STT"), Column("Chỉ tiêu"), Column("Số tiền", "integer")],
        rows=[Row(line, bold=line[0] in ("5", "7")) for line in lines],
        unit="đồng",
    )
    sides = Table(
        columns=[Column("Bên ký"), Column("Người ký"), Column("Ngày ký")],
        rows=[
            ("Chi nhánh Ngân hàng Chính sách xã hội", *_signed(row.bank_by, row.bank_on)),
            (budget, *_signed(row.budget_by, row.budget_on)),
        ],
        caption="Xác nhận của hai bên",
    )
    return OfficialDocument(
        parent_body="",
        issuer=head.name,
        number=None,
        symbol=f"XNSD-{head.symbol}",
        place=head.place_name,
        issued_on=row.bank_on,
        year=row.year,
        type_name="Xác nhận số dư",
        subject=f"Vốn ủy thác quý {row.quarter} năm {row.year}: {budget}",
        body=[
            Paragraph(
                "Căn cứ Thông tư 11/2017/TT-BTC và Thông tư 84/2025/TT-BTC; hai bên thống nhất số liệu vốn ngân sách "
                f"ủy thác qua Ngân hàng Chính sách xã hội của {budget} như sau:"
            ),
            table,
            sides,
        ],
        signature=Signature(title="Giám đốc", name=row.bank_by.full_name if row.bank_by else ""),
        recipients=(budget, "Sở Tài chính"),
        filing="VT",
    )


def _signed(person: object, on: date | None) -> tuple[str, str]:
    return (str(person) if person is not None else "", date_short(on) if on else "Chưa ký")
