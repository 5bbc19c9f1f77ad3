"""The trail on screen: words instead of codes, filters, links to objects, a file of what was found."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.access.services import NewAccount, create_person
from tdcs.audit.actions import WORDS, action_words
from tdcs.audit.models import AuditLine
from tdcs.core import trail
from tdcs.organisations.models import Organisation
from tdcs.web import views_trail

DAY = date(2026, 11, 23)
SOURCE = Path(__file__).resolve().parents[2] / "src" / "tdcs"


def _person(role: str) -> User:
    return create_person(
        account=NewAccount(
            username=f"nhatky-{role.replace('_', '-')}",
            full_name="Đặng Thị Nhật",
            email="",
            password="mat-khau-dai-2026",
        ),
        role=role,
        organisation=Organisation.objects.earliest("pk"),
        by=None,
        on=date(2026, 1, 1),
    )


@pytest.fixture
def auditor(db: None) -> Client:
    unit, person = Organisation.objects.earliest("pk"), _person(Role.AUDITOR)
    with transaction.atomic():
        for day, action, subject, by in (
            (date(2026, 3, 2), "organisations.rename", unit, person),
            (date(2026, 3, 3), "loans.disburse", "khế ước Hoà Bình", None),
            (date(2026, 3, 4), "loans.disburse", "khế ước Long Thành", None),
        ):
            trail.record(action=action, subject=subject, by=by, on=day, why="lý do")
    client = Client()
    client.force_login(person)
    return client


def _subjects(client: Client, **asked: str) -> list[str]:
    answer = client.get(reverse("audit:lines"), asked)
    assert answer.status_code == 200
    return [line.subject_words for line, _action, _address in answer.context["rows"]]


def test_words_links_and_no_codes(auditor: Client) -> None:
    unit = Organisation.objects.earliest("pk")
    page = auditor.get(reverse("audit:lines"), {"subject": str(unit)[:12]}).content.decode()
    assert "Đổi tên đơn vị" in page
    assert "organisations.rename</td>" not in page
    assert f'href="{reverse("organisations:unit", args=[unit.pk])}"' in page


def test_each_filter_narrows_and_both_days_count(auditor: Client) -> None:
    loans = {"action": "loans.disburse"}
    assert _subjects(auditor, **loans) == ["khế ước Long Thành", "khế ước Hoà Bình"]
    assert _subjects(auditor, subject="hoa binh") == ["khế ước Hoà Bình"]
    # The marks of one syllable stand on another letter in the other spelling.
    assert _subjects(auditor, subject="Hòa Bình") == ["khế ước Hoà Bình"]
    assert len(_subjects(auditor, actor="dang thi", kind="organisations.organisation")) == 1
    assert _subjects(auditor, **loans, **{"from": "2026-03-03", "to": "2026-03-03"}) == [
        "khế ước Hoà Bình"
    ]
    assert _subjects(auditor, **loans, **{"from": "2026-03-05"}) == []
    assert _subjects(auditor, **loans, **{"to": "2026-03-02"}) == []


def test_what_was_found_leaves_as_a_file(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"action": "loans.disburse", "export": "xlsx"}
    answer = auditor.get(reverse("audit:lines"), asked)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert cells.count("Giải ngân") == 2
    assert "khế ước Hoà Bình" in cells
    assert "khế ước Long Thành" in cells
    # Too much for one file: the page comes, and says what to do.
    monkeypatch.setattr(views_trail, "MOST_EXPORTED", 1)
    page = auditor.get(reverse("audit:lines"), asked).content.decode()
    assert "Thu hẹp bộ lọc còn tối đa 1 dòng" in page
    assert "Xuất Excel" not in page


def test_who_may_not_audit_is_refused(auditor: Client) -> None:
    client = Client()
    client.force_login(_person(Role.LOAN_OFFICER))
    assert client.get(reverse("audit:lines")).status_code == 403


def test_an_object_is_a_link_only_for_who_may_open_it(auditor: Client) -> None:
    unit = Organisation.objects.earliest("pk")
    admin = Client()
    admin.force_login(_person(Role.SYSTEM_ADMIN))
    line = AuditLine(subject_type="loans.loan", subject_id="7")
    assert views_trail._address(line, User.objects.get(username="nhatky-system-admin")) == ""
    assert views_trail._address(line, User.objects.get(username="nhatky-auditor")) == reverse(
        "loans:loan", args=[7]
    )
    assert (
        reverse("organisations:unit", args=[unit.pk])
        in admin.get(reverse("audit:lines")).content.decode()
    )


def test_every_action_in_the_code_has_its_words() -> None:
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        found |= set(re.findall(r'action="([a-z_]+\.[a-z_]+)"', file.read_text()))
    assert len(found) > 100
    assert sorted(found - set(WORDS)) == []
    assert action_words("an.old_one") == "an.old_one"


def test_every_page_of_an_object_exists() -> None:
    for name in views_trail.PAGES.values():
        assert reverse(name, args=[] if name in views_trail._WITHOUT_KEY else [1])
