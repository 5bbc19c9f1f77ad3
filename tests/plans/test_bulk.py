"""Many rows in one statement: the same as saving each, of every kind of column."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tdcs.core import clock
from tdcs.organisations.services import bulk
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.models import Obligation, Plan

FIELDS = ("state", "percent", "words", "due_before", "submitted_on", "touched_at", "merged_into")


def _values(row: Obligation) -> list[Any]:
    return [getattr(row, name) for name in FIELDS]


def test_rows_hold_what_was_written_and_the_others_stay(plan: Plan, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk, "_AT_ONCE", 3)
    rows = list(Obligation.objects.filter(plan=plan, year=2026).order_by("pk")[:9])
    before = {row.pk: _values(row) for row in rows}
    changed = rows[:7]
    for at, row in enumerate(changed):
        row.state, row.percent, row.words = "submitted", at * 10, "Đã làm 'xong', {một} \\ phần\n"
        row.due_before = at % 2 == 0
        row.submitted_on = date(2026, 5, 1 + at) if at % 3 else None
        row.touched_at = datetime(2026, 5, 2, 8, at, tzinfo=clock.ZONE)
        row.merged_into = rows[8] if at == 4 else None
    assert update_rows(changed, FIELDS) == 7
    found = {row.pk: _values(row) for row in Obligation.objects.filter(pk__in=before)}
    for row in changed:
        assert found[row.pk] == _values(row) != before[row.pk]
    for row in rows[7:]:
        assert found[row.pk] == before[row.pk]


def test_no_rows_are_no_statement(plan: Plan, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert update_rows([], FIELDS) == 0
