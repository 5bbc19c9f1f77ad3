"""From a scenario to the downloaded scheme: founded, written, composed, submitted, approved by another person, fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from figures_home import TESTS
from serving import prepare, serving

pytestmark = pytest.mark.browser

PLANNER, LEADER, DAY = "demo-kehoach", "demo-lanhdao", "2026-11-23"
NAME = "Đề án tín dụng chính sách giai đoạn 2026 - 2030"
PLAN = f"""
import sys
from datetime import date
from tdcs.cli import setup
setup.django()
sys.path.append({str(TESTS / "plans")!r})
from plan_words import SMALL_PLAN
from tdcs.access.models import User
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.publishing import publish

by, on = User.objects.get(username={PLANNER!r}), date(2026, 11, 23)
draft = import_document(content=SMALL_PLAN.encode(), filename="ke-hoach-77.txt", by=by, on=on)
publish(version=draft, first_year=2024, last_year=2030, by=by, on=on)
"""


@pytest.fixture(scope="module")
def province(new_home: Any, book_home: Path) -> Iterator[str]:
    """A site with a small book and a plan in force."""
    home: Path = new_home("scheme", like=book_home)
    prepare(home, DAY, PLAN)
    with serving(home, DAY) as address:
        yield address


def _sign_in(browser: Any, site: str, who: str, problems: list[str]) -> Any:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN").new_page()
    page.set_default_timeout(120_000)
    page.on(
        "console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site}/tai-khoan/login/")
    page.click(f"button[value={who}]")
    page.wait_for_url(lambda url: "login" not in url)
    return page


def test_from_a_scenario_to_the_downloaded_scheme(
    province: str, browser: Any, tmp_path: Path
) -> None:
    problems: list[str] = []
    page = _sign_in(browser, province, PLANNER, problems)
    page.goto(f"{province}/de-an/")
    page.get_by_role("link", name="Lập đề án").click()
    page.fill("textarea[name=name]", NAME)
    page.select_option("select[name=scenario]", "plan")
    page.get_by_role("button", name="Mở đề án").click()
    page.wait_for_url(re.compile(r"/de-an/\d+/$"))
    address = page.url
    # Words are kept by themselves while they are typed.
    boxes = page.locator("form.write")
    assert boxes.count() == 9
    for box in boxes.all():
        box.locator("textarea").fill("Một đoạn lời văn.")
        box.locator("textarea").blur()
        box.locator(".st.done").wait_for()
    page.reload()
    assert "Còn thiếu trước khi trình" not in page.content()
    assert page.locator(".year-bars rect.local").count() == 5
    row = page.locator("table tbody tr").filter(has_text="Dư nợ cuối năm").first
    closing = row.locator("td").nth(5).locator(".fig").get_attribute("title")
    page.get_by_role("button", name="Lập bản mới").click()
    page.wait_for_url("**/de-an/ban/**")
    version = page.url
    page.get_by_role("button", name="Trình duyệt").click()
    page.get_by_role("button", name="Rút lại").wait_for()

    leader = _sign_in(browser, province, LEADER, problems)
    leader.goto(version)
    leader.fill("#n", "28")
    leader.fill("#sg", "Nguyễn Thị Mẫu")
    leader.get_by_role("button", name="Duyệt, ban hành").click()
    leader.locator(".st.issued").first.wait_for()

    page.goto(address)
    assert "Số liệu và lời văn như bản số 1" in page.content()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Tải Word").click()
    file = tmp_path / "de-an.docx"
    fetched.value.save_as(file)
    opened = docx.Document(str(file))
    words = [paragraph.text for paragraph in opened.paragraphs]
    assert "ĐỀ ÁN" in words
    rows = [[cell.text for cell in row.cells] for table in opened.tables for row in table.rows]
    whole = next(row for row in rows if row[0] == "Dư nợ cuối năm")
    dong = int("".join(sign for sign in closing if sign.isdigit()))
    assert whole[5] == f"{(dong + 500_000) // 1_000_000:,}".replace(",", ".")
    assert "Số: 28/ĐA-NHCSĐN" in "\n".join(cell for row in rows[:2] for cell in row)
    # What was issued stands in the register of letters.
    page.goto(f"{province}/van-ban/?direction=out")
    assert NAME in page.content()
    assert problems == []
    _fits_a_phone(province, browser)


def _fits_a_phone(province: str, browser: Any) -> None:
    """Its list and its page, 390 px wide."""
    problems: list[str] = []
    page = _sign_in(browser, province, PLANNER, problems)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{province}/de-an/")
    page.get_by_role("link", name=NAME).click()
    page.wait_for_selector(".year-bars")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert problems == []
