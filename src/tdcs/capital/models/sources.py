"""Where the money of a loan comes from, and how much of it is there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tdcs.organisations.models import Dated, Organisation


class Tier(models.TextChoices):
    CENTRAL = "central", "Trung ương"
    LOCAL = "local", "Địa phương"


class CapitalSource(Dated):
    """Central money, or the money of one local budget (the investor) entrusted to the bank: the fund that a loan carries."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=200)
    tier = models.CharField("cấp nguồn", max_length=10, choices=Tier.choices)
    investor = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="capital_sources"
    )

    class Meta:
        verbose_name = "nguồn vốn"

    def __str__(self) -> str:
        return self.name


class Fund(models.Model):
    """What a source has received, less what went back. Written by the database alone (migration 0002).

    Whoever lends more of it updates this row first, so that two at once cannot both take the last dong.
    """

    source = models.OneToOneField(CapitalSource, models.PROTECT, related_name="fund")
    received = models.BigIntegerField("đã nhận", default=0)
    judged = models.BigIntegerField("số lần đã xét", default=0)

    class Meta:
        verbose_name = "số dư nguồn vốn"
        constraints = [
            models.CheckConstraint(name="fund_received_not_negative", condition=Q(received__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.received}"


class FundLent(models.Model):
    """What is outstanding of a source in one office under one programme. Written by the database alone, with each loan.

    A row for each office: collections in different offices never wait for each other.
    """

    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="lent", db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    programme = models.CharField("chương trình", max_length=12)
    amount = models.BigIntegerField("dư nợ", default=0)

    class Meta:
        verbose_name = "dư nợ theo nguồn vốn"
        constraints = [
            models.UniqueConstraint(fields=["source", "office", "programme"], name="fund_lent_once")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.office_id}/{self.programme}: {self.amount}"


class FundOpening(models.Model):
    """What a source held when its receipts began to be kept here; the ledger is compared from ``last_entry`` on."""

    source = models.OneToOneField(CapitalSource, models.PROTECT, related_name="opening")
    amount = models.BigIntegerField("số dư đầu kỳ")
    on = models.DateField("ngày")
    words = models.CharField("căn cứ", max_length=300)
    last_entry = models.BigIntegerField("bút toán cuối trước khi theo dõi", default=0)

    class Meta:
        verbose_name = "số dư đầu kỳ của nguồn vốn"
        constraints = [
            models.CheckConstraint(name="fund_opening_not_negative", condition=Q(amount__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.amount}"
