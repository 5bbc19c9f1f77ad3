"""Which events count after reversals: one rule, and the database's own word for it, on chains of any length."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from lending_cast import Bank, lend, make_household

from tdcs.core import clock
from tdcs.loans.models import LoanEvent
from tdcs.loans.queries.folding import events_of, standings_rows
from tdcs.loans.rules.events import voided

FIRST = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("chain", "void"),
    [
        ([], set()),
        ([(2, 1)], {1}),
        ([(2, 1), (3, 2)], {2}),
        ([(2, 1), (3, 2), (4, 3)], {1, 3}),
        ([(2, 1), (3, 2), (4, 3), (5, 4)], {2, 4}),
        ([(9, 4), (7, 3)], {4, 3}),
    ],
)
def test_every_second_event_of_a_chain_is_void(
    chain: list[tuple[int, int]], void: set[int]
) -> None:
    assert voided(chain) == void
    assert voided(reversed(chain)) == void


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(0, 12), max_size=12))
def test_what_stands_reverses_and_what_is_void_does_not(named: list[int]) -> None:
    """From the definition: a reversal that counts voids what it names; nothing else is void."""
    chain = [(key, of) for key, of in enumerate(dict.fromkeys(named), start=20)]
    chain += [(40, 20)] if chain else []
    void = voided(chain)
    for key, of in chain:
        assert (of in void) == (key not in void)
    assert void <= {of for _, of in chain}


@pytest.mark.django_db
def test_the_database_says_the_same_on_every_day(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=FIRST)
    event, day = None, FIRST
    for turn in range(5):
        day += timedelta(days=10)
        event = LoanEvent.objects.create(
            loan=loan,
            on=day,
            kind="reverse" if turn else "principal",
            amount=None if turn else 1_000_000,
            reverses=event,
            recorded_at=clock.now(),
        )
        plain = LoanEvent.objects.filter(loan=loan).exclude(kind="reverse")
        with connection.cursor() as cursor:
            for ahead in range(0, 70, 5):
                on = FIRST + timedelta(days=ahead)
                counted = {row.key for row in standings_rows(events_of(loan), on)}
                there = plain.filter(on__lte=on).values_list("pk", flat=True)
                said = set()
                for key in there:
                    cursor.execute("SELECT loans_event_counts(%s, %s)", [key, on])
                    said |= {key} if cursor.fetchone()[0] else set()
                assert said == counted, (turn, on)
