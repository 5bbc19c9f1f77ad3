"""Records of the small registers; what a record says besides is its register's (law/registers.yaml)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tdcs.access.models import User
from tdcs.households.models import Person
from tdcs.organisations.models import Organisation


class RegisterRecord(models.Model):
    """One line of a register: what, by whom, when, with what proof. Taken back it is marked, never deleted."""

    register = models.CharField("sổ", max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="register_records")
    on = models.DateField("ngày")
    title = models.CharField("nội dung", max_length=300)
    # By the codes of the register's fields.
    values = models.JSONField("chi tiết", default=dict)
    # The day that settles it, of a register that has such a day; kept beside for the list of open ones.
    ended_on = models.DateField("kết thúc ngày", null=True)
    url = models.URLField("liên kết", max_length=500, blank=True)
    file = models.FileField("tệp", upload_to="registers/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # The task that it names, by lineage; empty: it serves every task for which its register counts.
    task = models.UUIDField("nhiệm vụ", null=True)
    search = models.CharField(max_length=1000, editable=False)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_on = models.DateField("ghi ngày")
    withdrawn_on = models.DateField("gỡ ngày", null=True)
    withdrawn_why = models.CharField("lý do gỡ", max_length=300, blank=True)

    class Meta:
        verbose_name = "dòng của sổ theo dõi"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["register", "-on"], name="register_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "organisation", "on", "title"],
                condition=Q(withdrawn_on__isnull=True),
                name="register_record_once",
            ),
            models.CheckConstraint(
                name="register_withdrawn_for_a_reason",
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_why=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingClass(models.Model):
    """A class: for whom, by which programme, held by whom; its sessions say when."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="training_classes")
    title = models.CharField("tên lớp", max_length=200)
    audience = models.CharField("đối tượng", max_length=40)
    programme = models.TextField("chương trình")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_on = models.DateField("lập ngày")
    cancelled_why = models.CharField("lý do hủy", max_length=300, blank=True)

    class Meta:
        verbose_name = "lớp tập huấn"
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class ClassSession(models.Model):
    """One sitting of a class. ``code`` stands in the QR code that is shown there."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="sessions")
    on = models.DateField("ngày")
    starts_at = models.TimeField("từ giờ")
    ends_at = models.TimeField("đến giờ")
    place = models.CharField("địa điểm", max_length=200)
    topic = models.CharField("chuyên đề", max_length=200)
    code = models.CharField("mã điểm danh", max_length=12, unique=True)

    class Meta:
        verbose_name = "buổi học"
        ordering = ["on", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="class_session_hours_in_order",
                condition=Q(ends_at__gt=models.F("starts_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.on}"


class Attendee(models.Model):
    """Somebody who was called to a class; ``code`` is his own, ``key`` tells him from others of his name."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="attendees")
    full_name = models.CharField("họ và tên", max_length=120)
    role = models.CharField("chức danh", max_length=120)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # Of a group's board member; without one, name and unit.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=200, editable=False, db_index=True)
    code = models.CharField("mã riêng", max_length=12, unique=True)
    grade = models.PositiveSmallIntegerField("đánh giá (1–5)", null=True)
    remark = models.CharField("nhận xét", max_length=500, blank=True)

    class Meta:
        verbose_name = "học viên"
        ordering = ["full_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["training_class", "key"], name="attendee_once_a_class"),
            models.CheckConstraint(
                name="attendee_grade", condition=Q(grade__isnull=True) | Q(grade__range=(1, 5))
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class CheckIn(models.Model):
    """An attendee was at a session."""

    session = models.ForeignKey(ClassSession, models.PROTECT, related_name="check_ins")
    attendee = models.ForeignKey(Attendee, models.PROTECT, related_name="check_ins")
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "điểm danh lớp"
        constraints = [
            models.UniqueConstraint(fields=["session", "attendee"], name="checked_in_once")
        ]

    def __str__(self) -> str:
        return f"{self.attendee_id} {self.session_id}"


class Nomination(models.Model):
    """Somebody whom figures of a year propose for commendation: a group, an office, a unit; another person decides."""

    year = models.PositiveSmallIntegerField("năm")
    criterion = models.CharField("tiêu chí", max_length=40)
    subject = models.CharField("loại đối tượng", max_length=8)
    subject_key = models.BigIntegerField("đối tượng")
    title = models.CharField("tập thể, cá nhân", max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    form = models.CharField("hình thức", max_length=40)
    figures = models.CharField("số liệu làm căn cứ", max_length=300)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_on = models.DateField("đề xuất ngày")
    approved = models.BooleanField("được khen", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("quyết định ngày", null=True)
    number = models.CharField("số quyết định", max_length=60, blank=True)
    why = models.CharField("lý do", max_length=300, blank=True)
    record = models.OneToOneField(
        RegisterRecord, models.PROTECT, null=True, related_name="nomination"
    )

    class Meta:
        verbose_name = "đề xuất khen thưởng"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "criterion", "subject_key"], name="nomination_once_a_year"
            ),
            models.CheckConstraint(
                name="nomination_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
