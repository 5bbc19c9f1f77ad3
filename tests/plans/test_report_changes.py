"""A report whose obligations moved since its words were made says so; it leaves after a check-list was confirmed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from tdcs.plans.models import Obligation, Plan, UnitReport
from tdcs.plans.services import progress
from tdcs.reporting.queries.reports import changes_of
from tdcs.reporting.services import reports

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def _begun(plan: Plan, cast: Any) -> UnitReport:
    unit = cast.la_nga.holding(TODAY).organisation
    report = reports.open_report(plan=plan, year=2026, organisation=unit, by=cast.la_nga, on=TODAY)
    for section in report.sections.all():
        if not section.words:
            reports.save_section(
                section=section,
                words="Đã làm.",
                revision=section.revision,
                by=cast.la_nga,
                on=TODAY,
            )
    return UnitReport.objects.get(pk=report.pk)


def _answered(plan: Plan, cast: Any) -> Obligation:
    unit = cast.la_nga.holding(TODAY).organisation
    row = Obligation.objects.get(plan=plan, year=2026, holder=unit, task__path="II.2.a")
    progress.submit(obligation=row, words="Rà soát 41 hộ nghèo", by=cast.la_nga, on=TODAY)
    return row


def test_nothing_moved_nothing_is_said(plan: Plan, cast: Any, signed_in: Any) -> None:
    report = _begun(plan, cast)
    assert changes_of(report) == []
    page = signed_in(cast.la_nga).get(f"/ke-hoach/bao-cao/{report.pk}/").content.decode()
    assert 'id="changes"' not in page


def test_what_moved_since_the_prefill_is_shown_until_it_is_refreshed(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    report = _begun(plan, cast)
    row = _answered(plan, cast)
    (found,) = changes_of(report)
    assert (found.kind, found.path) == ("changed", "II.2.a")
    assert "tình trạng: Chưa có kết quả → Hoàn thành" in found.what
    page = signed_in(cast.la_nga).get(f"/ke-hoach/bao-cao/{report.pk}/").content.decode()
    assert 'id="changes"' in page
    assert "Chưa có kết quả → Hoàn thành" in page
    reports.refresh(report=report, by=cast.la_nga, on=TODAY)
    report.refresh_from_db()
    assert changes_of(report) == []
    row.state = "withdrawn"
    row.save()
    (gone,) = changes_of(report)
    assert (gone.kind, gone.path) == ("gone", "II.2.a")


def test_a_report_begun_before_this_was_kept_claims_nothing(plan: Plan, cast: Any) -> None:
    report = _begun(plan, cast)
    report.prefilled = []
    _answered(plan, cast)
    assert changes_of(report) == []


def _act(client: Any, report: UnitReport, **more: str) -> Any:
    posted = {"verb": "submit", "number": "12/BC-UBND", "signer": "Lê Văn B", **more}
    return client.post(f"/ke-hoach/bao-cao/{report.pk}/lam/", posted)


def test_it_leaves_after_the_check_list_was_confirmed(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    report = _begun(plan, cast)
    client = signed_in(cast.la_nga)
    asked = _act(client, report)
    page = asked.content.decode()
    report.refresh_from_db()
    assert report.state == "draft"
    assert 'id="checklist"' in page
    assert "Lê Văn B" in page
    assert all(
        words in page for words in ("Chưa có lời văn", "Chưa có số liệu", "Chưa có minh chứng")
    )
    mark = re.search(r'name="confirmed" value="([0-9a-f]+)"', page)
    assert mark is not None
    # What moved after the list was shown is shown before the report leaves.
    _answered(plan, cast)
    again = _act(client, report, confirmed=mark[1])
    report.refresh_from_db()
    assert report.state == "draft"
    assert "Chưa có kết quả → Hoàn thành" in again.content.decode()
    mark = re.search(r'name="confirmed" value="([0-9a-f]+)"', again.content.decode())
    assert mark is not None
    assert _act(client, report, confirmed=mark[1]).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.number) == ("submitted", "12/BC-UBND")


def test_another_unit_confirms_nothing(plan: Plan, cast: Any, signed_in: Any) -> None:
    report = _begun(plan, cast)
    assert _act(signed_in(cast.other_commune), report, confirmed="1").status_code == 404
