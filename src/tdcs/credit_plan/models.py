"""A year's plan: targets, allotments under negotiation, rounds with offices, and the approved lines by date."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as n

from tdcs.capital.models import CapitalSource
from tdcs.organisations.models import Area, Dated, Organisation, one_at_a_time

_PERSON = settings.AUTH_USER_MODEL


class CreditPlanState(models.TextChoices):
    NEGOTIATING = "negotiating", n("Đang lập, thương lượng")
    SUBMITTED = "submitted", n("Chờ phê duyệt")
    APPROVED = "approved", n("Đã phê duyệt")


class RoundState(models.TextChoices):
    DRAFT = "draft", n("Chi nhánh đang dự thảo")
    WITH_OFFICE = "with_office", n("Đã gửi phòng giao dịch")
    RETURNED = "returned", n("Phòng giao dịch trả lại kèm ý kiến")
    AGREED = "agreed", n("Đã thống nhất")


class AdjustmentState(models.TextChoices):
    PROPOSED = "proposed", n("Chờ phê duyệt")
    APPROVED = "approved", n("Đã phê duyệt")
    REFUSED = "refused", n("Không phê duyệt")


class CreditPlan(models.Model):
    """What the branch means to lend in a year, by commune, programme and fund."""

    State = CreditPlanState

    year = models.PositiveSmallIntegerField("năm", unique=True)
    # Targets and allotments are whole multiples of so many dong, as the law's file said when the plan was opened.
    unit = models.BigIntegerField("đơn vị làm tròn (đồng)")
    state = models.CharField(
        "trạng thái", max_length=12, choices=State.choices, default=State.NEGOTIATING
    )
    opened_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField("ngày mở")
    submitted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    submitted_on = models.DateField("ngày trình", null=True)
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField("ngày phê duyệt", null=True)
    # The decision by which it was approved, or why it was sent back.
    decision = models.CharField("quyết định", max_length=300, blank=True)

    class Meta:
        verbose_name = "kế hoạch tín dụng năm"
        constraints = [
            models.CheckConstraint(condition=Q(unit__gt=0), name="creditplan_unit_positive"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("submitted_by")),
                name="creditplan_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"


class PlanTarget(models.Model):
    """What is to be lent in the year under a programme out of a fund, for the province."""

    plan = models.ForeignKey(CreditPlan, models.PROTECT, related_name="targets")
    programme = models.CharField("chương trình", max_length=12)
    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="+")
    amount = models.BigIntegerField("chỉ tiêu cho vay (đồng)")

    class Meta:
        verbose_name = "chỉ tiêu kế hoạch"
        constraints = [
            models.UniqueConstraint(fields=["plan", "programme", "source"], name="plantarget_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plantarget_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.programme} {self.source_id}"


class NewMoney(models.Model):
    """Money of a fund that the plan counts on beside what is free and what falls due; never edited, another line corrects it."""

    plan = models.ForeignKey(CreditPlan, models.PROTECT, related_name="new_money")
    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="+")
    amount = models.BigIntegerField("số tiền (đồng)")
    basis = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    on = models.DateField("ngày")

    class Meta:
        verbose_name = "vốn bổ sung của kế hoạch"

    def __str__(self) -> str:
        return f"{self.plan_id} {self.source_id}"


class PlanFund(models.Model):
    """What a fund could carry when the plan was submitted: free capital and what falls due in the year."""

    plan = models.ForeignKey(CreditPlan, models.PROTECT, related_name="funds")
    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="+")
    free = models.BigIntegerField("vốn chưa cho vay (đồng)")
    maturing = models.BigIntegerField("dự kiến thu nợ (đồng)")

    class Meta:
        verbose_name = "khả năng nguồn của kế hoạch"
        constraints = [models.UniqueConstraint(fields=["plan", "source"], name="planfund_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.source_id}"


class NeedCorrection(models.Model):
    """A commune or office says what its need of a programme is instead of the survey's sum; the last one counts."""

    plan = models.ForeignKey(CreditPlan, models.PROTECT, related_name="corrections")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    programme = models.CharField("chương trình", max_length=12)
    amount = models.BigIntegerField("nhu cầu (đồng)")
    comment = models.CharField("ý kiến", max_length=300)
    by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    on = models.DateField("ngày")

    class Meta:
        verbose_name = "điều chỉnh nhu cầu"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="needcorrection_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.area_id} {self.programme}"


class Allotment(models.Model):
    """A commune's cell of the plan: ``amount`` as the branch has it, ``asked`` as the office would have it."""

    plan = models.ForeignKey(CreditPlan, models.PROTECT, related_name="allotments")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    programme = models.CharField("chương trình", max_length=12)
    source = models.ForeignKey(CapitalSource, models.PROTECT, related_name="+")
    amount = models.BigIntegerField("phân bổ (đồng)", default=0)
    asked = models.BigIntegerField("đề nghị (đồng)", null=True)
    comment = models.CharField("ý kiến", max_length=300, blank=True)
    # What falls due of the cell in the year, as told when the plan was submitted.
    collection = models.BigIntegerField("dự kiến thu nợ (đồng)", default=0)

    class Meta:
        verbose_name = "phân bổ chỉ tiêu"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "area", "programme", "source"], name="allotment_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & (Q(asked=None) | Q(asked__gte=0)),
                name="allotment_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.area_id} {self.programme} {self.source_id}"


class OfficeRound(models.Model):
    """Where the talk with an office stands: whose turn it is, and in which round."""

    plan = models.ForeignKey(CreditPlan, models.PROTECT, related_name="rounds")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(
        "trạng thái", max_length=12, choices=RoundState.choices, default=RoundState.DRAFT
    )
    number = models.PositiveSmallIntegerField("vòng", default=0)

    class Meta:
        verbose_name = "vòng thương lượng"
        constraints = [models.UniqueConstraint(fields=["plan", "office"], name="officeround_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.office_id}"


class RoundMove(models.Model):
    """One turn of the talk, with what was said."""

    round = models.ForeignKey(OfficeRound, models.PROTECT, related_name="moves")
    verb = models.CharField("bước", max_length=12)
    number = models.PositiveSmallIntegerField("vòng")
    comment = models.CharField("ý kiến", max_length=500, blank=True)
    by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    on = models.DateField("ngày")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "bước thương lượng"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.verb}"


class Adjustment(models.Model):
    """A change of an approved plan from a day on, asked by one person and approved by another."""

    State = AdjustmentState

    plan = models.ForeignKey(CreditPlan, models.PROTECT, related_name="adjustments")
    number = models.PositiveSmallIntegerField("số")
    state = models.CharField(
        "trạng thái", max_length=10, choices=State.choices, default=State.PROPOSED
    )
    starts_on = models.DateField("có hiệu lực từ")
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    on = models.DateField("ngày đề nghị")
    decided_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("ngày quyết định", null=True)
    decision = models.CharField("quyết định", max_length=300, blank=True)

    class Meta:
        verbose_name = "điều chỉnh kế hoạch"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="adjustment_once"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")),
                name="adjustment_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number}"


class AdjustmentLine(models.Model):
    """A cell's amount before and after an adjustment, and why."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="lines")
    allotment = models.ForeignKey(Allotment, models.PROTECT, related_name="+")
    before = models.BigIntegerField("trước (đồng)")
    after = models.BigIntegerField("sau (đồng)")
    why = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "dòng điều chỉnh"
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "allotment"], name="adjustmentline_once"),
            models.CheckConstraint(condition=Q(after__gte=0), name="adjustmentline_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.adjustment_id} {self.allotment_id}"


class PlanLine(Dated):
    """What holds of a cell from a day to a day; an adjustment ends it and begins another, nothing is edited."""

    allotment = models.ForeignKey(Allotment, models.PROTECT, related_name="lines")
    amount = models.BigIntegerField("kế hoạch (đồng)")
    adjustment = models.ForeignKey(Adjustment, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "dòng kế hoạch"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="planline_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="planline_not_negative"),
            one_at_a_time("planline_one_at_a_time", "allotment"),
        ]

    def __str__(self) -> str:
        return f"{self.allotment_id} {self.starts_on}"
