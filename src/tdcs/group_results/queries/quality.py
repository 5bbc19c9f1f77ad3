"""The quality of groups: what one must do to rise, and which are weak for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from tdcs.access.models import User
from tdcs.core.months import month_end
from tdcs.entrustment.models import GroupRating
from tdcs.entrustment.queries.groups import GroupFilters, GroupSummary, faces_of, find_groups
from tdcs.group_results.models import ConsolidationCase
from tdcs.group_results.rules.consolidating import ORDER, Ground, in_a_row, weak_ground
from tdcs.group_results.rules.rating import Regime, regimes
from tdcs.group_results.rules.rising import Lost, rising
from tdcs.group_results.rules.words import said

# How far back months in a row are counted, and how many a row of the list shows.
BACK, SHOWN = 24, 6


def months_before(month: date, count: int) -> date:
    """The first day of the month so many months before."""
    return month_end(month, -count).replace(day=1)


@dataclass(frozen=True, slots=True)
class LostLine:
    """A criterion of a month with what it cost and the nearest step, in words."""

    lost: Lost
    part: int
    whole: int
    advice: str


@dataclass(frozen=True, slots=True)
class Rising:
    """What a group's month came to by criterion, and the ways to the next grade in words."""

    lines: tuple[LostLine, ...]
    ways: tuple[tuple[str, tuple[str, ...]], ...]


def regime_that_made(rating: GroupRating) -> Regime | None:
    """The regime by which a rating was made, when the law's data still has it."""
    return next((one for one in regimes() if one.law_hash == rating.law_hash), None)


def rising_of(rating: GroupRating) -> Rising | None:
    """What a group must do to rise, by the figures of a rated month; None for ratings without their figures."""
    regime = regime_that_made(rating)
    if regime is None or not set(regime.figures()) <= set(rating.figures):
        return None
    language = get_language() or "vi"
    criteria = {one.code: one for one in regime.criteria}
    found = rising(rating.figures, regime)
    lines = tuple(
        LostLine(
            one,
            rating.figures[criteria[one.code].part],
            rating.figures[criteria[one.code].whole],
            said(one.next, language) if one.next else "",
        )
        for one in found.lost
    )
    ways = tuple(
        (way.grade, tuple(said(change, language) for change in way.changes)) for way in found.ways
    )
    return Rising(lines, ways)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFilters:
    """What the list of weak groups is narrowed by; empty means all."""

    office: int = 0
    commune: int = 0
    mass: str = ""
    grade: str = "average"
    months: int = 1
    weak_board: bool = False


@dataclass(frozen=True, slots=True)
class QualityRow:
    """A group whose last rating is at a grade or below: for how many months, what cost it most, its case."""

    group: int
    code: str
    face: GroupSummary
    total: int
    grade: str
    months: int
    recent: tuple[tuple[date, str | None], ...]
    worst: str
    lost: int
    ground: Ground | None
    case: ConsolidationCase | None


def grades_of(groups: Sequence[int], last: date, back: int = BACK) -> dict[int, list[str | None]]:
    """Group → grades of the months up to one, the newest first; None where a month was not rated."""
    first = months_before(last, back - 1)
    months = [months_before(last, at) for at in range(back)]
    rated: dict[int, dict[date, str]] = {}
    rows = GroupRating.objects.filter(group_id__in=groups, month__range=(first, last))
    for group, month, grade in rows.values_list("group_id", "month", "grade"):
        rated.setdefault(group, {})[month] = grade
    return {group: [rated.get(group, {}).get(month) for month in months] for group in groups}


def last_rated(on: date) -> date | None:
    """The last month up to a day that was rated."""
    row = GroupRating.objects.filter(month__lte=on).order_by("-month").first()
    return row.month if row else None


def ground_of(group: int, on: date) -> Ground | None:
    """Why the board of a group is weak on a day, by its months up to its last rating; None when it is not."""
    row = GroupRating.objects.filter(group_id=group, month__lte=on).order_by("-month").first()
    return grounds_of(grades_of([group], row.month), row.month, on)[group] if row else None


def grounds_of(
    grades: Mapping[int, Sequence[str | None]], last: date, on: date
) -> dict[int, Ground | None]:
    """Group → why its board is weak, by its months up to ``last``; those up to a decision on its board are the old board's."""
    decided = dict(
        ConsolidationCase.objects.filter(group__in=grades, decided_on__lte=on)
        .order_by("decided_on")
        .values_list("group", "decided_on")
    )
    found = {}
    for group, months in grades.items():
        since = decided.get(group) or date.min
        own = [
            grade if months_before(last, at) > since else None for at, grade in enumerate(months)
        ]
        found[group] = weak_ground(own, on)
    return found


def quality_rows(user: User, filters: QualityFilters, on: date) -> list[QualityRow]:
    """Groups in scope whose last rating is at the grade or below, those that are weak the longest first."""
    last = last_rated(on)
    if last is None:
        return []
    asked = GroupFilters(office=filters.office, commune=filters.commune, mass=filters.mass)
    graded = GroupRating.objects.filter(
        group__in=find_groups(user, asked, on).order_by().values("pk"),
        month=last,
        grade__in=ORDER[ORDER.index(filters.grade) :],
    ).select_related("group")
    ratings = list(graded)
    keys = [row.group_id for row in ratings]
    grades, faces = grades_of(keys, last), faces_of(keys, on)
    grounds = grounds_of(grades, last, on)
    open_cases = {
        case.group_id: case
        for case in ConsolidationCase.objects.filter(group__in=keys, closed_on=None)
    }
    found = []
    for row in ratings:
        months = in_a_row(grades[row.group_id], filters.grade)
        ground = grounds[row.group_id]
        if months < filters.months or (filters.weak_board and ground is None):
            continue
        worst, lost = _worst(row)
        recent = tuple(
            (months_before(last, at), grades[row.group_id][at]) for at in reversed(range(SHOWN))
        )
        found.append(
            QualityRow(
                row.group_id, row.group.code, faces[row.group_id], row.total, row.grade, months,
                recent, worst, lost, ground, open_cases.get(row.group_id),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.months, one.total, one.code))


def _worst(rating: GroupRating) -> tuple[str, int]:
    """The criterion that cost the most points, and how many."""
    regime = regime_that_made(rating)
    if regime is None:
        return "", 0
    lost = [(one.most - rating.points.get(one.code, 0), one.name) for one in regime.criteria]
    most, name = max(lost, key=lambda one: one[0])
    return (name, most) if most else ("", 0)
