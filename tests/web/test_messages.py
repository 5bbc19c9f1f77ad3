"""Vietnamese is the source; every string has its English, and the compiled file is current."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

PO = Path(__file__).resolve().parents[2] / "src/tdcs/locale/en/LC_MESSAGES/django.po"
HOLES = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(PO))


def test_every_string_has_its_english(catalogue: polib.POFile) -> None:
    assert len(catalogue) > 500
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_the_holes_are_the_same(catalogue: polib.POFile) -> None:
    wrong = [
        entry.msgid
        for entry in catalogue
        for english in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if sorted(set(HOLES.findall(entry.msgid))) != sorted(set(HOLES.findall(english)))
    ]
    assert wrong == []


def test_the_compiled_file_is_current(catalogue: polib.POFile) -> None:
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(PO.with_suffix(".mo")))}
    assert {e.msgid: e.msgstr for e in catalogue if e.msgstr} == {
        k: v for k, v in compiled.items() if v
    }
