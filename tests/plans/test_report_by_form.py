"""A commune reports by form: its own obligations in a workbook, read back with the signed scan, all or nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typed_forms import typed_of

from tdcs.core import clock
from tdcs.documents.columns import Column
from tdcs.documents.reading.rows import read_rows
from tdcs.documents.xlsx_out import table_to_xlsx
from tdcs.plans.errors import BadEvidence
from tdcs.plans.models import Evidence, Obligation, Plan, ProgressEntry, UnitReport
from tdcs.plans.services import directives, progress
from tdcs.plans.services.directives import DirectiveDraft
from tdcs.plans.services.progress import Progress
from tdcs.reporting.errors import FormRowsWrong, NotThisForm, ReportNotOpen
from tdcs.reporting.models import ReadForm
from tdcs.reporting.services import reports
from tdcs.reporting.services.by_form import form_of, read_back

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


@pytest.fixture
def report(plan: Plan, cast: Any) -> UnitReport:
    unit = cast.la_nga.holding(TODAY).organisation
    directives.assign(
        plan=plan,
        draft=DirectiveDraft(
            title="Số hộ được rà soát",
            text="",
            period="day",
            period_start=TODAY,
            due_on=date(2026, 12, 20),
            asks_figure=True,
            figure_label="hộ",
        ),
        organisations=[unit],
        by=cast.planner,
        on=TODAY,
    )
    return reports.open_report(plan=plan, organisation=unit, year=2026, by=cast.la_nga, on=TODAY)


def _cells(content: bytes) -> list[list[str]]:
    return [[str(cell) for cell in row.cells] for row in read_rows(content)]


def _filled(content: bytes, **answers: tuple[str, str, str]) -> bytes:
    """The form as a clerk sends it back: for a row's first words (its path or code) the last three cells."""
    lines = _cells(content)
    top = next(at for at, line in enumerate(lines) if line[0] == "Mã")
    rows = []
    for line in lines[top + 1 :]:
        cells = [*line, *[""] * 7][:7]
        for name, answer in answers.items():
            if name in (cells[0], cells[1].replace(".", "_"), cells[2].replace(" ", "_")):
                cells[4:7] = answer
        rows.append(tuple(cells))
    return _book(lines[0][0], lines[top], rows)


def _book(title: str, header: list[str], rows: list[tuple[str, ...]]) -> bytes:
    return table_to_xlsx(title, [Column(words, "text", 2) for words in header], rows)


def _read(report: UnitReport, content: bytes, by: Any, scan: Any = None) -> Any:
    return read_back(report=report, content=content, scan=scan, by=by, on=TODAY)


def _row(report: UnitReport, path: str = "II.2.a") -> Obligation:
    return Obligation.objects.get(
        plan=report.plan, year=2026, holder=report.organisation, task__path=path
    )


def test_the_form_names_every_obligation_of_the_unit(report: UnitReport) -> None:
    cells = _cells(form_of(report))
    owed = Obligation.objects.filter(
        plan=report.plan, year=2026, holder=report.organisation, duty=None
    )
    codes = [line[0].split("-")[0] for line in cells if line[0][:1].isdigit()]
    assert sorted(map(int, codes)) == sorted(owed.values_list("pk", flat=True))
    assert f"P{report.plan_id}-2026-U{report.organisation_id}" in cells[0][0]


def test_what_is_filled_in_becomes_results_with_the_signed_scan(
    report: UnitReport, cast: Any
) -> None:
    content = _filled(
        form_of(report),
        II_2_a=("Đã họp 12 ấp.\nCó 340 hộ.", "", "60"),
        Số_hộ_được_rà_soát=("Đã rà soát", "1.234,5", "100"),
        SO=("15/BC-UBND", "", ""),
        KY=("Nguyễn Văn A", "", ""),
    )
    done = _read(report, content, cast.la_nga, ("ban-ky.pdf", PDF))
    assert (done.changed, done.again) == (2, False)
    row = _row(report)
    assert (row.words, row.percent, row.state) == ("Đã họp 12 ấp.\nCó 340 hộ.", 60, "in_progress")
    told = Obligation.objects.get(directive__isnull=False, holder=report.organisation)
    assert (told.figure, told.state) == (Decimal("1234.5"), "submitted")
    assert done.signing["number"] == "15/BC-UBND"
    scan = Evidence.objects.get()
    assert scan.obligation.duty.kind == "yearly_report"  # type: ignore[union-attr]
    report.refresh_from_db()
    assert any("340 hộ" in one.words for one in report.sections.all())


def test_a_second_reading_of_the_same_file_changes_nothing(report: UnitReport, cast: Any) -> None:
    content = _filled(form_of(report), II_2_a=("Đã làm", "", "40"))
    _read(report, content, cast.la_nga, ("a.pdf", PDF))
    progress.report_progress(
        obligation=_row(report),
        progress=Progress(percent=80, words="sau đó"),
        by=cast.la_nga,
        on=TODAY,
    )
    entries = ProgressEntry.objects.count()
    again = _read(report, content, cast.la_nga, ("a.pdf", PDF))
    assert (again.changed, again.again) == (0, True)
    assert _row(report).words == "sau đó"
    assert (ProgressEntry.objects.count(), Evidence.objects.count()) == (entries, 1)


def test_an_untouched_form_changes_nothing(report: UnitReport, cast: Any) -> None:
    entries = ProgressEntry.objects.count()
    assert _read(report, form_of(report), cast.la_nga).changed == 0
    assert ProgressEntry.objects.count() == entries


def test_all_errors_are_named_at_once_and_nothing_is_saved(report: UnitReport, cast: Any) -> None:
    lines = _cells(form_of(report))
    top = next(at for at, line in enumerate(lines) if line[0] == "Mã")
    first = tuple(lines[top + 1][:7])
    figure = next(tuple(line[:7]) for line in lines if line[2] == "Số hộ được rà soát")
    rows = [
        (*first[:4], "Đúng", "", "30"),
        (*figure[:4], "x", "1e10", "101"),
        ("999999-abcdef", "", "", "", "của ai", "", "10"),
        (*first[:4], "hai lần", "", "20"),
        ("xóa mất", "", "", "", "có chữ", "", "10"),
    ]
    with pytest.raises(FormRowsWrong) as refused:
        _read(report, _book(lines[0][0], lines[top], rows), cast.la_nga, ("a.pdf", PDF))
    words = [why for _row_, why in refused.value.reasons()]
    assert [row for row, _why in refused.value.reasons()] == [6, 6, 7, 8, 9]
    for at, said in enumerate(("101", "1e10", "không phải của đơn vị", "hai dòng", "bị sửa")):
        assert said in words[at]
    english = [why for _row, why in refused.value.reasons("en")]
    assert english[0] == "the progress “101” is no whole number from 0 to 100"
    assert english[4] == "the column of codes was changed or emptied"
    assert not ProgressEntry.objects.filter(by=cast.la_nga).exists()
    assert not Evidence.objects.exists()
    assert not ReadForm.objects.exists()


@pytest.mark.parametrize(
    ("percent", "words", "fine"),
    [("0", "x", True), ("100", "x", True), ("100", "", False), ("-1", "x", False)],
)
def test_both_ends_of_the_progress(
    report: UnitReport, cast: Any, percent: str, words: str, fine: bool
) -> None:
    content = _filled(form_of(report), II_2_a=(words, "", percent))
    if fine:
        assert _read(report, content, cast.la_nga).changed == 1
    else:
        with pytest.raises(FormRowsWrong):
            _read(report, content, cast.la_nga)


def test_the_form_of_another_unit_or_year_is_refused(
    report: UnitReport, plan: Plan, cast: Any
) -> None:
    unit = cast.other_commune.holding(TODAY).organisation
    other = reports.open_report(plan=plan, organisation=unit, year=2026, by=None, on=TODAY)
    with pytest.raises(NotThisForm, match="đơn vị khác"):
        _read(report, form_of(other), cast.la_nga)
    before = reports.open_report(
        plan=plan, organisation=report.organisation, year=2025, by=None, on=TODAY
    )
    with pytest.raises(NotThisForm, match="năm khác"):
        _read(report, form_of(before), cast.la_nga)
    with pytest.raises(NotThisForm, match="không có mã phiếu"):
        _read(report, _book("Bảng khác", ["Mã"], []), cast.la_nga)


def test_a_form_made_before_a_change_does_not_overwrite_it(report: UnitReport, cast: Any) -> None:
    old = form_of(report)
    progress.report_progress(
        obligation=_row(report),
        progress=Progress(percent=50, words="mới hơn"),
        by=cast.la_nga,
        on=TODAY,
    )
    with pytest.raises(FormRowsWrong) as refused:
        _read(report, _filled(old, II_2_a=("cũ", "", "10")), cast.la_nga)
    assert "sau khi lập phiếu" in refused.value.reasons()[0][1]
    assert _row(report).words == "mới hơn"


def test_a_scan_that_is_no_document_undoes_the_whole_reading(report: UnitReport, cast: Any) -> None:
    content = _filled(form_of(report), II_2_a=("Đã làm", "", "40"))
    with pytest.raises(BadEvidence):
        _read(report, content, cast.la_nga, ("a.exe", b"MZ\x90\x00"))
    assert _row(report).words == ""
    assert not ReadForm.objects.exists()


def test_a_report_that_was_handed_in_takes_no_form(report: UnitReport, cast: Any) -> None:
    content = _filled(form_of(report), II_2_a=("Đã làm", "", "40"))
    UnitReport.objects.filter(pk=report.pk).update(state="submitted")
    with pytest.raises(ReportNotOpen):
        _read(report, content, cast.la_nga)


def test_the_pages_give_the_form_and_take_it_back(
    report: UnitReport, cast: Any, signed_in: Any
) -> None:
    page = f"/ke-hoach/bao-cao/{report.pk}/phieu/"
    client = signed_in(cast.la_nga)
    assert page in client.get(f"/ke-hoach/bao-cao/{report.pk}/").content.decode()
    content = client.get(f"{page}tai/").content
    filled = _filled(content, II_2_a=("Đã làm", "", "40"), KY=("Nguyễn Văn A", "", ""))
    wrong = _filled(content, II_2_a=("Đã làm", "", "140"))
    answer = client.post(page, {"form": SimpleUploadedFile("phieu.xlsx", wrong)})
    assert "từ 0 đến 100" in answer.content.decode()
    sent = {
        "form": SimpleUploadedFile("phieu.xlsx", filled),
        "scan": SimpleUploadedFile("ky.pdf", PDF),
    }
    assert client.post(page, sent).status_code == 302
    shown = client.get(f"/ke-hoach/bao-cao/{report.pk}/").content.decode()
    assert typed_of(shown, f"report.signing:{report.pk}")["signer"] == ["Nguyễn Văn A"]
    assert "Bản ký của báo cáo" in client.get(page).content.decode()


def test_who_may_send_a_form(report: UnitReport, cast: Any, signed_in: Any) -> None:
    page = f"/ke-hoach/bao-cao/{report.pk}/phieu/"
    # The branch gets it by mail.
    assert signed_in(cast.planner).get(page).status_code == 200
    assert signed_in(cast.other_commune).get(page).status_code == 404
    for reader in (cast.leader, cast.auditor, cast.admin):
        assert signed_in(reader).get(page).status_code == 403
    assert clock.today() == TODAY
