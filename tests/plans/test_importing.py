"""A document comes in: kept whole as a draft, or refused with nothing written."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from plan_words import SMALL_PLAN

from tdcs.core.errors import Refusal
from tdcs.documents.errors import (
    BrokenFile,
    DocumentBomb,
    EmptyFile,
    FileTooLarge,
    UnknownFormat,
)
from tdcs.plans.errors import (
    HeaderIncomplete,
    IssuerUnknown,
    PlanAlreadyPublished,
    PlanBeingReviewed,
    VersionNotDraft,
)
from tdcs.plans.models import (
    Assignment,
    Duty,
    Plan,
    PlanDocument,
    PlanVersion,
    Target,
    Task,
)
from tdcs.plans.reading import NotAPlan
from tdcs.plans.services.importing import discard, import_document
from tdcs.plans.services.publishing import publish

TODAY = date(2026, 11, 23)
TABLES = (PlanDocument, Plan, PlanVersion, Task, Assignment, Target, Duty)


def kept() -> list[int]:
    return [table.objects.count() for table in TABLES]


def take(content: bytes, name: str = "ke-hoach.txt", **given: Any) -> PlanVersion:
    return import_document(content=content, filename=name, by=None, on=TODAY, **given)


def test_a_document_becomes_a_draft_with_tasks_units_times_targets_and_duties(
    draft: PlanVersion,
) -> None:
    plan = draft.plan
    assert (plan.number, plan.issued_on, plan.issuer.code) == (
        "77/KH-UBND",
        date(2023, 12, 20),
        "ubnd@p75",
    )
    assert (plan.first_year, plan.last_year, plan.signer) == (2024, 2030, "Nguyễn Văn Mẫu")
    kinds = dict(draft.tasks.values_list("path", "timing_kind"))
    assert kinds == {
        "II.1.a": "yearly",
        "II.1.b": "quarter",
        "II.2.a": "yearly",
        "II.2.b": "standing",
        "II.2.c": "by_date",
        "II.2.d": "unknown",
        "II.2.đ": "on_instruction",
    }
    share = Target.objects.get(task__version=draft, task__path="II.1.a")
    assert (share.figure, share.unit) == (30, "%")
    lead = Assignment.objects.get(task__version=draft, task__path="II.1.a", role="lead")
    assert (lead.words, lead.unit) == ("Sở Tài chính", "so-tai-chinh")
    assert {"own_plan", "yearly_report", "follow_up", "consolidate"} == set(
        draft.duties.values_list("kind", flat=True)
    )
    report = draft.duties.get(kind="yearly_report")
    assert (report.due_day, report.due_month, report.due_before) == (15, 12, True)
    assert draft.reading["lines"][0] == "ỦY BAN NHÂN DÂN"


def test_the_reference_plan_gives_24_tasks_and_every_unit_is_resolved(
    db: None, reference_plan: Path
) -> None:
    from tdcs.plans.queries.plans import unresolved_rows

    version = take(reference_plan.read_bytes(), "ke-hoach-232.txt")
    assert version.tasks.count() == 24
    assert not unresolved_rows(version).exists()
    assert list(version.tasks.filter(timing_kind="unknown").values_list("path", flat=True)) == [
        "II.3.i"
    ]
    assert all(len(title) <= 90 for title in version.tasks.values_list("title", flat=True))


def test_the_same_bytes_are_refused_while_the_draft_waits_and_the_draft_is_named(
    draft: PlanVersion,
) -> None:
    before = kept()
    with pytest.raises(PlanBeingReviewed) as refused:
        take(SMALL_PLAN.encode())
    assert refused.value.params["version"] == draft.pk
    assert "77/KH-UBND" in str(refused.value)
    assert kept() == before


def test_the_same_plan_in_another_file_is_refused_once_published(plan: Plan) -> None:
    before = kept()
    other = SMALL_PLAN.replace("77/KH-UBND", "77 /KH - UBND") + "\nGhi chú của người đánh máy.\n"
    with pytest.raises(PlanAlreadyPublished) as refused:
        take(other.encode())
    assert refused.value.params["plan"] == plan.pk
    assert kept() == before


def test_a_discarded_draft_leaves_nothing_and_the_plan_can_come_again(draft: PlanVersion) -> None:
    discard(version=draft, by=None, on=TODAY)
    assert kept() == [0] * len(TABLES)
    assert take(SMALL_PLAN.encode()).tasks.count() == 7


def test_a_published_version_cannot_be_discarded(plan: Plan) -> None:
    with pytest.raises(VersionNotDraft):
        discard(version=plan.versions.get(), by=None, on=TODAY)


def test_missing_number_is_refused_and_can_be_given_by_hand(db: None) -> None:
    bare = SMALL_PLAN.replace("Số: 77/KH-UBND", "").encode()
    with pytest.raises(HeaderIncomplete):
        take(bare)
    assert kept() == [0] * len(TABLES)
    assert take(bare, number=" 77/KH-UBND ").plan.number == "77/KH-UBND"


def test_a_plan_of_a_province_unknown_here_is_refused(db: None) -> None:
    with pytest.raises(IssuerUnknown):
        take(SMALL_PLAN.replace("TỈNH ĐỒNG NAI", "TỈNH SAO HỎA").encode())
    assert kept() == [0] * len(TABLES)


def _bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 400_000_000)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", EmptyFile),
        (b"MZ\x90\x00 not a document" * 50, UnknownFormat),
        (b"%PDF-1.7\nbroken", BrokenFile),
        (b"PK\x03\x04broken archive", BrokenFile),
        ("Thư mời họp lớp cũ, kính mời các bạn đến dự.".encode(), NotAPlan),
        (b"x" * (21 * 2**20), FileTooLarge),
    ],
    ids=["empty", "program", "broken pdf", "broken docx", "no plan", "too large"],
)
def test_a_bad_file_is_refused_in_one_sentence_with_a_next_step_and_nothing_is_kept(
    db: None, content: bytes, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        take(content)
    shown = refused.value
    assert shown.sentence("vi").endswith(".") and shown.sentence("en").endswith(".")
    assert shown.next_step("vi") and shown.next_step("en")
    assert kept() == [0] * len(TABLES)


def test_a_docx_bomb_is_refused_before_it_unfolds(db: None) -> None:
    with pytest.raises(DocumentBomb):
        take(_bomb(), "bom.docx")
    assert kept() == [0] * len(TABLES)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "C:\\temp\\ke-hoach.txt",
        "\x00\x07.txt",
        "a" * 400 + ".txt",
        "<script>alert(1)</script>.txt",
        "",
        "\u202etxt.exe",
    ],
)
def test_a_hostile_file_name_is_kept_as_a_harmless_one(db: None, name: str) -> None:
    version = take(SMALL_PLAN.encode(), name)
    assert version.document is not None
    kept_name = version.document.filename
    assert kept_name and len(kept_name) <= 200
    assert "/" not in kept_name and "\\" not in kept_name and kept_name.isprintable()


def test_control_signs_inside_the_text_do_no_harm(db: None) -> None:
    hostile = SMALL_PLAN.replace("Bố trí ngân sách", "Bố trí\x00 ngân\x07 sách <b>to</b>")
    version = take(hostile.encode())
    task = version.tasks.get(path="II.1.a")
    assert "\x00" not in task.text


def test_a_second_import_after_publication_does_not_touch_what_is_there(
    draft: PlanVersion,
) -> None:
    publish(version=draft, first_year=2024, last_year=2030, by=None, on=TODAY)
    before = kept()
    with pytest.raises(PlanAlreadyPublished):
        take(SMALL_PLAN.encode())
    assert kept() == before
