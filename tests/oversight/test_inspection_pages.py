"""The pages of oversight: what they show, what they refuse, papers; an inspection through its forms."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lending_cast import key, person
from oversight_cast import TODAY, Union
from test_inspecting import GOOD, GROUP, PNG, found

from tdcs.access.models import User
from tdcs.organisations.models import Organisation
from tdcs.oversight.models import Finding, Inspection, InspectionProgramme

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]


def words_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml").decode()


def shown(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"oversight:{name}", args=args), query)
    assert answer.status_code == 200, name
    return answer.content.decode()


def sent(client: Client, name: str, *args: Any, **data: Any) -> str:
    """What the page says after a form was sent."""
    sent_once = {"key": key()} | data
    answer = client.post(reverse(f"oversight:{name}", args=args), sent_once, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_year_shows_duties_and_who_is_open(union: Union, signed_in: Sign) -> None:
    client = signed_in(union.clerk)
    page = shown(client, "overview")
    assert "Món vay mới, trong thời hạn sau giải ngân" in page
    assert "xã La Ngà" in page.lower() or "La Ngà" in page
    assert "Lê Thị Hoa" in shown(client, "open", body="mass_organisation", duty="new_loans")
    book = client.get(reverse("oversight:overview"), {"format": "xlsx"})
    assert book.content.startswith(b"PK")
    rows = client.get(reverse("oversight:open"), {"format": "csv", "duty": "new_loans"})
    assert "Lê Thị Hoa" in rows.content.decode("utf-8-sig")


def test_an_inspection_through_its_forms(union: Union, signed_in: Sign) -> None:
    client, loan = signed_in(union.clerk), union.loan
    form = shown(client, "prepare")
    assert "Tổ bà Hoa" in form
    group = f"g{union.bank.group.pk}"
    given = {"body": union.body.pk, "checklist": "16-TD", "subject": group, "lead": union.clerk.pk}
    sent(client, "prepare", due_on=str(TODAY), **given)
    row = Inspection.objects.get()
    assert "Bắt đầu" in shown(client, "inspection", row.pk)
    sent(client, "start", row.pk, witnesses="Trưởng ấp")
    assert "Lê Thị Hoa" in shown(client, "inspection", row.pk)
    assert "20.000.000" in shown(client, "visit", row.pk, loan.pk)
    bad = {f"a-{code}": words for code, words in (GOOD | {"purpose": "no"}).items()}
    seen = {"result": "bad", "rightly": "15.000.000", "wrongly": "5.000.000", "key": "k-visit"}
    assert "Đã ghi kết quả tại hộ" in sent(client, "visit", row.pk, loan.pk, **seen, **bad)
    answers = {f"a-{code}": words for code, words in GROUP.items()}
    sent(client, "answers", row.pk, key="k-answers", **answers)
    assert "chưa ghi tồn tại" in sent(client, "finish", row.pk, conclusion="Xong")
    due = str(TODAY + timedelta(10))
    told = {
        "item": "purpose", "words": "Mua xe máy", "cause": "Đổi ý", "recommendation": "Hoàn vốn",
        "owner": union.bank.officer.pk, "due_on": due, "loan": loan.pk,
    }  # fmt: skip
    assert "Đã ghi tồn tại" in sent(client, "raise", row.pk, **told)
    photo = SimpleUploadedFile("chuong-bo.png", PNG, "image/png")
    assert "Đã nhận ảnh" in sent(client, "photo", row.pk, photo=photo, loan=loan.pk)
    for prefix in ("start", "finish", "raise", "photo", "answers"):
        assert (f'name="key" value="{prefix}-' in shown(client, "inspection", row.pk)) == (
            prefix != "start"
        )
    assert client.get(reverse("oversight:photo_file", args=[row.photos.get().pk])).content == PNG
    assert "Đã lập biên bản" in sent(client, "finish", row.pk, conclusion="Sử dụng sai một phần")
    minutes = client.get(reverse("oversight:minutes", args=[row.pk, "docx"])).content
    assert all(
        one in words_of(minutes) for one in ("Mua xe máy", "Lê Thị Hoa", "Sử dụng sai một phần")
    )
    listed = client.get(reverse("oversight:list_paper", args=[row.pk, "docx"])).content
    assert "Lê Thị Hoa" in words_of(listed)


def test_a_finding_is_followed_until_it_is_closed(
    union: Union, running: Inspection, signed_in: Sign
) -> None:
    one = found(union, running)
    owner, clerk = signed_in(union.bank.officer), signed_in(union.clerk)
    assert "Thiếu biên lai" in shown(owner, "findings", mine=1)
    assert "khi chưa có minh chứng" in sent(owner, "close_finding", one.pk, words="Đã xong")
    proof = SimpleUploadedFile("bien-lai.png", PNG, "image/png")
    sent(owner, "answer_finding", one.pk, words="Đã bổ sung", file=proof)
    step = one.steps.get(verb="answer")
    assert owner.get(reverse("oversight:proof_file", args=[step.pk])).content == PNG
    sent(clerk, "reopen_finding", one.pk, words="Chưa đủ tháng 10")
    assert "Chưa đủ tháng 10" in shown(owner, "finding", one.pk)
    sent(owner, "answer_finding", one.pk, words="Đã đủ")
    sent(clerk, "close_finding", one.pk, words="Đã xem")
    assert Finding.objects.get().state == "closed"
    assert "Đã khép lại" in shown(clerk, "findings")
    for name, words in (("findings", "Thiếu biên lai"), ("inspections", running.number)):
        listed = clerk.get(reverse(f"oversight:{name}"), {"export": "csv"})
        assert words in listed.content.decode("utf-8-sig"), name


def test_a_programme_through_its_forms(union: Union, signed_in: Sign) -> None:
    clerk, head = signed_in(union.clerk), signed_in(union.head)
    sent(clerk, "open_programme", body=union.body.pk, year=2026, words="Kiểm tra các tổ")
    row = InspectionProgramme.objects.get()
    group = f"g{union.bank.group.pk}"
    sent(clerk, "plan", row.pk, checklist="16-TD", subject=group, month=12, why="Lãi tồn tăng")
    sent(clerk, "submit", row.pk)
    assert "Duyệt chương trình" in shown(head, "programme", row.pk)
    sent(head, "decide", row.pk, verb="approve", words="Nhất trí")
    page = shown(clerk, "programme", row.pk)
    assert "Nhất trí" in page and "Lập cuộc kiểm tra" in page
    assert "Tổ bà Hoa" in shown(clerk, "programmes") or "2026" in shown(clerk, "programmes")
    sample = {"purpose": "Quý IV", "size": "5", "seed": "7"}
    assert "Lê Thị Hoa" in sent(clerk, "sample", row.pk, key="k-1", **sample)
    again = sent(clerk, "sample", row.pk, key="k-2", **(sample | {"seed": "8"}))
    assert "không chọn lại với số mầm khác" in again
    paper = clerk.get(reverse("oversight:programme_paper", args=[row.pk, "docx"])).content
    assert "Lãi tồn tăng" in words_of(paper)
    summary = clerk.get(reverse("oversight:summary_paper", args=[row.pk, "docx"])).content
    assert "VI. Kiến nghị" in words_of(summary)
    planned = row.planned.get()
    form = shown(clerk, "prepare", programme=row.pk, planned=planned.pk)
    assert union.bank.group.code in form
    given = {"body": union.body.pk, "programme": row.pk, "planned": planned.pk}
    sent(clerk, "prepare", lead=union.clerk.pk, due_on=str(TODAY), **given)
    assert Inspection.objects.get().planned == planned


def test_who_may_what(union: Union, running: Inspection, signed_in: Sign) -> None:
    found(union, running)
    everything = signed_in(
        person("ke-hoach", "branch_planner", Organisation.objects.get(code="nhcsxh-chi-nhanh@p75"))
    )
    assert "Thiếu biên lai" in shown(everything, "findings")
    teller = signed_in(union.bank.teller)
    assert shown(teller, "inspection", running.pk)

    def post(client: Client, name: str, *args: int) -> int:
        return client.post(reverse(f"oversight:{name}", args=args)).status_code

    assert post(teller, "finish", running.pk) == 403
    assert post(teller, "submit", 1) == 403
    assert post(signed_in(union.clerk), "decide", 1) == 403
    assert post(signed_in(union.bank.auditor), "close_finding", 1) == 403
    leader = signed_in(union.bank.leader)
    assert leader.get(reverse("oversight:overview")).status_code == 403
    other = Organisation.objects.filter(type="hoi-phu-nu", level="commune", ends_on=None)
    stranger = person("xa-khac", "unit_clerk", other.exclude(pk=union.body.pk)[0])
    client = signed_in(stranger)
    assert client.get(reverse("oversight:inspection", args=[running.pk])).status_code == 404
    assert client.get(reverse("oversight:minutes", args=[running.pk, "docx"])).status_code == 404
    assert "Tổ bà Hoa" not in shown(client, "inspections")
