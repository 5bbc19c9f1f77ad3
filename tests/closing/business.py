"""Some weeks of business in bà Hoa's group, told day by day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from lending_cast import Bank, key, lend, make_household

from tdcs.closing.services import Answer, close_day, rebuild, replay
from tdcs.core import clock
from tdcs.loans.models import Loan
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.services import changing
from tdcs.loans.services.changing import ChangeDecision, ChangeDraft
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

FIRST = date(2026, 3, 5)
LAST = date(2026, 4, 15)


def days(first: date, last: date) -> list[date]:
    """Every day from first to last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@dataclass
class Business:
    """What the bank does on each day; loans by the order in which they were made."""

    bank: Bank
    loans: list[Loan] = field(default_factory=list)

    def of(self, day: date) -> None:
        """The business of one day."""
        with clock.fixed_today(day):
            for what in self._plan().get((day - FIRST).days, ()):
                what(day)

    def _plan(self) -> dict[int, tuple]:  # type: ignore[type-arg]
        return {
            0: (self.lend, self.lend_local),
            1: (self.lend,),
            4: (self.lend, self.lend_local),
            10: (self.collect,),
            11: (self.take_back,),
            15: (self.freeze, self.lend),
            20: (self.pay_back_all,),
            26: (self.lend_local,),
            40: (self.collect,),
            45: (self.lend,),
        }

    def lend(self, on: date, source: str = "source") -> None:
        number = len(self.loans) + 1
        self.loans.append(
            lend(
                self.bank,
                make_household(self.bank.group, f"Hộ {number}"),
                on=on,
                amount=10_000_000 + 3_100_000 * number,
                source=getattr(self.bank, source),
            )
        )

    def lend_local(self, on: date) -> None:
        self.lend(on, "local")

    def collect(self, on: date) -> None:
        due = balances_on(self.loans, on - timedelta(days=1))
        lines = [
            Collection(loan.pk, due[loan.pk].interest_due, 100_000)
            for loan in self.loans
            if due[loan.pk].interest_due and due[loan.pk].balance > 100_000
        ]
        sheet = Sheet(key(), self.bank.office.pk, self.bank.group.pk, tuple(lines[1:]))
        collect_sheet(sheet=sheet, by=self.bank.teller, on=on)

    def take_back(self, on: date) -> None:
        event = self.loans[1].events.filter(kind="interest").latest("pk")
        changing.reverse_event(
            event=event, why="Ghi nhầm hộ", by=self.bank.accountant, on=on, key=key()
        )

    def freeze(self, on: date) -> None:
        asked = changing.ask_change(
            loan=self.loans[2],
            change=ChangeDraft(
                kind="freeze",
                cause="Dịch tả lợn châu Phi",
                until_on=on + timedelta(days=12),
                loss_percent=80,
            ),
            by=self.bank.officer,
            on=on,
        )
        changing.decide_change(
            request=asked,
            decision=ChangeDecision(approve=True),
            by=self.bank.director,
            on=on,
            key=key(),
        )

    def pay_back_all(self, on: date) -> None:
        loan = Loan.objects.get(pk=self.loans[3].pk)
        due = balances_on([loan], on - timedelta(days=1))[loan.pk].interest_due
        line = Collection(loan.pk, due, loan.balance)
        sheet = Sheet(key(), self.bank.office.pk, None, (line,))
        collect_sheet(sheet=sheet, by=self.bank.teller, on=on)


def closed(day: date, *, on: date | None = None, lock: bool = False) -> Answer:
    """The close of a day at its evening, or standing on another."""
    with clock.fixed_today(on or day):
        return close_day(day=day, by=None, lock=lock)


def run_days(bank: Bank, last: date = LAST, *, first: date = FIRST) -> Business:
    """Business of each day through ``last``, closed from ``first`` on; the eve of a later ``first`` is built from all events."""
    business = Business(bank)
    for day in days(FIRST, last):
        business.of(day)
        if day >= first:
            closed(day)
        elif day == first - timedelta(days=1):
            with clock.fixed_today(day):
                rebuild(days=[day], by=None)
    return business


def same_as_replayed(to: date) -> int:
    """Every kept day is what all events make of it; rows compared."""
    seen = 0
    for found in replay(to=to, every="day"):
        assert found.named == [], found.day
        assert (found.loans, found.damaged) == (0, "")
        seen += found.rows
    return seen
