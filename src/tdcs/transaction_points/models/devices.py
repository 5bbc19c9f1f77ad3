"""Devices, the packs that they took, the lines of their logs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tdcs.access.models import User
from tdcs.ledger.models import JournalEntry
from tdcs.organisations.models import Organisation
from tdcs.transaction_points.models.sessions import TransactionSession
from tdcs.transaction_points.states import LogState


class Device(models.Model):
    """A tablet or telephone of an office that may take packs: the keys by which it signs and by which packs are locked for it."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="devices")
    name = models.CharField("tên thiết bị", max_length=80)
    # Ed25519 and uncompressed P-256 points, in hexadecimal; the private halves never leave the device.
    signing_key = models.CharField("khóa ký", max_length=64, unique=True)
    agreement_key = models.CharField("khóa mã hóa", max_length=130)
    registered_on = models.DateField("đăng ký ngày")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_on = models.DateField("thu hồi ngày", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_why = models.CharField("lý do thu hồi", max_length=200, blank=True)

    class Meta:
        verbose_name = "thiết bị giao dịch"
        constraints = [
            models.CheckConstraint(
                name="device_revoked_for_a_reason",
                condition=Q(revoked_on__isnull=True) | ~Q(revoked_why=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TakenAlong(models.Model):
    """What a device takes along into the field: who took it, until when it holds, the digest of what was in it."""

    key = models.UUIDField("mã gói", unique=True)
    sha256 = models.CharField("mã băm", max_length=64)
    size = models.PositiveIntegerField("cỡ (byte)")
    made_at = models.DateTimeField("lập lúc")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("hết hạn lúc")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.key)


class Pack(TakenAlong):
    """What a device took along for a session: who took it, until when it holds, the digest of what was in it."""

    session = models.ForeignKey(TransactionSession, models.PROTECT, related_name="packs")
    device = models.ForeignKey(Device, models.PROTECT, related_name="packs")

    class Meta:
        verbose_name = "gói phiên giao dịch"


class MemberKey(models.Model):
    """The key by which a member of the team approves on a device that holds a pack: its private half opens by his PIN only."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="member_keys")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.CharField("khóa duyệt", max_length=64, unique=True)
    made_at = models.DateTimeField("lập lúc")

    class Meta:
        verbose_name = "khóa duyệt của thành viên"

    def __str__(self) -> str:
        return f"{self.pack_id} {self.person_id}"


class SignedLine(models.Model):
    """One signed line of a device's chain; content never changes, only what became of it is added."""

    seq = models.PositiveIntegerField("số thứ tự")
    kind = models.CharField("loại", max_length=12)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # As the device's own clock had it, which may be wrong; received_at is ours.
    told_at = models.CharField("giờ của thiết bị", max_length=40)
    data = models.JSONField("nội dung", default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    received_at = models.DateTimeField("nhận lúc")
    problem = models.CharField("vướng mắc", max_length=40, blank=True)
    problem_words = models.CharField("nội dung vướng mắc", max_length=500, blank=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    resolved_words = models.CharField("cách xử lý", max_length=300, blank=True)
    resolved_on = models.DateField("xử lý ngày", null=True)

    class Meta:
        abstract = True


class LogLine(SignedLine):
    """One line of what a device did in a session; content never changes, only what became of it is added."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="lines")
    session = models.ForeignKey(TransactionSession, models.PROTECT, related_name="lines")
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="lines")
    state = models.CharField(
        "trạng thái", max_length=10, choices=LogState.choices, default=LogState.RECEIVED
    )
    entry = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")
    # Of a sheet: the places of its rows that are not booked, from 0 on.
    left = models.JSONField("dòng chưa hạch toán", default=list)
    # How often a person had it booked again: the keys of what was booked count along.
    tries = models.PositiveSmallIntegerField("số lần hạch toán lại", default=0)

    class Meta:
        verbose_name = "dòng nhật ký phiên"
        constraints = [
            models.UniqueConstraint(
                fields=["device", "session", "seq"], name="logline_one_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.session_id}/{self.seq}"
