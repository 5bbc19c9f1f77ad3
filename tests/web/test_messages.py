"""Vietnamese is the source; every string has its English, and the compiled file is current."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override

PO = Path(__file__).resolve().parents[2] / "src/tdcs/locale/en/LC_MESSAGES/django.po"
LIBRARIES = PO.parents[2] / "vi/LC_MESSAGES/django.po"
HOLES = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(PO))


def test_every_string_has_its_english(catalogue: polib.POFile) -> None:
    assert len(catalogue) > 500
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_gettext_can_read_what_stands_there() -> None:
    """What a guess was made from goes with the guess: a plural without its singular is no comment that gettext takes."""
    assert [line for line in PO.read_text().splitlines() if line.startswith("#|")] == []


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


def test_the_libraries_pages_have_their_vietnamese_compiled() -> None:
    po = LIBRARIES
    ours = {entry.msgid: entry.msgstr for entry in polib.pofile(str(po)) if entry.msgstr}
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(po.with_suffix(".mo")))}
    assert ours == {words: compiled[words] for words in ours}
    wrong = [
        one for one, said in ours.items() if set(HOLES.findall(one)) != set(HOLES.findall(said))
    ]
    assert wrong == []
    with override("vi"):
        assert gettext("Two-Factor Authentication") == "Xác thực hai bước"


def test_no_string_to_translate_stands_inside_an_f_string() -> None:
    """The collector of strings does not look there, and the English page would say it in Vietnamese."""
    source = PO.parents[3]
    hidden = [
        f"{file.relative_to(source)}:{call.lineno}"
        for file in sorted(source.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
