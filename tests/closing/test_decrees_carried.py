"""A decree that is carried out, once for all of these: figures to the dong, days closed again, entries, the register, a second time."""

from __future__ import annotations

from datetime import date

import pytest
from business import closed, same_as_replayed
from decree_book import ACT, DECREE, FIRST, LAST, Carried, Late, by_hand, due, findings
from lending_cast import key

from tdcs.closing.errors_decrees import DecreeAlreadyTakenUp
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.services.decrees import ask_decree, carry_out, decide_decree
from tdcs.core import clock
from tdcs.ledger.models import JournalEntry
from tdcs.letters.models import About, RegisteredLetter
from tdcs.loans.models import Loan
from tdcs.programmes.models import DecreeApplication

pytestmark = pytest.mark.django_db


def test_figures_to_the_dong(carried: Late, laid_carried: Carried) -> None:
    book, answer = carried, laid_carried.answer
    old_due, collected = laid_carried.before.due, laid_carried.before.collected
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
    carried: Late, laid_carried: Carried
) -> None:
    before, entries = laid_carried.before.manifests, laid_carried.before.entries
    reached = [day for day in store().days() if day >= FIRST]
    assert laid_carried.answer.days == reached
    assert laid_carried.prepared == [reached]
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


def test_a_second_time_changes_nothing_and_says_so(carried: Late, laid_carried: Carried) -> None:
    book, first = carried, laid_carried.answer
    application = DecreeApplication.objects.get(document=DECREE)
    with clock.fixed_today(ACT):
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


def test_the_decree_enters_the_branchs_register_once_with_its_line_of_the_trail(
    carried: Late, laid_carried: Carried
) -> None:
    asked = DecreeApplication.objects.get(document=DECREE)
    # Confirmed, it is not carried out yet: nothing went out.
    assert laid_carried.before.letters_between == 0
    with clock.fixed_today(ACT):
        carry_out(document=DECREE, by=carried.director, on=ACT)
    letter = RegisteredLetter.objects.get(origin=f"law.decree:{asked.pk}")
    assert (letter.direction, letter.about, letter.about_key) == ("out", About.DECREE, asked.pk)
    assert letter.registered_on == ACT
    assert DECREE in letter.subject


def test_a_loan_is_right_before_the_work_has_come_to_it(
    carried: Late, laid_carried: Carried
) -> None:
    before = laid_carried.before
    assert before.rate_between == 66_000
    with clock.fixed_today(ACT):
        assert {loan.pk: due(loan, ACT) for loan in carried.loans} == before.due_between
    assert Loan.objects.get(pk=carried.plain.pk).current_rate_ppm == 62_400
