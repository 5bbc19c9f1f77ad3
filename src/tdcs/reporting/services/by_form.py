"""A unit reports by form, a workbook or a Word document: read back with the signed scan into the same report, all or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.documents.docx_blank import FillColumn, FillTable, blank_document
from tdcs.documents.reading.guarded import read_guarded, read_rows_guarded
from tdcs.documents.reading.rows import SheetRow
from tdcs.documents.xlsx_out import table_to_xlsx
from tdcs.organisations.queries import profile_of
from tdcs.plans.models import Obligation, ReportState, UnitReport
from tdcs.plans.services import evidence, progress
from tdcs.plans.services.progress import Progress
from tdcs.plans.states import MOVES
from tdcs.reporting.errors import (
    FormRowsWrong,
    NotAForm,
    NotThisForm,
    ReportNotOpen,
    ScanWithoutDuty,
)
from tdcs.reporting.models import ReadForm
from tdcs.reporting.queries.reports import day_of_names, report_duty, results_of
from tdcs.reporting.rules.form import (
    COLUMNS,
    FormLine,
    Reading,
    mark_of,
    read,
    rows_of,
    rows_of_document,
    whose,
)
from tdcs.reporting.services import reports

_EDITABLE: Final = (ReportState.DRAFT, ReportState.RETURNED)
# Of the Word form, in millimetres; the last three are to be filled in.
_WIDTHS: Final = (24, 17, 62, 23, 86, 24, 21)
_FIRST_TO_FILL: Final = 4
_SIGNERS: Final = ("NGƯỜI LẬP PHIẾU", "THỦ TRƯỞNG ĐƠN VỊ (ký, đóng dấu)")
_NOTE: Final = (
    "Chỉ điền các cột Kết quả thực hiện, Số liệu, Tiến độ và ba dòng cuối; không sửa cột Mã. Tiến độ 100% là báo"
    " cáo kết quả. In, ký, quét rồi gửi cả tệp này và bản quét."
)


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a reading changed; ``again``: this very file had been read before and changed nothing."""

    changed: int
    again: bool
    signing: dict[str, str]
    # Whether the signed scan was kept now.
    scan: bool = False


def form_of(report: UnitReport) -> bytes:
    """The workbook for a report's unit to fill in."""
    mark = mark_of(report.plan_id, report.year, report.organisation_id)
    title = f"{_title(report)} – {_unit(report)} – Kế hoạch {report.plan.number} – {mark}"
    return table_to_xlsx(
        title, COLUMNS, rows_of(standings_of(report)), as_of=clock.today(), note=_NOTE
    )


def document_of(report: UnitReport) -> bytes:
    """The same form as a Word document: codes locked, the cells to write in as controls."""
    day = clock.today()
    return blank_document(
        FillTable(
            title=f"{_title(report)}, Kế hoạch {report.plan.number}",
            issuer=_unit(report),
            mark=f"({mark_of(report.plan_id, report.year, report.organisation_id)}"
            f" - số liệu đến ngày {day:%d/%m/%Y})",
            note=_NOTE,
            columns=[
                FillColumn(column.title, width, key=at == 0, fill=at >= _FIRST_TO_FILL)
                for at, (column, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True))
            ],
            rows=[[str(cell) for cell in row] for row in rows_of(standings_of(report))],
            signers=_SIGNERS,
            made_on=day,
        )
    )


def _title(report: UnitReport) -> str:
    return f"Phiếu báo cáo kết quả năm {report.year}"


def _unit(report: UnitReport) -> str:
    return profile_of(report.organisation_id, day_of_names(report.year)).name


def standings_of(report: UnitReport) -> list[FormLine]:
    """The unit's obligations of the year as the form shows them."""
    results = results_of(report.plan, report.year, report.organisation_id)
    rows = Obligation.objects.select_related("directive").in_bulk([one.id for one in results])
    found = []
    for one in results:
        row = rows[one.id]
        directive = row.directive
        found.append(
            FormLine(
                id=one.id,
                path=one.path,
                title=one.title,
                due=f"{one.due_on:%d/%m/%Y}" if one.due_on else "",
                words=one.words,
                figure=one.figure,
                percent=one.percent,
                open=row.state in MOVES["progress"].sources,
                asks_figure=directive.asks_figure if directive else False,
            )
        )
    return found


def read_back(
    *,
    report: UnitReport,
    content: bytes,
    scan: tuple[str, bytes] | None,
    by: User,
    on: date,
) -> ReadBack:
    """Every row of the form into the unit's results, the scan beside the report; or nothing, with every wrong row named.

    A scan that comes after its form, with the same form, is kept all the same.
    Raises NotThisForm, FormRowsWrong, ReportNotOpen, NotAForm, BadEvidence, and what a damaged file is refused for.
    """
    rows = _rows(content)
    sha = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        row = UnitReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        _require_its_own(row, whose(rows))
        if ReadForm.objects.filter(report=row, sha256=sha).exists():
            kept = scan is not None and row.state in _EDITABLE and _keep_scan(row, scan, by, on)
            return ReadBack(0, True, {}, scan=kept)
        if row.state not in _EDITABLE:
            raise ReportNotOpen(state=row.get_state_display())
        reading = read(rows, standings_of(row))
        if reading.wrong:
            raise FormRowsWrong(reading.wrong)
        _write(reading, by, on)
        kept = scan is not None and _keep_scan(row, scan, by, on)
        if reading.told:
            reports.refresh(report=row, by=by, on=on)
        count = len(reading.told)
        ReadForm.objects.create(report=row, sha256=sha, changed=count, on=on, at=clock.now(), by=by)
        trail.record(
            action="plans.read_form",
            subject=row,
            by=by,
            on=on,
            data={"changed": count, "sha256": sha, "scan": scan is not None},
        )
    return ReadBack(count, False, reading.signing, scan=kept)


def _rows(content: bytes) -> list[SheetRow]:
    """The form's rows, whatever its name says: a workbook, a Word document, a table in text. Raises NotAForm."""
    if b"%PDF-" in content[:1024]:
        raise NotAForm(kind="PDF")
    if content[:2] == b"PK" and b"word/document.xml" in content:
        return rows_of_document(read_guarded(content))
    if content[:2] == b"PK" and b"opendocument.text" in content[:200]:
        raise NotAForm(kind=".odt")
    if content[:4] == b"\xd0\xcf\x11\xe0" and "WordDocument".encode("utf-16-le") in content:
        raise NotAForm(kind=".doc")
    return read_rows_guarded(content)


def _require_its_own(report: UnitReport, said: tuple[int, int, int] | None) -> None:
    """Raises NotThisForm for the form of another unit, plan or year."""
    own = (report.plan_id, report.year, report.organisation_id)
    if said == own:
        return
    if said is None:
        why = "không có mã phiếu"
    else:
        named = zip(("kế hoạch", "năm", "đơn vị"), own, said, strict=True)
        why = "phiếu của " + ", ".join(f"{what} khác" for what, mine, its in named if mine != its)
    raise NotThisForm(unit=_unit(report), year=report.year, plan=report.plan.number, why=why)


def _write(reading: Reading, by: User, on: date) -> None:
    rows = Obligation.objects.in_bulk([one.id for one in reading.told])
    for one in reading.told:
        row = rows[one.id]
        if one.percent == 100:
            progress.submit(obligation=row, words=one.words, figure=one.figure, by=by, on=on)
        else:
            progress.report_progress(
                obligation=row,
                progress=Progress(percent=one.percent, words=one.words, figure=one.figure),
                by=by,
                on=on,
            )


def _keep_scan(report: UnitReport, scan: tuple[str, bytes], by: User, on: date) -> bool:
    """The signed paper is the evidence of the unit's duty to report. Raises ScanWithoutDuty where it has none."""
    duty = report_duty(report.plan, report.year, report.organisation_id)
    if duty is None:
        raise ScanWithoutDuty(unit=_unit(report), year=report.year)
    filename, content = scan
    before = duty.evidence_count
    evidence.add_file(
        obligation=duty,
        title=f"Bản ký của báo cáo năm {report.year}",
        filename=filename,
        content=content,
        by=by,
        on=on,
    )
    duty.refresh_from_db()
    return bool(duty.evidence_count > before)
