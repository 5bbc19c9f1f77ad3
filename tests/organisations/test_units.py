"""Real units on both sides of each change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tdcs.audit.models import AuditLine
from tdcs.organisations import queries, seed
from tdcs.organisations.checks import CHECKS
from tdcs.organisations.errors import AlreadyCeased, BadSuccessor, ShareMissing
from tdcs.organisations.models import (
    Area,
    AreaSuccession,
    Organisation,
    OrganisationProfile,
    OrganisationSuccession,
)
from tdcs.organisations.queries import Resolver, UnitRef
from tdcs.organisations.rules import Step, follow
from tdcs.organisations.services.changing import Heir, record_succession, rename

pytestmark = pytest.mark.django_db

DONG_NAI = "p75"


def _resolve(on: date, unit: str, *levels: str, area: str = "") -> list[Organisation]:
    resolver = Resolver(province=Area.objects.get(code=DONG_NAI), on=on)
    ids = resolver.resolve(UnitRef(unit, levels, area))
    return list(Organisation.objects.filter(pk__in=ids).order_by("code"))


def test_areas_are_counted_as_the_resolutions_say() -> None:
    def count(level: str, day: date, parent: str = "") -> int:
        return Area.objects.on(day).filter(level=level).count()

    assert count("commune", date(2025, 6, 30)) == 159 + 111
    assert count("district", date(2025, 6, 30)) == 22
    assert count("commune", date(2025, 7, 1)) == 95
    assert count("district", date(2025, 7, 1)) == 0


def test_every_old_commune_leads_to_one_new_one_but_the_divided_two() -> None:
    heirs: dict[str, set[str]] = {}
    for row in AreaSuccession.objects.filter(predecessor__level="commune").select_related(
        "predecessor", "successor"
    ):
        heirs.setdefault(row.predecessor.code, set()).add(row.successor.code)
    assert len(heirs) == 270
    divided = [code for code, into in heirs.items() if len(into) > 1]
    assert len(divided) == 1
    assert {code for into in heirs.values() for code in into} == set(
        Area.objects.on(date(2025, 7, 1)).filter(level="commune").values_list("code", flat=True)
    )


@pytest.mark.parametrize(
    ("on", "levels", "count"),
    [
        (date(2024, 6, 1), ("district", "commune"), 11 + 159),
        (date(2025, 6, 30), ("commune",), 159),
        (date(2025, 7, 1), ("commune",), 95),
        (date(2026, 11, 23), ("district",), 95),
        (date(2026, 11, 23), ("district", "commune"), 95),
        (date(2026, 11, 23), ("province",), 1),
    ],
)
def test_peoples_committees_follow_the_reorganisation(
    on: date, levels: tuple[str, ...], count: int
) -> None:
    assert len(_resolve(on, "ubnd", *levels)) == count


def test_departments_on_both_sides_of_march_2025() -> None:
    before = {o.type for o in _resolve(date(2025, 2, 28), "cac-so-ban-nganh")}
    after = {o.type for o in _resolve(date(2025, 3, 1), "cac-so-ban-nganh")}
    assert "so-ke-hoach-va-dau-tu" in before - after
    assert "so-nong-nghiep-va-moi-truong" in after - before
    assert [o.type for o in _resolve(date(2025, 3, 1), "so-ke-hoach-va-dau-tu")] == ["so-tai-chinh"]
    assert {o.type for o in _resolve(date(2026, 1, 1), "so-lao-dong-tbxh")} == {
        "so-noi-vu",
        "so-nong-nghiep-va-moi-truong",
    }


def test_a_named_district_is_followed_to_its_communes() -> None:
    assert [o.code for o in _resolve(date(2024, 1, 1), "ubnd", "district", area="Định Quán")] == [
        "ubnd@d736"
    ]
    after = {o.code for o in _resolve(date(2026, 1, 1), "ubnd", "district", area="Định Quán")}
    assert "ubnd@n26227" in after
    assert len(after) == 7


def test_offices_remain_and_take_in_the_neighbour() -> None:
    assert len(_resolve(date(2024, 1, 1), "nhcsxh-pgd", "district")) == 10
    assert len(_resolve(date(2026, 1, 1), "nhcsxh-pgd", "district")) == 21
    served = Organisation.objects.get(code="nhcsxh-pgd@004606").served.on(date(2026, 1, 1))
    assert served.count() == 5


def test_open_classes_mean_nobody_and_groups_are_represented() -> None:
    assert _resolve(date(2026, 1, 1), "don-vi-lien-quan") == []
    assert {o.type for o in _resolve(date(2026, 1, 1), "to-tkvv")} == {"nhcsxh-pgd"}


def test_names_change_with_the_city_on_30_april_2026() -> None:
    committee = Organisation.objects.get(code="ubnd@p75")
    assert queries.profile_of(committee, date(2026, 4, 29)).name == "Ủy ban nhân dân tỉnh Đồng Nai"
    assert (
        queries.profile_of(committee, date(2026, 4, 30)).name
        == "Ủy ban nhân dân thành phố Đồng Nai"
    )


def test_what_changed_on_the_first_of_july() -> None:
    found = queries.changes_between(date(2025, 6, 30), date(2025, 7, 1))
    ceased = {c.before: c.successors for c in found if c.kind == "ceased"}
    assert "UBND huyện Định Quán" in ceased
    assert "UBND xã La Ngà" in ceased["UBND xã Túc Trưng"]
    assert sum(c.kind == "created" and c.after.startswith("UBND ") for c in found) == 95


def test_the_checks_find_nothing_in_what_ships() -> None:
    assert {name: list(check()) for name, check in CHECKS.items()} == {name: [] for name in CHECKS}


def test_loading_twice_changes_nothing() -> None:
    count = Organisation.objects.count()
    assert seed.load() == count
    assert Organisation.objects.count() == count


def _commune(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def test_a_split_without_a_share_is_refused_and_nothing_is_kept() -> None:
    unit, one, two = (_commune(f"ubnd@{c}") for c in ("n26227", "n26206", "n26209"))
    lines = AuditLine.objects.count()
    with pytest.raises(ShareMissing, match="2 đơn vị kế thừa"):
        record_succession(
            predecessor=unit, heirs=[Heir(one), Heir(two)], basis="", by=None, on=date(2026, 12, 1)
        )
    unit.refresh_from_db()
    assert unit.ends_on is None
    assert AuditLine.objects.count() == lines
    assert not OrganisationSuccession.objects.filter(predecessor=unit).exists()


def test_a_split_by_area_is_followed_from_its_day() -> None:
    unit, one, two = (_commune(f"ubnd@{c}") for c in ("n26227", "n26206", "n26209"))
    heirs = [Heir(one, "area"), Heir(two, "named", True, "ấp 1")]
    record_succession(predecessor=unit, heirs=heirs, basis="NQ", by=None, on=date(2026, 12, 1))
    assert queries.successors([unit.pk], date(2026, 11, 30)) == {unit.pk: (unit.pk,)}
    assert queries.successors([unit.pk], date(2026, 12, 1)) == {
        unit.pk: tuple(sorted((one.pk, two.pk)))
    }
    with pytest.raises(AlreadyCeased):
        record_succession(predecessor=unit, heirs=heirs, basis="NQ", by=None, on=date(2027, 1, 1))


def test_a_successor_must_live_and_be_another() -> None:
    unit, gone = _commune("ubnd@n26227"), _commune("ubnd@d736")
    for heirs in ([], [Heir(unit)], [Heir(gone)]):
        with pytest.raises(BadSuccessor):
            record_succession(
                predecessor=unit, heirs=heirs, basis="", by=None, on=date(2026, 12, 1)
            )


def test_a_new_name_holds_from_its_day() -> None:
    unit = _commune("so-tai-chinh@p75")
    rename(
        organisation=unit,
        name="Sở Tài chính – Giá",
        short_name="STC",
        basis="x",
        by=None,
        on=date(2026, 12, 1),
    )
    assert queries.profile_of(unit, date(2026, 11, 30)).name == "Sở Tài chính"
    assert queries.profile_of(unit, date(2026, 12, 1)).name == "Sở Tài chính – Giá"


def test_two_names_on_one_day_are_refused_by_the_database() -> None:
    held = OrganisationProfile.objects.get(organisation__code="ubnd@n26227", ends_on=None)
    held.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save(force_insert=True)


def test_a_subtree_holds_what_stands_below() -> None:
    committee = _commune("ubnd@n26227")
    below = set(
        Organisation.objects.filter(
            pk__in=queries.subtree(committee.pk, date(2026, 1, 1))
        ).values_list("code", flat=True)
    )
    assert {"ubnd@n26227", "mttq@n26227", "hoi-phu-nu@n26227", "phong-kinh-te@n26227"} <= below
    assert "ubnd@n26206" not in below


def test_following_stops_at_circles_and_respects_duties() -> None:
    day = date(2025, 7, 1)
    steps: dict[int, list[Any]] = {
        1: [Step(2, day, "area", True), Step(3, day, "named", False)],
        2: [Step(1, day, "whole", True)],
    }
    assert follow(1, steps, until=day) == ()
    assert follow(1, {1: steps[1]}, until=day) == (2,)
    assert follow(1, {1: steps[1]}, until=day, duties=False) == (2, 3)
    assert follow(1, {1: steps[1]}, until=date(2025, 6, 30)) == (1,)
