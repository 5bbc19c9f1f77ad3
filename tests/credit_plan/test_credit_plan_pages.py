"""The plan's pages: who reads and writes which, what they show, what leaves as a file."""

from __future__ import annotations

import io

import pytest
from credit_plan_cast import MILLION, World
from django.test import Client
from docx import Document
from groups_cast import BRANCH, TODAY, person, unit
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.core import clock
from tdcs.credit_plan.models import Adjustment, Allotment, CreditPlan, OfficeRound, RoundState
from tdcs.credit_plan.services import approving, negotiating, planning
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
BASE = "/ke-hoach-tin-dung/"
PAGES = (
    "",
    "2027/",
    "2027/nhu-cau/",
    "2027/chi-tieu/",
    "2027/phan-bo/",
    "2027/thuc-hien/",
    "2027/dieu-chinh/",
)
# Address → its permission.
SENT = {
    "mo/": "credit_plan.change",
    "2027/trinh/": "credit_plan.change",
    "2027/vong/": "credit_plan.change",
    "2027/chi-tieu/ghi/": "credit_plan.change",
    "2027/chi-tieu/von/": "credit_plan.change",
    "2027/chi-tieu/chia/": "credit_plan.change",
    "2027/phan-bo/ghi/": "credit_plan.change",
    "2027/dieu-chinh/nhan/": "credit_plan.change",
    "2027/dieu-chinh/de-nghi/": "credit_plan.change",
    "2027/duyet/": "credit_plan.approve",
    "2027/dieu-chinh/duyet/": "credit_plan.approve",
    "2027/y-kien/": "credit_plan.answer",
    "2027/nhu-cau/sua/": "credit_plan.answer",
    "2027/phan-bo/de-nghi/": "credit_plan.answer",
}


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.fixed_today(TODAY):
        yield


def sign(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(world: World, amount: int = 90) -> None:
    planning.set_target(
        plan=world.plan, programme="HN", source=world.central, amount=amount * MILLION,
        by=world.planner, on=TODAY,
    )  # fmt: skip
    planning.spread_targets(plan=world.plan, by=world.planner, on=TODAY)


def agreed(world: World) -> None:
    OfficeRound.objects.filter(plan=world.plan).update(state=RoundState.AGREED)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reads_and_sends_what_it_may(world: World, role: Role) -> None:
    client = sign(person("nguoi", role, unit(BRANCH)))
    may_read = role in PERMISSIONS["credit_plan.view"]
    for page in PAGES:
        assert client.get(BASE + page).status_code == (200 if may_read else 403), page
    assert client.get(f"{BASE}2027/van-ban/nghi-quyet/docx/").status_code == (
        200 if may_read else 403
    )
    for page, permission in SENT.items():
        answer = client.post(BASE + page)
        refused = role not in PERMISSIONS[permission]
        assert (answer.status_code == 403) == refused, (page, answer.status_code)


def test_the_planner_goes_from_needs_to_a_draft(world: World) -> None:
    client = sign(world.planner)
    words = client.get(f"{BASE}2027/nhu-cau/").content.decode()
    assert words.count("<tr>") >= 4
    assert "Tổng cộng" in words
    client.post(f"{BASE}2027/chi-tieu/ghi/", {"programme": "HN", "source": world.central.pk, "amount": "100.000.000"})  # fmt: skip
    answer = client.post(f"{BASE}2027/chi-tieu/chia/", follow=True)
    assert "Đã chia chỉ tiêu thành 3 dòng" in answer.content.decode()
    cell = Allotment.objects.get(area_id=world.communes[0], amount__gt=0)
    assert cell.amount == 56 * MILLION
    answer = client.post(f"{BASE}2027/phan-bo/ghi/", {f"a-{cell.pk}": "57.000.000"}, follow=True)
    assert "Đã sửa 1 dòng" in answer.content.decode()
    answer = client.post(f"{BASE}2027/trinh/", follow=True)
    assert "các xã cộng lại 101.000.000 đồng, chỉ tiêu 100.000.000 đồng" in answer.content.decode()
    page = client.get(f"{BASE}2027/").content.decode()
    assert "lệch 1.000.000 đồng" in page


def test_an_office_sees_and_asks_for_its_own_lines(world: World) -> None:
    filled(world)
    client = sign(world.office_user(0))
    office = world.offices[0]
    assert "Ghi đề nghị" not in client.get(f"{BASE}2027/phan-bo/").content.decode()
    negotiating.send(plan=world.plan, office=office.pk, by=world.planner, on=TODAY)
    page = client.get(f"{BASE}2027/phan-bo/").content.decode()
    own = Allotment.objects.get(plan=world.plan, area_id=world.communes[0])
    assert f'name="a-{own.pk}"' in page
    far = [at for at in range(3) if world.offices[at].pk != office.pk]
    for at in far:
        other = Allotment.objects.get(plan=world.plan, area_id=world.communes[at])
        assert f'name="a-{other.pk}"' not in page
        client.post(f"{BASE}2027/phan-bo/de-nghi/", {f"a-{other.pk}": "1.000.000", f"c-{other.pk}": "x"})  # fmt: skip
        other.refresh_from_db()
        assert other.asked is None
    client.post(f"{BASE}2027/phan-bo/de-nghi/", {f"a-{own.pk}": "60.000.000", f"c-{own.pk}": "Thêm hộ"})  # fmt: skip
    own.refresh_from_db()
    assert (own.asked, own.comment) == (60 * MILLION, "Thêm hộ")
    client.post(f"{BASE}2027/y-kien/", {"office": office.pk, "verb": "return", "comment": "Xin thêm"})  # fmt: skip
    turn = OfficeRound.objects.get(plan=world.plan, office=office)
    assert turn.state == RoundState.RETURNED
    page = sign(world.planner).get(f"{BASE}2027/").content.decode()
    assert "Xin thêm" in page
    sign(world.planner).post(f"{BASE}2027/vong/", {"office": office.pk, "verb": "accept"})
    own.refresh_from_db()
    assert own.amount == 60 * MILLION


def test_a_commune_sees_its_own_needs_only(world: World) -> None:
    committee = Organisation.objects.get(
        type="ubnd", level="commune", ends_on=None, profiles__area_id=world.communes[0],
        profiles__ends_on=None,
    )  # fmt: skip
    client = sign(person("xa", "unit_clerk", committee))
    answer = client.get(f"{BASE}2027/nhu-cau/?level=province&export=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    asked = [row[5] for row in sheet.to_python() if "Hộ nghèo" in map(str, row)]
    assert [int(one) for one in asked] == [50 * MILLION]


def test_the_director_approves_on_the_page(world: World) -> None:
    filled(world)
    agreed(world)
    approving.submit(plan=world.plan, by=world.planner, on=TODAY)
    client = sign(world.director)
    assert "Phê duyệt của giám đốc" in client.get(f"{BASE}2027/").content.decode()
    answer = client.post(f"{BASE}2027/duyet/", {"verb": "approve", "decision": ""}, follow=True)
    assert "Cần ghi số và ngày quyết định" in answer.content.decode()
    client.post(f"{BASE}2027/duyet/", {"verb": "approve", "decision": "QĐ 12"})
    assert CreditPlan.objects.get().state == CreditPlan.State.APPROVED
    sign(world.planner).post(
        f"{BASE}2027/dieu-chinh/de-nghi/",
        {"area": world.communes[0], "programme": "HN", "source": world.central.pk, "amount": "60.000.000",
         "starts_on": "2027-02-01", "reason": "Tăng nhu cầu"},
    )  # fmt: skip
    made = Adjustment.objects.get()
    assert (made.number, made.lines.get().after) == (1, 60 * MILLION)
    client.post(f"{BASE}2027/dieu-chinh/duyet/", {"number": 1, "verb": "refuse", "decision": "Chưa"})  # fmt: skip
    made.refresh_from_db()
    assert made.state == Adjustment.State.REFUSED


def test_execution_leaves_as_a_workbook(world: World) -> None:
    filled(world)
    client = sign(world.planner)
    for cut, columns in (
        ("line", 4),
        ("commune", 2),
        ("office", 1),
        ("programme", 1),
        ("source", 1),
    ):
        answer = client.get(f"{BASE}2027/thuc-hien/?by={cut}&export=xlsx")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
        rows = [row for row in sheet.to_python() if any(isinstance(cell, float) for cell in row)]
        assert sum(int(row[columns]) for row in rows if str(row[0]) != "Tổng cộng") in (90 * MILLION, 180 * MILLION), cut  # fmt: skip


@pytest.mark.parametrize("kind", ["to-trinh-trung-uong", "to-trinh-hdnd", "nghi-quyet"])
def test_papers_take_their_figures_from_the_plan(world: World, kind: str) -> None:
    filled(world)
    planning.put_new_money(
        plan=world.plan,
        source=world.local,
        amount=7 * MILLION,
        basis="Dự toán",
        by=world.planner,
        on=TODAY,
    )
    client = sign(world.planner)
    answer = client.get(f"{BASE}2027/van-ban/{kind}/docx/")
    document = Document(io.BytesIO(answer.content))
    words = "\n".join(
        [*(p.text for p in document.paragraphs)]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    assert "2027" in words
    if kind == "nghi-quyet":
        assert "7 triệu đồng" in words
        assert "Điều 1." in words
    else:
        assert "90" in words
    assert client.get(f"{BASE}2027/van-ban/{kind}/pdf/").content[:4] == b"%PDF"
    assert client.get(f"{BASE}2027/van-ban/khac/docx/").status_code == 404


def test_a_year_without_a_plan_is_not_found_and_no_book_is_said(world: World) -> None:
    client = sign(world.planner)
    assert client.get(f"{BASE}2031/").status_code == 404
    assert client.get(f"{BASE}2027/nhu-cau/?level=xyz&office=abc").status_code == 200
