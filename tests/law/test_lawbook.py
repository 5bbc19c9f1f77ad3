"""The law's data is whole: every value has its basis, every basis its text, every text someone who cites it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from tdcs.core.dated import CERTAINTIES
from tdcs.programmes.rules import documents, programmes, terms_table
from tdcs.programmes.rules.lawbook import findings, read_book, rows
from tdcs.programmes.rules.shared import all_shared
from tdcs.programmes.rules.showing import shared_label


def _errors(book: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.kind, one.where) for one in findings(book) if one.error]


@pytest.fixture
def book() -> dict[str, Any]:
    return deepcopy(read_book())


def test_the_law_that_ships_is_whole(book: dict[str, Any]) -> None:
    assert _errors(book) == []
    assert len(list(rows(book))) > 150
    assert len(book["documents"]) > 80


def _lose_document(book: dict[str, Any]) -> None:
    book["programmes"]["HN"]["rate"][0].pop("document")


def _lose_article(book: dict[str, Any]) -> None:
    book["shared"]["overdue_percent"][0].pop("article")


def _empty_document(book: dict[str, Any]) -> None:
    book["programmes"]["GQVL"]["target_groups"]["special"]["rate"][1]["document"] = ""


def _dangle(book: dict[str, Any]) -> None:
    book["programmes"]["NOXH"]["term"][0]["document"] = "QD-KHONG-CO"


def _dangle_kind(book: dict[str, Any]) -> None:
    book["programmes"]["HN"]["kinds"] = ["rich"]


def _dangle_eligibility(book: dict[str, Any]) -> None:
    book["kinds"]["poor"]["basis"] = {"document": "KHONG-CO", "article": ""}


def _nobody_cites(book: dict[str, Any]) -> None:
    book["documents"].append({**book["documents"][0], "code": "QD-LE-LOI"})


def _gap(book: dict[str, Any]) -> None:
    book["programmes"]["HN"]["maximum"][0]["to"] = date(2019, 2, 1)


def _overlap(book: dict[str, Any]) -> None:
    book["shared"]["group_most_members"][0]["to"] = date(2014, 1, 1)


def _split_without_text(book: dict[str, Any]) -> None:
    book["entrustment"]["fee_split"][0]["document"] = "KHONG-CO"


def _unchecked(book: dict[str, Any]) -> None:
    book["documents"][0]["last_checked"] = ""


@pytest.mark.parametrize(
    ("spoil", "kind", "where"),
    [
        (_lose_document, "no_basis", "HN rate 2010-01-01"),
        (_lose_article, "no_basis", "overdue_percent 1990-01-01"),
        (_empty_document, "no_basis", "GQVL/special rate 2026-01-01"),
        (_dangle, "dangling", "NOXH term 2015-12-10"),
        (_dangle_kind, "dangling", "HN"),
        (_dangle_eligibility, "dangling", "eligibility poor"),
        (_nobody_cites, "uncited", "QD-LE-LOI"),
        (_split_without_text, "dangling", "fee_split 2009-07-01"),
        (_gap, "time", "HN maximum"),
        (_overlap, "time", "group_most_members"),
    ],
)
def test_a_fault_is_found_and_named(
    book: dict[str, Any], spoil: Callable[[dict[str, Any]], None], kind: str, where: str
) -> None:
    spoil(book)
    assert (kind, where) in _errors(book)


def test_a_text_says_when_it_was_last_checked(book: dict[str, Any]) -> None:
    _unchecked(book)
    assert [kind for kind, _ in _errors(book)] == ["no_basis"]


def test_a_value_older_than_its_text_is_told() -> None:
    book = deepcopy(read_book())
    book["programmes"]["STEM"]["rate"][0]["from"] = date(2020, 1, 1)
    told = {one.where for one in findings(book) if one.kind == "before_text"}
    assert told == {"STEM rate 2020-01-01"}


def test_every_value_carries_its_article_or_says_why_not(book: dict[str, Any]) -> None:
    silent = [
        row.where
        for row in rows(book)
        if bool(row.content["article"]) == bool(row.content.get("no_article"))
    ]
    assert silent == []


def test_no_value_of_hearsay_passes_as_read(book: dict[str, Any]) -> None:
    told = {row.content["certainty"] for row in rows(book)}
    assert told == set(CERTAINTIES)
    hearsay = [row for row in rows(book) if "chưa kiểm chứng" in row.content["source"]]
    assert {row.content["certainty"] for row in hearsay} == {"unverified"}
    texts = {row["code"]: row["certainty"] for row in book["documents"]}
    read = [row for row in rows(book) if row.content["certainty"] == "law text"]
    assert {texts[row.content["document"]] for row in read} == {"law text"}


def _short_source(book: dict[str, Any]) -> None:
    book["programmes"]["HN"]["rate"][0]["source"] = "S16"


def _unknown_word(book: dict[str, Any]) -> None:
    book["programmes"]["HN"]["rate"][0]["certainty"] = "sure"


def _unknown_reach(book: dict[str, Any]) -> None:
    book["programmes"]["HN"]["rate"][0]["reach"] = "all"


def _silent_article(book: dict[str, Any]) -> None:
    book["programmes"]["HN"]["rate"][0]["no_article"] = ""


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_short_source, "no_source"),
        (_unknown_word, "bad_word"),
        (_unknown_reach, "bad_word"),
        (_silent_article, "no_article"),
    ],
)
def test_a_word_that_says_nothing_is_found(
    book: dict[str, Any], spoil: Callable[[dict[str, Any]], None], kind: str
) -> None:
    spoil(book)
    assert (kind, "HN rate 2010-01-01") in _errors(book)


def _unknown_code(book: dict[str, Any]) -> None:
    book["provinces"]["ha-noi"][0]["programmes"] = ["HN/la"]


def _unknown_rule(book: dict[str, Any]) -> None:
    book["provinces"]["ha-noi"][0]["rule"] = "best_of"


@pytest.mark.parametrize(
    ("spoil", "kind"), [(_unknown_code, "dangling"), (_unknown_rule, "bad_word")]
)
def test_a_provinces_fault_is_found(
    book: dict[str, Any], spoil: Callable[[dict[str, Any]], None], kind: str
) -> None:
    book["provinces"] = deepcopy(book["provinces"])
    spoil(book)
    assert (kind, "ha-noi") in _errors(book)


def test_what_is_not_encoded_is_a_figure_with_a_reason(book: dict[str, Any]) -> None:
    book["not_encoded"] = {"no_such_figure": "vì", "due_list_days": ""}
    assert set(_errors(book)) == {("dangling", "no_such_figure"), ("no_reason", "due_list_days")}


def test_two_texts_never_share_a_code(book: dict[str, Any]) -> None:
    codes = [row["code"] for row in book["documents"]]
    assert sorted(codes) == sorted(set(codes))
    assert documents()["ND-338-2025"].label == "338/2025/NĐ-CP"
    assert documents()["VB-TRUOC"].label == "Văn bản áp dụng trước đây (chưa có)"


def test_every_shared_figure_has_a_name() -> None:
    assert [name for name in all_shared() if shared_label(name) == name] == []


def test_the_terms_table_has_one_row_for_each_stretch() -> None:
    table = terms_table().to_native()
    assert set(table["programme"]) == set(programmes())
    gqvl = table.filter((table["programme"] == "GQVL") & (table["target_group"] == ""))
    assert gqvl["starts_on"].to_list() == [
        date(2015, 9, 1),
        date(2019, 11, 8),
        date(2025, 12, 1),
        date(2026, 1, 1),
    ]
    assert gqvl["rate_ppm"].to_list() == [79200, 79200, 74880, 79248]
    assert gqvl["maximum"].to_list() == [50_000_000, 100_000_000, 100_000_000, 200_000_000]
    assert gqvl["ends_on"].to_list()[-1] is None
