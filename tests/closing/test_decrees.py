"""A decree taken up late: asked for, confirmed by another person, carried out; figures to the dong, entries, refusals."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from decree_book import ACT, DECREE, FIRST, LAST, Late, collect, due, findings, taken_up
from lending_cast import key

from tdcs.closing.errors_decrees import (
    DecreeAlreadyAsked,
    DecreeByBranchOnly,
    DecreeChangesNothing,
    DecreeNotConfirmed,
    DecreeSamePerson,
)
from tdcs.closing.queries import store
from tdcs.closing.queries.decrees import foresee
from tdcs.closing.services.decrees import ask_decree, carry_out, decide_decree
from tdcs.core import clock
from tdcs.loans.models import Loan
from tdcs.programmes.models import DecreeApplication

pytestmark = pytest.mark.django_db


def test_what_it_will_do_is_shown_and_nothing_is_written(book: Late) -> None:
    with clock.fixed_today(ACT):
        found = foresee(DECREE, ACT)
    # What was lent: plain 50, local 30, near 40, frozen 10, undone 25 million; the one paid off runs no more, the one of 2026 is not reached.
    assert (found.loans, found.outstanding) == (5, 155_000_000)
    months = {"HN": ((50, 30, 10, 25), 66_000, 62_400), "HCN": ((40,), 79_200, 74_880)}

    def month(millions: tuple[int, ...], rate: int) -> int:
        return sum(int(Fraction(n * rate * 30, 365) + Fraction(1, 2)) for n in millions)

    assert {row[0]: tuple(row[3:]) for row in found.programmes} == {
        code: (month(sizes, old), month(sizes, new)) for code, (sizes, old, new) in months.items()
    }
    assert sum(row[3] for row in found.communes) == found.before
    assert len(found.communes) == 1
    days = [day for day in store().days() if day >= FIRST]
    assert (found.closed_days, found.closed_first, found.closed_last) == (
        len(days), date(2025, 12, 31), LAST,
    )  # fmt: skip
    assert found.excess_loans == 5
    assert not DecreeApplication.objects.exists()
    assert due(book.plain, ACT) > 0


def test_a_collection_between_confirming_and_carrying_out(book: Late) -> None:
    taken_up(book)
    later = ACT + timedelta(days=40)
    with clock.fixed_today(later):
        old_way = int(Fraction(50_000_000 * 66_000 * 41, 365 * 10**6))
        paid = collect(book.bank, book.plain, later)
        assert 0 < paid < old_way
        carry_out(document=DECREE, by=book.director, on=later)
        kept = Loan.objects.get(pk=book.plain.pk)
        assert (kept.interest_credit, due(kept, later)) == (0, 0)
        assert findings() == {}


def test_refusals_by_name(book: Late) -> None:
    with clock.fixed_today(ACT):
        with pytest.raises(DecreeChangesNothing):
            ask_decree(document="BLDS-2015", by=book.planner, on=ACT, key=key())
        with pytest.raises(DecreeByBranchOnly):
            ask_decree(document=DECREE, by=book.bank.head, on=ACT, key=key())
        with pytest.raises(DecreeByBranchOnly):
            ask_decree(document=DECREE, by=book.director, on=ACT, key=key())
        with pytest.raises(DecreeNotConfirmed):
            carry_out(document=DECREE, by=book.director, on=ACT)
        asked = ask_decree(document=DECREE, by=book.planner, on=ACT, key=key())
        with pytest.raises(DecreeAlreadyAsked):
            ask_decree(document=DECREE, by=book.planner, on=ACT, key=key())
        with pytest.raises(DecreeByBranchOnly):
            decide_decree(application=asked, confirm=True, by=book.planner, on=ACT, key=key())
        with pytest.raises(DecreeByBranchOnly):
            decide_decree(application=asked, confirm=True, by=book.bank.director, on=ACT, key=key())
        with pytest.raises(DecreeNotConfirmed):
            carry_out(document=DECREE, by=book.director, on=ACT)
        DecreeApplication.objects.filter(pk=asked.pk).update(asked_by=book.director)
        with pytest.raises(DecreeSamePerson):
            decide_decree(application=asked, confirm=True, by=book.director, on=ACT, key=key())


def test_refused_it_may_be_asked_for_again(book: Late) -> None:
    with clock.fixed_today(ACT):
        asked = ask_decree(document=DECREE, by=book.planner, on=ACT, key=key())
        no = decide_decree(
            application=asked,
            confirm=False,
            by=book.director,
            on=ACT,
            key=key(),
            words="Chờ công văn",
        )
        assert (no.state, no.taken_up_on, no.words) == ("refused", None, "Chờ công văn")
        assert due(book.plain, ACT) > 0
        again = ask_decree(document=DECREE, by=book.planner, on=ACT, key=key())
    assert again.pk != asked.pk
