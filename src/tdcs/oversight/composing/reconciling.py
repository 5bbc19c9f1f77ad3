"""Form 15/TD: the list that borrowers sign."""

from __future__ import annotations

from collections.abc import Sequence

from tdcs.documents import numbers
from tdcs.documents.columns import Column
from tdcs.documents.official import OfficialDocument, Paragraph, Table
from tdcs.oversight.composing.papers import Framed, framed
from tdcs.oversight.models import ReconciledLoan, ReconciliationCampaign


def list_to_sign(
    campaign: ReconciliationCampaign, lines: Sequence[ReconciledLoan]
) -> OfficialDocument:
    """What the bank says of each loan, beside room for what the borrower says and signs."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Tổ", "text", 2),
        Column("Người vay", "text", 4.2),
        Column("Số khế ước", "text", 3.2),
        Column("Dư nợ gốc", "integer", 2.6),
        Column("Lãi phải trả", "integer", 2.2),
        Column("Tiền gửi", "integer", 2.2),
        Column("Người vay xác nhận: gốc, lãi, tiền gửi", "text", 4),
        Column("Chênh lệch", "text", 2),
        Column("Ký", "text", 1.8),
    )
    rows = [
        (
            at, one.loan.group.code if one.loan.group else "", one.loan.borrower.full_name, one.loan.number,
            one.bank_principal, one.bank_interest, one.bank_savings, "", "", "",
        )
        for at, one in enumerate(lines, 1)
    ]  # fmt: skip
    totals = (
        None, None, "Cộng", None, sum(one.bank_principal for one in lines),
        sum(one.bank_interest for one in lines), sum(one.bank_savings for one in lines), None, None, None,
    )  # fmt: skip
    paper = Framed(
        subject=f"Đối chiếu công khai nợ vay, tiền gửi năm {campaign.year}",
        type_name="DANH SÁCH",
        kind="15/TD",
        body=[
            Paragraph(
                f"Số liệu của Ngân hàng đến ngày {numbers.date_short(campaign.as_of)}. Người vay ghi số của mình "
                "và ký; chênh lệch lập biên bản có Tổ trưởng, tổ chức hội, trưởng ấp và cán bộ Ngân hàng."
            ),
            Table(columns, rows, unit="đồng", totals=totals, landscape=True, empty="Không có."),
        ],
        recipients=("Tổ TK&VV", "Ban chỉ đạo đối chiếu cấp xã"),
        title="Giám đốc",
    )
    return framed(campaign.office_id, campaign.as_of, paper)
