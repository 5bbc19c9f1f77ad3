"""What law/sessions.yaml says of a day: rests, make-up, notices, notes in use, posting list, criteria of the score."""

from __future__ import annotations

from datetime import date
from typing import Final, TypedDict

from tdcs.core import law, workdays
from tdcs.core.basis import basis
from tdcs.core.dated import row_on

_FILE: Final = "sessions.yaml"

# A row that holds from a day on; ``from`` is a word of the language.
_Dated = TypedDict(
    "_Dated",
    {
        "from": date,
        "holidays": list[str],
        "most_a_day": int,
        "days_before": int,
        "due_list_days": int,
        "rota_day": int,
    },
)


class Posted(TypedDict):
    """One thing that must hang at the point."""

    code: str
    vi: str
    en: str


class Criterion(TypedDict):
    """One criterion of a session's score; ``measure``: what the session says of it."""

    code: str
    points: int
    measure: str
    vi: str
    en: str


class _RestDay(TypedDict):
    day: date
    why: str


class _Data(TypedDict):
    rests: list[_Dated]
    rest_days: list[_RestDay]
    make_up: list[_Dated]
    notices: list[_Dated]
    denominations: list[int]
    posting: list[Posted]
    score: list[Criterion]


def _data() -> _Data:
    found: _Data = law.load(_FILE)
    return found


def _on(rows: list[_Dated], day: date) -> _Dated:
    """The row that holds on a day. Raises NoParametersOnDay."""
    return row_on(rows, day, f"law/{_FILE}")


@basis("HD-4030-2014")
def rest_of(day: date) -> str:
    """Why no session is held on a day: the holiday's name or the reason of a single day; "" when one is.

    A weekend is no reason, nor is a holiday that the law's data does not name: 30/4/2026 has sessions, 17/2/2026 (Tết) none.
    """
    for row in _data()["rest_days"]:
        if row["day"] == day:
            return str(row["why"])
    name = workdays.holiday_name(day)
    if name and any(words in name for words in _on(_data()["rests"], day)["holidays"]):
        return name
    return ""


def most_a_day(day: date) -> int:
    """So many sessions an office holds on one day before a make-up session looks for another day."""
    return int(_on(_data()["make_up"], day)["most_a_day"])


def days_before(day: date) -> int:
    """So many days earlier a make-up session may be."""
    return int(_on(_data()["make_up"], day)["days_before"])


def due_list_days(day: date) -> int:
    """So many days ahead group leaders get the list of what falls due."""
    return int(_on(_data()["notices"], day)["due_list_days"])


def rota_day(day: date) -> int:
    """The day of the month before which next month's teams are named."""
    return int(_on(_data()["notices"], day)["rota_day"])


def denominations() -> tuple[int, ...]:
    """Notes in use, the largest first."""
    return tuple(_data()["denominations"])


def posting_list() -> list[Posted]:
    """What must hang at the point: code, vi, en."""
    return list(_data()["posting"])


def criteria() -> list[Criterion]:
    """code, points, measure, vi, en of each criterion of a session's score."""
    return list(_data()["score"])
