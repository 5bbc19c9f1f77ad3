"""The form as a Word document: what Word, LibreOffice and a clerk do to it is read back, or refused by name."""

from __future__ import annotations

import copy
import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tdcs.plans.models import Evidence, Obligation, Plan, ProgressEntry, UnitReport
from tdcs.plans.services import directives
from tdcs.plans.services.directives import DirectiveDraft
from tdcs.reporting.errors import FormRowsWrong, NotAForm, NotThisForm, ScanWithoutDuty
from tdcs.reporting.models import ReadForm
from tdcs.reporting.services import reports
from tdcs.reporting.services.by_form import document_of, read_back

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
WORDS, FIGURE, PERCENT = 4, 5, 6


@pytest.fixture
def report(plan: Plan, cast: Any) -> UnitReport:
    unit = cast.la_nga.holding(TODAY).organisation
    for number in (1, 2):
        directives.assign(
            plan=plan,
            draft=DirectiveDraft(
                title=f"Việc giao thêm {number}",
                text="",
                period="day",
                period_start=TODAY,
                due_on=date(2026, 12, 20),
            ),
            organisations=[unit],
            by=cast.planner,
            on=TODAY,
        )
    return reports.open_report(plan=plan, organisation=unit, year=2026, by=cast.la_nga, on=TODAY)


def _obligation(report: UnitReport, path: str = "II.2.a") -> Obligation:
    return Obligation.objects.get(
        plan=report.plan, year=2026, holder=report.organisation, task__path=path
    )


def _edited(content: bytes, edit: Callable[[Any, Any], None]) -> bytes:
    """The file after somebody's work in it: ``edit`` gets the document and its table of tasks."""
    file = docx.Document(io.BytesIO(content))
    edit(file, _table(file))
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def _table(file: Any) -> Any:
    return next(t for t in file.tables if t.rows[0].cells[0].text == "Mã")


def _text(cell: Any) -> str:
    """The words of a cell, those in its control too (python-docx passes over controls)."""
    return "".join(one.text or "" for one in cell._tc.iter(qn("w:t")))


def _type(cell: Any, words: str) -> None:
    """Types into the control of a cell: each line a paragraph, as the Enter key makes them."""
    first, *more = list(cell._tc.iter(qn("w:p")))
    for one in more:
        one.getparent().remove(one)
    lines = words.split("\n")
    for line in lines[1:][::-1]:
        after = copy.deepcopy(first)
        _say(after, line)
        first.addnext(after)
    _say(first, lines[0])


def _say(paragraph: Any, words: str) -> None:
    for run in list(paragraph.iter(qn("w:r"))):
        run.getparent().remove(run)
    run = f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    paragraph.append(parse_xml(run))


def _row(table: Any, key: str) -> Any:
    return next(row for row in table.rows if key in (_text(row.cells[0]), _text(row.cells[1])))


def _fill(**answers: tuple[str, str, str]) -> Callable[[Any, Any], None]:
    def edit(_file: Any, table: Any) -> None:
        for key, answer in answers.items():
            row = _row(table, key.replace("_", "."))
            for at, words in zip((WORDS, FIGURE, PERCENT), answer, strict=True):
                if words:
                    _type(row.cells[at], words)

    return edit


FILLED = {
    "II_2_a": ("Đã họp 12 ấp.\nCó 340 hộ & 2 tổ.", "", "60"),
    "SO": ("15/BC-UBND", "", ""),
    "KY": ("Nguyễn Văn A", "", ""),
}


def _read(report: UnitReport, content: bytes, by: Any, scan: Any = None) -> Any:
    return read_back(report=report, content=content, scan=scan, by=by, on=TODAY)


def _wrong(report: UnitReport, content: bytes, by: Any) -> list[str]:
    entries = ProgressEntry.objects.count()
    with pytest.raises(FormRowsWrong) as refused:
        _read(report, content, by, ("a.pdf", PDF))
    assert ProgressEntry.objects.count() == entries
    assert not Evidence.objects.exists()
    assert not ReadForm.objects.exists()
    return [why for _row_, why in refused.value.reasons()]


def _assert_read(report: UnitReport, content: bytes, by: Any) -> None:
    done = _read(report, content, by, ("ban-ky.pdf", PDF))
    assert (done.changed, done.scan) == (1, True)
    assert (done.signing["number"], done.signing["signer"]) == ("15/BC-UBND", "Nguyễn Văn A")
    row = _obligation(report)
    assert (row.words, row.percent) == ("Đã họp 12 ấp.\nCó 340 hộ & 2 tổ.", 60)
    assert row.state == "in_progress"


def test_codes_are_locked_and_answers_are_controls(report: UnitReport) -> None:
    file = docx.Document(io.BytesIO(document_of(report)))
    for row in _table(file).rows[1:]:
        locks = [
            [lock.get(qn("w:val")) for lock in cell._tc.iter(qn("w:lock"))] for cell in row.cells
        ]
        assert locks == [["sdtContentLocked"], [], [], [], *[["sdtLocked"]] * 3]
    mark = f"P{report.plan_id}-2026-U{report.organisation_id}"
    assert mark in "".join(one.text or "" for one in file.element.iter(qn("w:t")))
    header = _table(file)._tbl.tr_lst[0]
    assert header.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    assert document_of(report) == document_of(report)


def test_what_is_filled_in_becomes_results_with_the_signed_scan(
    report: UnitReport, cast: Any
) -> None:
    _assert_read(report, _edited(document_of(report), _fill(**FILLED)), cast.la_nga)
    scan = Evidence.objects.get()
    assert scan.obligation.duty.kind == "yearly_report"  # type: ignore[union-attr]
    report.refresh_from_db()
    assert any("340 hộ" in one.words for one in report.sections.all())


def test_an_untouched_document_changes_nothing(report: UnitReport, cast: Any) -> None:
    """What was recorded with empty lines and tabs is the same words when the file comes back."""
    row = _obligation(report)
    row.words, row.percent, row.state = "Dòng một\n\n\tdòng  hai…......\n", 40, "in_progress"
    row.save()
    assert _read(report, document_of(report), cast.la_nga).changed == 0
    row.refresh_from_db()
    assert row.words.startswith("Dòng một\n\n")


def _as_word_saves(_file: Any, table: Any) -> None:
    """Runs split by the spelling check, bookmarks, marks of revision, controls around cells and rows."""
    for at, run in enumerate(list(table._tbl.iter(qn("w:r")))):
        words = run.find(qn("w:t"))
        if words is not None and words.text and len(words.text) > 2:
            rest = copy.deepcopy(run)
            rest.find(qn("w:t")).text = words.text[1:]
            words.text = words.text[:1]
            run.addnext(rest)
            run.addnext(parse_xml(f'<w:proofErr {nsdecls("w")} w:type="spellStart"/>'))
            run.addnext(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{at}" w:name="b{at}"/>'))
        run.set(qn("w:rsidR"), "00A1B2C3")
    cell = table.rows[2]._tr.tc_lst[WORDS]
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    cell.addprevious(control)
    control[1].append(cell)
    row = table._tbl.tr_lst[3]
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control[1].append(row)


def test_a_file_in_words_own_shape_is_read(report: UnitReport, cast: Any) -> None:
    filled = _edited(document_of(report), _fill(**FILLED))
    _assert_read(report, _edited(filled, _as_word_saves), cast.la_nga)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_file_that_libreoffice_saved_is_read(
    report: UnitReport, cast: Any, tmp_path: Path
) -> None:
    file = tmp_path / "đã điền (1).docx"
    file.write_bytes(_edited(document_of(report), _fill(**FILLED)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    kind = "docx:MS Word 2007 XML"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir"]
    out = tmp_path / "saved"
    subprocess.run([*command, str(out), str(file)], check=True, capture_output=True, timeout=300)
    saved = (out / file.name).read_bytes()
    assert saved != file.read_bytes()
    _assert_read(report, saved, cast.la_nga)


def _reversed_rows(_file: Any, table: Any) -> None:
    rows = table._tbl.tr_lst[1:]
    for row in rows[::-1]:
        table._tbl.append(row)


def _columns_moved(_file: Any, table: Any) -> None:
    """Progress to the front, the code to the end, the column of deadlines away."""
    for row in table._tbl.tr_lst:
        cells = row.tc_lst
        row.remove(cells[3])
        cells[0].addprevious(cells[PERCENT])
        row.append(cells[0])


def _two_tables(_file: Any, table: Any) -> None:
    """The table divided in two; only the first half has the heading."""
    second = copy.deepcopy(table._tbl)
    half = len(table._tbl.tr_lst) // 2
    for row in second.tr_lst[:half]:
        second.remove(row)
    for row in table._tbl.tr_lst[half:]:
        table._tbl.remove(row)
    table._tbl.addnext(second)
    table._tbl.addnext(parse_xml(f"<w:p {nsdecls('w')}/>"))


def _others_deleted(_file: Any, table: Any) -> None:
    for row in table.rows[1:]:
        if _text(row.cells[0]) not in ("SO", "KY") and _text(row.cells[1]) != "II.2.a":
            table._tbl.remove(row._tr)


@pytest.mark.parametrize(
    "change",
    [_reversed_rows, _columns_moved, _two_tables, _others_deleted],
    ids=lambda f: f.__name__,
)
def test_order_and_missing_rows_do_not_matter(report: UnitReport, cast: Any, change: Any) -> None:
    filled = _edited(document_of(report), _fill(**FILLED))
    _assert_read(report, _edited(filled, change), cast.la_nga)


def test_results_merged_over_two_rows_are_the_result_of_both(report: UnitReport, cast: Any) -> None:
    def merge(_file: Any, table: Any) -> None:
        row, below = table.rows[1:3]
        _type(row.cells[WORDS], "Chung cho hai việc")
        for cell, how in ((row.cells[WORDS], "restart"), (below.cells[WORDS], "continue")):
            properties = cell._tc.get_or_add_tcPr()
            properties.append(parse_xml(f'<w:vMerge {nsdecls("w")} w:val="{how}"/>'))

    done = _read(report, _edited(document_of(report), merge), cast.la_nga)
    assert done.changed == 2
    assert Obligation.objects.filter(words="Chung cho hai việc").count() == 2


def test_cells_merged_across_are_refused_by_name(report: UnitReport, cast: Any) -> None:
    def merge(_file: Any, table: Any) -> None:
        row = _row(table, "II.2.a")
        _type(row.cells[WORDS], "Đã làm")
        cells = row._tr.tc_lst
        cells[WORDS].get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="3"/>'))
        row._tr.remove(cells[FIGURE])
        row._tr.remove(cells[PERCENT])

    (why,) = _wrong(report, _edited(document_of(report), merge), cast.la_nga)
    assert "bị gộp" in why


def test_all_errors_are_named_at_once_and_nothing_is_saved(report: UnitReport, cast: Any) -> None:
    def spoil(_file: Any, table: Any) -> None:
        good, other = table.rows[1:3]
        _type(good.cells[WORDS], "Đúng")
        _type(good.cells[PERCENT], "101")
        _type(other.cells[FIGURE], "mười")
        for code in ("999999-abcdef", "", _text(good.cells[0])):
            table._tbl.append(copy.deepcopy(good._tr))
            _type(table.rows[-1].cells[0], code)

    why = _wrong(report, _edited(document_of(report), spoil), cast.la_nga)
    said = ("101", "mười", "không phải của đơn vị", "bị sửa hoặc xóa", "có hai dòng")
    assert len(why) == len(said)
    for words, part in zip(why, said, strict=True):
        assert part in words


def test_a_row_of_another_unit_is_refused(report: UnitReport, plan: Plan, cast: Any) -> None:
    unit = cast.other_commune.holding(TODAY).organisation
    other = reports.open_report(plan=plan, organisation=unit, year=2026, by=None, on=TODAY)
    foreign = _table(docx.Document(io.BytesIO(document_of(other)))).rows[1]._tr

    def smuggle(_file: Any, table: Any) -> None:
        table._tbl.append(copy.deepcopy(foreign))

    (why,) = _wrong(report, _edited(document_of(report), smuggle), cast.la_nga)
    assert "không phải của đơn vị" in why
    with pytest.raises(NotThisForm, match="đơn vị khác"):
        _read(report, document_of(other), cast.la_nga)


def test_a_table_without_its_heading_or_a_column_is_refused(report: UnitReport, cast: Any) -> None:
    def headless(_file: Any, table: Any) -> None:
        table._tbl.remove(table._tbl.tr_lst[0])

    def without_progress(_file: Any, table: Any) -> None:
        for row in table._tbl.tr_lst:
            row.remove(row.tc_lst[PERCENT])

    content = document_of(report)
    assert "không có dòng tiêu đề" in _wrong(report, _edited(content, headless), cast.la_nga)[0]
    assert _wrong(report, _edited(content, without_progress), cast.la_nga) == [
        "thiếu cột Tiến độ (%)"
    ]


def test_other_files_are_refused_for_what_they_are(report: UnitReport, cast: Any) -> None:
    with pytest.raises(NotAForm, match="PDF"):
        _read(report, PDF, cast.la_nga)
    old = b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le")
    with pytest.raises(NotAForm, match=r"\.doc"):
        _read(report, old, cast.la_nga)
    letter = io.BytesIO()
    docx.Document().save(letter)
    with pytest.raises(NotThisForm, match="không có mã phiếu"):
        _read(report, letter.getvalue(), cast.la_nga)


def test_a_scan_that_comes_after_its_form_is_kept_once(report: UnitReport, cast: Any) -> None:
    content = _edited(document_of(report), _fill(**FILLED))
    assert _read(report, content, cast.la_nga).changed == 1
    later = _read(report, content, cast.la_nga, ("ky.pdf", PDF))
    assert (later.changed, later.again, later.scan) == (0, True, True)
    once_more = _read(report, content, cast.la_nga, ("ky.pdf", PDF))
    assert (once_more.again, once_more.scan) == (True, False)
    assert Evidence.objects.count() == 1


def test_a_scan_is_never_dropped_in_silence(report: UnitReport, cast: Any) -> None:
    content = _edited(document_of(report), _fill(**FILLED))
    Obligation.objects.filter(duty__isnull=False).update(state="withdrawn")
    with pytest.raises(ScanWithoutDuty):
        _read(report, content, cast.la_nga, ("ky.pdf", PDF))
    assert _obligation(report).words == ""
    assert _read(report, content, cast.la_nga).changed == 1


def test_the_page_gives_the_document_and_takes_it_back_under_another_name(
    report: UnitReport, cast: Any, signed_in: Any
) -> None:
    page = f"/ke-hoach/bao-cao/{report.pk}/phieu/"
    client = signed_in(cast.la_nga)
    assert f"{page}tai/docx/" in client.get(page).content.decode()
    answer = client.get(f"{page}tai/docx/")
    assert answer["Content-Disposition"].endswith('.docx"')
    assert client.get(f"{page}tai/odt/").status_code == 404
    filled = _edited(answer.content, _fill(**FILLED))
    sent = {
        "form": SimpleUploadedFile("Copy of phieu.bin", filled),
        "scan": SimpleUploadedFile("ky.pdf", PDF),
    }
    assert client.post(page, sent).status_code == 302
    assert _obligation(report).percent == 60
    shown = client.get(page).content.decode()
    assert "Bản ký của báo cáo" in shown
    assert signed_in(cast.other_commune).get(f"{page}tai/docx/").status_code == 404
    assert signed_in(cast.leader).get(f"{page}tai/docx/").status_code == 403
