"""The province of an installation: one setting; its name by date, its own law, its files; one without a file is refused."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.core import law
from tdcs.core.errors import UnknownProvince
from tdcs.plans.errors import IssuerUnknown
from tdcs.plans.titles import known_titles
from tdcs.programmes.rules import terms_on

KNOWN = ("232/KH-UBND", date(2023, 9, 29))


def test_it_is_dong_nai_when_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TDCS_PROVINCE", raising=False)
    assert law.province() == "dong-nai"
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
