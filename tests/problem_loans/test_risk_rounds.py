"""A round from its first case to the decision: loans are frozen and written off by their own services."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from lending_cast import Bank, key, lend, make_household, person

from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.loans.models import ChangeRequest, Loan
from tdcs.organisations.models import Organisation
from tdcs.plans.ports import RecordsAsked
from tdcs.plans.queries.evidence_risk import kinds
from tdcs.problem_loans import checks
from tdcs.problem_loans.models import RiskCase, RiskRound
from tdcs.problem_loans.queries.dossiers import ending_freezes
from tdcs.problem_loans.queries.waiting import waiting_for
from tdcs.problem_loans.services.rounds import (
    CaseDraft,
    RoundDecision,
    add_case,
    decide_round,
    open_round,
    remove_case,
    submit_round,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LENT = date(2025, 8, 10)
UNTIL = date(2027, 11, 22)


def code_of(act: Any) -> str:
    with pytest.raises(Refusal) as said:
        act()
    assert said.value.sentence("en") != said.value.sentence("vi")
    return str(said.value.code)


def borrowed(bank: Bank, name: str) -> Loan:
    with clock.fixed_today(LENT):
        return lend(bank, make_household(bank.group, name), on=LENT)


def case(loan: Loan, **other: Any) -> CaseDraft:
    given = {
        "loan": loan, "measure": "freeze", "cause": "Lũ cuốn trôi ao cá", "capital": 60_000_000, "loss": 36_000_000,
        "minutes_on": date(2026, 11, 10), "until_on": UNTIL, **other,
    }  # fmt: skip
    return CaseDraft(**given)


@pytest.fixture
def risk_round(bank: Bank) -> RiskRound:
    return open_round(office=bank.office, by=bank.officer, on=TODAY)


def test_a_round_freezes_and_writes_off(bank: Bank, risk_round: RiskRound) -> None:
    frozen, gone, refused = (borrowed(bank, name) for name in ("Ao", "Mất", "Chưa"))
    first = add_case(risk_round=risk_round, case=case(frozen), by=bank.officer, on=TODAY)
    off = case(gone, measure="write_off", until_on=None)
    second = add_case(risk_round=risk_round, case=off, by=bank.officer, on=TODAY)
    third = add_case(risk_round=risk_round, case=case(refused), by=bank.officer, on=TODAY)
    submit_round(risk_round=risk_round, by=bank.officer, on=TODAY)
    first.refresh_from_db()
    assert first.request is not None and first.request.loss_percent == 60
    approved = frozenset({first.pk, second.pk})
    decision = RoundDecision(number="15/QĐ-HĐQT", approved=approved, words="Theo đề nghị")
    done = decide_round(
        risk_round=risk_round, decision=decision, by=bank.director, on=TODAY, key=key()
    )
    assert (done.state, done.decision_number) == ("decided", "15/QĐ-HĐQT")
    for loan in (frozen, gone, refused):
        loan.refresh_from_db()
    assert (frozen.frozen_to, frozen.balance) == (UNTIL, 50_000_000)
    assert [list(check()) for check in checks.CHECKS.values()] == [[], [], [], []]
    assert (gone.balance, gone.written_off) == (0, 50_000_000)
    assert (refused.frozen_to, refused.balance) == (None, 50_000_000)
    third.refresh_from_db()
    assert third.request is not None and third.request.state == "refused"
    assert list(ending_freezes(bank.officer, TODAY)) == []
    # Six months ahead, to the day.
    assert list(ending_freezes(bank.officer, date(2027, 5, 21))) == []
    assert list(ending_freezes(bank.officer, date(2027, 5, 22))) == [frozen]
    assert [line.route for line in waiting_for(bank.officer, date(2027, 5, 21))] == []
    ahead = waiting_for(bank.officer, date(2027, 5, 22))
    assert [(line.route, line.count) for line in ahead] == [("problem_loans:freezes", 1)]
    asked = RecordsAsked(TODAY, TODAY + timedelta(days=1))
    found = [(kind.code, unit) for kind in kinds() for unit in kind.rows(asked)["unit"]]
    assert found == [("problem_loans.round", bank.office.pk)]
    ChangeRequest.objects.filter(pk=first.request.pk).update(event=None)
    assert len(list(checks.decided_rounds_have_their_events())) == 1
    ChangeRequest.objects.filter(pk=first.request.pk).update(state="asked")
    assert "chưa được quyết định" in "".join(checks.decided_rounds_have_their_events())
    RiskRound.objects.update(submitted_on=TODAY + timedelta(days=1))
    assert len(list(checks.rounds_stand_where_their_days_say())) == 1


def test_two_rounds_a_year(bank: Bank, risk_round: RiskRound) -> None:
    second = open_round(office=bank.office, by=bank.officer, on=TODAY)
    assert (risk_round.number, second.number) == (1, 2)
    again = lambda: open_round(office=bank.office, by=bank.officer, on=TODAY)  # noqa: E731
    assert code_of(again) == "risk_rounds_of_year"
    assert open_round(office=bank.office, by=bank.officer, on=date(2027, 1, 4)).number == 1


def test_refusals_of_a_round(bank: Bank, risk_round: RiskRound) -> None:
    loan = borrowed(bank, "Ao")

    def listed(by: Any = None, **given: Any) -> Any:
        draft = case(loan, **given)
        return lambda: add_case(risk_round=risk_round, case=draft, by=by or bank.officer, on=TODAY)

    for wrong in (
        {"measure": "x"},
        {"cause": " "},
        {"capital": 0, "loss": 0},
        {"loss": 60_000_001},
        {"loss": -1},
        {"minutes_on": None},
        {"minutes_on": TODAY + timedelta(days=1)},
        {"until_on": None},
        {"measure": "write_off"},
    ):
        assert code_of(listed(**wrong)) == "dossier_field"
    assert code_of(listed(by=bank.teller)) == "problem_loans_out_of_scope"
    submit = lambda: submit_round(risk_round=risk_round, by=bank.officer, on=TODAY)  # noqa: E731
    assert code_of(submit) == "risk_round_empty"
    # 36 of 100 million is below the least loss of a freeze: the rules of loans refuse, and nothing is submitted.
    small = listed(capital=100_000_000)()
    submit_code = code_of(submit)
    assert submit_code not in ("risk_round_empty", "risk_round_step")
    risk_round.refresh_from_db()
    assert risk_round.state == "open"
    assert code_of(lambda: remove_case(case=small, why="", by=bank.officer, on=TODAY)) == (
        "dossier_field"
    )
    remove_case(case=small, why="Ghi nhầm vốn", by=bank.officer, on=TODAY)
    made = listed()()
    assert code_of(listed()) == "risk_case_listed"

    def decide(by: Any, number: str = "1/QĐ") -> Any:
        decision = RoundDecision(number=number, approved=frozenset({made.pk}))
        return lambda: decide_round(
            risk_round=risk_round, decision=decision, by=by, on=TODAY, key=key()
        )

    assert code_of(decide(bank.director)) == "risk_round_step"
    submit()
    assert code_of(submit) == "risk_round_step"
    assert code_of(listed()) == "risk_round_step"
    assert code_of(decide(bank.officer)) == "problem_loans_out_of_scope"
    assert code_of(decide(bank.director, " ")) == "dossier_field"
    decide(bank.director)()
    assert code_of(decide(bank.director)) == "risk_round_step"


def test_the_pages_of_a_round(bank: Bank, signed_in: Any) -> None:
    loan, officer, director = borrowed(bank, "Trần Văn Ao"), bank.officer, bank.director
    browser = signed_in(officer)
    assert browser.post(reverse("problem_loans:open_round")).status_code == 302
    row = RiskRound.objects.get()
    page = reverse("problem_loans:round", args=[row.pk])
    given = {"number": loan.number, "measure": "freeze", "cause": "Lũ", "capital": "60.000.000",
             "loss": "36.000.000", "minutes_on": "2026-11-10", "until_on": "2027-11-22"}  # fmt: skip
    adding = reverse("problem_loans:add_case", args=[row.pk])
    browser.post(adding, {**given, "number": "x"})
    misread = browser.post(adding, {**given, "loss": "36.00.000"}, follow=True).content.decode()
    assert "Chưa ghi được giá trị thiệt hại: không đọc được." in misread
    assert not RiskCase.objects.exists()
    browser.post(adding, {**given, "capital": "60 000 000", "loss": "36,000,000"})
    one = RiskCase.objects.get()
    assert (one.capital, one.loss) == (60_000_000, 36_000_000)
    shown = browser.get(page).content.decode()
    assert "Trần Văn Ao" in shown and "60%" in shown
    paper = browser.get(reverse("problem_loans:round_paper", args=[row.pk, "docx"]))
    table = Document(BytesIO(paper.content)).tables
    assert any(
        "Trần Văn Ao" in cell.text for one in table for line in one.rows for cell in line.cells
    )
    browser.post(reverse("problem_loans:submit_round", args=[row.pk]))
    boss = signed_in(director)
    shown = boss.get(page).content.decode()
    made = RiskCase.objects.get()
    assert f'value="{made.pk}" checked' in shown
    deciding = reverse("problem_loans:decide_round", args=[row.pk])
    boss.post(deciding, {"number": "15/QĐ", "case": made.pk, "key": "k-1"})
    loan.refresh_from_db()
    assert loan.frozen_to == UNTIL
    assert "15/QĐ" in boss.get(reverse("problem_loans:rounds")).content.decode()
    frozen = boss.get(reverse("problem_loans:freezes"))
    assert loan.number not in frozen.content.decode()
    with clock.fixed_today(date(2027, 6, 1)):
        assert loan.number in boss.get(reverse("problem_loans:freezes")).content.decode()
        assert boss.get(reverse("problem_loans:freezes") + "?export=xlsx").status_code == 200


def test_other_roles_are_refused_rounds(bank: Bank, risk_round: RiskRound, signed_in: Any) -> None:
    made = add_case(
        risk_round=risk_round, case=case(borrowed(bank, "Ao")), by=bank.officer, on=TODAY
    )
    finance = signed_in(person("tc", "finance", Organisation.objects.get(code="ubnd@p75")))
    for name, args in (("round", [risk_round.pk]), ("round_paper", [risk_round.pk, "docx"])):
        assert finance.get(reverse(f"problem_loans:{name}", args=args)).status_code == 403
    teller = signed_in(bank.teller)
    writes = (("open_round", []), ("add_case", [risk_round.pk]), ("submit_round", [risk_round.pk]),
              ("remove_case", [risk_round.pk, made.pk]), ("decide_round", [risk_round.pk]))  # fmt: skip
    for name, args in writes:
        assert teller.post(reverse(f"problem_loans:{name}", args=args)).status_code == 403
    other = person("cb-khac", "loan_officer", Organisation.objects.get(code="nhcsxh-pgd@004605"))
    hidden = reverse("problem_loans:round", args=[risk_round.pk])
    assert signed_in(other).get(hidden).status_code == 404
