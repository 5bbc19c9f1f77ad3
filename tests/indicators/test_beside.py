"""Measures that the snapshots do not hold: groups and their ratings, savings, access, the plan's tasks; what a person sees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext
from groups_cast import head_of, make_home, person, unit
from indicator_book import Book, loan_row

from tdcs.cli.indicators import indicators
from tdcs.core.ports import PortUnanswered
from tdcs.demand.queries import qualifying, serving
from tdcs.entrustment.models import (
    GroupMember,
    GroupRating,
    SavingsAccount,
    SavingsEvent,
)
from tdcs.households.models import CreditNeed, NeedSurvey
from tdcs.indicators import ports, queries
from tdcs.indicators.queries.access import ACCESS, folder
from tdcs.indicators.services import prepare_days
from tdcs.organisations.models import Area

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 31)


@pytest.fixture
def closed(book: Book) -> Book:
    for day in (BEFORE, AFTER):
        book.close(day, [loan_row(n + 1, n, 1_000 * (n + 1)) for n in range(5)])
    return book


def _values(code: str, on: date, by: tuple[str, ...] = (), **more: Any) -> dict[Any, Any]:
    found = queries.values(on=on, by=by, codes=[code], **more)
    return {
        tuple(row[key] for key in by): (row["numerator"], row["denominator"], row["value"])
        for row in found.iter_rows(named=True)
    }


def _rate(book: Book, month: date, grades: list[str]) -> None:
    for group, grade in zip(book.groups, grades, strict=True):
        GroupRating.objects.create(
            group=group,
            month=month,
            figures={"session_done": 3, "session_all": 4},
            points={},
            total=90,
            grade=grade,
            law_hash="",
        )


def test_groups_by_rating_follow_their_places(closed: Book) -> None:
    _rate(closed, date(2025, 6, 1), ["good", "good", "good", "weak", "fair"])
    _rate(closed, date(2025, 7, 1), ["good", "average", "good", "good", "fair"])
    assert _values("groups", BEFORE)[()] == (5, None, 5)
    assert _values("groups_good", BEFORE)[()] == (3, 5, 600_000)
    assert _values("groups_weak", BEFORE)[()] == (1, 5, 200_000)
    # In the middle of July the last rated month that ended is June, at the places of June.
    closed.close(date(2025, 7, 15), [loan_row(1, 0, 1)])
    assert _values("groups_good", date(2025, 7, 15))[()][0] == 3
    merged = Area.objects.get(code="n25195").pk
    assert _values("groups_good", AFTER, ("commune",))[merged,] == (1, 2, 500_000)
    divided = Area.objects.get(code="c26449").pk
    assert _values("groups_weak", BEFORE, ("commune",))[divided,] == (1, 2, 500_000)
    heir = Area.objects.get(code="n26359").pk
    assert _values("groups_weak", BEFORE, ("commune",), units="today")[heir,] == (1, 1, 1_000_000)
    assert _values("groups_good", AFTER, ("union",))["hoi-phu-nu",] == (2, 2, 1_000_000)


def test_savings_belong_to_the_group_of_the_day(closed: Book) -> None:
    first, second = closed.groups[0], closed.groups[1]
    home = make_home(Area.objects.get(code="n25195"), "Lê Thị Hoa")
    holder = head_of(home)
    office = closed.place(0, AFTER).office
    account = SavingsAccount.objects.create(
        number="9", household=home, person=holder, group=first, office=office, opened_on=BEFORE
    )
    GroupMember.objects.create(
        group=first, household=home, person=holder, starts_on=date(2025, 1, 1), ends_on=AFTER
    )
    GroupMember.objects.create(group=second, household=home, person=holder, starts_on=AFTER)
    for on, kind, amount in ((date(2025, 6, 2), "deposit", 70_000), (AFTER, "withdraw", -20_000)):
        SavingsEvent.objects.create(account=account, on=on, kind=kind, amount=amount)
    assert _values("savings", BEFORE, ("group",)) == {(first.pk,): (70_000, None, 70_000)}
    assert _values("savings", AFTER, ("group",)) == {(second.pk,): (50_000, None, 50_000)}
    assert _values("savings", AFTER)[()][2] == 50_000
    # What is kept is summed anew when something of the day or before it is told later, and only then.
    kept = {path.name for path in folder().glob("saved-*")}
    SavingsEvent.objects.create(account=account, on=date(2025, 8, 5), kind="deposit", amount=9_000)
    assert _values("savings", AFTER)[()][2] == 50_000
    assert {path.name for path in folder().glob("saved-*")} == kept
    SavingsEvent.objects.create(account=account, on=date(2025, 7, 1), kind="deposit", amount=1_000)
    assert _values("savings", AFTER)[()][2] == 51_000
    assert _values("savings", BEFORE)[()][2] == 70_000
    assert len(list(folder().glob("saved-*"))) == 2


@pytest.fixture
def needs(closed: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Three needs in the old communes that merged: one served in June, one in July, one that does not qualify."""
    told = []
    for code in ("c25195", "c25198", "c25198"):
        area = Area.objects.get(code=code)
        survey, _ = NeedSurvey.objects.get_or_create(area=area, year=2025)
        home = make_home(Area.objects.get(code="n25195"))
        told.append(
            CreditNeed.objects.create(
                survey=survey,
                household=home,
                programme="HN",
                amount=5,
                told_on=date(2025, 2, 1),
            ).pk
        )
    served = pl.DataFrame(
        {
            "need": told[:2],
            "served_on": [date(2025, 6, 10), date(2025, 7, 10)],
            "served_amount": [5, 5],
        }
    )

    def qualifies(frame: pl.DataFrame) -> pl.DataFrame:
        asked = frame.select("need")
        return asked.with_columns(qualified=pl.col("need") != told[2], reason=pl.lit(""))

    monkeypatch.setattr(qualifying, "qualifies", qualifies)
    monkeypatch.setattr(serving, "served", lambda frame: served)
    return closed


def test_access_is_counted_with_the_close_and_read_afterwards(needs: Book) -> None:
    assert _values("access", AFTER)[()] == (None, None, None)
    prepare_days(days=[BEFORE, AFTER])
    assert _values("access", BEFORE)[()] == (1, 2, 500_000)
    assert _values("access", AFTER)[()] == (2, 2, 1_000_000)
    assert _values("need_waiting", BEFORE)[()][2] == 1
    assert _values("credit_need", AFTER, ("programme",)) == {("HN",): (3, None, 3)}
    merged = Area.objects.get(code="n25195").pk
    assert _values("access", AFTER, ("commune",)) == {(merged,): (2, 2, 1_000_000)}
    target = next(line for line in queries.targets(on=AFTER) if line.code == "access")
    assert (target.value, target.met, target.standing) == (1_000_000, True, "on")


def test_no_page_of_figures_reads_the_loans(needs: Book) -> None:
    prepare_days(days=[BEFORE, AFTER])
    with CaptureQueriesContext(
        connection,
    ) as seen:
        queries.values(on=AFTER, against=BEFORE)
        queries.values(on=AFTER, by=["commune", "month"])
        queries.targets(on=AFTER)
    assert seen.captured_queries
    assert [q["sql"] for q in seen.captured_queries if "loans_" in q["sql"]] == []


def test_access_is_rounded_down(closed: Book) -> None:
    folder().mkdir(parents=True, exist_ok=True)
    row = pl.DataFrame([(0, 0, "HN", 2_000_001, 2_000_001, 2_000_000)], schema=ACCESS, orient="row")
    row.write_parquet(folder() / f"access-{AFTER}.parquet")
    # 99.99995%: not everybody.
    assert _values("access", AFTER)[()][2] == 999_999


def test_tasks_by_commune_and_office(closed: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    committee = unit("ubnd@n25195")
    office = closed.place(0, AFTER).office
    province = unit("nhcsxh-chi-nhanh@p75")

    def told(days: Sequence[date]) -> pl.DataFrame:
        (day,) = days
        return pl.DataFrame(
            {
                "day": [day] * 3,
                "organisation": [committee.pk, office.pk, province.pk],
                "tasks_due": [4, 2, 1],
                "tasks_on_time": [3, 2, 0],
            }
        )

    monkeypatch.setattr(ports.tasks, "provider", told)
    assert _values("tasks_on_time", AFTER)[()] == (5, 7, 714_286)
    merged = Area.objects.get(code="n25195").pk
    assert _values("tasks_on_time", AFTER, ("commune",))[merged,] == (3, 4, 750_000)
    assert _values("tasks_on_time", AFTER, ("office",))[office.pk,] == (5, 6, 833_333)
    monkeypatch.setattr(ports.tasks, "provider", None)
    with pytest.raises(PortUnanswered, match=r"indicators\.tasks"):
        _values("tasks_on_time", AFTER)


def test_what_a_person_sees(closed: Book) -> None:
    office, mass = closed.place(0, AFTER).office, closed.place(0, AFTER).mass_organisation
    branch = unit("nhcsxh-chi-nhanh@p75")
    merged, old = (Area.objects.get(code=code).pk for code in ("n25195", "c25198"))

    def seen(username: str, role: str, where: Any) -> int:
        limits = queries.visible_where(person(username, role, where))
        return _values("outstanding", AFTER, where=limits)[()][2]

    assert queries.visible_where(person("a", "branch_planner", branch)) == {}
    of_commune = queries.visible_where(person("b", "unit_clerk", unit("ubnd@n25195")))
    assert set(of_commune) == {"commune"}
    assert {merged, old} <= set(of_commune["commune"])
    assert seen("c", "unit_clerk", unit("ubnd@n25195")) == 3_000
    served = [n for n in range(5) if closed.place(n, AFTER).office_id == office.pk]
    assert seen("d", "loan_officer", office) == sum(1_000 * (n + 1) for n in served)
    assert seen("e", "unit_clerk", mass) == 1_000
    assert seen("f", "unit_clerk", unit("hoi-phu-nu@p75")) == 1_000 + 4_000
    assert seen("g", "group_leader", unit("ubnd@n25195")) == 0


def _run(*words: str) -> Any:
    return CliRunner().invoke(indicators, list(words))


def test_the_command_prints_json(closed: Book) -> None:
    answer = _run("--on", "2025-07-31", "--by", "union,local", "--codes", "outstanding,local_share",
                  "--against", "30/06/2025", "--json")  # fmt: skip
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    row = next(r for r in rows if r["union"] == "hoi-phu-nu" and r["code"] == "outstanding")
    assert row == {
        "union": "hoi-phu-nu",
        "local": False,
        "union_name": "Hội Liên hiệp Phụ nữ",
        "local_name": "Trung ương",
        "code": "outstanding",
        "numerator": 5_000,
        "denominator": None,
        "value": 5_000,
        "unit": "dong",
        "before": 5_000,
        "change": 0,
    }
    assert {r["unit"] for r in rows} == {"dong", "ppm"}


def test_the_command_prints_lines(closed: Book) -> None:
    answer = _run("--on", "2025-07-31", "--by", "month", "--codes", "overdue_rate")
    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[0].split()[:3] == ["06/2025", "overdue_rate", "0.0000%"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--on", "2025-13-01"], "không phải là ngày"),
        (["--on", "2025-07-31", "--by", "hamlet"], "Không chia chỉ tiêu theo “hamlet”"),
        (["--on", "2025-07-31", "--codes", "wealth"], "Không có chỉ tiêu “wealth”"),
        (["--on", "2025-07-31", "--by", "source", "--codes", "savings"], "không chia được"),
        (["--on", "2020-01-01"], "Chưa có ngày khóa sổ nào"),
    ],
)
def test_the_command_refuses_in_one_line(closed: Book, words: list[str], told: str) -> None:
    answer = _run(*words)
    assert answer.exit_code != 0
    assert told in answer.stderr
    assert answer.stdout == ""
    assert "Traceback" not in answer.output
