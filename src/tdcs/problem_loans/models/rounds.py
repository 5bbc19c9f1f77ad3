"""Rounds of risk handling: the debts of a half-year with their losses, what is proposed, what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.loans.models import ChangeRequest, Loan
from tdcs.organisations.models import Organisation
from tdcs.problem_loans.models.dossiers import ProblemDossier
from tdcs.problem_loans.states import RoundState


class RiskRound(models.Model):
    """One round of an office: open while debts are listed, submitted, decided."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("đợt")
    state = models.CharField(
        "trạng thái", max_length=10, choices=RoundState.choices, default=RoundState.OPEN
    )
    opened_on = models.DateField("mở ngày")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_on = models.DateField("trình ngày", null=True)
    decided_on = models.DateField("ngày quyết định", null=True)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)

    class Meta:
        verbose_name = "đợt xử lý nợ bị rủi ro"
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "number"], name="riskround_once"),
            models.CheckConstraint(
                name="riskround_decided_under_a_number",
                condition=Q(decided_on__isnull=True) ^ ~Q(decision_number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}/{self.number}"


class RiskCase(models.Model):
    """A debt in a round: what was lost, what is proposed; its request in the room of loans once the round is submitted."""

    class Measure(models.TextChoices):
        FREEZE = "freeze", _("Khoanh nợ")
        WRITE_OFF = "write_off", _("Xóa nợ")
        EXTEND = "extend", _("Gia hạn nợ")

    round = models.ForeignKey(RiskRound, models.PROTECT, related_name="cases")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="+")
    dossier = models.ForeignKey(ProblemDossier, models.PROTECT, null=True, related_name="cases")
    measure = models.CharField("biện pháp", max_length=10, choices=Measure.choices)
    cause = models.CharField("nguyên nhân", max_length=300)
    # Of the whole capital of the borrower's project (02/XLN).
    capital = models.BigIntegerField("tổng vốn thực hiện phương án")
    loss = models.BigIntegerField("giá trị thiệt hại")
    until_on = models.DateField("đến ngày", null=True)
    minutes_on = models.DateField("ngày biên bản xác định thiệt hại")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    request = models.OneToOneField(ChangeRequest, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "món nợ trong đợt xử lý"
        constraints = [
            models.UniqueConstraint(fields=["round", "loan"], name="riskcase_loan_once"),
            models.CheckConstraint(
                name="riskcase_loss_of_the_capital",
                condition=Q(capital__gt=0, loss__gte=0, loss__lte=F("capital")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.loan_id}"
