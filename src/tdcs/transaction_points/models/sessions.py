"""Groups of points, sessions with their teams, moves and cash counts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsGroup
from tdcs.ledger.models import JournalEntry
from tdcs.organisations.models import Dated, Organisation, TransactionPoint, one_at_a_time
from tdcs.transaction_points.states import SessionState


class GroupAtPoint(Dated):
    """A group meets the bank at a point from a day to a day, at one point at a time."""

    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="points")
    point = models.ForeignKey(TransactionPoint, models.PROTECT, related_name="groups")

    class Meta:
        verbose_name = "tổ giao dịch tại điểm"
        constraints = [
            models.CheckConstraint(
                name="groupatpoint_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
            one_at_a_time("groupatpoint_one_point", "group"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} @ {self.point_id}"


class TransactionSession(models.Model):
    """One meeting at a point: the day on which the point's day falls in a month, the day on which it is held, where it stands."""

    point = models.ForeignKey(TransactionPoint, models.PROTECT, related_name="sessions")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    due_on = models.DateField("ngày theo lịch cố định")
    held_on = models.DateField("ngày tổ chức", db_index=True)
    starts_at = models.TimeField("từ giờ", null=True, blank=True)
    ends_at = models.TimeField("đến giờ", null=True, blank=True)
    place = models.CharField("nơi giao dịch", max_length=200, blank=True)
    moved_why = models.CharField("lý do dời ngày", max_length=200, blank=True)
    vehicle = models.CharField("xe", max_length=60, blank=True)
    escort = models.CharField("bảo vệ, áp tải", max_length=120, blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=SessionState.choices, default=SessionState.PLANNED
    )
    # What had to be with the tellers at the end, and what was there; dong.
    cash_expected = models.BigIntegerField("tiền phải có cuối phiên", null=True)
    cash_counted = models.BigIntegerField("tiền kiểm đếm cuối phiên", null=True)
    difference_why = models.CharField("lý do chênh lệch", max_length=300, blank=True)
    conclusions = models.TextField("kết luận giao ban", blank=True)
    # What was done in it, as of its close (rules/scoring.py Figures).
    figures = models.JSONField("số liệu", default=dict)

    class Meta:
        verbose_name = "phiên giao dịch xã"
        indexes = [models.Index(fields=["office", "held_on"], name="session_office_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "due_on"], name="session_one_of_point_and_day"
            ),
            models.CheckConstraint(
                name="session_moved_for_a_reason",
                condition=Q(held_on=F("due_on")) | ~Q(moved_why=""),
            ),
            models.CheckConstraint(
                name="session_hours_in_order",
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="session_difference_has_a_reason",
                condition=Q(cash_counted__isnull=True)
                | Q(cash_counted=F("cash_expected"))
                | ~Q(difference_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.held_on}"


class TeamMember(models.Model):
    """Who is on a session's team in which role: nobody twice, one leader and one controller."""

    class Role(models.TextChoices):
        LEADER = "leader", "Tổ trưởng tổ giao dịch"
        CONTROLLER = "controller", "Kiểm soát viên"
        TELLER = "teller", "Giao dịch viên"
        DRIVER = "driver", "Lái xe"
        HELPER = "helper", "Cán bộ tăng cường"

    session = models.ForeignKey(TransactionSession, models.CASCADE, related_name="team")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField("vai trò", max_length=10, choices=Role.choices)

    class Meta:
        verbose_name = "thành viên tổ giao dịch"
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="team_one_role_of_a_person"),
            models.UniqueConstraint(
                fields=["session", "role"],
                condition=Q(role__in=("leader", "controller")),
                name="team_one_leader_one_controller",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.person_id} {self.role}"


class SessionMove(models.Model):
    """One step of a session: who, when, from where to where, with which words; also another day."""

    session = models.ForeignKey(TransactionSession, models.PROTECT, related_name="moves")
    verb = models.CharField("bước", max_length=12)
    source = models.CharField("từ", max_length=10)
    target = models.CharField("đến", max_length=10)
    on = models.DateField("ngày")
    recorded_at = models.DateTimeField("ghi lúc")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField("ý kiến", max_length=300, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = "bước của phiên giao dịch"

    def __str__(self) -> str:
        return f"{self.session_id} {self.verb}"


class CashCount(models.Model):
    """How many notes of a denomination were counted at the end of a session."""

    session = models.ForeignKey(TransactionSession, models.CASCADE, related_name="counts")
    denomination = models.PositiveIntegerField("mệnh giá")
    notes = models.PositiveIntegerField("số tờ")

    class Meta:
        verbose_name = "kiểm đếm tiền mặt"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "denomination"], name="count_one_of_a_denomination"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.notes} × {self.denomination}"


class CashHandover(models.Model):
    """Cash that passed from one person to another: out of the vault, within the team, back into the vault."""

    session = models.ForeignKey(TransactionSession, models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(User, models.PROTECT, related_name="+")
    taker = models.ForeignKey(User, models.PROTECT, related_name="+")
    amount = models.BigIntegerField("số tiền")
    on = models.DateField("ngày")
    recorded_at = models.DateTimeField("ghi lúc")
    words = models.CharField("nội dung", max_length=200, blank=True)

    class Meta:
        verbose_name = "giao nhận tiền mặt"
        constraints = [
            models.CheckConstraint(name="handover_cash_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="handover_cash_two_people", condition=~Q(giver=F("taker"))),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.amount}"


class SessionEntry(models.Model):
    """An entry of the ledger that was made for a session on another day than its own: a late sync."""

    session = models.ForeignKey(TransactionSession, models.PROTECT, related_name="late_entries")
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "bút toán ghi muộn của phiên"

    def __str__(self) -> str:
        return f"{self.session_id} {self.entry_id}"
