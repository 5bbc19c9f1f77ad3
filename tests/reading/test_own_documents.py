"""Documents of our own in forms that nobody showed the reader: what each says is found, nothing is made up."""

from __future__ import annotations

import pytest
from case_files import file_of
from own_scoring import Wanted, expected, scored
from word_files import WORD_PDF

from tdcs.core.errors import Refusal
from tdcs.plans.reading import PlanReading, read_plan

BATCHES = ("expected", "expected-second", "expected-third")


def _marks(form: str, wanted: Wanted) -> list[pytest.MarkDecorator]:
    if form == "pdf word" and not WORD_PDF:
        return [pytest.mark.skip(reason="soffice is not installed")]
    if form in wanted.get("not_yet", ()):
        return [pytest.mark.xfail(strict=True, reason="docs/explanation/plan-forms.md")]
    return []


CASES = [
    pytest.param(name, form, wanted, id=f"{name}-{form}", marks=_marks(form, wanted))
    for batch in BATCHES
    for name, wanted in expected(batch).items()
    for form in wanted["forms"]
]


def _read(name: str, form: str) -> PlanReading | None:
    try:
        return read_plan(file_of(name, form))
    except Refusal as refusal:
        assert refusal.code == "not_a_plan", refusal
        return None


@pytest.mark.parametrize(("name", "form", "wanted"), CASES)
def test_the_document_is_read_as_it_is_meant(name: str, form: str, wanted: Wanted) -> None:
    assert scored(wanted, _read(name, form)).said == []
