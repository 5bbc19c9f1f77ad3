"""Runs of the close, one row a day, and the identity of the book whose days the store holds."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.programmes.rules.decrees import Decrees


class BookIdentity(models.Model):
    """One row: the name by which this database's snapshots know it, so that two books never mix in a store."""

    key = models.CharField("mã", max_length=36)
    made_at = models.DateTimeField("lập lúc")

    class Meta:
        verbose_name = "mã nhận diện sổ"
        constraints = [
            models.CheckConstraint(name="bookidentity_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return self.key


class CloseRun(models.Model):
    """How a day was closed: by whom, in which time, with which totals; closed again when events came late."""

    class State(models.TextChoices):
        RUNNING = "running", _("Đang khóa")
        DONE = "done", _("Đã khóa")
        FAILED = "failed", _("Không khóa được")

    day = models.DateField("ngày", unique=True)
    state = models.CharField("trạng thái", max_length=8, choices=State.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField("bắt đầu lúc")
    finished_at = models.DateTimeField("xong lúc", null=True)
    rows = models.BigIntegerField("số khoản vay", default=0)
    events = models.BigIntegerField("số diễn biến", default=0)
    seconds = models.JSONField("số giây từng bước", default=dict)
    totals = models.JSONField("tổng kiểm soát", default=dict)
    digest = models.CharField("mã băm", max_length=64, blank=True)
    previous = models.CharField("mã băm ngày trước", max_length=64, blank=True)
    law_hash = models.CharField(max_length=64, blank=True)
    # The decrees on running loans that the book had taken up when the day was closed last: code → day.
    decrees = models.JSONField("quyết định đã áp dụng", default=dict)
    seen_event = models.BigIntegerField("diễn biến cuối đã đọc", default=0)
    recloses = models.PositiveIntegerField("số lần khóa lại", default=0)
    # [day, office, commune, figure, before, after] of what late events moved; while days are closed again, what stood.
    moved = models.JSONField("số liệu thay đổi", default=list)
    before = models.JSONField("số liệu trước khi khóa lại", default=dict)
    notes = models.JSONField("ghi chú", default=list)
    entries = models.JSONField("bút toán", default=list)
    locked_through = models.DateField("sổ cái khóa đến hết", null=True)
    refusal = models.CharField("lý do không khóa được", max_length=60, blank=True)

    class Meta:
        verbose_name = "lần khóa sổ ngày"

    def __str__(self) -> str:
        return f"{self.day} {self.get_state_display()}"

    @property
    def law(self) -> Decrees:
        """``decrees`` as the rules take them."""
        return Decrees.of({code: date.fromisoformat(day) for code, day in self.decrees.items()})
