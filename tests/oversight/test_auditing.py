"""An auditor's engagement: read within its days and units alone, sampled, asked, answered, exported."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lending_cast import key, person
from oversight_cast import TODAY, Union
from test_inspecting import PNG, code_of

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.core import clock
from tdcs.documents.accepting import accept
from tdcs.households.services.scans import folder as scans_folder
from tdcs.loans.models import LoanScan
from tdcs.organisations.models import Organisation
from tdcs.oversight.checks import CHECKS
from tdcs.oversight.models import AuditEngagement, AuditQuery, AuditSample, WorkingPapers
from tdcs.oversight.services import auditing
from tdcs.oversight.services.auditing import EngagementDraft, QueryDraft
from tdcs.oversight.services.findings import Proof
from tdcs.oversight.services.programmes import SampleAsked
from tdcs.oversight.services.working_papers import export_papers

pytestmark = pytest.mark.django_db
LAST = TODAY + timedelta(10)


@pytest.fixture
def planner(union: Union) -> User:
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    return person("ke-hoach-cn", "branch_planner", branch)


@pytest.fixture
def auditor(db: None) -> User:
    return User.objects.create_user("ktnn", full_name="Trần Kiểm Toán")


@pytest.fixture
def draft(union: Union, auditor: User) -> EngagementDraft:
    return EngagementDraft(
        title="Kiểm toán vốn ủy thác 2026",
        audit_body="Kiểm toán nhà nước khu vực",
        auditor=auditor,
        units=[union.bank.office],
        period=(date(2026, 1, 1), TODAY),
        days=(TODAY, LAST),
    )


@pytest.fixture
def engagement(draft: EngagementDraft, planner: User) -> AuditEngagement:
    return auditing.open_engagement(draft=draft, by=planner, on=TODAY, key=key())


def faults() -> list[str]:
    return [words for check in CHECKS.values() for words in check()]


def again(user: User) -> User:
    """As the next request finds the person."""
    return User.objects.get(pk=user.pk)


def draw(
    engagement: AuditEngagement, auditor: User, seed: int = 7, size: int = 5, **more: Any
) -> AuditSample:
    asked = SampleAsked("Khoản vay năm 2026", seed, size)
    return auditing.draw_audit_sample(
        engagement=engagement, asked=asked, by=again(auditor), on=more.get("on", TODAY), key=key()
    )


def query(engagement: AuditEngagement, auditor: User, union: Union, **more: Any) -> AuditQuery:
    given = {
        "unit": union.bank.office.pk,
        "words": "Vì sao thiếu biên lai?",
        "due_on": TODAY + timedelta(5),
    }
    return auditing.ask(
        engagement=engagement,
        draft=QueryDraft(**(given | more)),
        by=again(auditor),
        on=TODAY,
        key=key(),
    )


def test_access_ends_by_itself_after_the_last_day(
    engagement: AuditEngagement, auditor: User, signed_in: Any, union: Union
) -> None:
    addresses = [
        reverse("oversight:engagement", args=[engagement.pk]),
        reverse("oversight:audit_figures", args=[engagement.pk]),
        reverse("oversight:audit_loan", args=[engagement.pk, union.loan.pk]),
    ]
    client = signed_in(auditor)
    for day, status in (
        (TODAY - timedelta(1), 403),
        (TODAY, 200),
        (LAST, 200),
        (LAST + timedelta(1), 403),
    ):
        with clock.fixed_today(day):
            assert {client.get(one).status_code for one in addresses} == {status}, day
    # Reads nothing else of the system, and writes nothing.
    with clock.fixed_today(TODAY):
        for name in (
            "ledger:books",
            "loans:loans",
            "oversight:inspections",
            "oversight:asked_queries",
        ):
            assert client.get(reverse(name)).status_code == 403, name
    assert code_of(lambda: draw(engagement, auditor, on=LAST + timedelta(1))) == "engagement_over"
    assert draw(engagement, auditor, on=LAST).population == 1
    assert faults() == []


def test_what_is_not_opened(
    draft: EngagementDraft, planner: User, auditor: User, union: Union
) -> None:
    def refused(by: User = planner, **more: Any) -> str:
        return code_of(
            lambda: auditing.open_engagement(
                draft=replace(draft, **more), by=by, on=TODAY, key=key()
            )
        )

    assert refused(by=union.clerk) == "no_inspecting_body"
    assert refused(auditor=None) == "oversight_field_wrong"
    assert refused(units=[]) == "oversight_field_wrong"
    assert refused(period=(TODAY, TODAY - timedelta(1))) == "oversight_field_wrong"
    assert refused(days=(TODAY, TODAY - timedelta(1))) == "oversight_field_wrong"
    assert refused(days=(TODAY - timedelta(9), TODAY - timedelta(1))) == "oversight_field_wrong"
    assert refused(auditor=union.clerk) == "auditor_has_role"
    assert refused(auditor=union.bank.officer) == "own_work"
    assert refused(title=" ") == "oversight_reason_missing"
    one = key()
    made = [auditing.open_engagement(draft=draft, by=planner, on=TODAY, key=one) for _ in range(2)]
    assert made[0] == made[1] and AuditEngagement.objects.count() == 1
    held = RoleHolding.objects.get(user=auditor)
    assert (held.role, held.starts_on, held.ends_on) == (
        Role.ENGAGED_AUDITOR,
        TODAY,
        LAST + timedelta(1),
    )
    assert refused() == "auditor_has_role"


def test_closed_early_ends_today(
    engagement: AuditEngagement, auditor: User, planner: User, signed_in: Any
) -> None:
    close = lambda by, words="Xong việc": auditing.close_engagement(  # noqa: E731
        engagement=engagement, words=words, by=by, on=TODAY + timedelta(1)
    )
    assert code_of(lambda: close(again(auditor))) == "no_inspecting_body"
    assert code_of(lambda: close(planner, " ")) == "oversight_reason_missing"
    close(planner)
    assert code_of(lambda: close(planner)) == "engagement_over"
    with clock.fixed_today(TODAY + timedelta(1)):
        address = reverse("oversight:engagement", args=[engagement.pk])
        assert signed_in(auditor).get(address).status_code == 403
        assert "Xong việc" in signed_in(planner).get(address).content.decode()
    assert faults() == []


def test_the_next_engagement_keeps_its_days(
    engagement: AuditEngagement, draft: EngagementDraft, planner: User, auditor: User
) -> None:
    later = (LAST + timedelta(1), LAST + timedelta(20))
    auditing.open_engagement(draft=replace(draft, days=later), by=planner, on=TODAY, key=key())
    auditing.close_engagement(engagement=engagement, words="Xong", by=planner, on=TODAY)
    held = RoleHolding.objects.get(user=auditor)
    assert (held.starts_on, held.ends_on) == (later[0], later[1] + timedelta(1))
    assert faults() == []


def test_figures_lead_to_entries_and_scans(
    engagement: AuditEngagement, auditor: User, union: Union, signed_in: Any, settings: Any
) -> None:
    client, pk, loan = signed_in(auditor), engagement.pk, union.loan
    page = client.get(reverse("oversight:audit_figures", args=[pk])).content.decode()
    entry = loan.events.exclude(entry=None).first().entry
    account = entry.postings.first().account
    address = reverse("oversight:audit_entries", args=[pk, union.bank.office.pk, account.code])
    assert address in page
    entries = client.get(address).content.decode()
    behind = reverse("oversight:audit_entry", args=[pk, entry.pk])
    assert behind in entries
    shown = client.get(behind).content.decode()
    of_loan = reverse("oversight:audit_loan", args=[pk, loan.pk])
    assert of_loan in shown and entry.hash in shown
    what = accept(PNG)
    scans_folder().put(PNG, what)
    scan = LoanScan.objects.create(
        loan=loan, kind="contract", title="Sổ vay vốn", dated_on=TODAY, at=clock.now(),
        sha256=what.sha256, ending=what.ending, size=what.size,
    )  # fmt: skip
    assert "Sổ vay vốn" in client.get(of_loan).content.decode()
    given = client.post(reverse("oversight:audit_scan", args=[pk, loan.pk, scan.pk]))
    assert b"".join(given.streaming_content) == PNG
    # Another office's figures, entries of another period and unknown rows are not there.
    other = Organisation.objects.filter(kind="transaction_office").exclude(pk=union.bank.office.pk)[
        0
    ]
    missing = [
        reverse("oversight:audit_entries", args=[pk, other.pk, account.code]),
        reverse("oversight:audit_entries", args=[pk, union.bank.office.pk, "không"]),
        reverse("oversight:audit_loan", args=[pk, 10**9]),
        reverse("oversight:audit_sample", args=[pk, 10**9]),
    ]
    assert {client.get(one).status_code for one in missing} == {404}
    AuditEngagement.objects.update(period_from=date(2020, 1, 1), period_to=date(2020, 12, 31))
    assert {client.get(one).status_code for one in (behind, of_loan)} == {404}


def test_a_sample_is_drawn_once_for_a_purpose(
    engagement: AuditEngagement, auditor: User, union: Union
) -> None:
    first = draw(engagement, auditor)
    assert (first.population, first.lines) == (1, [[union.loan.pk, "other"]])
    assert draw(engagement, auditor) == first
    assert code_of(lambda: draw(engagement, auditor, seed=8)) == "sample_drawn"
    assert code_of(lambda: draw(engagement, auditor, size=0)) == "oversight_field_wrong"
    assert code_of(lambda: draw(engagement, auditor, seed=-1)) == "oversight_field_wrong"
    assert code_of(lambda: draw(engagement, union.clerk)) == "engagement_over"


def test_queries_are_asked_answered_and_settled(
    engagement: AuditEngagement, auditor: User, union: Union
) -> None:
    assert (
        code_of(lambda: query(engagement, auditor, union, unit=union.body.pk))
        == "outside_engagement"
    )
    assert code_of(lambda: query(engagement, auditor, union, loan=10**9)) == "outside_engagement"
    assert code_of(lambda: query(engagement, auditor, union, entry=10**9)) == "outside_engagement"
    yesterday = TODAY - timedelta(1)
    assert (
        code_of(lambda: query(engagement, auditor, union, due_on=yesterday))
        == "oversight_field_wrong"
    )
    assert (
        code_of(lambda: query(engagement, auditor, union, words=" ")) == "oversight_reason_missing"
    )
    assert code_of(lambda: query(engagement, union.clerk, union)) == "engagement_over"
    asked = query(engagement, auditor, union, loan=union.loan.pk, due_on=TODAY)
    answer = lambda by, **more: auditing.answer(  # noqa: E731
        query=asked, proof=Proof("Đã bổ sung", **more), by=by, on=TODAY
    )
    opinion = lambda verb, by=auditor: auditing.give_opinion(  # noqa: E731
        query=asked, verb=verb, words="Đã xem", by=again(by), on=TODAY
    )
    assert code_of(lambda: opinion("settle")) == "oversight_step"
    assert code_of(lambda: answer(union.clerk)) == "not_asked_unit"
    assert code_of(lambda: answer(again(auditor))) == "not_asked_unit"
    assert answer(union.bank.head, content=PNG, filename="bl.png").state == "answered"
    assert code_of(lambda: opinion("settle", union.bank.head)) == "engagement_over"
    assert opinion("ask_again").state == "asked"
    assert answer(union.bank.head).state == "answered"
    assert opinion("settle").state == "settled"
    assert code_of(lambda: answer(union.bank.head)) == "oversight_step"
    assert faults() == []


def test_working_papers_say_their_digests(
    engagement: AuditEngagement, auditor: User, union: Union, planner: User
) -> None:
    draw(engagement, auditor)
    query(engagement, auditor, union)
    assert (
        code_of(lambda: export_papers(engagement=engagement, by=planner, on=TODAY))
        == "engagement_over"
    )
    made = export_papers(engagement=engagement, by=again(auditor), on=TODAY)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = set(archive.namelist())
        manifest = archive.read("manifest.json")
        said = json.loads(manifest)["sha256"]
        assert names == {*said, "manifest.json"}
        assert {name.rsplit(".")[-1] for name in said} == {"docx", "xlsx"}
        for name, digest in said.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        with zipfile.ZipFile(io.BytesIO(archive.read("mau-but-toan.xlsx"))) as book:
            words = "".join(book.read(one).decode("utf-8", "replace") for one in book.namelist())
        assert union.loan.number in words
    kept = WorkingPapers.objects.get()
    assert (kept.sha256, kept.files) == (hashlib.sha256(manifest).hexdigest(), said)


def test_an_engagement_through_its_pages(
    draft: EngagementDraft, planner: User, auditor: User, union: Union, signed_in: Any
) -> None:
    branch, reader, office = signed_in(planner), signed_in(auditor), signed_in(union.bank.head)
    form = branch.get(reverse("oversight:engagements")).content.decode()
    assert "Mở cuộc kiểm toán" in form
    given = {
        "title": "Kiểm toán 2026", "audit_body": "Kiểm toán nhà nước", "auditor": "ktnn", "unit": union.bank.office.pk,
        "period_from": "2026-01-01", "period_to": str(TODAY), "starts_on": str(TODAY), "ends_on": str(LAST), "key": key(),
    }  # fmt: skip
    page = branch.post(reverse("oversight:engagements"), given, follow=True).content.decode()
    assert "Đã mở cuộc kiểm toán" in page
    row = AuditEngagement.objects.get()
    assert row.number in reader.get(reverse("oversight:engagements")).content.decode()
    sample = {"purpose": "Mẫu 1", "seed": "7", "size": "5", "key": key()}
    drawn = reader.post(reverse("oversight:draw_audit_sample", args=[row.pk]), sample, follow=True)
    assert union.loan.number in drawn.content.decode()
    asked = {
        "unit": union.bank.office.pk,
        "words": "Giải trình",
        "due_on": str(TODAY),
        "key": key(),
    }
    for _ in range(2):
        reader.post(reverse("oversight:ask", args=[row.pk]), asked)
    one = AuditQuery.objects.get()
    assert "Giải trình" in office.get(reverse("oversight:asked_queries")).content.decode()
    assert (
        "Trả lời kiểm toán"
        in office.get(reverse("oversight:asked_query", args=[one.pk])).content.decode()
    )
    proof = SimpleUploadedFile("bl.png", PNG, "image/png")
    office.post(reverse("oversight:answer_query", args=[one.pk]), {"words": "Đây", "file": proof})
    step = one.steps.get(verb="answer")
    assert reader.get(reverse("oversight:audit_answer_file", args=[step.pk])).content == PNG
    judged = {"verb": "settle", "words": "Được"}
    page = reader.post(reverse("oversight:opinion", args=[one.pk]), judged, follow=True)
    assert "Kiểm toán đã chấp nhận" in page.content.decode()
    papers = reader.post(reverse("oversight:working_papers", args=[row.pk]))
    assert papers.content.startswith(b"PK")
    # Another unit's people see neither the query nor the engagement.
    other = Organisation.objects.filter(kind="transaction_office").exclude(pk=union.bank.office.pk)[
        0
    ]
    stranger = signed_in(person("pgd-khac", "credit_head", other))
    assert stranger.get(reverse("oversight:asked_query", args=[one.pk])).status_code == 404
    assert stranger.get(reverse("oversight:engagement", args=[row.pk])).status_code == 403
    for name in ("draw_audit_sample", "ask", "working_papers"):
        assert office.post(reverse(f"oversight:{name}", args=[row.pk])).status_code == 403
    assert office.post(reverse("oversight:close_engagement", args=[row.pk])).status_code == 403
