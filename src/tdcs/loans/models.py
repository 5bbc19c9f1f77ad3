"""Applications, loans and what happened to them.

What a loan owes follows from its terms and events (rules); the standing kept on the loan row is that fold up to
the eve of ``standing_on`` and is proved by `tdcs verify`.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource
from tdcs.entrustment.models import SavingsGroup
from tdcs.households.models import Household, Person, Scan, removed_with_reason
from tdcs.ledger.models import JournalEntry, Operation
from tdcs.loans.states import ApplicationState, EventKind, HeirState, LoanState
from tdcs.organisations.models import Area, Organisation


class Channel(models.TextChoices):
    GROUP = "group", _("Ủy thác qua Tổ TK&VV")
    DIRECT = "direct", _("Trực tiếp")


class LoanApplication(models.Model):
    """A household's request and its way to the approval; maker and checker are never the same person."""

    number = models.CharField("số hồ sơ", max_length=20, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="applications")
    borrower = models.ForeignKey(Person, models.PROTECT, related_name="applications")
    group = models.ForeignKey(
        SavingsGroup, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="+")
    programme = models.CharField("chương trình", max_length=12)
    target_group = models.CharField("nhóm đối tượng", max_length=40, blank=True)
    channel = models.CharField("phương thức", max_length=8, choices=Channel.choices)
    amount = models.BigIntegerField("số tiền đề nghị")
    approved_amount = models.BigIntegerField("số tiền phê duyệt", null=True, blank=True)
    # Approved, and never to be paid out any more: it no longer counts against the maximum.
    forgone = models.BigIntegerField("phần thôi giải ngân", default=0)
    term_months = models.PositiveSmallIntegerField("thời hạn (tháng)")
    instalment_months = models.PositiveSmallIntegerField("kỳ trả gốc (tháng)")
    purpose = models.CharField("mục đích", max_length=300)
    terms = models.JSONField("điều kiện riêng", default=dict)
    asked_on = models.DateField("ngày đề nghị")
    state = models.CharField(
        "trạng thái",
        max_length=12,
        choices=ApplicationState.choices,
        default=ApplicationState.DRAFT,
        db_index=True,
    )
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    law_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "hồ sơ vay"
        constraints = [
            models.CheckConstraint(name="application_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="application_forgone", condition=Q(forgone__gte=0)),
        ]

    def __str__(self) -> str:
        return self.number


class ApplicationMove(models.Model):
    """One step of an application: who, when, from where to where, with which words."""

    application = models.ForeignKey(LoanApplication, models.PROTECT, related_name="moves")
    verb = models.CharField("bước", max_length=20)
    source = models.CharField("từ", max_length=12)
    target = models.CharField("đến", max_length=12)
    on = models.DateField("ngày")
    recorded_at = models.DateTimeField("ghi lúc")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField("ý kiến", max_length=500, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = "bước xử lý hồ sơ"

    def __str__(self) -> str:
        return f"{self.application_id} {self.verb}"


class AppraisalMeeting(models.Model):
    """A group's meeting that chose who asks for loans (10C/TD): who led it, who saw it, who was there."""

    class Witness(models.TextChoices):
        HEAD = "head", _("Trưởng ấp (khu phố)")
        DEPUTY = "deputy", _("Phó trưởng ấp (khu phố)")

    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="meetings")
    on = models.DateField("ngày họp")
    chair = models.ForeignKey(Person, models.PROTECT, related_name="+")
    chair_post = models.CharField("chức danh chủ trì", max_length=20)
    secretary = models.ForeignKey(Person, models.PROTECT, related_name="+")
    witness_post = models.CharField("chức danh chứng kiến", max_length=8, choices=Witness.choices)
    witness = models.CharField("người chứng kiến", max_length=120)
    organisation_person = models.CharField("đại diện tổ chức hội", max_length=120, blank=True)
    # Keys of the memberships that were there, and how many the group had on the day.
    present = models.JSONField("có mặt", default=list)
    members = models.PositiveSmallIntegerField("tổng số tổ viên")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("ghi lúc")
    undone_on = models.DateField("hủy ngày", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_why = models.CharField("lý do hủy", max_length=300, blank=True)

    class Meta:
        verbose_name = "họp bình xét"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "on"],
                condition=Q(undone_on__isnull=True),
                name="one_meeting_of_a_group_and_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.on}"


class AppraisalCase(models.Model):
    """One application before a meeting: the votes, and the amount that the group agreed to."""

    meeting = models.ForeignKey(AppraisalMeeting, models.PROTECT, related_name="cases")
    application = models.ForeignKey(LoanApplication, models.PROTECT, related_name="cases")
    agree = models.PositiveSmallIntegerField("đồng ý")
    against = models.PositiveSmallIntegerField("không đồng ý")
    chosen = models.BooleanField("được bình xét")
    amount = models.BigIntegerField("số tiền tổ đồng ý", null=True)
    words = models.CharField("ý kiến", max_length=300, blank=True)

    class Meta:
        verbose_name = "hồ sơ được bình xét"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "application"], name="one_case_of_a_meeting_and_application"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.application_id}"


class Loan(models.Model):
    """A contract and how it stands since its last event."""

    number = models.CharField("số khế ước", max_length=20, unique=True)
    application = models.OneToOneField(
        LoanApplication, models.PROTECT, null=True, related_name="loan"
    )
    household = models.ForeignKey(Household, models.PROTECT, related_name="loans")
    borrower = models.ForeignKey(Person, models.PROTECT, related_name="loans")
    group = models.ForeignKey(
        SavingsGroup, models.PROTECT, null=True, blank=True, related_name="loans"
    )
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="loans")
    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="loans", db_index=False)
    programme = models.CharField("chương trình", max_length=12)
    target_group = models.CharField("nhóm đối tượng", max_length=40, blank=True)
    channel = models.CharField("phương thức", max_length=8, choices=Channel.choices)
    principal = models.BigIntegerField("số tiền theo hợp đồng")
    rate_ppm = models.BigIntegerField("lãi suất hợp đồng (phần triệu/năm)")
    term_months = models.PositiveSmallIntegerField("thời hạn (tháng)")
    instalment_months = models.PositiveSmallIntegerField("kỳ trả gốc (tháng)")
    session_day = models.PositiveSmallIntegerField("ngày giao dịch xã", null=True, blank=True)
    disbursed_on = models.DateField("ngày giải ngân")
    terms = models.JSONField("điều kiện riêng", default=dict)
    law_hash = models.CharField(max_length=64)
    by_instalment = models.BooleanField("quá hạn theo từng kỳ", default=False)
    # The standing: principal after all events; interest summed up to, not including, standing_on.
    standing_on = models.DateField("lãi đã cộng đến trước ngày")
    current_rate_ppm = models.BigIntegerField("lãi suất hiện hành")
    # Overdue principal bears so many percent of this rate, where the programme sets none of its own.
    overdue_base_ppm = models.BigIntegerField("lãi suất làm gốc của lãi quá hạn", default=0)
    overdue_percent = models.PositiveSmallIntegerField("lãi quá hạn (% lãi suất)", default=0)
    final_due_on = models.DateField("hạn cuối")
    final_session_on = models.DateField("hạn cuối theo ngày giao dịch xã")
    disbursed_total = models.BigIntegerField("đã giải ngân", default=0)
    paid_total = models.BigIntegerField("gốc đã trả", default=0)
    written_off = models.BigIntegerField("gốc đã xóa", default=0)
    balance = models.BigIntegerField("dư nợ", default=0)
    interest_whole = models.BigIntegerField("lãi cộng dồn, phần đồng", default=0)
    interest_rest = models.BigIntegerField("lãi cộng dồn, phần lẻ", default=0)
    interest_collected = models.BigIntegerField("lãi đã thu", default=0)
    interest_written_off = models.BigIntegerField("lãi đã xóa", default=0)
    # Collected above what a decree, taken up late, left to collect: booked as owed until it is set off or paid out.
    interest_credit = models.BigIntegerField("lãi thu thừa, trừ vào lãi kỳ sau", default=0)
    frozen_from = models.DateField("khoanh từ ngày", null=True, blank=True)
    frozen_to = models.DateField("khoanh đến hết ngày", null=True, blank=True)
    # Of a loan that was frozen in part when its book began; 0: a freeze holds all that is owed.
    frozen_part = models.BigIntegerField("phần gốc khoanh", default=0, db_default=0)
    state = models.CharField("trạng thái", max_length=12, choices=LoanState.choices)
    # Followed by extracts of the bank's core: what it owes is what they say, not what the law makes of its events.
    reported = models.BooleanField("theo sao kê", default=False, db_default=False)
    # Reported up to the eve of this day, of record from it on (docs/decisions/0040).
    record_from = models.DateField("ghi sổ chính thức từ ngày", null=True, blank=True)
    reported_overdue = models.BigIntegerField("quá hạn theo sao kê", default=0, db_default=0)
    reported_frozen = models.BigIntegerField("khoanh theo sao kê", default=0, db_default=0)

    class Meta:
        verbose_name = "khoản vay"
        indexes = [models.Index(fields=["office", "state"], name="loan_office_state")]
        constraints = [
            models.CheckConstraint(name="loan_balance_not_negative", condition=Q(balance__gte=0)),
            models.CheckConstraint(
                name="loan_balance_is_its_parts",
                condition=Q(
                    balance=models.F("disbursed_total")
                    - models.F("paid_total")
                    - models.F("written_off")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def reported_on(self, day: date) -> bool:
        """Whether extracts say what it owes at the end of a day; the book of record begins with the eve of its first day."""
        return self.reported or (
            self.record_from is not None and day < self.record_from - timedelta(days=1)
        )


class Instalment(models.Model):
    """One part of the principal: due by contract, and by what it was moved to; ``session_on`` triggers overdue."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField("kỳ")
    contract_due_on = models.DateField("hạn theo hợp đồng")
    due_on = models.DateField("hạn đang áp dụng")
    session_on = models.DateField("ngày giao dịch xã áp dụng")
    principal = models.BigIntegerField("gốc phải trả")

    class Meta:
        verbose_name = "kỳ trả gốc"
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="instalment_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.loan_id}/{self.number}"


class LoanEvent(models.Model):
    """What happened to a loan on a day; never changed, only reversed by a later event."""

    # Found by the index of loan and day: a loan has about thirty events, about one a month.
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="events", db_index=False)
    on = models.DateField("ngày hiệu lực")
    kind = models.CharField("loại", max_length=20, choices=EventKind.choices)
    amount = models.BigIntegerField("số tiền", null=True)
    until_on = models.DateField("đến ngày", null=True)
    due_on = models.DateField("kỳ hạn", null=True)
    rate_ppm = models.BigIntegerField("lãi suất", null=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    entry = models.ForeignKey(
        JournalEntry, models.PROTECT, null=True, related_name="+", db_index=False
    )
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="loan_events")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "diễn biến khoản vay"
        # The close of a day reads the day's events alone.
        indexes = [
            models.Index(fields=["on"], name="loanevent_on"),
            models.Index(fields=["loan", "on"], name="loanevent_loan_on"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on} {self.get_kind_display()}"


class ChangeRequest(models.Model):
    """A rescheduling, extension, freezing or write-off asked for by one person and decided by another."""

    class State(models.TextChoices):
        ASKED = "asked", _("Chờ duyệt")
        APPROVED = "approved", _("Đã duyệt")
        REFUSED = "refused", _("Từ chối")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="change_requests")
    kind = models.CharField("loại", max_length=20, choices=EventKind.choices)
    amount = models.BigIntegerField("số tiền", null=True)
    until_on = models.DateField("đến ngày", null=True)
    due_on = models.DateField("kỳ hạn", null=True)
    # Of a write-off: the interest that the decision covers beside the principal.
    interest = models.BigIntegerField("số lãi", null=True)
    loss_percent = models.PositiveSmallIntegerField("mức thiệt hại (%)", null=True)
    cause = models.CharField("nguyên nhân", max_length=300)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    asked_on = models.DateField("ngày đề nghị")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    decided_on = models.DateField("ngày quyết định", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField("ý kiến", max_length=300, blank=True)
    event = models.OneToOneField(LoanEvent, models.PROTECT, null=True, related_name="request")
    interest_event = models.OneToOneField(LoanEvent, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "đề nghị xử lý nợ"

    def __str__(self) -> str:
        return f"{self.loan_id} {self.get_kind_display()}"


class Recovery(models.Model):
    """Money that came on a debt written off, with its entry; a reversal is negative and names what it takes back."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="recoveries")
    amount = models.BigIntegerField("số tiền")
    on = models.DateField("ngày")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="recovery")
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "thu nợ đã xóa"
        constraints = [
            models.CheckConstraint(
                name="recovery_side",
                condition=Q(amount__gt=0, reverses__isnull=True)
                | Q(amount__lt=0, reverses__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on} {self.amount}"


class MoveRequest(models.Model):
    """A borrower is to be kept by another office, group or commune from a day on: asked for by one person, decided by another."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="move_requests")
    since = models.DateField("từ ngày")
    old_office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    new_office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    old_group = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="+")
    new_group = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    hamlet = models.CharField("ấp, khu phố", max_length=120, blank=True)
    why = models.CharField("lý do", max_length=300)
    asked_on = models.DateField("ngày đề nghị")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=10, choices=ChangeRequest.State.choices, default=ChangeRequest.State.ASKED
    )
    decided_on = models.DateField("ngày quyết định", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField("ý kiến", max_length=300, blank=True)
    entry_out = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")
    entry_in = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "đề nghị chuyển nơi quản lý"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state=ChangeRequest.State.ASKED),
                name="moverequest_one_waits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.since}"


class HeirRequest(models.Model):
    """An heir takes over what a dead member of the household owes: asked for by one person, decided by another, undone
    with a reason. The loans, their amounts, rates and days stay as they are; only who owes them changes, from a day on."""

    State = HeirState

    household = models.ForeignKey(Household, models.PROTECT, related_name="heir_requests")
    deceased = models.ForeignKey(Person, models.PROTECT, related_name="+")
    heir = models.ForeignKey(Person, models.PROTECT, related_name="+")
    died_on = models.DateField("ngày mất")
    death_paper = models.CharField("giấy chứng tử", max_length=120)
    agreed_on = models.DateField("ngày người thừa kế ký nhận nợ")
    since = models.DateField("nhận nợ từ ngày")
    why = models.CharField("căn cứ", max_length=300)
    asked_on = models.DateField("ngày đề nghị")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=HeirState.choices, default=HeirState.ASKED)
    decided_on = models.DateField("ngày quyết định", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField("ý kiến", max_length=300, blank=True)
    undone_on = models.DateField("ngày hoàn tác", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_why = models.CharField("lý do hoàn tác", max_length=300, blank=True)

    class Meta:
        verbose_name = "đề nghị nhận nợ thừa kế"
        constraints = [
            models.UniqueConstraint(
                fields=["deceased"],
                condition=Q(state=HeirState.ASKED),
                name="heirrequest_one_waits",
            ),
            models.CheckConstraint(
                name="heirrequest_days_in_order",
                condition=Q(agreed_on__gte=F("died_on"), since__gte=F("agreed_on")),
            ),
            models.CheckConstraint(
                name="heirrequest_another_person", condition=~Q(heir=F("deceased"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.since}"


class LoanTransfer(models.Model):
    """From a day on a loan belongs to another household, borrower, group or office; the days before keep what was.

    Where a loan belonged on an earlier day is what the first transfer after that day took it from.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("Gộp hộ")
        UNMERGE = "unmerge", _("Hoàn tác gộp hộ")
        OFFICE = "office", _("Chuyển nơi quản lý")
        HEIR = "heir", _("Nhận nợ thừa kế")
        UNHEIR = "unheir", _("Hoàn tác nhận nợ thừa kế")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="transfers")
    on = models.DateField("từ ngày", db_index=True)
    kind = models.CharField("loại", max_length=8, choices=Kind.choices)
    request = models.ForeignKey(MoveRequest, models.PROTECT, null=True, related_name="transfers")
    heir_request = models.ForeignKey(
        HeirRequest, models.PROTECT, null=True, related_name="transfers"
    )
    old_household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    new_household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    old_borrower = models.ForeignKey(Person, models.PROTECT, related_name="+")
    new_borrower = models.ForeignKey(Person, models.PROTECT, related_name="+")
    old_group = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="+")
    new_group = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="+")
    old_office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    new_office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "khoản vay chuyển nơi"

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on} {self.get_kind_display()}"


class LoanScan(Scan):
    """A scanned paper of a loan: its file, its contract, its collateral, what the money was used for."""

    class Kind(models.TextChoices):
        APPLICATION = "application", _("Hồ sơ vay vốn")
        CONTRACT = "contract", _("Hợp đồng, sổ vay vốn")
        COLLATERAL = "collateral", _("Giấy tờ tài sản bảo đảm")
        USE = "use", _("Chứng từ sử dụng vốn")
        RISK = "risk", _("Hồ sơ xử lý nợ")
        OTHER = "other", _("Giấy tờ khác")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="scans")
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)

    class Meta:
        verbose_name = "giấy tờ quét của khoản vay"
        constraints = [
            removed_with_reason("loanscan_removed_with_reason"),
            models.UniqueConstraint(
                fields=["loan", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="loanscan_bytes_once",
            ),
        ]
