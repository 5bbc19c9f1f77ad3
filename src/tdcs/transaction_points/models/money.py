"""Money that is checked beside the book: group leaders' receipts, what the bank says came in by transfer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsAccount, SavingsGroup
from tdcs.households.models import Household
from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import Loan
from tdcs.organisations.models import Dated, Organisation, one_at_a_time
from tdcs.transaction_points.models.sessions import TransactionSession


class LeaderReceipt(models.Model):
    """A receipt that a group's leader gave a member for interest or savings, as the group handed it in for a session."""

    session = models.ForeignKey(TransactionSession, models.PROTECT, related_name="leader_receipts")
    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="+")
    number = models.CharField("số biên lai", max_length=40)
    on = models.DateField("ngày")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(SavingsAccount, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    interest = models.BigIntegerField("tiền lãi")
    savings = models.BigIntegerField("tiền gửi")
    recorded_at = models.DateTimeField("ghi lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "biên lai của tổ trưởng"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "number"], name="leaderreceipt_one_of_a_number"
            ),
            models.CheckConstraint(
                name="leaderreceipt_amounts",
                condition=Q(interest__gte=0, savings__gte=0)
                & (Q(interest__gt=0) | Q(savings__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.number}"


class ReceiptNote(models.Model):
    """What was found out about a household whose receipts of a session are not what was handed in."""

    session = models.ForeignKey(TransactionSession, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    words = models.CharField("kết quả xác minh", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField("ngày")

    class Meta:
        verbose_name = "kết quả xác minh biên lai"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "household"], name="receiptnote_one_of_a_household"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.household_id}"


class TransferAccount(Dated):
    """The account of an office to which payers transfer, from a day to a day; one at a time."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    bank_bin = models.CharField("mã ngân hàng (BIN)", max_length=6)
    number = models.CharField("số tài khoản", max_length=19)

    class Meta:
        verbose_name = "tài khoản nhận chuyển khoản"
        constraints = [one_at_a_time("transferaccount_one", "office")]

    def __str__(self) -> str:
        return self.number


class BankCredit(models.Model):
    """A line of the bank's list of what came in: its day, amount and words; which session and loan the words name."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    on = models.DateField("ngày")
    amount = models.BigIntegerField("số tiền")
    content = models.CharField("nội dung", max_length=300)
    # Equal lines of one list are told apart by their number.
    copy = models.PositiveSmallIntegerField("lần thứ", default=1)
    session = models.ForeignKey(TransactionSession, models.PROTECT, null=True, related_name="+")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # What booked it, once somebody confirmed; reversed, it may be booked again under another key.
    entry = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField("số lần hạch toán", default=0)
    booked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    booked_on = models.DateField("hạch toán ngày", null=True)
    handled_words = models.CharField("cách xử lý", max_length=300, blank=True)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handled_on = models.DateField("xử lý ngày", null=True)

    class Meta:
        verbose_name = "khoản báo có"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "on", "amount", "content", "copy"], name="bankcredit_once"
            ),
            models.CheckConstraint(name="bankcredit_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="bankcredit_booked_of_a_loan",
                condition=Q(entry__isnull=True) | Q(loan__isnull=False, session__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"
