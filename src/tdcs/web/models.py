"""Pages that the workers keep for each other."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class KeptPage(models.Model):
    """A page as one worker made it, for the others; in an unlogged table, for nothing is lost with it (web/kept_pages.py)."""

    # The digest of whom and what it is for: person, role, address, language, day.
    key = models.CharField("khóa", max_length=64, primary_key=True)
    areas = ArrayField(models.CharField(max_length=100), verbose_name="vùng dữ liệu")
    version = models.BigIntegerField("phiên bản")
    headers = models.JSONField("tiêu đề")
    body = models.BinaryField("nội dung nén")
    made_at = models.DateTimeField("lưu lúc", db_index=True)

    class Meta:
        verbose_name = "trang lưu tạm"

    def __str__(self) -> str:
        return self.key
