"""The matrix units × tasks: filters, columns, grouped and paged rows; nothing of HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.core.text import by_name, fold
from tdcs.organisations.models import (
    AreaProfile,
    Organisation,
    OrganisationProfile,
    ServedArea,
    living_on,
)
from tdcs.organisations.queries import names_on, subtree, successors
from tdcs.plans.models import Directive, Duty, DutyKind, ObligationState, Plan, Task
from tdcs.plans.queries.obligations import (
    GROUP_ORDER,
    GROUP_TITLES,
    Tally,
    frame,
    map_day,
    tallies,
    tally,
)

PAGE_UNITS: Final = 100
STANDING_FILTERS: Final = ("late", "soon", "on_time", "done", "done_late")
SORTS: Final = ("", "late", "least")

# General duties have no list letter of their own: two letters say which one it is.
_DUTY_LABELS: Final = {
    DutyKind.OWN_PLAN: "KH",
    DutyKind.YEARLY_REPORT: "BC",
    DutyKind.FOLLOW_UP: "TD",
    DutyKind.CONSOLIDATE: "TH",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A task, duty or directive as the matrix heads it."""

    key: str
    path: str
    label: str
    title: str
    section: str
    url: str


@dataclass(frozen=True, slots=True)
class MatrixFilters:
    """What the address asks for; unknown values fall back to everything."""

    year: int
    group: str = ""
    standing: str = ""
    section: str = ""
    area: str = ""
    unit: str = ""
    waiting: bool = False
    sort: str = ""
    page: int = 1

    def narrow(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of these filters; a filter by standing keeps the whole line of each unit it finds."""
        if self.group in GROUP_TITLES:
            rows = rows.filter(pl.col("group") == self.group)
        if self.section:
            rows = rows.filter(
                (pl.col("section") == self.section) | (pl.col("column") == self.section)
            )
        if self.area:
            rows = rows.filter(pl.col("holder").is_in(sorted(units_in(self.area, self.day))))
        if self.unit.strip():
            rows = rows.filter(pl.col("holder").is_in(sorted(units_named(self.unit, self.day))))
        wanted = pl.col("standing") == self.standing
        if self.waiting:
            wanted = pl.col("state") == ObligationState.SUBMITTED.value
        if self.waiting or self.standing in STANDING_FILTERS:
            rows = rows.filter(
                pl.col("holder").is_in(rows.filter(wanted)["holder"].unique().sort().implode())
            )
        return rows

    @property
    def day(self) -> date:
        return map_day(self.year)

    @property
    def any(self) -> bool:
        """Whether something is filtered away."""
        return bool(
            self.group or self.standing or self.section or self.area or self.unit or self.waiting
        )


@dataclass(slots=True)
class Matrix:
    """What the page shows: its columns, the units of this page with their group, and counts."""

    columns: list[Column]
    units: list[tuple[int, str]]
    names: dict[int, str]
    total: Tally
    by_column: dict[str, Tally]
    by_group: dict[str, Tally]
    by_cell: dict[tuple[str, str], Tally]
    by_unit: dict[int, Tally]
    count: int
    page: int
    pages: int
    rows: pl.DataFrame = field(repr=False)
    ordered: list[tuple[int, str]] = field(repr=False, default_factory=list)

    @property
    def page_numbers(self) -> range:
        return range(1, self.pages + 1)


def matrix(plan: Plan, filters: MatrixFilters, user: User) -> Matrix:
    """Units by groups, tasks in the order of the plan; at most PAGE_UNITS units a page."""
    rows = filters.narrow(frame(plan, filters.year, user))
    names = names_on(filters.day, rows["holder"].unique().to_list())
    by_unit = tallies(rows, "holder")
    ordered = _ordered(rows, names, by_unit, filters.sort)
    pages = max(1, -(-len(ordered) // PAGE_UNITS))
    page = min(max(filters.page, 1), pages)
    return Matrix(
        columns=columns_of(rows),
        units=ordered[(page - 1) * PAGE_UNITS : page * PAGE_UNITS],
        names=names,
        total=tally(rows),
        by_column=tallies(rows, "column"),
        by_group=tallies(rows, "group"),
        by_cell=tallies(rows, "group", "column"),
        by_unit=by_unit,
        count=len(ordered),
        page=page,
        pages=pages,
        rows=rows,
        ordered=ordered,
    )


def _ordered(
    rows: pl.DataFrame, names: dict[int, str], by_unit: dict[int, Tally], sort: str
) -> list[tuple[int, str]]:
    def key(unit: tuple[int, str]) -> tuple[int, float, tuple[str, str], int]:
        holder, group = unit
        own = by_unit[holder]
        first = {"late": -own.late, "least": own.rate}.get(sort, 0)
        return GROUP_ORDER[group], first, by_name(names[holder]), holder

    return sorted(rows.select("holder", "group").unique().iter_rows(), key=key)


def columns_of(rows: pl.DataFrame) -> list[Column]:
    """Each task, duty and directive among the rows, in the order of the plan."""
    tasks = Task.objects.filter(pk__in=rows["task"].drop_nulls().unique().to_list())
    made = {
        f"t{t.path}": Column(
            f"t{t.path}",
            t.path,
            t.path.rpartition(".")[2],
            t.title,
            t.section_path or t.path.rpartition(".")[0],
            reverse("plans:task_units", args=[t.pk]),
        )
        for t in tasks.order_by("position")
    }
    duties = Duty.objects.filter(pk__in=rows["duty"].drop_nulls().unique().to_list())
    for d in duties.order_by("position"):
        made[f"d{d.path}-{d.kind}"] = Column(
            f"d{d.path}-{d.kind}",
            d.path,
            _DUTY_LABELS.get(DutyKind(d.kind), d.path),
            d.get_kind_display(),
            "III",
            reverse("plans:duty_units", args=[d.pk]),
        )
    given = Directive.objects.filter(pk__in=rows["directive"].drop_nulls().unique().to_list())
    for at, g in enumerate(given.order_by("due_on", "pk"), 1):
        made[f"g{g.pk}"] = Column(
            f"g{g.pk}", f"G{g.pk}", f"G{at}", g.title, "G", reverse("plans:directive", args=[g.pk])
        )
    return list(made.values())


def sections(columns: Iterable[Column]) -> list[tuple[str, str, int]]:
    """(section, its heading, how many columns) as neighbours."""
    made: list[tuple[str, str, int]] = []
    for column in columns:
        if made and made[-1][0] == column.section:
            made[-1] = (column.section, made[-1][1], made[-1][2] + 1)
        else:
            title = _("Giao thêm") if column.section == "G" else column.section
            made.append((column.section, title, 1))
    return made


def units_named(words: str, day: date) -> set[int]:
    """Units whose name, present or past, holds the words; a ceased one means those that continue it."""
    found = set(
        OrganisationProfile.objects.filter(search__contains=fold(words)).values_list(
            "organisation_id", flat=True
        )
    )
    return found | {heir for line in successors(found, day).values() for heir in line}


def area_choices(day: date) -> list[tuple[str, str]]:
    """Places to filter by: districts while there were any, else the transaction offices that serve communes."""
    districts = AreaProfile.objects.filter(living_on(day), area__level="district")
    made = [(f"d{row.area_id}", row.full_name) for row in districts]
    if not made:
        offices = ServedArea.objects.filter(living_on(day)).values_list("office_id", flat=True)
        made = [(f"o{key}", name) for key, name in names_on(day, set(offices)).items()]
    return sorted(made, key=lambda pair: (by_name(pair[1]), pair[0]))


def units_in(code: str, day: date) -> set[int]:
    """Units standing in a district (d…) or in the communes that an office serves (o…), with the office."""
    kind, key = code[:1], code[1:]
    if not (key.isascii() and key.isdigit() and len(key) < 12) or kind not in ("d", "o"):
        return set()
    if kind == "o":
        served = ServedArea.objects.filter(living_on(day), office_id=int(key))
        areas = set(served.values_list("area_id", flat=True))
        units = (
            subtree(int(key), day) if Organisation.objects.filter(pk=int(key)).exists() else set()
        )
    else:
        below = AreaProfile.objects.filter(living_on(day), parent_id=int(key))
        areas = {int(key), *below.values_list("area_id", flat=True)}
        units = set()
    inside = OrganisationProfile.objects.filter(living_on(day), area_id__in=areas)
    return units | set(inside.values_list("organisation_id", flat=True))


def places(rows: pl.DataFrame, limit: int = 8) -> list[tuple[str, Tally]]:
    """Communes with the most late obligations: where to look first."""
    late = rows.filter(pl.col("standing") == "late")
    if late.is_empty():
        return []
    areas = dict(
        OrganisationProfile.objects.filter(
            organisation_id__in=late["holder"].unique().to_list(), ends_on__isnull=True
        ).values_list("organisation_id", "area_id")
    )
    found: dict[int | None, int] = {}
    for unit in late["holder"]:
        found[areas.get(unit)] = found.get(areas.get(unit), 0) + 1
    names = dict(
        AreaProfile.objects.filter(
            area_id__in=[a for a in found if a], ends_on__isnull=True
        ).values_list("area_id", "full_name")
    )
    top = sorted(found.items(), key=lambda pair: (-pair[1], pair[0] or 0))[:limit]
    return [
        (names.get(area, ""), Tally("", "", n, {"late": n})) for area, n in top if area in names
    ]
