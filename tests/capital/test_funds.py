"""Receipts, what is lent of a source and what is free: the last dong is lent once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from lending_cast import Bank, key, lend, make_household

from tdcs.capital.errors import (
    ContractNotInForce,
    FundExhausted,
    FundingStateWrong,
    FundingWrong,
    ProgrammeNotFunded,
    ProgrammesOverlap,
    ReceiptReversed,
    ReceiptTooLarge,
    SourceInUse,
    TrancheTooLarge,
)
from tdcs.capital.models import CapitalSource, Fund, FundLent, FundReceipt
from tdcs.capital.queries import free_for, fund_positions, programme_positions
from tdcs.capital.services.funding import Agreement, agree, order_tranche, plan_tranche
from tdcs.capital.services.receipts import Money, give_back, receive_money
from tdcs.capital.services.sources import remove_source
from tdcs.capital.services.undoing import ask_reversal, reverse_receipt
from tdcs.capital.states import TrancheState
from tdcs.core import clock
from tdcs.ledger.errors import KeyReused, MayNotConfirm, SecondPersonNeeded
from tdcs.ledger.models import JournalEntry
from tdcs.ledger.requesting import confirm

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 16)
BRANCH = "nhcsxh-chi-nhanh@p75"


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed_today(date(2026, 11, 23)):
        yield


@pytest.fixture
def commune(bank: Bank) -> CapitalSource:
    """The commune's own money, none of it received."""
    from tdcs.capital.services import invest

    return invest(investor=bank.commune.holding().organisation, by=None, on=date(2025, 9, 1))


def decided(source: CapitalSource, **terms: Any) -> Agreement:
    said = {
        "source": source,
        "kind": "commune",
        "number": "15/QĐ-UBND",
        "decided_on": date(2026, 1, 5),
        "starts_on": date(2026, 1, 5),
    }
    return Agreement(**{**said, **terms})


def take(bank: Bank, source: CapitalSource, amount: int, **under: Any) -> dict[str, Any]:
    money = Money(source, bank.office, amount, **under)
    return dict(receive_money(money=money, by=None, on=DAY, key=key()))


def test_a_receipt_is_a_balanced_entry_of_its_day_done_once(
    bank: Bank, commune: CapitalSource
) -> None:
    money = Money(commune, bank.office, 70_000_000)
    first = receive_money(money=money, by=None, on=DAY, key="nhan-1")
    again = receive_money(money=money, by=None, on=DAY, key="nhan-1")
    assert again["again"] and again["entry"] == first["entry"]
    entry = JournalEntry.objects.get(pk=first["entry"])
    lines = entry.postings.order_by("pk").values_list("account__code", "debit", "credit")
    assert (entry.on, list(lines)) == (DAY, [("1011", 70_000_000, 0), ("4421", 0, 70_000_000)])
    assert Fund.objects.get(source=commune).received == 70_000_000
    with pytest.raises(KeyReused):
        receive_money(money=Money(commune, bank.office, 1), by=None, on=DAY, key="nhan-1")
    assert FundReceipt.objects.filter(source=commune).count() == 1


def test_lending_stops_at_the_last_dong(bank: Bank, commune: CapitalSource) -> None:
    take(bank, commune, 50_000_000)
    home, other = make_household(bank.group), make_household(bank.group, "Trần Thị Mai")
    loan = lend(bank, home, on=DAY, amount=49_000_000, source=commune)
    assert free_for(commune.pk, "HN") == (1_000_000, 1_000_000)
    with pytest.raises(FundExhausted, match="chỉ còn 1000000 đồng"):
        lend(bank, other, on=DAY, amount=2_000_000, source=commune)
    assert not other.loans.exists()
    lend(bank, other, on=DAY, amount=1_000_000, source=commune)
    assert free_for(commune.pk, "HN") == (0, 0)
    lent = FundLent.objects.get(source=commune, programme="HN")
    assert (lent.office, lent.amount) == (bank.office, 50_000_000)
    # What comes back is free again.
    from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

    sheet = Sheet(key(), bank.office.pk, None, (Collection(loan.pk, principal=4_000_000),))
    collect_sheet(sheet=sheet, by=bank.teller, on=DAY + timedelta(days=1))
    assert free_for(commune.pk, "HN") == (4_000_000, 4_000_000)


def test_the_database_itself_refuses(bank: Bank, commune: CapitalSource) -> None:
    take(bank, commune, 50_000_000)
    loan = lend(bank, make_household(bank.group), on=DAY, source=commune)
    before = FundReceipt.objects.get(source=commune)
    with (
        pytest.raises(IntegrityError, match="50000001 lent of 50000000"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE loans_loan SET balance = balance + 1, disbursed_total = disbursed_total + 1"
            " WHERE id = %s",
            [loan.pk],
        )
    for sql in ("UPDATE capital_fundreceipt SET amount = 1", "DELETE FROM capital_fundreceipt"):
        with (
            pytest.raises(IntegrityError, match="is never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert FundReceipt.objects.get(source=commune) == before


def test_money_goes_back_only_while_it_is_free(bank: Bank, commune: CapitalSource) -> None:
    take(bank, commune, 60_000_000)
    lend(bank, make_household(bank.group), on=DAY, source=commune)
    with pytest.raises(FundExhausted):
        give_back(money=Money(commune, bank.office, 10_000_001), by=None, on=DAY, key=key())
    give_back(money=Money(commune, bank.office, 10_000_000), by=None, on=DAY, key=key())
    assert Fund.objects.get(source=commune).received == 50_000_000
    receipt = FundReceipt.objects.get(source=commune, amount=60_000_000)
    with pytest.raises(FundExhausted):
        reverse_receipt(receipt=receipt, why="nhập nhầm", by=None, on=DAY, key=key())


def test_a_receipt_is_reversed_once_by_a_row_of_its_own(bank: Bank, commune: CapitalSource) -> None:
    take(bank, commune, 60_000_000)
    receipt = FundReceipt.objects.get(source=commune)
    reverse_receipt(receipt=receipt, why="nhập nhầm nguồn", by=None, on=DAY, key=key())
    assert Fund.objects.get(source=commune).received == 0
    undone = FundReceipt.objects.get(reverses=receipt)
    assert (undone.amount, undone.entry.reverses_id) == (-60_000_000, receipt.entry_id)
    for row in (receipt, undone):
        with pytest.raises(ReceiptReversed):
            reverse_receipt(receipt=row, why="lần nữa", by=None, on=DAY, key=key())


def test_a_tranche_is_no_larger_than_its_decision(bank: Bank, commune: CapitalSource) -> None:
    contract = agree(agreement=decided(commune, amount=100), by=None, on=DAY)
    first = plan_tranche(contract=contract, amount=60, planned_on=DAY, by=None, on=DAY)
    with pytest.raises(TrancheTooLarge, match="còn 40 đồng"):
        plan_tranche(contract=contract, amount=41, planned_on=DAY, by=None, on=DAY)
    plan_tranche(contract=contract, amount=40, planned_on=DAY, by=None, on=DAY)
    assert contract.tranches.count() == 2
    with pytest.raises(IntegrityError, match="exceed"), transaction.atomic():
        type(first).objects.filter(pk=first.pk).update(amount=61)
    order_tranche(tranche=first, number="LCT-01", by=None, on=DAY)
    with pytest.raises(ReceiptTooLarge, match="còn 60 đồng"):
        take(bank, commune, 61, tranche=first)
    take(bank, commune, 60, tranche=first)
    first.refresh_from_db()
    assert first.state == TrancheState.RECEIVED
    with pytest.raises(FundingStateWrong):
        order_tranche(tranche=first, number="LCT-02", by=None, on=DAY)
    receipt = FundReceipt.objects.get(tranche=first)
    reverse_receipt(receipt=receipt, why="chuyển nhầm", by=None, on=DAY, key=key())
    first.refresh_from_db()
    assert first.state == TrancheState.ORDERED


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"number": " "}, FundingWrong),
        ({"kind": "central"}, FundingWrong),
        ({"amount": 0}, FundingWrong),
        ({"programmes": ("XX",)}, FundingWrong),
        ({"ends_on": date(2026, 1, 5)}, FundingWrong),
        ({"decided_on": DAY + timedelta(days=1)}, FundingWrong),
    ],
)
def test_a_wrong_decision_is_refused(
    commune: CapitalSource, terms: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        agree(agreement=decided(commune, **terms), by=None, on=DAY)
    assert not commune.contracts.exists()


def test_a_decision_is_entered_once_and_ends_before_its_last_day(
    bank: Bank, commune: CapitalSource
) -> None:
    made = agree(agreement=decided(commune, ends_on=DAY), by=None, on=DAY)
    with pytest.raises(FundingWrong, match="đã nhập"):
        agree(agreement=decided(commune), by=None, on=DAY)
    with pytest.raises(ContractNotInForce):
        take(bank, commune, 1, contract=made)
    eve = DAY - timedelta(days=1)
    money = Money(commune, bank.office, 1, contract=made)
    receive_money(money=money, by=None, on=eve, key=key())


def test_money_meant_for_a_programme_is_not_lent_under_another(
    bank: Bank, commune: CapitalSource
) -> None:
    jobs = agree(agreement=decided(commune, programmes=("GQVL", "NSVSMT")), by=None, on=DAY)
    with pytest.raises(ProgrammesOverlap):
        agree(
            agreement=decided(commune, number="16/QĐ-UBND", programmes=("GQVL",)), by=None, on=DAY
        )
    take(bank, commune, 40_000_000, contract=jobs)
    take(bank, commune, 30_000_000)
    assert free_for(commune.pk, "HN") == (70_000_000, 30_000_000)
    assert free_for(commune.pk, "GQVL") == (70_000_000, 70_000_000)
    home = make_household(bank.group)
    with pytest.raises(ProgrammeNotFunded, match="chương trình HN"):
        lend(bank, home, on=DAY, amount=30_000_001, source=commune)
    other = make_household(bank.group, "Trần Thị Mai")
    lend(bank, other, on=DAY, amount=30_000_000, source=commune)
    assert free_for(commune.pk, "GQVL") == (40_000_000, 40_000_000)
    found = programme_positions(clock.today())
    assert (commune.pk, "HN", 30_000_000, 0) in found.rows()


def test_positions_of_any_day(bank: Bank, commune: CapitalSource) -> None:
    take(bank, commune, 60_000_000)
    lend(bank, make_household(bank.group), on=DAY + timedelta(days=1), source=commune)
    by_day = {
        day: fund_positions(day).filter(code=commune.code).select("received", "outstanding", "free")
        for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1), clock.today())
    }
    assert [frame.rows()[0] for frame in by_day.values()] == [
        (0, 0, 0),
        (60_000_000, 0, 60_000_000),
        (60_000_000, 50_000_000, 10_000_000),
        (60_000_000, 50_000_000, 10_000_000),
    ]


def test_a_source_in_use_is_not_deleted(bank: Bank, commune: CapitalSource) -> None:
    take(bank, commune, 60_000_000)
    with pytest.raises(SourceInUse, match="khoản vốn đã nhận"):
        remove_source(source=commune, by=None, on=DAY)
    assert CapitalSource.objects.filter(pk=commune.pk).exists()
    unused = CapitalSource.objects.create(code="X", name="X", tier="local", starts_on=DAY)
    remove_source(source=unused, by=None, on=DAY)
    assert not CapitalSource.objects.filter(code="X").exists()


def test_a_second_person_confirms_the_undoing(bank: Bank, commune: CapitalSource) -> None:
    take(bank, commune, 60_000_000)
    receipt = FundReceipt.objects.get(source=commune)
    today = clock.today()
    with pytest.raises(MayNotConfirm):
        ask_reversal(receipt=receipt, why="nhầm nguồn", by=bank.teller, on=today)
    asked = ask_reversal(receipt=receipt, why="nhầm nguồn", by=bank.accountant, on=today)
    assert (asked.amount, Fund.objects.get(source=commune).received) == (60_000_000, 60_000_000)
    with pytest.raises(SecondPersonNeeded):
        confirm(request=asked, by=bank.accountant, on=today)
    confirm(request=asked, by=bank.director, on=today)
    assert Fund.objects.get(source=commune).received == 0
    with pytest.raises(ReceiptReversed):
        ask_reversal(receipt=receipt, why="lần nữa", by=bank.accountant, on=today)
