"""An engagement's working papers: a memo, figures, samples down to entries and scans, queries; and the manifest of digests."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.official import Bullets, OfficialDocument, Paragraph, Table
from tdcs.documents.official.docx import to_docx
from tdcs.documents.xlsx_out import table_to_xlsx
from tdcs.oversight.composing.papers import Framed, framed
from tdcs.oversight.models import AuditEngagement, AuditQuery, AuditQueryStep
from tdcs.oversight.queries.auditing import (
    events_of,
    figures_of,
    loans_of_sample,
    samples_of,
    scans_of,
    units_of,
)
from tdcs.oversight.rules.settings import risks

MANIFEST: Final = "manifest.json"
_FIGURES: Final = (
    Column("Đơn vị", "text"), Column("Tài khoản", "text"), Column("Tên", "text"), Column("Dư đầu kỳ (Nợ − Có)", "integer"),
    Column("Phát sinh Nợ", "integer"), Column("Phát sinh Có", "integer"), Column("Dư cuối kỳ (Nợ − Có)", "integer"),
)  # fmt: skip
_SAMPLE: Final = (
    Column("Khế ước", "text"), Column("Người vay", "text"), Column("Rủi ro", "text"), Column("Dư nợ", "integer"),
    Column("Ngày", "date"), Column("Nghiệp vụ", "text"), Column("Số tiền", "integer"), Column("Bút toán", "text"),
    Column("Mã băm bút toán", "text"),
)  # fmt: skip
_SCANS: Final = (
    Column("Khế ước", "text"), Column("Giấy tờ", "text"), Column("Ngày", "date"), Column("Mã băm", "text"),
)  # fmt: skip
_QUERIES: Final = (
    Column("Câu hỏi", "text"), Column("Hỏi ngày", "date"), Column("Hạn trả lời", "date"), Column("Trạng thái", "text"),
    Column("Bước", "text"), Column("Ngày", "date"), Column("Người", "text"), Column("Nội dung", "text"),
    Column("Mã băm tệp", "text"),
)  # fmt: skip


def _figures(engagement: AuditEngagement, on: date) -> list[Sequence[Cell]]:
    return [
        (unit.name, row.code, row.name, row.opening, row.debit, row.credit, row.closing)
        for unit in figures_of(engagement, on)
        for row in unit.rows
    ]


def _samples(engagement: AuditEngagement) -> tuple[list[Sequence[Cell]], list[Sequence[Cell]]]:
    lines: list[Sequence[Cell]] = []
    papers: list[Sequence[Cell]] = []
    words = {one["code"]: one["vi"] for one in risks()}
    for sample in samples_of(engagement):
        for loan, risk in loans_of_sample(sample):
            head = (loan.number, loan.borrower.full_name, words.get(risk, risk), loan.balance)
            for event in events_of(loan, engagement):
                entry = event.entry
                booked = (f"{entry.number}", entry.hash) if entry else ("", "")
                said = event.get_kind_display()
                lines.append((*head, event.on, said, event.amount, *booked))
            papers += [(loan.number, one.title, one.dated_on, one.sha256) for one in scans_of(loan)]
    return lines, papers


def _memo(engagement: AuditEngagement, queries: Sequence[AuditQuery], on: date) -> OfficialDocument:
    units = units_of(engagement, on)
    samples = samples_of(engagement)
    day = numbers.date_short
    body: list[Paragraph | Table | Bullets] = [
        Paragraph(f"Kiểm toán viên: {engagement.auditor.full_name}, {engagement.audit_body}."),
        Paragraph(
            f"Thời kỳ: từ {day(engagement.period_from)} đến hết {day(engagement.period_to)}; "
            f"đọc số liệu từ {day(engagement.starts_on)} đến hết {day(engagement.ends_on)}."
        ),
        Paragraph("Phạm vi: " + "; ".join(name for _, name in units) + "."),
        Table(
            (
                Column("Mục đích", "text", 6), Column("Số mầm", "integer", 3), Column("Cỡ mẫu", "integer", 3),
                Column("Chọn từ", "integer", 3),
            ),
            [(one.purpose, one.seed, len(one.lines), one.population) for one in samples],
            empty="Chưa chọn mẫu.",
        ),
        Table(
            (Column("Câu hỏi", "text", 8), Column("Hạn trả lời", "date", 3), Column("Trạng thái", "text", 4)),
            [(one.words, one.due_on, one.get_state_display()) for one in queries],
            empty="Chưa có câu hỏi.",
        ),
    ]  # fmt: skip
    paper = Framed(
        subject=f"Hồ sơ làm việc {engagement.number}: {engagement.title}",
        type_name="BẢN GHI NHỚ",
        kind="KTOAN",
        body=body,
        recipients=(engagement.audit_body,),
        title="Kiểm toán viên",
    )
    return framed(units[0][0], on, paper)


def _queries(rows: Sequence[tuple[AuditQuery, Sequence[AuditQueryStep]]]) -> list[Sequence[Cell]]:
    return [
        (
            one.words, one.asked_on, one.due_on, one.get_state_display(), step.verb, step.on,
            step.by.full_name, step.words, step.sha256,
        )
        for one, steps in rows
        for step in steps
    ]  # fmt: skip


def files_of(
    engagement: AuditEngagement,
    queries: Sequence[tuple[AuditQuery, Sequence[AuditQueryStep]]],
    on: date,
) -> dict[str, bytes]:
    """The files of an engagement's working papers by name."""
    lines, papers = _samples(engagement)

    def book(title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> bytes:
        return table_to_xlsx(title, columns, rows, as_of=on)

    return {
        "ghi-nho.docx": to_docx(_memo(engagement, [one for one, _ in queries], on)),
        "so-lieu.xlsx": book("Số liệu theo tài khoản", _FIGURES, _figures(engagement, on)),
        "mau-but-toan.xlsx": book("Mẫu và bút toán", _SAMPLE, lines),
        "mau-giay-to.xlsx": book("Giấy tờ của mẫu", _SCANS, papers),
        "cau-hoi.xlsx": book("Câu hỏi và trả lời", _QUERIES, _queries(queries)),
    }


def manifest_of(engagement: AuditEngagement, files: Mapping[str, bytes], on: date) -> bytes:
    """Which files there are, by their digests; the manifest's own digest stays with the engagement."""
    said = {
        "engagement": engagement.number,
        "made_on": on.isoformat(),
        "sha256": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
    }
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def zipped(files: Mapping[str, bytes], manifest: bytes, on: date) -> bytes:
    """The files and their manifest as one archive; the same papers give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in [*sorted(files.items()), (MANIFEST, manifest)]:
            entry = zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, content)
    return buffer.getvalue()
