"""Every province of the country as made from the lists: complete, and for the one that shipped before, the same rows."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from tdcs.core import law
from tdcs.organisations import catalogue, packaged, seed
from tdcs.organisations.errors import (
    DistrictsNotServed,
    DistrictsUnknown,
    ProvinceMerged,
    ProvinceUnknown,
)
from tdcs.organisations.packaged import MERGER, START
from tdcs.organisations.rules import Step, follow
from tdcs.organisations.standard import units_of
from tdcs.organisations.standard.place import District, OfficeEntry, full_name
from tdcs.organisations.standard.rows import Rows

TODAY = date(2026, 11, 23)
SHIPPED = Path(__file__).resolve().parents[1] / "organisations" / "dong-nai-units"
SLUGS = [one.slug for one in packaged.provinces(TODAY)]


def _made(slug: str) -> Rows:
    return units_of(packaged.find(slug, TODAY), seed.own_of(slug))


def test_the_country_has_34_provinces_of_63_and_3321_communes_of_10035() -> None:
    lists, known = packaged.country(), packaged.listed()
    assert len(packaged.provinces(date(2025, 6, 30))) == 63
    assert len(packaged.provinces(MERGER)) == 34
    alone = [one.slug for one in packaged.provinces(MERGER) if not one.predecessors]
    assert alone == [
        "cao-bang", "dien-bien", "ha-noi", "ha-tinh", "hue", "lai-chau", "lang-son", "nghe-an", "quang-ninh", "son-la",
        "thanh-hoa",
    ]  # fmt: skip
    assert sum(len(rows) for rows in lists.districts.values()) == 696
    assert sum(len(rows) for rows in lists.communes_before.values()) == 10_035
    assert sum(len(rows) for rows in lists.communes.values()) == 3_321
    cities = {one.slug for one in packaged.provinces(TODAY) if one.word == "thành phố"}
    assert cities == {"can-tho", "da-nang", "dong-nai", "ha-noi", "hai-phong", "ho-chi-minh", "hue"}
    assert all(
        any(d.code == seat for d in lists.districts[code]) for code, seat in known.seats.items()
    )


def test_each_part_of_a_merged_province_is_named_its_own_first() -> None:
    named = {one.slug: one for one in packaged.provinces(TODAY)}
    assert named["lam-dong"].predecessors == ("Lâm Đồng", "Bình Thuận", "Đắk Nông")
    assert (named["lao-cai"].code, named["lao-cai"].home) == ("p15n", "p10")
    before = {one.slug: one for one in packaged.provinces(date(2025, 6, 30))}
    assert before["yen-bai"].merged_into == "Lào Cai"
    assert before["cao-bang"].merged_into == ""


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Cao Bằng", "cao-bang"),
        ("cao bang", "cao-bang"),
        ("TỈNH CAO BẰNG", "cao-bang"),
        ("cao-bang", "cao-bang"),
        ("Thành phố Hồ Chí Minh", "ho-chi-minh"),
        ("TP. HCM", "ho-chi-minh"),
        ("Thừa Thiên Huế", "hue"),
        ("Đăk Lăk", "dak-lak"),
    ],
)
def test_a_name_is_understood_as_people_write_it(words: str, slug: str) -> None:
    assert packaged.find(words, TODAY).slug == slug


def test_a_name_of_before_says_what_it_became_and_nonsense_what_is_near() -> None:
    with pytest.raises(ProvinceMerged) as merged:
        packaged.find("bình phước", TODAY)
    assert "là một phần của Đồng Nai" in merged.value.sentence("vi")
    assert "tdcs province new dong-nai" in merged.value.next_step("en")
    assert packaged.find("bình phước", date(2025, 6, 30)).merged_into == "Đồng Nai"
    with pytest.raises(ProvinceUnknown, match="Cao Bằng"):
        packaged.find("Cao Băngg", TODAY)
    with pytest.raises(ProvinceUnknown):
        packaged.find("", TODAY)


TABLES = {
    "areas": lambda rows: rows.areas,
    "area_profiles": lambda rows: rows.area_names,
    "area_successions": lambda rows: rows.area_heirs,
    "organisations": lambda rows: rows.units.values(),
    "organisation_profiles": lambda rows: rows.profiles,
    "organisation_successions": lambda rows: rows.heirs,
    "offices_served": lambda rows: rows.served,
}


@pytest.mark.parametrize("table", TABLES)
def test_dong_nai_is_made_as_its_hand_checked_rows_were(table: str) -> None:
    """The rows as they shipped when the province was the only one; a change of the rule for all shows here."""
    text = gzip.decompress((SHIPPED / f"{table}.csv.gz").read_bytes()).decode("utf-8")
    shipped = list(csv.reader(io.StringIO(text)))[1:]
    made = [[_cell(cell) for cell in row] for row in TABLES[table](_made("dong-nai"))]
    assert made == shipped


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_province_is_whole(slug: str) -> None:
    rows = _made(slug)
    province = packaged.find(slug, TODAY)
    today = [row for row in rows.areas if row.level == "commune" and row.ends_on is None]
    assert len(today) == len(packaged.country().communes[province.code])
    _names_cover_each_day(rows)
    _who_ended_is_carried_on(rows)
    parents = {row.parent for row in rows.profiles if row.parent}
    assert parents <= set(rows.units)
    assert {row.type for row in rows.units.values()} <= set(catalogue.entries())
    served = [row.area for row in rows.served if row.ends_on is None]
    assert sorted(served) == sorted(row.code for row in today)
    offices = {row.office for row in rows.served}
    assert all(rows.units[one].kind in ("transaction_office", "vbsp_branch") for one in offices)


def _names_cover_each_day(rows: Rows) -> None:
    spans: dict[str, list[tuple[date, date | None]]] = {}
    for row in rows.profiles:
        spans.setdefault(row.organisation, []).append((row.starts_on, row.ends_on))
        unit = rows.units.get(row.parent)
        if unit is not None:
            assert unit.starts_on <= row.starts_on, row
            assert unit.ends_on is None or (row.ends_on and row.ends_on <= unit.ends_on), row
    for code, unit in rows.units.items():
        held = spans[code]
        assert held[0][0] == unit.starts_on, code
        assert held[-1][1] == unit.ends_on, code
        assert all(one[1] == two[0] for one, two in pairwise(held)), code


def _who_ended_is_carried_on(rows: Rows) -> None:
    keys = {code: at for at, code in enumerate(rows.units)}
    steps: dict[int, list[Step]] = {}
    for row in rows.heirs:
        old, new = rows.units[row.predecessor], rows.units[row.successor]
        assert old.ends_on == row.on, row
        assert new.starts_on <= row.on, row
        assert new.ends_on is None or new.ends_on > row.on, row
        assert row.basis, row
        step = Step(keys[row.successor], row.on, row.share, row.takes_duties)
        steps.setdefault(keys[row.predecessor], []).append(step)
    living = {keys[code] for code, unit in rows.units.items() if unit.ends_on is None}
    for code, unit in rows.units.items():
        if unit.ends_on is not None:
            found = set(follow(keys[code], steps, until=TODAY))
            assert found, code
            assert found <= living, code


def test_offices_that_nobody_named_are_marked_and_start_when_the_branch_became_one() -> None:
    rows = _made("lao-cai")
    offices = [row for row in rows.units.values() if row.kind == "transaction_office"]
    assert all(row.code.startswith("nhcsxh-pgd@d") for row in offices)
    # Nine and nine districts; the seat of the branch has none, that of the joined branch since the merger.
    assert len(offices) == 17
    assert rows.units["nhcsxh-pgd@d132"].starts_on == MERGER
    assert "nhcsxh-pgd@d080" not in rows.units
    named = {row.organisation: row.short_name for row in rows.profiles if row.ends_on is None}
    assert named["nhcsxh-pgd@d132"] == "PGD NHCSXH Yên Bái"
    before = {row.area: row.office for row in rows.served if row.ends_on == MERGER}
    seat = packaged.country().communes_before["d132"][0].code
    assert before[seat] == "nhcsxh-chi-nhanh@p15"
    real = [r for r in _made("dong-nai").units.values() if r.kind == "transaction_office"]
    assert all(row.code.split("@")[1].isdigit() for row in real)


def test_a_list_of_offices_is_taken_whole_or_refused_by_name() -> None:
    province = packaged.find("cao-bang", TODAY)
    districts = [one.code[1:] for one in packaged.country().districts["p04"]]
    office: OfficeEntry = {"code": "001102", "name": "Bảo Lạc", "districts": districts[1:]}
    rows = units_of(province, {"offices": [office]})
    made = [code for code in rows.units if code.startswith("nhcsxh-pgd")]
    assert made == ["nhcsxh-pgd@001102"]
    office["districts"] = districts[2:]
    with pytest.raises(DistrictsNotServed, match="huyện Bảo Lâm"):
        units_of(province, {"offices": [office]})
    assert units_of(province, {"offices": [office], "branch_districts": districts[:2]}).served
    office["districts"] = [*districts[1:], "731"]
    with pytest.raises(DistrictsUnknown, match="731"):
        units_of(province, {"offices": [office]})


def test_a_type_that_a_province_has_not_is_left_out_with_what_follows_from_it() -> None:
    rows = units_of(packaged.find("cao-bang", TODAY), {"without": ["so-ngoai-vu"]})
    assert not [code for code in rows.units if code.startswith("so-ngoai-vu")]
    assert not [row for row in rows.heirs if row.predecessor.startswith("so-ngoai-vu")]


def test_a_province_that_became_a_city_is_named_by_day() -> None:
    rows = _made("hue")
    names = [(r.name, r.starts_on) for r in rows.profiles if r.organisation == "ubnd@p46"]
    assert names == [
        ("Ủy ban nhân dân tỉnh Thừa Thiên Huế", START),
        ("Ủy ban nhân dân thành phố Huế", date(2025, 1, 1)),
    ]


def test_departments_of_the_two_largest_cities_differ() -> None:
    types = {code.split("@")[0] for code in _made("ho-chi-minh").units if code.endswith("@p79")}
    assert {"so-du-lich", "so-van-hoa-va-the-thao", "so-quy-hoach-kien-truc"} <= types
    assert "so-van-hoa-the-thao-va-du-lich" not in types
    rows = _made("ho-chi-minh")
    heirs = {
        r.successor for r in rows.heirs if r.predecessor == "so-van-hoa-the-thao-va-du-lich@p74"
    }
    assert heirs == {"so-van-hoa-va-the-thao@p79", "so-du-lich@p79"}


def test_an_island_district_without_communes_goes_into_its_special_zone() -> None:
    rows = _made("hai-phong")
    heirs = {r.successor for r in rows.heirs if r.predecessor == "ubnd@d318"}
    zone = next(c for c in packaged.country().communes["p31n"] if c.name == "Bạch Long Vĩ")
    assert (zone.word, heirs) == ("đặc khu", {f"ubnd@{zone.code}"})


def test_a_numbered_ward_is_not_called_so_twice() -> None:
    numbered = District("d1", "p79", "Quận 1", "quận", "", "", ())
    assert full_name(numbered) == "quận 1"
    assert (
        full_name(District("d2", "p46", "Phường Đúc", "phường", "", "", ())) == "phường Phường Đúc"
    )


def test_the_lists_are_read_without_the_package_they_were_made_from() -> None:
    assert law.path("organisations/country/communes.csv.gz").is_file()
    code = "\n".join(
        p.read_text(encoding="utf-8") for p in Path(packaged.__file__).parents[1].rglob("*.py")
    )
    assert "import vietnamadminunits" not in code
