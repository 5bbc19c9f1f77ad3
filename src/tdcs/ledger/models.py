"""Books, accounts, entries and their postings; operations done once.

The database itself keeps entries balanced and unchanged (migration 0002).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Organisation


class Book(models.Model):
    """The ledger of one transaction office: its entries are numbered and chained by hash.

    ``last_on`` is the latest day of its entries, not that of the last number: a day's session may be entered the day after.
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="book")
    last_number = models.BigIntegerField("số bút toán cuối", default=0)
    last_hash = models.CharField(max_length=64)
    last_on = models.DateField("ngày bút toán cuối", null=True, blank=True)
    closed_through = models.DateField("đã khóa sổ đến hết ngày", null=True, blank=True)
    # From a day to a day the office's figures are followed by extracts of the bank's core: nothing is booked here then.
    monitored_from = models.DateField("theo dõi theo sao kê từ ngày", null=True, blank=True)
    monitored_to = models.DateField("ghi sổ chính thức từ ngày", null=True, blank=True)

    class Meta:
        verbose_name = "sổ"
        constraints = [
            models.CheckConstraint(
                name="book_monitored_in_order",
                condition=models.Q(monitored_to__isnull=True)
                | models.Q(monitored_to__gt=models.F("monitored_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}"


class Account(models.Model):
    """An account of the chart (law/charts/accounts.yaml)."""

    class Subledger(models.TextChoices):
        NONE = "", _("Không")
        LOAN = "loan", _("Theo khoản vay")
        SAVINGS = "savings", _("Theo sổ tiết kiệm")
        SNAPSHOT = "snapshot", _("Theo số liệu chốt ngày")

    code = models.CharField("số hiệu", max_length=20, unique=True)
    name = models.CharField("tên", max_length=200)
    kind = models.CharField("loại", max_length=20)
    normal_side = models.CharField(
        "bên số dư",
        max_length=6,
        choices=[("debit", "Nợ"), ("credit", "Có"), ("either", "Lưỡng tính")],
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    subledger = models.CharField(max_length=10, choices=Subledger.choices, blank=True)
    off_balance = models.BooleanField("ngoại bảng", default=False)
    postable = models.BooleanField("được hạch toán", default=True)
    never_below_zero = models.BooleanField("không được âm", default=False)

    class Meta:
        verbose_name = "tài khoản"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Operation(models.Model):
    """What was asked once under a key: the same key and content get the first answer again."""

    key = models.CharField("khóa", max_length=80, unique=True)
    action = models.CharField("việc", max_length=60)
    request_hash = models.CharField(max_length=64)
    answer = models.JSONField("kết quả", default=dict)
    on = models.DateField("ngày nghiệp vụ")
    by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "lệnh"

    def __str__(self) -> str:
        return f"{self.action} {self.key}"


class JournalEntry(models.Model):
    """A balanced entry of one book; ``hash`` covers its fields, its postings and the entry before."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="entries")
    number = models.BigIntegerField("số")
    on = models.DateField("ngày", db_index=True)
    template = models.CharField("nghiệp vụ", max_length=60)
    words = models.CharField("diễn giải", max_length=300)
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="entries")
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "bút toán"
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="entry_number_once")]

    def __str__(self) -> str:
        return f"{self.book_id}/{self.number}"


class Posting(models.Model):
    """One side of an entry; ``subject`` is the loan or the savings account of the sub-ledger."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings", db_index=False)
    debit = models.BigIntegerField("nợ", default=0)
    credit = models.BigIntegerField("có", default=0)
    subject = models.BigIntegerField("đối tượng chi tiết", null=True)

    class Meta:
        verbose_name = "dòng định khoản"
        constraints = [
            models.CheckConstraint(
                name="posting_one_side",
                condition=(Q(debit__gt=0) & Q(credit=0)) | (Q(credit__gt=0) & Q(debit=0)),
            )
        ]
        indexes = [models.Index(fields=["account", "subject"], name="posting_account_subject")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit}/{self.credit}"


class CashDay(models.Model):
    """What an account of cash moved on a day; written by the database alone (migration 0060), proved by `tdcs verify`."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="cash_days", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    day = models.DateField("ngày")
    moved = models.BigIntegerField("thu trừ chi")

    class Meta:
        verbose_name = "tiền mặt trong ngày"
        constraints = [
            models.UniqueConstraint(fields=["book", "account", "day"], name="cashday_once")
        ]

    def __str__(self) -> str:
        return f"{self.book_id} {self.day} {self.moved}"


class CashShortfall(models.Model):
    """Cash below zero from ``day`` on, because something truly paid out was entered late; open until ``resolved_on``."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="shortfalls")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")
    day = models.DateField("âm từ ngày")
    amount = models.BigIntegerField("số thiếu nhiều nhất")
    resolved_on = models.DateField("hết âm từ ngày", null=True)
    resolved_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    note = models.CharField("giải trình", max_length=300, blank=True)
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "vụ việc thiếu tiền mặt"
        constraints = [models.CheckConstraint(name="shortfall_amount", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.book_id} {self.day} {self.amount}"


class RequestState(models.TextChoices):
    """Outside of the model, so that its constraints can name the members."""

    ASKED = "asked", _("Chờ người thứ hai")
    CONFIRMED = "confirmed", _("Đã duyệt")
    REFUSED = "refused", _("Không duyệt")


class EntryRequest(models.Model):
    """An entry by hand, or a reversal, asked for by one person and confirmed or refused by another.

    ``lines`` is what would be posted as it was asked for; ``subject`` the entry, event or recovery that a reversal undoes.
    """

    class Kind(models.TextChoices):
        ENTER = "ledger.enter", _("Bút toán tay")
        REVERSE = "ledger.reverse", _("Đảo bút toán tay")
        LOAN = "loans.reverse", _("Đảo diễn biến khoản vay")
        SHEET = "loans.reverse_sheet", _("Đảo cả bảng kê thu")
        RECOVERY = "loans.take_back", _("Đảo khoản thu nợ đã xóa")
        SAVINGS = "savings.reverse", _("Đảo phát sinh tiền gửi")
        CAPITAL = "capital.reverse", _("Đảo khoản vốn đã nhận")

    State = RequestState

    kind = models.CharField("việc", max_length=20, choices=Kind.choices)
    state = models.CharField(
        "trạng thái", max_length=10, choices=State.choices, default=State.ASKED
    )
    book = models.ForeignKey(Book, models.PROTECT, related_name="requests")
    subject = models.BigIntegerField("đối tượng", null=True)
    about = models.CharField("về", max_length=300, blank=True)
    words = models.CharField("diễn giải, lý do", max_length=300)
    lines = models.JSONField("định khoản", default=list)
    amount = models.BigIntegerField("số tiền", default=0)
    asked_on = models.DateField("ngày đề nghị")
    asked_at = models.DateTimeField("đề nghị lúc")
    asked_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    decided_on = models.DateField("ngày duyệt", null=True)
    decided_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    note = models.CharField("ý kiến", max_length=300, blank=True)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="requests")

    class Meta:
        verbose_name = "đề nghị hạch toán"
        constraints = [
            models.UniqueConstraint(
                name="entryrequest_one_open",
                fields=["kind", "subject"],
                condition=Q(state=RequestState.ASKED, subject__isnull=False),
            ),
            models.CheckConstraint(
                name="entryrequest_two_people",
                condition=~Q(state=RequestState.CONFIRMED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("asked_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
