"""The book of `tdcs bench post`: a run that was cut short is taken up where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from own_database import own_database

from tdcs.cli.bench_lending import MEMBERS, build, existing
from tdcs.entrustment.models import SavingsGroup
from tdcs.loans.models import Loan


@pytest.fixture(scope="module")
def alone(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with own_database(django_db_blocker, "bench"):
        yield


# Marked, though its database is its own: without a marked test no database is laid out.
@pytest.mark.django_db
def test_the_suite_has_a_database() -> None:
    assert not SavingsGroup.objects.exists()


def test_a_book_cut_short_is_written_on(alone: None) -> None:
    first = build(MEMBERS)
    assert len(first.groups) == 1
    # What an earlier run left: a group of the book, and fewer loans than are asked for.
    book = build(3 * MEMBERS)
    assert len(book.groups) == 3 and book.groups[0] == first.groups[0]
    assert Loan.objects.count() == 3 * MEMBERS
    assert [sorted(loans) for _, _, loans in existing().groups] == [
        sorted(loans) for _, _, loans in book.groups
    ]
    assert build(3 * MEMBERS).groups == book.groups
