"""What groups, organisations and households get by the law of a day: asked before and after a figure changes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl
from loans_of_a_figure import day_within
from narwhals import from_native

from tdcs.capital.rules import share_interest
from tdcs.core.columns import day_number
from tdcs.core.errors import NoParametersOnDay
from tdcs.entrustment.rules import least_members, most_members
from tdcs.group_results.rules import earnings, rating
from tdcs.households.rules import classify, is_grown
from tdcs.households.standards import kinds, lines_on
from tdcs.loans.queries.applications import days_late
from tdcs.loans.rules.meetings import is_chosen, least_present
from tdcs.oversight.rules.coverage import duties_on, inspected_by, with_silence
from tdcs.problem_loans.rules.rounds import most_rounds
from tdcs.programmes.rules import default_spacing
from tdcs.programmes.rules.figures import Figure

WHOLE = 10**6
HOME = "p75"


def month_of(figure: Figure) -> date:
    """The first month that begins in the figure's row."""
    assert figure.since is not None
    after = figure.since.replace(day=1) + timedelta(31)
    return figure.since if figure.since.day == 1 else after.replace(day=1)


def results(figure: Figure) -> list[Any]:
    """All that the figure's file can touch, but for loans."""
    if figure.file.endswith("poverty_lines.yaml"):
        return classes(figure)
    if figure.file.endswith("eligibility.yaml"):
        return [kind.until(date(2026, 1, 31)) for kind in kinds().values()]
    if figure.file.endswith("entrustment.yaml"):
        return [*ratings(month_of(figure)), *fees(month_of(figure))]
    return [
        *spacings(figure),
        *sizes(figure),
        *commissions(month_of(figure)),
        *fees(month_of(figure)),
        *shares(figure),
        *inspections(figure),
    ]


def inspections(figure: Figure) -> list[Any]:
    """Coverage duties of a day, and from when a loan is silent."""
    day = figure.since
    assert day is not None
    row = {"loan": [1], "moved": [day_number(day) - 400], "balance": [1], "burdened": [False]}
    silent = asked(with_silence, pl.DataFrame(row), day, day_number(day) + 10**5)
    by = asked(inspected_by, day)
    return [by, asked(duties_on, day), None if silent is None else silent["silent"].to_list()]


def shares(figure: Figure) -> list[Any]:
    """How a year's interest of entrusted money is shared."""
    year = {"interest": 10**9, "healthy": 10**10, "provision_held": 0}
    return [asked(lambda day: share_interest(**year, on=day), figure.since)]


def asked(question: Any, *given: Any) -> Any:
    """The answer, or that the law has none on the day."""
    try:
        return question(*given)
    except NoParametersOnDay:
        return None


def spacings(figure: Figure) -> list[Any]:
    """Months between instalments: of a loan within one, another is no other schedule."""
    terms = ((12, "group"), (13, "group"), (60, "group"), (61, "group"), (12, "direct"))
    return [default_spacing("HN", term, channel, day_within(figure)) for term, channel in terms]


def sizes(figure: Figure) -> list[Any]:
    """How large groups may be, and how late the bank is with a file."""
    day = figure.since
    assert day is not None
    late = asked(days_late, day, day + timedelta(30))
    grown = asked(is_grown, day.replace(year=day.year - 18), day)
    # So many members and votes that one part in a million more is another answer.
    met = [asked(least_present, 3_000_000, day), asked(is_chosen, 500_001, 1_000_000, day)]
    rounds = asked(most_rounds, day)
    return [asked(least_members, day), asked(most_members, day), late, grown, rounds, *met]


def commissions(month: date) -> list[Any]:
    terms = asked(earnings.commission_terms, month)
    if terms is None:
        return []
    collected = frame(interest=[550_000, 99_999_999], rate_ppm=[66_000, 78_000])
    saved = frame(balance_days=[10**9, 3 * 10**9], days=[30, 31])
    return [
        earnings.interest_commission(collected, terms)["commission"].to_list(),
        earnings.savings_commission(saved, terms)["commission"].to_list(),
    ]


def fees(month: date) -> list[Any]:
    terms = asked(earnings.fee_terms, month)
    if terms is None:
        return []
    paid = earnings.entrustment_fee(frame(interest=[99_999_999], rate_ppm=[66_000]), terms)
    return paid.drop("basis").rows()


def ratings(month: date) -> list[Any]:
    """Points and grades of groups that stand on every border of the regime, and just beyond it."""
    regime = asked(rating.regime_of, month)
    if regime is None:
        return []
    rated = rating.rated(from_native(border_groups(month)), regime)
    points = [f"points_{one.code}" for one in regime.criteria]
    return rated.select(*points, "total", "grade").rows()


@cache
def border_groups(month: date) -> pl.DataFrame:
    """Made of the regime as it is first asked for, and the same when a figure of it has changed."""
    regime = rating.regime_of(month)
    full = {one.part: WHOLE if one.at_least else 0 for one in regime.criteria}
    full |= {one.whole: WHOLE for one in regime.criteria}
    parts = {one.code: one.part for one in regime.criteria}
    groups = [full]
    for one in regime.criteria:
        groups += [full | {one.part: mark + more} for mark, _ in one.steps for more in (-1, 0, 1)]
        # Nothing that could be done; done what nobody owed.
        groups += [full | {one.part: part, one.whole: 0} for part in (0, 1)]
    # Totals of 85, 70 and 50, and of nothing at all.
    poor = {
        "saving": 0,
        "growth": -1,
        "principal": 0,
        "interest": 0,
        "session": 0,
        "overdue": WHOLE,
    }
    for bad in (("saving", "growth"), ("saving", "growth", "principal"), ("saving", "growth", "principal", "interest"), tuple(poor)):  # fmt: skip
        groups.append(full | {parts[code]: poor[code] for code in bad})
    # On both sides of what makes a group weak whatever its score.
    for overdue in (40_000, 40_001, 40_002):
        for interest in (799_999, 800_000, 800_001):
            groups.append(full | {parts["overdue"]: overdue, parts["interest"]: interest})
    return pl.DataFrame(groups)


def classes(figure: Figure) -> list[Any]:
    """What households become whose income and needs stand on the line, at home and elsewhere."""
    row, found = figure.row, []
    for place in ("rural", "urban"):
        incomes = [row[place]["poor"], row[place]["average"] or 4_000_000]
        households = [
            {"income_per_head": income + more, "deprivations": short}
            for income in incomes
            for more in (0, 1)
            for short in range(6)
        ]
        for provinces in (frozenset[str](), frozenset({HOME})):
            lines = lines_on(row["starts_on"], place, provinces)
            columns: dict[str, Any] = {}
            for standard in ("national", "local"):
                line = lines.get(standard)
                columns |= {
                    f"{standard}_poor": line and line.poor,
                    f"{standard}_average": line and line.average,
                    f"{standard}_deprivations": line and line.deprivations,
                    f"{standard}_basis": "",
                }
            schema = {name: pl.String if name.endswith("basis") else pl.Int64 for name in columns}
            table = pl.DataFrame([one | columns for one in households], schema_overrides=schema)
            found += classify(table).select("result", "standard").rows()
    return found


def frame(**columns: list[int]) -> Any:
    return from_native(pl.DataFrame(columns), eager_only=True)
