"""A decree taken up late: asked for, confirmed by another person, carried out; figures to the dong, entries, refusals."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from business import closed, same_as_replayed
from decree_book import ACT, DECREE, FIRST, LAST, Late, by_hand, collect, due, findings, taken_up
from lending_cast import key

from tdcs.closing.errors_decrees import (
    DecreeAlreadyAsked,
    DecreeAlreadyTakenUp,
    DecreeByBranchOnly,
    DecreeChangesNothing,
    DecreeNotConfirmed,
    DecreeSamePerson,
)
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.queries.decrees import foresee
from tdcs.closing.services.decrees import ask_decree, carry_out, decide_decree
from tdcs.core import clock
from tdcs.ledger.models import JournalEntry
from tdcs.letters.models import About, RegisteredLetter
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


def test_figures_to_the_dong(book: Late) -> None:
    old_due = {loan.pk: due(loan, ACT) for loan in book.loans}
    collected = {loan.pk: loan.interest_collected for loan in book.loans}
    taken_up(book)
    with clock.fixed_today(ACT):
        answer = carry_out(document=DECREE, by=book.director, on=ACT)
    assert (answer.again, answer.result["loans"]) == (False, 6)
    for loan, old, new in (
        (book.plain, 66_000, 62_400), (book.local, 66_000, 62_400), (book.near, 79_200, 74_880),
    ):  # fmt: skip
        kept = Loan.objects.get(pk=loan.pk)
        size = kept.disbursed_total
        wanted = by_hand(size, old, new, ACT) - collected[kept.pk]
        assert due(kept, ACT) == wanted < old_due[kept.pk]
        assert kept.interest_credit == max(-wanted, 0) > 0
        assert kept.current_rate_ppm == new
    # The number worked in docs/how-to/apply-a-decree.md.
    assert Loan.objects.get(pk=book.plain.pk).interest_credit == 120_822
    paid = Loan.objects.get(pk=book.paid.pk)
    until = date(2026, 6, 15)
    assert paid.interest_credit == collected[paid.pk] - by_hand(20_000_000, 66_000, 62_400, until)
    new_one = Loan.objects.get(pk=book.new.pk)
    assert (new_one.interest_credit, due(new_one, ACT)) == (0, old_due[new_one.pk])
    credits = {loan.pk: loan.interest_credit for loan in book.loans if loan.interest_credit}
    assert answer.result["credits"] == len(credits)
    assert answer.result["credit"] == sum(credits.values())


def test_days_are_closed_again_and_the_ledger_follows_by_entries_of_the_day(
    book: Late, prepared_days: list[list[date]]
) -> None:
    before = {day: store().manifest(day) for day in store().days()}
    entries = set(JournalEntry.objects.values_list("pk", "hash"))
    taken_up(book)
    with clock.fixed_today(ACT):
        answer = carry_out(document=DECREE, by=book.director, on=ACT)
    reached = [day for day in store().days() if day >= FIRST]
    assert answer.days == reached
    assert prepared_days == [reached]
    for day, made in before.items():
        now = store().manifest(day)
        assert (now.digest != made.digest) == (day >= FIRST)
        assert (now.totals["accrued_month"] < made.totals["accrued_month"]) == (day >= FIRST)
        assert now.totals["balance"] == made.totals["balance"]
    for run in CloseRun.objects.filter(day__in=reached):
        assert run.decrees == {DECREE: ACT.isoformat()}
        assert run.moved and run.before == {}
        assert any(DECREE in words for words in run.notes)
    assert CloseRun.objects.get(day=date(2025, 11, 30)).decrees == {}
    assert entries <= set(JournalEntry.objects.values_list("pk", "hash"))
    fresh = JournalEntry.objects.exclude(pk__in=[pk for pk, _ in entries])
    assert {entry.on for entry in fresh} == {ACT}
    assert {entry.template for entry in fresh} >= {"loan.credit", "close.interest"}
    assert same_as_replayed(LAST) > 0
    with clock.fixed_today(ACT):
        assert findings() == {}
    closed(ACT)
    assert same_as_replayed(ACT) > 0
    with clock.fixed_today(ACT):
        assert findings() == {}


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


def test_a_second_time_changes_nothing_and_says_so(book: Late) -> None:
    application = taken_up(book)
    with clock.fixed_today(ACT):
        first = carry_out(document=DECREE, by=book.director, on=ACT)
        count = JournalEntry.objects.count()
        digests = {day: store().manifest(day).digest for day in store().days()}
        again = carry_out(document=DECREE, by=book.director, on=ACT)
        assert (again.again, again.days, again.result) == (True, [], first.result)
        assert JournalEntry.objects.count() == count
        assert digests == {day: store().manifest(day).digest for day in store().days()}
        with pytest.raises(DecreeAlreadyTakenUp):
            ask_decree(document=DECREE, by=book.planner, on=ACT, key=key())
        with pytest.raises(DecreeAlreadyTakenUp):
            decide_decree(
                application=application, confirm=True, by=book.director, on=ACT, key=key()
            )


def test_the_decree_enters_the_branchs_register_once_with_its_line_of_the_trail(book: Late) -> None:
    asked = taken_up(book)
    origin = f"law.decree:{asked.pk}"
    # Confirmed, it is not carried out yet: nothing went out.
    assert not RegisteredLetter.objects.filter(origin=origin).exists()
    for _ in range(2):
        with clock.fixed_today(ACT):
            carry_out(document=DECREE, by=book.director, on=ACT)
    letter = RegisteredLetter.objects.get(origin=origin)
    assert (letter.direction, letter.about, letter.about_key) == ("out", About.DECREE, asked.pk)
    assert letter.registered_on == ACT
    assert DECREE in letter.subject


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
