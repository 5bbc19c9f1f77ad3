"""From the signed plan to the consolidated report, as people do it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest

from tdcs.demo.build import SAMPLE
from tdcs.demo.plans import sample

REPO = Path(__file__).resolve().parents[2]
REFERENCE = REPO.parent / "shared/plans/ke-hoach-232-kh-ubnd-2023.txt"
PLANNER, CLERK = "demo-kehoach", "demo-langa"

pytestmark = pytest.mark.browser


def _enter(page: Any, site: str, who: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{site}/tai-khoan/login/")
    page.click(f"button[value={who}]")
    page.wait_for_url(lambda url: "login" not in url)


def test_import_review_publish_report_accept_consolidate(site: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("dialog", lambda dialog: dialog.accept())
    _import_and_publish(page, site)
    results = _clerk_reports(page, site)
    _planner_accepts(page, site)
    _consolidated_is_read_again(page, site, results)
    assert problems == []


def _import_and_publish(page: Any, site: str) -> None:
    _enter(page, site, PLANNER)
    page.goto(f"{site}/ke-hoach/nhap/")
    content = REFERENCE.read_bytes() if REFERENCE.exists() else sample(SAMPLE)
    named = {"name": "ke-hoach.txt", "mimeType": "text/plain", "buffer": content}
    page.set_input_files("input[type=file]", named)
    page.locator("main").get_by_role("button", name="Đọc văn bản").click()
    page.wait_for_url("**/ra-soat/**")
    assert "II.3.i" in page.inner_text("main")
    page.locator("main").get_by_role("link", name="II.3.đ", exact=False).first.click()
    page.wait_for_load_state()
    assert "hộ nghèo" in page.inner_text(".doc")
    page.locator("main").get_by_role("link", name="Công bố…").click()
    page.fill("input[name=first_year]", "2026")
    page.locator("main").get_by_role("button", name="Công bố", exact=True).click()
    page.wait_for_url("**/ke-hoach/")
    assert "232/KH-UBND" in page.inner_text("h1")


def _clerk_reports(page: Any, site: str) -> int:
    """La Ngà reports a result on one task, writes the rest in the report and hands it in."""
    _enter(page, site, CLERK)
    page.goto(f"{site}/ke-hoach/viec/")
    page.locator("main").get_by_role("link", name=re.compile("Rà soát hộ nghèo")).first.click()
    page.wait_for_load_state()
    page.fill("textarea[name=words]", "Đã rà soát 41 hộ nghèo, 67 hộ cận nghèo trên địa bàn.")
    page.locator("main").get_by_role("button", name="Báo cáo kết quả").click()
    page.wait_for_selector("text=Chờ duyệt >> visible=true")
    page.goto(f"{site}/ke-hoach/bao-cao/")
    page.locator("main").get_by_role("button", name=re.compile("Lập báo cáo năm")).click()
    page.wait_for_url("**/bao-cao/*/")
    assert "41 hộ nghèo" in page.content()
    boxes = page.locator("textarea[name=words]")
    for at in range(boxes.count()):
        box = boxes.nth(at)
        if not box.input_value().strip():
            box.fill("Đã thực hiện đầy đủ theo kế hoạch.")
            with page.expect_response(lambda r: "/muc/" in r.url):
                box.blur()
    page.fill("input[name=signer]", "Lê Văn Bình")
    page.locator("main").get_by_role("button", name="Nộp báo cáo").click()
    page.wait_for_selector("#checklist")
    page.locator("main").get_by_role("button", name="Xác nhận nộp báo cáo").click()
    page.wait_for_selector("text=đúng hạn")
    return 1


def _planner_accepts(page: Any, site: str) -> None:
    _enter(page, site, PLANNER)
    page.goto(f"{site}/ke-hoach/bao-cao/?state=submitted")
    page.locator("main").get_by_role("link", name="UBND xã La Ngà").click()
    page.locator("main").get_by_role("button", name="Tiếp nhận", exact=True).click()
    page.wait_for_selector("text=Đã tiếp nhận báo cáo")


def _consolidated_is_read_again(page: Any, site: str, results: int) -> None:
    page.goto(f"{site}/ke-hoach/tong-hop/2026/")
    page.locator("main").get_by_role("button", name="Soạn báo cáo tổng hợp").click()
    page.wait_for_selector("text=Tải Word")
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name="Tải Word").click()
    content = Path(download.value.path()).read_bytes()
    file = docx.Document(io.BytesIO(content))
    text = "\n".join(p.text for p in file.paragraphs)
    assert re.search(r"0?1/115 đơn vị đã nộp báo cáo năm 2026", text), text[:1500]
    tables = [[[c.text for c in row.cells] for row in table.rows] for table in file.tables]
    work = [rows for rows in tables if rows[0][0].startswith(("TT", "Phần")) and _total(rows)]
    largest = max(work, key=lambda rows: max(_total(rows)))
    total, parts = _total(largest), [_figures(row) for row in largest[1:-1]]
    # Counted once more: 95 communes, 21 offices, departments and organisations owe over three thousand tasks.
    assert total[0] > 3000
    # The report that was handed in is work done too.
    assert results + 1 in total
    assert total[0] == sum(row[0] for row in parts if row)


def _figures(row: list[str]) -> list[int]:
    return [int(cell.replace(".", "")) for cell in row[1:] if re.fullmatch(r"[\d.]+", cell)]


def _total(rows: list[list[str]]) -> list[int]:
    last = rows[-1]
    return _figures(last) if any("Tổng" in cell for cell in last) else []


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_fit_and_speak_vietnamese(site: str, browser: Any, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, locale="vi-VN")
    _enter(page, site, PLANNER)
    for path in (
        "/",
        "/ke-hoach/",
        "/ke-hoach/nhap/",
        "/don-vi/",
        "/don-vi/thay-doi/",
        "/tim/?q=dinh+quan",
        "/thong-bao/",
        "/tai-khoan/quyen/",
    ):
        answer = page.goto(f"{site}{path}")
        assert answer.status in (200, 404), path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        words = page.inner_text("body")
        for english in ("Sign in", "Search", "Save", "Submit", "Home", "None", "True", "Error"):
            assert not re.search(rf"\b{english}\b", words), (path, english)


def test_the_keyboard_reaches_search_and_content(site: str, browser: Any) -> None:
    page = browser.new_page()
    _enter(page, site, PLANNER)
    page.goto(f"{site}/don-vi/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("la nga")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim/**")
    assert "La Ngà" in page.inner_text("main")
