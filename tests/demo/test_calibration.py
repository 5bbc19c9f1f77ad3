"""The synthetic province: its figures against those it is made like, its seed, and that every check holds on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tdcs.closing import checks as closing
from tdcs.closing.queries import store
from tdcs.closing.services.replaying import replay
from tdcs.core.columns import day_number
from tdcs.demo.province import build
from tdcs.demo.province.build import Province
from tdcs.demo.province.calibration import Frame
from tdcs.entrustment import checks as entrustment
from tdcs.entrustment.models import GroupProfile, GroupRating
from tdcs.group_results.services.rating import rate_month
from tdcs.households import checks as households
from tdcs.households.models import Person
from tdcs.ledger import checks as ledger
from tdcs.loans import checks as loans
from tdcs.loans.models import Loan
from tdcs.loans.rules.kinds import PRINCIPAL, WRITE_OFF

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 23)
MAY = day_number(date(2026, 5, 31))


@contextmanager
def _silent(words: str) -> Iterator[None]:
    yield


def _outstanding(drawn: Province, day: int, *, local: bool | None = None) -> float:
    """Thousand million dong at the whole scale."""
    rows = drawn.loans if local is None else drawn.loans.filter(pl.col("local") == local)
    paid = drawn.book.table().filter(pl.col("kind").is_in([PRINCIPAL, WRITE_OFF]))
    paid = paid.join(rows.select("loan"), on="loan", how="semi").filter(pl.col("day") <= day)
    later = drawn.lent.later.join(rows.select("loan"), on="loan", how="semi")
    lent = rows.filter(pl.col("disbursed") <= day)["amount"].sum()
    lent += later.filter(pl.col("day") <= day)["amount"].sum()
    return float(lent - paid["amount"].sum()) / 1e9 / drawn.frame.scale


def test_figures_are_those_of_dong_nai() -> None:
    drawn = build.draw(Frame(0.03, ON, 232))
    assert _outstanding(drawn, day_number(date(2025, 12, 31))) == pytest.approx(12_101, rel=0.015)
    assert _outstanding(drawn, MAY) == pytest.approx(13_219, rel=0.015)
    local = _outstanding(drawn, MAY, local=True)
    assert local / _outstanding(drawn, MAY) == pytest.approx(0.1976, abs=0.012)
    begun = day_number(date(2026, 1, 1))
    first = drawn.loans.filter(pl.col("disbursed").is_between(begun, MAY))
    later = drawn.lent.later.filter(pl.col("day").is_between(begun, MAY))
    lent = float(first["amount"].sum() + later["amount"].sum()) / 1e9 / 0.03
    assert lent == pytest.approx(2_222, rel=0.04)
    assert (len(first) + len(later)) / 0.03 == pytest.approx(33_849, rel=0.12)
    settled = drawn.book.settled
    lives = (drawn.book.disbursed <= MAY) & ((settled == 0) | (settled > MAY))
    borrowers = np.unique(drawn.homes.of_loan[lives]).size / 0.03
    assert borrowers == pytest.approx(213_140, rel=0.06)
    assert lives.sum() / 0.03 == pytest.approx(260_000, rel=0.06)
    balance = drawn.book.balance
    overdue = drawn.book.late[~drawn.book.is_frozen].sum() / balance.sum()
    assert overdue == pytest.approx(0.0012, abs=0.0004)
    assert balance[drawn.book.is_frozen].sum() / balance.sum() == pytest.approx(0.0005, abs=0.0003)


def test_every_commune_office_and_organisation_has_groups() -> None:
    drawn = build.draw(Frame(0.03, ON, 7))
    assert len({drawn.points[p].new for p in drawn.groups.point.tolist()}) == 95
    assert len(set(drawn.groups.office.tolist())) == 22
    assert set(drawn.groups.mass.tolist()) == {0, 1, 2, 3}


def _digest(drawn: Province) -> str:
    told = drawn.book.table().write_csv() + drawn.loans.write_csv() + drawn.moves.write_csv()
    return hashlib.sha256(told.encode()).hexdigest()


def test_the_same_seed_makes_the_same_province_and_another_seed_another() -> None:
    once, again, other = (_digest(build.draw(Frame(0.004, ON, seed))) for seed in (1, 1, 2))
    assert once == again
    assert once != other


def test_what_is_written_passes_every_check(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    drawn = build.build(Frame(0.004, ON, 3), _silent)
    rooms = (households, entrustment, ledger, loans, closing)
    found = {name: list(check()) for room in rooms for name, check in room.CHECKS.items()}
    assert {name: words for name, words in found.items() if words} == {}
    assert Loan.objects.count() == len(drawn.loans)
    assert {"in_time", "settled"} <= set(Loan.objects.values_list("state", flat=True))
    # Groups of both maps, and nobody born when people live.
    assert GroupProfile.objects.filter(ends_on=date(2025, 7, 1)).count() == len(drawn.groups)
    assert not Person.objects.exclude(identity_number__regex=r"^\d{3}[89]\d{8}$").exists()
    before = {
        row.pk: (row.figures, row.points, row.grade)
        for row in GroupRating.objects.filter(month=date(2026, 9, 1))
    }
    assert len(before) == len(drawn.groups)
    rate_month(month=date(2026, 9, 1), by=None, on=ON)
    after = GroupRating.objects.filter(month=date(2026, 9, 1))
    assert {row.pk: (row.figures, row.points, row.grade) for row in after} == before
    # The month-ends of the past, read from one fold, are what all events make of each day; the last day is closed.
    assert store().days()[-1] == date(2026, 11, 22)
    through = [date(2023, 6, 30), date(2025, 6, 30), date(2025, 7, 31), date(2026, 9, 30)]
    compared = list(replay(to=through[-1], through=through))
    assert [found.day for found in compared if found.rows > 500] == through
    assert [found.named for found in compared if found.loans or found.damaged] == []
