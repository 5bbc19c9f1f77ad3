"""Schedules of reports, to whom they go, and each sending."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from tdcs.households.models import Person
from tdcs.sending.rules.rhythm import MONTHLY, WEEKLY


class ReportKind(models.TextChoices):
    PROGRESS = "progress", _("Tiến độ kế hoạch")
    TARGETS = "targets", _("Chỉ tiêu và số liệu")
    OVERDUE = "overdue", _("Đơn vị có việc quá hạn")


class Rhythm(models.TextChoices):
    WEEKLY = WEEKLY, _("Hằng tuần")
    MONTHLY = MONTHLY, _("Hằng tháng")


class FileFormat(models.TextChoices):
    XLSX = "xlsx", _("Excel (.xlsx)")
    PDF = "pdf", _("PDF")


class ScheduleState(models.TextChoices):
    ACTIVE = "active", _("Đang gửi")
    PAUSED = "paused", _("Tạm dừng")
    ENDED = "ended", _("Đã kết thúc")


class SendingState(models.TextChoices):
    QUEUED = "queued", _("Chờ gửi")
    SENDING = "sending", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")


class ReportSchedule(models.Model):
    """One report that is mailed by itself: which, how often, by whom it was set up."""

    kind = models.CharField("báo cáo", max_length=10, choices=ReportKind.choices)
    fmt = models.CharField("dạng tệp", max_length=4, choices=FileFormat.choices)
    rhythm = models.CharField("nhịp", max_length=8, choices=Rhythm.choices)
    # Monday is 1; of a month the day, the last one where the month is shorter.
    day = models.PositiveSmallIntegerField("ngày")
    # Days of the rhythm before it are not made up: the day it was made or taken up again.
    since = models.DateField("từ ngày")
    state = models.CharField(
        "tình trạng", max_length=8, choices=ScheduleState.choices, default=ScheduleState.ACTIVE
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lập lúc")

    class Meta:
        verbose_name = "lịch gửi báo cáo"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm=Rhythm.WEEKLY, day__range=(1, 7))
                | Q(rhythm=Rhythm.MONTHLY, day__range=(1, 31)),
                name="report_schedule_day",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ReportRecipient(models.Model):
    """Who gets it: a person with an account, or a named person outside by an address."""

    schedule = models.ForeignKey(ReportSchedule, models.PROTECT, related_name="recipients")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField("họ tên", max_length=120, blank=True)
    email = models.EmailField("thư điện tử", blank=True)

    class Meta:
        verbose_name = "người nhận báo cáo"
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "person"],
                condition=Q(person__isnull=False),
                name="report_recipient_person_once",
            ),
            models.UniqueConstraint(
                fields=["schedule", "email"],
                condition=Q(person__isnull=True),
                name="report_recipient_address_once",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="", email="")
                | (Q(person__isnull=True) & ~Q(name="") & ~Q(email="")),
                name="report_recipient_account_or_name",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person else f"{self.name} <{self.email}>"


class ReportSending(models.Model):
    """One report to one recipient for one day of the rhythm; without a recipient a trial to oneself."""

    schedule = models.ForeignKey(ReportSchedule, models.PROTECT, related_name="sendings")
    recipient = models.ForeignKey(
        ReportRecipient, models.PROTECT, null=True, related_name="sendings"
    )
    tried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    period = models.DateField("kỳ", null=True)
    state = models.CharField(
        "tình trạng", max_length=8, choices=SendingState.choices, default=SendingState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    next_try_at = models.DateTimeField("thử lại lúc")
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField("gửi lúc", null=True)
    # In both languages.
    why = models.JSONField("lý do", default=dict)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "lượt gửi báo cáo"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "recipient", "period"], name="report_sending_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, tried_by__isnull=True, period__isnull=False)
                | Q(recipient__isnull=True, tried_by__isnull=False, period__isnull=True),
                name="report_sending_or_trial",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule}: {self.get_state_display()}"


class MessageKind(models.TextChoices):
    """What a message says; its text stands in law/messages.yaml."""

    DUE_SOON = "due_soon", _("Sắp đến hạn trả nợ")
    OVERDUE = "overdue", _("Nợ quá hạn")
    SESSION_CHANGED = "session_changed", _("Đổi ngày giao dịch xã")


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Chờ gửi")
    SENDING = "sending", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    DELIVERED = "delivered", _("Đã đến máy")
    FAILED = "failed", _("Không gửi được")


class PhoneConsent(models.Model):
    """A person agreed to get messages on the telephone that is kept, until it is withdrawn."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="phone_consents")
    given_on = models.DateField("đồng ý ngày")
    withdrawn_on = models.DateField("rút lại ngày", null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "đồng ý nhận tin nhắn"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(withdrawn_on__isnull=True),
                name="phone_consent_one_a_person",
            )
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class MessageBatch(models.Model):
    """Messages of one kind that were sent together; a large one waits for a second person."""

    kind = models.CharField("loại tin", max_length=16, choices=MessageKind.choices)
    on = models.DateField("ngày")
    count = models.PositiveIntegerField("số tin")
    parts = models.PositiveIntegerField("số phần")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lập lúc")
    needs_second = models.BooleanField("cần người thứ hai", default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "đợt tin nhắn"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("made_by")),
                name="message_batch_two_people",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y}"


class BorrowerMessage(models.Model):
    """One message to one person. The number is not kept here: it is asked of the person when it leaves."""

    batch = models.ForeignKey(MessageBatch, models.PROTECT, related_name="messages")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.CharField("nội dung", max_length=600)
    parts = models.PositiveSmallIntegerField("số phần")
    state = models.CharField(
        "tình trạng", max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    next_try_at = models.DateTimeField("thử lại lúc")
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField("gửi lúc", null=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True)
    why = models.CharField("lý do", max_length=80, blank=True)
    gateway_number = models.CharField("mã của cổng", max_length=80, blank=True, db_index=True)

    class Meta:
        verbose_name = "tin nhắn cho người vay"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "person"], name="message_once_a_batch")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.pk}"
