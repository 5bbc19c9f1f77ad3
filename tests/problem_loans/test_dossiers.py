"""A household in difficulty is followed: contacts, promises judged from the ledger, who is responsible, the next step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from docx import Document
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, key, lend, make_household, person
from lending_grounds import BANK

from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.services.changing import reverse_event
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation
from tdcs.plans.ports import RecordsAsked
from tdcs.plans.queries.evidence_risk import kinds
from tdcs.problem_loans import checks
from tdcs.problem_loans.models import ProblemDossier
from tdcs.problem_loans.queries.dossiers import found_dossiers, promises_of, visible_dossiers
from tdcs.problem_loans.queries.waiting import waiting_for
from tdcs.problem_loans.rules.promises import judged, loss_percent
from tdcs.problem_loans.services.dossiers import (
    ContactDraft,
    DossierDraft,
    close_dossier,
    hand_dossier,
    open_dossier,
    record_contact,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LENT = date(2026, 6, 10)


def code_of(act: Any) -> str:
    with pytest.raises(Refusal) as said:
        act()
    assert said.value.sentence("en") != said.value.sentence("vi")
    return str(said.value.code)


OWED = Ground(
    lambda bank: lend(bank, make_household(bank.group, "Trần Văn Khó"), on=LENT), LENT, BANK
)


@pytest.fixture
@stands_on(OWED)
def loan(bank: Bank) -> Loan:
    found: Loan = GROUNDS.value(OWED)
    return found


def begun(bank: Bank, loan: Loan, on: date = TODAY, **other: Any) -> ProblemDossier:
    given = {
        "household": loan.household, "cause": "illness", "situation": "Chồng nằm viện", "responsible": bank.officer,
        "next_step": "Đến nhà", "next_on": on + timedelta(days=3), **other,
    }  # fmt: skip
    return open_dossier(draft=DossierDraft(**given), by=bank.officer, on=on)


def contact(on: date = TODAY, **other: Any) -> ContactDraft:
    given = {"way": "visit", "met": "Vợ chồng", "words": "Hứa trả sau vụ", "next_step": "Gọi lại",
             "next_on": on + timedelta(days=10), **other}  # fmt: skip
    return ContactDraft(**given)


def pay(bank: Bank, loan: Loan, amount: int, on: date) -> None:
    line = Collection(loan_id=loan.pk, interest=amount)
    sheet = Sheet(key=key(), office_id=bank.office.pk, group_id=None, lines=(line,))
    with clock.fixed_today(on):
        collect_sheet(sheet=sheet, by=bank.teller, on=on)


def test_a_promise_is_judged_by_its_day() -> None:
    due = date(2026, 12, 1)
    assert judged(100, 100, due, date(2026, 11, 1)) == "kept"
    assert judged(100, 99, due, due) == "waiting"
    assert judged(100, 99, due, due + timedelta(days=1)) == "broken"


def test_the_loss_in_percent_is_rounded_down() -> None:
    assert loss_percent(799, 1000) == 79
    assert loss_percent(800, 1000) == 80
    assert loss_percent(0, 1) == 0


def test_the_ledger_says_whether_a_promise_was_kept(bank: Bank, loan: Loan) -> None:
    begin = date(2026, 10, 1)
    row = begun(bank, loan, on=begin)
    for amount, days in ((300_000, 20), (200_000, 40)):
        draft = contact(begin, promised=amount, promised_on=begin + timedelta(days=days))
        record_contact(dossier=row, contact=draft, by=bank.officer, on=begin)
    pay(bank, loan, 200_000, date(2026, 10, 21))
    later, sooner = promises_of(row, TODAY)
    assert (later.paid, later.verdict) == (200_000, "kept")
    assert (sooner.paid, sooner.verdict) == (200_000, "broken")
    event = LoanEvent.objects.get(loan=loan, kind="interest")
    reverse_event(event=event, why="Nhập nhầm", by=bank.accountant, on=TODAY, key=key())
    assert [one.verdict for one in promises_of(row, TODAY)] == ["broken", "broken"]
    assert list(checks.promises_are_as_the_ledger_says()) == []


def test_a_promise_that_no_entry_bears_out_is_found(bank: Bank, loan: Loan) -> None:
    begin = date(2026, 10, 1)
    row = begun(bank, loan, on=begin)
    draft = contact(begin, promised=200_000, promised_on=begin + timedelta(days=40))
    record_contact(dossier=row, contact=draft, by=bank.officer, on=begin)
    pay(bank, loan, 200_000, date(2026, 10, 21))
    assert list(checks.promises_are_as_the_ledger_says()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE loans_loanevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE loans_loanevent SET entry_id = NULL WHERE kind = 'interest'")
        cursor.execute("ALTER TABLE loans_loanevent ENABLE TRIGGER USER")
    assert len(list(checks.promises_are_as_the_ledger_says())) == 1


def test_the_work_on_a_household(bank: Bank, loan: Loan) -> None:
    row = begun(bank, loan)
    assert (row.office, row.group) == (bank.office, bank.group)
    record_contact(dossier=row, contact=contact(latitude=10_953_271, longitude=107_181_112),
                   by=bank.officer, on=TODAY)  # fmt: skip
    row.refresh_from_db()
    assert (row.next_step, row.next_on) == ("Gọi lại", date(2026, 12, 3))
    hand_dossier(dossier=row, to=bank.head, why="Nghỉ phép", by=bank.officer, on=TODAY)
    assert list(found_dossiers(bank.head, TODAY, "mine", 0)) == [row]
    assert list(found_dossiers(bank.officer, TODAY, "mine", 0)) == []
    due = date(2026, 12, 3)
    assert [line.count for line in waiting_for(bank.head, due)] == [1]
    assert waiting_for(bank.head, due - timedelta(days=1)) == []
    assert list(found_dossiers(bank.head, due, "due", 0)) == [row]
    # 30 days without a contact are the limit.
    assert list(found_dossiers(bank.head, TODAY + timedelta(days=30), "quiet", 0)) == []
    assert list(found_dossiers(bank.head, TODAY + timedelta(days=31), "quiet", 0)) == [row]
    close_dossier(dossier=row, why="Đã trả đủ", by=bank.head, on=TODAY)
    assert list(found_dossiers(bank.head, TODAY, "closed", 0)) == [row]
    assert begun(bank, loan).pk != row.pk


def test_refusals_of_dossiers(bank: Bank, loan: Loan) -> None:
    assert code_of(lambda: begun(bank, loan, cause="x")) == "dossier_field"
    assert code_of(lambda: begun(bank, loan, situation=" ")) == "dossier_field"
    assert code_of(lambda: begun(bank, loan, next_on=None)) == "dossier_field"
    past = TODAY - timedelta(days=1)
    assert code_of(lambda: begun(bank, loan, next_on=past)) == "dossier_field"
    assert code_of(lambda: begun(bank, loan, responsible=bank.teller)) == "dossier_field"
    free = make_household(bank.group, "Không Nợ")
    assert code_of(lambda: begun(bank, loan, household=free)) == "dossier_nothing_owed"
    row = begun(bank, loan)
    assert code_of(lambda: begun(bank, loan)) == "dossier_open"

    def record(by: Any = None, **given: Any) -> Any:
        draft = contact(**given)
        return lambda: record_contact(dossier=row, contact=draft, by=by or bank.officer, on=TODAY)

    assert code_of(record(way="x")) == "dossier_field"
    assert code_of(record(latitude=1)) == "dossier_field"
    assert code_of(record(promised=5)) == "dossier_field"
    assert code_of(record(promised=5, promised_on=past)) == "dossier_field"
    assert code_of(record(by=bank.teller)) == "problem_loans_out_of_scope"
    other = person("cb-khac", "loan_officer", Organisation.objects.get(code="nhcsxh-pgd@004605"))
    assert code_of(record(by=other)) == "problem_loans_out_of_scope"
    assert list(visible_dossiers(other, TODAY)) == []
    handed = lambda: hand_dossier(dossier=row, to=other, why="x", by=bank.head, on=TODAY)  # noqa: E731
    assert code_of(handed) == "dossier_field"
    assert code_of(lambda: close_dossier(dossier=row, why="", by=bank.head, on=TODAY)) == (
        "dossier_field"
    )
    close_dossier(dossier=row, why="Xong", by=bank.head, on=TODAY)
    assert code_of(record()) == "dossier_closed"


def test_the_pages_of_a_dossier(bank: Bank, loan: Loan, signed_in: Any) -> None:
    officer = signed_in(bank.officer)
    address = reverse("problem_loans:open_dossier", args=[loan.household_id])
    assert "Trần Văn Khó" in officer.get(address).content.decode()
    given = {"cause": "illness", "situation": "Nằm viện", "responsible": bank.officer.pk,
             "next_step": "Đến nhà", "next_on": "2026-11-25"}  # fmt: skip
    assert officer.post(address, {**given, "situation": ""}).status_code == 200
    assert officer.post(address, given).status_code == 302
    row = ProblemDossier.objects.get()
    assert officer.get(address).status_code == 404
    sent = {"way": "visit", "met": "Vợ", "words": "Hứa trả", "promised": "300.000",
            "promised_on": "2026-11-30", "latitude": "10,953271", "longitude": "107.181112",
            "next_step": "Gọi", "next_on": "2026-12-01"}  # fmt: skip
    officer.post(reverse("problem_loans:contact", args=[row.pk]), {**sent, "promised": "3.00.000"})
    assert not row.contacts.exists(), "an amount that is misread promises nothing"
    assert officer.post(reverse("problem_loans:contact", args=[row.pk]), sent).status_code == 302
    one = row.contacts.get()
    assert (one.latitude, one.longitude) == (10_953_271, 107_181_112)
    page = officer.get(reverse("problem_loans:dossier", args=[row.pk])).content.decode()
    assert "300.000" in page and "Hứa trả" in page
    listed = officer.get(reverse("problem_loans:dossiers")).content.decode()
    assert "Trần Văn Khó" in listed
    for fmt in ("xlsx", "pdf"):
        file = officer.get(reverse("problem_loans:dossiers") + f"?export={fmt}")
        assert file.status_code == 200
    paper = officer.get(reverse("problem_loans:minutes", args=[row.pk, one.pk, "docx"]))
    words = "\n".join(p.text for p in Document(BytesIO(paper.content)).paragraphs)
    assert "10,953271" in words and "Trần Văn Khó" in words
    hand = reverse("problem_loans:act_dossier", args=[row.pk, "giao"])
    assert officer.post(hand, {"to": bank.head.pk, "why": "Nghỉ"}).status_code == 302
    end = reverse("problem_loans:act_dossier", args=[row.pk, "dong"])
    assert officer.post(end, {"why": "Trả đủ"}).status_code == 302
    row.refresh_from_db()
    assert (row.responsible, row.closed_on) == (bank.head, TODAY)
    assert officer.post(reverse("problem_loans:act_dossier", args=[row.pk, "x"])).status_code == 404
    asked = RecordsAsked(TODAY, TODAY + timedelta(days=1))
    found = [(kind.code, unit) for kind in kinds() for unit in kind.rows(asked)["unit"]]
    assert found == [("problem_loans.contact", bank.office.pk)]
    elsewhere = replace(asked, units=frozenset({0}))
    assert all(kind.rows(elsewhere).is_empty() for kind in kinds())


def test_other_roles_are_refused_dossiers(bank: Bank, loan: Loan, signed_in: Any) -> None:
    row = begun(bank, loan)
    made = record_contact(dossier=row, contact=contact(), by=bank.officer, on=TODAY)
    finance = signed_in(person("tc", "finance", Organisation.objects.get(code="ubnd@p75")))
    reads = (("dossiers", []), ("dossier", [row.pk]), ("freezes", []), ("rounds", []),
             ("minutes", [row.pk, made.pk, "docx"]))  # fmt: skip
    for name, args in reads:
        assert finance.get(reverse(f"problem_loans:{name}", args=args)).status_code == 403
    teller = signed_in(bank.teller)
    assert teller.get(reverse("problem_loans:dossier", args=[row.pk])).status_code == 200
    writes = (("contact", [row.pk]), ("act_dossier", [row.pk, "dong"]),
              ("open_dossier", [loan.household_id]))  # fmt: skip
    for name, args in writes:
        assert teller.post(reverse(f"problem_loans:{name}", args=args)).status_code == 403
