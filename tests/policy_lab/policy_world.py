"""Loans of four programmes and households at the edge of the poverty line; drafts as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lending_cast import Bank, lend, make_household, person

from tdcs.access.models import User
from tdcs.closing.services import close_day, rebuild
from tdcs.core import clock
from tdcs.households.models import Household, PovertyReview, ReviewLine
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation
from tdcs.policy_lab.queries.comparing import Tried, try_overlay
from tdcs.policy_lab.rules.reading import read

OLD = date(2025, 7, 10)
LENT = date(2026, 3, 10)
LAST = date(2026, 11, 20)
TODAY = date(2026, 11, 21)
BASIS = "Tờ trình 12/TTr-UBND, dự thảo"


@dataclass
class World:
    """``old``: HN of 2025 whose first two instalments were missed; ``poor``, ``local``: HN of 2026; ``near``: HCN; ``water``:
    NSVSMT. ``edge``: measured at 1.6m a head; ``above``: at 2.5m; ``unknown``: never measured."""

    bank: Bank
    planner: User
    old: Loan
    poor: Loan
    local: Loan
    near: Loan
    water: Loan
    edge: Household
    above: Household
    unknown: Household

    @property
    def commune(self) -> int:
        """La Ngà."""
        return self.review.area_id

    review: PovertyReview | None = None


def make_world(bank: Bank) -> World:
    """Everything lent, measured and closed through LAST."""
    terms = (
        ("old", OLD, "poor", {"amount": 30_000_000, "spacing": 6}),
        ("poor", LENT, "poor", {"amount": 50_000_000}),
        ("local", LENT, "poor", {"amount": 30_000_000, "source": bank.local}),
        ("near", LENT, "near_poor", {"amount": 40_000_000, "programme": "HCN"}),
        ("water", LENT, "rural_resident", {"amount": 20_000_000, "programme": "NSVSMT"}),
    )
    loans = {}
    for name, on, kind, given in terms:
        with clock.fixed_today(on):
            loans[name] = lend(
                bank, make_household(bank.group, f"Hộ {name}", (kind,)), on=on, **given
            )
    with clock.fixed_today(TODAY):
        rebuild(days=[LAST - timedelta(days=1)], by=None)
        close_day(day=LAST, by=None)
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    homes = {
        name: make_household(None, f"Hộ {name}", kinds)
        for name, kinds in (("edge", ("average_living",)), ("above", ()), ("unknown", ()))
    }
    made = World(bank, person("ke-hoach", "branch_planner", branch), **loans, **homes)
    _measure(made, edge=1_600_000, above=2_500_000)
    return made


def _measure(world: World, **incomes: int) -> None:
    area = world.edge.addresses.get().area
    world.review = PovertyReview.objects.create(
        area=area, year=2025, state="approved", effective_on=date(2026, 1, 1)
    )
    for name, income in incomes.items():
        ReviewLine.objects.create(
            review=world.review,
            household=getattr(world, name),
            income_per_head=income,
            deprivations=0,
            result="average_living" if income <= 2_250_000 else "none",
        )


def draft(*changes: str, name: str = "Dự thảo thử", basis: str = BASIS) -> bytes:
    """A draft as it is typed; each change is the inside of one flow mapping."""
    rows = "".join(f"- {{{change}, basis: {BASIS!r}}}\n" for change in changes)
    return f"name: {name}\nbasis: {basis!r}\nchanges:\n{rows}".encode()


def tried(*changes: str) -> Tried:
    """What the changes would do to the world."""
    return try_overlay(read(draft(*changes)), TODAY)
