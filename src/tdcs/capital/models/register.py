"""Money of others that could do its work through policy credit, and campaigns that raise money for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tdcs.access.models import User
from tdcs.capital.models.funding import FundReceipt
from tdcs.capital.models.sources import CapitalSource
from tdcs.capital.states import OutsideState
from tdcs.organisations.models import Organisation


class OutsideFund(models.Model):
    """Money for social security, or a fund outside the bank, that is proposed to be moved to policy credit."""

    class Kind(models.TextChoices):
        SECURITY = "security", "Nguồn vốn an sinh xã hội"
        FUND = "fund", "Quỹ có tính chất an sinh xã hội"

    name = models.CharField("tên nguồn, quỹ", max_length=200)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    owner_words = models.CharField("đơn vị quản lý", max_length=200)
    size = models.BigIntegerField("quy mô (đồng)")
    basis = models.CharField("căn cứ", max_length=300)
    found_on = models.DateField("ngày rà soát")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        "bước", max_length=10, choices=OutsideState.choices, default=OutsideState.FOUND
    )
    # What came of it, when it was moved.
    receipt = models.OneToOneField(FundReceipt, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "nguồn vốn, quỹ đề xuất chuyển sang tín dụng chính sách"
        constraints = [
            models.UniqueConstraint(fields=["name", "owner_words"], name="outside_fund_once"),
            models.CheckConstraint(name="outside_fund_size", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class OutsideStep(models.Model):
    """One step with a fund of others: what was proposed or answered, by which letter."""

    fund = models.ForeignKey(OutsideFund, models.PROTECT, related_name="steps")
    verb = models.CharField("bước", max_length=12)
    target = models.CharField("đến", max_length=10, choices=OutsideState.choices)
    on = models.DateField("ngày")
    letter = models.CharField("văn bản", max_length=120, blank=True)
    words = models.CharField("nội dung, trả lời", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "bước đề xuất chuyển vốn"

    def __str__(self) -> str:
        return f"{self.fund_id} {self.verb}"


class Campaign(models.Model):
    """A campaign that raises money for a source from a day to a day, the last not included."""

    name = models.CharField("tên cuộc vận động", max_length=200, unique=True)
    basis = models.CharField("căn cứ", max_length=300)
    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="campaigns")
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến trước ngày")
    target = models.BigIntegerField("chỉ tiêu vận động")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "cuộc vận động đóng góp vốn"
        constraints = [
            models.CheckConstraint(name="campaign_target", condition=Q(target__gt=0)),
            models.CheckConstraint(
                name="campaign_days", condition=Q(ends_on__gt=models.F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Pledge(models.Model):
    """What a donor promised to a campaign; ``receipt`` when it came."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="pledges")
    donor = models.CharField("tổ chức, cá nhân đóng góp", max_length=200)
    amount = models.BigIntegerField("số tiền")
    pledged_on = models.DateField("ngày đăng ký")
    receipt = models.OneToOneField(FundReceipt, models.PROTECT, null=True, related_name="pledge")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "khoản đăng ký đóng góp"
        constraints = [models.CheckConstraint(name="pledge_amount", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.donor}: {self.amount}"
