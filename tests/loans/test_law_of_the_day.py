"""What the law's data says is what the engine does: figures of law/parameters changed, one at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from changed_law import changed_files, changed_law, every

from tdcs.loans.rules.project import project_lines

# A session on the 6th; the first instalment is due on 20/2/2027, and 6/2/2027 is the first day of Tết.
TET = {
    "programme": "GQVL", "principal": 30_000_000, "disbursed_on": "2026-08-20", "term_months": 18,
    "instalment_months": 6, "session_day": 6,
}  # fmt: skip
HELD, MOVED, NONE = range(3)


def project(loan: dict[str, Any], as_of: str, *events: dict[str, Any]) -> dict[str, Any]:
    return project_lines([loan | {"as_of": as_of, "events": list(events)}])[0]


def overdue_since(as_of: str) -> str | None:
    found = project(TET, as_of)
    assert (found["principal_overdue"] == 10_000_000) == (found["overdue_since"] is not None)
    since = found["overdue_since"]
    assert since is None or isinstance(since, str)
    return since


def moved_to(day: date) -> Any:
    row = {"session_on": date(2027, 2, 6), "held_on": day, "basis": "thông báo của phòng giao dịch"}
    return lambda rows: rows.append(row)


def test_a_session_that_is_held_on_a_holiday_counts_on_its_day() -> None:
    with changed_law(loans=every("trigger_on_holiday", HELD)):
        assert overdue_since("2027-02-06") is None
        assert overdue_since("2027-02-07") == "2027-02-07"


def test_a_session_that_is_moved_counts_on_its_make_up_day() -> None:
    with changed_files(
        {
            "parameters/loans.yaml": every("trigger_on_holiday", MOVED),
            "calendar/make_up_sessions.yaml": moved_to(date(2027, 2, 14)),
        }
    ):
        assert overdue_since("2027-02-14") is None
        assert overdue_since("2027-02-15") == "2027-02-15"


def test_a_moved_session_without_a_make_up_day_counts_on_the_next_working_day() -> None:
    with changed_law(loans=every("trigger_on_holiday", MOVED)):
        assert overdue_since("2027-02-11") is None
        assert overdue_since("2027-02-12") == "2027-02-12"


def test_where_there_is_no_session_a_make_up_day_is_not_asked_for() -> None:
    with changed_files({"calendar/make_up_sessions.yaml": moved_to(date(2027, 2, 14))}):
        assert overdue_since("2027-02-12") == "2027-02-12"


def test_what_a_test_changed_is_the_law_again_afterwards() -> None:
    before = overdue_since("2027-02-12")
    with changed_law(loans=every("trigger_on_holiday", HELD)):
        assert overdue_since("2027-02-12") == "2027-02-07"
    assert overdue_since("2027-02-12") == before == "2027-02-12"


@pytest.mark.parametrize(
    ("principal", "whole_at_the_end", "fewer"),
    [
        (500_000, [500_000], [100_000] * 5),
        (599_999, [599_999], [100_000] * 4 + [199_999]),
        (600_000, [100_000] * 6, [100_000] * 6),
        (99_999, [99_999], [99_999]),
        (250_000, [250_000], [100_000, 150_000]),
    ],
)
def test_no_instalment_is_nothing(
    principal: int, whole_at_the_end: list[int], fewer: list[int]
) -> None:
    loan = {"programme": "HN", "principal": principal, "disbursed_on": "2026-03-03", "term_months": 36, "instalment_months": 6}  # fmt: skip

    def amounts() -> list[int]:
        return [row["principal"] for row in project(loan, "2026-03-03")["schedule"]]

    assert amounts() == whole_at_the_end
    with changed_law(loans=every("instalment_too_small", 1)):
        assert amounts() == fewer
        assert sum(amounts()) == principal
