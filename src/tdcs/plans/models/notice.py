"""What was told to whom: notices in the site, reminders by channel, official letters."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Organisation
from tdcs.plans.models.obligation import Obligation
from tdcs.plans.models.plan import Plan
from tdcs.plans.models.report import UnitReport


class Channel(models.TextChoices):
    IN_APP = "in_app", _("Trong hệ thống")
    EMAIL = "email", _("Thư điện tử")
    LETTER = "letter", _("Công văn")


class NoticeKind(models.TextChoices):
    """What a notice is about; the kinds of one row come with its key, the others open a list."""

    OBLIGATION = "obligation", _("Việc")
    REPORT = "report", _("Báo cáo")
    LETTER = "letter", _("Công văn")
    INBOX = "inbox", _("Việc của đơn vị")
    PROPOSALS = "proposals", _("Kiến nghị")
    LOAN_STEP = "loan_step", _("Hồ sơ vay")


_OF_ONE_ROW = (
    NoticeKind.OBLIGATION,
    NoticeKind.REPORT,
    NoticeKind.LETTER,
    NoticeKind.LOAN_STEP,
)


class Notice(models.Model):
    """A line under the bell of everyone in an organisation, or of one person of it. Its address is made when it is shown."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="notices")
    # Only this person's, while he works for the organisation.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="notices"
    )
    words = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    subject_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    read_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        verbose_name = "thông báo"
        ordering = ["-at"]
        indexes = [models.Index(fields=["organisation", "-at"], name="notice_bell")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=_OF_ONE_ROW, subject_id__isnull=False)
                | (~models.Q(kind__in=_OF_ONE_ROW) & models.Q(subject_id__isnull=True)),
                name="notice_subject_as_its_kind",
            )
        ]

    def __str__(self) -> str:
        return self.words


class Letter(models.Model):
    """An official letter of reminder; its text is rebuilt from its fields, to the byte."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="letters")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="letters")
    year = models.PositiveSmallIntegerField()
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày")
    signer = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=120, blank=True)
    items = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "công văn đôn đốc"

    def __str__(self) -> str:
        return f"Công văn đôn đốc {self.number}".strip()


class Reminder(models.Model):
    """One reminder sent about one obligation or report, so that none is sent twice."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, related_name="reminders")
    report = models.ForeignKey(UnitReport, models.PROTECT, null=True, related_name="reminders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reminders")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    # The step of the ladder: days before (negative) or after the due day, or 0 for one sent by hand.
    step = models.SmallIntegerField()
    on = models.DateField()
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="reminders")

    class Meta:
        verbose_name = "nhắc việc"
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "channel", "step", "on"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.on}"


class DeliveryState(models.TextChoices):
    """How far a reminder got to one person; of a notice in the site its reading is asked of the notice itself."""

    QUEUED = "queued", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")
    NOBODY = "nobody", _("Không có người nhận")


class ReminderDelivery(models.Model):
    """One reminder to one person of a unit by one channel; without a person it says that there was nobody to tell."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=DeliveryState.choices)
    why = models.CharField("lý do", max_length=200, blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="deliveries")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "lượt nhắc đến một người"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, state=DeliveryState.NOBODY)
                | models.Q(person__isnull=False) & ~models.Q(state=DeliveryState.NOBODY),
                name="reminder_delivery_nobody_has_no_person",
            ),
            models.UniqueConstraint(
                fields=["plan", "organisation", "channel", "on"],
                condition=models.Q(state=DeliveryState.NOBODY),
                name="reminder_delivery_nobody_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.on}: {self.get_state_display()}"
