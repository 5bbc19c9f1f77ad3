"""The list of those proposed for commendation or commended, as an official document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tdcs.documents.columns import Column
from tdcs.documents.official import OfficialDocument, Paragraph, Table
from tdcs.organisations.models import Organisation
from tdcs.outreach.models import Nomination
from tdcs.plans.composing.framing import Paper, Signing, framed
from tdcs.plans.composing.letterheads import letterhead


def decision_list(
    rows: Sequence[Nomination], branch: Organisation, number: str, on: date
) -> OfficialDocument:
    """Name, form and figures of each; with a number those who were commended, without one those who are proposed."""
    head = letterhead(branch, on)
    said = f"được khen thưởng theo quyết định số {number}" if number else "đề nghị khen thưởng"
    columns = (
        Column("TT", "ordinal", 1),
        Column("Tập thể, cá nhân", "text", 6),
        Column("Hình thức", "text", 2.4),
        Column("Số liệu làm căn cứ", "text", 6),
    )
    lines = [(at, row.title, row.form, row.figures) for at, row in enumerate(rows, 1)]
    return framed(
        head,
        Signing("", on, "", head.signer_title, on.year),
        paper=Paper(
            code="DS",
            type_name="Danh sách",
            subject=f"Tập thể, cá nhân {said}",
            body=[
                Paragraph(f"{len(rows)} tập thể, cá nhân {said}, theo số liệu đến ngày lập:"),
                Table(columns, lines, empty="Không có tập thể, cá nhân nào."),
            ],
        ),
    )
