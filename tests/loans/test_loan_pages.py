"""The list and the page of loans: what is told, by whom it may be seen, how it stood on a day, how many queries it takes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, key, lend, make_household, person
from lending_grounds import BANK

from tdcs.core import clock
from tdcs.documents.reading.rows import read_rows
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.services.changing import (
    ChangeDecision,
    ChangeDraft,
    ask_change,
    decide_change,
    reverse_event,
)
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 5)
# After all that the fixture writes: a book does not go back.
OCTOBER = date(2026, 10, 5)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def text(answer: Any) -> str:
    """The words of a page without its markup."""
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def page_of(user: Any, loan: Loan, **asked: str) -> str:
    return text(signed_in(user).get(reverse("loans:loan", args=[loan.pk]), asked))


def collect(bank: Bank, loan: Loan, on: date, **amounts: int) -> None:
    line = Collection(loan_id=loan.pk, **amounts)
    sheet = Sheet(key=key(), office_id=bank.office.pk, group_id=None, lines=(line,))
    with clock.fixed_today(on):
        collect_sheet(sheet=sheet, by=bank.teller, on=on)


def _paid_on(bank: Bank) -> Loan:
    made = lend(bank, make_household(bank.group, "Điểu Thị Hường"), on=MARCH)
    collect(bank, made, date(2026, 4, 15), interest=300_000)
    collect(bank, made, date(2026, 9, 15), principal=8_000_000)
    made.refresh_from_db()
    return made


PAID_ON = Ground(_paid_on, date(2026, 11, 23), BANK)


@pytest.fixture
@stands_on(PAID_ON)
def loan(bank: Bank) -> Loan:
    """50 million at 6.6% since 5 March 2026; interest of a month and 8 million of principal paid."""
    found: Loan = GROUNDS.value(PAID_ON)
    return found


def test_the_page_tells_how_the_loan_stands_and_why(bank: Bank, loan: Loan) -> None:
    page = page_of(bank.officer, loan)
    now = balances_on([loan], date(2026, 11, 23))[loan.pk]
    for amount in (now.balance, now.accrued, now.interest_due):
        assert f"{amount:,}".replace(",", ".") in page
    assert "42.000.000" in page and "8.000.000" in page and "Điểu Thị Hường" in page
    assert "Dư nợ = đã giải ngân − gốc đã trả − gốc đã xóa" in page
    assert "130% × quá hạn" in page and "Lãi suất: 6,24%/năm" in page
    assert "÷ 365; ngày giải ngân" in page and "Điều 5, 14/2017/TT-NHNN" in page
    assert "gia hạn thêm không quá" in page and "50/2010/QĐ-TTg" in page and "62/QĐ-HĐQT" in page
    assert "CV-597-2026" in page or "597" in page
    assert "Nguồn vốn" in page and bank.source.name in page
    assert page.count("vì sao?") >= 8


def test_the_stretches_add_up_to_the_interest(bank: Bank, loan: Loan) -> None:
    answer = signed_in(bank.officer).get(reverse("loans:loan", args=[loan.pk]))
    story = answer.context["story"]
    assert [row.in_time + row.overdue for row in story.stretches] == [50_000_000, 42_000_000]
    assert sum(row.days for row in story.stretches) == (date(2026, 11, 23) - MARCH).days + 1
    # 50,000,000 × 194 days and 42,000,000 × 70 days at 6.6%/365, each day by hand.
    by_hand = (50_000_000 * 194 + 42_000_000 * 70) * 62_400 / (365 * 10**6)
    assert abs(sum(row.interest for row in story.stretches) - round(by_hand)) < 1
    assert story.now.accrued == round(by_hand)
    assert story.may_collect == round(by_hand - 42_000_000 * 62_400 / (365 * 10**6)) - 300_000


def test_the_schedule_shows_three_days_and_what_is_paid(bank: Bank, loan: Loan) -> None:
    answer = signed_in(bank.officer).get(reverse("loans:loan", args=[loan.pk]))
    parts = answer.context["story"].parts
    first = parts[0]
    assert (first.contract_due_on, first.due_on, first.session_on) == (
        date(2027, 3, 5),
        date(2027, 3, 5),
        date(2027, 2, 15),
    )
    assert (first.paid, first.mark, parts[1].mark) == (8_000_000, "next", "later")
    assert sum(part.left for part in parts) == 42_000_000


def test_a_day_in_the_past_is_told_as_such(bank: Bank, loan: Loan) -> None:
    page = page_of(bank.officer, loan, on="2026-08-01")
    assert "như cuối ngày 01/08/2026" in page and "về hôm nay" in page
    assert "Dư nợ gốc vì sao? 50.000.000" in page and "8.000.000" not in page
    early = page_of(bank.officer, loan, on="2020-01-01")
    assert "như cuối ngày 05/03/2026" in early
    assert "như cuối ngày" not in page_of(bank.officer, loan, on="2030-01-01")
    answer = signed_in(bank.officer).get(
        reverse("loans:loan", args=[loan.pk]), {"on": "2026-08-01"}
    )
    assert 'class="where past"' in answer.content.decode()


def test_a_reversed_event_is_struck_and_names_its_counter_event(bank: Bank, loan: Loan) -> None:
    event = LoanEvent.objects.get(loan=loan, kind="principal")
    on = date(2026, 9, 15)
    with clock.fixed_today(on):
        reverse_event(event=event, why="Ghi nhầm người", by=bank.accountant, on=on, key=key())
    answer = signed_in(bank.accountant).get(reverse("loans:loan", args=[loan.pk]))
    raw = answer.content.decode()
    assert "<s>Thu gốc</s>" in raw and "<s>8.000.000</s>" in raw and "đã đảo" in raw
    counter = LoanEvent.objects.get(reverses=event)
    assert f'href="#su-kien-{counter.pk}"' in raw
    assert reverse("ledger:entry", args=[event.entry_id]) in raw
    assert "Dư nợ gốc vì sao? 50.000.000" in text(answer)


def test_many_collections_of_interest_are_one_line_that_opens(bank: Bank) -> None:
    made = lend(bank, make_household(bank.group, "Trần Văn Sáu"), on=MARCH)
    for month in (4, 5, 6, 7, 8):
        collect(bank, made, date(2026, month, 15), interest=200_000)
    page = page_of(bank.officer, made)
    assert "5 lần thu lãi · 15/04/2026 – 15/08/2026 1.000.000" in page


def test_an_extension_moves_the_last_day_and_keeps_the_contracts(bank: Bank, loan: Loan) -> None:
    on = date(2026, 11, 20)
    with clock.fixed_today(on):
        asked = ask_change(
            loan=loan,
            change=ChangeDraft(kind="extend", until_on=date(2029, 9, 5), cause="Bò bị dịch"),
            by=bank.officer,
            on=on,
        )
        decide_change(
            request=asked,
            decision=ChangeDecision(approve=True, number="07"),
            by=bank.director,
            on=on,
            key=key(),
        )
    answer = signed_in(bank.officer).get(reverse("loans:loan", args=[loan.pk]))
    last = answer.context["story"].parts[-1]
    assert (last.contract_due_on, last.due_on) == (date(2029, 3, 5), date(2029, 9, 5))
    page = text(answer)
    assert "đã dời" in page and "hạn cuối đến 05/09/2029" in page and "Bò bị dịch" in page


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("unit_clerk", "ubnd@n26206"),
        ("loan_officer", "nhcsxh-pgd@004605"),
        ("group_leader", "ubnd@n26227"),
    ],
)
def test_another_communes_or_offices_people_do_not_see_it(
    bank: Bank, loan: Loan, role: str, unit: str
) -> None:
    far = person("nguoi-khac", role, Organisation.objects.get(code=unit))
    client = signed_in(far)
    assert client.get(reverse("loans:loan", args=[loan.pk])).status_code == 404
    assert loan.number not in text(client.get(reverse("loans:loans"), {"state": "all"}))
    export = client.get(reverse("loans:loans"), {"export": "csv", "state": "all"})
    assert loan.number not in export.content.decode()
    assert "Khoản vay 0" in text(client.get(reverse("loans:loans_totals")))


def test_the_communes_clerk_sees_it(bank: Bank, loan: Loan) -> None:
    assert loan.number in text(signed_in(bank.commune).get(reverse("loans:loans")))
    assert "42.000.000" in page_of(bank.commune, loan)


def test_a_role_without_lending_is_refused(bank: Bank, loan: Loan) -> None:
    admin = person(
        "quan-tri", "system_admin", Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    )
    client = signed_in(admin)
    for url in (reverse("loans:loan", args=[loan.pk]), reverse("loans:loans")):
        assert client.get(url).status_code == 403


def test_forms_apply_to_what_the_loan_is(bank: Bank, loan: Loan) -> None:
    raw = signed_in(bank.officer).get(reverse("loans:loan", args=[loan.pk])).content.decode()
    for form in ("08-TD", "09-TD", "14-TD", "HDTD"):
        assert f"/mau/khoan-vay/{loan.pk}/{form}/docx/" in raw, form
    assert "XLN" not in raw
    assert reverse("loans:group_sheet", args=[bank.group.pk, "pdf"]) in raw
    for found in re.findall(r'href="(/vay/mau/[^"]+docx/)"', raw):
        assert signed_in(bank.officer).get(found).status_code == 200, found


def test_the_list_filters_by_the_truth_of_the_day(bank: Bank) -> None:
    late = lend(bank, make_household(bank.group, "Thị Mai"), on=date(2023, 9, 5), term=36)
    loan = lend(bank, make_household(bank.group), on=MARCH, amount=42_000_000)
    # Nothing happened to it since: its row still says what it was on its last event.
    assert Loan.objects.get(pk=late.pk).state == "in_time"
    client = signed_in(bank.officer)
    listed = text(client.get(reverse("loans:loans"), {"state": "overdue"}))
    assert late.number in listed and loan.number not in listed
    listed = text(client.get(reverse("loans:loans"), {"state": "in_time"}))
    assert loan.number in listed and late.number not in listed
    both = text(client.get(reverse("loans:loans_totals")))
    assert "Khoản vay 2" in both and "Dư nợ 92.000.000" in both and "Quá hạn 50.000.000" in both


def test_a_missed_instalment_shows_in_list_totals_and_page(bank: Bank) -> None:
    made = lend(bank, make_household(bank.group, "Thị Lan"), on=MARCH, term=12, spacing=6)
    figures = balances_on([made], date(2026, 11, 23))[made.pk]
    assert figures.overdue == 25_000_000
    client = signed_in(bank.officer)
    assert "Quá hạn 25.000.000" in text(client.get(reverse("loans:loans_totals")))
    listed = client.get(reverse("loans:loans"), {"state": "overdue"})
    assert [line.overdue for line in listed.context["lines"]] == [25_000_000]
    page = page_of(bank.officer, made)
    assert "Quá hạn vì sao? 25.000.000 từ 16/08/2026" in page


def test_search_needs_no_accents(bank: Bank, loan: Loan) -> None:
    other = lend(bank, make_household(bank.group, "Trần Văn Sáu"), on=OCTOBER)
    client = signed_in(bank.officer)
    for words in ("dieu huong", loan.number, loan.household.code.lower()):
        listed = text(client.get(reverse("loans:loans"), {"q": words}))
        assert loan.number in listed and other.number not in listed, words
    assert "Không có khoản vay nào khớp" in text(client.get(reverse("loans:loans"), {"q": "xyz"}))


def test_pages_follow_keys_and_lose_nobody(
    bank: Bank, loan: Loan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tdcs.loans.queries.finding.PAGE", 2)
    made = [lend(bank, make_household(bank.group, f"Hộ {n}"), on=OCTOBER).pk for n in range(4)]
    client, url, seen = signed_in(bank.officer), reverse("loans:loans"), []
    page = client.get(url).context["page"]
    assert page.newer == 0
    while True:
        seen.append([row.pk for row in page.rows])
        if not page.older:
            break
        page = client.get(url, {"before": page.older}).context["page"]
    assert seen == [[made[3], made[2]], [made[1], made[0]], [loan.pk]]
    back = client.get(url, {"after": page.newer}).context["page"]
    assert [row.pk for row in back.rows] == [made[1], made[0]] and back.older == made[0]


def test_exports_hold_the_lists_figures(bank: Bank, loan: Loan) -> None:
    answer = signed_in(bank.officer).get(reverse("loans:loans"), {"export": "xlsx"})
    cells = [str(cell) for row in read_rows(answer.content) for cell in row.cells]
    assert loan.number in cells and "42000000" in cells and "Điểu Thị Hường" in cells
    assert "0750" not in " ".join(cells)


def test_an_export_of_too_much_says_so(
    bank: Bank, loan: Loan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tdcs.loans.views.loans.MOST_EXPORTED", 0)
    client = signed_in(bank.officer)
    answer = client.get(reverse("loans:loans"), {"export": "csv", "q": "huong"}, follow=True)
    assert "lọc bớt rồi xuất" in text(answer) and answer.redirect_chain[0][0].endswith("?q=huong")


def test_the_pages_take_few_queries_however_many_loans_there_are(
    bank: Bank, loan: Loan, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine the seconds for which counts stand pass between two looks.
    monkeypatch.setattr("tdcs.web.waiting.COUNT_SECONDS", 3600)
    client = signed_in(bank.officer)

    def count(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    one, listed = reverse("loans:loan", args=[loan.pk]), reverse("loans:loans")
    client.get(one)
    before = count(one), count(listed)
    for n in range(6):
        lend(bank, make_household(bank.group, f"Hộ {n}"), on=OCTOBER)
    assert (count(one), count(listed)) == before
    assert before[0] <= 30, before


def test_a_households_page_leads_to_its_loans(bank: Bank, loan: Loan) -> None:
    answer = signed_in(bank.officer).get(reverse("households:household", args=[loan.household_id]))
    raw, page = answer.content.decode(), text(answer)
    assert reverse("loans:loan", args=[loan.pk]) in raw and "42.000.000" in page
    assert reverse("loans:apply") + f"?household={loan.household_id}" in raw


def test_each_role_finds_its_own_actions(bank: Bank, loan: Loan) -> None:
    url = reverse("loans:loan", args=[loan.pk])

    def links(user: Any, **asked: str) -> str:
        return signed_in(user).get(url, asked).content.decode()

    collect_url = reverse("loans:collect", args=[loan.pk])
    extend_url = reverse("loans:ask", args=[loan.pk, "extend"])
    event = LoanEvent.objects.get(loan=loan, kind="principal")
    reverse_url = reverse("loans:reverse", args=[event.pk])
    assert collect_url in links(bank.teller) and extend_url not in links(bank.teller)
    assert extend_url in links(bank.officer) and collect_url not in links(bank.officer)
    assert reverse_url in links(bank.accountant) and reverse_url not in links(bank.teller)
    # Nothing is done on a day that is past, and the commune only looks.
    assert collect_url not in links(bank.teller, on="2026-10-01")
    assert reverse_url not in links(bank.accountant, on="2026-10-01")
    for address in (collect_url, extend_url, reverse_url):
        assert address not in links(bank.commune)


def test_a_settled_loan_asks_for_nothing(bank: Bank) -> None:
    made = lend(bank, make_household(bank.group, "Hộ Trả Hết"), on=MARCH)
    collect(bank, made, date(2026, 4, 15), principal=50_000_000)
    made.refresh_from_db()
    due = balances_on([made], date(2026, 11, 23))[made.pk].interest_due
    collect(bank, made, date(2026, 4, 16), interest=due)
    raw = signed_in(bank.teller).get(reverse("loans:loan", args=[made.pk])).content.decode()
    assert "Đã tất toán" in raw and reverse("loans:collect", args=[made.pk]) not in raw
    assert "08-TD" not in raw and "HDTD" in raw


def test_a_frozen_loan_says_until_when_and_asks_for_no_instalment(bank: Bank, loan: Loan) -> None:
    on, until = date(2026, 11, 20), date(2028, 11, 20)
    with clock.fixed_today(on):
        asked = ask_change(
            loan=loan,
            change=ChangeDraft(kind="freeze", until_on=until, loss_percent=60, cause="Lũ quét"),
            by=bank.officer,
            on=on,
        )
        decide_change(
            request=asked,
            decision=ChangeDecision(approve=True, number="15"),
            by=bank.director,
            on=on,
            key=key(),
        )
    answer = signed_in(bank.officer).get(reverse("loans:loan", args=[loan.pk]))
    story = answer.context["story"]
    assert story.frozen_to == until and story.now.frozen == 42_000_000
    assert [part.mark for part in story.parts] == ["frozen", "frozen", "next"]
    page = text(answer)
    assert "đang khoanh đến hết 20/11/2028" in page and "kỳ tới" not in page
    assert "01-XLN" in answer.content.decode()
    # The days since count for nothing: no stretch of the freeze bears interest.
    assert [row.interest for row in story.stretches if row.frozen] == [0]
