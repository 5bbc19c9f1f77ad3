"""Four eyes: what one person asks for, another confirms; large sums are typed once more; amounts are read one way."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from ledger_cast import TODAY, Cast, cash, person
from test_ledger_pages import FORM, text

from tdcs.audit.models import AuditLine
from tdcs.ledger import requesting
from tdcs.ledger.errors import (
    AlreadyAsked,
    LargeSum,
    MayNotConfirm,
    RequestDecided,
    SecondPersonNeeded,
    WordsMissing,
)
from tdcs.ledger.models import EntryRequest, JournalEntry

LIMIT = 400_000_000


def ask(cast: Cast, amount: int = 1_000_000) -> EntryRequest:
    """Capital comes in, asked for by the accountant."""
    return requesting.ask_entry(
        book=cast.book, words="Nhận vốn, UNC 7", lines=cash(amount), by=cast.accountant, on=TODAY
    )


def test_nothing_is_posted_before_a_second_person_agrees(cast: Cast) -> None:
    made = ask(cast)
    assert not JournalEntry.objects.exists()
    with pytest.raises(SecondPersonNeeded):
        requesting.confirm(request=made, by=cast.accountant, on=TODAY)
    with pytest.raises(MayNotConfirm):
        requesting.confirm(request=made, by=cast.teller, on=TODAY)
    done = requesting.confirm(request=made, by=cast.director, on=TODAY)
    entry = JournalEntry.objects.get()
    assert (entry.pk, entry.by) == (done.entry_id, cast.accountant)
    with pytest.raises(RequestDecided):
        requesting.confirm(request=made, by=cast.director, on=TODAY)
    lines = AuditLine.objects.filter(action__startswith="ledger.").order_by("id")
    assert [(line.action, line.actor) for line in lines] == [
        ("ledger.ask", cast.accountant),
        ("ledger.enter", cast.accountant),
        ("ledger.confirm_request", cast.director),
    ]
    assert lines[0].data["lines"] == [["1011", 1_000_000, 0, None], ["4411", 0, 1_000_000, None]]


def test_two_accountants_are_two_people(cast: Cast) -> None:
    other = person("ke-toan-hai", "accountant", cast.book.organisation)
    requesting.confirm(request=ask(cast), by=other, on=TODAY)
    assert JournalEntry.objects.get().by == cast.accountant


def test_the_database_itself_wants_two_people(cast: Cast) -> None:
    made = ask(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryRequest.objects.filter(pk=made.pk).update(
            state="confirmed", decided_by=cast.accountant
        )


def test_refused_with_a_reason_nothing_is_posted(cast: Cast) -> None:
    made = ask(cast)
    with pytest.raises(WordsMissing):
        requesting.refuse(request=made, by=cast.director, on=TODAY, note=" ")
    requesting.refuse(request=made, by=cast.director, on=TODAY, note="Sai chứng từ")
    with pytest.raises(RequestDecided):
        requesting.confirm(request=made, by=cast.director, on=TODAY)
    assert not JournalEntry.objects.exists()
    mine = ask(cast)
    requesting.refuse(request=mine, by=cast.accountant, on=TODAY, note="Nhập nhầm")
    assert AuditLine.objects.latest("id").action == "ledger.refuse_request"


@pytest.mark.parametrize(
    ("amount", "typed", "passes"),
    [
        (LIMIT, None, True),
        (LIMIT + 1, None, False),
        (LIMIT + 1, LIMIT, False),
        (LIMIT + 1, LIMIT + 1, True),
        (999_999_999_999_999, None, False),
    ],
)
def test_a_large_sum_is_typed_once_more(
    cast: Cast, amount: int, typed: int | None, passes: bool
) -> None:
    made = ask(cast, amount)
    if passes:
        requesting.confirm(request=made, by=cast.director, on=TODAY, typed=typed)
    else:
        with pytest.raises(LargeSum):
            requesting.confirm(request=made, by=cast.director, on=TODAY, typed=typed)
    assert JournalEntry.objects.exists() is passes


def test_a_reversal_waits_too_and_is_asked_once(cast: Cast, post: Any) -> None:
    entry = post(*cash(70_000))
    made = requesting.ask_reversal(entry=entry, why="Ghi nhầm", by=cast.accountant, on=TODAY)
    with pytest.raises(AlreadyAsked):
        requesting.ask_reversal(entry=entry, why="Lần nữa", by=cast.accountant, on=TODAY)
    assert not JournalEntry.objects.filter(reverses=entry).exists()
    requesting.confirm(request=made, by=cast.director, on=TODAY)
    assert JournalEntry.objects.get(reverses=entry).by == cast.accountant


def test_pages_of_requests(cast: Cast, signed_in: Any) -> None:
    form = FORM | {"book": cast.book.pk}
    page = signed_in(cast.accountant).post("/so-cai/hach-toan/", form, follow=True)
    assert "người khác duyệt" in text(page) and "Duyệt và hạch toán" not in text(page)
    address = f"/so-cai/de-nghi/{EntryRequest.objects.get().pk}/"
    # Who asked may not, another role may not, another office does not see it.
    answer = signed_in(cast.accountant).post(f"{address}duyet/", follow=True)
    assert "Người đề nghị không tự duyệt" in text(answer)
    assert signed_in(cast.teller).post(f"{address}duyet/").status_code == 403
    assert signed_in(cast.far).get(address).status_code == 404
    assert signed_in(cast.far).post(f"{address}duyet/").status_code == 404
    assert "Duyệt và hạch toán" not in text(signed_in(cast.auditor).get(address))
    browser = signed_in(cast.director)
    assert "Đang chờ duyệt 1" in text(browser.get("/so-cai/de-nghi/"))
    assert "Duyệt và hạch toán" in text(browser.get(address))
    done = browser.post(f"{address}duyet/", follow=True)
    assert "Đã duyệt" in text(done)
    assert "Đang chờ duyệt 0" in text(browser.get("/so-cai/de-nghi/"))
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize("words", ["1e10", "٣", "+5", "1.00", "5 00", "1.000.000.000.000.000"])
def test_an_entry_by_hand_guesses_no_amount(cast: Cast, signed_in: Any, words: str) -> None:
    form = FORM | {"book": cast.book.pk, "debit": [words, "", ""], "credit": ["", words, ""]}
    page = signed_in(cast.accountant).post("/so-cai/hach-toan/", form)
    assert "Số tiền phải là số nguyên đồng lớn hơn 0" in text(page)
    assert not EntryRequest.objects.exists()
