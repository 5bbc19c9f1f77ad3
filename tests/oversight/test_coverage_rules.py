"""Coverage duties: both sides of each day, shares rounded up, other figures in the data another result; samples by seed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tdcs.core import law
from tdcs.core.columns import day_number
from tdcs.core.errors import NoParametersOnDay
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.coverage import (
    Book,
    Done,
    counted,
    coverage,
    duties_on,
    marked,
    span_of,
    with_silence,
)
from tdcs.oversight.rules.places import metres_between
from tdcs.oversight.rules.sampling import draw, with_risk

ON = date(2026, 11, 23)
MASS, OFFICE, COMMUNE, GROUP = 11, 21, 31, 41


def loan(key: int, disbursed: date, **more: Any) -> dict[str, Any]:
    row = {
        "loan": key, "group": GROUP, "mass": MASS, "office": OFFICE, "commune": COMMUNE,
        "disbursed": day_number(disbursed), "balance": 10_000_000,
        "moved": day_number(more.pop("moved", ON)), "burdened": False, "bad": False,
    }  # fmt: skip
    return row | more


def book(*rows: dict[str, Any], on: date = ON) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows)).with_columns(
        pl.col(pl.Int64).cast(pl.Int64), pl.col(pl.Int32).cast(pl.Int64)
    )
    return with_silence(frame, on, day_number(on))


GROUPS = pl.DataFrame([{"group": GROUP, "mass": MASS, "office": OFFICE, "commune": COMMUNE}])


def visits(kind: str, **days: tuple[date, date]) -> pl.DataFrame:
    rows = [
        {kind: int(key[1:]), "first": day_number(first), "last": day_number(last)}
        for key, (first, last) in days.items()
    ]
    return pl.DataFrame(rows, schema={kind: pl.Int64, "first": pl.Int64, "last": pl.Int64})


def nothing_done() -> Done:
    return Done(visits("loan"), visits("group"))


def marks(code: str, rows: pl.DataFrame, done: Done | None = None, on: date = ON) -> dict[int, str]:
    duty = next(one for one in duties_on(ON) if one.code == code)
    found = marked(rows, GROUPS, done or nothing_done(), duty, span_of(2026, on), "mass")
    return dict(zip(found["loan"].to_list(), found["mark"].to_list(), strict=True))


def test_a_new_loan_is_due_for_thirty_days_and_missed_on_the_next() -> None:
    rows = book(
        loan(1, ON - timedelta(30)), loan(2, ON - timedelta(31)), loan(3, date(2025, 12, 31))
    )
    assert marks("new_loans", rows) == {1: "due", 2: "missed"}


def test_a_visit_on_the_thirtieth_day_is_in_time_a_day_later_late() -> None:
    given = date(2026, 9, 1)
    rows = book(loan(1, given), loan(2, given))
    last, after = given + timedelta(30), given + timedelta(31)
    done = Done(visits("loan", l1=(last, last), l2=(after, after)), nothing_done().groups)
    assert marks("new_loans", rows, done) == {1: "done", 2: "late"}


def test_silent_from_the_day_after_three_months() -> None:
    old = date(2025, 3, 1)
    quiet = [
        loan(1, old, moved=date(2026, 8, 23)),
        loan(2, old, moved=date(2026, 8, 22)),
        loan(3, old, moved=date(2026, 1, 5), burdened=True),
        loan(4, old, moved=date(2026, 1, 5), balance=0),
    ]
    assert marks("inactive_loans", book(*quiet)) == {2: "due"}
    # The last day of a month counts to the last day of the third month after it.
    end = [loan(1, old, moved=date(2025, 11, 30))]
    assert book(*end, on=date(2026, 2, 28))["silent"].to_list() == [0]
    assert book(*end, on=date(2026, 3, 1))["silent"].to_list() == [day_number(date(2026, 3, 1))]


def test_an_inspection_before_the_silence_does_not_count() -> None:
    rows = book(
        loan(1, date(2025, 3, 1), moved=date(2026, 6, 1)),
        loan(2, date(2025, 3, 1), moved=date(2026, 6, 1)),
    )
    before, since = date(2026, 9, 1), date(2026, 9, 2)
    done = Done(visits("loan", l1=(before, before), l2=(since, since)), nothing_done().groups)
    assert marks("inactive_loans", rows, done) == {1: "due", 2: "done"}


def test_groups_have_the_year_and_are_missed_after_it() -> None:
    assert set(marks("groups", book(loan(1, date(2025, 1, 1)))).values()) == {"due"}
    assert set(
        marks("groups", book(loan(1, date(2025, 1, 1))), on=date(2026, 12, 31)).values()
    ) == {"due"}
    assert set(marks("groups", book(loan(1, date(2025, 1, 1))), on=date(2027, 1, 1)).values()) == {
        "missed"
    }
    last_year = Done(
        nothing_done().loans, visits("group", g41=(date(2025, 12, 31), date(2025, 12, 31)))
    )
    assert set(marks("groups", book(loan(1, date(2025, 1, 1))), last_year).values()) == {"due"}


def sums(difficult: list[int], visited: int) -> dict[str, Any]:
    rows = book(*(loan(key, date(2025, 5, 1)) for key in range(1, 11)))
    day = date(2026, 5, 1)
    done = Done(
        visits("loan", **{f"l{key}": (day, day) for key in range(1, visited + 1)}),
        nothing_done().groups,
    )
    duty = next(one for one in duties_on(ON) if one.code == "old_loans")
    found = marked(rows, GROUPS, done, duty, span_of(2026, ON), "mass")
    return counted(found, duty, difficult, bound=True).row(0, named=True)


def test_nine_of_ten_old_loans_are_needed_and_eight_in_a_difficult_commune() -> None:
    assert {k: sums([], 8)[k] for k in ("total", "needed", "done", "due", "missed")} == {
        "total": 10, "needed": 9, "done": 8, "due": 1, "missed": 0,
    }  # fmt: skip
    assert sums([], 9)["due"] == 0
    assert (sums([COMMUNE], 7)["needed"], sums([COMMUNE], 7)["due"]) == (8, 1)
    assert sums([COMMUNE], 8)["due"] == 0


def test_every_body_is_counted_and_only_the_bound_one_needs_anything() -> None:
    rows = book(loan(1, date(2026, 9, 1)))
    done = {body["code"]: nothing_done() for body in settings.bodies()}
    found = coverage(
        Book(rows, GROUPS, []), done, duties_on(ON), settings.bodies(), span_of(2026, ON)
    )
    new = found.filter(pl.col("duty") == "new_loans")
    needed = dict(zip(new["body"].to_list(), new["needed"].to_list(), strict=True))
    assert needed == {"mass_organisation": 1, "vbsp": 0, "people_committee": 0, "board": 0}
    units = dict(zip(new["body"].to_list(), new["unit"].to_list(), strict=True))
    assert units == {
        "mass_organisation": MASS,
        "vbsp": OFFICE,
        "people_committee": COMMUNE,
        "board": COMMUNE,
    }


def test_another_figure_in_the_data_changes_the_result() -> None:
    figures = dict(law.load("parameters/oversight.yaml"))
    row = figures["inspection_old_loans_percent"][0] | {"value": 50}
    with law.tried(
        {"parameters/oversight.yaml": figures | {"inspection_old_loans_percent": [row]}}
    ):
        assert sums([], 0)["needed"] == 5
    days = dict(law.load("parameters/loans.yaml"))
    rows = [one | {"value": 10} for one in days["inspection_days_after_disbursement"]]
    with law.tried({"parameters/loans.yaml": days | {"inspection_days_after_disbursement": rows}}):
        assert marks("new_loans", book(loan(1, ON - timedelta(11)))) == {1: "missed"}
    assert sums([], 0)["needed"] == 9


def test_no_duty_before_its_first_day() -> None:
    with pytest.raises(NoParametersOnDay):
        duties_on(date(2026, 2, 10))
    assert len(duties_on(date(2026, 2, 11))) == 4


@pytest.mark.parametrize(
    ("members", "wanted"), [(3, 3), (20, 6), (21, 7), (40, 7), (41, 8), (60, 8)]
)
def test_households_of_a_group(members: int, wanted: int) -> None:
    assert settings.households_to_visit(members, ON) == wanted


def population(count: int = 1_000) -> pl.DataFrame:
    keys = range(1, count + 1)
    frame = pl.DataFrame(
        {
            "loan": list(keys),
            "balance": [90_000_000 if key % 5 == 0 else 10_000_000 for key in keys],
            "silent": [20_000 if key % 7 == 0 else 0 for key in keys],
            "bad": [key % 10 == 0 for key in keys],
        }
    )
    return with_risk(frame, settings.large_from())


def test_a_sample_is_the_same_for_a_seed_in_any_order_of_rows() -> None:
    first = draw(population(), settings.risks(), 100, 7)
    mixed = population().sample(fraction=1, shuffle=True, seed=3)
    assert draw(mixed, settings.risks(), 100, 7).equals(first)
    assert not draw(population(), settings.risks(), 100, 8).equals(first)
    shares = dict(first.group_by("risk").len().iter_rows())
    assert shares == {"overdue": 40, "inactive": 25, "large": 15, "other": 20}


def test_what_a_kind_lacks_comes_from_the_rest_and_none_comes_twice() -> None:
    few = population(50)
    drawn = draw(few, settings.risks(), 30, 1)
    assert (len(drawn), drawn["loan"].n_unique()) == (30, 30)
    assert set(few.filter(pl.col("bad"))["loan"]) <= set(drawn["loan"])
    assert len(draw(few, settings.risks(), 80, 1)) == 50


def test_metres_between_places() -> None:
    assert metres_between((11.0, 107.0), (11.0, 107.0)) == 0
    # A degree of latitude is 60 nautical miles of 1,853 m on this sphere.
    assert abs(metres_between((11.0, 107.0), (12.0, 107.0)) - 111_195) < 5
