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
    # The database's number of the transaction, chained too: what it changed (RecordChange) belongs to this line.
    xid = models.CharField("giao dịch", max_length=20, blank=True, db_index=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "dòng nhật ký"
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M} {self.action} {self.subject_words}"


class ChainHead(models.Model):
    """One row: how many lines the trail has and the hash of the last, so that a tail cut off is seen."""

    lines = models.BigIntegerField("số dòng")
    last_line = models.BigIntegerField("dòng cuối")
    hash = models.CharField("mã băm cuối", max_length=64)

    class Meta:
        verbose_name = "đầu chuỗi nhật ký"

    def __str__(self) -> str:
        return f"{self.lines} {self.hash[:12]}"


class RecordChange(models.Model):
    """A change of a record that people decide on, written by the database alone (migration 0118).

    ``digest``: SHA-256 of the record's deciding fields after the change, empty when it was deleted. ``op``: I, U, D, or B for
    what was there before changes were noted.
    """

    relation = models.CharField("bảng", max_length=60)
    row_id = models.BigIntegerField("dòng")
    op = models.CharField("thao tác", max_length=1)
    digest = models.CharField("mã băm", max_length=64, blank=True)
    xid = models.CharField("giao dịch", max_length=20)

    class Meta:
        verbose_name = "thay đổi bản ghi"
        indexes = [models.Index(fields=["relation", "row_id", "id"], name="recordchange_row")]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_id} {self.op}"


class DataVersion(models.Model):
    """How often an area of the data changed (audit/watched.py), written by the database alone as each change commits."""

    area = models.CharField("vùng dữ liệu", max_length=100, primary_key=True)
    version = models.BigIntegerField("phiên bản")
    xid = models.CharField("giao dịch", max_length=20)

    class Meta:
        verbose_name = "phiên bản dữ liệu"

    def __str__(self) -> str:
        return f"{self.area} {self.version}"


class DataChange(models.Model):
    """There while a transaction that changed watched data waits for its commit; no row outlives it."""

    class Meta:
        verbose_name = "thay đổi chờ ghi nhận"

    def __str__(self) -> str:
        return str(self.pk)
