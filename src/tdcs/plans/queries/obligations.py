"""Obligations as columns: one query a page, one rule for what is late (rules/timeliness.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from django.db import connection
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core import clock
from tdcs.organisations.queries import Resolver, UnitRef, names_on, province_of
from tdcs.plans.models import Obligation, Plan, Task
from tdcs.plans.queries.plans import current_version
from tdcs.plans.rules.timeliness import STANDINGS, with_standing

SCHEMA: Final = {
    "id": pl.Int64,
    "holder": pl.Int64,
    "kind": pl.String,
    "level": pl.String,
    "task": pl.Int64,
    "duty": pl.Int64,
    "directive": pl.Int64,
    "path": pl.String,
    "section": pl.String,
    "due_on": pl.Date,
    "due_before": pl.Boolean,
    "state": pl.String,
    "percent": pl.Int16,
    "submitted_on": pl.Date,
}

_SQL: Final = """
    SELECT o.id, o.holder_id, u.kind, u.level, o.task_id, o.duty_id, o.directive_id,
           COALESCE(t.path, d.path, 'G' || o.directive_id),
           COALESCE(t.section_path, CASE WHEN o.duty_id IS NULL THEN 'G' ELSE 'III' END),
           o.due_on, o.due_before, o.state, o.percent, o.submitted_on
    FROM plans_obligation o
    JOIN organisations_organisation u ON u.id = o.holder_id
    LEFT JOIN plans_task t ON t.id = o.task_id
    LEFT JOIN plans_duty d ON d.id = o.duty_id
    WHERE o.plan_id = %(plan)s AND o.year = %(year)s AND o.state NOT IN ('merged', 'withdrawn')
      AND (%(all)s OR o.holder_id = ANY(%(units)s))
"""

# Rows of the matrix and of reports are grouped so, in this order.
GROUPS: Final[tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]] = (
    ("so", "Sở, ban, ngành", ("department",), ()),
    ("ubnd-tinh", "UBND tỉnh, thành phố", ("people_committee",), ("province",)),
    ("ubnd-huyen", "UBND cấp huyện", ("people_committee",), ("district",)),
    ("ubnd-xa", "UBND cấp xã", ("people_committee",), ("commune",)),
    ("nhcsxh", "NHCSXH", ("vbsp_branch", "transaction_office", "vbsp_head_office"), ()),
    ("ban-dai-dien", "Ban đại diện HĐQT", ("board",), ()),
    ("doan-the-tinh", "Mặt trận, đoàn thể cấp tỉnh", ("front", "mass_organisation"), ("province",)),
    (
        "doan-the-huyen",
        "Mặt trận, đoàn thể cấp huyện",
        ("front", "mass_organisation"),
        ("district",),
    ),
    ("doan-the-xa", "Mặt trận, đoàn thể cấp xã", ("front", "mass_organisation"), ("commune",)),
    ("phong", "Phòng, ban chuyên môn", ("division",), ()),
    ("cong-an", "Công an", ("police",), ()),
    ("bao-chi", "Báo chí", ("press",), ()),
    ("khac", "Đơn vị khác", (), ()),
)


def group_of(kind: str, level: str) -> str:
    """The group of a unit by its kind and level."""
    for code, _, kinds, levels in GROUPS:
        if kind in kinds and (not levels or level in levels):
            return code
    return "khac"


def frame(plan: Plan, year: int, user: User | None = None) -> pl.DataFrame:
    """Living obligations of a year with their standing today; one row each, SCHEMA plus standing and group.

    ``user`` limits the rows to what that person may see.
    """
    visible = visible_organisations(user) if user else None
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "plan": plan.pk,
                "year": year,
                "all": visible is None,
                "units": list(visible or ()),
            },
        )
        rows = cursor.fetchall()
    made = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    groups = [
        group_of(kind, level) for kind, level in zip(made["kind"], made["level"], strict=True)
    ]
    made = made.with_columns(pl.Series("group", groups, dtype=pl.String))
    return with_standing(made, today=clock.today())


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by standing of some obligations."""

    label: str
    key: str
    total: int
    counts: dict[str, int]

    @property
    def done(self) -> int:
        return self.counts.get("done", 0) + self.counts.get("done_late", 0)

    @property
    def late(self) -> int:
        return self.counts.get("late", 0)

    @property
    def soon(self) -> int:
        return self.counts.get("soon", 0)

    @property
    def on_time(self) -> int:
        return self.counts.get("on_time", 0)

    @property
    def rate(self) -> float:
        """Share done, for the width of a bar only."""
        return self.done / self.total if self.total else 0.0

    def widths(self) -> list[tuple[str, float]]:
        """Percent of a bar by standing."""
        whole = self.total or 1
        parts = (
            ("done", self.done),
            ("late", self.late),
            ("soon", self.soon),
            ("on_time", self.on_time),
        )
        return [(code, round(100 * n / whole, 2)) for code, n in parts if n]


def tally(rows: pl.DataFrame, label: str = "", key: str = "") -> Tally:
    """Count rows by standing."""
    counts = dict(rows.group_by("standing").len().iter_rows())
    return Tally(label, key, rows.height, {code: counts.get(code, 0) for code in STANDINGS})


def tallies(rows: pl.DataFrame, by: str) -> dict[Any, Tally]:
    """One tally for each value of a column, in one pass."""
    grouped: dict[Any, dict[str, int]] = {}
    for value, standing, count in rows.group_by(by, "standing").len().iter_rows():
        grouped.setdefault(value, {})[standing] = count
    return {
        value: Tally(str(value), str(value), sum(counts.values()), counts)
        for value, counts in grouped.items()
    }


def visible_obligations(user: User) -> QuerySet[Obligation]:
    """Obligations a person may open."""
    rows = Obligation.objects.select_related("task", "duty", "directive", "plan", "holder")
    visible = visible_organisations(user)
    return rows if visible is None else rows.filter(holder_id__in=visible)


@dataclass(slots=True)
class InboxRow:
    """One obligation in a unit's inbox, with its standing."""

    obligation: Obligation
    standing: str
    days_left: int | None
    days_late: int | None
    inherited: str = ""


def inbox(user: User, plan: Plan, year: int) -> list[InboxRow]:
    """What the person's own unit owes in a year, the most pressing first."""
    unit = own_organisation(user)
    if unit is None:
        return []
    rows = frame(plan, year, None).filter(pl.col("holder") == unit.pk)
    return _rows(rows, unit.pk)


def _rows(rows: pl.DataFrame, own: int) -> list[InboxRow]:
    by_id = {
        row.pk: row
        for row in Obligation.objects.filter(pk__in=rows["id"].to_list()).select_related(
            "task", "duty", "directive"
        )
    }
    names = names_on(clock.today(), {o.organisation_id for o in by_id.values()})
    order = {"late": 0, "soon": 1, "on_time": 2, "done_late": 3, "done": 4}
    made = [
        InboxRow(
            by_id[key],
            standing,
            left,
            late,
            names[by_id[key].organisation_id] if by_id[key].organisation_id != own else "",
        )
        for key, standing, left, late in rows.select(
            "id", "standing", "days_left", "days_late"
        ).iter_rows()
    ]
    made.sort(
        key=lambda r: (
            0 if r.obligation.state == "returned" else 1,
            order[r.standing],
            r.obligation.due_on or date.max,
            r.obligation.task.position if r.obligation.task else 999,
        )
    )
    return made


def coordinated_tasks(user: User, plan: Plan) -> list[Task]:
    """Tasks in which the person's unit coordinates without owing a result of its own."""
    unit = own_organisation(user)
    if unit is None:
        return []
    resolver = Resolver(province=province_of(plan.issuer, plan.issued_on), on=clock.today())
    version = current_version(plan)
    found = []
    for task in version.tasks.prefetch_related("assignments__organisations"):
        for row in task.assignments.all():
            ref = UnitRef(row.unit, tuple(row.levels), row.area)
            if row.role == "coordinate" and row.unit and unit.pk in resolver.resolve(ref):
                found.append(task)
                break
    return found


def awaiting_review(plan: Plan, year: int) -> QuerySet[Obligation]:
    """Directives' answers and results that the branch has not yet looked at."""
    return (
        Obligation.objects.filter(plan=plan, year=year, state="submitted")
        .select_related("task", "duty", "directive", "holder")
        .order_by("submitted_on", "pk")
    )
