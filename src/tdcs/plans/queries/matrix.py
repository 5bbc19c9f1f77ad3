"""The matrix units × tasks: grouped rows, filters, cells as plain strings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.organisations.models import AreaProfile, OrganisationProfile, ServedArea
from tdcs.organisations.queries import names_on, subtree
from tdcs.plans.models import Directive, Plan, Task
from tdcs.plans.queries.obligations import GROUPS, Tally, frame, tallies, tally

PAGE_UNITS = 100

_SHAPES = {"done": "●", "done_late": "◒", "late": "▲", "soon": "◔", "on_time": "○"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; unknown values fall back to everything."""

    year: int
    group: str = ""
    standing: str = ""
    section: str = ""
    office: int = 0
    unit: str = ""
    page: int = 1

    def narrow(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of these filters."""
        if self.group:
            rows = rows.filter(pl.col("group") == self.group)
        if self.section:
            rows = rows.filter(pl.col("section") == self.section)
        if self.office:
            rows = rows.filter(pl.col("holder").is_in(list(_served_by(self.office))))
        if self.unit:
            rows = rows.filter(pl.col("holder").is_in(list(_named(self.unit))))
        if self.standing:
            units = rows.filter(pl.col("standing") == self.standing)["holder"].unique()
            rows = rows.filter(pl.col("holder").is_in(units.to_list()))
        return rows


@dataclass(slots=True)
class Matrix:
    """What the page shows."""

    columns: list[tuple[str, str, str]]
    body: SafeString
    total: Tally
    by_column: dict[str, Tally]
    units: int
    pages: int
    rows: pl.DataFrame = field(repr=False)


def matrix(plan: Plan, filters: Filters, user: User) -> Matrix:
    """Units by groups, tasks in the order of the plan; at most PAGE_UNITS units a page."""
    rows = filters.narrow(frame(plan, filters.year, user))
    columns = columns_of(rows)
    names = names_on(clock.today(), rows["holder"].unique().to_list())
    order = {code: at for at, (code, *_) in enumerate(GROUPS)}
    units = rows.select("holder", "group").unique().iter_rows()
    ordered = sorted(units, key=lambda u: (order[u[1]], fold(names[u[0]])))
    pages = max(1, -(-len(ordered) // PAGE_UNITS))
    page = min(max(filters.page, 1), pages)
    shown = ordered[(page - 1) * PAGE_UNITS : page * PAGE_UNITS]
    return Matrix(
        columns=columns,
        body=_body(rows, columns, shown, names),
        total=tally(rows),
        by_column=tallies(rows, "path"),
        units=len(ordered),
        pages=pages,
        rows=rows,
    )


def columns_of(rows: pl.DataFrame) -> list[tuple[str, str, str]]:
    """(path, name, address) of each task, duty and directive among the rows."""
    tasks = Task.objects.filter(pk__in=rows["task"].drop_nulls().unique().to_list())
    made = [
        (t.path, t.title, reverse("plans:task", args=[t.pk])) for t in tasks.order_by("position")
    ]
    duties = rows.filter(pl.col("duty").is_not_null())["path"].unique().sort().to_list()
    made += [(path, f"Nhiệm vụ chung mục {path}", reverse("plans:reports")) for path in duties]
    directives = Directive.objects.filter(pk__in=rows["directive"].drop_nulls().unique().to_list())
    made += [
        (f"G{d.pk}", d.title, reverse("plans:directive", args=[d.pk]))
        for d in directives.order_by("due_on", "pk")
    ]
    return made


def _body(
    rows: pl.DataFrame,
    columns: list[tuple[str, str, str]],
    shown: list[tuple[int, str]],
    names: dict[int, str],
) -> SafeString:
    """Table rows by string building: a page holds thousands of cells."""
    wanted = [unit for unit, _ in shown]
    cells = _cells(rows.filter(pl.col("holder").is_in(wanted)))
    by_group = tallies(rows, "group")
    titles = {code: title for code, title, *_ in GROUPS}
    out: list[str] = []
    group = ""
    for unit, of_group in shown:
        if of_group != group:
            group = of_group
            count = by_group[group]
            out.append(
                f'<tr class="grp"><th class="u" scope="colgroup">{titles[group]}</th>'
                f'<td colspan="{len(columns)}" class="small soft">{count.done}/{count.total} đã xong'
                f"{f' · {count.late} quá hạn' if count.late else ''}</td></tr>"
            )
        own = cells.get(unit, {})
        href = "?" + urlencode({"unit": names[unit]})
        out.append(
            f'<tr><th class="u" scope="row"><a href="{escape(href)}">{escape(names[unit])}</a></th>'
        )
        out.extend(own.get(path, "<td></td>") for path, _, _ in columns)
        out.append("</tr>")
    return mark_safe("".join(out))


def _cells(rows: pl.DataFrame) -> dict[int, dict[str, str]]:
    base = reverse("plans:obligation", args=[0])[:-2]
    cells: dict[int, dict[str, str]] = {}
    for key, unit, path, standing, state, percent in rows.select(
        "id", "holder", "path", "standing", "state", "percent"
    ).iter_rows():
        words = _SHAPES[standing] if state != "in_progress" else f"{percent}%"
        wait = " wait" if state == "submitted" else ""
        cells.setdefault(unit, {})[path] = (
            f'<td><a class="{standing}{wait}" href="{base}{key}/">{words}</a></td>'
        )
    return cells


def _named(words: str) -> set[int]:
    key = fold(words)
    return set(
        OrganisationProfile.objects.filter(search__contains=key).values_list(
            "organisation_id", flat=True
        )
    )


def _served_by(office: int) -> set[int]:
    """Units standing in the communes that an office serves, and the office itself."""
    areas = ServedArea.objects.filter(office_id=office).values("area")
    units = OrganisationProfile.objects.filter(area__in=areas).values_list(
        "organisation_id", flat=True
    )
    return set(units) | subtree(office, clock.today())


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
    found: dict[Any, int] = {}
    for unit in late["holder"]:
        found[areas.get(unit)] = found.get(areas.get(unit), 0) + 1
    names = dict(
        AreaProfile.objects.filter(
            area_id__in=[a for a in found if a], ends_on__isnull=True
        ).values_list("area_id", "full_name")
    )
    top = sorted(found.items(), key=lambda pair: -pair[1])[:limit]
    return [
        (names.get(area, ""), Tally("", "", n, {"late": n})) for area, n in top if area in names
    ]
