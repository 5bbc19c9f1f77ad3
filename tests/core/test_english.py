"""Names of the law in the reader's language: whole, in lists, with numbers; every programme and kind has English."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from tdcs.core import law
from tdcs.core.english import in_english
from tdcs.http.language import said

_MARKED = re.compile("[À-ỹĂăĐđƠơƯư]")


@pytest.mark.parametrize(
    ("vietnamese", "english"),
    [
        ("Hộ nghèo", "Poor households"),
        ("hộ nghèo", "poor households"),
        ("Người khuyết tật, Học sinh, sinh viên", "Persons with disabilities, Students"),
        ("6,24%/năm", "6,24% a year"),
        ("7,9248%/năm (127% lãi suất hộ nghèo)", "7,9248% a year (127% of the poor-household rate)"),
        ("120 tháng", "120 months"),
        ("Lãi chưa thu ngày 22/11/2026", "Interest not yet collected on 22/11/2026"),
        ("hộ không thuộc diện: hộ nghèo; hộ cận nghèo", "the household is none of: poor households; near-poor households"),
        # A number is asked for: a name that ends alike stays a name.
        ("Nguyễn Văn Năm", "Nguyễn Văn Năm"),
        ("đầu năm", "đầu năm"),
    ],
)  # fmt: skip
def test_names_are_said_in_english(vietnamese: str, english: str) -> None:
    assert in_english(vietnamese) == english


def test_a_name_is_said_in_the_readers_language() -> None:
    with override("vi"):
        assert said("Hộ nghèo") == "Hộ nghèo"
    with override("en"):
        assert said("Trong hạn") == "In time"
        assert said("Vốn trung ương") == "Central capital"
        assert said("") == ""


def test_every_programme_and_kind_has_english() -> None:
    names = [
        words
        for one in law.load("parameters/programmes.yaml").values()
        for words in (one["name"], one["short"])
    ]
    names += [one["name"] for one in law.load("parameters/eligibility.yaml")["kinds"].values()]
    names += [one["name"] for one in law.load("charts/accounts.yaml")["accounts"]]
    assert [one for one in names if _MARKED.search(in_english(one))] == []
