"""What people assumed, kept under a name; results are computed from the closed days whenever they are asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Scenario(models.Model):
    """Assumptions of a projection (rules/assumptions.py), with who made them and on what ground."""

    name = models.CharField("tên kịch bản", max_length=120)
    # The fields of Assumptions that are set, shares in parts per million.
    assumed = models.JSONField("giả định")
    basis = models.CharField("căn cứ", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_on = models.DateField("ngày lập")
    ended_on = models.DateField("ngày bỏ", null=True)

    class Meta:
        verbose_name = "kịch bản dự báo"
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(ended_on__isnull=True), name="scenario_one_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
