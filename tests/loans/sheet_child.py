"""A process of its own that posts a group's sheet; it may be told to kill itself before its n-th statement.

    python sheet_child.py prepare | [state] collect [STATEMENT] | two | limits | decide; then [state]

The database comes from the environment, as in production. ``collect`` prints how many statements it took.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

from tdcs.cli import setup

setup.django()

from django.db import connection, connections, transaction  # noqa: E402
from lending_cast import lend, make_bank, make_household, person, savings_of  # noqa: E402

from tdcs.access.models import User  # noqa: E402
from tdcs.core import trail  # noqa: E402
from tdcs.core.errors import Refusal  # noqa: E402
from tdcs.entrustment.models import SavingsAccount, SavingsEvent  # noqa: E402
from tdcs.ledger import checks as ledger_checks  # noqa: E402
from tdcs.ledger.models import JournalEntry, Operation  # noqa: E402
from tdcs.loans import checks  # noqa: E402
from tdcs.loans.models import Loan, LoanEvent  # noqa: E402
from tdcs.loans.services.applications import LoanRequest, apply  # noqa: E402
from tdcs.loans.services.changing import (  # noqa: E402
    ChangeDecision,
    ChangeDraft,
    ask_change,
    decide_change,
)
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet  # noqa: E402

LENT, PAID = date(2026, 3, 5), date(2026, 4, 15)
MEMBERS = 12


def prepare() -> None:
    """A group of twelve borrowers, each with savings."""
    bank = make_bank()
    person("giao-dich-hai", "teller", bank.office)
    person("giam-doc-hai", "office_director", bank.office)
    for number in range(MEMBERS):
        home = make_household(bank.group, f"Hộ {number}")
        lend(bank, home, on=LENT, amount=10_000_000)
        savings_of(home, bank)


def sheet(key: str = "to-hoa-2026-04") -> Sheet:
    """Interest, principal and savings of all twelve."""
    accounts = dict(SavingsAccount.objects.values_list("household_id", "pk"))
    loans = list(Loan.objects.order_by("pk"))
    lines = [Collection(x.pk, 50_000, 100_000, 20_000, accounts[x.household_id]) for x in loans]
    return Sheet(key, loans[0].office_id, loans[0].group_id, tuple(lines))


def collect(stage: int | None) -> None:
    """The sheet; before the ``stage``-th statement the process is gone."""
    made, by = sheet(), User.objects.get(username="giao-dich")
    told = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal told
        told += 1
        if told == stage:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    print("ready", flush=True)
    with connection.execute_wrapper(count):
        collect_sheet(sheet=made, by=by, on=PAID)
    print(told, flush=True)


def two() -> None:
    """Two tellers at once: all of one loan, each under a key of the own; then one teller's sheet twice under one key."""
    loan = Loan.objects.order_by("pk")[0]
    first, second = (User.objects.get(username=name) for name in ("giao-dich", "giao-dich-hai"))
    whole = (Collection(loan.pk, principal=loan.balance),)
    gate = Barrier(2)
    last = Loan.objects.order_by("-pk")[0]
    part = (Collection(last.pk, principal=1_000),)

    def teller(lines: tuple[Collection, ...], key: str, by: User) -> str:
        try:
            gate.wait()
            made = Sheet(key, loan.office_id, loan.group_id, lines)
            answer = collect_sheet(sheet=made, by=by, on=PAID)
            return "again" if answer.get("again") else "done"
        except Refusal as refusal:
            return str(refusal.rows[0][1].code)  # type: ignore[attr-defined]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        rival = sorted(pool.map(teller, (whole, whole), ("mot", "hai"), (first, second)))
        same = sorted(pool.map(teller, (part, part), ("chung", "chung"), (first, first)))
    print(json.dumps({"rival": rival, "same": same}))


def limits() -> None:
    """Two officers at once: 60,000,000 more is asked twice for a household that owes 10,000,000 of at most 100,000,000."""
    loan, by = Loan.objects.order_by("pk")[0], User.objects.get(username="to-truong")
    gate = Barrier(2)

    def officer(_: int) -> str:
        try:
            gate.wait()
            apply(
                request=LoanRequest(
                    household=loan.household,
                    borrower=loan.borrower,
                    programme=loan.programme,
                    amount=60_000_000,
                    term_months=36,
                    purpose="Nuôi bò",
                    group=loan.group,
                    office=loan.office,
                    source=loan.source,
                ),
                by=by,
                on=PAID,
            )
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        print(json.dumps(sorted(pool.map(officer, range(2)))))


def decide() -> None:
    """Who asked becomes a director and decides his own request; then two directors decide it at once, yes and no."""
    asker = User.objects.get(username="tin-dung")
    loan = Loan.objects.order_by("pk")[0]
    draft = ChangeDraft(kind="write_off", cause="Mất khả năng trả", amount=1_000_000)
    request = ask_change(loan=loan, change=draft, by=asker, on=PAID)
    gate = Barrier(2)

    def decided(name: str, approve: bool, alone: bool = False) -> str:
        try:
            by = User.objects.get(username=name)
            if not alone:
                gate.wait()
            decision = ChangeDecision(approve=approve, number="9/QĐ")
            decide_change(request=request, decision=decision, by=by, on=PAID, key=name)
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with transaction.atomic():
        asker.holdings.update(role="office_director")
        trail.record(action="access.test", subject=asker, by=None, on=PAID)
    own = decided("tin-dung", True, alone=True)
    with ThreadPoolExecutor(2) as pool:
        both = sorted(pool.map(decided, ("giam-doc", "giam-doc-hai"), (True, False)))
    request.refresh_from_db()
    events = LoanEvent.objects.filter(loan=loan, kind="write_off").count()
    agree = events == (request.state == "approved")
    print(json.dumps({"own": own, "both": both, "agree": agree}))


def state() -> None:
    """What stands, and what the checks find."""
    rooms = {**ledger_checks.CHECKS, **checks.CHECKS}
    found = {
        "entries": JournalEntry.objects.filter(template="loan.collect").count(),
        "events": LoanEvent.objects.exclude(kind="disbursement").count(),
        "operations": Operation.objects.filter(action="loans.collect").count(),
        "savings": SavingsEvent.objects.count(),
        "paid": sum(Loan.objects.values_list("paid_total", flat=True)),
        "findings": [words for check in rooms.values() for words in check()],
    }
    print(json.dumps(found))


if __name__ == "__main__":
    verb, *given = sys.argv[1:]
    if verb == "state" and given:
        state()
        verb, *given = given
    if verb == "collect":
        collect(next((int(word) for word in given if word.isdigit()), None))
    else:
        {"prepare": prepare, "two": two, "limits": limits, "decide": decide, "state": state}[verb]()
    if "state" in given:
        connections.close_all()
        state()
