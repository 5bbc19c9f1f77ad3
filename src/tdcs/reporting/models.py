"""Forms that were read back into a report: each file once."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tdcs.plans.models import UnitReport


class ReadForm(models.Model):
    """A filled-in form whose rows went into a unit's report; the same bytes are not read again."""

    report = models.ForeignKey(UnitReport, models.PROTECT, related_name="read_forms")
    sha256 = models.CharField(max_length=64)
    changed = models.PositiveSmallIntegerField("số việc cập nhật")
    on = models.DateField("ngày")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "phiếu báo cáo đã đọc"
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["report", "sha256"], name="form_read_once")]

    def __str__(self) -> str:
        return f"{self.report} {self.on}"
