"""Who is proposed for commendation: the criteria of law/commendations.yaml over figures of a year. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tdcs.core import law
from tdcs.core.basis import without_basis
from tdcs.documents import numbers

_FILE: Final = "commendations.yaml"
_PPM: Final = 1_000_000
GROUP, OFFICE, OFFICER, UNIT = "group", "office", "officer", "unit"
_WHY: Final = "mỗi đợt thi đua có hướng dẫn riêng; tiêu chí là dữ liệu do chi nhánh đặt"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom figures propose: ``key`` of the subject, the figures in words, ``order`` the best first."""

    key: int
    figures: str
    order: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the file."""

    code: str
    subject: str
    name: str
    form: str
    most: int
    words: str
    bounds: dict[str, Any]


@without_basis(_WHY)
def criteria_on(day: date) -> tuple[Criterion, ...]:
    """The criteria that hold on a day."""
    return tuple(
        Criterion(
            row["code"], row["subject"], row["name"], row["form"], row["most"], row["vi"], row
        )
        for row in law.load(_FILE)["criteria"]
        if row["from"] <= day
    )


@without_basis(_WHY)
def best_groups(
    one: Criterion, rows: Iterable[tuple[int, Sequence[tuple[str, int]]]]
) -> list[Candidate]:
    """Groups whose months of the year were all of the grade, enough of them, with the average score asked for."""
    months, least = int(one.bounds["months"]), int(one.bounds["least_total"])
    found = []
    for group, ratings in rows:
        total = sum(points for _grade, points in ratings)
        every = all(grade == one.bounds["grade"] for grade, _points in ratings)
        if len(ratings) >= months and every and total >= least * len(ratings):
            said = one.words.format(months=len(ratings), total=total // len(ratings))
            found.append(Candidate(group, said, -total))
    return _first(one, found)


@without_basis(_WHY)
def clean_offices(one: Criterion, rows: Iterable[tuple[int, int, int]]) -> list[Candidate]:
    """Offices (key, overdue, outstanding) that lend and whose overdue share is at most the bound."""
    return _clean(one, ((office, 0, overdue, owed) for office, overdue, owed in rows))


@without_basis(_WHY)
def clean_officers(one: Criterion, rows: Iterable[tuple[int, int, int, int]]) -> list[Candidate]:
    """Officers (key, loans that owe, overdue, outstanding) with enough loans, whose overdue share is at most the bound."""
    least = int(one.bounds["least_loans"])
    return _clean(one, (row for row in rows if row[1] >= least))


def _clean(one: Criterion, rows: Iterable[tuple[int, int, int, int]]) -> list[Candidate]:
    """Of (key, loans, overdue, outstanding) those who lend and whose overdue share is at most the bound; the lowest first."""
    bound = int(one.bounds["overdue_at_most_ppm"])
    found = [
        Candidate(
            key,
            one.words.format(
                loans=numbers.whole(loans),
                share=numbers.share(overdue, outstanding),
                outstanding=numbers.whole(outstanding),
            ),
            overdue * _PPM // outstanding,
        )
        for key, loans, overdue, outstanding in rows
        if outstanding > 0 and overdue * _PPM <= bound * outstanding
    ]
    return _first(one, found)


@without_basis(_WHY)
def timely_units(one: Criterion, rows: Iterable[tuple[int, int, int]]) -> list[Candidate]:
    """Units (key, due, done in time) that did in time all that was due, of at least so many."""
    least = int(one.bounds["least_tasks"])
    found = [
        Candidate(unit, one.words.format(done=done, due=due), -done)
        for unit, due, done in rows
        if due >= least and done == due
    ]
    return _first(one, found)


def _first(one: Criterion, found: list[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda row: (row.order, row.key))[: one.most]
