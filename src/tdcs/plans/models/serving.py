"""Which kinds of records count for a task: a person's word, by the kind's code."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tdcs.plans.models.plan import Plan


class TaskEvidence(models.Model):
    """That records of a kind prove a task of a plan, or (``counts`` not set) that they do not, whatever their words."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="task_evidence")
    # Of the task: it stays the same across versions.
    lineage = models.UUIDField()
    kind = models.CharField("loại hồ sơ", max_length=60)
    counts = models.BooleanField("được tính", default=True)
    on = models.DateField("ngày xác nhận")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "loại hồ sơ chứng minh nhiệm vụ"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "lineage", "kind"], name="task_evidence_decided_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'' if self.counts else 'không '}tính cho {self.lineage}"
