"""How plans stand to each other, and what was decided about each: published, withdrawn, archived."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.plans.models.plan import Plan, PlanVersion


class RelationKind(models.TextChoices):
    BESIDE = "beside", _("Cùng thực hiện")
    CARRIES_OUT = "carries_out", _("Cụ thể hóa")
    AMENDS = "amends", _("Sửa đổi một số nhiệm vụ")
    REPLACES = "replaces", _("Thay thế")


class PlanRelation(models.Model):
    """What a later plan does to an earlier one, from a day on. Two plans without a row run beside each other.

    ``lineages``: tasks of the earlier plan that end (of "amends" only). ``ended``: the obligations that were
    withdrawn for it, by the state they had; undoing gives it back.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="relations")
    other = models.ForeignKey(Plan, models.PROTECT, related_name="later")
    kind = models.CharField("quan hệ", max_length=12, choices=RelationKind.choices)
    since = models.DateField("từ ngày")
    lineages = models.JSONField(default=list)
    ended = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    undone_on = models.DateField("hủy ngày", null=True)

    class Meta:
        verbose_name = "quan hệ giữa hai kế hoạch"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "other"],
                condition=models.Q(undone_on__isnull=True),
                name="one_relation_between_two_plans",
            ),
            models.CheckConstraint(
                name="plan_not_related_to_itself",
                condition=~models.Q(plan=models.F("other")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.get_kind_display()} {self.other}"


class PlanMove(models.Model):
    """Published, withdrawn, archived, taken out again: when, by whom, why."""

    class Verb(models.TextChoices):
        PUBLISH = "publish", _("Công bố")
        WITHDRAW = "withdraw", _("Thu hồi công bố")
        ARCHIVE = "archive", _("Lưu trữ")
        UNARCHIVE = "unarchive", _("Đưa ra khỏi lưu trữ")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="moves")
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, related_name="moves")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    why = models.TextField(blank=True)

    class Meta:
        verbose_name = "diễn biến kế hoạch"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.plan} {self.on}"
