"""Pages of applications: whose turn it is, who may take which step, what is refused and by which text, what is exported."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lending_cast import SINCE, Bank, head_of, lend, make_household, person

from tdcs.documents.reading.rows import read_rows
from tdcs.entrustment.models import GroupAccount
from tdcs.households.models import Household
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.services.applications import LoanRequest, advance, apply
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
STEPS = ("appraise", "confirm", "check", "control", "approve", "sign")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def led(bank: Bank) -> Bank:
    """The leader's account speaks for bà Hoa's group."""
    GroupAccount.objects.create(group=bank.group, user=bank.leader, starts_on=SINCE)
    return bank


def asked(
    bank: Bank, steps: int = 0, by: Any = None, household: Household | None = None
) -> LoanApplication:
    """An application of 50 million with so many of STEPS taken."""
    home = household or make_household(bank.group, "Điểu Thị Hường")
    row = apply(
        request=LoanRequest(
            household=home,
            borrower=head_of(home),
            programme="HN",
            amount=50_000_000,
            term_months=36,
            instalment_months=12,
            purpose="Nuôi bò sinh sản",
            group=bank.group,
            office=bank.office,
            source=bank.source,
        ),
        by=by or bank.leader,
        on=TODAY,
    )
    people = (bank.leader, bank.commune, bank.officer, bank.head, bank.director, bank.officer)
    for verb, who in list(zip(STEPS, people, strict=True))[:steps]:
        row = advance(application=row, verb=verb, by=who, on=TODAY)
    return row


def page(user: Any, row: LoanApplication) -> Any:
    return signed_in(user).get(reverse("loans:application", args=[row.pk]))


def step(user: Any, row: LoanApplication, verb: str, **given: Any) -> Any:
    url = reverse("loans:application", args=[row.pk])
    return signed_in(user).post(url, {"verb": verb, **given})


def form_for(bank: Bank, household: Household, **given: Any) -> dict[str, Any]:
    return {
        "household": household.pk,
        "programme": "HN",
        "amount": "50.000.000",
        "term_months": 36,
        "purpose": "Nuôi bò",
        "borrower": head_of(household).pk,
        "channel": bank.group.pk,
        "source": bank.source.pk,
        "key": "apply-thu",
        **given,
    }


def test_from_the_household_to_the_money_by_pages_alone(led: Bank) -> None:
    household = make_household(led.group, "Điểu Thị Hường")
    leader = signed_in(led.leader)
    chosen = text(leader.get(reverse("loans:apply")))
    assert household.code in chosen
    form = text(leader.get(reverse("loans:apply"), {"household": household.pk}))
    assert "Cho vay hộ nghèo" in form and "còn được vay 100.000.000 đồng" in form
    sent = leader.post(reverse("loans:apply"), form_for(led, household), follow=True)
    assert "Đã lập hồ sơ" in text(sent)
    row = LoanApplication.objects.get(household=household)
    people = (led.leader, led.commune, led.officer, led.head, led.director, led.officer)
    for verb, who in zip(STEPS, people, strict=True):
        assert f'id="buoc-{verb}"' in page(who, row).content.decode(), verb
        given = {"amount": "45.000.000"} if verb == "approve" else {}
        assert step(who, row, verb, **given).status_code == 302, verb
    paid = step(led.teller, row, "disburse", amount="45.000.000", key="disburse-thu")
    assert paid.status_code == 302
    loan = Loan.objects.get(application=row)
    assert (loan.balance, loan.household_id) == (45_000_000, household.pk)
    shown = text(page(led.officer, row))
    assert "Được phê duyệt 45.000.000" in shown and loan.number in shown


def test_why_a_programme_is_closed_stands_beside_the_form_with_its_text(bank: Bank) -> None:
    household = make_household(bank.group)
    shown = text(signed_in(bank.officer).get(reverse("loans:apply"), {"household": household.pk}))
    assert "hộ không thuộc diện: hộ cận nghèo Căn cứ: 1826/QĐ-TTg" in shown


@pytest.mark.parametrize(
    ("given", "said", "basis"),
    [
        ({"amount": "150.000.000"}, "100.000.000", "Căn cứ"),
        ({"term_months": 130}, "120", "Căn cứ"),
        ({"programme": "HCN"}, "hộ không thuộc diện: hộ cận nghèo", "1826/QĐ-TTg"),
        ({"amount": "0"}, "Số tiền phải lớn hơn 0", ""),
        ({"amount": "abc"}, "đồng", ""),
        ({"purpose": ""}, "Ghi mục đích sử dụng vốn", ""),
    ],
)
def test_what_the_law_refuses_is_said_at_the_field(
    bank: Bank, given: dict[str, Any], said: str, basis: str
) -> None:
    household = make_household(bank.group)
    answer = signed_in(bank.officer).post(
        reverse("loans:apply"), form_for(bank, household, **given)
    )
    raw = answer.content.decode()
    errors = " ".join(re.findall(r'<ul class="errorlist".*?</ul>', raw, flags=re.S))
    assert said in errors and basis in errors
    assert not LoanApplication.objects.filter(household=household).exists()


def test_a_form_sent_twice_makes_one_application(bank: Bank) -> None:
    household = make_household(bank.group)
    client = signed_in(bank.officer)
    first = client.post(reverse("loans:apply"), form_for(bank, household))
    second = client.post(reverse("loans:apply"), form_for(bank, household))
    assert first["Location"] == second["Location"]
    assert LoanApplication.objects.filter(household=household).count() == 1
    other = client.post(reverse("loans:apply"), form_for(bank, household, amount="60.000.000"))
    assert "đã dùng cho nội dung khác" in text(other)
    assert LoanApplication.objects.filter(household=household).count() == 1


def test_who_made_it_checks_nothing_and_is_told_why(bank: Bank) -> None:
    row = asked(bank, 2, by=bank.officer)
    shown = text(page(bank.officer, row))
    assert "Người đã làm một bước khác của hồ sơ này không được làm bước “Kiểm tra hồ sơ”" in shown
    refused = text(step(bank.officer, row, "check"))
    assert "phải là người khác" in refused and "Căn cứ" in refused
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_a_step_before_its_time_says_where_the_application_is(bank: Bank) -> None:
    row = asked(bank, 3)
    refused = text(step(bank.director, row, "approve", amount="50.000.000"))
    assert "đang ở bước “Cán bộ tín dụng đã kiểm tra”" in refused
    assert "Căn cứ: Quy trình cho vay" in refused


def test_a_step_of_another_role_is_forbidden(bank: Bank) -> None:
    row = asked(bank, 1)
    for who, verb in (
        (bank.director, "confirm"),
        (bank.officer, "confirm"),
        (bank.commune, "check"),
        (bank.teller, "approve"),
        (bank.auditor, "withdraw"),
    ):
        assert step(who, row, verb).status_code == 403, verb
    assert step(bank.director, row, "no-such-step").status_code == 404


def test_more_than_was_asked_is_not_approved(bank: Bank) -> None:
    row = asked(bank, 4)
    refused = text(step(bank.director, row, "approve", amount="60.000.000"))
    assert "không quá số đề nghị 50.000.000 đồng" in refused


def test_sending_back_needs_a_reason(led: Bank) -> None:
    row = asked(led, 2)
    assert "Cần ghi lý do" in text(step(led.officer, row, "return"))
    assert step(led.officer, row, "return", words="Thiếu chữ ký").status_code == 302
    shown = text(page(led.leader, row))
    assert "Trả lại bổ sung" in shown and "“Thiếu chữ ký”" in shown


def test_the_forms_of_an_application_exist_as_it_grows(bank: Bank) -> None:
    row = asked(bank, 3)
    raw = page(bank.officer, row).content.decode()
    for form in ("01-TD", "01-UQ", "03-TD"):
        url = reverse("loans:application_form", args=[row.pk, form, "docx"])
        assert url in raw and signed_in(bank.officer).get(url).status_code == 200
    assert "04-TD" not in raw
    grown = page(bank.officer, asked(bank, 6, household=make_household(bank.group, "Thị Mai")))
    assert "04-TD" in grown.content.decode() and "HDTD" in grown.content.decode()


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("unit_clerk", "ubnd@n26206"),
        ("loan_officer", "nhcsxh-pgd@004605"),
        ("office_director", "nhcsxh-pgd@004605"),
        ("group_leader", "ubnd@n26227"),
    ],
)
def test_others_neither_see_nor_touch_it(bank: Bank, role: str, unit: str) -> None:
    row = asked(bank, 1)
    far = person("nguoi-khac", role, Organisation.objects.get(code=unit))
    client = signed_in(far)
    assert page(far, row).status_code == 404
    assert step(far, row, "confirm").status_code == 404
    assert row.number not in text(client.get(reverse("loans:applications"), {"turn": "all"}))
    export = client.get(reverse("loans:applications"), {"turn": "all", "export": "csv"})
    assert row.number not in export.content.decode()
    if role in ("group_leader", "loan_officer"):
        asked_for = client.get(reverse("loans:apply"), {"household": row.household_id})
        assert asked_for.status_code == 404


def test_the_list_knows_whose_turn_it_is(bank: Bank) -> None:
    mine = asked(bank, 1)
    ahead = asked(bank, 3, household=make_household(bank.group, "Thị Mai"))
    shown = text(signed_in(bank.commune).get(reverse("loans:applications")))
    assert mine.number in shown and ahead.number not in shown
    assert "Chờ tôi: Xác nhận của UBND xã 1" in shown
    shown = text(signed_in(bank.head).get(reverse("loans:applications")))
    assert ahead.number in shown and mine.number not in shown
    shown = text(signed_in(bank.teller).get(reverse("loans:applications")))
    assert "Không có hồ sơ nào chờ bạn" in shown


def test_filters_stand_in_the_address(bank: Bank) -> None:
    one = asked(bank, 1)
    other = asked(bank, 3, household=make_household(bank.group, "Thị Mai"))
    client, url = signed_in(bank.officer), reverse("loans:applications")
    for given, there in (
        ({"q": "dieu huong"}, one),
        ({"q": other.number.lower()}, other),
        ({"state": "checked"}, other),
        ({"turn": "open", "q": "thi mai"}, other),
    ):
        shown = text(client.get(url, given))
        gone = other if there is one else one
        assert there.number in shown and gone.number not in shown, given
    assert "Không có hồ sơ nào khớp" in text(client.get(url, {"programme": "HCN", "turn": "all"}))


def test_one_who_made_the_file_does_not_find_it_waiting(bank: Bank) -> None:
    row = asked(bank, 2, by=bank.officer)
    assert row.number not in text(signed_in(bank.officer).get(reverse("loans:applications")))


def test_a_communes_list_is_confirmed_at_once_after_it_was_shown(bank: Bank) -> None:
    rows = [asked(bank, 1, household=make_household(bank.group, f"Hộ {n}")) for n in range(3)]
    ahead = asked(bank, 2, household=make_household(bank.group, "Thị Mai"))
    client, url = signed_in(bank.commune), reverse("loans:applications_bulk")
    ids = [row.pk for row in (*rows, ahead)]
    shown = text(client.post(url, {"id": ids}))
    assert "Ghi bước tiếp theo cho 3 hồ sơ?" in shown and "150.000.000" in shown
    assert "Không ghi được" in shown and ahead.number in shown
    verbs = {f"verb-{row.pk}": "confirm" for row in rows}
    sent = client.post(url, {"id": ids[:3], "sure": "1", **verbs}, follow=True)
    assert "Đã xử lý 3 hồ sơ." in text(sent)
    assert {LoanApplication.objects.get(pk=pk).state for pk in ids[:3]} == {"confirmed"}


def test_what_was_taken_meanwhile_is_named_not_taken_twice(bank: Bank) -> None:
    row = asked(bank, 2)
    client, url = signed_in(bank.commune), reverse("loans:applications_bulk")
    sent = text(client.post(url, {"id": [row.pk], "sure": "1", f"verb-{row.pk}": "confirm"}))
    assert "1 hồ sơ chưa ghi được" in sent and "đang ở bước" in sent and "Căn cứ" in sent
    alien = client.post(url, {"id": [row.pk], "sure": "1", f"verb-{row.pk}": "approve"})
    assert alien.status_code == 403


def test_exports_hold_what_the_list_shows(bank: Bank) -> None:
    row = asked(bank, 1)
    answer = signed_in(bank.officer).get(
        reverse("loans:applications"), {"turn": "all", "export": "xlsx"}
    )
    cells = [str(cell) for line in read_rows(answer.content) for cell in line.cells]
    assert row.number in cells and "50000000" in cells and "Nuôi bò sinh sản" in cells


def test_debts_of_the_household_stand_beside_what_it_asks(bank: Bank) -> None:
    household = make_household(bank.group, "Trần Văn Sáu")
    loan = lend(bank, household, on=date(2026, 3, 5))
    row = asked(bank, 0, household=household)
    answer = page(bank.officer, row)
    assert reverse("loans:loan", args=[loan.pk]) in answer.content.decode()
    assert "Hộ còn được vay 50.000.000" in text(answer)


def test_the_laws_answer_follows_what_is_typed(bank: Bank) -> None:
    household = make_household(bank.group)
    client, url = signed_in(bank.officer), reverse("loans:apply_hint")

    def hint(**given: Any) -> str:
        return text(client.get(url, {"household": household.pk, **given}))

    assert "Chọn chương trình" in hint()
    right = hint(programme="HN", amount="50.000.000", term_months="36")
    assert "năm mươi triệu đồng" in right.lower() and "6,24%/năm" in right
    assert "Kỳ trả gốc theo quy định: 24 tháng" in right and "Vượt" not in right
    assert "Vượt số còn được vay 100.000.000 đồng" in hint(programme="HN", amount="120.000.000")
    assert "Vượt thời hạn tối đa 120 tháng" in hint(programme="HN", term_months="121")
    assert "chưa đủ điều kiện" in hint(programme="HCN", amount="1")
    far = person("nguoi-khac", "loan_officer", Organisation.objects.get(code="nhcsxh-pgd@004605"))
    assert signed_in(far).get(url, {"household": household.pk}).status_code == 404
