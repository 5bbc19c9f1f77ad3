"""Areas and organisations: an identity that lives from a day to a day, profiles that change while it lives."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Expression, F, Func, Q, Value
from django.utils.translation import gettext_noop as _


class Level(models.TextChoices):
    CENTRAL = "central", _("Trung ương")
    PROVINCE = "province", _("Cấp tỉnh")
    DISTRICT = "district", _("Cấp huyện")
    COMMUNE = "commune", _("Cấp xã")
    HAMLET = "hamlet", _("Ấp, khu phố")


class Kind(models.TextChoices):
    PEOPLE_COMMITTEE = "people_committee", _("Ủy ban nhân dân")
    PEOPLES_COUNCIL = "peoples_council", _("Hội đồng nhân dân")
    PARTY_COMMITTEE = "party_committee", _("Cấp ủy, cơ quan Đảng")
    DEPARTMENT = "department", _("Sở, ban, ngành")
    DIVISION = "division", _("Phòng, ban chuyên môn")
    FRONT = "front", _("Mặt trận Tổ quốc")
    MASS_ORGANISATION = "mass_organisation", _("Tổ chức chính trị - xã hội")
    POLICE = "police", _("Công an")
    MILITARY = "military", _("Quân sự, biên phòng")
    PRESS = "press", _("Báo chí")
    VBSP_HEAD_OFFICE = "vbsp_head_office", _("NHCSXH Trung ương")
    VBSP_BRANCH = "vbsp_branch", _("Chi nhánh NHCSXH")
    TRANSACTION_OFFICE = "transaction_office", _("Phòng giao dịch NHCSXH")
    BOARD = "board", _("Ban đại diện HĐQT")
    SAVINGS_GROUP = "savings_group", _("Tổ tiết kiệm và vay vốn")
    CENTRAL_AGENCY = "central_agency", _("Cơ quan ngành dọc")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    SCHOOL = "school", _("Trường học")
    ASSOCIATION = "association", _("Hội, hiệp hội")
    OTHER = "other", _("Khác")


class Share(models.TextChoices):
    WHOLE = "whole", _("Một đơn vị nhận toàn bộ")
    AREA = "area", _("Mỗi đơn vị nhận theo địa bàn")
    NAMED = "named", _("Nhận phần việc nêu rõ")


def living_on(day: date | Expression, prefix: str = "") -> Q:
    """The condition that a dated row holds on ``day``; ``prefix`` walks a relation, such as "profiles__"."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day})
    )


class DatedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows with starts_on and ends_on."""

    def on(self, day: date) -> DatedQuerySet:
        """The rows that hold on ``day``."""
        return self.filter(living_on(day))


class Dated(models.Model):
    """From a day to a day, half-open; no end means until further notice."""

    starts_on = models.DateField("có hiệu lực từ")
    ends_on = models.DateField("hết hiệu lực từ", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


def ends_after_start(name: str) -> models.CheckConstraint:
    """A row ends after it begins, or not."""
    return models.CheckConstraint(
        name=name, condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on"))
    )


def one_at_a_time(
    name: str, *owners: str | Func, condition: Q | None = None
) -> ExclusionConstraint:
    """No two rows of the same owners, each a number, hold on a common day: ranges of numbers exclude without an extension."""
    numbers = [F(one) if isinstance(one, str) else one for one in owners]
    same = [(Func(one, one, Value("[]"), function="int8range"), "&&") for one in numbers]
    days = (Func(F("starts_on"), F("ends_on"), function="daterange"), "&&")
    return ExclusionConstraint(name=name, expressions=[*same, days], condition=condition)


class Area(Dated):
    """A province, district, commune or hamlet, from the day it was made to the day it ceased."""

    code = models.CharField("mã", max_length=20, unique=True)
    level = models.CharField("cấp", max_length=10, choices=Level.choices)

    class Meta:
        verbose_name = "địa bàn"
        constraints = [ends_after_start("area_ends_after_start")]

    def __str__(self) -> str:
        return self.code


class AreaProfile(Dated):
    """What an area is called, what it belongs to, while that holds."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="profiles")
    name = models.CharField("tên", max_length=120)
    full_name = models.CharField("tên đầy đủ", max_length=160)
    type_name = models.CharField("loại", max_length=40)
    parent = models.ForeignKey(Area, models.PROTECT, null=True, related_name="child_profiles")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    search = models.CharField(max_length=200, db_index=True)

    class Meta:
        verbose_name = "thông tin địa bàn"
        constraints = [
            ends_after_start("areaprofile_ends_after_start"),
            one_at_a_time("areaprofile_one_at_a_time", "area"),
        ]

    def __str__(self) -> str:
        return self.full_name


class AreaSuccession(models.Model):
    """An area passed into another on a day, whole or in part."""

    predecessor = models.ForeignKey(Area, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Area, models.PROTECT, related_name="inheritances")
    on = models.DateField("ngày")
    portion = models.CharField(max_length=5, choices=[("whole", "toàn bộ"), ("part", "một phần")])
    basis = models.CharField("căn cứ", max_length=80, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "kế thừa địa bàn"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="areasuccession_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Organisation(Dated):
    """A unit as such: it lives from a day to a day; its name, parent and symbol are dated profiles.

    ``type`` is a code of the catalogue (law/organisations/catalogue.yaml), such as "ubnd" or "so-tai-chinh".
    """

    code = models.CharField("mã", max_length=60, unique=True)
    type = models.CharField("loại", max_length=60, db_index=True)
    kind = models.CharField("khối", max_length=20, choices=Kind.choices)
    level = models.CharField("cấp", max_length=10, choices=Level.choices)

    class Meta:
        verbose_name = "đơn vị"
        constraints = [ends_after_start("organisation_ends_after_start")]

    def __str__(self) -> str:
        return self.code


class OrganisationProfile(Dated):
    """What a unit is called, how it signs, where it stands in the tree, while that holds."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="profiles")
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=120)
    symbol = models.CharField("ký hiệu văn bản", max_length=40, blank=True)
    place_name = models.CharField("địa danh", max_length=80, blank=True)
    parent = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="child_profiles"
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField("địa chỉ", max_length=200, blank=True, default="", db_default="")
    search = models.CharField(max_length=320, db_index=True)

    class Meta:
        verbose_name = "thông tin đơn vị"
        constraints = [
            ends_after_start("orgprofile_ends_after_start"),
            one_at_a_time("orgprofile_one_at_a_time", "organisation"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationSuccession(models.Model):
    """A unit passed into another on a day; ``share`` says what each successor takes.

    ``takes_duties``: this successor carries on the plan's obligations.
    """

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="inheritances")
    on = models.DateField("ngày")
    share = models.CharField(max_length=5, choices=Share.choices)
    takes_duties = models.BooleanField("nhận nhiệm vụ kế hoạch", default=True)
    basis = models.CharField("căn cứ", max_length=80, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "kế thừa đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="orgsuccession_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class ServedArea(Dated):
    """Which transaction office serves which commune."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="served")
    area = models.ForeignKey(Area, models.PROTECT, related_name="served_by")

    class Meta:
        verbose_name = "địa bàn phục vụ"
        constraints = [
            ends_after_start("servedarea_ends_after_start"),
            one_at_a_time("servedarea_one_office", "area"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.area_id}"


class TransactionPoint(Dated):
    """A point where the bank meets people on a fixed day of each month, from the day it opens to the day it closes."""

    code = models.CharField("mã", max_length=20, unique=True)

    class Meta:
        verbose_name = "điểm giao dịch"
        constraints = [ends_after_start("transactionpoint_ends_after_start")]

    def __str__(self) -> str:
        return self.code


class TransactionPointProfile(Dated):
    """What a transaction point is called, where and when it meets, while that holds."""

    point = models.ForeignKey(TransactionPoint, models.PROTECT, related_name="profiles")
    name = models.CharField("tên", max_length=160)
    area = models.ForeignKey(Area, models.PROTECT, related_name="points")
    session_day = models.PositiveSmallIntegerField("ngày giao dịch trong tháng")
    hours = models.CharField("giờ", max_length=11, blank=True)
    place = models.CharField("nơi giao dịch", max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    class Meta:
        verbose_name = "thông tin điểm giao dịch"
        constraints = [
            ends_after_start("pointprofile_ends_after_start"),
            one_at_a_time("pointprofile_one_at_a_time", "point"),
            models.CheckConstraint(
                condition=Q(session_day__gte=1) & Q(session_day__lte=31),
                name="pointprofile_day_of_the_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name
