"""Three month-ends of a small book of record, written as the core would export them and imported into an empty system, give the
same indicators to the dong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import polars as pl
import pytest
from django.core.cache import cache
from django.test import override_settings
from own_database import own_database

from tdcs.cli.setup import load_lending
from tdcs.closing.queries import store
from tdcs.core import clock
from tdcs.demo import build as demo
from tdcs.demo.extracts.figures import month_of
from tdcs.demo.extracts.report_31 import report_31
from tdcs.demo.extracts.writing import Traps, write_sheet
from tdcs.demo.province import build as province
from tdcs.demo.province.calibration import Frame
from tdcs.imports import services
from tdcs.imports.models import Extract, Unexplained
from tdcs.imports.rules.comparable import comparable, comparable_by_office
from tdcs.imports.rules.layouts import layout_of
from tdcs.indicators.queries.values import values
from tdcs.ledger.models import JournalEntry
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
ON: Final = date(2026, 11, 23)
SCALE: Final = 0.001
OFFICES: Final = ("004606", "004607", "005027")
# Keys by which offices stay whole.
WHOLE: Final = ((), ("office",))
BY: Final = ((), ("office",), ("commune",), ("programme",), ("local",), ("union", "commune"))


@contextmanager
def _silent(words: str) -> Iterator[None]:
    yield


@dataclass(frozen=True)
class Both:
    """The indicators of the book of record and of the monitored one, by (month, keys)."""

    days: list[date]
    own: dict[tuple[date, tuple[str, ...]], pl.DataFrame]
    monitored: dict[tuple[date, tuple[str, ...]], pl.DataFrame]
    home: Path


def _indicators(
    days: list[date], codes: list[str]
) -> dict[tuple[date, tuple[str, ...]], pl.DataFrame]:
    units = Organisation.objects.filter(code__in=[f"nhcsxh-pgd@{one}" for one in OFFICES])
    where = {"office": list(units.values_list("pk", flat=True))}
    return {
        (day, by): values(
            on=day,
            by=by,
            codes=[*codes, *(comparable_by_office() if by in WHOLE else ())],
            where=where,
        )
        for day in days
        for by in BY
    }


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Both]:
    """A small province is lent by this system, exported, emptied, and imported."""
    homes = [tmp_path_factory.mktemp(name) for name in ("own", "monitored")]
    patch = pytest.MonkeyPatch()
    with own_database(django_db_blocker, "monitored"), clock.fixed_today(ON):
        cache.clear()
        load_lending()
        codes = list(comparable())
        with override_settings(HOME=homes[0]):
            province.build(Frame(SCALE, ON, 232), _silent)
            days = store().month_ends()[-3:]
            own = _indicators(days, codes)
            files = {day: list(_written(day)) for day in days}
        demo._truncate(*demo.CREDIT)
        cache.clear()
        patch.setattr("tdcs.imports.store.home", lambda: homes[1])
        with override_settings(HOME=homes[1]):
            load_lending()
            for day in days:
                _import(files[day], day)
            yield Both(days, own, _indicators(days, codes), homes[1])
        patch.undo()


def _written(day: date) -> Iterator[tuple[str, bytes]]:
    """The extracts of the chosen offices, with the traps of real exports."""
    frame = report_31(month_of(day))
    for office in OFFICES:
        rows = frame.filter(pl.col("office") == office)
        traps = Traps.drawn(Random(f"{office} {day}"))
        content = write_sheet(layout_of("report_31"), rows, day, traps)
        yield f"{office}_{day:%d-%m-%Y}.xlsx", content


def _import(files: list[tuple[str, bytes]], day: date) -> None:
    made = services.receive(files=files, by=None, on=ON, key=f"r-{day}")
    services.read(imported=made, by=None, on=ON)
    services.commit(imported=made, monitor=True, by=None, on=ON, key=f"c-{day}")


def test_the_indicators_are_those_of_the_book_of_record(both: Both) -> None:
    wrong = []
    for key, own in both.own.items():
        keys = [*key[1], "code"]
        joined = own.join(both.monitored[key], on=keys, how="full", coalesce=True, nulls_equal=True)
        differing = joined.filter(pl.col("value").ne_missing(pl.col("value_right")))
        wrong += [(*key, *row) for row in differing.select(*keys, "value", "value_right").rows()]
    assert wrong == []


def test_nothing_is_booked_and_everything_is_explained(both: Both) -> None:
    assert not JournalEntry.objects.exists()
    assert Extract.objects.filter(operation__isnull=False).count() == Extract.objects.count()
    assert list(Unexplained.objects.values_list("code", "contract", "after")[:20]) == []
