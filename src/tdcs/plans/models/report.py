"""Reports of units, the branch's consolidated report, reporting years, units' own plans."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Organisation
from tdcs.plans.models.obligation import Obligation
from tdcs.plans.models.plan import Plan


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Đã nộp")
    RETURNED = "returned", _("Trả lại để bổ sung")
    ACCEPTED = "accepted", _("Đã tiếp nhận")


class ReportingYear(models.Model):
    """A year of a plan; once closed, its reports no longer change."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField("năm")
    closed_on = models.DateField("khóa ngày", null=True)

    class Meta:
        verbose_name = "năm báo cáo"
        constraints = [models.UniqueConstraint(fields=["plan", "year"], name="year_once")]

    def __str__(self) -> str:
        return str(self.year)


class UnitReport(models.Model):
    """A unit's yearly report. ``submitted_on`` is the day of the submission that stands."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField("năm")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reports")
    state = models.CharField(
        "trạng thái", max_length=10, choices=ReportState.choices, default=ReportState.DRAFT
    )
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ", max_length=120, blank=True)
    due_on = models.DateField("hạn")
    due_before = models.BooleanField(default=True)
    submitted_on = models.DateField("nộp ngày", null=True)
    days_late = models.PositiveSmallIntegerField("số ngày quá hạn", default=0)
    working_days_late = models.PositiveSmallIntegerField("số ngày làm việc quá hạn", default=0)
    returned_why = models.TextField("lý do trả lại", blank=True)
    accepted_on = models.DateField("tiếp nhận ngày", null=True)
    # The unit's obligations as they stood when the words were last made from them; empty: not known.
    prefilled = models.JSONField(default=list)
    # The credit figures that the report cites, with their day; taken with the words.
    figures = models.JSONField(default=dict)
    # Counts up with each save of anything in the report.
    revision = models.PositiveIntegerField(default=1)
    touched_at = models.DateTimeField("cập nhật lúc", null=True)

    class Meta:
        verbose_name = "báo cáo của đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["plan", "year", "organisation"], name="report_once")
        ]
        indexes = [models.Index(fields=["plan", "year", "state"], name="report_state")]

    def __str__(self) -> str:
        return f"Báo cáo năm {self.year}"


class ReportSection(models.Model):
    """One section of a unit's report: a section of the plan, or one of the closing ones.

    Prefilled from obligations; ``edited``: the unit wrote into it, so a refresh leaves it alone.
    """

    report = models.ForeignKey(UnitReport, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    path = models.CharField("mục", max_length=40)
    title = models.CharField("tên mục", max_length=500)
    words = models.TextField("nội dung", blank=True)
    edited = models.BooleanField("đã sửa", default=False)
    # Counts up with each save, so that two people editing one section are told instead of overwriting.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "mục báo cáo"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="section_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.title}"


class ReportMove(models.Model):
    """Submitted, recalled, returned, accepted: when, by whom, why."""

    report = models.ForeignKey(UnitReport, models.PROTECT, related_name="moves")
    verb = models.CharField(max_length=10)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    why = models.TextField(blank=True)

    class Meta:
        verbose_name = "diễn biến báo cáo"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.on}"


class ConsolidatedReport(models.Model):
    """The branch's report of a year to the provincial People's Committee."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        ISSUED = "issued", _("Đã phát hành")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="consolidated")
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ký", null=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ", max_length=120, blank=True)
    # The figures that the sections and tables were made from, with the day they were taken.
    figures = models.JSONField(default=dict)
    taken_on = models.DateField("số liệu đến ngày")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "báo cáo tổng hợp"
        constraints = [models.UniqueConstraint(fields=["plan", "year"], name="consolidated_once")]

    def __str__(self) -> str:
        return f"Báo cáo tổng hợp năm {self.year}"


class ConsolidatedSection(models.Model):
    """One section of the consolidated report; the words are the branch's, the tables are computed."""

    report = models.ForeignKey(ConsolidatedReport, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    words = models.TextField(blank=True)
    edited = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "mục báo cáo tổng hợp"
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.path} {self.title}"


class UnitPlan(models.Model):
    """A unit's own plan to carry out the province's (III.1)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        ISSUED = "issued", _("Đã ban hành")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="unit_plans")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="unit_plans")
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ", max_length=120, blank=True)
    # Rows of who does what by when: path, title, who, when.
    words = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    file = models.FileField("bản đã ký", upload_to="unit-plans/%Y/", blank=True)
    sha256 = models.CharField("mã băm của bản đã ký", max_length=64, blank=True)

    class Meta:
        verbose_name = "kế hoạch của đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["plan", "organisation", "year"], name="unit_plan_once")
        ]

    def __str__(self) -> str:
        return f"Kế hoạch của đơn vị năm {self.year}"


class UnitTask(models.Model):
    """A task of a unit's own plan, tracked under the unit's obligation of the province's task that it carries out."""

    unit_plan = models.ForeignKey(UnitPlan, models.CASCADE, related_name="tasks")
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, related_name="unit_tasks")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("việc", max_length=300)
    who = models.CharField("bộ phận thực hiện", max_length=300, blank=True)
    timing = models.CharField("thời gian", max_length=300, blank=True)
    due_on = models.DateField("hạn", null=True)
    percent = models.PositiveSmallIntegerField("tiến độ", default=0)
    words = models.CharField("kết quả", max_length=1000, blank=True)
    done_on = models.DateField("xong ngày", null=True)

    class Meta:
        verbose_name = "việc trong kế hoạch của đơn vị"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit_plan", "position"], name="unit_task_position_once"
            ),
            models.CheckConstraint(name="unit_task_percent", condition=models.Q(percent__lte=100)),
            models.CheckConstraint(
                name="unit_task_done_is_whole",
                condition=models.Q(done_on__isnull=True) | models.Q(percent=100),
            ),
        ]

    def __str__(self) -> str:
        return self.title
