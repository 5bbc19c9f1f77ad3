"""The audit line. The database itself refuses to change or delete one (migration 0002)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditLine(models.Model):
    """Who did what, on which business date, from where, why; chained by hash to the line before."""

    recorded_at = models.DateTimeField("ghi lúc")
    business_date = models.DateField("ngày nghiệp vụ", db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="audit_lines"
    )
    actor_words = models.CharField("người thực hiện", max_length=200)
    origin = models.CharField("từ", max_length=80)
    action = models.CharField("việc", max_length=60, db_index=True)
    subject_type = models.CharField("loại đối tượng", max_length=60)
    subject_id = models.CharField("mã đối tượng", max_length=60)
    subject_words = models.CharField("đối tượng", max_length=300)
    why = models.CharField("lý do", max_length=500, blank=True)
    data = models.JSONField("chi tiết", default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "dòng nhật ký"
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M} {self.action} {self.subject_words}"
