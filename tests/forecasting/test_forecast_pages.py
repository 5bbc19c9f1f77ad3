"""The page of projections: who reads it, what it says, what is kept and by whom."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from groups_cast import BRANCH, person, unit
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.closing.store import Store
from tdcs.forecasting.errors import NotItsAuthor, ScenarioExists, ScenarioIncomplete
from tdcs.forecasting.models import Scenario
from tdcs.forecasting.rules.assumptions import Assumptions
from tdcs.forecasting.services import end_scenario, keep_scenario

pytestmark = pytest.mark.django_db
OVERVIEW = "/du-bao/"


def sign(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def planner(book: Store) -> User:
    return person("ke-hoach", "branch_planner", unit(BRANCH))


@pytest.fixture
def leader(book: Store) -> User:
    return person("lanh-dao", "leader", unit("ubnd@p75"))


def page(user: User, **asked: str) -> str:
    answer = sign(user).get(OVERVIEW, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_three_scenarios_and_the_years_of_the_first(planner: User) -> None:
    found = page(planner)
    for words in ("Theo kế hoạch: tăng 10%", "Tăng 5%", "ngân sách không bổ sung vốn"):
        assert words in found
    assert "10,00%" in found
    assert "Thử phương pháp trên quá khứ: từ 31/12/2024 đến 31/10/2026" in found
    assert found.count('<rect class="local"') == 5


def test_typed_assumptions_are_projected_and_may_be_kept(planner: User) -> None:
    found = page(planner, growth="12,5", local="40")
    assert "Giả định đang xem" in found
    assert "12,50%" in found
    assert "40,00%" in found
    answer = sign(planner).post(
        reverse("forecasting:keep"),
        {"growth": "12,5", "local": "40", "name": "Phương án cao", "basis": "Họp ngày 20/11"},
    )
    kept = Scenario.objects.get()
    assert answer["Location"] == f"{OVERVIEW}?scenario={kept.pk}"
    assert (kept.assumed["growth"], kept.assumed["local"], kept.by) == (125_000, 400_000, planner)
    line = AuditLine.objects.get(action="forecasting.keep")
    assert line.why == "Họp ngày 20/11"
    assert "Phương án cao" in page(planner, scenario=str(kept.pk))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"growth": "mười"}, "Ghi một tỷ lệ phần trăm"),
        ({"growth": "1,23456"}, "bốn chữ số"),
        ({"growth": "-100"}, "tăng trưởng một năm"),
        ({"growth": "5", "local": "101"}, "phần vốn địa phương"),
        ({"share": "15"}, "đi cùng mức tăng trưởng"),
        ({"until": "3000"}, "2026–2041"),
        ({"until": "--5"}, "Đến hết năm"),
    ],
)
def test_what_cannot_be_is_said_beside_the_scenarios_that_can(
    planner: User, asked: dict[str, str], words: str
) -> None:
    found = page(planner, **asked)
    assert words in found
    assert "Theo kế hoạch: tăng 10%" in found


def test_the_years_leave_as_a_workbook(planner: User) -> None:
    answer = sign(planner).get(OVERVIEW, {"growth": "80", "export": "xlsx", "until": "2027"})
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )
    flat = [cell for row in rows for cell in row]
    assert "80,00%" in flat
    assert {2026, 2027} <= set(flat)


def test_other_roles_are_refused(book: Store, leader: User) -> None:
    clerk = person("xa", "unit_clerk", unit("ubnd@n26227"))
    teller = person("giao-dich", "teller", unit("nhcsxh-pgd@004606"))
    for user in (clerk, teller):
        assert sign(user).get(OVERVIEW).status_code == 403
    assert "Lưu giả định đang xem" not in page(leader, growth="8")
    for address in (reverse("forecasting:keep"), reverse("forecasting:end", args=[1])):
        assert sign(leader).post(address).status_code == 403
        assert Client().post(address).status_code == 302


def test_only_its_author_gives_a_scenario_up(planner: User) -> None:
    other = person("ke-hoach-2", "branch_planner", unit(BRANCH))
    made = keep_scenario(
        name="Cao",
        assumed=Assumptions(growth=200_000),
        basis="Thử",
        by=planner,
        on=planner.date_joined.date(),
    )
    with pytest.raises(NotItsAuthor):
        end_scenario(scenario=made, by=other, on=made.made_on)
    sign(other).post(reverse("forecasting:end", args=[made.pk]))
    assert Scenario.objects.get().ended_on is None
    sign(planner).post(reverse("forecasting:end", args=[made.pk]))
    assert Scenario.objects.get().ended_on is not None
    # Its name is free again.
    keep_scenario(name="Cao", assumed=Assumptions(), basis="Thử", by=planner, on=made.made_on)


def test_a_scenario_needs_a_name_of_its_own_and_a_basis(planner: User) -> None:
    on = planner.date_joined.date()
    keep_scenario(name="Cao", assumed=Assumptions(), basis="Thử", by=planner, on=on)
    with pytest.raises(ScenarioExists):
        keep_scenario(name=" Cao ", assumed=Assumptions(), basis="Thử", by=planner, on=on)
    for name, basis in (("", "Thử"), ("Thấp", " ")):
        with pytest.raises(ScenarioIncomplete):
            keep_scenario(name=name, assumed=Assumptions(), basis=basis, by=planner, on=on)
    assert Scenario.objects.count() == 1


def test_without_a_closed_month_the_page_says_what_to_do(
    planner: User, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tdcs.forecasting.queries import opening

    monkeypatch.setattr(opening, "store", lambda: Store(tmp_path))  # type: ignore[arg-type]
    assert "Khóa sổ đến một ngày cuối tháng" in page(planner)
