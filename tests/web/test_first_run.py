"""Before a province is set up: the administrator is led to its page, others are told; then offices and units are corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from migrated import migrated
from own_database import own_database

from tdcs.access.errors import RoleUnknown
from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.access.services import NewAccount, create_person
from tdcs.audit.models import AuditLine
from tdcs.core import clock, law
from tdcs.jobs.kinds import Task
from tdcs.jobs.models import Job, JobState
from tdcs.organisations.models import Organisation, OrganisationProfile
from tdcs.web import setting_up
from tdcs.web.office_workbook import template

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _without_units(
    django_db_modify_db_settings: None, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """The tables as the migrations leave them; to empty those of the units empties nearly all, which takes seconds each time."""
    with django_db_blocker.unblock():
        source = migrated()
    with own_database(django_db_blocker, "first_run", of=source):
        yield


@pytest.fixture
def empty(
    _without_units: None, db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[User]:
    """An installation without a province, and its first account."""
    monkeypatch.setenv("TDCS_HOME", str(tmp_path))
    monkeypatch.delenv("TDCS_PROVINCE", raising=False)
    law.forget()
    cache.clear()
    yield _account("first", Role.SYSTEM_ADMIN)
    law.forget()


def _account(name: str, role: str, organisation: Organisation | None = None) -> User:
    account = NewAccount(username=name, full_name=name, email="", password="khoa-rat-dai-2026")
    return create_person(
        account=account, role=role, organisation=organisation, by=None, on=clock.today()
    )


def _signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _set_up(person: User, slug: str = "cao-bang") -> None:
    setting_up.KIND.run(Task(by=person, on=clock.today(), params={"slug": slug}))


def test_every_page_leads_the_administrator_to_the_first_run(empty: User) -> None:
    client = _signed_in(empty)
    for address in ("/", "/don-vi/", "/ke-hoach/", "/thiet-lap/phong-giao-dich/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/thiet-lap/")
    page = client.get("/thiet-lap/").content.decode()
    assert len(re.findall(r'href="\?tinh=', page)) == 34
    assert empty.may("organisations.set_up")
    assert not empty.may("organisations.change")


def test_others_are_told_in_a_sentence(empty: User) -> None:
    other = User.objects.create_user("khac", full_name="Khác")
    answer = _signed_in(other).get("/")
    assert answer.status_code == 503
    assert "chưa chọn tỉnh" in answer.content.decode()
    assert _signed_in(other).get("/thiet-lap/").status_code == 503
    assert _signed_in(other).post("/thiet-lap/tao/", {"tinh": "cao-bang"}).status_code == 503
    assert not Job.objects.exists()
    assert Client().get("/").status_code == 302
    with pytest.raises(RoleUnknown):
        _account("planner", Role.BRANCH_PLANNER)


def test_a_province_is_found_without_accents_and_by_an_old_name(empty: User) -> None:
    client = _signed_in(empty)
    page = client.get("/thiet-lap/?q=yen bai").content.decode()
    assert re.findall(r'href="\?tinh=([a-z-]+)', page) == ["lao-cai"]
    assert "Không có tỉnh, thành phố nào" in client.get("/thiet-lap/?q=xyz").content.decode()
    page = client.get("/thiet-lap/?tinh=lao-cai").content.decode()
    assert "Lào Cai, Yên Bái" in page
    (commune,) = [
        b
        for b in setting_up.brings(setting_up.found("lao cai", clock.today())[0], clock.today())
        if b.level == "Cấp xã"
    ]
    assert commune.areas == 99
    assert f">{commune.areas}<" in page
    assert "Không hợp nhất" in client.get("/thiet-lap/?tinh=cao-bang").content.decode()


def test_it_is_set_up_in_the_background_and_the_administrator_gets_the_role(empty: User) -> None:
    client = _signed_in(empty)
    answer = client.post("/thiet-lap/tao/", {"tinh": "cao-bang"})
    job = Job.objects.get()
    assert (answer.headers["Location"], job.params) == (
        "/thiet-lap/",
        {"slug": "cao-bang"},
    )
    waiting = client.get("/thiet-lap/")
    assert "Đang thiết lập" in waiting.content.decode()
    assert waiting["Refresh"] == "2"
    assert client.post("/thiet-lap/tao/", {"tinh": "lao-cai"}).status_code == 302
    assert Job.objects.count() == 1
    _set_up(empty)
    assert law.chosen_province() == "cao-bang"
    person = User.objects.get(pk=empty.pk)
    holding = person.holding()
    assert holding is not None
    assert (holding.role, holding.organisation.code) == (Role.SYSTEM_ADMIN, "nhcsxh-chi-nhanh@p04")
    assert not person.sets_up
    # The home names the province before the job has committed the role: until it is done the page waits.
    assert "Đang thiết lập" in client.get("/thiet-lap/").content.decode()
    Job.objects.update(state=JobState.DONE)
    assert client.get("/thiet-lap/").headers["Location"] == "/thiet-lap/phong-giao-dich/"
    assert client.get("/thiet-lap/phong-giao-dich/").status_code == 200


def test_an_unknown_province_is_refused(empty: User) -> None:
    client = _signed_in(empty)
    client.post("/thiet-lap/tao/", {"tinh": "atlantis"})
    assert not Job.objects.exists()
    assert "atlantis" in client.get("/thiet-lap/").content.decode()


def test_offices_are_previewed_then_saved(empty: User) -> None:
    _set_up(empty)
    client = _signed_in(User.objects.get(pk=empty.pk))
    blank = client.get("/thiet-lap/phong-giao-dich/mau/")
    assert blank.content == template(clock.today())
    file = SimpleUploadedFile("pgd.xlsx", _filled("Bảo Lạc"))
    page = client.post("/thiet-lap/phong-giao-dich/", {"file": file})
    assert page.status_code == 200
    text = page.content.decode()
    assert "phòng mới" in text
    assert not Organisation.objects.filter(code="nhcsxh-pgd@000201").exists()
    content = re.search(r'name="content" value="([^"]+)"', text)
    assert content
    client.post("/thiet-lap/phong-giao-dich/luu/", {"content": content[1]})
    assert Organisation.objects.filter(code="nhcsxh-pgd@000201").exists()
    line = AuditLine.objects.filter(action="organisations.offices").latest("id")
    assert line.actor_id == empty.pk


def test_a_file_with_faults_lists_them_and_a_wrong_one_is_refused(empty: User) -> None:
    _set_up(empty)
    client = _signed_in(User.objects.get(pk=empty.pk))
    file = SimpleUploadedFile("pgd.xlsx", _filled("Bao Lak"))
    page = client.post("/thiet-lap/phong-giao-dich/", {"file": file})
    assert page.status_code == 422
    assert "hàng 2, cột C" in page.content.decode()
    assert client.post("/thiet-lap/phong-giao-dich/").status_code == 422
    large = SimpleUploadedFile("to.xlsx", b"PK\x03\x04" + b"0" * 2**20)
    assert client.post("/thiet-lap/phong-giao-dich/", {"file": large}).status_code == 422
    assert client.post("/thiet-lap/phong-giao-dich/luu/", {"content": "%%"}).status_code == 302
    assert not Organisation.objects.filter(code__startswith="nhcsxh-pgd@0").exists()


def test_units_are_renamed_and_added_and_other_roles_are_refused(empty: User) -> None:
    _set_up(empty)
    client = _signed_in(User.objects.get(pk=empty.pk))
    unit = Organisation.objects.get(code="so-tai-chinh@p04")
    today = clock.today()
    sent = {"name": "Sở Tài chính mới", "short_name": "Sở TC", "basis": "QĐ 1", "on": str(today)}
    client.post(f"/don-vi/{unit.pk}/doi-ten/", sent)
    assert OrganisationProfile.objects.get(organisation=unit, starts_on=today).short_name == "Sở TC"
    more = {**sent, "code": "ban-moi@p04", "type": "ban-an-toan-giao-thong", "level": "province"}
    client.post(f"/don-vi/{unit.pk}/them/", more)
    made = Organisation.objects.get(code="ban-moi@p04")
    assert made.profiles.get().parent_id == unit.pk
    for wrong in (
        {"code": "ban-moi@p04"},
        {"code": "Ban"},
        {"code": "x1", "name": ""},
        {"code": "x2", "type": "z"},
    ):
        client.post(f"/don-vi/{unit.pk}/them/", {**more, **wrong})
    client.post(f"/don-vi/{unit.pk}/doi-ten/", {**sent, "name": " ", "on": "2026-12-01"})
    assert Organisation.objects.filter(code__in=("Ban", "x1", "x2")).count() == 0
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p04")
    planner = _account("planner", Role.BRANCH_PLANNER, branch)
    other = _signed_in(planner)
    for address in (
        f"/don-vi/{unit.pk}/doi-ten/",
        f"/don-vi/{unit.pk}/them/",
        "/thiet-lap/tao/",
        "/thiet-lap/phong-giao-dich/",
        "/thiet-lap/phong-giao-dich/luu/",
    ):
        assert other.post(address).status_code == 403
    assert other.get("/thiet-lap/phong-giao-dich/mau/").status_code == 403
    assert "Đổi tên đơn vị này" not in other.get(f"/don-vi/{unit.pk}/").content.decode()
    assert "Đổi tên đơn vị này" in client.get(f"/don-vi/{unit.pk}/").content.decode()


def _filled(commune: str) -> bytes:
    from workbook_of_offices import workbook

    heads = ["Mã POS", "Tên phòng giao dịch", "Xã, phường phục vụ"]
    return workbook({"Phòng giao dịch": [heads, ["000201", "Bảo Lạc", commune]]})
