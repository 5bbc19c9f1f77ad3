"""Proposals to amend the plan: from a unit, through the branch, to a decision and a new version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Organisation
from tdcs.plans.models.plan import Plan, PlanVersion, Task


class ProposalState(models.TextChoices):
    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã gửi chi nhánh")
    CONSOLIDATED = "consolidated", _("Đã tổng hợp trình")
    APPROVED = "approved", _("Được chấp thuận")
    REJECTED = "rejected", _("Không chấp thuận")


class AmendmentSubmission(models.Model):
    """The branch's submission (tờ trình) to the People's Committee: the proposals it gathered."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        ISSUED = "issued", _("Đã phát hành")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_on = models.DateField("lập ngày")
    opinion = models.TextField("ý kiến của chi nhánh", blank=True)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ký", null=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ", max_length=120, blank=True)

    class Meta:
        verbose_name = "tờ trình sửa đổi kế hoạch"
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return f"Tờ trình {self.number}".strip()


class AmendmentProposal(models.Model):
    """What one unit asks to change, add or remove, and why."""

    class Kind(models.TextChoices):
        CHANGE = "change", _("Sửa đổi")
        ADD = "add", _("Bổ sung")
        REMOVE = "remove", _("Bãi bỏ")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="proposals")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="proposals")
    kind = models.CharField("loại", max_length=6, choices=Kind.choices)
    task = models.ForeignKey(Task, models.PROTECT, null=True)
    section_path = models.CharField("mục", max_length=30, blank=True)
    proposed_text = models.TextField("nội dung đề nghị", blank=True)
    proposed_timing = models.CharField("thời gian đề nghị", max_length=300, blank=True)
    reason = models.TextField("lý do")
    state = models.CharField(
        max_length=12, choices=ProposalState.choices, default=ProposalState.DRAFT
    )
    submitted_on = models.DateField("gửi ngày", null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    returned_why = models.TextField("lý do trả lại", blank=True)
    submission = models.ForeignKey(
        AmendmentSubmission, models.PROTECT, null=True, related_name="proposals"
    )
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True)
    decision_words = models.TextField("ý kiến", blank=True)
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True)

    class Meta:
        verbose_name = "kiến nghị sửa đổi"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.task or self.section_path}"
