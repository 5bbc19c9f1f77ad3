"""The register of imports: which files came, what they held, which extract of an office and day counts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsGroup
from tdcs.households.models import Household, Person
from tdcs.imports.states import FileState, ImportState
from tdcs.ledger.models import JournalEntry, Operation
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation


class ExtractImport(models.Model):
    """One import: the files that a person gave at once, taken or left as a whole."""

    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_on = models.DateField("ngày nhập")
    made_at = models.DateTimeField("nhận lúc")
    state = models.CharField(
        "trạng thái", max_length=12, choices=ImportState.choices, default=ImportState.OPEN
    )
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("kết thúc lúc", null=True)
    why = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "lượt nhập sao kê"

    def __str__(self) -> str:
        return str(self.pk)


class HeaderMapping(models.Model):
    """What people of a unit said of a header: which kind it is and which column is which; the branch's holds for its offices."""

    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    fingerprint = models.CharField("dấu của dòng tiêu đề", max_length=32)
    kind = models.CharField("loại sao kê", max_length=30)
    # The name of a column as it is compared → its field, and the names as they stand.
    fields = models.JSONField("cột", default=dict)
    titles = models.JSONField("tên cột trong tệp", default=list)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "cách đọc tiêu đề"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "fingerprint"],
                nulls_distinct=False,
                name="extract_mapping_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint}"


class ExtractFile(models.Model):
    """One file of an import: what it is, whether it could be read, what is wrong with it."""

    imported = models.ForeignKey(ExtractImport, models.PROTECT, related_name="files")
    name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64, db_index=True)
    size = models.BigIntegerField("số byte")
    ending = models.CharField("đuôi tệp", max_length=5)
    state = models.CharField(
        "trạng thái", max_length=12, choices=FileState.choices, default=FileState.WAITING
    )
    kind = models.CharField("loại sao kê", max_length=30, blank=True)
    sheet = models.CharField("trang tính", max_length=120, blank=True)
    header_row = models.PositiveIntegerField("dòng tiêu đề", default=0)
    day = models.DateField("ngày số liệu", null=True)
    day_from = models.CharField("ngày lấy từ", max_length=10, blank=True)
    # What a person said where the file does not: its day and its office; and by which header it was read.
    said_day = models.DateField("ngày số liệu do người nhập ghi", null=True)
    said_office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    fingerprint = models.CharField(max_length=32, blank=True, db_index=True)
    # Of a refusal its code and sentences; of a reading its notes and the columns that it lacks or does not know.
    refusal = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    unknown = models.JSONField(default=list)
    fault_rows = models.PositiveIntegerField("số dòng sai", default=0)
    blocking = models.PositiveIntegerField("số lỗi chặn", default=0)
    faults_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "tệp sao kê"

    def __str__(self) -> str:
        return self.name


class Extract(models.Model):
    """The rows of one office and day in a file; of a kind, office and day one counts at a time."""

    file = models.ForeignKey(ExtractFile, models.PROTECT, related_name="extracts")
    kind = models.CharField("loại sao kê", max_length=30)
    office_code = models.CharField("mã PGD", max_length=6)
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    day = models.DateField("ngày số liệu")
    rows_digest = models.CharField("mã băm số liệu", max_length=64)
    sums = models.JSONField("số tổng", default=dict)
    current = models.BooleanField("đang dùng", default=False)
    # What made loans and events of it; none where it only lies in the register.
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+")
    # What a list began and ended in the registers, by which it is taken back.
    written = models.JSONField("đã ghi vào sổ hộ, tổ", default=dict)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        verbose_name = "sao kê"
        indexes = [models.Index(fields=["kind", "day"], name="extract_kind_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "office_code", "day"],
                condition=Q(current=True),
                name="extract_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.office_code} {self.day}"


class CoreCustomer(models.Model):
    """Whom the core's code of a customer means here."""

    code = models.CharField("mã khách hàng", max_length=10, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "khách hàng của hệ thống lõi"

    def __str__(self) -> str:
        return self.code


class CoreGroup(models.Model):
    """Which group the core's code means, which is unique within an office only."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField("mã tổ", max_length=7)
    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "tổ của hệ thống lõi"
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="coregroup_once")]

    def __str__(self) -> str:
        return self.code


class Unexplained(models.Model):
    """What an extract says of a loan and the one before does not explain: shown, never mended in silence."""

    extract = models.ForeignKey(Extract, models.PROTECT, related_name="unexplained")
    contract = models.CharField("số khế ước", max_length=20)
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="+")
    code = models.CharField("loại", max_length=20)
    before = models.CharField("sao kê trước", max_length=60, blank=True)
    after = models.CharField("sao kê này", max_length=60, blank=True)

    class Meta:
        verbose_name = "điểm chưa giải thích được"

    def __str__(self) -> str:
        return f"{self.contract} {self.code}"


class CutOver(models.Model):
    """An office's book of record begun on its last extract; undone, the office follows extracts again."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    extract = models.ForeignKey(Extract, models.PROTECT, related_name="+")
    first_day = models.DateField("ghi sổ chính thức từ ngày")
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="+")
    loans = models.PositiveIntegerField("số khoản vay")
    # Of the opening book: what stands under each name, in dong.
    sums = models.JSONField("tổng số dư đầu", default=dict)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField("bắt đầu lúc")
    # The minutes: what was compared in the month in parallel, signed by another person.
    compared = models.ForeignKey(Extract, models.PROTECT, null=True, related_name="+")
    differing = models.PositiveIntegerField("số khoản chênh lệch", null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("ký biên bản lúc", null=True)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_why = models.CharField("lý do hoàn tác", max_length=300, blank=True)

    class Meta:
        verbose_name = "chuyển sang ghi sổ"
        constraints = [
            models.UniqueConstraint(
                fields=["office"], condition=Q(undone_at=None), name="cutover_one_stands"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.first_day}"
