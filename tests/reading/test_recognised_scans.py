"""Scans: recognised where Tesseract is installed, less sure than text, said as such; refused by name elsewhere."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
import typst
from case_files import file_of
from own_scoring import expected, scored
from scans import scanned

from tdcs.documents import errors
from tdcs.documents.reading import ocr, read
from tdcs.documents.reading.guarded import Bounds, read_or_recognised, recognised_guarded
from tdcs.plans.reading import RECOGNISED, read_plan

# Recognition starts processes of its own and is bound in seconds: as in service.
pytestmark = pytest.mark.usefixtures("fresh_children")
needs_tesseract = pytest.mark.skipif(
    not ocr.program(), reason="needs Debian's tesseract-ocr and tesseract-ocr-vie"
)
# Facts of a turned and noisy scan that recognition at least brings back.
SHARE = 0.85
BLANK = typst.compile(b"#rect(width: 5cm, height: 5cm)")


@needs_tesseract
def test_a_turned_noisy_scan_gives_most_facts_and_says_that_it_was_recognised() -> None:
    content = scanned(file_of("tinh-ho-tich", "pdf ruled"))
    with pytest.raises(errors.ScanWithoutText):
        read(content)
    plan = read_plan(content, read_or_recognised)
    sheet = scored(expected("expected")["tinh-ho-tich"], plan)
    assert sheet.hit >= SHARE * sheet.total, sheet.said
    assert (plan.kind, plan.aside[0]) == ("scan", RECOGNISED)
    typed = read_plan(file_of("tinh-ho-tich", "pdf ruled"))
    surest = max(fact.confidence for task in plan.tasks for fact in task.facts)
    assert surest == max(fact.confidence for task in typed.tasks for fact in task.facts) - 20
    assert max(f.confidence for f in plan.facts) < max(f.confidence for f in typed.facts)


@needs_tesseract
def test_a_picture_without_letters_is_refused() -> None:
    with pytest.raises(errors.NothingRecognised):
        recognised_guarded(BLANK)


@needs_tesseract
def test_a_scan_of_too_many_pages_is_refused_before_any_is_recognised() -> None:
    pages = b"#rect()\n" + b"#pagebreak()\n#rect()\n" * ocr.MOST_PAGES
    with pytest.raises(errors.TooManyPages):
        recognised_guarded(typst.compile(pages))


def test_without_tesseract_a_scan_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "program", lambda: "")
    with pytest.raises(errors.RecognitionMissing):
        ocr.recognised(BLANK)


def test_a_page_that_takes_too_long_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_args: Any, **_kwargs: Any) -> Any:
        raise subprocess.TimeoutExpired("tesseract", 60)

    monkeypatch.setattr(ocr, "program", lambda: "tesseract")
    monkeypatch.setattr(subprocess, "run", slow)
    with pytest.raises(errors.FileTooHard):
        ocr.recognised(BLANK)


@needs_tesseract
def test_the_bounds_hold_for_recognition() -> None:
    with pytest.raises(errors.FileTooHard):
        recognised_guarded(scanned(file_of("tinh-ho-tich", "pdf ruled")), Bounds(seconds=1))
