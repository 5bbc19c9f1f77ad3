"""The dossier of a household in difficulty: who is responsible, every contact, every promise."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsGroup
from tdcs.households.models import Household
from tdcs.organisations.models import Organisation


class ProblemDossier(models.Model):
    """A household whose debts are followed: from the day it is opened to the day it is closed with a reason."""

    class Cause(models.TextChoices):
        DISASTER = "disaster", _("Thiên tai")
        EPIDEMIC = "epidemic", _("Dịch bệnh")
        ILLNESS = "illness", _("Ốm đau, tai nạn")
        DEATH = "death", _("Chết, mất tích")
        PRICES = "prices", _("Giá cả thị trường")
        MISUSE = "misuse", _("Sử dụng vốn sai mục đích")
        LOSSES = "losses", _("Làm ăn thua lỗ")
        UNWILLING = "unwilling", _("Chây ỳ")
        GONE = "gone", _("Bỏ khỏi địa phương")

    household = models.ForeignKey(Household, models.PROTECT, related_name="dossiers")
    group = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    cause = models.CharField("nguyên nhân", max_length=10, choices=Cause.choices)
    situation = models.CharField("hoàn cảnh", max_length=500)
    responsible = models.ForeignKey(User, models.PROTECT, related_name="+")
    next_step = models.CharField("việc tiếp theo", max_length=300)
    next_on = models.DateField("ngày hẹn")
    opened_on = models.DateField("mở ngày")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_on = models.DateField("đóng ngày", null=True)
    closed_why = models.CharField("lý do đóng", max_length=300, blank=True)

    class Meta:
        verbose_name = "hồ sơ nợ có vấn đề"
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(closed_on__isnull=True), name="dossier_one_open"
            ),
            models.CheckConstraint(
                name="dossier_closed_with_reason",
                condition=Q(closed_on__isnull=True) ^ ~Q(closed_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.opened_on}"


class DossierContact(models.Model):
    """A visit, a call or a meeting: who was met, where, what came of it; never changed."""

    class Way(models.TextChoices):
        VISIT = "visit", _("Đến nhà")
        CALL = "call", _("Gọi điện")
        SESSION = "session", _("Tại phiên giao dịch")
        MINUTES = "minutes", _("Lập biên bản")

    dossier = models.ForeignKey(ProblemDossier, models.PROTECT, related_name="contacts")
    on = models.DateField("ngày")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    way = models.CharField("cách làm việc", max_length=8, choices=Way.choices)
    met = models.CharField("người gặp", max_length=120)
    words = models.CharField("kết quả", max_length=500)
    # Millionths of a degree, as the telephone told them.
    latitude = models.IntegerField("vĩ độ", null=True)
    longitude = models.IntegerField("kinh độ", null=True)
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "lần làm việc với hộ"
        constraints = [
            models.CheckConstraint(
                name="contact_place_is_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90_000_000, 90_000_000),
                    longitude__range=(-180_000_000, 180_000_000)),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.on}"


class PaymentPromise(models.Model):
    """What the household promised to pay by a day; the ledger says whether it did (rules/promises.py)."""

    dossier = models.ForeignKey(ProblemDossier, models.PROTECT, related_name="promises")
    made_on = models.DateField("ngày hứa")
    due_on = models.DateField("hạn trả")
    amount = models.BigIntegerField("số tiền")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "hẹn trả nợ"
        constraints = [
            models.CheckConstraint(
                name="promise_of_something_later",
                condition=Q(amount__gt=0, due_on__gte=F("made_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.due_on}"
