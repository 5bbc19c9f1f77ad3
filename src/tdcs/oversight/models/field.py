"""Inspections held with no network: the packs that devices took, the lines of their logs, photos that came before their lines."""

from __future__ import annotations

from django.db import models

from tdcs.access.models import User
from tdcs.oversight.models.inspections import Inspection
from tdcs.oversight.states import FieldState
from tdcs.transaction_points.models import Device, SignedLine, TakenAlong


class InspectionPack(TakenAlong):
    """What a device took along for an inspection: who took it, until when it holds, the digest of what was in it."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="packs")
    device = models.ForeignKey(Device, models.PROTECT, related_name="inspection_packs")

    class Meta:
        verbose_name = "gói kiểm tra"


class InspectionLine(SignedLine):
    """One line of what a device wrote at an inspection; content never changes, only what became of it is added."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="inspection_lines")
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="lines")
    pack = models.ForeignKey(InspectionPack, models.PROTECT, related_name="lines")
    state = models.CharField(
        "trạng thái", max_length=10, choices=FieldState.choices, default=FieldState.RECEIVED
    )
    # On which day it counts: the device's, as far as its pack and the day of handing in allow.
    counted_on = models.DateField("tính cho ngày", null=True)

    class Meta:
        verbose_name = "dòng nhật ký kiểm tra"
        constraints = [
            models.UniqueConstraint(
                fields=["device", "inspection", "seq"], name="inspectionline_one_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.inspection_id}/{self.seq}"


class UploadedPhoto(models.Model):
    """A photo's bytes that a device handed in ahead of the line that names them."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="uploads")
    device = models.ForeignKey(Device, models.PROTECT, related_name="+")
    sha256 = models.CharField("mã băm", max_length=64)
    ending = models.CharField(max_length=5)
    size = models.PositiveIntegerField("cỡ (byte)")
    received_at = models.DateTimeField("nhận lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "ảnh thiết bị đã gửi"
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "sha256"], name="uploadedphoto_once_of_an_inspection"
            )
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
