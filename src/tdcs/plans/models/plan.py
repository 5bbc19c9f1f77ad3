"""The plan as signed: the document, what was read from it, and its published versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Organisation


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Đang rà soát")
    PUBLISHED = "published", _("Đang thực hiện")
    WITHDRAWN = "withdrawn", _("Đã thu hồi công bố")
    ARCHIVED = "archived", _("Đã lưu trữ")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Bản đang sửa")
    PUBLISHED = "published", _("Bản hiện hành")
    SUPERSEDED = "superseded", _("Bản đã thay thế")
    WITHDRAWN = "withdrawn", _("Bản đã thu hồi")


class TimingKind(models.TextChoices):
    STANDING = "standing", _("Thường xuyên")
    YEARLY = "yearly", _("Hằng năm")
    QUARTER = "quarter", _("Theo quý")
    BY_DATE = "by_date", _("Đến ngày")
    ON_INSTRUCTION = "on_instruction", _("Khi có chỉ đạo")
    UNKNOWN = "unknown", _("Chưa nêu thời gian")


class AssignmentRole(models.TextChoices):
    LEAD = "lead", _("Chủ trì")
    PERFORM = "perform", _("Thực hiện")
    COORDINATE = "coordinate", _("Phối hợp")


class DutyKind(models.TextChoices):
    OWN_PLAN = "own_plan", _("Ban hành kế hoạch của đơn vị")
    YEARLY_REPORT = "yearly_report", _("Báo cáo kết quả hằng năm")
    FOLLOW_UP = "follow_up", _("Theo dõi, đôn đốc")
    CONSOLIDATE = "consolidate", _("Tổng hợp, báo cáo UBND tỉnh")
    AMEND = "amend", _("Đề xuất sửa đổi, bổ sung")
    OTHER = "other", _("Nhiệm vụ chung khác")


class PlanDocument(models.Model):
    """A file as it came in; the same bytes are kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    filename = models.CharField("tên tệp", max_length=200)
    content = models.BinaryField()
    text = models.TextField("nội dung đọc được")
    received_at = models.DateTimeField("nhận lúc")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "văn bản gốc"

    def __str__(self) -> str:
        return self.filename


class Plan(models.Model):
    """A plan issued by a People's Committee."""

    number = models.CharField("số, ký hiệu", max_length=60)
    issued_on = models.DateField("ngày ban hành")
    issuer_words = models.CharField("cơ quan ban hành", max_length=200)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    title = models.TextField("trích yếu")
    signer = models.CharField("người ký", max_length=120, blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=PlanState.choices, default=PlanState.DRAFT
    )
    first_year = models.PositiveSmallIntegerField("năm đầu")
    last_year = models.PositiveSmallIntegerField("năm cuối")
    field = models.CharField("lĩnh vực", max_length=120, blank=True)
    # In force [from, until); known from publication on. A plan that replaces this one ends it earlier.
    in_force_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    in_force_until = models.DateField("hết hiệu lực từ", null=True, blank=True)
    # The plan in whose yearly report this one is reported, too; none: it has a report of its own.
    reports_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="joined",
        verbose_name="báo cáo chung với",
    )

    class Meta:
        verbose_name = "kế hoạch"
        constraints = [
            models.UniqueConstraint(fields=["number", "issued_on", "issuer"], name="plan_once"),
            models.CheckConstraint(
                name="plan_in_force_half_open",
                condition=models.Q(in_force_until__isnull=True)
                | models.Q(in_force_until__gte=models.F("in_force_from")),
            ),
            models.CheckConstraint(
                name="published_plan_has_a_first_day",
                condition=~models.Q(state=PlanState.PUBLISHED)
                | models.Q(in_force_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Kế hoạch {self.number}"


class PlanVersion(models.Model):
    """One text of the plan. A published version never changes; an amendment makes the next one."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("bản số")
    state = models.CharField(
        max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    document = models.ForeignKey(PlanDocument, models.PROTECT, null=True)
    # What was read, as the reader gave it: sections, legal bases, recipients, warnings, line numbers.
    reading = models.JSONField(default=dict)
    takes_effect_on = models.DateField("có hiệu lực từ", null=True)
    published_at = models.DateTimeField("công bố lúc", null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    note = models.CharField("căn cứ sửa đổi", max_length=300, blank=True)

    class Meta:
        verbose_name = "bản kế hoạch"
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(state=VersionState.PUBLISHED),
                name="one_published_version",
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(state=VersionState.DRAFT),
                name="one_draft_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} – bản {self.number}"


class Task(models.Model):
    """One task of a version. ``lineage`` stays the same across versions while the task lives on."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="tasks")
    lineage = models.UUIDField(db_index=True)
    position = models.PositiveSmallIntegerField()
    path = models.CharField("mục", max_length=40)
    section_path = models.CharField(max_length=30, blank=True)
    section_title = models.CharField("phần", max_length=500, blank=True)
    title = models.CharField("tên ngắn", max_length=200)
    text = models.TextField("nội dung")
    timing_kind = models.CharField("thời gian", max_length=15, choices=TimingKind.choices)
    timing_text = models.CharField("lời văn thời gian", max_length=300, blank=True)
    # For "quarter" and "by_date": the day by which the task is due, and the first day it runs.
    starts_on = models.DateField("bắt đầu", null=True, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    product = models.CharField("sản phẩm", max_length=500, blank=True)
    # A person has compared this row with the document's words.
    checked = models.BooleanField("đã rà soát", default=False)

    class Meta:
        verbose_name = "nhiệm vụ"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="task_path_once"),
            models.UniqueConstraint(fields=["version", "lineage"], name="task_lineage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.title}"


class Assignment(models.Model):
    """A unit or class of units named for a task or duty, with the words it came from.

    ``unit`` is a catalogue code; ``levels``, ``area``, ``qualifier`` narrow it. Unresolved words keep unit "".
    ``organisations``: chosen by hand on the review page for an open class ("các đơn vị liên quan").
    """

    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="assignments")
    duty = models.ForeignKey("Duty", models.CASCADE, null=True, related_name="assignments")
    role = models.CharField(max_length=10, choices=AssignmentRole.choices)
    position = models.PositiveSmallIntegerField()
    words = models.CharField("lời văn", max_length=500)
    unit = models.CharField("đơn vị", max_length=60, blank=True)
    levels = models.JSONField("cấp", default=list)
    area = models.CharField("địa bàn", max_length=120, blank=True)
    qualifier = models.CharField(max_length=80, blank=True)
    # Words that mean nobody, kept for the record on purpose; publication does not stop at them.
    left_out = models.BooleanField("để ngoài phân công", default=False)
    organisations = models.ManyToManyField(Organisation, blank=True)

    class Meta:
        verbose_name = "phân công"
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                name="assignment_of_task_or_duty",
                condition=models.Q(task__isnull=True) ^ models.Q(duty__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.words


class Target(models.Model):
    """A figure the plan sets: unit, comparison, and the base it is a share of."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="targets")
    figure = models.DecimalField("con số", max_digits=20, decimal_places=4)
    unit = models.CharField("đơn vị tính", max_length=30)
    comparison = models.CharField("so sánh", max_length=10)
    base = models.CharField("tính trên", max_length=200, blank=True)
    words = models.CharField("lời văn", max_length=500)

    class Meta:
        verbose_name = "chỉ tiêu"

    def __str__(self) -> str:
        return self.words


class Duty(models.Model):
    """A general duty of the implementing section, such as the yearly report of III.1."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="duties")
    lineage = models.UUIDField(db_index=True)
    position = models.PositiveSmallIntegerField()
    path = models.CharField("mục", max_length=40)
    kind = models.CharField(max_length=15, choices=DutyKind.choices)
    text = models.TextField("nội dung")
    timing_text = models.CharField(max_length=300, blank=True)
    due_month = models.PositiveSmallIntegerField("tháng hạn", null=True, blank=True)
    due_day = models.PositiveSmallIntegerField("ngày hạn", null=True, blank=True)
    # "Before 15 December": what arrives on the 15th is late.
    due_before = models.BooleanField("phải xong trước ngày hạn", default=False)
    checked = models.BooleanField("đã rà soát", default=False)

    class Meta:
        verbose_name = "nhiệm vụ chung"
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.path} {self.get_kind_display()}"
