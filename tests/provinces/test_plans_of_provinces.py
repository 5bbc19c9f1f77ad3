"""Plans of provinces that went into 1/7/2025 differently: every unit they name is somebody, on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from plans_of_provinces import Words, plan_after, plan_before

from tdcs.organisations import catalogue, packaged, queries, seed
from tdcs.organisations.models import Area, Organisation
from tdcs.organisations.queries import Resolver, UnitRef
from tdcs.plans.reading import read_plan
from tdcs.plans.services.importing import issuer_named

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
BEFORE, REFORMED, MERGED = date(2024, 6, 1), date(2025, 3, 1), date(2025, 7, 1)


def _words(kind: str, name: str, **more: str) -> Words:
    return Words(
        issuer=f"ỦY BAN NHÂN DÂN\n{kind.upper()} {name.upper()}",
        place=name,
        kind=kind,
        party="Thành ủy" if kind == "thành phố" else "Tỉnh ủy",
        press=f"Báo {name}, Đài Phát thanh - Truyền hình {name}",
        **more,
    )


CAO_BANG = _words("tỉnh", "Cao Bằng", district="huyện Hòa An", commune="xã Bạch Đằng")
LAO_CAI = _words("tỉnh", "Lào Cai", district="huyện Bắc Hà", commune="xã Tả Củ Tỷ")
YEN_BAI = _words("tỉnh", "Yên Bái", district="thị xã Nghĩa Lộ", commune="xã Hạnh Sơn")
PHU_THO = _words("tỉnh", "Phú Thọ", district="huyện Đoan Hùng", commune="xã Tây Cốc")
HOA_BINH = _words("tỉnh", "Hòa Bình", district="huyện Đà Bắc", commune="xã Tân Pheo")
HAI_PHONG = _words("thành phố", "Hải Phòng", district="quận Kiến An", commune="xã Vĩnh Hòa")

# Province of today, what its plan of 2024 and that of 2026 say, districts and communes before, communes after.
CASES = [
    pytest.param("cao-bang", CAO_BANG, "p04", (10, 161, 56), id="unchanged"),
    pytest.param("lao-cai", LAO_CAI, "p10", (9, 151, 99), id="of two, the name kept"),
    pytest.param("lao-cai", YEN_BAI, "p15", (9, 168, 99), id="of two, joined in"),
    pytest.param("phu-tho", PHU_THO, "p25", (13, 207, 148), id="of three, the name kept"),
    pytest.param("phu-tho", HOA_BINH, "p17", (10, 151, 148), id="of three, joined in"),
    pytest.param("hai-phong", HAI_PHONG, "p31", (15, 167, 114), id="a city"),
]


class Read:
    """A plan as read, and whom its words mean on a day."""

    def __init__(self, text: str, folder: Path) -> None:
        file = folder / "plan.txt"
        file.write_text(text, encoding="utf-8")
        self.reading = read_plan(file)
        self.issuer = issuer_named(
            self.reading.issuer, date.fromisoformat(self.reading.issued_on or "")
        )

    def units(self) -> list[Any]:
        rows = [u for t in self.reading.tasks for u in (*t.lead, *t.perform, *t.coordinate)]
        return rows + [u for duty in self.reading.duties for u in duty.units]

    def nobody(self, on: date) -> list[str]:
        """Words that mean no unit on a day, but those that mean nobody by themselves."""
        resolver = self.resolver(on)
        return [
            unit.words
            for unit in self.units()
            if not unit.unit
            or (
                not catalogue.entries()[unit.unit].open_class
                and not resolver.resolve(UnitRef(unit.unit, unit.levels, unit.area))
            )
        ]

    def resolver(self, on: date) -> Resolver:
        day = date.fromisoformat(self.reading.issued_on or "")
        return Resolver(province=queries.province_of(self.issuer, day), on=on)


def _codes(resolver: Resolver, unit: str, *levels: str, area: str = "") -> set[str]:
    ids = resolver.resolve(UnitRef(unit, levels, area))
    return set(Organisation.objects.filter(pk__in=ids).values_list("code", flat=True))


@pytest.mark.parametrize(("slug", "words", "part", "counts"), CASES)
def test_a_plan_of_2024_means_somebody_on_every_side_of_each_change(
    slug: str,
    words: Words,
    part: str,
    counts: tuple[int, int, int],
    no_units: None,
    home: Path,
) -> None:
    province = packaged.find(slug, TODAY)
    seed.create(province=province, by=None, on=TODAY)
    plan = Read(plan_before(words), home)
    assert len(plan.reading.tasks) == 5
    assert plan.issuer.code == f"ubnd@{part}"
    for day in (BEFORE, REFORMED, date(2025, 6, 30), MERGED, TODAY):
        assert plan.nobody(day) == [], day

    districts, communes, today = counts
    before, after = plan.resolver(BEFORE), plan.resolver(MERGED)
    assert len(_codes(before, "ubnd", "district")) == districts
    assert len(_codes(before, "ubnd", "commune")) == communes
    assert len(_codes(after, "ubnd", "commune")) == today
    assert len(_codes(after, "ubnd", "province")) == 1
    assert _codes(after, "ubnd", "province") == {f"ubnd@{province.home}"}

    named = Area.objects.get(
        profiles__full_name=words.commune, profiles__parent__profiles__parent__code=part
    )
    assert _codes(before, "ubnd", "commune", area=_name(words.commune)) == {f"ubnd@{named.code}"}
    heirs = {row.successor.code for row in named.successions.select_related("successor")}
    meant = _codes(after, "ubnd", "commune", area=_name(words.commune))
    assert {f"ubnd@{code}" for code in heirs} <= meant

    assert _codes(before, "so-ke-hoach-va-dau-tu") == {f"so-ke-hoach-va-dau-tu@{part}"}
    assert _codes(plan.resolver(REFORMED), "so-ke-hoach-va-dau-tu") == {f"so-tai-chinh@{part}"}
    assert _codes(after, "so-ke-hoach-va-dau-tu") == {f"so-tai-chinh@{province.home}"}
    assert _codes(after, "so-lao-dong-tbxh") == {
        f"so-noi-vu@{province.home}",
        f"so-nong-nghiep-va-moi-truong@{province.home}",
    }


def _name(full: str) -> str:
    return full.split(" ", 1)[1]


@pytest.mark.parametrize(
    ("slug", "words", "counts"),
    [
        ("cao-bang", replace(CAO_BANG, commune="xã Bảo Lạc"), (56, 9)),
        ("lao-cai", replace(LAO_CAI, commune="xã Y Tý"), (99, 17)),
        ("phu-tho", replace(PHU_THO, commune="xã Tân Pheo"), (148, 31)),
        ("hai-phong", replace(HAI_PHONG, commune="xã Nam Sách"), (114, 26)),
    ],
)
def test_a_plan_of_2026_means_communes_and_joined_departments(
    slug: str, words: Words, counts: tuple[int, int], no_units: None, home: Path
) -> None:
    province = packaged.find(slug, TODAY)
    seed.create(province=province, by=None, on=TODAY)
    plan = Read(plan_after(words), home)
    assert len(plan.reading.tasks) == 4
    assert plan.issuer.code == f"ubnd@{province.home}"
    assert plan.nobody(TODAY) == []
    now = plan.resolver(TODAY)
    communes, offices = counts
    assert len(_codes(now, "ubnd", "commune")) == communes
    assert len(_codes(now, "nhcsxh-pgd")) == offices
    assert len(_codes(now, "ubnd", "commune", area=_name(words.commune))) == 1
    party = next(u for u in plan.units() if u.unit == "tinh-uy")
    assert party.words.startswith(words.party)


def test_a_commune_of_the_same_name_in_the_province_joined_in_is_another(no_units: None) -> None:
    seed.create(province=packaged.find("hai phong", TODAY), by=None, on=TODAY)
    one, other = Area.objects.get(code="p31"), Area.objects.get(code="p30")
    for province, code in ((one, "ubnd@c11848"), (other, "ubnd@c11185")):
        before = Resolver(province=province, on=BEFORE)
        assert _codes(before, "ubnd", "commune", area="Vĩnh Hòa") == {code}
    after = _codes(Resolver(province=one, on=MERGED), "ubnd", "commune", area="Vĩnh Hòa")
    assert after == {"ubnd@n11848"}
    # A plan of today may still name a district of before, wherever it lay.
    today = Resolver(province=Area.objects.get(code="p31n"), on=TODAY)
    assert len(_codes(today, "ubnd", "district", area="Nam Sách")) > 1
    assert _codes(today, "ubnd", "commune", area="Nam Sách") == {"ubnd@n10606"}


def test_a_city_says_its_own_words(no_units: None) -> None:
    seed.create(province=packaged.find("hai phong", TODAY), by=None, on=TODAY)
    names = {
        row.organisation.code: row.name
        for row in queries.profiles_on(TODAY).filter(organisation__level="province")
    }
    assert names["tinh-uy@p31"] == "Thành ủy Hải Phòng"
    assert names["ubnd@p31"] == "Ủy ban nhân dân thành phố Hải Phòng"
    assert names["thanh-tra-tinh@p31"] == "Thanh tra thành phố"
    assert (
        names["nhcsxh-chi-nhanh@p31"] == "Chi nhánh Ngân hàng Chính sách xã hội thành phố Hải Phòng"
    )
