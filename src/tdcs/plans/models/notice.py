"""What was told to whom: notices in the site, reminders by channel, official letters."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tdcs.organisations.models import Organisation
from tdcs.plans.models.obligation import Obligation
from tdcs.plans.models.plan import Plan
from tdcs.plans.models.report import UnitReport


class Channel(models.TextChoices):
    IN_APP = "in_app", "Trong hệ thống"
    EMAIL = "email", "Thư điện tử"
    LETTER = "letter", "Công văn"


class NoticeKind(models.TextChoices):
    """What a notice is about; the kinds of one row come with its key, the others open a list."""

    OBLIGATION = "obligation", "Việc"
    REPORT = "report", "Báo cáo"
    LETTER = "letter", "Công văn"
    INBOX = "inbox", "Việc của đơn vị"
    PROPOSALS = "proposals", "Kiến nghị"
    LOAN_STEP = "loan_step", "Hồ sơ vay"


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
