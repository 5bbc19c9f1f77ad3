"""A line of a unit's register: one letter that it sent, or one that it received."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Organisation


class Direction(models.TextChoices):
    IN = "in", _("Đến")
    OUT = "out", _("Đi")


class About(models.TextChoices):
    """What of the system a letter is about or was made from; the key of its row stands beside."""

    NONE = "", _("–")
    TASK = "task", _("Nhiệm vụ của kế hoạch")
    DIRECTIVE = "directive", _("Việc giao thêm")
    REMINDER = "reminder", _("Công văn đôn đốc")
    REPORT = "report", _("Báo cáo của đơn vị")
    CONSOLIDATED = "consolidated", _("Báo cáo tổng hợp")
    UNIT_PLAN = "unit_plan", _("Kế hoạch của đơn vị")
    DECREE = "decree", _("Áp dụng quyết định")
    SCHEME = "scheme", _("Đề án")
    BOARD = "board", _("Phiên họp ban đại diện")


class RegisteredLetter(models.Model):
    """One letter in the register of one unit, numbered within unit, direction and year."""

    register = models.ForeignKey(Organisation, models.PROTECT, related_name="registered_letters")
    direction = models.CharField("chiều", max_length=3, choices=Direction.choices)
    year = models.PositiveSmallIntegerField("năm")
    sequence = models.PositiveIntegerField("số thứ tự")
    # The day on which it went out or came in; the letter's own day beside it.
    registered_on = models.DateField("ngày vào sổ")
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    dated_on = models.DateField("ngày văn bản")
    kind = models.CharField("loại văn bản", max_length=60)
    subject = models.CharField("trích yếu", max_length=500)
    sender = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    sender_words = models.CharField("nơi gửi", max_length=300)
    recipient = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    recipient_words = models.CharField("nơi nhận", max_length=300)
    about = models.CharField("về", max_length=12, choices=About.choices, blank=True)
    about_key = models.BigIntegerField(null=True)
    # Entered by the system: the same deed never enters it twice. Empty when a person typed it.
    origin = models.CharField(max_length=80, blank=True)
    answer_due_on = models.DateField("hạn trả lời", null=True)
    answered_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")
    acknowledged_on = models.DateField("ngày xác nhận nhận", null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Taken back by its sender (a report recalled or returned); the line stays.
    withdrawn_on = models.DateField("ngày thu hồi", null=True)
    search = models.CharField(max_length=1500, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "văn bản trong sổ"
        ordering = ["-registered_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "direction", "year", "sequence"], name="letter_one_sequence"
            ),
            models.UniqueConstraint(
                fields=["register", "direction", "origin"],
                condition=~Q(origin="") & Q(withdrawn_on__isnull=True),
                name="letter_entered_once",
            ),
            models.CheckConstraint(
                condition=(Q(about="") & Q(about_key__isnull=True))
                | (~Q(about="") & Q(about_key__isnull=False)),
                name="letter_about_with_its_key",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_on__isnull=True) | Q(direction="in"),
                name="letter_acknowledged_when_in",
            ),
        ]
        indexes = [
            models.Index(fields=["register", "-registered_on"], name="letter_by_day"),
            models.Index(fields=["about", "about_key"], name="letter_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}".strip()
