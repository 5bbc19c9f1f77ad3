"""Forms filled from real applications, loans, requests and groups."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from forms_grounds import LED
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, approved, head_of, key, lend, make_household, savings_of

from tdcs.core import clock
from tdcs.documents.forms import forms, render_docx, render_pdf
from tdcs.documents.forms.filling import holes, summed, value_at
from tdcs.documents.forms.model import Beside, Checks, Listing, PrintedLine, Signatures
from tdcs.households.models import HouseholdMember, Person
from tdcs.loans.composing.forms import context_for, day_of_paper
from tdcs.loans.composing.inheriting import agreement_of
from tdcs.loans.models import ChangeRequest, HeirRequest, Loan
from tdcs.loans.services.changing import ChangeDraft, ask_change, reverse_event
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

TODAY = date(2026, 11, 23)
LENT = date(2026, 3, 10)


OWED = Ground(
    lambda bank: lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=LENT), TODAY, LED
)


@pytest.fixture
@stands_on(OWED)
def loan(bank: Bank) -> Loan:
    """50 million for 36 months, an instalment every 12, made after 1/3/2026."""
    found: Loan = GROUNDS.value(OWED)
    return found


def pay(bank: Bank, loan: Loan, on: date, interest: int, **more: int) -> None:
    """One line of a group's sheet."""
    line = Collection(loan.pk, interest=interest, **more)
    sheet = Sheet(key(), bank.office.pk, bank.group.pk, (line,))
    collect_sheet(sheet=sheet, by=bank.teller, on=on)


def test_an_application_says_who_asks_for_what(bank: Bank) -> None:
    application = approved(bank, make_household(bank.group, "Trần Thị Bé"), on=LENT)
    context = context_for("01/TD", application, LENT)
    assert context["borrower"]["name"] == "Trần Thị Bé"
    assert context["household"]["address"] == "Ấp 1, xã La Ngà, tỉnh Đồng Nai"
    later = context_for("01/TD", application, TODAY)
    assert later["household"]["address"] == "Ấp 1, xã La Ngà, thành phố Đồng Nai"
    assert context["group"]["name"] == "bà Hoa"
    assert context["group"]["leader"] == "Nguyễn Thị Hoa"
    assert context["group"]["mass_organisation"] == "Hội Liên hiệp Phụ nữ xã La Ngà"
    assert context["office"]["name"] == "Phòng giao dịch Ngân hàng Chính sách xã hội Định Quán"
    assert context["deal"]["asked"] == context["deal"]["approved"] == 50_000_000
    assert (context["deal"]["rate_ppm"], context["deal"]["overdue_ppm"]) == (62_400, 81_120)
    assert context["household"]["kinds"] == ["poor"]
    assert context["signers"]["director"] == "giam-doc"


def test_identity_numbers_are_masked_unless_asked_in_full(bank: Bank) -> None:
    application = approved(bank, make_household(bank.group), on=LENT)
    number = head_of(application.household).identity_number
    assert context_for("01/TD", application, LENT)["borrower"]["identity"] != number
    assert context_for("01/TD", application, LENT, full=True)["borrower"]["identity"] == number


def test_the_list_holds_who_was_appraised_on_that_day(bank: Bank) -> None:
    first = approved(bank, make_household(bank.group, "An"), on=LENT)
    approved(bank, make_household(bank.group, "Bình"), on=LENT, amount=30_000_000)
    approved(bank, make_household(bank.group, "Chi"), on=date(2026, 4, 10))
    context = context_for("03/TD", first, LENT)
    assert [row["name"] for row in context["applicants"]] == ["An", "Bình"]
    assert summed(context["applicants"], "amount") == 80_000_000
    assert context["applicants"][0]["kind"] == "Hộ nghèo"
    assert {row["confirmed"] for row in context["applicants"]} == {"Có"}
    notice = context_for("04/TD", first, LENT)
    assert [row["approved"] for row in notice["approved"]] == [50_000_000, 30_000_000]


def test_a_loan_of_the_contract_has_its_schedule(loan: Loan, words_of: Any) -> None:
    with clock.fixed_today(LENT):
        context = context_for("HĐTD", loan, LENT)
    assert sum(row["principal"] for row in context["schedule"]) == 50_000_000
    words = words_of(render_docx(forms()["HĐTD"], context))
    assert "Năm mươi triệu đồng" in words
    assert "6,24%/năm (0,52%/tháng)" in words
    assert "8,112%/năm, bằng 130%" in words
    assert "chuyển sang nợ quá hạn" in words


def test_the_loan_book_tells_the_balance_after_each_event(bank: Bank, loan: Loan) -> None:
    pay(bank, loan, date(2026, 4, 15), 200_000)
    pay(bank, loan, date(2026, 5, 15), 0, principal=1_000_000)
    rows = context_for("SVV", loan, TODAY)["events"]
    assert [(row["words"], row["balance"]) for row in rows] == [
        ("Giải ngân", 50_000_000),
        ("Trả lãi", 50_000_000),
        ("Trả gốc", 49_000_000),
    ]
    assert rows[1]["interest"] == 200_000


def test_the_sheet_says_what_is_due_and_what_was_paid(bank: Bank, loan: Loan) -> None:
    day = date(2026, 4, 15)
    account = savings_of(loan.household, bank)
    before = context_for("13/TD", bank.group, day)
    # 50,000,000 × 6.24% × 36 days / 365, half up.
    assert [row["interest_due"] for row in before["lines"]] == [307_726]
    assert before["lines"][0]["interest"] is None
    assert before["paid"]["total"] is None
    pay(bank, loan, day, 307_726, savings=50_000, savings_account=account.pk)
    after = context_for("13/TD", bank.group, day)
    [row] = after["lines"]
    assert (row["interest_due"], row["interest"]) == (307_726, 307_726)
    assert (row["savings_balance"], row["savings"]) == (0, 50_000)
    assert after["paid"]["total"] == 357_726


def test_overdue_instalments_add_up_to_what_is_overdue(loan: Loan) -> None:
    day = date(2027, 4, 1)
    context = context_for("14/TD", loan, day)
    assert context["standing"]["overdue"] > 0
    assert summed(context["missed"], "overdue") == context["standing"]["overdue"]
    assert context["missed"][0]["session_on"] < day


def test_nothing_overdue_gives_an_empty_list(loan: Loan, words_of: Any) -> None:
    context = context_for("14/TD", loan, TODAY)
    assert context["missed"] == []
    assert "Không có kỳ hạn quá hạn" in words_of(render_docx(forms()["14/TD"], context))


def test_a_request_ticks_what_is_asked(bank: Bank, loan: Loan) -> None:
    asked = _freeze(bank, loan)
    context = context_for("01/XLN", asked, TODAY)
    assert context["change"]["kind"] == "freeze"
    assert context["change"]["freeze_to"] == date(2028, 11, 23)
    assert context["change"]["extend_to"] is None
    assert context["change"]["loss_band"] == "middle"
    assert (
        summed(context_for("02/XLN", asked, TODAY)["parts"], "amount")
        == (context["standing"]["owed"])
    )


def test_a_round_gathers_the_office_s_cases(bank: Bank, loan: Loan) -> None:
    first = _freeze(bank, loan)
    other = lend(bank, make_household(bank.group, "Bùi Văn Tư"), on=LENT, amount=20_000_000)
    _freeze(bank, other)
    local = lend(bank, make_household(bank.group, "Đỗ Thị Sáu"), on=LENT, source=bank.local)
    _freeze(bank, local)
    context = context_for("04/XLN", first, TODAY)
    assert [case["name"] for case in context["freezes"]] == ["Bùi Văn Tư", "Lê Thị Hoa"]
    assert summed(context["freezes"], "principal") == 70_000_000
    assert context["round"]["words"] == "2 năm 2026, nguồn vốn trung ương"
    assert context["write_offs"] == []


def _freeze(bank: Bank, loan: Loan) -> ChangeRequest:
    return ask_change(
        loan=loan,
        change=ChangeDraft(
            kind="freeze", cause="Lũ cuốn trôi bò", until_on=date(2028, 11, 23), loss_percent=60
        ),
        by=bank.officer,
        on=TODAY,
    )


def _heir(loan: Loan) -> HeirRequest:
    """A son of the household is to take the debt over."""
    son = Person.objects.create(full_name="Trần Văn Sơn", search="tran van son")
    HouseholdMember.objects.create(
        household=loan.household, person=son, relation="Con", starts_on=loan.disbursed_on
    )
    made: HeirRequest = HeirRequest.objects.create(
        household=loan.household,
        deceased=loan.borrower,
        heir=son,
        died_on=TODAY,
        death_paper="12/2026",
        agreed_on=TODAY,
        since=TODAY,
        why="Thỏa thuận",
        asked_on=TODAY,
    )
    return made


def test_every_hole_of_every_form_is_filled_by_its_builder(bank: Bank, loan: Loan) -> None:
    """A mistyped path would print dots for ever: each path must at least be a key of the context."""
    subjects = {
        "application": loan.application,
        "loan": loan,
        "request": _freeze(bank, loan),
        "group": bank.group,
        "heir": _heir(loan),
    }
    for number, form in forms().items():
        for kind in form.subjects:
            context = (
                agreement_of(subjects[kind])
                if kind == "heir"
                else context_for(number, subjects[kind], TODAY)
            )
            for path in _paths(form):
                assert _known(context, path), (number, kind, path)
            assert render_pdf(form, context)[:5] == b"%PDF-"


def _known(context: Any, path: str) -> bool:
    above, _, last = path.rpartition(".")
    found = value_at(context, above) if above else context
    return found is not None and last in found


def _paths(form: Any) -> set[str]:
    templates = [form.subtitle, form.parent, form.issuer, form.reference, form.place]
    paths = {entry.when for entry in form.blocks if entry.when}
    for entry in form.blocks:
        block = entry.block
        if isinstance(block, PrintedLine):
            templates.append(block.template)
        elif isinstance(block, Beside):
            templates += block.templates
        elif isinstance(block, Checks):
            templates += [block.label, *(words for _, words in block.choices)]
            paths.add(block.value)
        elif isinstance(block, Listing):
            paths.add(block.rows)
        elif isinstance(block, Signatures):
            for signer in block.signers:
                templates += [signer.title, signer.name, signer.before]
    return paths | {hole.path for template in templates for hole in holes(template)}


def test_every_column_of_every_table_is_a_value_of_its_rows(bank: Bank, loan: Loan) -> None:
    savings_of(loan.household, bank)
    subjects = {
        "application": loan.application,
        "loan": loan,
        "request": _freeze(bank, loan),
        "group": bank.group,
        "heir": _heir(loan),
    }
    for number, form in forms().items():
        on = date(2027, 4, 1) if number == "14/TD" else TODAY
        kind = form.subjects[0]
        context = (
            agreement_of(subjects[kind])
            if kind == "heir"
            else context_for(number, subjects[kind], on)
        )
        for listing in [e.block for e in form.blocks if isinstance(e.block, Listing)]:
            for row in value_at(context, listing.rows):
                for column in listing.columns:
                    known = column.key == "#" or column.key.strip("{}").split("|")[0] in row
                    assert known, (number, column.key)


def test_a_list_asks_the_database_a_fixed_number_of_times(
    bank: Bank, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        first = approved(bank, make_household(bank.group, f"Hộ {number}"), on=LENT)
    with django_assert_max_num_queries(40):
        assert len(context_for("03/TD", first, LENT)["applicants"]) == 12


def test_a_contract_not_yet_paid_out_has_the_same_values_without_days(
    bank: Bank, loan: Loan
) -> None:
    signed = approved(bank, make_household(bank.group, "Võ Văn Năm"), on=TODAY)
    deal = context_for("HĐTD", signed, TODAY)["deal"]
    assert set(deal) == set(context_for("HĐTD", loan, TODAY)["deal"])
    assert (deal["amount"], deal["disbursed_on"], deal["signed_on"]) == (50_000_000, None, TODAY)


def test_a_direct_loan_has_no_group_and_still_prints(bank: Bank, loan: Loan, words_of: Any) -> None:
    application = loan.application
    assert application is not None
    application.group = loan.group = None
    words = words_of(render_docx(forms()["01/TD"], context_for("01/TD", application, TODAY)))
    assert "Là tổ viên" not in words
    assert "Lê Thị Hoa" in words
    assert "Lê Thị Hoa" in words_of(render_docx(forms()["SVV"], context_for("SVV", loan, TODAY)))
    assert len(context_for("03/TD", application, TODAY)["applicants"]) == 1


def test_a_group_without_loans_has_an_empty_sheet(bank: Bank, words_of: Any) -> None:
    context = context_for("13/TD", bank.group, TODAY)
    assert (context["lines"], context["paid"]["total"]) == ([], None)
    assert "Tổ không có tổ viên còn dư nợ." in words_of(render_docx(forms()["13/TD"], context))


def test_a_saver_without_a_loan_stands_on_the_sheet(bank: Bank, loan: Loan) -> None:
    saver = make_household(bank.group, "Hồ Thị Út")
    account = savings_of(saver, bank)
    both = savings_of(loan.household, bank)
    day = date(2026, 4, 15)
    line = Collection(loan.pk, interest=1000, savings=20_000, savings_account=both.pk)
    sheet = Sheet(key(), bank.office.pk, bank.group.pk, (line,))
    collect_sheet(sheet=sheet, by=bank.teller, on=day)
    rows = context_for("13/TD", bank.group, date(2026, 5, 15))["lines"]
    assert [(row["name"], row["balance"], row["savings_balance"]) for row in rows] == [
        ("Lê Thị Hoa", 50_000_000, 20_000),
        ("Hồ Thị Út", None, 0),
    ]
    assert account.balance == 0


def test_a_reversed_payment_is_not_on_the_sheet(bank: Bank, loan: Loan) -> None:
    day = date(2026, 4, 15)
    pay(bank, loan, day, 100_000)
    event = loan.events.get(kind="interest")
    reverse_event(event=event, why="ghi nhầm hộ", by=bank.accountant, on=day, key=key())
    [row] = context_for("13/TD", bank.group, day)["lines"]
    assert (row["interest_due"], row["interest"]) == (307_726, None)
    assert [row["words"] for row in context_for("SVV", loan, TODAY)["events"]] == ["Giải ngân"]


def test_a_paper_stands_on_its_own_day(bank: Bank, loan: Loan) -> None:
    """Printed again in November, the contract of March still names the province of March."""
    asked = _freeze(bank, loan)
    application = loan.application
    assert application is not None
    days = {
        ("HĐTD", loan): LENT,
        ("HĐTD", application): LENT,
        ("01/TD", application): LENT,
        ("04/TD", application): LENT,
        ("SVV", loan): TODAY,
        ("01/XLN", asked): TODAY,
        ("04/XLN", asked): date(2027, 1, 5),
        ("13/TD", bank.group): date(2027, 1, 5),
    }
    for (number, subject), day in days.items():
        today = day if number in ("04/XLN", "13/TD") else TODAY
        assert day_of_paper(number, subject, today) == day, number
    context = context_for("HĐTD", loan, day_of_paper("HĐTD", loan, TODAY))
    assert context["household"]["address"].endswith("tỉnh Đồng Nai")


def test_what_was_paid_counts_for_the_oldest_instalment(bank: Bank, loan: Loan) -> None:
    pay(bank, loan, date(2026, 5, 15), 0, principal=18_000_000)
    context = context_for("14/TD", loan, date(2028, 4, 1))
    # 16.6 + 16.6 due by then, 18 paid: the first is settled, of the second 15.2 million are late.
    rows = [(row["number"], row["paid"], row["overdue"]) for row in context["missed"]]
    assert rows == [(2, 1_400_000, 15_200_000)]
    assert context["standing"]["overdue"] == 15_200_000


def test_an_older_loan_is_overdue_at_its_end_only(bank: Bank) -> None:
    old = lend(bank, make_household(bank.group, "Cao Thị Ba"), on=date(2024, 3, 5))
    assert context_for("14/TD", old, date(2026, 6, 1))["missed"] == []
    context = context_for("14/TD", old, date(2027, 6, 1))
    assert summed(context["missed"], "overdue") == 50_000_000 == context["standing"]["overdue"]
    assert "chuyển sang kỳ hạn kế tiếp" in context["deal"]["missed_words"]
