"""The search for allotments from a closed book: what is asked, the page, the command, and who may see it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from click.testing import CliRunner
from django.test import Client
from groups_cast import BRANCH, person, unit
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.cli.main import main
from tdcs.closing.store import Store
from tdcs.forecasting.errors import AssumptionWrong, TooFewMonths
from tdcs.forecasting.queries.allotments import allotments, task_of
from tdcs.forecasting.rules.allot import PROVINCE
from tdcs.forecasting.rules.allot_assumptions import Search, search_faults, usual_search
from tdcs.forecasting.rules.assumptions import PPM

pytestmark = pytest.mark.django_db
ADDRESS = "/du-bao/bo-tri/"
LAST = date(2026, 10, 31)


def outstanding(book: Store, day: date) -> int:
    return int(book.sums(day).select(pl.col("balance").sum()).collect().item())


@pytest.fixture
def planner(book: Store) -> User:
    return person("ke-hoach", "branch_planner", unit(BRANCH))


def test_what_growth_asks_is_the_books(book: Store) -> None:
    """Each year's end stands a growth above the one before, from the year's beginning; 2026 asks what it still lacks."""
    search = replace(usual_search(), growth=PPM // 2, until=2028)
    found = task_of(LAST, search)
    begun, now = outstanding(book, date(2025, 12, 31)), outstanding(book, LAST)
    first = max(begun * 3 // 2 - now, 0)
    assert found.asked[0] == first
    assert found.asked[1] == (now + first) // 2
    assert found.years == (2026, 2027, 2028)
    assert sum(row[1] for row in found.least.values()) <= found.asked[1] // 5
    assert {one.key for one in found.budgets} == {PROVINCE, *found.least}
    # Needs are those of what stands: a third more a year at most, two months of it in 2026.
    commune, code = next(iter(found.need))
    held = book.sums(LAST).filter(
        (pl.col("commune") == commune) & (pl.col("programme").cast(pl.String) == code)
    )
    balance = held.select(pl.col("balance").sum()).collect().item()
    assert found.need[commune, code][0] == balance * 3 // 10 * 2 // 12


def test_what_was_found_keeps_the_targets(book: Store) -> None:
    search = replace(usual_search(), commune_share=PPM)
    found = allotments(LAST, search)
    asked = given = 0
    for year in range(len(found.task.years)):
        asked += found.task.asked[year]
        given += sum(row[year] for row in found.allotments.given.values())
        assert given * PPM >= asked * search.share
        local = sum(row[year] for row in found.allotments.given.values())
        assert local + found.allotments.central[year] == found.task.asked[year]


def test_what_cannot_be_asked_is_named(book: Store) -> None:
    usual = usual_search()
    for changed in ({"growth": -1}, {"share": PPM + 1}, {"until": 2025}, {"price": -1}):
        with pytest.raises(AssumptionWrong):
            allotments(LAST, replace(usual, **changed))
    assert len(search_faults(replace(usual, growth=-1, share=PPM + 1, until=2042), 2026)) == 3
    assert search_faults(replace(usual, growth=0, share=PPM, until=2041), 2026) == []
    with pytest.raises(TooFewMonths):
        allotments(date(2023, 12, 31), usual)


def test_the_page_finds_and_says_what_binds(planner: User) -> None:
    client = Client()
    client.force_login(planner)
    found = client.get(ADDRESS, {"commune_share": "100"}).content.decode()
    assert "Mức bố trí mỗi năm" in found
    assert "Đến hết năm 2030: tỷ trọng vốn địa phương vừa đủ" in found
    answer = client.get(ADDRESS, {"commune_share": "100", "export": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert "Vốn trung ương" in [row[0] for row in sheet.to_python()]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"commune_share": "0", "times": "0"}, "các ngân sách đã đến trần"),
        ({"growth": "-1"}, "tăng trưởng một năm"),
        ({"share": "101"}, "tỷ trọng vốn địa phương từ 0%"),
        ({"growth": "mười"}, "Ghi một tỷ lệ phần trăm"),
    ],
)
def test_what_cannot_be_is_said_on_the_page(
    planner: User, asked: dict[str, str], words: str
) -> None:
    client = Client()
    client.force_login(planner)
    answer = client.get(ADDRESS, asked)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "Mức bố trí mỗi năm" not in answer.content.decode()


def test_other_roles_are_refused(book: Store) -> None:
    for user in (
        person("xa", "unit_clerk", unit("ubnd@n26227")),
        person("giao-dich", "teller", unit("nhcsxh-pgd@004606")),
    ):
        client = Client()
        client.force_login(user)
        assert client.get(ADDRESS).status_code == 403


def test_the_command_tells_budgets_and_what_binds(book: Store) -> None:
    asked = ["forecast", "allot", "--on", "2026-11-23", "--commune-share", "100", "--until", "2028"]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    assert "ngân sách tỉnh" in told.output
    assert "chi phí của các ngân sách" in told.output
    found = json.loads(CliRunner().invoke(main, [*asked, "--json"]).output)
    assert found["assumed"]["commune_share"] == PPM
    assert found["binding"]
    refused = CliRunner().invoke(
        main, ["forecast", "allot", "--on", "2026-11-23", "--times", "0", "--commune-share", "0"]
    )
    assert refused.exit_code == 1
    assert "vốn địa phương thiếu" in refused.output
    assert "the budgets are at their ceilings" in refused.output


def test_the_usual_search_is_the_laws_file() -> None:
    assert isinstance(usual_search(), Search)
    assert search_faults(usual_search(), 2026) == []
