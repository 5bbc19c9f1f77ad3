"""Sessions of a month by rule: the day, rests, make-up days, clashes; no database."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from changed_law import changed_files

from tdcs.core.errors import NoParametersOnDay
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.rules.planning import (
    Held,
    Meeting,
    clashes,
    falls_on,
    list_from,
    plan_month,
)
from tdcs.transaction_points.rules.scoring import Figures, cash_of, score

FEBRUARY = date(2026, 2, 1)


def held(month: date, *days: int, office: int = 1) -> list[tuple[int, str, str]]:
    """(point, due, held) of an office's points that meet on these days."""
    rows = plan_month([Meeting(at, office, day) for at, day in enumerate(days, 1)], month)
    return [(one.point, f"{one.due_on:%d/%m}", f"{one.held_on:%d/%m}") for one in rows]


@pytest.mark.parametrize(
    ("day", "falls"),
    [(1, "2026-02-01"), (28, "2026-02-28"), (29, "2026-02-28"), (31, "2026-02-28")],
)
def test_a_day_that_a_month_does_not_have_is_its_last(day: int, falls: str) -> None:
    assert falls_on(date(2026, 2, 10), day).isoformat() == falls


def test_weekends_and_other_holidays_have_sessions() -> None:
    # 29/3 is a Sunday, 30/4 the day of victory.
    assert held(date(2026, 3, 1), 29) == [(1, "29/03", "29/03")]
    assert held(date(2026, 4, 1), 30) == [(1, "30/04", "30/04")]


def test_the_eve_and_the_last_day_of_tet_rest_and_their_neighbours_do_not() -> None:
    # Tết of 2026: 16/2 to 20/2; 21 and 22/2 are a weekend.
    assert [settings.rest_of(date(2026, 2, day)) != "" for day in (15, 16, 20, 21)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert held(FEBRUARY, 15, 21) == [(1, "15/02", "15/02"), (2, "21/02", "21/02")]


def test_a_session_in_tet_is_made_up_for_on_the_day_on_which_debts_count() -> None:
    assert held(FEBRUARY, 17) == [(1, "17/02", "23/02")]
    [one] = plan_month([Meeting(1, 1, 17)], FEBRUARY)
    assert "Tết" in one.why


def test_when_that_day_is_full_the_session_goes_before_tet() -> None:
    # Two a day: the 23rd takes one beside the regular one; the others go to the 13th, the last working day before.
    assert held(FEBRUARY, 23, 16, 17, 18) == [
        (3, "17/02", "13/02"),
        (4, "18/02", "13/02"),
        (1, "23/02", "23/02"),
        (2, "16/02", "23/02"),
    ]
    # Another office's sessions take no room.
    other = plan_month([Meeting(1, 1, 16), Meeting(2, 2, 17), Meeting(3, 2, 18)], FEBRUARY)
    assert {f"{one.held_on:%d/%m}" for one in other} == {"23/02"}


def test_election_day_rests_too() -> None:
    [one] = plan_month([Meeting(1, 1, 15)], date(2026, 3, 1))
    assert (one.held_on, one.why) == (date(2026, 3, 16), "ngày bầu cử")


def test_the_list_of_what_falls_due_is_out_thirty_days_before() -> None:
    assert list_from(date(2026, 12, 23)) == date(2026, 11, 23)


def test_a_changed_law_changes_the_plan() -> None:
    def everywhere(data: dict[str, Any]) -> None:
        data["rests"] = [{"from": date(1990, 1, 1), "holidays": []}]

    with changed_files({"sessions.yaml": everywhere}):
        assert held(FEBRUARY, 17) == [(1, "17/02", "17/02")]

    def later(data: dict[str, Any]) -> None:
        data["make_up"] = [{"from": date(2027, 1, 1), "most_a_day": 1, "days_before": 3}]

    with changed_files({"sessions.yaml": later}), pytest.raises(NoParametersOnDay):
        held(FEBRUARY, 17)


def at(
    session: int, hours: tuple[int, int] | None, *, people: tuple[int, ...] = (), point: int = 0,
    vehicle: str = "", on: int = 5,
) -> Held:  # fmt: skip
    starts, ends = (time(hours[0]), time(hours[1])) if hours else (None, None)
    return Held(session, point or session, date(2026, 3, on), starts, ends, people, vehicle)


def test_one_person_one_vehicle_one_point_at_the_same_hours_clash() -> None:
    first = at(1, (8, 11), people=(7, 8), vehicle="60A-1")
    found = clashes([first, at(2, (10, 12), people=(8,), vehicle="60a-1", point=1)])
    assert [(one.kind, one.what, one.first, one.second) for one in found] == [
        ("person", "8", 1, 2), ("vehicle", "60A-1", 1, 2), ("point", "1", 1, 2),
    ]  # fmt: skip


def test_one_after_the_other_or_on_another_day_is_no_clash() -> None:
    first = at(1, (8, 11), people=(7,))
    assert clashes([first, at(2, (11, 14), people=(7,))]) == []
    assert clashes([first, at(2, (8, 11), people=(7,), on=6)]) == []
    # Without hours a session takes the whole day.
    assert len(clashes([first, at(2, None, people=(7,))])) == 1


def test_a_session_after_the_day_on_which_debts_count_is_said() -> None:
    day = date(2026, 3, 5)
    assert clashes([Held(1, 1, day, None, None, counts_on=day)]) == []
    [late] = clashes([Held(1, 1, date(2026, 3, 6), None, None, counts_on=day)])
    assert late.kind == "late"


def test_the_score_is_a_share_of_each_criterions_points() -> None:
    figures = Figures(
        groups=20, groups_came=17, interest_due=1000, interest=999, on_time=True, full_team=True,
        cash_agrees=True, meeting=False,
    )  # fmt: skip
    assert {one.code: one.points for one in score(figures)} == {
        "on_the_day": 20, "full_team": 20, "groups_came": 17, "interest": 19, "cash": 10, "meeting": 0,
    }  # fmt: skip
    assert sum(one.most for one in score(figures)) == 100
    # Nothing due: nothing is missing.
    assert {one.code: one.points for one in score(Figures())}["interest"] == 20


def test_what_notes_are_worth() -> None:
    assert cash_of({500_000: 3, 1_000: 2, 500: 0}) == 1_502_000
