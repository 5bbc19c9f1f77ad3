"""After any year of business `tdcs verify` finds nothing; after one row altered behind its back it names the row."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from lending_cast import Bank, key, lend, make_household
from year_of_business import Year, findings

from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)


def _run(machine: type[Year], examples: int, steps: int) -> Counter[str]:
    """Examples of the machine, each undone; what was done in all of them."""
    done: Counter[str] = Counter()

    class Undone(machine):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__()
            self.undo = transaction.atomic()
            self.undo.__enter__()

        def teardown(self) -> None:
            try:
                if hasattr(self, "bank"):
                    done.update(self.done)
                    super().teardown()
            finally:
                transaction.set_rollback(True)
                self.undo.__exit__(None, None, None)

    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Undone, settings=limits)
    return done


def test_a_small_year() -> None:
    done = _run(Year, examples=3, steps=25)
    assert {"lend", "sheet"} <= done.keys(), done


@pytest.mark.soak
def test_a_year_of_two_thousand_loans() -> None:
    class Province(Year):
        households = 2_000
        longest_pause = 5

    province = Province()
    province.build()
    assert province.done["lend"] == 2_000
    Province.built = province
    # Several years on the same loans: Hypothesis leaves kinds of steps out of each (the first is the simplest there is).
    done = _run(Province, examples=8, steps=250)
    assert done["sheet"] > 100, done
    assert {"reschedule", "extend", "freeze", "write_off", "reverse"} <= done.keys(), done


@pytest.mark.soak
def test_many_small_years() -> None:
    done = _run(Year, examples=60, steps=60)
    for name in ("reschedule", "extend", "freeze", "write_off", "unfreeze", "reverse", "move"):
        assert done[name], done


ALTERED: dict[str, tuple[str, str]] = {
    "a posting's amount": (
        "UPDATE ledger_posting SET credit = credit + 1 WHERE id = (SELECT max(id) FROM ledger_posting WHERE entry_id = {entry} AND credit > 0)",
        "bút toán {number}",
    ),
    "both sides of an entry": (
        "UPDATE ledger_posting SET debit = debit + sign(debit)::int, credit = credit + sign(credit)::int"
        " WHERE entry_id = {entry} AND (debit > 0 OR id = (SELECT max(id) FROM ledger_posting WHERE entry_id = {entry}))",
        "bút toán {number}",
    ),
    "an entry's words": (
        "UPDATE ledger_journalentry SET words = 'Thu khác' WHERE id = {entry}",
        "bút toán {number}",
    ),
    "an entry's day": (
        'UPDATE ledger_journalentry SET "on" = "on" - 1 WHERE id = {entry}',
        "bút toán {number}",
    ),
    "an entry that is gone": (
        "DELETE FROM ledger_posting WHERE entry_id = {entry}",
        "bút toán {number}",
    ),
    "a loan's balance": (
        "UPDATE loans_loan SET balance = balance - 1, paid_total = paid_total + 1 WHERE id = {loan}",
        "khoản vay {contract}",
    ),
    "a loan's interest": (
        "UPDATE loans_loan SET interest_collected = interest_collected - 1 WHERE id = {loan}",
        "khoản vay {contract}",
    ),
    "a loan's rate": (
        "UPDATE loans_loan SET rate_ppm = rate_ppm - 600, current_rate_ppm = current_rate_ppm - 600 WHERE id = {loan}",
        "khoản vay {contract}",
    ),
    "a loan's term": (
        "UPDATE loans_loan SET final_due_on = final_due_on + 30 WHERE id = {loan}",
        "khoản vay {contract}",
    ),
    "an event's amount": (
        "UPDATE loans_loanevent SET amount = amount + 1 WHERE id = {event}",
        "khoản vay {contract}",
    ),
    "an event's day": (
        'UPDATE loans_loanevent SET "on" = "on" - 1 WHERE id = {event}',
        "khoản vay {contract}",
    ),
    "an event that is gone": (
        "DELETE FROM loans_loanevent WHERE id = {event}",
        "khoản vay {contract}",
    ),
    "an instalment": (
        "UPDATE loans_instalment SET due_on = due_on + 30 WHERE loan_id = {loan} AND number = 1",
        "khoản vay {contract}",
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_is_altered_behind_the_back_is_named(bank: Bank, what: str) -> None:
    loans = [lend(bank, make_household(bank.group, f"Hộ {n}"), on=DAY) for n in range(3)]
    on = date(2026, 4, 15)
    sheet = Sheet(
        key(),
        bank.office.pk,
        bank.group.pk,
        tuple(Collection(x.pk, 300_000, 100_000) for x in loans),
    )
    answer = collect_sheet(sheet=sheet, by=bank.teller, on=on)
    assert findings() == []
    loan: Loan = loans[1]
    event = LoanEvent.objects.get(loan=loan, kind="interest")
    statement, named = ALTERED[what]
    given: dict[str, Any] = {
        "entry": answer["entry"],
        "number": JournalEntry.objects.get(pk=answer["entry"]).number,
        "loan": loan.pk,
        "contract": loan.number,
        "event": event.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement.format(**given))
        assert cursor.rowcount > 0
        cursor.execute("SET session_replication_role = origin")
    found = findings()
    assert any(named.format(**given) in words for words in found), found
