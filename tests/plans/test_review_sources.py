"""The review beside the document: the doubtful first, the page's picture, the head corrected, corrections remembered."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import typst
import yaml
from click.testing import CliRunner
from django.urls import reverse
from test_plan_pages import form_of

from tdcs.audit.models import AuditLine
from tdcs.cli.main import main
from tdcs.documents import fonts_folder
from tdcs.plans.errors import (
    AnswerIncomplete,
    HeaderFixed,
    HeaderIncomplete,
    IssuerUnknown,
    PlanBeingReviewed,
    VersionNotDraft,
)
from tdcs.plans.models import CorrectionKind, Plan, PlanVersion, ReadingCorrection
from tdcs.plans.services import headers, importing, learning

TODAY = date(2026, 11, 23)
LINES = """ỦY BAN NHÂN DÂN
TỈNH ĐỒNG NAI
Số: {number}/KH-UBND
Đồng Nai, ngày {day} tháng 02 năm 2024
KẾ HOẠCH
Trồng rừng gắn với tín dụng chính sách năm 2024
II. NHIỆM VỤ"""
HEADS = ("TT", "Nội dung", "Nơi đảm đương", "Thời gian")
ROWS = (
    ("1", "Ươm 500 cây giống bản địa", "Trung tâm Rừng xanh", "Đợt cao điểm"),
    ("2", "Rà soát hộ vay trồng rừng", "Sở Tài chính", "Quý III/2024"),
)
SIGNED = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn An")


def text_plan(number: int, day: int = 5) -> bytes:
    table = ["|" + "|".join(row) + "|" for row in (HEADS, *ROWS)]
    return "\n".join([LINES.format(number=number, day=day), *table, *SIGNED]).encode()


def pdf_plan(number: int) -> bytes:
    lines = [*LINES.format(number=number, day=5).splitlines()]
    paragraphs = "".join(f"#par[{line}]\n" for line in lines)
    cells = ", ".join(f"[{cell}]" for row in (HEADS, *ROWS) for cell in row)
    signed = "".join(f"#par[{line}]\n" for line in SIGNED)
    source = f'#set text(font: "Be Vietnam Pro")\n{paragraphs}#table(columns: 4, {cells})\n{signed}'
    return typst.compile(source.encode(), font_paths=[str(fonts_folder())])


def taken(content: bytes, by: Any) -> PlanVersion:
    return importing.import_document(content=content, filename="ke-hoach", by=by, on=TODAY)


def header(version: PlanVersion, **changes: Any) -> Plan:
    plan = version.plan
    given = {
        "number": plan.number,
        "issued_on": plan.issued_on,
        "title": plan.title,
        "issuer": plan.issuer_words,
        "signer": plan.signer,
    }
    draft = headers.HeaderDraft(**(given | changes))
    return headers.update_header(version=version, draft=draft, by=None, on=TODAY)


def test_the_doubtful_task_comes_first_and_its_cells_are_marked(signed_in: Any, cast: Any) -> None:
    version = taken(text_plan(301), cast.planner)
    page = signed_in(cast.planner).get(reverse("plans:review", args=[version.pk])).content.decode()
    # Row 1 says a time that nobody can date; row 2 is sure.
    assert re.search(r"<h2>\s+PL1\.1", page)
    assert "Thời gian: 30%" in page
    assert '<td class="src">Trung tâm Rừng xanh</td>' in page
    assert "<td>Sở Tài chính</td>" in page


def test_a_page_of_the_pdf_is_drawn_for_the_planner_only(signed_in: Any, cast: Any) -> None:
    version = taken(pdf_plan(302), cast.planner)
    address = reverse("plans:picture", args=[version.pk, 1])
    browser = signed_in(cast.planner)
    shown = browser.get(reverse("plans:review", args=[version.pk])).content.decode()
    assert address in shown
    answer = browser.get(address)
    assert (answer.headers["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert browser.get(reverse("plans:picture", args=[version.pk, 2])).status_code == 404
    for other in (cast.la_nga, cast.leader, cast.auditor):
        assert signed_in(other).get(address).status_code == 403


def test_a_text_has_no_picture(signed_in: Any, cast: Any) -> None:
    version = taken(text_plan(303), cast.planner)
    browser = signed_in(cast.planner)
    address = reverse("plans:picture", args=[version.pk, 1])
    assert address not in browser.get(reverse("plans:review", args=[version.pk])).content.decode()
    assert browser.get(address).status_code == 404


def test_the_head_is_corrected_on_the_page(signed_in: Any, cast: Any) -> None:
    version = taken(text_plan(304), cast.planner)
    browser = signed_in(cast.planner)
    posted = {
        "number": "305/KH-UBND",
        "issued_on": "2025-03-06",
        "title": "Trồng rừng",
        "issuer": "Ủy ban nhân dân tỉnh Đồng Nai",
        "signer": "Lê Văn Ân",
    }
    address = reverse("plans:review_header", args=[version.pk])
    answer = browser.post(address, posted)
    assert answer.headers["Location"] == reverse("plans:review", args=[version.pk])
    plan = Plan.objects.get(pk=version.plan_id)
    assert (plan.number, plan.issued_on, plan.title, plan.signer, plan.first_year) == (
        "305/KH-UBND",
        date(2025, 3, 6),
        "Trồng rừng",
        "Lê Văn Ân",
        2026,
    )
    assert AuditLine.objects.filter(action="plans.review_header").count() == 1
    assert signed_in(cast.la_nga).post(address, posted).status_code == 403


def test_a_head_that_cannot_be_is_refused(cast: Any) -> None:
    version = taken(text_plan(306), cast.planner)
    other = taken(text_plan(307, day=6), cast.planner)
    with pytest.raises(HeaderIncomplete, match="số, ký hiệu"):
        header(version, number=" ")
    with pytest.raises(IssuerUnknown):
        header(version, issuer="Ủy ban nhân dân tỉnh Không Có")
    with pytest.raises(PlanBeingReviewed):
        header(version, number=other.plan.number, issued_on=other.plan.issued_on)
    # Its own number and day are no second plan.
    assert header(version).number == "306/KH-UBND"


def test_the_head_of_a_published_plan_stays(cast: Any, plan: Plan) -> None:
    published = plan.versions.get(state="published")
    with pytest.raises(VersionNotDraft):
        header(published, signer="Ai khác")
    draft = PlanVersion.objects.create(plan=plan, number=2)
    with pytest.raises(HeaderFixed):
        header(draft, signer="Ai khác")


def correct(version: PlanVersion, browser: Any) -> None:
    task = version.tasks.get(path="PL1.1")
    changes = {
        "unit0": "Sở Nông nghiệp và Môi trường",
        "timing_kind": "by_date",
        "due_on": "2024-06-30",
    }
    answer = browser.post(reverse("plans:review_task", args=[task.pk]), form_of(task, **changes))
    assert answer.status_code == 302


def test_what_was_corrected_is_known_in_the_next_document_of_the_issuer(
    signed_in: Any, cast: Any
) -> None:
    browser = signed_in(cast.planner)
    correct(taken(text_plan(310), cast.planner), browser)
    kept = {row.kind: row.meaning for row in ReadingCorrection.objects.all()}
    assert kept == {
        CorrectionKind.UNIT: {"unit": "so-nong-nghiep-va-moi-truong", "levels": [], "area": ""},
        CorrectionKind.DEADLINE: {"kind": "by_date", "month": 6, "day": 30, "years_later": 0},
    }
    assert AuditLine.objects.filter(action="plans.learn").count() == 1
    sister = taken(text_plan(311, day=9), cast.planner)
    task = sister.tasks.get(path="PL1.1")
    assert [row.unit for row in task.assignments.all()] == ["so-nong-nghiep-va-moi-truong"]
    assert (task.timing_kind, task.due_on) == ("by_date", date(2024, 6, 30))
    shown = CliRunner().invoke(main, ["plan", "learn", "--issuer", "ubnd@p75"])
    assert [row["words"] for row in yaml.safe_load(shown.stdout)] == [
        "Đợt cao điểm",
        "Trung tâm Rừng xanh",
    ]
    assert yaml.safe_load(CliRunner().invoke(main, ["plan", "learn", "--issuer", "x"]).stdout) == []


def test_a_correction_that_changes_nothing_is_not_remembered(signed_in: Any, cast: Any) -> None:
    version = taken(text_plan(312), cast.planner)
    task = version.tasks.get(path="PL1.2")
    signed_in(cast.planner).post(reverse("plans:review_task", args=[task.pk]), form_of(task))
    assert not ReadingCorrection.objects.exists()


def test_a_taught_heading_is_used_when_the_document_is_read_again(
    signed_in: Any, cast: Any
) -> None:
    version = taken(text_plan(313), cast.planner)
    browser = signed_in(cast.planner)
    posted = {"kind": "heading", "words": "Nơi đảm đương", "means": "coordinate", "verb": "again"}
    address = reverse("plans:teach", args=[version.pk])
    assert signed_in(cast.leader).post(address, posted).status_code == 403
    signed_in(cast.planner)
    answer = browser.post(address, posted)
    again = PlanVersion.objects.get(plan__number="313/KH-UBND")
    assert answer.headers["Location"] == reverse("plans:review", args=[again.pk])
    assert again.pk != version.pk
    assert {row.role for task in again.tasks.all() for row in task.assignments.all()} == {
        "coordinate"
    }


def test_a_word_without_a_meaning_is_not_taught(cast: Any) -> None:
    version = taken(text_plan(314), cast.planner)
    given: dict[str, Any] = {"version": version, "by": None, "on": TODAY}
    with pytest.raises(AnswerIncomplete):
        learning.teach_word(kind="label", words=" : ", means="lead", **given)
    with pytest.raises(AnswerIncomplete):
        learning.teach_word(kind="label", words="Ai làm", means="moon", **given)
    with pytest.raises(AnswerIncomplete):
        learning.teach_word(kind="unit", words="Ai làm", means="lead", **given)


def test_a_published_plan_is_not_read_again(plan: Plan) -> None:
    with pytest.raises(VersionNotDraft):
        learning.read_again(version=plan.versions.get(state="published"), by=None, on=TODAY)
