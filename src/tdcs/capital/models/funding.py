"""Contracts by which money is entrusted, what of them is planned, what came, and how a year's interest is shared."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tdcs.access.models import User
from tdcs.capital.models.sources import CapitalSource
from tdcs.capital.states import TrancheState
from tdcs.ledger.models import JournalEntry, Operation
from tdcs.organisations.models import Dated, Organisation


class FundingKind(models.TextChoices):
    CENTRAL = "central", "Vốn Trung ương chuyển về"
    DEPOSITS = "deposits", "Tiền gửi của tổ chức, cá nhân"
    MEMBERS_SAVINGS = "members_savings", "Tiền gửi của tổ viên Tổ TK&VV"
    PROVINCE = "province", "Ngân sách cấp tỉnh ủy thác"
    DISTRICT = "district", "Ngân sách cấp huyện ủy thác (đến 30/6/2025)"
    COMMUNE = "commune", "Ngân sách cấp xã ủy thác"
    OTHER = "other", "Quỹ khác, tài trợ, đóng góp"


class FundingContract(Dated):
    """One decision or contract by which a source gets money; ``programmes`` it is meant for, none for all of them.

    ``amount`` empty: the decision sets no ceiling (capital handed down by the plan of each year).
    """

    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="contracts")
    kind = models.CharField("loại nguồn", max_length=16, choices=FundingKind.choices)
    number = models.CharField("số quyết định, hợp đồng", max_length=60)
    decided_on = models.DateField("ngày quyết định")
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    owner_words = models.CharField("bên giao vốn", max_length=200, blank=True)
    amount = models.BigIntegerField("số tiền theo quyết định", null=True)
    programmes = ArrayField(
        models.CharField(max_length=12), verbose_name="chương trình", default=list
    )
    # When a district ceased its contract goes on under this one.
    succeeds = models.OneToOneField("self", models.PROTECT, null=True, related_name="succeeded_by")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "hợp đồng, quyết định giao vốn"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number", "decided_on"],
                condition=Q(succeeds__isnull=True),
                name="funding_contract_once",
            ),
            models.CheckConstraint(
                name="funding_contract_amount", condition=Q(amount__isnull=True) | Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="funding_contract_days",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Tranche(models.Model):
    """A part of a contract: planned, then ordered to be paid by the budget, then received."""

    contract = models.ForeignKey(FundingContract, models.PROTECT, related_name="tranches")
    number = models.PositiveSmallIntegerField("đợt")
    planned_on = models.DateField("dự kiến ngày")
    amount = models.BigIntegerField("số tiền")
    state = models.CharField(
        "trạng thái", max_length=10, choices=TrancheState.choices, default=TrancheState.PLANNED
    )
    order_number = models.CharField("số lệnh chi tiền", max_length=60, blank=True)
    ordered_on = models.DateField("ngày lệnh chi", null=True)
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "đợt giao vốn"
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="tranche_number_once"),
            models.CheckConstraint(name="tranche_amount", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.number}"


class ReceiptKind(models.TextChoices):
    RECEIVED = "received", "Nhận vốn"
    RETURNED = "returned", "Hoàn trả vốn"
    ADDED = "added", "Lãi bổ sung vốn"


class FundReceipt(models.Model):
    """Money that came into a source, or went back (below zero); never changed, only reversed by a row of its own."""

    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="receipts")
    contract = models.ForeignKey(
        FundingContract, models.PROTECT, null=True, related_name="receipts"
    )
    tranche = models.ForeignKey(Tranche, models.PROTECT, null=True, related_name="receipts")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField("loại", max_length=10, choices=ReceiptKind.choices)
    amount = models.BigIntegerField("số tiền")
    on = models.DateField("ngày")
    words = models.CharField("diễn giải", max_length=300, blank=True)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="+")
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "khoản vốn đã nhận, hoàn trả"
        indexes = [models.Index(fields=["source", "on"], name="fund_receipt_day")]
        constraints = [
            models.CheckConstraint(name="fund_receipt_amount", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="fund_receipt_side",
                condition=Q(reverses__isnull=False)
                | (Q(kind="returned") & Q(amount__lt=0))
                | (~Q(kind="returned") & Q(amount__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.on}: {self.amount}"


class InterestSplit(models.Model):
    """How the interest of one year of one source was shared; computed by the rule of the year's last day, booked once."""

    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="splits")
    year = models.PositiveSmallIntegerField("năm")
    interest = models.BigIntegerField("lãi đã thu")
    # Outstanding that is neither overdue nor frozen, on the year's last day.
    healthy = models.BigIntegerField("dư nợ trong hạn")
    provision_held = models.BigIntegerField("dự phòng đã có")
    provision = models.BigIntegerField("trích dự phòng rủi ro")
    management = models.BigIntegerField("phí quản lý")
    capital = models.BigIntegerField("bổ sung vốn")
    basis = models.CharField("căn cứ", max_length=300)
    booked_on = models.DateField("ngày hạch toán")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "phân bổ lãi của nguồn ủy thác"
        constraints = [
            models.UniqueConstraint(fields=["source", "year"], name="interest_split_once"),
            models.CheckConstraint(
                name="interest_split_is_its_parts",
                condition=Q(
                    interest=models.F("provision") + models.F("management") + models.F("capital")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.year}"
