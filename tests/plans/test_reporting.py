"""Yearly reports, the consolidated report, units' own plans, amendments."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from lxml import html

from tdcs.core import clock
from tdcs.documents.official import to_docx, to_pdf
from tdcs.plans.composing.framing import Signing
from tdcs.plans.errors import (
    AlreadyIssued,
    AnswerIncomplete,
    MoveNotAllowed,
    ProposalIncomplete,
    ReasonMissing,
    Stale,
    YearClosed,
)
from tdcs.plans.models import AmendmentProposal, Obligation, Plan, UnitReport
from tdcs.plans.queries.matrix import MatrixFilters, matrix
from tdcs.plans.queries.plans import current_version
from tdcs.plans.services import amendments, progress, unit_plans
from tdcs.plans.services.amendments import CommitteeDecision, ProposalDraft
from tdcs.plans.services.publishing import publish
from tdcs.reporting.composing.consolidated import document as consolidated_document
from tdcs.reporting.composing.unit_report import document as report_document
from tdcs.reporting.errors import NothingToConsolidate, TotalsDisagree
from tdcs.reporting.queries import counting as figures
from tdcs.reporting.services import consolidation, reports, years

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def _written(plan: Plan, cast: Any, words: str = "Đã thực hiện.") -> UnitReport:
    unit = cast.la_nga.holding(TODAY).organisation
    row = Obligation.objects.get(plan=plan, year=2026, holder=unit, task__path="II.2.a")
    progress.submit(obligation=row, words="Rà soát 41 hộ nghèo", by=cast.la_nga, on=TODAY)
    report = reports.open_report(plan=plan, year=2026, organisation=unit, by=cast.la_nga, on=TODAY)
    for section in report.sections.all():
        if not section.words:
            reports.save_section(
                section=section, words=words, revision=section.revision, by=cast.la_nga, on=TODAY
            )
    return report


def _submitted(plan: Plan, cast: Any, on: date = TODAY, words: str = "Đã thực hiện.") -> UnitReport:
    report = _written(plan, cast, words)
    with clock.fixed_today(on):
        return reports.submit(
            report=report,
            number="12/BC-UBND",
            signer="Lê Văn B",
            signer_title="Chủ tịch",
            by=cast.la_nga,
            on=on,
        )


def test_a_report_is_prefilled_from_what_the_unit_told(plan: Plan, cast: Any) -> None:
    report = _written(plan, cast)
    assert "41 hộ nghèo" in "\n".join(report.sections.values_list("words", flat=True))
    again = reports.open_report(
        plan=plan, year=2026, organisation=report.organisation, by=cast.la_nga, on=TODAY
    )
    assert again.pk == report.pk


@pytest.mark.parametrize(
    ("on", "days", "working"),
    [(date(2026, 12, 14), 0, 0), (date(2026, 12, 15), 1, 1), (date(2026, 12, 21), 7, 5)],
)
def test_lateness_is_counted_from_the_last_day_in_time(
    plan: Plan, cast: Any, on: date, days: int, working: int
) -> None:
    report = _submitted(plan, cast, on)
    assert (report.days_late, report.working_days_late) == (days, working)


def test_two_writers_of_one_section_are_told(plan: Plan, cast: Any) -> None:
    report = _written(plan, cast)
    section = report.sections.first()
    assert section is not None
    seen = section.revision
    reports.save_section(
        section=section, words="người một", revision=seen, by=cast.la_nga, on=TODAY
    )
    with pytest.raises(Stale):
        reports.save_section(
            section=section, words="người hai", revision=seen, by=cast.la_nga, on=TODAY
        )
    section.refresh_from_db()
    assert section.words == "người một"


def test_a_report_without_a_signer_is_not_handed_in(plan: Plan, cast: Any) -> None:
    report = _written(plan, cast)
    with pytest.raises(AnswerIncomplete):
        reports.submit(
            report=report, number="", signer=" ", signer_title="", by=cast.la_nga, on=TODAY
        )
    report.refresh_from_db()
    assert report.submitted_on is None


def test_return_needs_a_reason_and_acceptance_closes_the_results(plan: Plan, cast: Any) -> None:
    report = _submitted(plan, cast)
    with pytest.raises(ReasonMissing):
        reports.send_back(report=report, why="", by=cast.planner, on=TODAY)
    report = reports.accept(report=report, by=cast.planner, on=TODAY)
    assert report.state == "accepted"
    unit = report.organisation
    result = Obligation.objects.get(plan=plan, year=2026, holder=unit, task__path="II.2.a")
    duty = Obligation.objects.get(plan=plan, year=2026, holder=unit, duty__kind="yearly_report")
    assert (result.state, duty.state) == ("accepted", "accepted")
    with pytest.raises(MoveNotAllowed):
        reports.submit(
            report=report, number="", signer="x", signer_title="", by=cast.la_nga, on=TODAY
        )


def test_a_closed_year_takes_no_report(plan: Plan, cast: Any) -> None:
    years.close_year(plan=plan, year=2026, by=cast.planner, on=TODAY)
    unit = cast.la_nga.holding(TODAY).organisation
    with pytest.raises(YearClosed, match="2026"):
        reports.open_report(plan=plan, year=2026, organisation=unit, by=cast.la_nga, on=TODAY)
    assert not UnitReport.objects.exists()


def test_another_commune_does_not_see_the_report(plan: Plan, cast: Any, signed_in: Any) -> None:
    report = _submitted(plan, cast)
    client = signed_in(cast.other_commune)
    for path in ("", "docx/", "pdf/", "xem/"):
        assert client.get(f"/ke-hoach/bao-cao/{report.pk}/{path}").status_code == 404
    assert client.post(f"/ke-hoach/bao-cao/{report.pk}/xet/", {"verb": "accept"}).status_code == 403


def test_hostile_words_break_no_document(plan: Plan, cast: Any, signed_in: Any) -> None:
    hostile = '<script>alert(1)</script> #set page() $x$ =HYPERLINK("x") ]]> & \x07 «…»'
    report = _submitted(plan, cast, words=hostile)
    paper = report_document(report)
    file = docx.Document(io.BytesIO(to_docx(paper)))
    assert "<script>alert(1)</script>" in "\n".join(p.text for p in file.paragraphs)
    assert to_pdf(paper).startswith(b"%PDF")
    page = signed_in(cast.planner).get(f"/ke-hoach/bao-cao/{report.pk}/").content.decode()
    assert "<script>alert(1)" not in page


def test_nothing_is_consolidated_before_a_report_is_accepted(plan: Plan, cast: Any) -> None:
    with pytest.raises(NothingToConsolidate):
        consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)


def test_the_consolidated_report_says_what_the_database_holds(plan: Plan, cast: Any) -> None:
    reports.accept(report=_submitted(plan, cast), by=cast.planner, on=TODAY)
    report = consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)
    rows = Obligation.objects.filter(plan=plan, year=2026)
    rows = rows.exclude(state__in=("merged", "withdrawn"))
    assert report.figures["all"]["total"] == rows.count()
    # A task and the duty to report.
    assert report.figures["all"]["done"] == rows.filter(state="accepted").count() == 2
    assert sum(r["total"] for r in report.figures["groups"]) == rows.count()
    file = docx.Document(io.BytesIO(to_docx(consolidated_document(report))))
    cells = [[c.text for c in row.cells] for table in file.tables for row in table.rows]
    assert any(f"{rows.count():,}".replace(",", ".") in row for row in cells)
    assert "41 hộ nghèo" in "\n".join(p.text for p in file.paragraphs)


@pytest.mark.parametrize("day", [TODAY, date(2026, 12, 20)])
def test_progress_and_consolidated_report_count_alike(plan: Plan, cast: Any, day: date) -> None:
    """The same rows, the same rule of what is late, on the same day: by standing, by unit group, by column."""
    reports.accept(report=_submitted(plan, cast), by=cast.planner, on=TODAY)
    with clock.fixed_today(day):
        shown = matrix(plan, MatrixFilters(2026), cast.planner)
        taken = figures.take_figures(plan, 2026)
    total = taken["all"]
    assert total["total"] == shown.total.total == shown.rows.height
    assert total["done"] + total["done_late"] == shown.total.done
    assert (total["late"], total["open"]) == (
        shown.total.late,
        shown.total.soon + shown.total.on_time,
    )
    groups = {row["key"]: row["late"] for row in taken["groups"] if row["total"]}
    assert groups == {code: one.late for code, one in shown.by_group.items()}
    columns = {row["key"]: row["total"] for row in taken["tasks"]}
    assert columns == {key: one.total for key, one in shown.by_column.items()}
    assert len(taken["late_work"]) == total["late"]
    if day > date(2026, 12, 14):
        assert total["late"] > 0
        first = taken["late_work"][0]
        assert first["unit"]
        assert first["title"]
        assert first["days_late"] == max(row["days_late"] for row in taken["late_work"]) > 0


def test_the_report_begins_with_what_came_of_it_and_lists_what_is_overdue(
    plan: Plan, cast: Any
) -> None:
    reports.accept(report=_submitted(plan, cast), by=cast.planner, on=TODAY)
    with clock.fixed_today(date(2026, 12, 20)):
        report = consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)
        file = docx.Document(io.BytesIO(to_docx(consolidated_document(report))))
    lines = [p.text for p in file.paragraphs]
    at = next(n for n, words in enumerate(lines) if words.startswith("Đánh giá chung: "))
    assert "đơn vị đã nộp báo cáo; hoàn thành 2/" in lines[at]
    assert "lượt quá hạn chưa hoàn thành." in lines[at]
    late = report.figures["late_work"]
    general = report.sections.get(path="TINH-HINH-CHUNG").words
    assert f"{len(late):,}".replace(",", ".") + " lượt quá hạn chưa hoàn thành thuộc" in general
    assert any("NHIỆM VỤ QUÁ HẠN CHƯA HOÀN THÀNH NĂM 2026" in words for words in lines)
    cells = [[c.text for c in row.cells] for table in file.tables for row in table.rows]
    assert any(row[1:4] == [late[0]["unit"], late[0]["path"], late[0]["title"]] for row in cells)


def test_without_a_closed_day_the_report_says_so(
    plan: Plan, cast: Any, signed_in: Any, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path
    reports.accept(report=_submitted(plan, cast), by=cast.planner, on=TODAY)
    report = consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)
    section = report.sections.get(path="TIN-DUNG")
    assert "Chưa có ngày nào trong năm được khóa sổ" in section.words
    page = signed_in(cast.planner).get("/ke-hoach/tong-hop/2026/").content.decode()
    assert 'id="credit"' in page
    assert "nên chưa có số liệu tín dụng" in page


def test_a_figure_on_screen_leads_to_its_indicator(plan: Plan, cast: Any, signed_in: Any) -> None:
    reports.accept(report=_submitted(plan, cast), by=cast.planner, on=TODAY)
    report = consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)
    row = {"code": "overdue_rate", "name": "Tỷ lệ nợ quá hạn", "name_en": "Overdue", "unit": "ppm"}
    row |= {"value": 1_234, "before": None}
    aim = row | {"target": 10_000, "tolerance": 0, "at_least": False, "gap": 8_766, "met": True}
    report.figures["credit"] = {
        "day": "2026-10-31", "before_day": "", "targets": [aim], "figures": [row],
    }  # fmt: skip
    report.save()
    page = signed_in(cast.planner).get("/ke-hoach/tong-hop/2026/").content.decode()
    assert '<a href="/chi-tieu/bang/?code=overdue_rate&amp;on=2026-10-31">0,12%</a>' in page
    assert "số liệu ngày" in page
    assert "31/10/2026" in page


def test_every_figure_on_the_page_opens_the_rows_behind_it(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    reports.accept(report=_submitted(plan, cast), by=cast.planner, on=TODAY)
    report = consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)
    row = {"code": "overdue_rate", "name": "Tỷ lệ nợ quá hạn", "name_en": "Overdue", "unit": "ppm"}
    row |= {"value": 1_234, "before": 2_000}
    aim = row | {"target": 10_000, "tolerance": 0, "at_least": False, "gap": 8_766, "met": True}
    report.figures["credit"] = {
        "day": "2026-10-31", "before_day": "2025-12-31", "targets": [aim], "figures": [row],
    }  # fmt: skip
    report.save()
    browser = signed_in(cast.planner)
    page = html.fromstring(browser.get("/ke-hoach/tong-hop/2026/").content.decode())
    boxes = page.xpath("//main//*[contains(@class,'figures')]//b | //main//*[@class='hbar']/b")
    cells = [
        cell
        for cell in page.xpath("//*[@id='credit']//tbody//td[position() > 1]")
        if any(sign.isdigit() for sign in cell.text_content())
    ]
    assert len(boxes) > 8 and len(cells) == 6
    addresses = set()
    for one in [*boxes, *cells]:
        link = one.xpath("ancestor-or-self::a/@href | .//a/@href")
        assert link, html.tostring(one)
        addresses.add(link[0])
    opened = {at: browser.get(at).status_code for at in addresses if "/chi-tieu/" not in at}
    assert set(opened.values()) == {200}, opened
    assert {at.split("?")[0] for at in addresses if "/chi-tieu/" in at} == {
        "/chi-tieu/bang/", "/chi-tieu/khoang-cach/overdue_rate/"}  # fmt: skip


def test_the_branchs_words_stay_and_an_issued_report_does_not_change(plan: Plan, cast: Any) -> None:
    reports.accept(report=_submitted(plan, cast), by=cast.planner, on=TODAY)
    report = consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)
    section = report.sections.all()[0]
    consolidation.save_section(
        section=section,
        words="Lời của chi nhánh.",
        revision=section.revision,
        by=cast.planner,
        on=TODAY,
    )
    report = consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)
    assert report.sections.all()[0].words == "Lời của chi nhánh."
    consolidation.issue(
        report=report,
        signing=Signing(
            number="99/BC-NHCSĐN", signer="Trần B", signer_title="Giám đốc", issued_on=TODAY
        ),
        by=cast.planner,
        on=TODAY,
    )
    with pytest.raises(AlreadyIssued):
        consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)


def test_a_total_that_its_parts_do_not_give_is_refused(plan: Plan, cast: Any) -> None:
    taken = figures.take_figures(plan, 2026)
    consolidation.check_totals(taken)
    taken["all"]["total"] += 1
    with pytest.raises(TotalsDisagree):
        consolidation.check_totals(taken)


def test_a_units_own_plan_meets_its_duty(plan: Plan, cast: Any) -> None:
    unit = cast.la_nga.holding(TODAY).organisation
    made = unit_plans.open_unit_plan(
        plan=plan, organisation=unit, year=2026, by=cast.la_nga, on=TODAY
    )
    assert any(row["path"] == "II.2.a" for row in made.words)
    with pytest.raises(AnswerIncomplete):
        unit_plans.issue(
            unit_plan=made,
            signing=Signing(number="", signer="", signer_title="", issued_on=TODAY),
            by=cast.la_nga,
            on=TODAY,
        )
    unit_plans.issue(
        unit_plan=made,
        signing=Signing(
            number="3/KH-UBND", signer="Lê B", signer_title="Chủ tịch", issued_on=TODAY
        ),
        by=cast.la_nga,
        on=TODAY,
    )
    duty = Obligation.objects.exclude(state__in=("merged", "withdrawn")).get(
        plan=plan, holder=unit, duty__kind="own_plan"
    )
    assert duty.state in ("submitted", "accepted")


def _propose(plan: Plan, cast: Any, **changes: Any) -> AmendmentProposal:
    task = current_version(plan).tasks.get(path="II.2.a")
    fields: dict[str, Any] = {
        "kind": "change",
        "task": task,
        "section_path": "II.2",
        "text": task.text + " Hoàn thành trước tháng 12.",
        "timing": "",
        "reason": "Cần sớm hơn",
    }
    return amendments.propose(
        plan=plan,
        organisation=cast.la_nga.holding(TODAY).organisation,
        draft=ProposalDraft(**{**fields, **changes}),
        by=cast.la_nga,
        on=TODAY,
    )


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"task": None}, {"text": "", "timing": ""}])
def test_an_incomplete_proposal_is_refused(plan: Plan, cast: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(ProposalIncomplete):
        _propose(plan, cast, **wrong)
    assert not AmendmentProposal.objects.exists()


def test_an_approved_proposal_becomes_the_next_version(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    made = _propose(plan, cast)
    result = Obligation.objects.get(
        plan=plan, year=2026, holder=made.organisation, task__path="II.2.a"
    )
    amendments.gather(proposals=[made], by=cast.planner, on=TODAY)
    amendments.decide(
        proposals=[made],
        decision=CommitteeDecision(approved=True, number="55/QĐ-UBND", decided_on=TODAY, words=""),
        by=cast.planner,
        on=TODAY,
    )
    version = amendments.next_version(plan=plan, by=cast.planner, on=TODAY)
    assert version.number == 2
    page = signed_in(cast.planner).get(f"/ke-hoach/ban/{version.pk}/khac/").content.decode()
    assert "<ins>" in page
    publish(version=version, first_year=2024, last_year=2030, by=cast.planner, on=TODAY)
    result.refresh_from_db()
    assert result.task is not None
    assert result.task.version_id == version.pk
    assert result.task.text.endswith("trước tháng 12.")
    old = Obligation.objects.filter(plan=plan, year=2026, task__version=version).count()
    assert old == frame_count(plan)


def frame_count(plan: Plan) -> int:
    """Living obligations of tasks in the running year."""
    rows = Obligation.objects.filter(plan=plan, year=2026, task__isnull=False)
    return rows.exclude(state__in=("merged", "withdrawn")).count()
