"""A reminder reaches people or says that it reached nobody; what became of it is kept for each person."""

from __future__ import annotations

from datetime import date
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.organisations.models import Organisation
from tdcs.plans.models import (
    Channel,
    DeliveryState,
    Notice,
    Obligation,
    Plan,
    Reminder,
    ReminderDelivery,
)
from tdcs.plans.queries.deliveries import reached
from tdcs.plans.queries.notices import mark_read
from tdcs.plans.queries.reminders import debtors
from tdcs.plans.services import reminders

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def owed(plan: Plan, unit: Organisation) -> list[Obligation]:
    return list(Obligation.objects.filter(plan=plan, year=2026, holder=unit, due_on__isnull=False))


def remind(plan: Plan, units: list[Organisation], channel: str, by: User) -> reminders.Reminded:
    rows = [row for unit in units for row in owed(plan, unit)]
    return reminders.remind_units(plans=[plan], obligations=rows, channel=channel, by=by, on=TODAY)


def empty_unit(plan: Plan) -> Organisation:
    """A commune for which nobody works."""
    held = Organisation.objects.filter(holdings__isnull=False)
    owing = Obligation.objects.filter(plan=plan, year=2026, due_on__isnull=False)
    return Organisation.objects.filter(pk__in=owing.values("holder")).exclude(pk__in=held)[0]


def test_a_unit_without_people_is_no_reminder_but_a_record(plan: Plan, cast: Any) -> None:
    unit = empty_unit(plan)
    told = remind(plan, [unit], Channel.IN_APP, cast.planner)
    assert (told.units, told.nobody) == (frozenset(), {unit.pk})
    assert not Reminder.objects.filter(organisation=unit).exists()
    assert not Notice.objects.filter(organisation=unit, words__startswith="Nhắc việc").exists()
    [kept] = ReminderDelivery.objects.filter(organisation=unit)
    assert (kept.state, kept.person) == (DeliveryState.NOBODY, None)
    line = AuditLine.objects.filter(action="plans.remind").latest("pk")
    assert (line.data["units"], line.data["nobody"]) == (0, 1)
    remind(plan, [unit], Channel.IN_APP, cast.planner)
    assert ReminderDelivery.objects.filter(organisation=unit).count() == 1, "once a day"


def test_the_page_names_the_unit_and_who_can_mend_it(plan: Plan, cast: Any, signed_in: Any) -> None:
    unit = empty_unit(plan)
    keys = [row.pk for row in owed(plan, unit)]
    client = signed_in(cast.planner)
    sent = {"id": keys, "channel": "in_app", "year": "2026"}
    answer = client.post("/ke-hoach/nhac-viec/gui/", sent, follow=True).content.decode()
    assert "không có người nhận" in answer
    assert cast.admin.full_name in answer
    page = client.get("/ke-hoach/nhac-viec/den-ai/?state=nobody").content.decode()
    assert "không có người nhận" in page and cast.admin.full_name in page


def test_a_notice_is_unread_until_the_person_reads_it(plan: Plan, cast: Any) -> None:
    unit = cast.la_nga.holding().organisation
    told = remind(plan, [unit, empty_unit(plan)], Channel.IN_APP, cast.planner)
    assert told.units == {unit.pk} and len(told.nobody) == 1
    [kept] = ReminderDelivery.objects.filter(person=cast.la_nga)
    [found] = reached((plan,), cast.planner)
    assert (found.people, found.arrived, found.nobody) == (1, 0, 1)
    assert kept.notice is not None
    mark_read(cast.la_nga, {kept.notice.pk})
    [found] = reached((plan,), cast.planner)
    assert (found.people, found.arrived) == (1, 1)


def test_a_mail_is_sent_or_failed_for_each_person(
    plan: Plan,
    cast: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    plainly = locmem.EmailBackend.send_messages

    def partly(self: Any, messages: Any) -> int:
        if messages[0].to == [cast.la_nga.email]:
            raise SMTPRecipientsRefused({cast.la_nga.email: (550, b"no such user")})
        return plainly(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", partly)
    units = [cast.la_nga.holding().organisation, cast.other_commune.holding().organisation]
    with django_capture_on_commit_callbacks(execute=True):
        remind(plan, units, Channel.EMAIL, cast.planner)
    refused = ReminderDelivery.objects.get(person=cast.la_nga)
    assert refused.state == DeliveryState.FAILED
    assert "SMTPRecipientsRefused" in refused.why and "@" not in refused.why
    arrived = ReminderDelivery.objects.get(person=cast.other_commune)
    assert (arrived.state, len(mail.outbox)) == (DeliveryState.SENT, 1)
    line = AuditLine.objects.get(action="plans.mail_reminders")
    assert line.data == {"sent": 1, "failed": 1}


def test_a_mail_server_that_is_away_fails_every_mail(
    plan: Plan,
    cast: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def away(self: Any) -> None:
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(locmem.EmailBackend, "open", away)
    with django_capture_on_commit_callbacks(execute=True):
        remind(plan, [cast.la_nga.holding().organisation], Channel.EMAIL, cast.planner)
    [kept] = ReminderDelivery.objects.filter(channel=Channel.EMAIL)
    assert (kept.state, kept.why) == (DeliveryState.FAILED, "ConnectionRefusedError 111")


def test_mail_is_not_for_who_declined_it_or_left(plan: Plan, cast: Any) -> None:
    User.objects.filter(pk=cast.la_nga.pk).update(by_mail=False)
    User.objects.filter(pk=cast.other_commune.pk).update(is_active=False)
    units = [cast.la_nga.holding().organisation, cast.other_commune.holding().organisation]
    told = remind(plan, units, Channel.EMAIL, cast.planner)
    assert told.units == frozenset() and told.nobody == {unit.pk for unit in units}


def test_late_units_stand_first(plan: Plan, cast: Any) -> None:
    found = debtors((plan,), 2026, cast.planner)
    flags = [one.late > 0 for one in found]
    assert True in flags and False in flags
    assert flags == sorted(flags, reverse=True)


def test_who_may_not_remind_does_not_see_whom_reminders_reached(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    for person in (cast.la_nga, cast.leader, cast.auditor, cast.admin):
        assert signed_in(person).get("/ke-hoach/nhac-viec/den-ai/").status_code == 403
    assert signed_in(cast.planner).get("/ke-hoach/nhac-viec/den-ai/").status_code == 200
