"""The reference plan, read to the letter."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tdcs.plans.reading import PlanReading, read_plan


@pytest.fixture(scope="module")
def reading(reference_plan: Path) -> PlanReading:
    return read_plan(reference_plan)


def test_the_frame_is_read(reading: PlanReading) -> None:
    assert reading.number == "232/KH-UBND"
    assert reading.issued_on == "2023-09-29"
    assert reading.issuer == "Ủy ban nhân dân tỉnh Đồng Nai"
    assert reading.signer == "Nguyễn Sơn Hùng"
    assert "PHÓ CHỦ TỊCH" in reading.signer_title
    assert reading.title.startswith("Thực hiện Quyết định số 05/QĐ-TTg")
    assert reading.title.endswith("trên địa bàn tỉnh")
    assert len(reading.recipients) == 13
    assert [(b.number, b.issued_on) for b in reading.legal_bases] == [("05/QĐ-TTg", "2023-01-04")]


def test_twenty_four_tasks_in_five_sections(reading: PlanReading) -> None:
    assert len(reading.tasks) == 24
    sections = Counter(task.section_path for task in reading.tasks)
    assert sections == {"II.1": 3, "II.2": 4, "II.3": 13, "II.4": 2, "II.5": 2}
    paths = [task.path for task in reading.tasks]
    assert paths[7:20] == [f"II.3.{letter}" for letter in "abcdđeghiklmn"]


def test_every_unit_is_resolved_and_one_time_is_missing(reading: PlanReading) -> None:
    units = [u for t in reading.tasks for u in (*t.lead, *t.perform, *t.coordinate)]
    assert len(units) > 90
    assert [u.words for u in units if not u.resolved] == []
    assert [t.path for t in reading.tasks if t.timing.kind == "unknown"] == ["II.3.i"]
    assert reading.warnings == ("1 nhiệm vụ chưa nêu thời gian: II.3.i.",)


def test_labels_and_times_are_counted_as_in_the_document(reading: PlanReading) -> None:
    assert sum(bool(t.perform) for t in reading.tasks) == 21
    assert [t.path for t in reading.tasks if t.lead] == ["II.3.a", "II.3.h", "II.3.i"]
    assert sum(bool(t.coordinate) for t in reading.tasks) == 7
    kinds = Counter(t.timing.kind for t in reading.tasks)
    assert kinds == {"yearly": 15, "standing": 5, "on_instruction": 2, "quarter": 1, "unknown": 1}
    scheme = next(t for t in reading.tasks if t.path == "II.3.k")
    assert (scheme.timing.starts_on, scheme.timing.due_on) == ("2025-10-01", "2025-12-31")


def test_targets_keep_comparison_and_base(reading: PlanReading) -> None:
    found = {(t.path, g.figure, g.comparison, g.base) for t in reading.tasks for g in t.targets}
    assert ("II.3.a", "10", "~", "") in found
    assert ("II.3.a", "30", "~", "tăng trưởng dư nợ") in found
    assert ("II.3.i", "1", "<", "tổng dư nợ") in found
    assert any(f[:2] == ("II.3.i", "100") for f in found)


def test_the_yearly_report_is_due_before_15_december(reading: PlanReading) -> None:
    duties = {(d.path, d.kind): d for d in reading.duties}
    report = duties[("III.1", "yearly_report")]
    assert (report.timing.day, report.timing.month, report.timing.before) == (15, 12, True)
    assert ("III.1", "own_plan") in duties
    assert {("III.2", "follow_up"), ("III.2", "consolidate")} <= set(duties)
    assert any(kind == "amend" for _, kind in duties)
    assert [u.unit for u in duties[("III.2", "consolidate")].units] == ["nhcsxh-chi-nhanh"]


def test_units_split_where_the_document_shares_a_noun(reading: PlanReading) -> None:
    by_path = {t.path: t for t in reading.tasks}
    police = [(u.unit, u.levels) for u in by_path["II.3.g"].perform]
    assert police == [
        ("ubnd", ("district",)),
        ("ubnd", ("commune",)),
        ("cong-an", ("district",)),
        ("cong-an", ("commune",)),
    ]
    assert [u.unit for u in by_path["II.1.c"].perform] == [
        "dai-ptth",
        "bao",
        "co-quan-bao-chi",
        "ubnd",
    ]


def test_broken_lines_and_page_breaks_are_joined(reading: PlanReading) -> None:
    by_path = {t.path: t for t in reading.tasks}
    assert "vận động các tầng lớp nhân dân tích cực tham gia" in by_path["II.4.a"].text
    assert [u.unit for u in by_path["II.1.c"].coordinate][1:3] == ["nhcsxh-pgd", "ubnd"]
    assert any("Phấn đấu tăng" in words for words in by_path["II.3.a"].warnings)


def test_json_has_the_agreed_shape(reading: PlanReading) -> None:
    shown = json.loads(json.dumps(reading.as_json()))
    assert {
        "number",
        "issued_on",
        "issuer",
        "signer",
        "title",
        "legal_bases",
        "tasks",
        "duties",
        "recipients",
    } <= set(shown)
    assert {
        "path",
        "text",
        "lead",
        "perform",
        "coordinate",
        "timing",
        "targets",
        "warnings",
    } <= set(shown["tasks"][0])
    assert shown["tasks"][0]["perform"][0]["resolved"] is True
