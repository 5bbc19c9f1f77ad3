"""A notice keeps what it is about; where it leads is made when it is shown."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.urls import include, path

from tdcs.plans.models import Notice, NoticeKind, Obligation, Plan
from tdcs.plans.services import progress
from tdcs.plans.services.notices import notify
from tdcs.plans.views.notices import shown
from tdcs.project import urls as site

TODAY = date(2026, 11, 23)
# The same site under another address: what a notice keeps must not break.
urlpatterns = [path("chuyen/", include(site.urlpatterns))]
STORED = {
    "/ke-hoach/viec/31/": ("obligation", 31),
    "/ke-hoach/bao-cao/7/": ("report", 7),
    "/ke-hoach/cong-van/12/pdf/": ("letter", 12),
    "/ke-hoach/kien-nghi/": ("proposals", None),
    "/ke-hoach/viec/": ("inbox", None),
}


@pytest.mark.django_db
def test_a_returned_result_leads_to_its_page(plan: Plan, cast: Any, signed_in: Any) -> None:
    row = Obligation.objects.get(
        plan=plan, holder__code="ubnd@n26227", task__path="II.2.a", year=2026
    )
    row = progress.submit(obligation=row, words="Rà soát 41 hộ", by=cast.la_nga, on=TODAY)
    progress.send_back(obligation=row, why="Thiếu số liệu", by=cast.planner, on=TODAY)
    notice = Notice.objects.get(organisation=row.holder, words__contains="Trả lại")
    assert (notice.kind, notice.subject_id) == ("obligation", row.pk)
    page = signed_in(cast.la_nga).get("/thong-bao/").content.decode()
    assert f'href="/ke-hoach/viec/{row.pk}/"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "kept"), STORED.items())
def test_each_kind_has_an_address(url: str, kept: tuple[str, int | None], cast: Any) -> None:
    kind, subject = kept
    unit = cast.la_nga.holding().organisation_id
    notice = notify(organisation=unit, words="x", kind=NoticeKind(kind), subject=subject)
    assert shown(notice).url == url
    with override_settings(ROOT_URLCONF=__name__):
        assert shown(notice).url == f"/chuyen{url}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "subject"), [(NoticeKind.REPORT, None), (NoticeKind.INBOX, 5)], ids=["none", "extra"]
)
def test_a_key_comes_with_kinds_of_one_row_only(
    kind: NoticeKind, subject: int | None, cast: Any
) -> None:
    unit = cast.la_nga.holding().organisation_id
    with pytest.raises(IntegrityError, match="notice_subject_as_its_kind"), transaction.atomic():
        notify(organisation=unit, words="x", kind=kind, subject=subject)


@pytest.mark.django_db
def test_addresses_stored_before_are_read_back_and_can_return() -> None:
    migration = import_module("tdcs.plans.migrations.0004_notice_subject")
    with connection.cursor() as cursor:
        # A table of this session stands before the real one.
        cursor.execute(
            "CREATE TEMP TABLE plans_notice (url text, kind text, subject_id bigint) ON COMMIT DROP"
        )
        cursor.executemany("INSERT INTO plans_notice (url) VALUES (%s)", [(u,) for u in STORED])
        cursor.execute(migration._FORWARD)
        cursor.execute("SELECT url, kind, subject_id FROM plans_notice")
        assert {url: (kind, subject) for url, kind, subject in cursor.fetchall()} == STORED
        cursor.execute("UPDATE plans_notice SET url = ''")
        cursor.execute(migration._BACK)
        cursor.execute("SELECT url FROM plans_notice")
        assert {url for (url,) in cursor.fetchall()} == set(STORED)
