"""An inspection on a phone: a group and a borrower are inspected, a finding is written, remedied by the bank, closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from serving import prepare, serving
from test_lending import Desk

pytestmark = pytest.mark.browser
DAY: Final = "2026-11-23"
_LOANS: Final = Path(__file__).resolve().parents[1] / "loans"
# Bà Hoa's group with one loan of this month, and the union that stands behind it.
UNION_BOOK: Final = f"""
import sys
from datetime import date
sys.path.append({str(_LOANS)!r})
from tdcs.cli import setup
setup.run()
from lending_cast import lend, make_bank, make_household, person
from tdcs.organisations.models import Organisation
bank = make_bank()
lend(bank, make_household(bank.group), on=date(2026, 11, 3), amount=20_000_000)
union = Organisation.objects.get(code="hoi-phu-nu@n26227")
person("demo-hoi", "unit_clerk", union)
"""
PNG: Final = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(scope="module")
def union_site(new_home: Any) -> Iterator[str]:
    home: Path = new_home("inspection")
    prepare(home, DAY, UNION_BOOK)
    with serving(home, DAY) as address:
        yield address


@pytest.fixture
def phone(union_site: str, browser: Any) -> Iterator[Desk]:
    sitting = Desk(browser)
    sitting.site = union_site
    sitting.page.set_viewport_size({"width": 390, "height": 844})
    yield sitting
    assert sitting.problems == []


def _fits(desk: Desk) -> None:
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390, desk.page.url


def _press(desk: Desk, name: str) -> None:
    desk.main.get_by_role("button", name=name, exact=True).first.click()
    desk.page.wait_for_load_state()


def test_a_group_is_inspected_on_a_phone_and_its_finding_closed(phone: Desk) -> None:
    page = phone.page
    phone.enter("demo-hoi")
    phone.go("/kiem-tra/")
    _fits(phone)
    phone.go("/kiem-tra/dot/lap/")
    _fits(phone)
    _press(phone, "Lập cuộc kiểm tra")
    inspection = page.url
    _press(phone, "Bắt đầu")
    _fits(phone)
    phone.main.get_by_role("link", name="Lê Thị Hoa").first.click()
    page.wait_for_load_state()
    _fits(phone)
    for name in ("received", "present", "own_use", "effect", "purpose"):
        page.check(f"main input[name=a-{name}][value=yes]")
    page.check("main input[name=result][value=good]")
    page.fill("main input[name=rightly]", "20.000.000")
    _press(phone, "Ghi kết quả")
    assert page.url == inspection
    for name in ("board", "meetings", "selection", "collection", "savings"):
        page.check(f"main input[name=a-{name}][value=yes]")
    for name in ("books", "misuse"):
        page.check(f"main input[name=a-{name}][value=no]")
    _press(phone, "Ghi trả lời")
    page.fill("main textarea[name=words]", "Thiếu biên lai tháng 9")
    page.fill("main input[name=cause]", "Tổ trưởng chưa lưu")
    page.fill("main input[name=recommendation]", "Bổ sung biên lai")
    page.select_option("main select[name=owner]", label="Hồ Quang Vinh – tín dụng")
    page.fill("main input[name=due_on]", "2026-12-10")
    _press(phone, "Ghi tồn tại")
    page.set_input_files(
        "main input[name=photo]", {"name": "so.png", "mimeType": "image/png", "buffer": PNG}
    )
    _press(phone, "Gửi ảnh")
    page.fill("main textarea[name=conclusion]", "Tổ hoạt động tốt")
    _press(phone, "Kết thúc")
    _fits(phone)
    assert "Đã lập biên bản" in phone.main.inner_text()
    phone.main.get_by_role("link", name="Thiếu biên lai tháng 9").click()
    page.wait_for_load_state()
    finding = page.url.removeprefix(phone.site)
    phone.enter("demo-tindung")
    phone.go(finding)
    _fits(phone)
    page.fill("main textarea[name=words]", "Đã bổ sung")
    page.set_input_files(
        "main input[name=file]", {"name": "bl.png", "mimeType": "image/png", "buffer": PNG}
    )
    _press(phone, "Báo đã khắc phục")
    phone.enter("demo-hoi")
    phone.go(finding)
    page.fill("main textarea[name=words]", "Đã xem sổ")
    _press(phone, "Khép lại")
    assert "Đã khép lại" in phone.main.inner_text()
