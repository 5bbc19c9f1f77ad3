"""A team holds a session with no network in a real Chromium; afterwards the ledger has it once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import prepare, serving
from session_cast import HOME, TODAY, Tablet, ledger

pytestmark = pytest.mark.browser


@pytest.fixture
def home(new_home: Any) -> Path:
    """A province with a session of today."""
    made: Path = new_home("session")
    prepare(made, TODAY, HOME)
    return made


@pytest.fixture
def site(home: Path) -> Iterator[str]:
    with serving(home, TODAY) as address:
        yield address


def test_a_sheet_is_collected_offline_and_booked_once(home: Path, site: str, browser: Any) -> None:
    tablet = Tablet(browser, site)
    tablet.prepare()
    tablet.offline()
    tablet.page.reload()
    tablet.sees("Không có mạng")
    tablet.unlock()
    tablet.open_sheet()
    cards = tablet.page.locator(".card")
    assert cards.count() == 5
    first = cards.nth(0)
    first.get_by_label("Gốc,").fill("500000")
    first.get_by_label("Tiền gửi,").fill("100000")
    assert first.get_attribute("data-mark") == "ahead"
    cards.nth(1).get_by_role("button", name="Vắng").click()
    tablet.enter_sheet()
    tablet.sees("Chọn người nộp")
    cash = tablet.cash()
    assert cash > 600_000
    tablet.count(cash)
    tablet.seal()
    assert tablet.proved() == 0
    tablet.offline(False)
    tablet.all_handed_in()
    assert tablet.problems == []
    said = ledger(home)
    assert [(row["kind"], row["state"]) for row in said["lines"]] == [
        ("collect", "posted"),
        ("absent", "noted"),
        ("count", "noted"),
        ("seal", "noted"),
    ]
    assert said["paid"]["principal"] == 500_000
    assert said["paid"]["interest"] == cash - 600_000


def test_a_whole_day_with_all_that_happens(home: Path, site: str, browser: Any) -> None:
    tablet = Tablet(browser, site)
    tablet.prepare()
    tablet.offline()
    tablet.unlock("kiểm soát viên")
    tablet.open_sheet()
    page = tablet.page
    # Who is not the teller enters no money.
    tablet.enter_sheet()
    tablet.sees("Chỉ giao dịch viên ghi thu, chi")
    page.reload()
    tablet.unlock()
    tablet.open_sheet()
    card = page.locator(".card").nth(0)
    interest = card.get_by_label("Lãi,")
    due = int(interest.input_value().replace(".", ""))
    for typed, mark in (
        (str(due + 1), "fault"),
        ("12x", "fault"),
        (str(due - 1), "part"),
        ("0", "nothing"),
        (str(due), "full"),
    ):
        interest.fill(typed)
        assert card.get_attribute("data-mark") == mark, typed
    card.get_by_label("Gốc,").fill("20000001")
    assert card.get_attribute("data-mark") == "fault"
    assert page.locator(".foot .btn").is_disabled()
    card.get_by_label("Gốc,").fill("0")
    tablet.enter_sheet()
    page.locator(".row", has_text="QR").first.click()
    receipt = page.locator("dialog .qr").get_attribute("data-words")
    assert "/bien-lai/kiem-tra/?b=" in receipt
    tablet.press("Xong")
    collected = tablet.cash()
    # Undone by the controller's PIN, then entered anew.
    tablet.open_sheet()
    tablet.press("Hủy dòng")
    tablet.approve("kiểm soát viên")
    tablet.sees("Đã hủy dòng.")
    assert tablet.cash() == 0
    tablet.open_sheet()
    tablet.enter_sheet()
    tablet.sees("Chọn người nộp")
    assert tablet.cash() == collected
    # A receipt is checked with no network: the undone one, a changed one.
    tablet.tab("Tìm")
    page.get_by_role("link", name="Kiểm tra biên lai").click()
    typed = page.get_by_label("Nội dung mã QR")
    typed.fill(receipt)
    tablet.sees("nhưng dòng này đã bị hủy")
    typed.fill(receipt[:-3] + ("AAA" if receipt[-3:] != "AAA" else "BBB"))
    tablet.sees("Không phải biên lai do máy này ký")
    # Found without accents; savings out with a second person's PIN.
    tablet.tab("Tìm")
    page.get_by_label("Tìm thành viên").fill("do thi sau")
    page.locator(".row", has_text="Đỗ Thị Sáu").click()
    tablet.page.locator(".foot .totals").wait_for()
    page.locator("details.savers summary").click()
    tablet.press("Gửi")
    page.locator("dialog input").fill("300000")
    tablet.press("Ghi", page.locator("dialog"))
    tablet.sees("Đã ghi.")
    # Who saves has a receipt as well.
    page.locator(".row", has_text="QR").first.click()
    page.locator("dialog .qr").wait_for()
    tablet.press("Xong")
    page.get_by_role("link", name="Bảng kê của tổ").click()
    page.locator("details.savers summary").click()
    tablet.press("Rút")
    page.locator("dialog input").fill("120000")
    tablet.press("Ghi", page.locator("dialog"))
    tablet.approve("kiểm soát viên")
    tablet.sees("Đã ghi.")
    # Cash for the disbursement, which the borrower confirms and the controller approves.
    tablet.tab("Giải ngân")
    tablet.press("Giải ngân", page.locator("main"))
    tablet.sees("không đủ cho món này")
    tablet.tab("Quỹ")
    page.get_by_label("Số tiền (đồng)").fill("40000000")
    page.get_by_label("Với ai, nội dung").fill("Kế toán giao thêm")
    tablet.press("Ghi giao nhận")
    tablet.sees("Đã ghi giao nhận")
    tablet.tab("Giải ngân")
    tablet.press("Giải ngân", page.locator("main"))
    for tick in page.locator("dialog input[type=checkbox]").all():
        tick.check()
    tablet.press("Người vay xác nhận")
    tablet.approve("kiểm soát viên")
    tablet.sees("đã giải ngân")
    # A request; a count with a difference needs its reason.
    tablet.tab("Tìm")
    page.get_by_role("link", name="Đề nghị gia hạn").click()
    page.get_by_label("Số khế ước").fill(
        page.locator("datalist option").first.get_attribute("value")
    )
    page.get_by_label("Đến ngày").fill("2027-06-23")
    page.get_by_label("Lý do").fill("Mất mùa")
    tablet.press("Ghi đề nghị")
    tablet.sees("Đã ghi đề nghị")
    cash = tablet.cash()
    assert cash == collected + 300_000 - 120_000 + 40_000_000 - 30_000_000
    tablet.tab("Kết thúc")
    assert page.get_by_role("button", name="Chốt nhật ký", exact=True).is_disabled()
    page.locator(".note input").first.fill("1")
    tablet.press("Ghi kiểm quỹ")
    tablet.sees("Chênh lệch phải có lý do")
    tablet.count(cash - 5_000, "Thiếu 5.000 đồng, giao dịch viên nhận")
    page.get_by_label("Kết luận giao ban với UBND xã").fill("Tổ nộp đủ lãi.")
    tablet.press("Ghi kết luận")
    tablet.sees("Đã ghi kết luận")
    tablet.seal()
    tablet.offline(False)
    tablet.all_handed_in()
    assert tablet.problems == []
    said = ledger(home)
    assert {(row["kind"], row["state"]) for row in said["lines"]} == {
        ("collect", "voided"), ("void", "noted"), ("collect", "posted"), ("savings", "posted"),
        ("handover", "noted"), ("disburse", "posted"), ("request", "noted"), ("count", "noted"),
        ("conclusion", "noted"), ("seal", "noted"),
    }  # fmt: skip
    assert said["paid"]["interest"] == collected
    assert said["loans"] == 6
