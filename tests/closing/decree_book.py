"""A book that lent in 2025 and learns of Quyết định 2553 (from 1/12/2025) a year late: its people, loans and month-ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from lending_cast import Bank, key, lend, make_household, person

from tdcs.access.models import User
from tdcs.cli.verify import every_check
from tdcs.closing.manifest import Manifest
from tdcs.closing.queries import store
from tdcs.closing.services import close_day, rebuild
from tdcs.closing.services.decrees import CarriedOut, ask_decree, decide_decree
from tdcs.core import clock
from tdcs.ledger.models import JournalEntry
from tdcs.letters.models import About, RegisteredLetter
from tdcs.loans.models import Loan
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.services import changing
from tdcs.loans.services.changing import ChangeDecision, ChangeDraft
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation
from tdcs.programmes.models import DecreeApplication

DECREE = "QD-2553-2025-TTg"
FIRST = date(2025, 12, 1)
LENT = date(2025, 7, 10)
SESSIONS = (
    date(2025, 11, 15), date(2026, 2, 15), date(2026, 5, 15), date(2026, 6, 15), date(2026, 11, 15),
)  # fmt: skip
PAID_OFF = date(2026, 6, 15)
# Days that were closed, on both sides of the decree's first and of what happened since: few, as each is closed again later.
CLOSED = (
    date(2025, 11, 30), date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 10, 31),
)  # fmt: skip
# The last closed day, and the day on which the decree is taken up.
LAST = date(2026, 11, 20)
ACT = date(2026, 11, 21)


@dataclass
class Late:
    """``plain``: HN of 2025; ``local``: of local money; ``near``: HCN; ``paid``: paid off on 15/6/2026; ``new``: of 2026;
    ``frozen``: in a freeze over the decree's day; ``undone``: one collection of it was reversed."""

    bank: Bank
    planner: User
    director: User
    plain: Loan
    local: Loan
    near: Loan
    paid: Loan
    new: Loan
    frozen: Loan
    undone: Loan
    days: list[date] = field(default_factory=list)

    @property
    def loans(self) -> list[Loan]:
        """All, in the order of their keys."""
        named = (self.plain, self.local, self.near, self.paid, self.frozen, self.undone, self.new)
        return sorted((Loan.objects.get(pk=one.pk) for one in named), key=lambda loan: loan.pk)


@dataclass(frozen=True)
class Laid:
    """The decree's book, laid out: in databases of those names, with snapshots in the folder."""

    late: Late
    book: str
    taken_up: str
    home: Path


@dataclass(frozen=True)
class Before:
    """What stood before the decree was taken up, and between confirming and carrying it out, by loan or day."""

    due: dict[int, int]
    collected: dict[int, int]
    manifests: dict[date, Manifest]
    entries: set[tuple[int, str]]
    due_between: dict[int, int]
    rate_between: int
    letters_between: int


@dataclass(frozen=True)
class Carried:
    """The decree carried out on ACT, in a database of that name: what came of it, which days the rooms above were given."""

    name: str
    home: Path
    before: Before
    answer: CarriedOut
    prepared: list[list[date]]


def findings() -> dict[str, list[str]]:
    """What `tdcs verify` finds."""
    found = {name: list(check()) for name, check in every_check().items()}
    return {name: words for name, words in found.items() if words}


def taken_up(book: Late, on: date = ACT) -> DecreeApplication:
    """Asked for and confirmed on a day."""
    with clock.fixed_today(on):
        asked = ask_decree(document=DECREE, by=book.planner, on=on, key=key())
        return decide_decree(application=asked, confirm=True, by=book.director, on=on, key=key())


def taken_up_from(book: Late) -> Before:
    """What stands in the book, noted while the decree is taken up."""
    owed = {loan.pk: due(loan, ACT) for loan in book.loans}
    collected = {loan.pk: loan.interest_collected for loan in book.loans}
    manifests = {day: store().manifest(day) for day in store().days()}
    entries = set(JournalEntry.objects.values_list("pk", "hash"))
    taken_up(book)
    return Before(
        owed,
        collected,
        manifests,
        entries,
        due_between={loan.pk: due(loan, ACT) for loan in book.loans},
        rate_between=Loan.objects.get(pk=book.plain.pk).current_rate_ppm,
        letters_between=RegisteredLetter.objects.filter(about=About.DECREE).count(),
    )


def branch_people() -> tuple[User, User]:
    """Who asks and who confirms, at the branch."""
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    return (
        person("kh-chi-nhanh", "branch_planner", branch),
        person("gd-chi-nhanh", "office_director", branch),
    )


def due(loan: Loan, on: date) -> int:
    """Interest that may be collected on a day."""
    return int(roll_forward(loan_rows([loan.pk]), on)["due"][0])


def by_hand(principal: int, old: int, new: int, until: date) -> int:
    """Interest through the eve of ``until``: at the old rate up to 30/11/2025, then at the new one; rounded half up."""
    before = Fraction(principal * old * (FIRST - LENT).days, 365 * 10**6)
    after = Fraction(principal * new * (until - FIRST).days, 365 * 10**6)
    return int(before + after + Fraction(1, 2))


def collect(bank: Bank, loan: Loan, on: date) -> int:
    """All interest due, at the counter; how much."""
    amount = due(loan, on)
    sheet = Sheet(key(), bank.office.pk, None, (Collection(loan.pk, amount),))
    collect_sheet(sheet=sheet, by=bank.teller, on=on)
    return amount


def make_book(bank: Bank) -> Late:
    """Loans and sessions through 15/11/2026, closed on some month-ends and on LAST."""
    with clock.fixed_today(LENT):
        made = {
            name: lend(bank, make_household(bank.group, f"Hộ {name}", kinds), on=LENT, **terms)
            for name, kinds, terms in (
                ("plain", ("poor",), {}),
                ("local", ("poor",), {"amount": 30_000_000, "source": bank.local}),
                ("near", ("near_poor",), {"programme": "HCN", "amount": 40_000_000}),
                ("paid", ("poor",), {"amount": 20_000_000}),
                ("frozen", ("poor",), {"amount": 10_000_000}),
                ("undone", ("poor",), {"amount": 25_000_000}),
            )
        }
    paying = [made[name] for name in ("plain", "local", "near", "paid", "undone")]
    for on in SESSIONS:
        with clock.fixed_today(on):
            _session(bank, made, paying, on)
    with clock.fixed_today(LAST):
        rebuild(days=[*CLOSED, LAST - timedelta(days=1)], by=None)
        close_day(day=LAST, by=None)
    return Late(bank, *branch_people(), **made)


def _session(bank: Bank, made: dict[str, Loan], paying: list[Loan], on: date) -> None:
    if on == date(2025, 11, 15):
        _freeze(bank, made["frozen"], on)
    if on == date(2026, 2, 15):
        made["new"] = lend(bank, make_household(bank.group, "Hộ new"), on=on)
        paying.append(made["new"])
        return
    owed = roll_forward(loan_rows([loan.pk for loan in paying]), on).rows(named=True)
    ends = {made["paid"].pk} if on == PAID_OFF else set()
    lines = [
        Collection(row["id"], row["due"], row["balance"] if row["id"] in ends else 0)
        for row in owed
        if row["due"]
    ]
    sheet = Sheet(key(), bank.office.pk, bank.group.pk, tuple(lines))
    collect_sheet(sheet=sheet, by=bank.teller, on=on)
    if on == date(2026, 5, 15):
        event = made["undone"].events.filter(kind="interest").latest("pk")
        changing.reverse_event(event=event, why="Ghi nhầm hộ", by=bank.accountant, on=on, key=key())


def _freeze(bank: Bank, loan: Loan, on: date) -> None:
    asked = changing.ask_change(
        loan=loan,
        change=ChangeDraft(
            kind="freeze", cause="Dịch tả lợn châu Phi", until_on=date(2026, 3, 31), loss_percent=80
        ),
        by=bank.officer,
        on=on,
    )
    changing.decide_change(
        request=asked, decision=ChangeDecision(approve=True), by=bank.director, on=on, key=key()
    )
