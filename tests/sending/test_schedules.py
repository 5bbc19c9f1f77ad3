"""A report leaves once for a recipient and a day, within the reader's scope, and says what became of it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tdcs.access.models import RoleHolding, User
from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.plans.models import Plan
from tdcs.plans.queries.obligations import frame
from tdcs.sending.errors import (
    NoRecipients,
    NotForOutsiders,
    RecipientMayNotSee,
    RecipientUnknown,
    ScheduleDayWrong,
    ScheduleEnded,
)
from tdcs.sending.models import ReportSchedule, ReportSending, ScheduleState, SendingState
from tdcs.sending.services import mailing
from tdcs.sending.services.mailing import send_due_reports, try_schedule
from tdcs.sending.services.schedules import ScheduleDraft, make_schedule, set_schedule_state

MONDAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def draft(*recipients: str, **changes: Any) -> ScheduleDraft:
    fields = {"kind": "overdue", "fmt": "xlsx", "rhythm": "weekly", "day": 1} | changes
    return ScheduleDraft(recipients=recipients, **fields)


def schedule(by: User, *recipients: str, **changes: Any) -> ReportSchedule:
    return make_schedule(draft=draft(*recipients, **changes), by=by, on=MONDAY)


def rows_of(message: Any) -> list[list[Any]]:
    [(name, content, _kind)] = message.attachments
    assert name.endswith(".xlsx")
    return list(
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )


def test_it_leaves_once_for_a_day_with_the_file(plan: Plan, cast: Any) -> None:
    made = schedule(cast.planner, "ke-hoach", "kiem-toan", "ke-hoach")
    assert send_due_reports(on=MONDAY) == 2
    assert {message.to[0] for message in mail.outbox} == {cast.planner.email, cast.auditor.email}
    table = rows_of(mail.outbox[0])
    assert any("Quá hạn" in row for row in table) and len(table) > 20
    assert send_due_reports(on=MONDAY) == 0, "again on the day"
    assert send_due_reports(on=MONDAY + timedelta(6)) == 0, "until the next"
    assert send_due_reports(on=MONDAY + timedelta(7)) == 2
    kept = ReportSending.objects.filter(schedule=made, period=MONDAY)
    assert {row.state for row in kept} == {SendingState.SENT}
    assert all(row.sent_at and len(row.sha256) == 64 for row in kept)
    assert AuditLine.objects.filter(action="sending.send_report").count() == 4


@pytest.mark.parametrize(("kind", "fmt"), [("progress", "xlsx"), ("progress", "pdf")])
def test_each_form_is_a_file_of_its_kind(plan: Plan, cast: Any, kind: str, fmt: str) -> None:
    schedule(cast.planner, "ke-hoach", kind=kind, fmt=fmt)
    assert send_due_reports(on=MONDAY) == 1
    [(name, content, _)] = mail.outbox[0].attachments
    assert name == f"progress-20261123.{fmt}"
    assert content[:4] == (b"%PDF" if fmt == "pdf" else b"PK\x03\x04")


def test_a_reader_gets_what_the_scope_allows(plan: Plan, cast: Any) -> None:
    """A leader of a commune gets the commune's rows, not those of the other ninety units."""
    RoleHolding.objects.filter(user=cast.la_nga).update(role="leader")
    schedule(cast.planner, "la-nga", "ke-hoach", kind="progress")
    assert send_due_reports(on=MONDAY) == 2
    sums = {
        message.to[0]: sum(row[2] for row in rows_of(message) if isinstance(row[2], float))
        for message in mail.outbox
    }
    assert sums[cast.la_nga.email] == frame((plan,), 2026, cast.la_nga).height
    assert sums[cast.planner.email] == frame((plan,), 2026).height > sums[cast.la_nga.email]


def test_who_lost_the_right_gets_nothing(plan: Plan, cast: Any) -> None:
    made = schedule(cast.planner, "kiem-toan")
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    assert send_due_reports(on=MONDAY) == 0
    [row] = made.sendings.all()
    assert row.state == SendingState.FAILED and "không mở được" in row.why["vi"]
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changes", "recipients", "refusal"),
    [
        ({}, (), NoRecipients),
        ({}, ("  ",), NoRecipients),
        ({}, ("khong-co",), RecipientUnknown),
        ({"kind": "targets"}, ("a@example.vn",), RecipientUnknown),
        ({"kind": "targets"}, ("Nguyễn Văn A <a@>",), RecipientUnknown),
        ({}, ("Nguyễn Văn A <a@example.vn>",), NotForOutsiders),
        ({"kind": "progress"}, ("Nguyễn Văn A <a@example.vn>",), NotForOutsiders),
        ({}, ("la-nga",), RecipientMayNotSee),
        ({"day": 8}, ("ke-hoach",), ScheduleDayWrong),
        ({"rhythm": "monthly", "day": 32}, ("ke-hoach",), ScheduleDayWrong),
        ({"day": 0}, ("ke-hoach",), ScheduleDayWrong),
    ],
)
def test_what_is_refused(
    cast: Any, changes: dict[str, Any], recipients: tuple[str, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        schedule(cast.planner, *recipients, **changes)
    assert not ReportSchedule.objects.exists()


def test_someone_outside_may_be_named_for_public_figures(cast: Any) -> None:
    made = schedule(cast.planner, "Nguyễn Văn A <A@example.vn>", kind="targets", day=7)
    assert [str(one) for one in made.recipients.all()] == ["Nguyễn Văn A <a@example.vn>"]


def test_a_mail_server_that_is_away_is_asked_again_with_longer_waits(
    plan: Plan, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Any, messages: Any) -> int:
        raise SMTPServerDisconnected("gone")

    plainly = locmem.EmailBackend.send_messages
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", away)
    made = schedule(cast.planner, "ke-hoach")
    waits = []
    for attempt in range(1, mailing.MOST_ATTEMPTS + 1):
        assert send_due_reports(on=MONDAY) == 0
        row = made.sendings.get()
        assert row.attempts == attempt
        if row.state == SendingState.QUEUED:
            waits.append(round((row.next_try_at - clock.now()).total_seconds() / 60))
            assert send_due_reports(on=MONDAY) == 0 and made.sendings.get().attempts == attempt
            ReportSending.objects.update(next_try_at=clock.now())
    assert waits == [5, 15, 45, 135]
    assert row.state == SendingState.FAILED and "SMTPServerDisconnected" in row.why["vi"]
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", plainly)
    assert send_due_reports(on=MONDAY) == 0, "it ended"


def test_one_cut_short_is_not_sent_again(plan: Plan, cast: Any) -> None:
    made = schedule(cast.planner, "ke-hoach")
    mailing._queue(made, MONDAY)
    made.sendings.update(state=SendingState.SENDING, taken_at=clock.now())
    assert send_due_reports(on=MONDAY) == 0
    assert made.sendings.get().state == SendingState.SENDING, "another may still be at it"
    made.sendings.update(taken_at=clock.now() - timedelta(minutes=31))
    assert send_due_reports(on=MONDAY) == 0
    assert made.sendings.get().state == SendingState.FAILED and mail.outbox == []


def test_a_pause_is_not_made_up_and_an_end_is_an_end(plan: Plan, cast: Any) -> None:
    made = schedule(cast.planner, "ke-hoach")
    set_schedule_state(schedule=made, state=ScheduleState.PAUSED, by=cast.planner, on=MONDAY)
    assert send_due_reports(on=MONDAY) == 0
    tuesday = MONDAY + timedelta(1)
    set_schedule_state(schedule=made, state=ScheduleState.ACTIVE, by=cast.planner, on=tuesday)
    assert send_due_reports(on=tuesday) == 0
    assert send_due_reports(on=MONDAY + timedelta(7)) == 1
    set_schedule_state(schedule=made, state=ScheduleState.ENDED, by=cast.planner, on=tuesday)
    assert send_due_reports(on=MONDAY + timedelta(14)) == 0
    with pytest.raises(ScheduleEnded):
        set_schedule_state(schedule=made, state=ScheduleState.ACTIVE, by=cast.planner, on=tuesday)


def test_a_trial_goes_to_oneself_and_counts_for_no_day(plan: Plan, cast: Any) -> None:
    made = schedule(cast.planner, "kiem-toan")
    assert try_schedule(schedule=made, by=cast.planner, on=MONDAY).state == SendingState.SENT
    assert [message.to for message in mail.outbox] == [[cast.planner.email]]
    assert mail.outbox[0].subject.startswith("Gửi thử")
    assert send_due_reports(on=MONDAY) == 1


def test_the_pages_make_try_pause_and_end(plan: Plan, cast: Any, signed_in: Any) -> None:
    browser = signed_in(cast.planner)
    assert "Chưa có lịch gửi" in browser.get(reverse("sending:schedules")).content.decode()
    typed = {"kind": "overdue", "fmt": "xlsx", "rhythm": "weekly", "day": "1"}
    wrong = browser.post(reverse("sending:schedule_new"), typed | {"recipients": "khong-co"})
    assert "khong-co" in wrong.content.decode(), "what was typed stays"
    browser.post(reverse("sending:schedule_new"), typed | {"recipients": "ke-hoach\nkiem-toan"})
    made = ReportSchedule.objects.get()
    act = reverse("sending:schedule_act", args=[made.pk])
    browser.post(act, {"verb": "try"})
    page = browser.get(reverse("sending:schedule", args=[made.pk])).content.decode()
    assert "đã gửi" in page and "gửi thử" in page
    assert "Hằng tuần, thứ 2" in browser.get(reverse("sending:schedules")).content.decode()
    for verb, state in (("pause", "paused"), ("resume", "active"), ("end", "ended")):
        browser.post(act, {"verb": verb})
        made.refresh_from_db()
        assert made.state == state
    assert browser.post(act, {"verb": "x"}).status_code == 404


def test_only_the_planner_sets_reports_up(cast: Any, signed_in: Any) -> None:
    made = schedule(cast.planner, "ke-hoach")
    addresses = [
        reverse("sending:schedules"),
        reverse("sending:schedule_new"),
        reverse("sending:schedule", args=[made.pk]),
        reverse("sending:schedule_act", args=[made.pk]),
    ]
    for person in (cast.la_nga, cast.leader, cast.auditor, cast.admin):
        browser = signed_in(person)
        for address in addresses:
            assert browser.get(address).status_code == 403
            assert browser.post(address, {"verb": "end"}).status_code == 403
