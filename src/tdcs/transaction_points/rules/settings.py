"""What law/sessions.yaml says of a day: rests, make-up, notices, notes in use, posting list, criteria of the score."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tdcs.core import law, workdays
from tdcs.core.basis import basis
from tdcs.core.errors import NoParametersOnDay

_FILE: Final = "sessions.yaml"


def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = law.load(_FILE)
    return found


def _on(name: str, day: date) -> Mapping[str, Any]:
    """The row of a name that holds on a day. Raises NoParametersOnDay."""
    rows = [row for row in _data()[name] if row["from"] <= day]
    if not rows:
        raise NoParametersOnDay(name=f"law/{_FILE} {name}", day=day)
    found: Mapping[str, Any] = max(rows, key=lambda row: row["from"])
    return found


@basis("HD-4030-2014")
def rest_of(day: date) -> str:
    """Why no session is held on a day: the holiday's name or the reason of a single day; "" when one is.

    A weekend is no reason, nor is a holiday that the law's data does not name: 30/4/2026 has sessions, 17/2/2026 (Tết) none.
    """
    for row in _data()["rest_days"]:
        if row["day"] == day:
            return str(row["why"])
    name = workdays.holiday_name(day)
    if name and any(words in name for words in _on("rests", day)["holidays"]):
        return name
    return ""


def most_a_day(day: date) -> int:
    """So many sessions an office holds on one day before a make-up session looks for another day."""
    return int(_on("make_up", day)["most_a_day"])


def days_before(day: date) -> int:
    """So many days earlier a make-up session may be."""
    return int(_on("make_up", day)["days_before"])


def due_list_days(day: date) -> int:
    """So many days ahead group leaders get the list of what falls due."""
    return int(_on("notices", day)["due_list_days"])


def rota_day(day: date) -> int:
    """The day of the month before which next month's teams are named."""
    return int(_on("notices", day)["rota_day"])


def denominations() -> tuple[int, ...]:
    """Notes in use, the largest first."""
    return tuple(_data()["denominations"])


def posting_list() -> list[Mapping[str, str]]:
    """What must hang at the point: code, vi, en."""
    return list(_data()["posting"])


def criteria() -> list[Mapping[str, Any]]:
    """code, points, measure, vi, en of each criterion of a session's score."""
    return list(_data()["score"])
