"""Each kind of change moves what it should and nothing else; the draft's figures are those of the law changed for real."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from changed_law import changed_law
from policy_world import LAST, TODAY, World, tried

from tdcs.closing.services import rebuild
from tdcs.loans.models import Loan
from tdcs.policy_lab.queries.comparing import Tried, try_overlay
from tdcs.policy_lab.rules.comparing import FIGURES
from tdcs.policy_lab.rules.reading import Overlay
from tdcs.programmes.models import DecreeApplication

pytestmark = pytest.mark.django_db
NEXT = "from: 2027-01-01"


def sums(found: Tried, programme: str = "") -> dict[str, int]:
    """The figures that are not nought, of a programme or of all."""
    rows = found.compared.cells
    rows = rows.filter(pl.col("programme") == programme) if programme else rows
    return {name: int(rows[name].sum()) for name in FIGURES}


def moved(found: Tried, programme: str = "") -> dict[str, int]:
    """What differs between the two laws: figure → after less before, and the counts of winners and losers."""
    all_ = sums(found, programme)
    pairs = {n.removesuffix("_before"): n for n in FIGURES if n.endswith("_before")}
    told = {name: all_[f"{name}_after"] - all_[before] for name, before in pairs.items()}
    rest = ("gaining", "gain", "losing", "loss", "cut", "cut_loans", "room", "room_loans", "shorter",
            "longer", "cost", "cost_local", "newly_eligible", "no_longer", "kept")  # fmt: skip
    told |= {name: all_[name] for name in rest}
    return {name: value for name, value in told.items() if value}


def year(amount: int, ppm: int) -> int:
    """Interest of 365 days by hand, rounded half up."""
    return int(Fraction(amount * ppm, 10**6) + Fraction(1, 2))


def test_no_change_moves_nothing(world: World) -> None:
    found = try_overlay(Overlay("Không đổi", "Thử"), TODAY)
    assert moved(found) == {}
    all_ = sums(found)
    assert (all_["loans"], all_["outstanding"]) == (5, 170_000_000)
    by_hand = year(30_000_000, 66_000) + year(50_000_000, 62_400) + year(30_000_000, 62_400)
    assert all_["interest_before"] == by_hand + year(40_000_000, 74_880) + year(20_000_000, 84_000)
    assert all_["commission_before"] == 170_000_000 * 850 * 12 // 10**6


def test_a_point_on_one_programme_is_its_interest(world: World) -> None:
    found = tried(f"figure: NSVSMT.rate, {NEXT}, ppm: 94000, reach: both")
    more = year(20_000_000, 94_000) - year(20_000_000, 84_000)
    assert more == 200_000
    assert moved(found) == {
        "interest": more, "losing": 1, "loss": more, "cost": -more, "new_interest": more,
    }  # fmt: skip
    assert moved(found, "HN") == {}
    assert found.compared.losing_households == 1
    assert found.at == date(2027, 1, 1)


def test_a_rate_for_new_contracts_leaves_the_book(world: World) -> None:
    found = tried(f"figure: NSVSMT.rate, {NEXT}, ppm: 94000, reach: new")
    assert moved(found) == {"new_interest": 200_000}


def test_the_base_takes_its_multiples_with_it(world: World) -> None:
    """HCN bears 120% of HN; local and central money alike; NSVSMT has a rate of its own."""
    found = tried(f"figure: HN.rate, {NEXT}, ppm: 52400, reach: both")
    less = year(50_000_000, 10_000) + year(30_000_000, 10_000)
    assert moved(found, "HCN")["interest"] == -year(40_000_000, 12_000)
    told = moved(found, "HN")
    # The loan of 2025 never learnt of the decree of 2025: its 6.6% falls to 5.24%.
    assert told["interest"] == -less - year(30_000_000, 13_600)
    assert (told["gaining"], told["cost"]) == (3, -told["interest"])
    assert told["cost_local"] == year(30_000_000, 10_000)
    assert moved(found, "NSVSMT") == {}


def test_overdue_bears_what_the_draft_says(world: World) -> None:
    """Nothing is overdue, so a dearer overdue rate moves nothing until the rule of missed instalments does."""
    dearer = f"figure: overdue_percent, {NEXT}, value: 150, reach: running"
    assert moved(tried(dearer)) == {}
    stricter = "figure: missed_instalment_overdue, from: 2025-01-01, value: 1"
    found = tried(stricter)
    # 36 months every 6: 5 million fell due on 10/1/2026 and again half a year later.
    more = year(20_000_000, 66_000) + year(10_000_000, 85_800) - year(30_000_000, 66_000)
    assert moved(found, "HN") == {
        "overdue": 10_000_000, "overdue_loans": 1, "interest": more, "losing": 1, "loss": more,
        "commission": -10_000_000 * 850 * 12 // 10**6, "fee": -10_000_000 * 300 * 12 // 10**6,
        "cost": -more - 10_000_000 * 1150 * 12 // 10**6,
    }  # fmt: skip
    both = moved(tried(dearer, stricter), "HN")
    assert both["interest"] == year(10_000_000, 99_000) - year(10_000_000, 66_000)


def test_a_lower_maximum_cuts_what_was_lent_above_it(world: World) -> None:
    found = tried(f"figure: HN.maximum, {NEXT}, value: 40000000")
    assert moved(found) == {"cut": 10_000_000, "cut_loans": 1}
    assert moved(tried(f"figure: HN.maximum, {NEXT}, value: 50000000")) == {}
    assert moved(tried(f"figure: HN.maximum, {NEXT}, value: 49999999")) == {
        "cut": 1,
        "cut_loans": 1,
    }


def test_a_shorter_term_reaches_those_beyond_it(world: World) -> None:
    assert moved(tried(f"figure: HN.term, {NEXT}, months: 35")) == {"shorter": 2}
    assert moved(tried(f"figure: HN.term, {NEXT}, months: 36")) == {}


def test_commission_and_fee_cost_what_they_pay(world: World) -> None:
    found = tried(f"figure: commission_interest_ppm, {NEXT}, value: 900")
    more = 170_000_000 * 50 * 12 // 10**6
    local = 30_000_000 * 50 * 12 // 10**6
    assert moved(found) == {"commission": more, "cost": more, "cost_local": local}
    fee = moved(tried(f"figure: entrustment_fee_ppm, {NEXT}, value: 320"))
    assert fee == {"fee": 40_800, "cost": 40_800, "cost_local": 7_200}


def test_a_higher_line_opens_doors_by_name(world: World) -> None:
    """1.6 million a head is above the line of 1.5 and below that of 1.7; who was never measured stays as he is."""
    found = tried("figure: lines.national.rural.poor, from: 2026-06-01, value: 1700000")
    opened = found.compared.homes.filter(pl.col("opens"))
    assert set(opened["household"]) == {world.edge.pk}
    assert "HCN" in opened["programme"].to_list()
    assert moved(found, "HCN") == {"eligible": 1, "newly_eligible": 1}
    cell = found.compared.cells.filter(pl.col("newly_eligible") > 0, pl.col("programme") == "HCN")
    assert cell.select("commune", "status").rows() == [(world.commune, "average_living")]
    at = tried("figure: lines.national.rural.poor, from: 2026-06-01, value: 1600000")
    assert set(at.compared.homes["household"]) == {world.edge.pk}
    below = tried("figure: lines.national.rural.poor, from: 2026-06-01, value: 1599999")
    assert moved(below) == {}


def test_who_qualifies_is_a_list(world: World) -> None:
    found = tried("figure: HMTN.kinds, kinds: [newly_escaped, average_living]")
    assert found.compared.homes.rows() == [(world.edge.pk, "HMTN", True)]
    shut = tried("figure: HCN.kinds, kinds: [poor]")
    assert moved(shut, "HCN") == {"eligible": 2, "newly_eligible": 3, "no_longer": 1}


def _replace(rows: list[dict[str, Any]], day: date, **given: Any) -> None:
    """A row of the law changed for real: the one in force ends, the new one begins."""
    old = next(row for row in rows if row["from"] <= day and (not row.get("to") or day < row["to"]))
    rows.append({**old, "from": day, **given})
    old["to"] = day


def test_the_draft_is_the_law_changed_for_real(world: World, tmp_path: Path, settings: Any) -> None:
    """Figures "after" of the draft are the figures of a law whose files say so; of every kind of change at once."""
    found = tried(
        "figure: HN.rate, from: 2026-06-01, ppm: 52400, reach: both",
        "figure: HN.maximum, from: 2026-06-01, value: 40000000",
        "figure: missed_instalment_overdue, from: 2025-01-01, value: 1",
        "figure: overdue_percent, from: 2026-06-01, value: 150, reach: running",
        "figure: commission_interest_ppm, from: 2026-08-01, value: 900",
        "figure: lines.national.rural.poor, from: 2026-06-01, value: 1700000",
        "figure: HCN.kinds, kinds: [near_poor, poor]",
    )
    day = date(2026, 6, 1)

    def programmes(rows: Any) -> None:
        _replace(rows["HN"]["rate"], day, ppm=52_400, reach="both", document="QD-2553-2025-TTg")
        _replace(rows["HN"]["maximum"], day, value=40_000_000)
        rows["HCN"]["kinds"] = ["near_poor", "poor"]

    def loans(rows: Any) -> None:
        _replace(rows["missed_instalment_overdue"], date(2025, 1, 1), value=1)
        _replace(rows["overdue_percent"], day, value=150, reach="running")
        _replace(rows["commission_interest_ppm"], date(2026, 8, 1), value=900)

    def lines(rows: Any) -> None:
        line = next(one for one in rows["lines"] if one["starts_on"] == date(2026, 1, 1))
        line["rural"]["poor"] = 1_700_000

    day_of = date(2026, 6, 1)
    for document in ("QD-2553-2025-TTg", "ND-06-2026"):
        DecreeApplication.objects.create(
            document=document, state="done", asked_on=day_of, taken_up_on=day_of
        )
    shutil.copytree(settings.HOME, tmp_path, dirs_exist_ok=True)
    settings.HOME = tmp_path
    # What follows from the law changed: the contract's regime when it was signed, the list that the review made.
    Loan.objects.filter(pk=world.old.pk).update(by_instalment=True)
    world.edge.spells.update(kind="near_poor")
    with changed_law(programmes=programmes, loans=loans, poverty_lines=lines):
        rebuild(days=[LAST], by=None)
        # The kinds as they stand: households are read where a draft names who qualifies.
        real = tried("figure: HCN.kinds, kinds: [near_poor, poor]")
    by_draft = _by_programme(found, "_after")
    assert by_draft == _by_programme(real, "_before")
    assert by_draft != _by_programme(found, "_before")


def _by_programme(found: Tried, ending: str) -> dict[str, dict[str, int]]:
    names = [name for name in FIGURES if name.endswith(ending)]
    rows = found.compared.cells.group_by("programme").agg(pl.col(name).sum() for name in names)
    return {
        str(row.pop("programme")): {name.removesuffix(ending): value for name, value in row.items()}
        for row in rows.iter_rows(named=True)
    }
