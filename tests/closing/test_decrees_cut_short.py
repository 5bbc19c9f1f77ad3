"""Carrying a decree out, killed by SIGKILL at any point and called again, ends with the same figures and posts once."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from decree_book import ACT, DECREE, FIRST, Laid, Late, findings, taken_up
from kill_world import prepared

from tdcs.closing.queries import store
from tdcs.closing.services import close_day
from tdcs.closing.services.decrees import carry_out
from tdcs.core import clock
from tdcs.programmes.models import DecreeApplication

pytestmark = pytest.mark.django_db

_LOANS_SQL = """
    SELECT number, interest_whole, interest_rest, interest_credit, current_rate_ppm, overdue_base_ppm, state
      FROM loans_loan ORDER BY number
"""
_DONE_SQL = """
    SELECT document, state, taken_up_on, through_loan, result->'credits', result->'credit', result->'brought',
           result->'days' FROM programmes_decreeapplication ORDER BY 1
"""
# Entries of credits are cut by pieces, and pieces by where the kill came: their lines are the same.
_CREDITS_SQL = """
    SELECT a.code, p.subject, sum(p.credit - p.debit) FROM ledger_posting p
      JOIN ledger_account a ON a.id = p.account_id WHERE a.subledger = 'loan' GROUP BY 1, 2 ORDER BY 1, 2
"""


def _named(files: dict[str, bytes]) -> dict[str, bytes]:
    """The days' pages and the files that they name: what a later day's writing sweeps away is not among them."""
    pages = {name: made for name, made in files.items() if name.endswith(".json")}
    folders = {
        f"{json.loads(made)['day']}.{json.loads(made)['digest'][:16]}" for made in pages.values()
    }
    return pages | {name: made for name, made in files.items() if name.split("/")[0] in folders}


def test_killed_on_the_way_it_ends_the_same(
    laid: Laid, django_db_blocker: Any, tmp_path: Path
) -> None:
    """One of the points; `make soak` kills at every one."""
    _kill_at(
        laid, django_db_blocker, tmp_path, lambda last: {random.Random(9).randint(2, last - 1)}
    )


@pytest.mark.soak
def test_killed_at_every_point_it_ends_the_same(
    laid: Laid, django_db_blocker: Any, tmp_path: Path
) -> None:
    _kill_at(laid, django_db_blocker, tmp_path, lambda last: set(range(1, last + 1)))


def _kill_at(laid: Laid, blocker: Any, tmp_path: Path, chosen: Callable[[int], set[int]]) -> None:
    taken = laid.taken_up, laid.home
    with prepared(blocker, tmp_path, "decree_child.py", ACT.isoformat(), taken) as (world, name):
        whole, cut = f"{name}_whole", f"{name}_cut"

        def ends_as(which: str) -> list[Any]:
            found = world.ends_as(which)
            runs = [row for row in found["runs"] if row[0] != ACT]
            return [
                _named(found["files"]), found["ledger"], runs, found["keys"],
                *(world.sql(which, sql) for sql in (_LOANS_SQL, _DONE_SQL, _CREDITS_SQL)),
            ]  # fmt: skip

        world.copy(name, whole)
        stages, _ = world.run(whole, "carry").split()
        expected = ends_as(whole)
        for stage in sorted(chosen(int(stages))):
            world.copy(name, cut)
            with world.start(cut, "carry", str(stage)) as process:
                process.communicate()
            assert process.returncode == -9
            world.run(cut, "carry")
            assert ends_as(cut) == expected, f"killed at stage {stage}"


def test_the_next_close_finishes_what_was_cut_short(
    book: Late, prepared_days: list[list[date]]
) -> None:
    taken_up(book)

    def cut(words: str) -> None:
        if "khóa lại" in words:
            raise KeyboardInterrupt

    with clock.fixed_today(ACT):
        with pytest.raises(KeyboardInterrupt):
            carry_out(document=DECREE, by=book.director, on=ACT, step=cut)
        assert DecreeApplication.objects.get().state == "confirmed"
        unfinished = findings()
        assert "closing.decrees_are_carried_out" in unfinished
        # The loans' rows and the ledger agree at every point between.
        assert [name for name in unfinished if name.startswith(("loans.", "ledger."))] == []
        close_day(day=ACT, by=None)
        assert DecreeApplication.objects.get().state == "done"
        # What is read of the days that the decree moved is made anew as well.
        assert prepared_days == [[*(day for day in store().days() if day >= FIRST)]]
        assert findings() == {}
