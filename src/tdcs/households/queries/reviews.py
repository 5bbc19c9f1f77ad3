"""Poverty reviews: who must be on a list, what each line becomes, what changed since last year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, TypedDict

import polars as pl
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.households.models import EligibilitySpell, Household, PovertyReview, ReviewLine
from tdcs.households.queries.scope import (
    at_home,
    home_provinces,
    place_of,
    seen_communes,
    with_predecessors,
)
from tdcs.households.rules import POVERTY, REVIEWED, classify, compare
from tdcs.households.standards import PovertyLine, line_columns, lines_on
from tdcs.organisations.models import Area, living_on

if TYPE_CHECKING:
    from tdcs.households.queries.finding import HouseholdSummary

# A household may hold several kinds on a day; the neediest names what it was.
_BEFORE: Final = ("poor", "near_poor", "newly_escaped", "average_living")
TABS: Final = (
    "new",
    "fallen_back",
    "to_poor",
    "stays",
    "to_near_poor",
    "escaped",
    "off",
)


def visible_reviews(user: User) -> QuerySet[PovertyReview]:
    """The reviews of the communes in scope, the latest first."""
    rows = PovertyReview.objects.select_related("area", "made_by", "approved_by")
    areas = seen_communes(user)
    if areas is not None:
        rows = rows.filter(area_id__in=areas)
    return rows.order_by("-year", "area_id")


def review_day(year: int, on: date) -> date:
    """The day on which a review stands: today within its year, else the year's last (or first) day."""
    return min(max(on, date(year, 1, 1)), date(year, 12, 31))


def default_effective_on(year: int, decided_on: date) -> date:
    """The list holds from 1 January after the review, or from a later decision's day."""
    return max(decided_on, date(year + 1, 1, 1))


def households_of(area: Area, day: date) -> QuerySet[Household]:
    """The households that live in a commune on a day, with those of the communes it continues."""
    areas = with_predecessors((area.pk,))
    return Household.objects.filter(living_on(day)).filter(pk__in=at_home(areas, day))


def listed_households(area: Area, day: date) -> QuerySet[Household]:
    """Those of them that are on a poor or near-poor list on the day: a review must look at each."""
    spells = EligibilitySpell.objects.filter(living_on(day), kind__in=POVERTY)
    return households_of(area, day).filter(pk__in=spells.values("household_id"))


def left_out(review: PovertyReview, day: date) -> QuerySet[Household]:
    """Listed households of the commune without a line in the review."""
    there = review.lines.values("household_id")
    return listed_households(review.area, day).exclude(pk__in=there).order_by("code")


def lines_for(area: Area, day: date) -> dict[str, PovertyLine]:
    """The poverty lines of a commune on a day. Raises NoPovertyLine."""
    return lines_on(day, place_of(area, day), home_provinces(area, day))


def judged(review: PovertyReview, lines: list[ReviewLine], day: date) -> list[ReviewLine]:
    """The lines with result, standard, reason, basis, last year's class and the change filled in (not saved).

    A line without an income has no result yet.
    """
    if not lines:
        return lines
    before, was_poor = _history([line.household_id for line in lines], day)
    frame = pl.DataFrame(
        {
            "at": range(len(lines)),
            "income_per_head": [line.income_per_head for line in lines],
            "deprivations": [line.deprivations for line in lines],
            "before": [before.get(line.household_id, "none") for line in lines],
            "was_poor": [line.household_id in was_poor for line in lines],
        },
        schema_overrides={"income_per_head": pl.Int64, "deprivations": pl.Int64},
    ).with_columns(**line_columns(lines_for(review.area, day)))
    for row in compare(classify(frame)).iter_rows(named=True):
        line = lines[row["at"]]
        measured = line.income_per_head is not None
        line.before = row["before"]
        line.standard = row["standard"]
        line.result = row["result"] if measured else ""
        line.reason = row["reason"] if measured else ""
        line.basis = row["basis"] if measured else ""
        line.change = row["change"] if measured else ""
    return lines


def _history(households: list[int], day: date) -> tuple[dict[int, str], set[int]]:
    """What each household is on the day, and who ever was on a list before it."""
    before: dict[int, str] = {}
    was_poor: set[int] = set()
    rows = EligibilitySpell.objects.filter(
        household_id__in=households, kind__in=_BEFORE, starts_on__lte=day
    ).values_list("household_id", "kind", "ends_on")
    for household, kind, ends_on in rows:
        if kind in POVERTY:
            was_poor.add(household)
        if ends_on is None or ends_on > day:
            held = before.get(household)
            if held is None or _BEFORE.index(kind) < _BEFORE.index(held):
                before[household] = kind
    return before, was_poor


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a review. Once all is measured ``listed_before`` + ``entered`` − ``escaped`` = ``listed_now``."""

    lines: int
    unmeasured: int
    results: dict[str, int]
    changes: dict[str, int]
    listed_before: int

    @property
    def listed_now(self) -> int:
        return sum(self.results.get(kind, 0) for kind in POVERTY)

    @property
    def entered(self) -> int:
        return self.changes.get("new", 0) + self.changes.get("fallen_back", 0)

    @property
    def escaped(self) -> int:
        return self.changes.get("escaped", 0)


def summary(review: PovertyReview) -> Summary:
    """What the list says in numbers."""
    rows = list(review.lines.values_list("result", "change", "before"))
    return Summary(
        lines=len(rows),
        unmeasured=sum(not result for result, _, _ in rows),
        results=dict(Counter(result for result, _, _ in rows if result)),
        changes=dict(Counter(change for _, change, _ in rows if change)),
        listed_before=sum(before in POVERTY for _, _, before in rows),
    )


class ListRow(TypedDict):
    """A line and how its household looks."""

    line: ReviewLine
    face: HouseholdSummary


def list_rows(review: PovertyReview, tab: str = "") -> list[ListRow]:
    """The lines with the household's code, head and hamlet, by hamlet and name."""
    rows = review.lines.select_related("household").order_by("household__code")
    if tab == "todo":
        rows = rows.filter(result="")
    elif tab:
        rows = rows.filter(change=tab) if tab in TABS else rows.filter(result=tab)
    lines = list(rows)
    from tdcs.households.queries.finding import heads_and_places

    faces = heads_and_places([line.household_id for line in lines])
    shown: list[ListRow] = [{"line": line, "face": faces[line.household_id]} for line in lines]
    return sorted(shown, key=lambda r: (r["face"].hamlet, r["line"].household.code))


def line_of(review: PovertyReview, code: str) -> ReviewLine | None:
    """The line of a household, by the household's code."""
    return review.lines.filter(household__code=code).first()


def hands(review: PovertyReview) -> set[int]:
    """Who made, entered or submitted the list: none of them may approve it."""
    people = {review.made_by_id, review.submitted_by_id}
    people |= set(review.lines.values_list("entered_by_id", flat=True))
    return {person for person in people if person is not None}


def spells_in_way(review: PovertyReview, effective_on: date) -> QuerySet[EligibilitySpell]:
    """Spells of the reviewed kinds that begin on the day or later: the list cannot take effect over them."""
    return EligibilitySpell.objects.filter(
        household_id__in=review.lines.values("household_id"),
        kind__in=(*REVIEWED, "newly_escaped"),
        starts_on__gte=effective_on,
    ).select_related("household")
