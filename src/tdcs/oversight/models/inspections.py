"""Programmes, samples, inspections with visits and photos, findings and what was done about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsGroup
from tdcs.loans.models import Loan
from tdcs.organisations.models import Area, Organisation, TransactionPoint
from tdcs.oversight.states import FindingState, InspectionState, ProgrammeState


class Severity(models.TextChoices):
    LOW = "low", _("Nhẹ")
    MEDIUM = "medium", _("Vừa")
    HIGH = "high", _("Nghiêm trọng")


class InspectionProgramme(models.Model):
    """What a body will inspect in a year."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="inspection_programmes")
    year = models.PositiveSmallIntegerField("năm")
    words = models.TextField("mục đích, yêu cầu", blank=True)
    # Which task of the plan it serves, such as "II.4.a".
    task = models.CharField("nhiệm vụ của kế hoạch", max_length=20, blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=ProgrammeState.choices, default=ProgrammeState.DRAFT
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_on = models.DateField("lập ngày")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("duyệt ngày", null=True)
    decided_words = models.CharField("ý kiến duyệt", max_length=300, blank=True)

    class Meta:
        verbose_name = "chương trình kiểm tra năm"
        constraints = [
            models.UniqueConstraint(fields=["body", "year"], name="programme_one_of_body_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.year}"


class PlannedInspection(models.Model):
    """One inspection of a programme: of a group, or of a point, in a month; a surprise visit is not announced."""

    programme = models.ForeignKey(InspectionProgramme, models.CASCADE, related_name="planned")
    month = models.PositiveSmallIntegerField("tháng")
    checklist = models.CharField("mẫu kiểm tra", max_length=12)
    group = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="+")
    point = models.ForeignKey(TransactionPoint, models.PROTECT, null=True, related_name="+")
    surprise = models.BooleanField("kiểm tra đột xuất", default=False)
    why = models.CharField("lý do chọn", max_length=200, blank=True)

    class Meta:
        verbose_name = "cuộc kiểm tra theo chương trình"
        constraints = [
            models.CheckConstraint(
                name="planned_group_or_point",
                condition=Q(group__isnull=False) ^ Q(point__isnull=False),
            ),
            models.CheckConstraint(name="planned_month", condition=Q(month__range=(1, 12))),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.month}"


class DrawnSample(models.Model):
    """Loans drawn for a programme by risk and seed: once for a purpose. ``lines``: loan and kind of risk, in order."""

    programme = models.ForeignKey(InspectionProgramme, models.PROTECT, related_name="samples")
    purpose = models.CharField("mục đích", max_length=80)
    seed = models.PositiveIntegerField("số mầm")
    size = models.PositiveIntegerField("cỡ mẫu")
    population = models.PositiveIntegerField("số món được chọn từ")
    drawn_on = models.DateField("chọn ngày")
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lines = models.JSONField("món vay", default=list)

    class Meta:
        verbose_name = "mẫu kiểm tra"
        constraints = [
            models.UniqueConstraint(fields=["programme", "purpose"], name="sample_once_of_purpose")
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.purpose}"


class Inspection(models.Model):
    """One inspection of a group or of a session, by a body's team."""

    number = models.CharField("số", max_length=24, unique=True)
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="inspections")
    # The kind of body as of law/inspections.yaml: by it the coverage duties are counted.
    body_kind = models.CharField("khối kiểm tra", max_length=20)
    planned = models.OneToOneField(
        PlannedInspection, models.PROTECT, null=True, related_name="inspection"
    )
    checklist = models.CharField("mẫu kiểm tra", max_length=12)
    group = models.ForeignKey(SavingsGroup, models.PROTECT, null=True, related_name="inspections")
    point = models.ForeignKey(TransactionPoint, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    surprise = models.BooleanField("kiểm tra đột xuất", default=False)
    due_on = models.DateField("dự kiến ngày")
    held_on = models.DateField("kiểm tra ngày", null=True)
    state = models.CharField(
        "trạng thái",
        max_length=10,
        choices=InspectionState.choices,
        default=InspectionState.PREPARED,
    )
    lead = models.ForeignKey(User, models.PROTECT, related_name="+")
    task = models.CharField("nhiệm vụ của kế hoạch", max_length=20, blank=True)
    witnesses = models.CharField("người cùng làm việc", max_length=300, blank=True)
    # Question of the group's or session's checklist → "yes", "no" or "none" (does not apply).
    answers = models.JSONField("trả lời", default=dict)
    conclusion = models.TextField("nhận xét, kết luận", blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lập lúc")

    class Meta:
        verbose_name = "cuộc kiểm tra"
        indexes = [models.Index(fields=["body", "held_on"], name="inspection_body_day")]
        constraints = [
            models.CheckConstraint(
                name="inspection_group_or_point",
                condition=Q(group__isnull=False) ^ Q(point__isnull=False),
            ),
            models.CheckConstraint(
                name="inspection_finished_has_a_day",
                condition=~Q(state=InspectionState.FINISHED) | Q(held_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InspectionMember(models.Model):
    """Who is on an inspection's team besides its leader."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="members")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "thành viên đoàn kiểm tra"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "person"], name="inspection_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.person_id}"


class Place(models.Model):
    """Where something was recorded; farther from its commune than the law's data says, it is marked."""

    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    metres_off = models.PositiveIntegerField("cách trung tâm xã (m)", null=True)
    elsewhere = models.BooleanField("ghi ở nơi khác", default=False)

    class Meta:
        abstract = True


class Visit(Place):
    """One borrower visited at an inspection: what the book said, what was seen."""

    class Result(models.TextChoices):
        GOOD = "good", _("Đúng quy định")
        BAD = "bad", _("Có tồn tại")
        ABSENT = "absent", _("Vắng mặt")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="visits")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="visits")
    # As the list was printed from the book.
    balance = models.BigIntegerField("dư nợ theo sổ")
    result = models.CharField("kết quả", max_length=8, choices=Result.choices)
    answers = models.JSONField("trả lời", default=dict)
    rightly = models.BigIntegerField("sử dụng đúng mục đích", null=True)
    wrongly = models.BigIntegerField("sử dụng sai mục đích", null=True)
    # What the borrower says of the balance: whether it agrees, what else it is, by whose word.
    agrees = models.BooleanField("số dư khớp", null=True)
    told_balance = models.BigIntegerField("dư nợ theo hộ", null=True)
    confirmed_by = models.CharField("người xác nhận", max_length=120, blank=True)
    words = models.CharField("ghi chú", max_length=500, blank=True)
    recorded_at = models.DateTimeField("ghi lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "lượt kiểm tra hộ vay"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "loan"], name="visit_once_of_a_loan"),
            models.CheckConstraint(
                name="visit_another_balance_is_said",
                condition=~Q(agrees=False) | Q(told_balance__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.loan_id}"


class InspectionPhoto(Place):
    """A photo taken at an inspection; its bytes lie under their digest."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="+")
    title = models.CharField("nội dung ảnh", max_length=200, blank=True)
    sha256 = models.CharField("mã băm", max_length=64)
    ending = models.CharField(max_length=5)
    size = models.PositiveIntegerField("cỡ (byte)")
    at = models.DateTimeField("nhận lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "ảnh kiểm tra"
        constraints = [models.UniqueConstraint(fields=["inspection", "sha256"], name="photo_once")]

    def __str__(self) -> str:
        return self.title or self.sha256[:12]


class Finding(models.Model):
    """What was found wrong, why, what is to be done about it by whom until when."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="findings")
    item = models.CharField("câu hỏi", max_length=20)
    severity = models.CharField("mức độ", max_length=8, choices=Severity.choices)
    words = models.CharField("tồn tại", max_length=500)
    cause = models.CharField("nguyên nhân", max_length=500)
    recommendation = models.CharField("kiến nghị", max_length=500)
    owner = models.ForeignKey(User, models.PROTECT, related_name="findings")
    due_on = models.DateField("hạn khắc phục", db_index=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=FindingState.choices, default=FindingState.OPEN
    )
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated_by")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_on = models.DateField("ghi ngày")

    class Meta:
        verbose_name = "tồn tại, kiến nghị"
        constraints = [
            models.CheckConstraint(name="finding_due_after", condition=Q(due_on__gte=F("made_on")))
        ]

    def __str__(self) -> str:
        return self.words[:60]


class FindingStep(models.Model):
    """One step of a finding: who, when, from where to where, with which words and file."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="steps")
    verb = models.CharField("bước", max_length=12)
    source = models.CharField("từ", max_length=10, blank=True)
    target = models.CharField("đến", max_length=10)
    on = models.DateField("ngày")
    recorded_at = models.DateTimeField("ghi lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    words = models.CharField("nội dung", max_length=500, blank=True)
    title = models.CharField("tên tệp", max_length=200, blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)
    ending = models.CharField(max_length=5, blank=True)

    class Meta:
        verbose_name = "bước xử lý tồn tại"

    def __str__(self) -> str:
        return f"{self.finding_id} {self.verb}"
