"""A year of an office's business at random: what may happen to loans, savings and groups, through the services alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from lending_cast import Bank, key, lend, make_bank, make_group, make_household, savings_of

from tdcs.audit import checks as audit_checks
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.entrustment import checks as entrustment_checks
from tdcs.entrustment.models import SavingsAccount
from tdcs.entrustment.services import members, savings
from tdcs.entrustment.services.members import Transfer
from tdcs.ledger import checks as ledger_checks
from tdcs.ledger.models import JournalEntry, Posting
from tdcs.ledger.services import book_of, close_through
from tdcs.loans import checks as loan_checks
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.services import changing
from tdcs.loans.services.booking import thaw
from tdcs.loans.services.changing import ChangeDecision, ChangeDraft
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

FIRST, LAST = date(2025, 11, 24), date(2026, 11, 23)
PROGRAMMES = (("HN", "poor"), ("HCN", "near_poor"), ("HMTN", "newly_escaped"))
# Of a group when the year begins; others may join it.
_MEMBERS = 50
picks = st.integers(0, 10**6)
shares = st.sampled_from((0, 1, 50, 100, 100, 101))


def findings() -> list[str]:
    """What `tdcs verify` finds in the rooms that hold money."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    rooms = (ledger_checks, loan_checks, entrustment_checks, audit_checks)
    checks: dict[str, Callable[[], Iterator[str]]] = {}
    for room in rooms:
        checks |= room.CHECKS
    found = [f"{name}: {words}" for name, check in checks.items() for words in check()]
    # The database's view of a day is the engine's fold on any later day, too: loans fall overdue and thaw by days alone.
    for days in (45, 2_000):
        later = clock.today() + timedelta(days=days)
        found += [f"{days} days on: {w}" for w in loan_checks.position_view_is_the_fold(later)]
    return found


def traces() -> tuple[int, ...]:
    """What a refusal must leave as it was."""
    return tuple(model.objects.count() for model in (JournalEntry, Posting, LoanEvent, Loan))


class Year(RuleBasedStateMachine):
    """One office, its groups (two at least), a day that only goes forward."""

    households = 6
    longest_pause = 40
    # A year that stands already, built in the transaction around: every example goes on from it.
    built: ClassVar[Year | None] = None

    @initialize()
    def begin(self) -> None:
        if self.built is None:
            self.build()
        else:
            given = self.built
            self.bank, self.day, self.done = given.bank, given.day, {}
            self.groups, self.homes = given.groups, given.homes

    def build(self) -> None:
        """The office, its groups and households, a loan to each of them."""
        self.bank: Bank = make_bank()
        self.day = FIRST
        self.done: dict[str, int] = {}
        more = max(1, -(-self.households // _MEMBERS) - 1)
        others = [make_group(self.bank.office, f"{4606002 + turn}") for turn in range(more)]
        self.groups = [self.bank.group, *others]
        self.homes = []
        for number in range(self.households):
            kind = PROGRAMMES[number % 3][1]
            group = self.groups[number % len(self.groups)]
            home = make_household(group, f"Hộ {number}", (kind,))
            savings_of(home, self.bank, group)
            self.homes.append(home)
        for number, home in enumerate(self.homes):
            if number % 10 == 0:
                self.day = min(
                    LAST, self.day + timedelta(days=number * 200 // self.households // 10)
                )
            self._lend(home, number, 10 + number % 40)

    def attempt(self, name: str, work: Callable[[], Any]) -> Any:
        """The answer, or None after a refusal that left no trace."""
        before = traces()
        try:
            answer = work()
        except Refusal as refusal:
            assert refusal.code and traces() == before, (name, refusal.code)
            return None
        self.done[name] = self.done.get(name, 0) + 1
        return answer

    def loan(self, pick: int) -> Loan:
        """One of the loans that still owe, else any."""
        loans = list(Loan.objects.filter(balance__gt=0).order_by("pk")) or list(Loan.objects.all())
        return loans[pick % len(loans)]

    def _lend(self, home: Any, number: int, millions: int) -> Any:
        programme = PROGRAMMES[number % 3][0]
        term, spacing = ((12, 6), (36, 12), (24, None))[millions % 3]
        return self.attempt(
            "lend",
            lambda: lend(
                self.bank,
                home,
                on=self.day,
                amount=millions * 1_000_000,
                programme=programme,
                term=term,
                spacing=spacing,
                source=self.bank.local if millions % 2 else self.bank.source,
                group=home.group_memberships.get(ends_on=None).group,
            ),
        )

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.day = min(LAST, self.day + timedelta(days=min(days, self.longest_pause)))

    @rule(pick=picks, millions=st.integers(5, 60))
    def lend_more(self, pick: int, millions: int) -> None:
        number = pick % len(self.homes)
        self._lend(self.homes[number], number, millions)

    @precondition(lambda self: Loan.objects.exists())
    @rule(pick=picks, interest=shares, principal=shares, saving=st.sampled_from((0, 50_000)))
    def group_pays(self, pick: int, interest: int, principal: int, saving: int) -> None:
        group = self.groups[pick % len(self.groups)]
        loans = list(Loan.objects.filter(group=group, balance__gt=0).order_by("pk"))
        due = {
            row["id"]: row
            for row in roll_forward(loan_rows([x.pk for x in loans]), self.day).rows(named=True)
        }
        accounts = dict(SavingsAccount.objects.values_list("household_id", "pk"))
        lines = []
        for number, loan in enumerate(loans):
            row = due[loan.pk]
            part = min(row["balance"], 300_000 + number * 100_000) if principal else 0
            line = Collection(
                loan.pk,
                row["due"] * interest // 100,
                row["balance"] if principal == 100 and number % 5 == 4 else part * principal // 100,
                saving,
                accounts[loan.household_id] if saving else None,
            )
            if line.interest or line.principal or line.savings:
                lines.append(line)
        sheet = Sheet(key(), self.bank.office.pk, group.pk, tuple(lines))
        self.attempt("sheet", lambda: collect_sheet(sheet=sheet, by=self.bank.teller, on=self.day))

    @precondition(lambda self: Loan.objects.exists())
    @rule(
        pick=picks,
        kind=st.sampled_from(changing.ASKED),
        days=st.integers(1, 400),
        approve=st.booleans(),
    )
    def change(self, pick: int, kind: str, days: int, approve: bool) -> None:
        loan = self.loan(pick)
        rows = list(loan.instalments.order_by("number"))
        given: dict[str, Any] = {"until_on": self.day + timedelta(days=days)}
        if kind == "reschedule":
            row = rows[pick % len(rows)]
            given = {"due_on": row.due_on, "until_on": row.due_on + timedelta(days=days)}
        elif kind == "extend":
            given = {"until_on": loan.final_due_on + timedelta(days=days)}
        elif kind == "freeze":
            given["loss_percent"] = (30, 40, 80)[pick % 3]
        elif kind == "write_off":
            given = {"amount": loan.balance * (days % 101) // 100}
        asked = self.attempt(
            "ask",
            lambda: changing.ask_change(
                loan=loan,
                change=ChangeDraft(kind=kind, cause="Thiên tai", **given),
                by=self.bank.officer,
                on=self.day,
            ),
        )
        if asked is not None:
            self.attempt(
                kind,
                lambda: changing.decide_change(
                    request=asked,
                    decision=ChangeDecision(approve=approve or days % 3 > 0),
                    by=self.bank.director,
                    on=self.day,
                    key=key(),
                ),
            )

    @precondition(lambda self: Loan.objects.exists())
    @rule(pick=picks)
    def unfreeze(self, pick: int) -> None:
        frozen = list(Loan.objects.filter(state="frozen").order_by("pk"))
        loan = frozen[pick % len(frozen)] if frozen else self.loan(pick)
        self.attempt(
            "unfreeze",
            lambda: changing.unfreeze(
                loan=loan, why="Hết khó khăn", by=self.bank.director, on=self.day, key=key()
            ),
        )

    @precondition(lambda self: Loan.objects.exists())
    @rule(pick=picks, rate=st.sampled_from((54_000, 66_000, 79_200)))
    def decree(self, pick: int, rate: int) -> None:
        loan = self.loan(pick)
        self.attempt(
            "rate",
            lambda: changing.change_rate(
                loan=loan,
                rate_ppm=rate,
                basis="NĐ 261/2025",
                by=self.bank.director,
                on=self.day,
                key=key(),
            ),
        )

    @precondition(lambda self: LoanEvent.objects.exists())
    @rule(pick=picks)
    def reverse(self, pick: int) -> None:
        events = list(LoanEvent.objects.order_by("-pk")[:30])
        event = events[pick % len(events)]
        self.attempt(
            "reverse",
            lambda: changing.reverse_event(
                event=event, why="Ghi nhầm", by=self.bank.accountant, on=self.day, key=key()
            ),
        )

    @rule(pick=picks, amount=st.integers(1_000, 200_000), out=st.booleans())
    def save(self, pick: int, amount: int, out: bool) -> None:
        accounts = list(SavingsAccount.objects.order_by("pk"))
        verb = savings.withdraw if out else savings.deposit
        account = accounts[pick % len(accounts)]
        self.attempt(
            verb.__name__,
            lambda: verb(
                account=account, amount=amount, by=self.bank.teller, on=self.day, key=key()
            ),
        )

    @rule(pick=picks)
    def move(self, pick: int) -> None:
        home = self.homes[pick % len(self.homes)]
        here = home.group_memberships.get(ends_on=None).group
        there = self.groups[(pick + 1) % len(self.groups)]
        if there.pk == here.pk:
            there = self.groups[(pick + 2) % len(self.groups)]
        self.attempt(
            "move",
            lambda: members.move(
                transfer=Transfer(household=home, group=here, into=there, why="Gần nhà"),
                since=self.day,
                by=self.bank.officer,
                on=self.day,
            ),
        )

    @rule()
    def month_ends(self) -> None:
        """What thawed by its day goes back, then the days behind are closed."""
        self.attempt(
            "thaw", lambda: thaw(office=self.bank.office, by=self.bank.accountant, on=self.day)
        )
        book = book_of(self.bank.office)
        self.attempt(
            "close",
            lambda: close_through(
                book=book,
                through=self.day - timedelta(days=5),
                by=self.bank.accountant,
                on=self.day,
            ),
        )

    def teardown(self) -> None:
        assert findings() == [], self.done
