"""The province of an installation: one setting; its name by date, its own law, its files; one without a file is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tdcs.core import law
from tdcs.core.errors import NoProvince, UnknownProvince
from tdcs.plans.errors import IssuerUnknown
from tdcs.plans.titles import known_titles
from tdcs.programmes.rules import terms_on

KNOWN = ("232/KH-UBND", date(2023, 9, 29))


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    yield
    law.forget()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation's home without a province."""
    monkeypatch.setenv("TDCS_HOME", str(tmp_path))
    monkeypatch.delenv("TDCS_PROVINCE", raising=False)
    return tmp_path


def test_without_a_province_one_sentence_says_how_to_set_one_up(home: Path) -> None:
    assert law.chosen_province() == ""
    assert law.province_name(date(2026, 4, 30)) == ""
    assert law.of_province("capital.yaml") == []
    with pytest.raises(NoProvince) as refused:
        law.province()
    assert "tdcs province new" in refused.value.next_step("vi")
    assert "first-run page" in refused.value.next_step("en")


def test_the_home_says_which_province_it_is_until_the_environment_says_another(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / "provinces" / "hoa-an"
    folder.mkdir(parents=True)
    (folder / "province.yaml").write_text(
        "{code: p00, name: Hòa An, kinds: [{from: 2020-01-01, kind: province, word: tỉnh}]}",
        encoding="utf-8",
    )
    assert law.province() == "hoa-an"
    assert law.province_name(date(2026, 1, 1)) == "tỉnh Hòa An"
    monkeypatch.setenv("TDCS_PROVINCE", "ha-noi")
    assert law.province() == "ha-noi"


def test_of_two_in_the_home_the_chosen_one_counts(home: Path) -> None:
    for slug in ("an-hoa", "hoa-an"):
        (home / "provinces" / slug).mkdir(parents=True)
        (home / "provinces" / slug / "province.yaml").write_text("{}", encoding="utf-8")
    (home / "provinces" / "chosen").write_text("hoa-an\n", encoding="utf-8")
    assert law.province() == "hoa-an"


def test_a_file_of_the_home_comes_before_the_one_that_ships(home: Path) -> None:
    shipped = law.path("provinces/dong-nai/capital.yaml")
    assert shipped.is_file()
    own = home / "provinces" / "dong-nai" / "capital.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("[]", encoding="utf-8")
    assert law.path("provinces/dong-nai/capital.yaml") == own


def test_dong_nai_as_it_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TDCS_PROVINCE", "dong-nai")
    assert law.province_name(date(2026, 4, 29)) == "tỉnh Đồng Nai"
    assert law.province_name(date(2026, 4, 30)) == "thành phố Đồng Nai"
    assert law.province_name(date(2026, 4, 30), "en") == "Đồng Nai"
    assert known_titles(*KNOWN)["II.3.k"].startswith("Đề án")
    assert [row["code"] for row in law.of_province("capital.yaml")] == ["TW", "DP-TINH"]


def test_ha_noi_brings_its_own_law_and_none_of_dong_nai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TDCS_PROVINCE", "ha-noi")
    assert law.province_name(date(2026, 1, 1)) == "thành phố Hà Nội"
    assert known_titles(*KNOWN) == {}
    assert law.of_province("capital.yaml") == []
    march = date(2026, 3, 1)
    central = terms_on("HCN", march, province=law.province())
    local = terms_on("HCN", march, province=law.province(), tier="local")
    assert (central.rate_ppm, local.rate_ppm) == (74880, 48000)
    assert local.law_hash != central.law_hash
    assert "Lãi suất: NQ-56-2025-HN" in local.sources


@pytest.mark.parametrize("slug", ["khong-co", "../parameters", "dong-nai/.."])
def test_a_province_without_a_file_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    monkeypatch.setenv("TDCS_PROVINCE", slug)
    with pytest.raises(UnknownProvince) as refused:
        law.province()
    assert refused.value.code == "unknown_province"
    assert slug in refused.value.sentence("vi")
    with pytest.raises(UnknownProvince):
        terms_on("HN", date(2026, 1, 1), province=slug, tier="local")


def test_a_plan_of_nobody_known_names_the_province() -> None:
    day = date(2026, 5, 1)
    refused = IssuerUnknown(
        words="X", province=law.province_name(day), province_en=law.province_name(day, "en")
    )
    assert "UBND thành phố Đồng Nai" in refused.next_step("vi")
    assert "plans of Đồng Nai" in refused.next_step("en")
