"""What a unit owes for a period, and everything it did about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Organisation
from tdcs.plans.models.plan import AssignmentRole, Duty, Plan, Task


class ObligationState(models.TextChoices):
    OPEN = "open", _("Chưa báo cáo")
    IN_PROGRESS = "in_progress", _("Đang thực hiện")
    SUBMITTED = "submitted", _("Đã báo cáo")
    RETURNED = "returned", _("Trả lại để bổ sung")
    ACCEPTED = "accepted", _("Đã duyệt")
    MERGED = "merged", _("Nhập vào đơn vị kế thừa")
    WITHDRAWN = "withdrawn", _("Thôi giao")


class Directive(models.Model):
    """A task that the branch assigns by hand beside the plan."""

    class Period(models.TextChoices):
        DAY = "day", _("Đến ngày")
        MONTH = "month", _("Tháng")
        QUARTER = "quarter", _("Quý")
        YEAR = "year", _("Năm")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="directives")
    title = models.CharField("tên việc", max_length=200)
    text = models.TextField("nội dung", blank=True)
    period = models.CharField("kỳ", max_length=8, choices=Period.choices)
    period_start = models.DateField("từ ngày")
    period_end = models.DateField("đến trước ngày")
    due_on = models.DateField("hạn")
    asks_words = models.BooleanField("báo cáo bằng lời", default=True)
    asks_figure = models.BooleanField("báo cáo số liệu", default=False)
    asks_file = models.BooleanField("kèm tệp", default=False)
    figure_label = models.CharField("tên số liệu", max_length=120, blank=True)
    figure_unit = models.CharField("đơn vị tính", max_length=30, blank=True)
    issued_on = models.DateField("giao ngày")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    withdrawn_on = models.DateField(null=True)

    class Meta:
        verbose_name = "việc giao thêm"
        constraints = [
            models.CheckConstraint(
                name="directive_asks_something",
                condition=Q(asks_words=True) | Q(asks_figure=True) | Q(asks_file=True),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Obligation(models.Model):
    """Task, duty or directive × organisation × period.

    ``organisation`` is the unit named when the period began; ``holder`` the one that owes it now, after
    successions. ``due_before``: what arrives on ``due_on`` itself is late.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="obligations")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="obligations")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="obligations")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="obligations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="obligations")
    role = models.CharField("vai trò", max_length=10, choices=AssignmentRole.choices)
    year = models.PositiveSmallIntegerField("năm")
    period_start = models.DateField("từ ngày")
    period_end = models.DateField("đến trước ngày")
    due_on = models.DateField("hạn", null=True)
    due_before = models.BooleanField(default=False)
    state = models.CharField(
        "trạng thái", max_length=12, choices=ObligationState.choices, default=ObligationState.OPEN
    )
    percent = models.PositiveSmallIntegerField("tiến độ", default=0)
    words = models.TextField("kết quả", blank=True)
    figure = models.DecimalField("số liệu", max_digits=20, decimal_places=4, null=True, blank=True)
    submitted_on = models.DateField("báo cáo ngày", null=True)
    closed_on = models.DateField("duyệt ngày", null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")
    evidence_count = models.PositiveSmallIntegerField(default=0)
    touched_at = models.DateTimeField("cập nhật lúc", null=True)

    class Meta:
        verbose_name = "việc phải làm"
        constraints = [
            models.CheckConstraint(
                name="obligation_of_one_thing",
                condition=(
                    Q(task__isnull=False, duty__isnull=True, directive__isnull=True)
                    | Q(task__isnull=True, duty__isnull=False, directive__isnull=True)
                    | Q(task__isnull=True, duty__isnull=True, directive__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="obligation_period", condition=Q(period_end__gt=F("period_start"))
            ),
            models.CheckConstraint(name="obligation_percent", condition=Q(percent__lte=100)),
            models.UniqueConstraint(
                fields=["task", "organisation", "period_start"], name="obligation_task_once"
            ),
            models.UniqueConstraint(
                fields=["duty", "organisation", "period_start"], name="obligation_duty_once"
            ),
            models.UniqueConstraint(
                fields=["directive", "organisation"], name="obligation_directive_once"
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "year", "holder"], name="obligation_matrix"),
            models.Index(fields=["holder", "due_on"], name="obligation_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.year})"

    @property
    def subject(self) -> Task | Duty | Directive:
        """The task, duty or directive that is owed."""
        thing = self.task or self.duty or self.directive
        assert thing is not None  # the database's check constraint
        return thing


class ProgressEntry(models.Model):
    """One step in the life of an obligation: progress told, submitted, returned, accepted, moved."""

    class Verb(models.TextChoices):
        PROGRESS = "progress", _("Cập nhật tiến độ")
        SUBMIT = "submit", _("Báo cáo kết quả")
        RECALL = "recall", _("Rút lại báo cáo")
        RETURN = "return", _("Trả lại để bổ sung")
        ACCEPT = "accept", _("Duyệt")
        REOPEN = "reopen", _("Mở lại")
        FOLLOW = "follow", _("Chuyển sang đơn vị kế thừa")
        WITHDRAW = "withdraw", _("Thôi giao")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="entries")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    on = models.DateField("ngày")
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField(default=0)
    words = models.TextField("nội dung", blank=True)
    figure = models.DecimalField(max_digits=20, decimal_places=4, null=True)

    class Meta:
        verbose_name = "diễn biến"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.on}"


class Evidence(models.Model):
    """A file or a link that proves what was done; taken back, it is marked, never deleted."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="evidence")
    title = models.CharField("tên", max_length=200)
    url = models.URLField("liên kết", max_length=500, blank=True)
    file = models.FileField("tệp", upload_to="evidence/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    removed_at = models.DateTimeField(null=True)
    removed_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "minh chứng"
        constraints = [
            models.CheckConstraint(name="evidence_file_or_link", condition=~Q(url="") ^ ~Q(file=""))
        ]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """A word between the unit and the branch beside an obligation."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="comments")
    words = models.TextField("ý kiến")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "ý kiến"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.words[:60]
