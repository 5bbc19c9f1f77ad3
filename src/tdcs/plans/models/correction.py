"""What people corrected in a reading, kept for the next document of the same issuer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Organisation


class CorrectionKind(models.TextChoices):
    UNIT = "unit", _("Tên đơn vị")
    DEADLINE = "deadline", _("Thời hạn")
    HEADING = "heading", _("Tiêu đề cột")
    LABEL = "label", _("Từ dùng làm nhãn")


class ReadingCorrection(models.Model):
    """Words of one issuer's documents and what a person said they mean; the last word stands."""

    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="reading_corrections")
    kind = models.CharField("loại", max_length=10, choices=CorrectionKind.choices)
    # The words folded: no accents, no case.
    key = models.CharField(max_length=300)
    words = models.CharField("lời văn", max_length=300)
    # By kind: unit, levels and area; timing kind with month, day, years later; or the meaning of a label or column.
    meaning = models.JSONField("nghĩa", default=dict)
    made_at = models.DateTimeField("sửa lúc")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "điều đã sửa khi rà soát"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "kind", "key"], name="correction_once")
        ]

    def __str__(self) -> str:
        return self.words
