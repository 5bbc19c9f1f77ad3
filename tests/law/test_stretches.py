"""What is looked up once for a stretch of days holds on each of them."""

import itertools
from datetime import date, timedelta

import pytest

from tdcs.core import law
from tdcs.core.errors import NoParametersOnDay, Refusal
from tdcs.loans.rules import running
from tdcs.programmes.rules.lawbook import read_book, rows
from tdcs.programmes.rules.stretches import edges, first_of_stretch
from tdcs.programmes.rules.terms import programmes, terms_on


def test_every_day_of_the_files_begins_a_stretch():
    book = read_book()
    # How groups are rated and paid reaches no contract.
    book["entrustment"] = {}
    written = {
        row.content[key] for row in rows(book) for key in ("from", "to") if row.content.get(key)
    }
    assert written - set(edges()) == set()


def _ends() -> list[date]:
    """The first, a middle and the last day of each stretch."""
    days = []
    for start, end in itertools.pairwise((*edges(), edges()[-1] + timedelta(days=400))):
        days += [start, start + (end - start) / 2, end - timedelta(days=1)]
    return days


def _asked(province: str, tier: str):
    for code, one in programmes().items():
        for group in ("", *one.groups):
            for day in _ends():
                yield code, group, day, province, tier


def _terms(code, day, group, province, tier):
    try:
        return terms_on(code, day, group, province=province, tier=tier)
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize("tier", ["central", "local"])
@pytest.mark.parametrize("province", law.provinces())
def test_terms_are_one_over_a_stretch(province, tier):
    for code, group, day, where, money in _asked(province, tier):
        start = first_of_stretch(day)
        assert _terms(code, day, group, where, money) == _terms(code, start, group, where, money)


@pytest.mark.parametrize("tier", ["central", "local"])
@pytest.mark.parametrize("province", law.provinces())
def test_what_reaches_a_running_loan_is_one_over_a_stretch(province, tier):
    for code, group, day, where, money in _asked(province, tier):
        try:
            exact = running._reached(code, group, day, where, money, None)
        except Refusal:
            continue
        assert running.reached(code, group, day, province=where, tier=money) == exact


def test_a_refusal_names_the_day_that_was_asked():
    day = date(1994, 5, 17)
    with pytest.raises(NoParametersOnDay, match="1994-05-17"):
        running.reached("HN", "", day)
