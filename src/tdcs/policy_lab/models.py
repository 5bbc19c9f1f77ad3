"""Drafts that were tried and what they came to; kept as they were computed on their day."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Comparison(models.Model):
    """A draft of the law tried on the book of a closed day: the overlay as it was typed, and its figures."""

    name = models.CharField("tên dự thảo", max_length=120)
    basis = models.CharField("căn cứ", max_length=300)
    overlay = models.TextField("nội dung dự thảo")
    day = models.DateField("ngày số liệu")
    law_on = models.DateField("ngày so sánh")
    # Cells by column, the values that changed, households that gain and lose: queries/comparisons.py.
    result = models.JSONField("kết quả")
    law_hash = models.CharField("mã băm của luật", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_on = models.DateField("ngày lập")
    ended_on = models.DateField("ngày bỏ", null=True)

    class Meta:
        verbose_name = "so sánh chính sách"
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(ended_on__isnull=True),
                name="comparison_one_name",
            )
        ]

    def __str__(self) -> str:
        return self.name
