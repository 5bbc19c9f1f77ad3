"""The pages of capital: what each shows, what each role may press, and refusals as messages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from lending_cast import Bank, key, lend, make_household, person

from tdcs.access.models import User
from tdcs.capital.models import (
    BalanceConfirmation,
    BudgetEstimate,
    Campaign,
    CapitalSource,
    FundingContract,
    FundReceipt,
    OutsideFund,
    Pledge,
    Tranche,
)
from tdcs.capital.services import budgets
from tdcs.capital.services.receipts import Money, receive_money
from tdcs.capital.services.sources import invest
from tdcs.core import clock
from tdcs.ledger.models import EntryRequest
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture
def finance(bank: Bank) -> User:
    return person("so-tc", "finance", Organisation.objects.get(code="so-tai-chinh@p75"))


@pytest.fixture
def planner(bank: Bank) -> User:
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    return person("ke-hoach", "branch_planner", branch)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def sent(user: User, path: str, **fields: str) -> str:
    answer = signed_in(user).post(path, fields, follow=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_sources_of_a_day_and_their_sums(bank: Bank, planner: User) -> None:
    lend(bank, make_household(bank.group), on=date(2026, 11, 16), source=bank.local)
    client = signed_in(planner)
    page = client.get("/von/").content.decode()
    assert "Vốn ngân sách cấp tỉnh ủy thác" in page and "999.950.000.000" in page
    before = client.get("/von/?day=2026-11-15").content.decode()
    assert "999.950.000.000" not in before
    sheet = client.get("/von/?export=csv").content.decode("utf-8-sig")
    assert "DP-TINH" in sheet and "Cộng" in sheet


def test_a_decision_a_tranche_an_order_a_receipt_on_the_pages(
    bank: Bank, planner: User, finance: User
) -> None:
    home = f"/von/nguon/{bank.local.pk}/"
    terms = {"kind": "province", "decided_on": "2026-01-05", "starts_on": "2026-01-05"}
    page = sent(planner, f"{home}quyet-dinh/", number="9/QĐ-UBND", amount="1.000.000", **terms)
    assert "Đã nhập 9/QĐ-UBND" in page
    contract = FundingContract.objects.get()
    parts = f"/von/quyet-dinh/{contract.pk}/dot/"
    page = sent(planner, parts, amount="1.000.001", planned_on="2026-12-01")
    assert "vượt quyết định 9/QĐ-UBND" in page
    page = sent(planner, parts, amount="abc", planned_on="2026-12-01")
    assert "số tiền phải là số nguyên đồng" in page
    sent(planner, parts, amount="900.000", planned_on="2026-11-20")
    part = Tranche.objects.get()
    todo = signed_in(finance).get("/").content.decode()
    assert "Đợt giao vốn đến ngày, chưa có lệnh chi" in todo
    assert "Đã ra lệnh chi tiền LCT-1" in sent(
        finance, f"/von/ngan-sach/dot/{part.pk}/lenh-chi/", number="LCT-1"
    )
    fields = {"tranche": str(part.pk), "key": "abc"}
    page = sent(bank.accountant, f"{home}nhan/", amount="900.001", **fields)
    assert "vượt đợt 1 của 9/QĐ-UBND" in page
    for _turn in range(2):
        sent(bank.accountant, f"{home}nhan/", amount="900.000", **fields)
    receipt = FundReceipt.objects.get(tranche=part)
    part.refresh_from_db()
    assert (part.state, receipt.office) == ("received", bank.office)
    back = f"/von/khoan-nhan/{receipt.pk}/dao/"
    assert "chờ người khác duyệt" in sent(bank.accountant, back, why="chuyển nhầm")
    asked = EntryRequest.objects.get()
    sent(bank.director, f"/so-cai/de-nghi/{asked.pk}/duyet/")
    part.refresh_from_db()
    assert part.state == "ordered"


def test_a_tranche_of_which_nothing_came_is_given_up(bank: Bank, planner: User) -> None:
    contract = FundingContract.objects.create(
        source=bank.local, kind="province", number="1", decided_on=TODAY, starts_on=TODAY, amount=5
    )
    part = Tranche.objects.create(contract=contract, number=1, planned_on=TODAY, amount=5)
    assert "Đã thôi thực hiện đợt 1" in sent(planner, f"/von/dot/{part.pk}/thoi/")


def test_an_estimate_and_its_resolution_on_the_page(bank: Bank, finance: User) -> None:
    fields = {"source": str(bank.local.pk), "year": "2027", "words": "Tăng trưởng"}
    sent(finance, "/von/ngan-sach/du-toan/", amount="5.000.000", **fields)
    made = BudgetEstimate.objects.get()
    page = sent(
        finance,
        f"/von/ngan-sach/du-toan/{made.pk}/nghi-quyet/",
        number="30/NQ-HĐND",
        decided_on="2026-11-20",
        amount="4.000.000",
    )
    assert "Đã nhập 30/NQ-HĐND" in page
    assert "4.000.000" in signed_in(finance).get("/von/ngan-sach/?year=2027").content.decode()
    other = budgets.estimate(
        source=bank.local, year=2027, amount=7, words="x", by=finance, on=TODAY
    )
    assert "Đã rút dự toán" in sent(finance, f"/von/ngan-sach/du-toan/{other.pk}/rut/")


def test_a_balance_is_signed_on_the_page_and_printed(
    bank: Bank, planner: User, finance: User
) -> None:
    fields = {"source": str(bank.local.pk), "quarter": "2026.3"}
    sent(planner, "/von/ngan-sach/xac-nhan/", **fields)
    assert "đã lập" in sent(planner, "/von/ngan-sach/xac-nhan/", **fields)
    made = BalanceConfirmation.objects.get()
    at = f"/von/ngan-sach/xac-nhan/{made.pk}/"
    sent(planner, f"{at}ngan-hang/")
    assert "Xác nhận số dư vốn ủy thác chờ ký" in signed_in(finance).get("/").content.decode()
    sent(finance, f"{at}ben-uy-thac/")
    made.refresh_from_db()
    assert made.state == "signed"
    for fmt, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert signed_in(finance).get(f"{at}{fmt}/").content.startswith(begins)
    assert signed_in(finance).get(f"{at}xls/").status_code == 404
    second = BalanceConfirmation.objects.create(
        source=bank.local, year=2026, quarter=2, opening=0, received=0, added=0, returned=0,
        closing=0, outstanding=0, state="bank", drawn_on=TODAY,
    )  # fmt: skip
    page = sent(
        finance,
        f"/von/ngan-sach/xac-nhan/{second.pk}/ben-uy-thac/",
        verb="return",
        words="Lệch",
    )
    assert "Đã trả lại" in page


def test_the_register_and_a_campaign_on_their_pages(bank: Bank, planner: User) -> None:
    fields = {"name": "Quỹ A", "kind": "fund", "owner": "Hội A", "basis": "CT 39-CT/TW"}
    sent(planner, "/von/dang-ky/them/", amount="5.000.000", **fields)
    row = OutsideFund.objects.get()
    for verb in ("propose", "agree"):
        sent(planner, f"/von/dang-ky/{row.pk}/buoc/", verb=verb, letter="12/CV", words="Nhất trí")
    page = signed_in(bank.accountant).get("/von/dang-ky/").content.decode()
    assert "Nhất trí" in page and "Nhận vốn chuyển sang" in page
    money = {"source": str(bank.local.pk), "amount": "5.000.000"}
    sent(bank.accountant, f"/von/dang-ky/{row.pk}/nhan/", **money)
    assert "Đã chuyển vốn" in signed_in(planner).get("/von/dang-ky/").content.decode()
    days = {"starts_on": "2026-11-01", "ends_on": "2026-12-01"}
    terms = {"name": "Chung tay", "basis": "KH 1", "source": str(bank.local.pk), **days}
    sent(planner, "/von/van-dong/them/", amount="9.000.000", **terms)
    campaign = Campaign.objects.get()
    at = f"/von/van-dong/{campaign.pk}/dang-ky/"
    sent(planner, at, donor="Công ty B", amount="2.000.000")
    pledge = Pledge.objects.get()
    sent(bank.accountant, f"/von/van-dong/khoan/{pledge.pk}/nhan/")
    page = signed_in(planner).get("/von/van-dong/").content.decode()
    assert "đã nhận 2.000.000 đồng" in page


def test_interest_is_shared_on_the_page(bank: Bank) -> None:
    page = sent(bank.accountant, f"/von/nguon/{bank.local.pk}/phan-bo-lai/", year="2025")
    assert "không có lãi ủy thác để phân bổ trong năm 2025" in page
    page = sent(bank.accountant, f"/von/nguon/{bank.local.pk}/phan-bo-lai/", year="2026")
    assert "Năm 2026 chưa kết thúc" in page


def test_a_lent_out_source_refuses_by_name_on_the_page(bank: Bank, finance: User) -> None:
    page = signed_in(finance).get(f"/von/nguon/{bank.local.pk}/").content.decode()
    assert "Nhận vốn vào quỹ" not in page and "Nhập quyết định, hợp đồng" not in page
    assert signed_in(finance).post(f"/von/nguon/{bank.local.pk}/nhan/").status_code == 403
    for who in (bank.teller, bank.commune, bank.leader):
        assert signed_in(who).get("/von/").status_code == 403
    money = Money(bank.local, bank.office, 5)
    receive_money(money=money, by=None, on=TODAY, key=key())
    receipt = FundReceipt.objects.latest("pk")
    # Somebody else's office does not undo it.
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    other = person("ke-toan-2", "accountant", branch)
    assert signed_in(other).post(f"/von/khoan-nhan/{receipt.pk}/dao/").status_code == 404


def test_money_goes_back_and_never_more_than_is_free(bank: Bank) -> None:
    lend(bank, make_household(bank.group), on=date(2026, 11, 16), source=bank.local)
    free = 10**12 - 50_000_000
    page = f"/von/nguon/{bank.local.pk}/"
    assert "Hoàn trả vốn" in signed_in(bank.accountant).get(page).content.decode()
    too_much = {"amount": str(free + 1), "words": "CV 12", "key": "a"}
    sent(bank.accountant, f"{page}hoan-tra/", **too_much)
    assert not FundReceipt.objects.filter(source=bank.local, amount__lt=0).exists()
    assert "diễn giải" in sent(bank.accountant, f"{page}hoan-tra/", amount="5", key="b")
    for _again in range(2):
        answer = sent(bank.accountant, f"{page}hoan-tra/", amount=str(free), words="CV 12", key="c")
        assert "Đã hoàn trả vốn" in answer
    back = FundReceipt.objects.filter(source=bank.local, amount__lt=0)
    assert [(one.amount, one.words) for one in back] == [(-free, "CV 12")]
    assert signed_in(bank.teller).post(f"{page}hoan-tra/").status_code == 403


def test_a_source_is_handed_over_to_the_budget_that_follows(bank: Bank, planner: User) -> None:
    commune = Organisation.objects.get(code="ubnd@n26227")
    page = f"/von/nguon/{bank.local.pk}/"
    shown = signed_in(planner).get(page).content.decode()
    assert "Bàn giao nguồn" in shown and "UBND xã La Ngà" in shown
    unsaid = sent(planner, f"{page}ban-giao/", successor=str(commune.pk), decision=" ")
    assert "quyết định bàn giao" in unsaid
    told = sent(planner, f"{page}ban-giao/", successor=str(commune.pk), decision="Biên bản 01")
    assert "Đã bàn giao nguồn vốn" in told
    bank.local.refresh_from_db()
    assert bank.local.investor == commune
    assert signed_in(bank.accountant).post(f"{page}ban-giao/").status_code == 403


def test_only_a_source_that_nobody_used_is_removed(bank: Bank, planner: User) -> None:
    told = sent(planner, f"/von/nguon/{bank.local.pk}/bo/")
    assert bank.local.name in told and CapitalSource.objects.filter(pk=bank.local.pk).exists()
    assert (
        "Bỏ nguồn này"
        not in signed_in(planner).get(f"/von/nguon/{bank.local.pk}/").content.decode()
    )
    investor = Organisation.objects.get(code="ubnd@n26227")
    fresh = invest(investor=investor, by=planner, on=TODAY)
    assert "Bỏ nguồn này" in signed_in(planner).get(f"/von/nguon/{fresh.pk}/").content.decode()
    assert signed_in(bank.accountant).post(f"/von/nguon/{fresh.pk}/bo/").status_code == 403
    assert "Đã bỏ nguồn" in sent(planner, f"/von/nguon/{fresh.pk}/bo/")
    assert not CapitalSource.objects.filter(pk=fresh.pk).exists()


def test_an_entry_of_the_branchs_book_is_no_link_for_an_office(bank: Bank, planner: User) -> None:
    """The province's money lies at the branch: an office reads that it came, and opens its own entries alone."""
    for source, opens in ((bank.local, False), (bank.source, True)):
        receipt = FundReceipt.objects.get(source=source)
        address = f"/so-cai/but-toan/{receipt.entry_id}/"
        client = signed_in(bank.accountant)
        page = client.get(f"/von/nguon/{source.pk}/").content.decode()
        assert str(receipt.entry.number) in page
        assert (f'href="{address}"' in page) is opens
        assert client.get(address).status_code == (200 if opens else 404)
