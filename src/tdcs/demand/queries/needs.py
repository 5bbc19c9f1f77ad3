"""Who needs credit, who qualifies, who has been served: the indicator of II.3.i (100% access)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.demand.queries import qualifying, serving
from tdcs.demand.queries.qualifying import Qualifier
from tdcs.demand.queries.serving import Server
from tdcs.households.models import CreditNeed, NeedSurvey
from tdcs.households.queries.scope import (
    living_areas_of,
    seen_communes,
    surveyed_communes,
    visible_households,
    with_predecessors,
)
from tdcs.organisations.models import Area

NEED_COLUMNS = {
    "need": pl.Int64,
    "household": pl.Int64,
    "area": pl.Int64,
    "programme": pl.String,
    "amount": pl.Int64,
    "on": pl.Date,
}


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the indicator. need = qualified + not_qualified + unknown; qualified = served + waiting."""

    area: int | None
    programme: str
    need: int
    amount: int
    qualified: int
    not_qualified: int
    unknown: int
    served: int
    waiting: int
    served_amount: int

    @property
    def tenths(self) -> int | None:
        """Served of qualified in tenths of a per cent, rounded down so that 100% means all; None of nothing."""
        return self.served * 1000 // self.qualified if self.qualified else None


@dataclass(frozen=True, slots=True)
class Indicator:
    """The lines and what they add up to."""

    by_area: list[Access]
    by_programme: list[Access]
    lines: list[Access]
    total: Access


def visible_surveys(user: User) -> QuerySet[NeedSurvey]:
    """The surveys of the communes in scope, the latest first."""
    rows = NeedSurvey.objects.select_related("area")
    areas = surveyed_communes(user)
    if areas is not None:
        rows = rows.filter(area_id__in=areas)
    return rows.order_by("-year", "-quarter", "area_id")


def needs_in_scope(user: User, survey: NeedSurvey) -> QuerySet[CreditNeed]:
    """The needs of a survey, of the households that the person sees, by household and programme."""
    rows = CreditNeed.objects.filter(survey=survey).select_related("household", "survey")
    if seen_communes(user) is not None:
        rows = rows.filter(household__in=visible_households(user))
    return rows.order_by("household__code", "programme", "pk")


def needs_frame(needs: Iterable[CreditNeed], on: date) -> pl.DataFrame:
    """Needs as columns; the area is the living commune that continues the survey's."""
    rows = list(needs)
    areas = living_areas_of({need.survey.area_id for need in rows}, on)
    data = [
        (
            need.pk,
            need.household_id,
            (areas[need.survey.area_id] or (need.survey.area_id,))[0],
            need.programme,
            need.amount,
            need.told_on,
        )
        for need in rows
    ]
    return pl.DataFrame(data, schema=NEED_COLUMNS, orient="row")


def with_answers(
    frame: pl.DataFrame, *, qualifies: Qualifier | None = None, served: Server | None = None
) -> pl.DataFrame:
    """Adds qualified (null: not known), reason, served_on, served_amount; who was served did qualify.

    ``qualifies`` and ``served`` default to the law's rule and to the loans.
    """
    if len(frame) == 0:
        return frame.with_columns(
            qualified=pl.lit(None, dtype=pl.Boolean),
            reason=pl.lit(""),
            served_on=pl.lit(None, dtype=pl.Date),
            served_amount=pl.lit(None, dtype=pl.Int64),
        )
    answers = (qualifies or qualifying.qualifies)(frame).select("need", "qualified", "reason")
    frame = frame.join(answers, on="need", how="left")
    loans = (served or serving.served)(frame).select("need", "served_on", "served_amount")
    frame = frame.join(loans.unique("need"), on="need", how="left")
    got = pl.col("served_on").is_not_null()
    return frame.with_columns(
        pl.when(got).then(True).otherwise(pl.col("qualified")).alias("qualified")
    )


def access_indicator(
    areas: Iterable[Area | int] | Area | None,
    year: int,
    *,
    on: date,
    qualifies: Qualifier | None = None,
    served: Server | pl.DataFrame | None = None,
) -> Indicator:
    """Need, qualified and served of a year, as told by a day, by commune and programme; None as ``areas`` means all.

    ``qualifies`` and ``served`` default to the law's rule and to the loans; ``served`` may be a frame
    (need, served_on, served_amount). A household's need for a programme told in several quarters counts
    once, as told last.
    """
    needs = CreditNeed.objects.filter(survey__year=year, told_on__lte=on).select_related("survey")
    if areas is not None:
        chosen = [areas] if isinstance(areas, Area) else list(areas)
        keys = [one.pk if isinstance(one, Area) else one for one in chosen]
        needs = needs.filter(survey__area_id__in=with_predecessors(keys))
    latest: dict[tuple[int, str], CreditNeed] = {}
    for need in needs.order_by("told_on", "pk"):
        latest[need.household_id, need.programme] = need
    table = served
    giver = (lambda _needs: table) if isinstance(table, pl.DataFrame) else table
    frame = with_answers(needs_frame(latest.values(), on), qualifies=qualifies, served=giver)
    return _added_up(frame)


def _added_up(frame: pl.DataFrame) -> Indicator:
    rows = list(frame.iter_rows(named=True))
    cells: dict[tuple[int, str], list[dict[str, object]]] = defaultdict(list)
    for row in rows:
        cells[row["area"], row["programme"]].append(row)
    lines = [_line(area, programme, part) for (area, programme), part in sorted(cells.items())]
    areas = {line.area for line in lines if line.area is not None}
    programmes = {line.programme for line in lines}
    return Indicator(
        by_area=[_sum(a, "", [x for x in lines if x.area == a]) for a in sorted(areas)],
        by_programme=[
            _sum(None, p, [x for x in lines if x.programme == p]) for p in sorted(programmes)
        ],
        lines=lines,
        total=_sum(None, "", lines),
    )


def _line(area: int, programme: str, rows: list[dict[str, object]]) -> Access:
    got = [row for row in rows if row["served_on"] is not None]
    qualified = sum(row["qualified"] is True for row in rows)
    return Access(
        area=area,
        programme=programme,
        need=len(rows),
        amount=sum(int(str(row["amount"])) for row in rows),
        qualified=qualified,
        not_qualified=sum(row["qualified"] is False for row in rows),
        unknown=sum(row["qualified"] is None for row in rows),
        served=len(got),
        waiting=qualified - len(got),
        served_amount=sum(int(str(row["served_amount"] or 0)) for row in got),
    )


def _sum(area: int | None, programme: str, lines: list[Access]) -> Access:
    names = (
        "need",
        "amount",
        "qualified",
        "not_qualified",
        "unknown",
        "served",
        "waiting",
        "served_amount",
    )
    return Access(area, programme, *(sum(getattr(line, name) for line in lines) for name in names))
