"""Early warnings and what people noted on them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsGroup
from tdcs.households.models import Household
from tdcs.organisations.models import Area, Organisation


class EarlyWarning(models.Model):
    """A household, a group or a commune is warned of from a day on, for one reason, until the figures are well again."""

    class Place(models.TextChoices):
        HOUSEHOLD = "household", _("Hộ")
        GROUP = "group", _("Tổ TK&VV")
        COMMUNE = "commune", _("Xã, phường")

    # What it is about; one warning of a kind at a time.
    subject = models.CharField("đối tượng", max_length=60)
    kind = models.CharField("loại cảnh báo", max_length=24)
    place = models.CharField("phạm vi", max_length=10, choices=Place.choices)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="warnings")
    group = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="warnings")
    commune = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    programme = models.CharField("chương trình", max_length=12, blank=True)
    level = models.PositiveSmallIntegerField("mức")
    # What the rule found (problem_loans/rules/columns.py): of which the sentence is made.
    facts = models.JSONField("số liệu", default=dict)
    strength = models.BigIntegerField("độ mạnh", default=0)
    first_on = models.DateField("cảnh báo từ ngày")
    last_on = models.DateField("số liệu ngày")
    ended_on = models.DateField("hết cảnh báo ngày", null=True)
    law_hash = models.CharField(max_length=64)
    # Of the last note.
    noted_on = models.DateField("ngày xem xét", null=True)
    next_on = models.DateField("ngày hẹn việc tiếp theo", null=True)

    class Meta:
        verbose_name = "cảnh báo sớm"
        indexes = [models.Index(fields=["office", "kind"], name="earlywarning_office_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(ended_on__isnull=True),
                name="earlywarning_one_open",
            ),
            models.CheckConstraint(
                name="earlywarning_days_in_order",
                condition=Q(last_on__gte=F("first_on"))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("first_on"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class WarningNote(models.Model):
    """What somebody found out about a warning, what is done next, by whom and by when."""

    warning = models.ForeignKey(EarlyWarning, models.PROTECT, related_name="notes")
    on = models.DateField("ngày")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    words = models.CharField("kết quả xem xét", max_length=500)
    next_step = models.CharField("việc tiếp theo", max_length=300, blank=True)
    next_on = models.DateField("ngày hẹn", null=True)
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "xem xét cảnh báo"
        constraints = [
            models.CheckConstraint(
                name="warningnote_step_has_a_day",
                condition=Q(next_step="", next_on__isnull=True)
                | (~Q(next_step="") & Q(next_on__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.warning_id} {self.on}"
