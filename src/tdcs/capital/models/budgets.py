"""What a budget entrusts, from the estimate to the confirmed balance of a quarter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tdcs.access.models import User
from tdcs.capital.models.funding import FundingContract
from tdcs.capital.models.sources import CapitalSource
from tdcs.capital.states import ConfirmationState, EstimateState


class BudgetEstimate(models.Model):
    """What a budget means to entrust in a year; the People's Council's resolution makes it a decision (a contract)."""

    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="estimates")
    year = models.PositiveSmallIntegerField("năm ngân sách")
    amount = models.BigIntegerField("số dự toán")
    words = models.CharField("thuyết minh", max_length=500)
    made_on = models.DateField("ngày lập")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        "trạng thái", max_length=10, choices=EstimateState.choices, default=EstimateState.ESTIMATED
    )
    contract = models.OneToOneField(
        FundingContract, models.PROTECT, null=True, related_name="estimate"
    )

    class Meta:
        verbose_name = "dự toán vốn ủy thác"
        constraints = [models.CheckConstraint(name="estimate_amount", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.source_id} {self.year}: {self.amount}"


class BalanceConfirmation(models.Model):
    """A quarter's balance of one budget's money: drawn up and signed by the bank, then by the budget."""

    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="confirmations")
    year = models.PositiveSmallIntegerField("năm")
    quarter = models.PositiveSmallIntegerField("quý")
    opening = models.BigIntegerField("vốn đầu quý")
    received = models.BigIntegerField("nhận trong quý")
    added = models.BigIntegerField("lãi bổ sung vốn trong quý")
    returned = models.BigIntegerField("hoàn trả trong quý")
    closing = models.BigIntegerField("vốn cuối quý")
    outstanding = models.BigIntegerField("dư nợ cuối quý")
    state = models.CharField(
        "trạng thái",
        max_length=10,
        choices=ConfirmationState.choices,
        default=ConfirmationState.DRAWN,
    )
    drawn_on = models.DateField("ngày lập")
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    bank_on = models.DateField("ngân hàng ký ngày", null=True)
    bank_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    budget_on = models.DateField("bên ủy thác ký ngày", null=True)
    budget_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField("ý kiến", max_length=500, blank=True)

    class Meta:
        verbose_name = "xác nhận số dư vốn ủy thác"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "year", "quarter"],
                condition=~Q(state=ConfirmationState.RETURNED),
                name="confirmation_once",
            ),
            models.CheckConstraint(
                name="confirmation_is_its_parts",
                condition=Q(
                    closing=models.F("opening")
                    + models.F("received")
                    + models.F("added")
                    - models.F("returned")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.quarter}/{self.year}"
