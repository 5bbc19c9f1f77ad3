"""An auditor's engagement: period, units, days; samples, queries asked and answered, working papers handed out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tdcs.access.models import User
from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation
from tdcs.oversight.states import AuditQueryState


class AuditEngagement(models.Model):
    """What an auditor may read: the units, the period of their books, and through which day."""

    number = models.CharField("số", max_length=24, unique=True)
    title = models.CharField("tên cuộc kiểm toán", max_length=200)
    audit_body = models.CharField("cơ quan kiểm toán", max_length=200)
    auditor = models.ForeignKey(User, models.PROTECT, related_name="engagements")
    units = models.ManyToManyField(Organisation, related_name="+")
    period_from = models.DateField("số liệu từ ngày")
    period_to = models.DateField("số liệu đến hết ngày")
    starts_on = models.DateField("được đọc từ ngày")
    # The last day on which the auditor reads; what comes after is refused by itself.
    ends_on = models.DateField("được đọc đến hết ngày")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("mở lúc")
    closed_on = models.DateField("kết thúc ngày", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_words = models.CharField("lý do kết thúc", max_length=300, blank=True)

    class Meta:
        verbose_name = "cuộc kiểm toán"
        constraints = [
            models.CheckConstraint(
                name="engagement_period", condition=Q(period_to__gte=F("period_from"))
            ),
            models.CheckConstraint(
                name="engagement_days", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AuditSample(models.Model):
    """Loans drawn for an engagement by risk and seed: once for a purpose. ``lines``: loan and kind of risk, in order."""

    engagement = models.ForeignKey(AuditEngagement, models.PROTECT, related_name="samples")
    purpose = models.CharField("mục đích", max_length=80)
    seed = models.PositiveIntegerField("số mầm")
    size = models.PositiveIntegerField("cỡ mẫu")
    population = models.PositiveIntegerField("số món được chọn từ")
    drawn_on = models.DateField("chọn ngày")
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lines = models.JSONField("món vay", default=list)

    class Meta:
        verbose_name = "mẫu kiểm toán"
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "purpose"], name="auditsample_once_of_purpose"
            )
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.purpose}"


class AuditQuery(models.Model):
    """What an auditor asks a unit, about a loan, an entry or in general, and until when it answers."""

    engagement = models.ForeignKey(AuditEngagement, models.PROTECT, related_name="queries")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")
    words = models.CharField("câu hỏi", max_length=1000)
    asked_on = models.DateField("hỏi ngày")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField("hạn trả lời", db_index=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=AuditQueryState.choices, default=AuditQueryState.ASKED
    )

    class Meta:
        verbose_name = "câu hỏi kiểm toán"
        constraints = [
            models.CheckConstraint(
                name="auditquery_due_after", condition=Q(due_on__gte=F("asked_on"))
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]


class AuditQueryStep(models.Model):
    """One step of an auditor's query: who, when, from where to where, with which words and file."""

    query = models.ForeignKey(AuditQuery, models.PROTECT, related_name="steps")
    verb = models.CharField("bước", max_length=12)
    source = models.CharField("từ", max_length=10, blank=True)
    target = models.CharField("đến", max_length=10)
    on = models.DateField("ngày")
    recorded_at = models.DateTimeField("ghi lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    words = models.CharField("nội dung", max_length=2000)
    title = models.CharField("tên tệp", max_length=200, blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)
    ending = models.CharField(max_length=5, blank=True)

    class Meta:
        verbose_name = "bước trả lời câu hỏi kiểm toán"

    def __str__(self) -> str:
        return f"{self.query_id} {self.verb}"


class WorkingPapers(models.Model):
    """Working papers of an engagement as they were handed out: each file's digest, and the manifest's."""

    engagement = models.ForeignKey(AuditEngagement, models.PROTECT, related_name="papers")
    made_at = models.DateTimeField("lập lúc")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sha256 = models.CharField("mã băm của bản kê", max_length=64)
    files = models.JSONField("tệp và mã băm", default=dict)

    class Meta:
        verbose_name = "hồ sơ kiểm toán đã xuất"

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.sha256[:12]}"
