"""An obligation set to accepted, a report's text changed, a proof exchanged with its digest: each is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from tdcs.audit.checks import changes_have_their_line, records_are_as_decided
from tdcs.plans.models import Obligation, Plan, ReportSection
from tdcs.plans.services import evidence, progress
from tdcs.reporting.services import reports

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def owner(sql: str, values: list[object]) -> None:
    """What the owner of the database can do: with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def row(plan: Plan, cast: Any) -> Obligation:
    unit = cast.la_nga.holding(TODAY).organisation
    found = Obligation.objects.get(plan=plan, year=2026, holder=unit, task__path="II.2.a")
    progress.submit(obligation=found, words="Rà soát 41 hộ nghèo", by=cast.la_nga, on=TODAY)
    return found


def test_nothing_is_named_where_nothing_was_altered(row: Obligation) -> None:
    assert list(records_are_as_decided()) == []
    assert list(changes_have_their_line()) == []


def test_an_obligation_set_to_accepted(row: Obligation) -> None:
    owner("UPDATE plans_obligation SET state = 'accepted' WHERE id = %s", [row.pk])
    assert list(records_are_as_decided()) == [
        f"plans_obligation {row.pk}: nội dung khác lần ghi cuối"
    ]


def test_a_report_s_text_changed(row: Obligation, plan: Plan, cast: Any) -> None:
    report = reports.open_report(
        plan=plan, year=2026, organisation=row.holder, by=cast.la_nga, on=TODAY
    )
    section = ReportSection.objects.filter(report=report).order_by("pk")[0]
    assert list(records_are_as_decided()) == []
    owner("UPDATE plans_reportsection SET words = 'khác' WHERE id = %s", [section.pk])
    assert list(records_are_as_decided()) == [
        f"plans_reportsection {section.pk}: nội dung khác lần ghi cuối"
    ]


def test_a_proof_exchanged_with_its_digest(row: Obligation, cast: Any) -> None:
    made = evidence.add_file(
        obligation=row,
        title="Biên bản",
        filename="b.pdf",
        content=b"%PDF-1.4 a",
        by=cast.la_nga,
        on=TODAY,
    )
    owner("UPDATE plans_evidence SET sha256 = repeat('0', 64) WHERE id = %s", [made.pk])
    assert list(records_are_as_decided()) == [
        f"plans_evidence {made.pk}: nội dung khác lần ghi cuối"
    ]
