"""Bands and tornado of a closed book: what they are of, the page, the commands, and who may see them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from groups_cast import BRANCH, person, unit

from tdcs.access.models import User
from tdcs.cli.main import main
from tdcs.closing.store import Store
from tdcs.core.months import month_end
from tdcs.forecasting.errors import AssumptionWrong
from tdcs.forecasting.queries import uncertainty
from tdcs.forecasting.queries.opening import opening
from tdcs.forecasting.queries.scenarios import outcome_of
from tdcs.forecasting.queries.uncertainty import UNMEASURED, bands_of, spread_of, tornado_of
from tdcs.forecasting.rules.assumptions import PPM, Assumptions
from tdcs.forecasting.rules.bands import Spread
from tdcs.forecasting.rules.scenario import project
from tdcs.forecasting.rules.sensitivity import STEPS, moved

pytestmark = pytest.mark.django_db
ADDRESS = "/du-bao/bien-do/"
LAST = date(2026, 10, 31)
PLAN = Assumptions(growth=100_000, local=300_000, until=2028)


@pytest.fixture
def planner(book: Store) -> User:
    return person("ke-hoach", "branch_planner", unit(BRANCH))


def client(user: User) -> Client:
    made = Client()
    made.force_login(user)
    return made


def test_paths_without_spread_are_the_projection_of_the_book(
    book: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the cohorts are the book's loans, whole; the mean of paths that do spread: test_bands.py."""
    uncertainty._bands.cache_clear()
    monkeypatch.setattr(uncertainty, "spread_of", lambda kept, base: Spread(0, 0, 0, 0, 0))
    found = bands_of(PLAN, LAST, paths=2, seed=7)
    years = project(opening(LAST, PLAN), PLAN).years
    for year in (2026, 2027, 2028):
        for measure in ("closing", "overdue", "repaid", "interest"):
            wanted = sum(getattr(row, measure) for row in years if row.year == year)
            band = next(one for one in found if (one.year, one.measure) == (year, measure))
            assert band.mean == pytest.approx(wanted, rel=1e-4, abs=10_000)


def test_the_same_seed_draws_the_same_bands(book: Store) -> None:
    found = bands_of(PLAN, LAST, paths=20)
    assert all(one.low <= one.middle <= one.high for one in found)
    assert bands_of(PLAN, LAST, paths=20, seed=1) != found
    uncertainty._bands.cache_clear()
    assert bands_of(PLAN, LAST, paths=20) == found


def test_years_are_compared_as_far_as_they_are_closed(book: Store, tmp_path: Path) -> None:
    found = spread_of(book, LAST)
    assert found != UNMEASURED
    assert 0 < found.programme <= PPM // 2
    first = min(book.month_ends())
    assert spread_of(book, month_end(first, 22)) == UNMEASURED
    assert spread_of(book, month_end(first, 23)) != UNMEASURED
    assert spread_of(Store(tmp_path), LAST) == UNMEASURED


def test_a_tornado_moves_one_assumption_at_a_time(book: Store) -> None:
    found = tornado_of(PLAN, LAST, "lent")
    assert {bar.name for bar in found.bars} == {"growth", "local", "slipped", "early", "cured"}
    assert [bar.span for bar in found.bars] == sorted(
        (bar.span for bar in found.bars), reverse=True
    )
    growth = next(bar for bar in found.bars if bar.name == "growth")
    assert (growth.low, growth.high) == (90_000, 110_000)
    higher = project(opening(LAST, PLAN), replace(PLAN, growth=110_000))
    assert growth.at_high == outcome_of(higher).lent > found.value
    usual = tornado_of(Assumptions(until=2027), LAST, "closing")
    assert {bar.name for bar in usual.bars} == {"lending", "slipped", "early", "cured"}


def test_what_would_pass_its_bound_stops_there(book: Store) -> None:
    edge = replace(PLAN, local=PPM, growth=1 - PPM, until=2026)
    bars = {one.name: one for one in moved(opening(LAST, edge), edge)}
    assert (bars["local"].low, bars["local"].high) == (PPM - STEPS["local"], PPM)
    assert bars["growth"].low == 1 - PPM
    with pytest.raises(AssumptionWrong):
        tornado_of(replace(PLAN, growth=-PPM), LAST, "lent")
    with pytest.raises(AssumptionWrong):
        bands_of(replace(PLAN, growth=-PPM), LAST)


def test_the_page_draws_both(planner: User) -> None:
    found = client(planner).get(ADDRESS).content.decode()
    assert "Biên độ dự báo và độ nhạy" in found
    for chart in ("band-data", "tornado-data"):
        data = json.loads(re.search(rf'<script id="{chart}"[^>]*>(.*?)</script>', found)[1])  # type: ignore[index]
        assert data["kind"] in ("bands", "tornado")
    assert "Tăng trưởng dư nợ" in found
    other = client(planner).get(ADDRESS, {"scenario": "slower", "measure": "overdue"})
    assert "Độ nhạy: Nợ quá hạn cuối kỳ" in other.content.decode()
    assert client(planner).get(ADDRESS, {"export": "csv"}).status_code == 200


def test_other_roles_are_refused(book: Store) -> None:
    for user in (
        person("xa", "unit_clerk", unit("ubnd@n26227")),
        person("giao-dich", "teller", unit("nhcsxh-pgd@004606")),
    ):
        assert client(user).get(ADDRESS).status_code == 403


def test_the_commands_tell_both(book: Store) -> None:
    asked = ["--on", "2026-11-23", "--growth", "10", "--local", "30", "--until", "2027", "--json"]
    told = CliRunner().invoke(main, ["forecast", "bands", "--paths", "20", *asked])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert (found["paths"], found["seed"], len(found["bands"])) == (20, 2030, 8)
    torn = json.loads(CliRunner().invoke(main, ["forecast", "tornado", *asked]).output)
    assert torn["measure"] == "lent"
    assert len(torn["bars"]) == 5
    refused = CliRunner().invoke(main, ["forecast", "bands", "--growth", "-200"])
    assert refused.exit_code == 1
    assert "growth of a year" in refused.output
