"""The figures of a scheme as they stand now: taken from the book, the scenario and the plan, never kept here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from tdcs.closing.queries import store
from tdcs.documents import numbers
from tdcs.forecasting.errors import AssumptionWrong
from tdcs.forecasting.queries.opening import base_of
from tdcs.forecasting.queries.scenarios import Named, opening_of, scenarios
from tdcs.forecasting.rules.assumptions import Assumptions, faults
from tdcs.forecasting.rules.scenario import Projection, project
from tdcs.indicators import queries
from tdcs.plans.composing.letterheads import plan_name
from tdcs.plans.models import Plan
from tdcs.programmes.rules import programmes
from tdcs.programmes.rules.lawbook import documents
from tdcs.scheme.errors import PeriodOutside, ScenarioGone
from tdcs.scheme.models import Scheme
from tdcs.scheme.queries.duties import duties_of
from tdcs.scheme.queries.standing import needs_of, result_days, results_of, standing_of
from tdcs.scheme.rules.bases import cited_lines
from tdcs.scheme.rules.figures import Content, SchemeFigures
from tdcs.scheme.rules.years import (
    BookDay,
    SchemeYears,
    average_growth,
    communes_of,
    programmes_of,
    share,
    years_of,
)

# A scheme of more years is a slip of the hand.
LONGEST: Final = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a scheme asks for: years, scenario, the communes' share of the local money (None: as on the book)."""

    first: int
    last: int
    scenario: str
    commune_share: int | None
    plan: Plan


def wanted_of(scheme: Scheme) -> Wanted:
    """What a kept scheme asks for."""
    return Wanted(
        scheme.first_year, scheme.last_year, scheme.scenario, scheme.commune_share, scheme.plan
    )


def content_of(scheme: Scheme, on: date) -> Content:
    """Figures, texts and bases of a scheme as they stand. Raises what ``take_figures`` raises."""
    return Content(
        name=scheme.name,
        figures=take_figures(wanted_of(scheme), on),
        texts={one.path: one.words for one in scheme.texts.all()},
        bases=[*cited_lines(scheme.bases, documents()), f"Căn cứ {plan_name(scheme.plan)}"]
        if scheme.bases
        else [],
    )


def scenario_of(key: str) -> Named:
    """The scenario of a scheme. Raises ScenarioGone."""
    found = next((one for one in scenarios() if one.key == key), None)
    if found is None:
        raise ScenarioGone
    return found


def require_possible(wanted: Wanted, on: date) -> tuple[Named, date]:
    """The scenario and the month-end from which it goes. Raises NoMonthClosed, ScenarioGone, AssumptionWrong, PeriodOutside."""
    base = base_of(on)
    scenario = scenario_of(wanted.scenario)
    if wrong := faults(scenario.assumed, base.year):
        raise AssumptionWrong(wrong)
    length = wanted.last - wanted.first + 1
    reached = base.year <= wanted.last <= scenario.assumed.until
    if not reached or not 1 <= length <= LONGEST:
        raise PeriodOutside(
            first=wanted.first,
            last=wanted.last,
            scenario=scenario.name,
            base=numbers.date_short(base),
            until=scenario.assumed.until,
            longest=LONGEST,
            year=base.year,
        )
    return scenario, base


def take_figures(wanted: Wanted, on: date) -> SchemeFigures:
    """Every figure that the scheme prints.

    Raises what ``require_possible`` raises, TooFewMonths, YearNotClosed, MonthsNotClosed.
    """
    scenario, base = require_possible(wanted, on)
    found = projected(base, store().manifest(base).digest, scenario.assumed)
    standing = standing_of(base, SchemeYears(wanted.first, wanted.last, 0))
    asked = SchemeYears(wanted.first, wanted.last, _commune_share(wanted, standing.now))
    years = years_of(found, standing, asked)
    days = result_days(base)
    need, waiting = (needs_of(base, "commune", code) for code in ("credit_need", "need_waiting"))
    keys = [key for key in standing.now.by_commune if isinstance(key, int)]
    return SchemeFigures(
        base=base.isoformat(),
        first=wanted.first,
        last=wanted.last,
        scenario={
            "key": scenario.key,
            "name": scenario.name,
            "basis": scenario.basis,
            "assumed": {k: v for k, v in asdict(scenario.assumed).items() if v is not None},
        },
        commune_share=asked.commune_share,
        commune_share_given=wanted.commune_share is not None,
        average_growth=average_growth(years),
        days=[day.isoformat() for day in days],
        results=results_of(days),
        years=years,
        programmes=programmes_of(
            found,
            standing,
            asked,
            {code: one.short for code, one in programmes().items()},
            {str(code): n for code, n in needs_of(base, "programme", "credit_need").items()},
        ),
        communes=communes_of(
            years,
            standing,
            queries.names("commune", keys, base),
            {key: (need.get(key), waiting.get(key)) for key in keys},
        ),
        duties=duties_of(wanted.plan, base.year),
    )


@lru_cache(maxsize=32)
def projected(base: date, digest: str, assumed: Assumptions) -> Projection:
    """The projection of a month-end, kept while its snapshot (``digest``) is the same."""
    assert digest
    return project(opening_of(base, assumed.until), assumed)


def _commune_share(wanted: Wanted, now: BookDay) -> int:
    """As it was given, else the communes' part of the local money on the book."""
    if wanted.commune_share is not None:
        return wanted.commune_share
    return share(now.communes, now.province + now.communes) or 0
