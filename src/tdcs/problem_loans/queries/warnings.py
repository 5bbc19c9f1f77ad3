"""Lists of warnings by unit and kind, with names and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import get_language

from tdcs.access.models import User
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.households.models import HouseholdMember
from tdcs.households.queries.scope import area_names
from tdcs.loans.queries.scope import visible_lending_groups
from tdcs.organisations.models import living_on
from tdcs.organisations.queries import names_on
from tdcs.problem_loans.models import EarlyWarning
from tdcs.problem_loans.queries.scope import visible_warnings
from tdcs.problem_loans.rules.thresholds import kind_names
from tdcs.problem_loans.rules.words import sentence

OPEN, NEW, DUE, ENDED = "open", "new", "due", "ended"
# A list that leaves as a file stops here.
MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class WarningFilter:
    """Which warnings a page shows; "" and 0 leave nothing out. ``stage``: open, new, due or ended."""

    kind: str = ""
    place: str = ""
    level: int = 0
    office: int = 0
    commune: int = 0
    stage: str = OPEN


@dataclass(frozen=True, slots=True)
class WarningLine:
    """A warning as a list shows it."""

    warning: EarlyWarning
    kind: str
    subject: str
    commune: str
    office: str
    why: str
    opens: bool


def found(user: User, asked: WarningFilter, on: date) -> QuerySet[EarlyWarning]:
    """The warnings in scope that a filter leaves, the gravest first."""
    rows = visible_warnings(user, on).filter(stage_of(asked.stage, on))
    wanted = {
        "kind": asked.kind,
        "place": asked.place,
        "office": asked.office,
        "commune": asked.commune,
        "level__gte": asked.level,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.order_by("-level", "-strength", "pk")


def stage_of(stage: str, on: date) -> Q:
    """The condition of a stage: what nobody has looked at, what is to be done by the day, what is over."""
    still = Q(ended_on__isnull=True)
    if stage == NEW:
        return still & Q(noted_on__isnull=True)
    if stage == DUE:
        return still & Q(next_on__lte=on)
    return ~still if stage == ENDED else still


def lines(rows: Sequence[EarlyWarning], user: User, on: date) -> list[WarningLine]:
    """Names and sentences of some warnings; a fixed number of queries."""
    language = get_language() or "vi"
    kinds = kind_names(language)
    groups = {row.group_id for row in rows if row.group_id}
    faces = profiles_on(groups, on)
    heads = head_names({row.household_id for row in rows if row.household_id}, on)
    areas = area_names({row.commune_id for row in rows if row.commune_id}, on)
    offices = names_on(on, {row.office_id for row in rows if row.office_id})
    opened = set()
    if groups:
        opened = set(
            visible_lending_groups(user, on).filter(pk__in=groups).values_list("pk", flat=True)
        )
    return [
        WarningLine(
            warning=row,
            kind=kinds.get(row.kind, row.kind),
            subject=_subject(row, heads, {key: one.name for key, one in faces.items()}, areas),
            commune=areas.get(row.commune_id or 0, ""),
            office=offices.get(row.office_id or 0, ""),
            why=sentence(row.kind, row.facts, language),
            opens=row.group_id in opened,
        )
        for row in rows
    ]


def _subject(
    row: EarlyWarning, heads: dict[int, str], groups: dict[int, str], areas: dict[int, str]
) -> str:
    if row.place == EarlyWarning.Place.HOUSEHOLD:
        return heads.get(row.household_id or 0, "")
    if row.place == EarlyWarning.Place.GROUP:
        return groups.get(row.group_id or 0, "")
    name = areas.get(row.commune_id or 0, "")
    return f"{name} · {row.programme}" if row.programme else name


def head_names(households: Iterable[int], on: date) -> dict[int, str]:
    """Household → the name of who represents it on a day."""
    rows = HouseholdMember.objects.filter(
        living_on(on), household__in=set(households), is_head=True
    )
    return dict(rows.values_list("household_id", "person__full_name"))


def counts_by_kind(user: User, asked: WarningFilter, on: date) -> list[tuple[str, str, int]]:
    """Kind, its name, how many, whatever kind is asked for."""
    rows = found(user, WarningFilter(place=asked.place, level=asked.level, office=asked.office,
                             commune=asked.commune, stage=asked.stage), on)  # fmt: skip
    counted = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    names = kind_names(get_language() or "vi")
    return [(kind, name, counted.get(kind, 0)) for kind, name in names.items()]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """An office's warnings: by place, how many of the second level on, how many nobody has looked at."""

    office: int
    name: str
    households: int
    groups: int
    communes: int
    grave: int
    new: int


def by_unit(user: User, on: date) -> list[UnitLine]:
    """Open warnings of each office in scope, the most first."""
    rows = visible_warnings(user, on).filter(ended_on__isnull=True, office__isnull=False)
    place = EarlyWarning.Place
    counted = list(
        rows.order_by()
        .values("office")
        .annotate(
            households=Count("pk", filter=Q(place=place.HOUSEHOLD)),
            groups=Count("pk", filter=Q(place=place.GROUP)),
            communes=Count("pk", filter=Q(place=place.COMMUNE)),
            grave=Count("pk", filter=Q(level__gte=2)),
            new=Count("pk", filter=Q(noted_on__isnull=True)),
            all=Count("pk"),
        )
        .order_by("-all", "office")
    )
    names = names_on(on, {row["office"] for row in counted})
    return [
        UnitLine(
            row["office"], names.get(row["office"], ""), row["households"], row["groups"],
            row["communes"], row["grave"], row["new"],
        )
        for row in counted
    ]  # fmt: skip


def raised_on() -> date | None:
    """The day of whose figures the warnings are."""
    day: date | None = EarlyWarning.objects.aggregate(last=Max("last_on"))["last"]
    return day


def earlier(warning: EarlyWarning) -> QuerySet[EarlyWarning]:
    """Other warnings of the same household, group or commune, the newest first."""
    same: dict[str, dict[str, Any]] = {
        EarlyWarning.Place.HOUSEHOLD: {"household": warning.household_id},
        EarlyWarning.Place.GROUP: {"group": warning.group_id, "place": warning.place},
        EarlyWarning.Place.COMMUNE: {"commune": warning.commune_id, "place": warning.place},
    }
    rows = EarlyWarning.objects.filter(**same[warning.place])
    return rows.exclude(pk=warning.pk).order_by("-first_on", "-pk")
