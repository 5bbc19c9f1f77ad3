"""A unit reports by form: its obligations as a workbook, read back with the signed scan into the same report, all or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.documents.reading.guarded import read_rows_guarded
from tdcs.documents.xlsx_out import table_to_xlsx
from tdcs.organisations.queries import profile_of
from tdcs.plans.models import Obligation, ReportState, UnitReport
from tdcs.plans.services import evidence, progress
from tdcs.plans.services.progress import Progress
from tdcs.plans.states import MOVES
from tdcs.reporting.errors import FormRowsWrong, NotThisForm, ReportNotOpen
from tdcs.reporting.models import ReadForm
from tdcs.reporting.queries.reports import day_of_names, report_duty, results_of
from tdcs.reporting.rules.form import COLUMNS, FormLine, Reading, mark_of, read, rows_of, whose
from tdcs.reporting.services import reports

_EDITABLE: Final = (ReportState.DRAFT, ReportState.RETURNED)
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


def form_of(report: UnitReport) -> bytes:
    """The workbook for a report's unit to fill in."""
    name = profile_of(report.organisation_id, day_of_names(report.year)).name
    mark = mark_of(report.plan_id, report.year, report.organisation_id)
    title = (
        f"Phiếu báo cáo kết quả năm {report.year} – {name} – Kế hoạch {report.plan.number} – {mark}"
    )
    return table_to_xlsx(
        title, COLUMNS, rows_of(standings_of(report)), as_of=clock.today(), note=_NOTE
    )


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

    Raises NotThisForm, FormRowsWrong, ReportNotOpen, BadEvidence, and what a file that is no workbook is refused for.
    """
    rows = read_rows_guarded(content)
    sha = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        row = UnitReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        _require_its_own(row, whose(rows))
        if ReadForm.objects.filter(report=row, sha256=sha).exists():
            return ReadBack(0, True, {})
        if row.state not in _EDITABLE:
            raise ReportNotOpen(state=row.get_state_display())
        reading = read(rows, standings_of(row))
        if reading.wrong:
            raise FormRowsWrong(reading.wrong)
        _write(reading, by, on)
        if scan is not None:
            _keep_scan(row, scan, by, on)
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
    return ReadBack(count, False, reading.signing)


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
    name = profile_of(report.organisation_id, day_of_names(report.year)).name
    raise NotThisForm(unit=name, year=report.year, plan=report.plan.number, why=why)


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


def _keep_scan(report: UnitReport, scan: tuple[str, bytes], by: User, on: date) -> None:
    """The signed paper is the evidence of the unit's duty to report."""
    duty = report_duty(report.plan, report.year, report.organisation_id)
    if duty is not None:
        filename, content = scan
        evidence.add_file(
            obligation=duty,
            title=f"Bản ký của báo cáo năm {report.year}",
            filename=filename,
            content=content,
            by=by,
            on=on,
        )
