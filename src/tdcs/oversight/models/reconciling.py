"""Public reconciliation: a campaign, each loan with what the bank and the borrower say, differences as cases with steps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation
from tdcs.oversight.states import CampaignState, CaseState


class ReconciliationCampaign(models.Model):
    """An office asks borrowers of a year what they owe: all, or a share aimed at risk."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    percent = models.PositiveSmallIntegerField("tỷ lệ đối chiếu (%)")
    as_of = models.DateField("số liệu ngày")
    state = models.CharField(
        "trạng thái", max_length=8, choices=CampaignState.choices, default=CampaignState.OPEN
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_on = models.DateField("kết thúc ngày", null=True)

    class Meta:
        verbose_name = "đợt đối chiếu công khai"
        constraints = [
            models.UniqueConstraint(fields=["office", "year"], name="campaign_one_of_office_year")
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}"


class ReconciledLoan(models.Model):
    """A loan of a campaign: what the bank says on the day, what the borrower signed, the result's code."""

    campaign = models.ForeignKey(ReconciliationCampaign, models.PROTECT, related_name="lines")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="+")
    bank_principal = models.BigIntegerField("gốc theo Ngân hàng")
    bank_interest = models.BigIntegerField("lãi theo Ngân hàng")
    bank_savings = models.BigIntegerField("tiền gửi theo Ngân hàng")
    told_principal = models.BigIntegerField("gốc theo người vay", null=True)
    told_interest = models.BigIntegerField("lãi theo người vay", null=True)
    told_savings = models.BigIntegerField("tiền gửi theo người vay", null=True)
    result = models.CharField("mã kết quả", max_length=2, default="00")
    # The code of the last round; "" when the loan was in none.
    before = models.CharField("mã kết quả lần trước", max_length=2, blank=True)
    signed_on = models.DateField("người vay ký ngày", null=True)
    words = models.CharField("ghi chú", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "khoản vay đối chiếu"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "loan"], name="reconciled_once"),
            models.CheckConstraint(
                name="reconciled_told_whole",
                condition=Q(told_principal__isnull=True, signed_on__isnull=True)
                | Q(
                    told_principal__isnull=False,
                    told_interest__isnull=False,
                    told_savings__isnull=False,
                    signed_on__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.loan_id}"

    @property
    def differs(self) -> bool:
        """Whether the borrower signed other figures than the bank's."""
        told = (self.told_principal, self.told_interest, self.told_savings)
        bank = (self.bank_principal, self.bank_interest, self.bank_savings)
        return self.signed_on is not None and told != bank


class ReconciliationCase(models.Model):
    """A difference, or a borrower who is not there, until it is decided."""

    class Kind(models.TextChoices):
        MISAPPROPRIATED = "taken", _("Chiếm dụng")
        ON_BEHALF = "behalf", _("Vay hộ, vay ké")
        UNRECORDED = "unbooked", _("Đã nộp nhưng chưa ghi sổ")
        ABSENT = "absent", _("Không gặp được")
        OTHER = "other", _("Khác")

    line = models.OneToOneField(ReconciledLoan, models.PROTECT, related_name="case")
    kind = models.CharField("loại", max_length=8, choices=Kind.choices)
    state = models.CharField(
        "trạng thái", max_length=8, choices=CaseState.choices, default=CaseState.OPEN
    )

    class Meta:
        verbose_name = "vụ việc sau đối chiếu"

    def __str__(self) -> str:
        return f"{self.line_id} {self.kind}"


class CaseStep(models.Model):
    """One step of a case: who, when, with which words."""

    case = models.ForeignKey(ReconciliationCase, models.PROTECT, related_name="steps")
    verb = models.CharField("bước", max_length=8)
    source = models.CharField("từ", max_length=8, blank=True)
    target = models.CharField("đến", max_length=8)
    on = models.DateField("ngày")
    recorded_at = models.DateTimeField("ghi lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    words = models.CharField("nội dung", max_length=500, blank=True)

    class Meta:
        verbose_name = "bước xử lý vụ việc"

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"
