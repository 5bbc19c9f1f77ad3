"""People and the roles they hold over an organisation from a day to a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models

from tdcs.access.permissions import PERMISSIONS, WHILE_SETTING_UP, Role
from tdcs.core import clock
from tdcs.organisations.models import Area, Dated, Organisation, ends_after_start, one_at_a_time

M = TypeVar("M", bound=models.Model)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A person with a password, or with none that works."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. What the person may do hangs on the roles held on a day."""

    username = models.CharField("tên đăng nhập", max_length=60, unique=True)
    full_name = models.CharField("họ và tên", max_length=120)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    is_active = models.BooleanField("đang hoạt động", default=True)
    date_joined = models.DateTimeField("ngày tạo", default=clock.now)
    by_mail = models.BooleanField("nhận nhắc qua thư", default=True)
    # The administrator of an installation that has no unit yet: becomes the branch's once a province is set up.
    sets_up = models.BooleanField("thiết lập hệ thống", default=False, db_default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = "người dùng"

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def acting(self) -> Substitution | None:
        """For whom this person works in the running request (StandIn of middleware.py); None for oneself."""
        found: Substitution | None = self.__dict__.get("_acting")
        return found

    def work_for(self, acting: Substitution | None) -> None:
        """From here on this person has the role of the absent one (or again the own), in the running request only."""
        self.__dict__["_acting"] = acting
        for kept in ("_holdings", "_visible", "_workable"):
            self.__dict__.pop(kept, None)

    def holding(self, on: date | None = None) -> RoleHolding | None:
        """The role this person holds on a day, or while acting the role of the absent person; kept for the request."""
        day = on or clock.today()
        kept: dict[date, RoleHolding | None] = self.__dict__.setdefault("_holdings", {})
        if day not in kept:
            acting = self.acting
            person = acting.absent_id if acting is not None and acting.holds_on(day) else self.pk
            kept[day] = _held(person, day)
        return kept[day]

    def may(self, permission: str) -> bool:
        """Whether the role held today carries the permission; an unknown permission raises KeyError."""
        roles = PERMISSIONS[permission]
        holding = self.holding() if self.is_active else None
        if holding is None:
            return self.is_active and self.sets_up and permission in WHILE_SETTING_UP
        return Role(holding.role) in roles


class RoleHolding(Dated):
    """A role over an organisation and its subtree, from a day to a day; one at a time for a person."""

    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="holdings")

    class Meta:
        verbose_name = "vai trò được giao"
        constraints = [one_at_a_time("roleholding_one_at_a_time", "user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


@cache
def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


@cache
def _role_question() -> str:
    """The question for a person's role with its unit.

    Every request asks it: putting it together anew each time costs several times what answering it does.
    """
    return (
        f"SELECT {_columns(RoleHolding, 'h')}, {_columns(Organisation, 'o')}"  # noqa: S608  names of models
        f' FROM "{RoleHolding._meta.db_table}" h'
        f' JOIN "{Organisation._meta.db_table}" o ON o.id = h.organisation_id'
        " WHERE h.user_id = %s AND h.starts_on <= %s AND (h.ends_on IS NULL OR h.ends_on > %s)"
        " ORDER BY h.id LIMIT 1"
    )


@cache
def _person_question() -> str:
    """The question for a person with role and unit: the role's columns are null where the person holds none."""
    return (
        f'SELECT {_columns(User, "u")}, r.* FROM "{User._meta.db_table}" u'  # noqa: S608  names of models
        f" LEFT JOIN LATERAL ({_role_question()}) r ON true WHERE u.id = %s"
    )


def _instance_from(model: type[M], row: Sequence[Any], start: int) -> tuple[M, int]:
    """A row of a model from the columns of an answer, and where the next one's columns begin."""
    names = [field.attname for field in model._meta.concrete_fields]
    end = start + len(names)
    return model.from_db(connection.alias, names, row[start:end]), end


def _role_in(row: Sequence[Any], start: int) -> RoleHolding:
    holding, end = _instance_from(RoleHolding, row, start)
    holding.organisation, _end = _instance_from(Organisation, row, end)
    return holding


def _held(person: int, day: date) -> RoleHolding | None:
    """The role that a person holds on a day, with its unit."""
    with connection.cursor() as cursor:
        cursor.execute(_role_question(), [person, day, day])
        row = cursor.fetchone()
    return None if row is None else _role_in(row, 0)


def person_with_role(pk: int, day: date) -> User | None:
    """A person with the role held on a day, read in one question; None when there is nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_person_question(), [pk, day, day, pk])
        row = cursor.fetchone()
    if row is None:
        return None
    person, end = _instance_from(User, row, 0)
    person.__dict__["_holdings"] = {day: None if row[end] is None else _role_in(row, end)}
    return person


class HandOver(models.Model):
    """A person's work goes to a successor from a day on: the old role ends that day, the new one begins."""

    old = models.ForeignKey(User, models.PROTECT, related_name="handed_over")
    new = models.ForeignKey(User, models.PROTECT, related_name="taken_over")
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    on = models.DateField("từ ngày")
    words = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lập lúc")
    # When drafts and notices moved, and how many; empty while the day has not come.
    moved_at = models.DateTimeField("chuyển việc lúc", null=True)
    moved = models.JSONField(default=dict)

    class Meta:
        verbose_name = "bàn giao"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(old=models.F("new")), name="handover_two_people"
            )
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class Substitution(Dated):
    """A person works for an absent one from a day to a day, the last not included."""

    absent = models.ForeignKey(User, models.PROTECT, related_name="substituted_by")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="substitutes_for")
    words = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "làm thay"
        constraints = [
            one_at_a_time("substitution_one_at_a_time", "absent"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=False)
                & models.Q(ends_on__gt=models.F("starts_on")),
                name="substitution_has_an_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(absent=models.F("substitute")),
                name="substitution_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} thay {self.absent}"

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in it; the end day no longer does."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class HamletOfficer(Dated):
    """Which credit officer looks after which hamlet, from a day to a day: one at a time, with an account here or without."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    hamlet = models.CharField("ấp, khu phố", max_length=120)
    # The hamlet as it is compared: households and groups keep its name, not a code.
    words = models.CharField(max_length=160)
    name = models.CharField("cán bộ", max_length=120)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "cán bộ phụ trách ấp, khu phố"
        constraints = [
            ends_after_start("hamletofficer_ends_after_start"),
            # Of a text only its number has a range.
            one_at_a_time(
                "hamletofficer_one_at_a_time",
                "area",
                models.Func("words", models.Value(0), function="hashtextextended"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.hamlet}"


class ColumnChoice(models.Model):
    """Which columns of one table a person sees, and in which order; a choice of looks, no record of work."""

    by = models.ForeignKey(User, models.CASCADE, related_name="column_choices")
    table = models.CharField("bảng", max_length=40)
    # Keys of the columns in their order, and those left out (http/table_columns.py).
    order = models.JSONField("thứ tự", default=list)
    hidden = models.JSONField("cột ẩn", default=list)

    class Meta:
        verbose_name = "cột đã chọn"
        constraints = [
            models.UniqueConstraint(
                fields=["by", "table"], name="columns_one_of_a_person_and_table"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by_id} {self.table}"
