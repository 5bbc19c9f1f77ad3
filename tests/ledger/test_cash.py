"""An office's cash never ends a day below zero: by the service, by the database, and what came late becomes a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from ledger_cast import TODAY, Cast, cash

from tdcs.core import clock
from tdcs.ledger import checks, services
from tdcs.ledger.cash import settle
from tdcs.ledger.errors import CashShort, StillShort, WordsMissing
from tdcs.ledger.models import Account, Book, CashDay, CashShortfall, JournalEntry, Posting
from tdcs.ledger.rules import Line

EVE = TODAY - timedelta(days=1)


def out(amount: int) -> tuple[Line, Line]:
    """Cash is paid out."""
    return ("8591", amount, 0, None), ("1011", 0, amount, None)


def pay(cast: Cast, amount: int, on: date, template: str = "savings.withdraw") -> JournalEntry:
    """What a session paid out."""
    with transaction.atomic():
        entry = services.NewEntry(cast.book.pk, on, template, "Chi tại phiên", out(amount))
        [(pk, _)] = services.post([entry], by=cast.teller, on=on)
    return JournalEntry.objects.get(pk=pk)


def judged() -> None:
    """As at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def found() -> list[str]:
    """What `tdcs verify` says of the ledger."""
    return [words for check in checks.CHECKS.values() for words in check()]


def test_no_more_goes_out_than_there_is(post: Any, cast: Cast) -> None:
    with pytest.raises(CashShort) as refused:
        post(*out(1))
    assert refused.value.params["missing"] == 1
    post(*cash(100))
    with pytest.raises(CashShort) as refused:
        post(*out(101))
    assert (refused.value.params["held"], refused.value.params["missing"]) == (100, 1)
    assert "thiếu 1 đồng" in refused.value.sentence()
    assert "1 dong short" in refused.value.sentence("en")
    post(*out(100))
    judged()
    assert found() == []
    assert CashDay.objects.get(book=cast.book).moved == 0


def test_money_of_tomorrow_does_not_pay_today(post: Any) -> None:
    """By the day: 100 came on the 23rd; nothing could be paid on the 22nd, and what is paid then lowers the 23rd too."""
    post(*cash(100))
    with pytest.raises(CashShort, match="22/11/2026"):
        post(*out(1), on=EVE)
    post(*cash(30), on=EVE)
    post(*out(130))
    with pytest.raises(CashShort, match="23/11/2026"):
        post(*out(30), on=EVE)


def test_another_office_has_its_own_cash(post: Any, cast: Cast) -> None:
    post(*cash(100))
    with pytest.raises(CashShort):
        post(*out(1), book=cast.other)


def test_capital_and_lending_in_one_posting(cast: Cast) -> None:
    """Judged by what the posting as a whole leaves."""
    both = [
        services.NewEntry(cast.book.pk, TODAY, "manual", "Chi", out(70)),
        services.NewEntry(cast.book.pk, TODAY, "manual", "Nhận vốn", cash(70)),
    ]
    with transaction.atomic():
        services.post(both, by=cast.accountant, on=TODAY)
    judged()
    assert found() == []


def test_the_database_is_the_last_guard(post: Any, cast: Cast) -> None:
    """Past the services: an entry that takes more than there is falls at commit, on any day."""
    post(*cash(100))
    for on, amount in ((TODAY, 101), (EVE, 1)):
        with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
            _raw(cast, on, amount)
            judged()
    with transaction.atomic():
        _raw(cast, TODAY, 100)
        judged()
    assert CashDay.objects.get(book=cast.book).moved == 0


def _raw(cast: Cast, on: date, amount: int) -> None:
    entry = JournalEntry.objects.create(
        book=cast.book,
        number=9,
        on=on,
        template="loan.disburse",
        words="Thử",
        recorded_at=clock.now(),
        previous_hash="0" * 64,
        hash="1" * 64,
    )
    for code, debit, credit, _ in out(amount):
        account = Account.objects.get(code=code)
        Posting.objects.create(entry=entry, account=account, debit=debit, credit=credit)


def test_a_case_does_not_open_the_door_for_what_came_in_time(post: Any, cast: Cast) -> None:
    """A case whose entry is the newest of its book is no excuse."""
    post(*cash(100))
    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        _raw(cast, TODAY, 101)
        CashShortfall.objects.create(
            book=cast.book,
            account=Account.objects.get(code="1011"),
            entry=JournalEntry.objects.get(number=9),
            day=TODAY,
            amount=1,
            recorded_at=clock.now(),
        )
        judged()


def test_what_a_session_paid_out_and_arrives_late_becomes_a_case(post: Any, cast: Cast) -> None:
    """100 on the 22nd, an entry of the 23rd; then the session of the 22nd that paid out 130: 30 short from the 22nd on."""
    post(*cash(100), on=EVE)
    post(*cash(10))
    entry = pay(cast, 130, EVE)
    judged()
    case = CashShortfall.objects.get()
    assert (case.book, case.day, case.amount, case.entry) == (cast.book, EVE, 30, entry)
    assert found() == []
    # Nothing more goes out today, not even late by hand; more of the session does.
    for work in (lambda: post(*out(1)), lambda: post(*out(1), on=EVE)):
        with pytest.raises(CashShort):
            work()
    pay(cast, 5, EVE)
    assert CashShortfall.objects.count() == 2
    with pytest.raises(StillShort, match="25 đồng"):
        settle(case=case, note="Chờ điều vốn", by=cast.director, on=TODAY)
    post(*cash(25))
    judged()
    with pytest.raises(WordsMissing):
        settle(case=case, note=" ", by=cast.director, on=TODAY)
    for one in CashShortfall.objects.all():
        settle(case=one, note="Điều vốn ngày 23/11, UNC 7", by=cast.director, on=TODAY)
    assert set(CashShortfall.objects.values_list("resolved_on", flat=True)) == {TODAY}
    assert found() == []


def test_a_late_session_within_the_cash_is_no_case(post: Any, cast: Cast) -> None:
    post(*cash(100), on=EVE)
    post(*cash(10))
    pay(cast, 100, EVE)
    judged()
    assert not CashShortfall.objects.exists()


def test_a_session_of_today_is_refused(post: Any, cast: Cast) -> None:
    """It is the newest of its book: the till still has to be filled before it pays."""
    post(*cash(100))
    with pytest.raises(CashShort):
        pay(cast, 101, TODAY)
    assert not CashShortfall.objects.exists()


def test_checks_name_a_day_without_case_and_an_altered_day(post: Any, cast: Cast) -> None:
    post(*cash(100), on=EVE)
    post(*cash(10))
    pay(cast, 130, EVE)
    judged()
    CashShortfall.objects.all().delete()
    assert [words.partition(": ")[2] for words in found()] == [
        "cuối ngày 22/11/2026 âm 30 đồng mà không có vụ việc",
        "cuối ngày 23/11/2026 âm 20 đồng mà không có vụ việc",
    ]
    CashDay.objects.filter(day=TODAY).update(moved=11)
    assert "ngày 23/11/2026: tiền mặt ghi 11, theo bút toán 10" in "\n".join(found())
    assert Book.objects.get(pk=cast.book.pk).last_on == TODAY


def test_the_page_lists_cases_and_the_director_settles_them(
    post: Any, cast: Cast, signed_in: Any
) -> None:
    post(*cash(100), on=EVE)
    post(*cash(10))
    pay(cast, 130, EVE)
    case = CashShortfall.objects.get()
    address = f"/so-cai/thieu-tien-mat/{case.pk}/"
    page = signed_in(cast.accountant).get("/so-cai/thieu-tien-mat/").content.decode()
    assert "22/11/2026" in page and "Kết thúc vụ việc" not in page
    assert signed_in(cast.accountant).post(address, {"note": "x"}).status_code == 403
    assert "22/11/2026" not in signed_in(cast.far).get("/so-cai/thieu-tien-mat/").content.decode()
    browser = signed_in(cast.director)
    assert "Kết thúc vụ việc" in browser.get("/so-cai/thieu-tien-mat/").content.decode()
    refused = browser.post(address, {"note": "UNC 7"}, follow=True).content.decode()
    assert "thiếu 20 đồng" in refused
    post(*cash(20))
    settled = browser.post(address, {"note": "UNC 7"}, follow=True).content.decode()
    assert "UNC 7" in settled
    case.refresh_from_db()
    assert (case.resolved_on, case.resolved_by) == (TODAY, cast.director)
