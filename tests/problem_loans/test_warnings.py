"""Warnings begin, go on and end with the closed days; people see those of their unit and note on them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.urls import reverse
from lending_cast import Bank, key, lend, make_group, make_household, person, savings_of

from tdcs.audit.models import AuditLine
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import ROW
from tdcs.closing.store import rules_type, summed
from tdcs.core import clock
from tdcs.core.columns import day_number
from tdcs.core.errors import Refusal
from tdcs.entrustment.services.savings import deposit, withdraw
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Kind, Level, Organisation
from tdcs.problem_loans.models import EarlyWarning
from tdcs.problem_loans.queries.book import payment_days, withdrawals
from tdcs.problem_loans.queries.scope import visible_warnings
from tdcs.problem_loans.queries.waiting import waiting_for
from tdcs.problem_loans.services.warning import note, raise_warnings

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
FIRST = date(2026, 6, 10)


def code_of(act: Any) -> str:
    with pytest.raises(Refusal) as said:
        act()
    assert said.value.sentence("en") != said.value.sentence("vi")
    return str(said.value.code)


def pay(bank: Bank, loan: Loan, on: date, interest: int = 300_000) -> None:
    line = Collection(loan_id=loan.pk, interest=interest)
    sheet = Sheet(key=key(), office_id=bank.office.pk, group_id=bank.group.pk, lines=(line,))
    with clock.fixed_today(on):
        collect_sheet(sheet=sheet, by=bank.teller, on=on)


@pytest.fixture
def silent(bank: Bank, tmp_path: Path, settings: Any) -> Loan:
    """Two loans of June; one pays on the 15th of each month from July on, the other never."""
    settings.HOME = tmp_path
    loans = []
    for name in ("Trần Văn Im", "Lê Thị Đều"):
        with clock.fixed_today(FIRST):
            loans.append(lend(bank, make_household(bank.group, name), on=FIRST))
    for month in (7, 8, 9, 10, 11):
        pay(bank, loans[1], date(2026, month, 15), interest=200_000)
    return loans[0]


ENDS = [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]


def close(*loans: tuple[Loan, bool], day: date) -> None:
    """A closed day as the store keeps it, of loans with 300,000 a month of interest; those that pay owe the last month's alone."""
    kept, number = store(), day.month - 6
    rows = []
    for loan, pays in loans:
        area = loan.group.profiles.get().area_id
        rows.append({
            "loan": loan.pk, "household": loan.household_id, "group": loan.group_id, "office": loan.office_id,
            "commune": area, "programme": loan.programme, "lent": loan.balance, "lent_0": loan.balance,
            "in_time": loan.balance, "accrued": number * 300_000 + 300_000, "accrued_0": number * 300_000,
            "collected": number * 300_000 * pays, "collected_0": (number - 1) * 300_000 * pays,
        })  # fmt: skip
    frame = pl.DataFrame(rows)
    nothing = {name: pl.lit(0) for name in ROW if name not in frame.columns}
    frame = frame.with_columns(**nothing).select(pl.col(n).cast(rules_type(n)) for n in ROW)
    with kept.writing(day, "", "", kept.book or "test") as out:
        out.add("rows-000.parquet", frame, offices=sorted(set(frame["office"].to_list())))
        out.add("sums-000.parquet", summed(frame, day_number(day.replace(day=1))))


@pytest.fixture
def closed(silent: Loan) -> Loan:
    """The ends of four months and 22/11 are closed; the silent loan."""
    other = Loan.objects.exclude(pk=silent.pk).get()
    for day in (*ENDS, date(2026, 11, 22)):
        close((silent, False), (other, True), day=day)
    return silent


def test_a_silent_household_is_warned_of_until_it_pays(bank: Bank, closed: Loan) -> None:
    done = raise_warnings(by=bank.head, on=TODAY)
    assert done.day == date(2026, 11, 22)
    found = EarlyWarning.objects.get(kind="silent")
    assert found.household_id == closed.household_id
    assert (found.group, found.office, found.level) == (bank.group, bank.office, 2)
    assert found.facts["figure"] == 4
    again = raise_warnings(by=bank.head, on=TODAY)
    assert (again.new, again.still, again.over) == (0, done.new, 0)
    close((closed, True), (Loan.objects.exclude(pk=closed.pk).get(), True), day=TODAY)
    after = raise_warnings(by=None, on=TODAY)
    found.refresh_from_db()
    assert found.ended_on == TODAY and after.over >= 1
    line = AuditLine.objects.filter(action="warnings.raise").order_by("-pk").first()
    assert line is not None and line.data["over"] == after.over


def test_raising_is_refused(bank: Bank, tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    assert code_of(lambda: raise_warnings(by=None, on=TODAY)) == "warnings_no_closed_day"
    assert code_of(lambda: raise_warnings(by=bank.teller, on=TODAY)) == "problem_loans_out_of_scope"


def test_days_and_savings_of_the_events(bank: Bank, silent: Loan) -> None:
    rows = payment_days(TODAY).to_dicts()
    assert {(row["group"], row["households"]) for row in rows} == {(bank.group.pk, 1)}
    assert len(rows) == 4  # August to November; July lies too far back
    account = savings_of(silent.household, bank)
    deposit(account=account, amount=500_000, by=bank.teller, on=date(2026, 10, 1), key=key())
    withdraw(account=account, amount=400_000, by=bank.teller, on=date(2026, 11, 2), key=key())
    (row,) = withdrawals(TODAY).to_dicts()
    assert (row["household"], row["withdrawn"], row["held"]) == (
        silent.household_id,
        400_000,
        500_000,
    )


def made(bank: Bank, **given: Any) -> EarlyWarning:
    """A warning written past the rules."""
    row = {
        "kind": "silent_share", "place": "group", "subject": f"group:{bank.group.pk}", "group": bank.group,
        "office": bank.office, "commune": bank.group.profiles.get().area, "level": 2, "first_on": TODAY,
        "last_on": TODAY, "law_hash": "x", "facts": {"figure": 300_000, "count": 3, "amount": 5},
    }  # fmt: skip
    return EarlyWarning.objects.create(**{**row, **given})


def test_who_sees_which_warnings(bank: Bank) -> None:
    group, other = made(bank), Organisation.objects.get(code="nhcsxh-pgd@004605")
    commune = made(bank, place="commune", subject="commune:1", group=None)
    far = made(bank, subject="group:0", group=make_group(other, "x"), office=other, commune=None)
    assert set(visible_warnings(bank.officer)) == {group, commune}
    assert set(visible_warnings(bank.commune)) == {group, commune}
    assert set(visible_warnings(bank.auditor)) >= {group, commune}
    planner = person("kh", "branch_planner", Organisation.objects.get(code="nhcsxh-chi-nhanh@p75"))
    assert set(visible_warnings(planner)) == {group, commune, far}
    department = Organisation.objects.filter(kind=Kind.DEPARTMENT, level=Level.PROVINCE)
    reader = person("so", "unit_clerk", department.filter(type="so-tai-chinh").get())
    assert set(visible_warnings(reader)) == {commune}
    assert set(visible_warnings(bank.leader)) == set()


def test_a_note_has_a_next_step_with_its_day(bank: Bank) -> None:
    row = made(bank)
    assert [line.count for line in waiting_for(bank.officer, TODAY)] == [1]
    note(warning=row, words="Đã gặp tổ trưởng", next_step="Họp tổ", next_on=TODAY, by=bank.officer,
         on=TODAY)  # fmt: skip
    row.refresh_from_db()
    assert (row.noted_on, row.next_on) == (TODAY, TODAY)
    (line,) = waiting_for(bank.officer, TODAY)
    assert line.query == "stage=due"
    note(warning=row, words="Đã họp", by=bank.officer, on=TODAY)
    assert waiting_for(bank.officer, TODAY) == []
    assert waiting_for(bank.teller, TODAY) == []
    assert AuditLine.objects.filter(action="warnings.note").count() == 2


def test_notes_are_refused(bank: Bank) -> None:
    row = made(bank)

    def noted(by: Any = None, **given: Any) -> Any:
        words = {"words": "Đã gặp", **given}
        return lambda: note(warning=row, by=by or bank.officer, on=TODAY, **words)

    assert code_of(noted(words="  ")) == "warning_note_incomplete"
    assert code_of(noted(next_step="Họp")) == "warning_note_incomplete"
    assert code_of(noted(next_on=TODAY)) == "warning_note_incomplete"
    past = noted(next_step="Họp", next_on=TODAY - timedelta(days=1))
    assert code_of(past) == "warning_note_incomplete"
    assert code_of(noted(by=bank.teller)) == "problem_loans_out_of_scope"
    other = Organisation.objects.get(code="nhcsxh-pgd@004605")
    assert code_of(noted(by=person("xa-khac", "loan_officer", other))) == (
        "problem_loans_out_of_scope"
    )
    EarlyWarning.objects.update(ended_on=TODAY)
    assert code_of(noted()) == "warning_over"


def test_the_pages(bank: Bank, signed_in: Any) -> None:
    row = made(bank)
    officer = signed_in(bank.officer)
    page = officer.get(reverse("problem_loans:warnings"))
    assert "Tổ bà Hoa" in page.content.decode() and "30,0%" in page.content.decode()
    assert b"silent_share" not in officer.get(
        reverse("problem_loans:warnings") + "?kind=silent"
    ).content.replace(b"kind=silent_share", b"")
    for fmt in ("xlsx", "csv", "pdf"):
        file = officer.get(reverse("problem_loans:warnings") + f"?export={fmt}")
        assert file.status_code == 200 and len(file.content) > 100
    address = reverse("problem_loans:note_warning", args=[row.pk])
    given = {"words": "Đã gặp", "next_step": "Họp tổ", "next_on": "2026-12-01"}
    assert officer.post(address, given).status_code == 302
    page = officer.get(reverse("problem_loans:warning", args=[row.pk])).content.decode()
    assert "Họp tổ" in page and "01/12/2026" in page
    assert "stage=due" not in page


def test_other_roles_are_refused(bank: Bank, signed_in: Any) -> None:
    row = made(bank)
    finance = person("tai-chinh", "finance", Organisation.objects.get(code="ubnd@p75"))
    for name, args in (("warnings", []), ("warning", [row.pk])):
        address = reverse(f"problem_loans:{name}", args=args)
        assert signed_in(finance).get(address).status_code == 403
    note_address = reverse("problem_loans:note_warning", args=[row.pk])
    assert signed_in(bank.teller).post(note_address, {"words": "x"}).status_code == 403
    raising = reverse("problem_loans:raise_warnings")
    assert signed_in(bank.officer).post(raising).status_code == 403
    other = person("pgd-khac", "loan_officer", Organisation.objects.get(code="nhcsxh-pgd@004605"))
    hidden = reverse("problem_loans:warning", args=[row.pk])
    assert signed_in(other).get(hidden).status_code == 404


def test_the_button_computes_again(bank: Bank, closed: Loan, signed_in: Any) -> None:
    head = signed_in(bank.head)
    answer = head.post(reverse("problem_loans:raise_warnings"), follow=True)
    assert "22/11/2026" in answer.content.decode()
    assert "Trần Văn Im" in answer.content.decode()
