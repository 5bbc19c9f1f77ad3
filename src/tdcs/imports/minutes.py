"""The minutes of a cut-over on paper: the opening book, what the month in parallel showed, who signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.documents.columns import Column
from tdcs.documents.numbers import date_short
from tdcs.documents.official import OfficialDocument, Paragraph, Signature, Table
from tdcs.imports.models import CutOver, Extract
from tdcs.imports.queries.cutting_over import Difference
from tdcs.organisations.queries import profile_of

# More lie in the workbook of the page.
_LISTED: Final = 200
SUMS: Final = (
    ("balance", _("Dư nợ")),
    ("overdue", _("Trong đó: nợ quá hạn")),
    ("frozen", _("Trong đó: nợ khoanh")),
    ("lent", _("Lũy kế giải ngân")),
    ("collected", _("Lũy kế lãi đã thu")),
    ("written_off", _("Gốc đã xóa")),
    ("waived", _("Lãi đã xóa")),
    ("arrears_in_time", _("Lãi tồn trong hạn")),
    ("arrears_overdue", _("Lãi tồn quá hạn")),
    ("not_due", _("Lãi dự thu chưa đến hạn")),
    ("savings", _("Số dư tiền gửi tổ viên")),
)
NAMES: Final = {
    "in_time": _("Dư nợ trong hạn"),
    "overdue": _("Dư nợ quá hạn"),
    "frozen": _("Dư nợ khoanh"),
    "collected": _("Lũy kế lãi đã thu"),
    "due": _("Lãi phải thu"),
}


def minutes_document(
    row: CutOver, compared: Extract | None, found: Sequence[Difference], on: date
) -> OfficialDocument:
    """Sums of the opening book, differences by loan, both names with a place to sign."""
    office = profile_of(row.office, on)
    opening = Table(
        columns=[Column("Chỉ tiêu"), Column("Số tiền", "integer")],
        rows=[(words, row.sums[name]) for name, words in SUMS if name in row.sums],
        unit="đồng",
        caption=f"Số dư đầu ngày {date_short(row.first_day)}: {row.loans} khoản vay",
    )
    signers = Table(
        columns=[Column("Việc"), Column("Họ tên"), Column("Ngày"), Column("Chữ ký")],
        rows=[
            ("Người lập sổ", _name(row.started_by), date_short(row.started_at.date()), ""),
            (
                "Người kiểm tra, ký biên bản",
                _name(row.signed_by),
                date_short(row.signed_at.date()) if row.signed_at else "Chưa ký",
                "",
            ),
        ],
        caption="Người tham gia",
    )
    return OfficialDocument(
        parent_body="",
        issuer=office.name,
        number=None,
        symbol=f"BB-{office.symbol}",
        place=office.place_name,
        issued_on=row.signed_at.date() if row.signed_at else None,
        year=row.first_day.year,
        type_name="Biên bản",
        subject=f"Chuyển từ theo dõi theo sao kê sang ghi sổ từ ngày {date_short(row.first_day)}",
        body=[
            Paragraph(
                f"Sổ được mở theo báo cáo 31 ngày {date_short(row.extract.day)} của hệ thống lõi, "
                f"tệp {row.extract.file.name}."
            ),
            opening,
            *_compared(compared, found),
            signers,
        ],
        signature=Signature(title="Người ký biên bản", name=_name(row.signed_by)),
        recipients=(office.name,),
        filing="VT",
    )


def _compared(compared: Extract | None, found: Sequence[Difference]) -> list[Paragraph | Table]:
    if compared is None:
        return [Paragraph("Chưa có sao kê nào để đối chiếu trong tháng chạy song song.")]
    told = f"Đối chiếu với sao kê ngày {date_short(compared.day)}: {len(found)} khoản vay có chênh lệch."
    if not found:
        return [Paragraph(told)]
    rows = [
        (one.contract, NAMES[name], said, ours, ours - said)
        for one in found[:_LISTED]
        for name, said, ours in one.pairs
        if said != ours
    ]
    more = len(found) - _LISTED
    columns = [Column("Số khế ước"), Column("Chỉ tiêu")]
    columns += [Column(name, "integer") for name in ("Sao kê", "Sổ", "Chênh lệch")]
    table = Table(columns=columns, rows=rows, unit="đồng")
    tail = [Paragraph(f"Còn {more} khoản vay nữa ở bảng tính kèm theo.")] if more > 0 else []
    return [Paragraph(told), table, *tail]


def _name(person: User | None) -> str:
    return person.full_name if person is not None else ""
