"""The private calendar: the own unit's deadlines by RFC 5545, read back; a token that is not in use opens nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from tdcs.access.models import RoleHolding, User
from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.core.trail import record
from tdcs.plans.models import CalendarFeed, Obligation, Plan
from tdcs.plans.rules.timeliness import LADDER
from tdcs.plans.services import progress
from tdcs.plans.services.feeds import make_feed, revoke_feed

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def address(person: User) -> str:
    return f"/ke-hoach/lich/{make_feed(by=person, on=TODAY)}.ics"


def read(url: str) -> Calendar:
    answer = Client().get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content.decode())


def events(calendar: Calendar) -> dict[str, Any]:
    found = {str(one["UID"]): one for one in calendar.walk("VEVENT")}
    assert len(found) == len(list(calendar.walk("VEVENT"))), "identities are unique"
    return found


def test_it_is_by_the_standard(plan: Plan, cast: Any) -> None:
    url = address(cast.la_nga)
    body = Client().get(url).content
    lines = body.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and b"VERSION:2.0" in lines
    assert b"\n" not in body.replace(b"\r\n", b""), "lines end with CRLF"
    assert max(len(line) for line in lines) <= 75, "long lines are folded"
    calendar = read(url)
    assert calendar.errors == []
    found = events(calendar)
    assert found
    for one in found.values():
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "LAST-MODIFIED"} <= one.keys()
        assert one["DTSTART"].params["VALUE"] == "DATE", "a whole day"
        assert one["DTEND"].dt - one["DTSTART"].dt == timedelta(days=1)
        assert one["DTSTAMP"].dt.utcoffset() == timedelta()
        assert "DESCRIPTION" not in one, "titles only"


def test_own_unit_only_on_the_last_day_in_time(plan: Plan, cast: Any) -> None:
    found = events(read(address(cast.la_nga)))
    owed = Obligation.objects.filter(
        holder=cast.la_nga.holding().organisation, due_on__isnull=False, year__gte=2025
    )
    assert set(found) == {f"obligation-{row.pk}@testserver" for row in owed}
    before = owed.filter(due_before=True)[0]
    event = found[f"obligation-{before.pk}@testserver"]
    assert before.due_on is not None
    assert event["DTSTART"].dt == before.due_on - timedelta(days=1)
    assert event["URL"] == f"http://testserver/ke-hoach/viec/{before.pk}/"
    other = events(read(address(cast.other_commune)))
    assert other and not set(other) & set(found)


def test_alarms_follow_the_ladder_until_it_is_reported(plan: Plan, cast: Any) -> None:
    row = Obligation.objects.filter(
        holder=cast.la_nga.holding().organisation, task__path="II.2.a", year=2026
    ).get()
    key, url = f"obligation-{row.pk}@testserver", address(cast.la_nga)
    before = events(read(url))[key]
    days = [alarm["TRIGGER"].dt for alarm in before.walk("VALARM")]
    assert days == [timedelta(days=step, hours=8) for step in LADDER]
    progress.submit(obligation=row, words="Rà soát 41 hộ", by=cast.la_nga, on=TODAY)
    after = events(read(url))[key]
    assert after.walk("VALARM") == []
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_what_falls_away_is_cancelled_under_the_same_identity(plan: Plan, cast: Any) -> None:
    url = address(cast.la_nga)
    before = events(read(url))
    Plan.objects.filter(pk=plan.pk).update(in_force_until=TODAY)
    record(action="plans.test", subject=plan, by=None, on=TODAY)
    after = events(read(url))
    assert set(after) == set(before)
    assert {str(one["STATUS"]) for one in before.values()} == {"CONFIRMED"}
    assert {str(one["STATUS"]) for one in after.values()} == {"CANCELLED"}
    assert all(after[key]["SEQUENCE"] > before[key]["SEQUENCE"] for key in before)


def test_unchanged_answers_304(plan: Plan, cast: Any) -> None:
    url, client = address(cast.la_nga), Client()
    first = client.get(url)
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get(url, headers={"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304
    Plan.objects.filter(pk=plan.pk).update(in_force_until=TODAY)
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_token_that_is_not_in_use_opens_nothing(plan: Plan, cast: Any) -> None:
    client, old = Client(), address(cast.la_nga)
    new = address(cast.la_nga)
    assert client.get(old).status_code == 404, "renewed"
    assert client.get(new).status_code == 200
    revoke_feed(by=cast.la_nga, on=TODAY)
    assert client.get(new).status_code == 404, "revoked"
    assert client.get("/ke-hoach/lich/khong-co.ics").status_code == 404
    actions = AuditLine.objects.filter(action__contains="feed").values_list("action", flat=True)
    assert sorted(actions) == ["plans.make_feed", "plans.make_feed", "plans.revoke_feed"]


def test_who_left_or_lost_the_role_opens_nothing(plan: Plan, cast: Any) -> None:
    client, url, other = Client(), address(cast.la_nga), address(cast.other_commune)
    User.objects.filter(pk=cast.la_nga.pk).update(is_active=False)
    assert client.get(url).status_code == 404
    RoleHolding.objects.filter(user=cast.other_commune).update(ends_on=TODAY)
    assert client.get(other).status_code == 404


def test_only_a_digest_is_kept_and_the_address_is_shown_once(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    client = signed_in(cast.la_nga)
    page = client.post("/ke-hoach/lich/cua-toi/", {"verb": "make"})
    token = page.context["address"].rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 43, "256 bits"
    assert token in page.content.decode() and "no-store" in page["Cache-Control"]
    kept = CalendarFeed.objects.get(person=cast.la_nga)
    assert token not in (kept.token_sha256, str(kept))
    assert token not in str(list(AuditLine.objects.values_list("data", "subject_words")))
    assert token not in client.get("/ke-hoach/lich/cua-toi/").content.decode()
    assert client.post("/ke-hoach/lich/cua-toi/", {"verb": "revoke"}).status_code == 302
    assert "Bạn chưa có" in client.get("/ke-hoach/lich/cua-toi/").content.decode()


def test_it_is_read_only_and_not_too_often(plan: Plan, cast: Any) -> None:
    url, client = address(cast.la_nga), Client()
    for method in (client.post, client.put, client.delete):
        assert method(url).status_code == 405
    codes = [client.get(url).status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]
    assert client.get(url)["Retry-After"] == "3600"
    assert client.get(address(cast.other_commune)).status_code == 200, "each address by itself"
    wrong = [client.get(f"/ke-hoach/lich/{n}.ics").status_code for n in range(61)]
    assert wrong == [404] * 60 + [429]
    assert client.get(address(cast.other_commune)).status_code == 200, "others are not held up"


def test_only_who_works_on_the_plan_has_one(plan: Plan, cast: Any, signed_in: Any) -> None:
    for person in (cast.leader, cast.auditor, cast.admin):
        assert signed_in(person).get("/ke-hoach/lich/cua-toi/").status_code == 403
        assert signed_in(person).post("/ke-hoach/lich/cua-toi/").status_code == 403
        assert Client().get(address(person)).status_code == 404
    assert clock.today() == TODAY
