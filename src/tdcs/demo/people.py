"""The demonstration's accounts: a fixed cast, and a clerk for every unit that reports."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.demo.cast import Cast, cast, users_of
from tdcs.organisations.models import Organisation, OrganisationProfile

_BRANCH: Final = "nhcsxh-chi-nhanh"
# User name ("commune", "office": as the data names them), shown name, role, unit (of the cast, or a body of the province).
_PLAYED: Final = (
    ("demo-kehoach", "Trần Minh Khôi – kế hoạch chi nhánh", Role.BRANCH_PLANNER, _BRANCH),
    ("commune", "Lê Thị Hoa – UBND {commune}", Role.UNIT_CLERK, "commune"),
    ("demo-sotaichinh", "Phạm Quốc Huy – Sở Tài chính", Role.UNIT_CLERK, "so-tai-chinh"),
    ("demo-vonngansach", "Lý Thu Trang – Sở Tài chính, vốn ủy thác", Role.FINANCE, "so-tai-chinh"),
    ("office", "Võ Thanh Tùng – {office}", Role.UNIT_CLERK, "office"),
    ("demo-totruong", "Nguyễn Thị Lành – tổ trưởng", Role.GROUP_LEADER, "commune"),
    ("demo-tindung", "Hồ Quang Vinh – tín dụng", Role.LOAN_OFFICER, "office"),
    ("demo-kiemsoat", "Đặng Thu Hà – kiểm soát", Role.CREDIT_HEAD, "office"),
    ("demo-giamdoc", "Huỳnh Tấn Phát – giám đốc PGD", Role.OFFICE_DIRECTOR, "office"),
    ("demo-giaodich", "Phan Mỹ Duyên – giao dịch viên", Role.TELLER, "office"),
    ("demo-ketoan", "Vũ Thị Thảo – kế toán", Role.ACCOUNTANT, "office"),
    ("demo-lanhdao", "Nguyễn Thị Hoàng – lãnh đạo UBND", Role.LEADER, "ubnd"),
    ("demo-kiemtoan", "Đỗ Đức Anh – kiểm toán", Role.AUDITOR, _BRANCH),
    ("demo-giamdoccn", "Ngô Đức Thịnh – giám đốc chi nhánh", Role.OFFICE_DIRECTOR, _BRANCH),
    ("demo-quantri", "Bùi Hải Nam – quản trị", Role.SYSTEM_ADMIN, _BRANCH),
)
_FAMILY: Final = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
)
_MIDDLE: Final = ("Thị", "Văn", "Ngọc", "Minh", "Thanh", "Quốc", "Hữu", "Kim", "Đức", "Hồng")
_GIVEN: Final = (
    "An",
    "Bình",
    "Chi",
    "Dung",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Khánh",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Nga",
    "Phúc",
    "Quân",
    "Sơn",
    "Thảo",
    "Trang",
    "Tuấn",
    "Vân",
    "Yến",
)


def roles(slug: str) -> dict[str, Role]:
    """User name → role of the cast of a province; needs no database."""
    users = users_of(slug)
    return {users.get(name, name): role for name, _full, role, _unit in _PLAYED}


def members(at: Cast) -> tuple[tuple[str, str, Role, str], ...]:
    """User name, shown name, role, code of the unit."""
    users = {"commune": at.commune_user, "office": at.office_user}
    units = {"commune": at.committee, "office": at.office}
    words = {"commune": at.commune_name(), "office": at.office_name()}
    return tuple(
        (users.get(name, name), full.format(**words), role, units.get(unit) or at.body(unit))
        for name, full, role, unit in _PLAYED
    )


def name_of(luck: Random) -> str:
    """An invented name."""
    return f"{luck.choice(_FAMILY)} {luck.choice(_MIDDLE)} {luck.choice(_GIVEN)}"


def family_names() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What invented names are made of: family names, middle names, given names."""
    return _FAMILY, _MIDDLE, _GIVEN


def create(*, since: date, seed: int) -> dict[int, User]:
    """The cast, and a clerk for each unit that lives today; returns clerks by unit. Passwords do not work."""
    units = dict(Organisation.objects.values_list("code", "pk"))
    played = members(cast())
    people = [User(username=name, full_name=full) for name, full, _, _ in played]
    for person in people:
        person.set_unusable_password()
    User.objects.bulk_create(people)
    holdings = [
        RoleHolding(user=person, role=role, organisation_id=units[code], starts_on=since)
        for person, (_, _, role, code) in zip(people, played, strict=True)
    ]
    taken = {units[code] for _, _, role, code in played if role == Role.UNIT_CLERK}
    clerks, more = _clerks(taken, since, seed)
    RoleHolding.objects.bulk_create([*holdings, *more])
    for person, holding in zip(people, holdings, strict=True):
        if holding.role == Role.UNIT_CLERK:
            clerks[holding.organisation_id] = person
    return clerks


def _clerks(taken: set[int], since: date, seed: int) -> tuple[dict[int, User], list[RoleHolding]]:
    rows = OrganisationProfile.objects.filter(
        ends_on__isnull=True,
        organisation__kind__in=(
            "people_committee",
            "department",
            "transaction_office",
            "front",
            "press",
        ),
    ).select_related("organisation")
    units = [row.organisation for row in rows if row.organisation_id not in taken]
    luck = Random(f"{seed}:people")
    people = [
        User(
            username=f"cb.{unit.code.replace('@', '.')}"[:60], full_name=name_of(luck), password="!"
        )
        for unit in units
    ]
    User.objects.bulk_create(people, batch_size=500)
    holdings = [
        RoleHolding(
            user=person,
            role=Role.UNIT_CLERK,
            organisation=unit,
            starts_on=max(since, unit.starts_on),
        )
        for person, unit in zip(people, units, strict=True)
    ]
    return {unit.pk: person for unit, person in zip(units, people, strict=True)}, holdings
