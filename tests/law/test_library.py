"""Every basis that is cited names a text of the library; the library says what holds on a day, and what rests on what."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date

import pytest

import tdcs
from tdcs.core import law
from tdcs.core.basis import rules_with_basis
from tdcs.core.errors import Refusal
from tdcs.programmes.rules import library
from tdcs.programmes.rules.lawbook import documents, read_book, rows
from tdcs.programmes.rules.library import Validity, cited_in, ends_on, resting, validity


def _refusals() -> Iterator[type[Refusal]]:
    for module in pkgutil.walk_packages(tdcs.__path__, "tdcs."):
        if module.name.split(".")[-1].startswith("errors") or module.name.startswith("tdcs.core."):
            importlib.import_module(module.name)
    waiting = [Refusal]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        yield one


def test_every_basis_of_a_refusal_is_a_text_of_the_library() -> None:
    """A basis in braces is filled by a rule; law/… is no law but the place of the data."""
    said = {one.basis for one in _refusals()} | {
        row["basis"] for row in law.load("parameters/loan-refusals.yaml").values()
    }
    cited = {words for words in said if words and "{" not in words and not words.startswith("law/")}
    assert len(cited) > 10
    assert [words for words in sorted(cited) if not cited_in(words)] == []


def test_every_basis_of_a_form_is_a_text_of_the_library() -> None:
    forms = [law.load(f"forms/{file.name}") for file in law.path("forms").glob("*.yaml")]
    assert [form["number"] for form in forms if not cited_in(form["basis"])] == []


def test_every_rule_figure_and_indicator_rests_on_a_text_of_the_library() -> None:
    known = set(documents())
    assert {basis.document for _name, bases in rules_with_basis() for basis in bases} <= known
    assert {row.content["document"] for row in rows(read_book())} <= known
    assert set(resting()) <= known
    for file in library.INDICATORS:
        for row in law.load(f"indicators/{file}.yaml"):
            assert row["basis"]["document"] in resting()


def test_every_text_is_found_by_how_screens_print_it() -> None:
    for one in documents().values():
        printed = f"Điều 1, {one.label}"
        assert [hit.code for hit in cited_in(printed)] == [one.code], printed


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("Điều 1, 12/QĐ-HĐQT", ["QD-12-2019-HDQT"]),
        ("TT 11/2017/TT-BTC; TT 84/2025/TT-BTC", ["TT-11-2017-BTC", "TT-84-2025-BTC"]),
        ("Bộ luật Dân sự, Điều 579", ["BLDS-2015"]),
        # 05/QĐ-TTg stands inside 2005/QĐ-TTg and is not meant.
        ("2005/QĐ-TTg", []),
        ("05/QĐ-TTg", ["QD-05-2023"]),
        ("Thông báo miệng", []),
        ("", []),
    ],
)
def test_the_texts_that_words_name(words: str, codes: list[str]) -> None:
    assert [hit.code for hit in cited_in(words)] == codes


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("ND-61-2015", date(2015, 8, 31), Validity.UPCOMING),
        ("ND-61-2015", date(2015, 9, 1), Validity.IN_FORCE),
        ("ND-61-2015", date(2025, 12, 31), Validity.IN_FORCE),
        ("ND-61-2015", date(2026, 1, 1), Validity.ENDED),
        # No end of its own: 39-CT/TW took its place.
        ("CT-40-2014", date(2024, 10, 29), Validity.IN_FORCE),
        ("CT-40-2014", date(2024, 10, 30), Validity.ENDED),
        ("TT-11-2017-BTC", date(2026, 11, 23), Validity.UNKNOWN),
        # Its first day is not known, its last is.
        ("HD-10566-2022", date(2026, 2, 10), Validity.UNKNOWN),
        ("HD-10566-2022", date(2026, 2, 11), Validity.ENDED),
    ],
)
def test_what_holds_on_a_day(code: str, on: date, expected: Validity) -> None:
    assert validity(code, on) is expected


def test_what_changed_a_text() -> None:
    assert [one.code for one in library.amended_by("ND-100-2024")] == ["ND-261-2025", "ND-54-2026"]
    assert [one.code for one in library.replaced_by("ND-61-2015")] == ["ND-338-2025"]
    assert ends_on("ND-338-2025") is None


def test_what_rests_on_the_plan_and_how_sure_it_is() -> None:
    held = resting()["KH-232-2023"]
    targets = {(row.name, row.article, row.certainty) for row in held if row.kind == "target"}
    assert ("Tỷ lệ nợ quá hạn", "II.3.i", "public page") in targets
    assert len(targets) == 4
    figure = next(row for row in resting()["QD-12-2019-HDQT"] if "Mức vay tối đa" in row.name)
    assert figure.words.startswith("100.000.000") and figure.starts_on == date(2019, 3, 1)
    assert [figure.holds_on(day) for day in (date(2019, 2, 28), date(2019, 3, 1))] == [False, True]
