"""Obligations as columns: one query a page, one rule for what is late (rules/timeliness.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypedDict

import polars as pl
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core import clock
from tdcs.core.remembered import current, remembered
from tdcs.organisations import queries as organisations
from tdcs.plans.models import DutyKind, Evidence, Obligation, ObligationState, Plan
from tdcs.plans.queries.in_force import Plans, keys_of
from tdcs.plans.rules.timeliness import STANDINGS, with_standing

SCHEMA: Final = {
    "id": pl.Int64,
    "plan": pl.Int64,
    "holder": pl.Int64,
    "organisation": pl.Int64,
    "kind": pl.String,
    "level": pl.String,
    "task": pl.Int64,
    "duty": pl.Int64,
    "directive": pl.Int64,
    "duty_kind": pl.String,
    "column": pl.String,
    "path": pl.String,
    "section": pl.String,
    "role": pl.String,
    "due_on": pl.Date,
    "due_before": pl.Boolean,
    "state": pl.String,
    "percent": pl.Int16,
    "submitted_on": pl.Date,
}

# `column` is the key of a column of the matrix: a plan may say two duties under one path (III.1). Of several plans
# it begins with the plan, as `section` does: each has its own II.1.
_SELECT: Final = """
    SELECT o.id, o.plan_id, o.holder_id, o.organisation_id, u.kind, u.level,
           o.task_id, o.duty_id, o.directive_id,
           COALESCE(d.kind, ''),
           m.mark || COALESCE('t' || t.path, 'd' || d.path || '-' || d.kind, 'g' || o.directive_id),
           COALESCE(t.path, d.path, 'G' || o.directive_id),
           m.mark || COALESCE(t.section_path, CASE WHEN o.duty_id IS NULL THEN 'G' ELSE 'III' END),
           o.role, o.due_on, o.due_before, o.state, o.percent, o.submitted_on
    FROM plans_obligation o
    JOIN organisations_organisation u ON u.id = o.holder_id
    LEFT JOIN plans_task t ON t.id = o.task_id
    LEFT JOIN plans_duty d ON d.id = o.duty_id
    CROSS JOIN LATERAL (SELECT CASE WHEN %(several)s THEN o.plan_id || ':' ELSE '' END AS mark) m
    WHERE o.plan_id = ANY(%(plans)s) AND o.state NOT IN ('merged', 'withdrawn')
      AND (%(all)s OR o.holder_id = ANY(%(units)s))
"""

# Rows of the matrix and of reports are grouped so, in this order.
GROUPS: Final[tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]] = (
    ("so", gettext_noop("Sở, ban, ngành"), ("department",), ()),
    ("ubnd-tinh", gettext_noop("UBND tỉnh, thành phố"), ("people_committee",), ("province",)),
    ("ubnd-huyen", gettext_noop("UBND cấp huyện"), ("people_committee",), ("district",)),
    ("ubnd-xa", gettext_noop("UBND cấp xã"), ("people_committee",), ("commune",)),
    (
        "nhcsxh",
        gettext_noop("NHCSXH"),
        ("vbsp_branch", "transaction_office", "vbsp_head_office"),
        (),
    ),
    ("ban-dai-dien", gettext_noop("Ban đại diện HĐQT"), ("board",), ()),
    (
        "doan-the-tinh",
        gettext_noop("Mặt trận, đoàn thể cấp tỉnh"),
        ("front", "mass_organisation"),
        ("province",),
    ),
    (
        "doan-the-huyen",
        gettext_noop("Mặt trận, đoàn thể cấp huyện"),
        ("front", "mass_organisation"),
        ("district",),
    ),
    (
        "doan-the-xa",
        gettext_noop("Mặt trận, đoàn thể cấp xã"),
        ("front", "mass_organisation"),
        ("commune",),
    ),
    ("phong", gettext_noop("Phòng, ban chuyên môn"), ("division",), ()),
    ("cong-an", gettext_noop("Công an"), ("police",), ()),
    ("bao-chi", gettext_noop("Báo chí"), ("press",), ()),
    ("khac", gettext_noop("Đơn vị khác"), (), ()),
)
# Duties that have pages of their own: the report and the unit's plan are written and decided there.
ELSEWHERE: Final = (DutyKind.YEARLY_REPORT, DutyKind.OWN_PLAN)
GROUP_ORDER: Final = {code: at for at, (code, *_) in enumerate(GROUPS)}
GROUP_TITLES: Final = {code: title for code, title, *_ in GROUPS}


def group_of(kind: str, level: str) -> str:
    """The group of a unit by its kind and level."""
    for code, _, kinds, levels in GROUPS:
        if kind in kinds and (not levels or level in levels):
            return code
    return "khac"


def frame(plans: Plans, year: int, user: User | None = None) -> pl.DataFrame:
    """Living obligations of a year with their standing today; one row each, SCHEMA plus standing and group.

    ``user`` limits the rows to what that person may see.
    """
    return _frame(
        "AND o.year = %(year)s",
        {"year": year},
        plans,
        visible_organisations(user) if user else None,
    )


def frame_due(plans: Plans, first: date, until: date, user: User | None = None) -> pl.DataFrame:
    """The same columns for what is due in [first, until), whatever its year."""
    return _frame(
        "AND o.due_on >= %(first)s AND o.due_on < %(until)s",
        {"first": first, "until": until},
        plans,
        visible_organisations(user) if user else None,
    )


def frame_of_units(plans: Plans, year: int, units: Iterable[int]) -> pl.DataFrame:
    """The same columns for what some units owe: of the year, and open from years before it."""
    return _frame(
        "AND (o.year = %(year)s OR (o.year < %(year)s AND o.state NOT IN ('submitted', 'accepted')"
        " AND NOT EXISTS (SELECT 1 FROM plans_reportingyear y WHERE y.plan_id = o.plan_id"
        " AND y.year = o.year AND y.closed_on IS NOT NULL)))",
        {"year": year},
        plans,
        units,
    )


_Params: TypeAlias = dict[str, bool | int | list[int] | date]


def _frame(
    condition: str, params: _Params, plans: Plans, units: Iterable[int] | None
) -> pl.DataFrame:
    asked = (condition, tuple(params.items()), tuple(keys_of(plans)))
    if units is None or current() is None:
        return _read(*asked, None if units is None else frozenset(units))
    # Of all units at once, for whoever asks next: obligations change less often than people look at them.
    return _read(*asked, None).filter(pl.col("holder").is_in(list(units)))


@remembered
def _read(
    condition: str,
    params: tuple[tuple[str, Any], ...],
    plans: tuple[int, ...],
    units: frozenset[int] | None,
) -> pl.DataFrame:
    scope: _Params = {"plans": list(plans), "several": len(plans) > 1}
    scope |= {"all": units is None, "units": list(units or ())}
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + condition, {**scope, **dict(params)})
        rows = cursor.fetchall()
    made = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    kinds = made.select("kind", "level").unique()
    groups = kinds.with_columns(
        pl.Series("group", [group_of(*pair) for pair in kinds.iter_rows()], dtype=pl.String)
    )
    made = made.join(groups, on=["kind", "level"], how="left", maintain_order="left")
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


def tallies(rows: pl.DataFrame, *by: str) -> dict[Any, Tally]:
    """One tally for each value of a column (or for each tuple of several), in one pass."""
    grouped: dict[Any, dict[str, int]] = {}
    for *values, standing, count in rows.group_by(*by, "standing").len().iter_rows():
        key = values[0] if len(by) == 1 else tuple(values)
        grouped.setdefault(key, {})[standing] = count
    return {
        value: Tally(str(value), str(value), sum(counts.values()), counts)
        for value, counts in grouped.items()
    }


@dataclass(frozen=True, slots=True)
class Summary:
    """A year in four views, each a tally."""

    total: Tally
    by_column: dict[str, Tally]
    by_group: dict[str, Tally]
    by_state: dict[str, int]


def summary(plans: Plans, year: int, user: User | None = None) -> Summary:
    """Counts of a year by standing: of everything, by task, by class of units, by state."""
    rows = frame(plans, year, user)
    return Summary(
        total=tally(rows),
        by_column=tallies(rows, "column"),
        by_group=tallies(rows, "group"),
        by_state=dict(rows.group_by("state").len().iter_rows()),
    )


def visible_obligations(user: User) -> QuerySet[Obligation]:
    """Obligations a person may open."""
    rows = Obligation.objects.select_related("task", "duty", "directive", "plan", "holder")
    visible = visible_organisations(user)
    return rows if visible is None else rows.filter(holder_id__in=visible)


def workable_units(user: User) -> frozenset[int]:
    """Units for which a person may report: the own one, its subtree, and what these continue."""
    unit = own_organisation(user)
    if unit is None or not user.may("plans.work"):
        return frozenset()
    kept = user.__dict__.get("_workable")
    if kept is None:
        below = organisations.subtree(unit.pk, clock.today())
        kept = frozenset(below | organisations.ancestors_of(below))
        user.__dict__["_workable"] = kept
    return kept


class Given(TypedDict):
    """What was answered to an obligation."""

    id: int
    words: str
    figure: Decimal | None
    evidence_count: int


def answers_of(keys: Iterable[int]) -> dict[int, Given]:
    """What was answered to obligations: words, figure, how many proofs; by their keys."""
    rows = Obligation.objects.filter(pk__in=keys)
    return {
        row["id"]: Given(**row) for row in rows.values("id", "words", "figure", "evidence_count")
    }


def reviewable(user: User, keys: Iterable[int]) -> QuerySet[Obligation]:
    """The chosen results; a report is accepted with the report itself."""
    return visible_obligations(user).filter(pk__in=keys).exclude(duty__kind__in=ELSEWHERE)


def chosen_obligations(
    plans: Plans, year: int, *, keys: list[int], units: list[int]
) -> QuerySet[Obligation]:
    """Single obligations of a year when some are named, else all of the units."""
    rows = Obligation.objects.filter(plan__in=keys_of(plans), year=year)
    return rows.filter(pk__in=keys) if keys else rows.filter(holder_id__in=units)


@dataclass(frozen=True, slots=True)
class WorkedOn:
    """What of a plan's obligations would be lost from sight."""

    total: int
    units: int
    told: int
    submitted: int


def worked_on(plan: Plan) -> WorkedOn:
    """How many obligations live, of how many units; of how many something was told, how many were handed in."""
    rows = Obligation.objects.filter(plan=plan).exclude(
        state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN)
    )
    return WorkedOn(
        total=rows.count(),
        units=rows.values("holder").distinct().count(),
        told=rows.exclude(words="").count(),
        submitted=rows.filter(state=ObligationState.SUBMITTED).count(),
    )


def proofs_of(row: Obligation) -> QuerySet[Evidence]:
    """Its evidence that nobody took back, the oldest first."""
    return row.evidence.filter(removed_at__isnull=True).order_by("at", "pk")


def awaiting_review(plans: Plans, year: int, task: int = 0) -> QuerySet[Obligation]:
    """Results (of one task) that the branch has not yet looked at, the oldest first; reports wait on their own page."""
    one = Q(task_id=task) if task else Q()
    return (
        Obligation.objects.filter(
            one, plan__in=keys_of(plans), year=year, state=ObligationState.SUBMITTED
        )
        .exclude(duty__kind__in=ELSEWHERE)
        .select_related("plan", "task", "duty", "directive", "holder")
        .order_by("submitted_on", "pk")
    )


def map_day(year: int) -> date:
    """The day whose names and places a page of a year shows: today, or the last day of a year gone by."""
    return min(clock.today(), date(year, 12, 31))


def subject_words(row: Obligation) -> str:
    """What is owed, in a few words."""
    if row.task:
        return row.task.title
    return row.duty.get_kind_display() if row.duty else str(row.directive)
