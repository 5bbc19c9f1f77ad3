"""Offices and who holds them, seats of boards, meetings, resolutions, conclusion sheets, self-reviews."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.boards.states import MeetingState, Presence, ReviewState
from tdcs.organisations.models import Dated, Organisation, ends_after_start, one_at_a_time
from tdcs.plans.models import Directive
from tdcs.transaction_points.models import TransactionSession


class Office(models.TextChoices):
    HEAD = "head", _("Người đứng đầu")
    SECTION = "section", _("Trưởng phòng chuyên môn")


def _one_of_each_office(name: str, *owners: str) -> list[ExclusionConstraint]:
    """No two rows of the same owners and office hold on a common day; one constraint an office, for words have no ranges."""
    return [
        one_at_a_time(f"{name}_one_{office}", *owners, condition=Q(office=office))
        for office in Office.values
    ]


class OfficeHolding(Dated):
    """Who holds an office of a unit, from a day to a day. Seats of boards follow it by themselves."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="office_holdings")
    office = models.CharField("vị trí", max_length=8, choices=Office.choices)
    full_name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức vụ", max_length=120)
    basis = models.CharField("quyết định", max_length=120, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "người giữ chức vụ"
        constraints = [
            ends_after_start("officeholding_ends_after_start"),
            *_one_of_each_office("officeholding", "organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.full_name}"


class BoardSeat(Dated):
    """A seat of a board: whoever holds the office of the unit sits in it."""

    class Role(models.TextChoices):
        HEAD = "head", _("Trưởng ban")
        MEMBER = "member", _("Thành viên")

    board = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.CharField("vị trí", max_length=8, choices=Office.choices)
    role = models.CharField("trong ban", max_length=8, choices=Role.choices)
    words = models.CharField("theo chức vụ", max_length=160)
    basis = models.CharField("căn cứ", max_length=120, blank=True)

    class Meta:
        verbose_name = "ghế trong ban đại diện"
        constraints = [
            ends_after_start("boardseat_ends_after_start"),
            *_one_of_each_office("boardseat", "board", "organisation"),
        ]

    def __str__(self) -> str:
        return self.words


class BoardMeeting(models.Model):
    """A meeting of a board, from the day it is planned to its minutes; numbered within board and year."""

    State = MeetingState

    board = models.ForeignKey(Organisation, models.PROTECT, related_name="meetings")
    year = models.PositiveSmallIntegerField("năm")
    sequence = models.PositiveSmallIntegerField("lần họp")
    held_on = models.DateField("ngày họp")
    starts_at = models.TimeField("giờ họp")
    place = models.CharField("nơi họp", max_length=200)
    agenda = models.JSONField("nội dung họp", default=list)
    state = models.CharField(
        "trạng thái", max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    invited_on = models.DateField("mời ngày", null=True)
    letter_number = models.CharField("số giấy mời", max_length=60, blank=True)
    # What the papers say: the indicators of the board's area as they stood on the day of the invitation.
    figures = models.JSONField("số liệu trình họp", default=dict)
    conclusions = models.TextField("kết luận", blank=True)
    closed_on = models.DateField("kết thúc ngày", null=True)
    cancelled_why = models.CharField("lý do không tổ chức", max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "phiên họp ban đại diện"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "year", "sequence"], name="meeting_numbered_once"
            ),
            models.CheckConstraint(
                name="meeting_cancelled_for_a_reason",
                condition=~Q(state=MeetingState.CANCELLED) | ~Q(cancelled_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Phiên họp lần {self.sequence} năm {self.year}"


class MeetingAttendance(models.Model):
    """One seat in one meeting: who held the office that day, and whether he was there."""

    meeting = models.ForeignKey(BoardMeeting, models.CASCADE, related_name="attendance")
    seat = models.ForeignKey(BoardSeat, models.PROTECT, related_name="+")
    full_name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức vụ", max_length=120)
    presence = models.CharField("có mặt", max_length=8, choices=Presence.choices)
    # Who came in his place; he speaks and does not vote.
    substitute = models.CharField("người dự thay", max_length=120, blank=True)

    class Meta:
        verbose_name = "điểm danh phiên họp"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once_a_seat")
        ]

    def __str__(self) -> str:
        return f"{self.full_name}: {self.get_presence_display()}"


class Resolution(models.Model):
    """What a meeting is asked to decide; passed, its owners owe it by a day (plans)."""

    meeting = models.ForeignKey(BoardMeeting, models.PROTECT, related_name="resolutions")
    position = models.PositiveSmallIntegerField("thứ tự")
    title = models.CharField("việc", max_length=200)
    text = models.TextField("nội dung", blank=True)
    owners = models.ManyToManyField(Organisation, related_name="+")
    due_on = models.DateField("hạn")
    votes_for = models.PositiveSmallIntegerField("số phiếu thuận", null=True)
    votes_against = models.PositiveSmallIntegerField("số phiếu chống", null=True)
    passed = models.BooleanField("thông qua", null=True)
    decided_on = models.DateField("ngày biểu quyết", null=True)
    directive = models.OneToOneField(
        Directive, models.PROTECT, null=True, related_name="board_resolution"
    )

    class Meta:
        verbose_name = "nghị quyết của phiên họp"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="resolution_position_once"
            ),
            models.CheckConstraint(
                name="resolution_owed_when_passed",
                condition=Q(directive__isnull=True) | Q(passed=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ConclusionSheet(models.Model):
    """The monthly review (giao ban) after a commune's session: its figures, what was concluded, who signs."""

    session = models.OneToOneField(
        TransactionSession, models.PROTECT, related_name="conclusion_sheet"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="conclusion_sheets")
    on = models.DateField("ngày họp")
    present = models.CharField("thành phần", max_length=500)
    figures = models.JSONField("số liệu", default=dict)
    conclusions = models.TextField("kết luận")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "thông báo kết luận giao ban"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"Kết luận giao ban tháng {self.on:%m/%Y}"


class SelfReview(models.Model):
    """A unit's yearly self-review (kiểm điểm): what was asked of it, what came of it, what follows."""

    State = ReviewState

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="self_reviews")
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField(
        "trạng thái", max_length=8, choices=ReviewState.choices, default=ReviewState.DRAFT
    )
    # Prefilled from the unit's obligations, targets, findings and last year's review; then the unit's own words.
    results = models.TextField("kết quả thực hiện")
    targets = models.TextField("chỉ tiêu")
    findings = models.TextField("tồn tại, hạn chế đã được nêu")
    followed = models.TextField("việc thực hiện kiểm điểm năm trước")
    causes = models.TextField("nguyên nhân, trách nhiệm", blank=True)
    measures = models.TextField("giải pháp, cam kết", blank=True)
    head_name = models.CharField("người đứng đầu", max_length=120, blank=True)
    head_title = models.CharField("chức vụ", max_length=120, blank=True)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "bản tự kiểm điểm"
        ordering = ["-year", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"], name="self_review_once_a_year"
            ),
            models.CheckConstraint(
                name="self_review_issued_with_its_day",
                condition=~Q(state=ReviewState.ISSUED) | Q(issued_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Tự kiểm điểm năm {self.year}"
