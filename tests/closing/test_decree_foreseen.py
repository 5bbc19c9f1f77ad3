"""What a decree would do is reckoned once for its page, and anew when the book has changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from decree_book import ACT, DECREE, Late
from decree_pages import BASE, signed_in, text
from django.db.models import F
from own_database import own_database

from tdcs.closing.queries.decrees import Effects, foresee
from tdcs.closing.views import decrees
from tdcs.core import clock, remembered
from tdcs.loans.models import LoanEvent


@pytest.fixture
def committed(laid: Any, django_db_blocker: Any, tmp_path: Path, settings: Any) -> Iterator[Late]:
    """The book in a database in which changes are committed: only then they have a version."""
    shutil.copytree(laid.home, tmp_path, dirs_exist_ok=True)
    settings.HOME = tmp_path
    with own_database(django_db_blocker, "foreseen", of=laid.book):
        remembered.forget()
        yield laid.late
        remembered.forget()


# Marked: in a transaction, where a change has no version yet, it is reckoned each time; and without a marked test no database
# is laid out.
@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_kept(book: Late, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(document: str, on: date) -> Effects:
        asked.append(document)
        return foresee(document, on)

    monkeypatch.setattr(decrees, "foresee", counted)
    with clock.fixed_today(ACT):
        for _ in range(2):
            signed_in(book.planner).get(BASE)
    assert asked == [DECREE, DECREE]


def test_the_page_is_asked_again_without_reckoning_again(
    committed: Late, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[date] = []

    def counted(document: str, on: date) -> Effects:
        assert document == DECREE
        asked.append(on)
        return foresee(document, on)

    monkeypatch.setattr(decrees, "foresee", counted)
    with clock.fixed_today(ACT):
        planner = signed_in(committed.planner)
        for browser in (planner, planner, signed_in(committed.director)):
            assert "155.000.000" in text(browser.get(BASE))
        assert asked == [ACT]
        planner.get(BASE, {"export": "csv", "table": "programmes"})
        assert asked == [ACT], "nor for its files"
        # The events of loans are read by COPY, which nothing notes but the reader itself.
        LoanEvent.objects.filter(loan=committed.plain).update(amount=F("amount"))
        assert "155.000.000" in text(planner.get(BASE))
        assert asked == [ACT, ACT]
