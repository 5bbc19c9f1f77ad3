"""Names of figures, and which keys of not_encoded cover them."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.programmes.rules.figures import Figure, covers, figures


def named(name: str) -> Figure:
    (found,) = [one for one in figures() if one.name == name]
    return found


@pytest.mark.parametrize(
    ("name", "value", "until"),
    [
        ("overdue_percent@1990-01-01", 130, date(2024, 9, 2)),
        ("GQVL.special.rate@2015-09-01", 60, date(2026, 1, 1)),
        ("HSSV.spacing", 12, None),
        ("rating.criteria.session.steps.0.1@2013-03-05", 20, date(2026, 7, 24)),
        ("lines.national.rural.poor@2022-01-01", 1_500_000, date(2026, 1, 1)),
        ("kinds.newly_escaped.months", 36, None),
        ("ha-noi.GQVL.maximum@2025-12-08", 300_000_000, None),
    ],
)
def test_each_figure_has_a_name_of_its_own(name: str, value: int, until: date | None) -> None:
    figure = named(name)
    assert (figure.value, figure.until) == (value, until)
    assert name.startswith(figure.series)


@pytest.mark.parametrize(
    ("key", "covered"),
    [
        ("overdue_percent", True),
        ("overdue_percent@1990-01-01", True),
        ("overdue_percent@2024-09-02", False),
        ("overdue", False),
        ("*_percent", True),
        ("*.monthly", False),
    ],
)
def test_what_a_key_covers(key: str, covered: bool) -> None:
    assert covers(key, named("overdue_percent@1990-01-01")) is covered


def test_a_key_covers_what_begins_with_it() -> None:
    steps = named("rating.criteria.session.steps.0.1@2013-03-05")
    assert covers("rating.criteria", steps)
    assert covers("rating.criteria.session.steps.0.1", steps)
    assert not covers("rating.criteria.sess", steps)
