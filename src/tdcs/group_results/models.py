"""Cases of consolidating a weak board: what was proposed, every step, the group's meetings, what was handed over."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.group_results.states import CaseState
from tdcs.households.models import Person


class ConsolidationCase(models.Model):
    """A group's board is to be replaced, or the group to pass into another: from the proposal to the hand-over."""

    class Kind(models.TextChoices):
        REPLACE = "replace", _("Thay tổ trưởng, tổ phó")
        MERGE = "merge", _("Sáp nhập vào tổ khác")

    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="consolidations")
    kind = models.CharField("cách kiện toàn", max_length=8, choices=Kind.choices)
    state = models.CharField(
        "trạng thái", max_length=8, choices=CaseState.choices, default=CaseState.PROPOSED
    )
    leader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    deputy = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    into = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="+")
    # The ground as it stood on the day of the proposal: rated this or below so many months in a row.
    grade = models.CharField("xếp loại", max_length=10)
    months = models.PositiveSmallIntegerField("số tháng liền")
    reason = models.CharField("lý do", max_length=500)
    # Who led when it was proposed: he hands over.
    outgoing = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_on = models.DateField("đề nghị ngày")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("quyết định ngày", null=True)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    closed_on = models.DateField("kết thúc ngày", null=True)

    class Meta:
        verbose_name = "vụ việc kiện toàn ban quản lý tổ"
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(closed_on__isnull=True), name="consolidation_one_open"
            ),
            models.CheckConstraint(
                name="consolidation_of_a_kind",
                condition=Q(kind="merge", into__isnull=False, leader=None, deputy=None)
                | Q(kind="replace", into=None)
                & (Q(leader__isnull=False) | Q(deputy__isnull=False)),
            ),
            models.CheckConstraint(
                name="consolidation_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.proposed_on:%d/%m/%Y}"


class ConsolidationStep(models.Model):
    """One step of a case: what was done, by whom, on what day, under which number; never changed."""

    case = models.ForeignKey(ConsolidationCase, models.PROTECT, related_name="steps")
    verb = models.CharField("bước", max_length=10)
    target = models.CharField("trạng thái sau", max_length=8, choices=CaseState.choices)
    on = models.DateField("ngày")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    number = models.CharField("số văn bản", max_length=60, blank=True)
    words = models.CharField("nội dung", max_length=500, blank=True)
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "bước kiện toàn"

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"


class GroupVote(models.Model):
    """A meeting of the group on its board: who was there of how many, and how they voted."""

    case = models.ForeignKey(ConsolidationCase, models.PROTECT, related_name="votes")
    held_on = models.DateField("ngày họp")
    members = models.PositiveSmallIntegerField("số tổ viên")
    attended = models.ManyToManyField(GroupMember, related_name="+")
    votes_for = models.PositiveSmallIntegerField("số phiếu thuận")
    votes_against = models.PositiveSmallIntegerField("số phiếu chống")
    passed = models.BooleanField("thông qua")
    chair = models.CharField("chủ trì", max_length=120)
    words = models.CharField("ý kiến tại cuộc họp", max_length=500, blank=True)

    class Meta:
        verbose_name = "cuộc họp tổ về ban quản lý"

    def __str__(self) -> str:
        return f"{self.case_id} {self.held_on:%d/%m/%Y}"


class BoardHandover(models.Model):
    """Books and cash that the outgoing board handed over, before a witness."""

    case = models.OneToOneField(ConsolidationCase, models.PROTECT, related_name="handover")
    on = models.DateField("ngày bàn giao")
    giver = models.CharField("bên giao", max_length=120)
    receiver = models.CharField("bên nhận", max_length=120)
    witness = models.CharField("người chứng kiến", max_length=120)
    books = models.JSONField("sổ sách, giấy tờ", default=list)
    cash = models.BigIntegerField("tiền mặt (đồng)")
    words = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "bàn giao của ban quản lý tổ"
        constraints = [
            models.CheckConstraint(name="handover_cash_not_negative", condition=Q(cash__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.on:%d/%m/%Y}"
