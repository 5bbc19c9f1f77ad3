"""A second plan is published beside the first: nothing of the first vanishes; then the publication is taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tdcs.demo.build import SAMPLE
from tdcs.demo.plans import sample

PLANNER, CLERK = "demo-kehoach", "demo-langa"
NUMBER = "346/KH-UBND"
SECOND = """ỦY BAN NHÂN DÂN
TỈNH ĐỒNG NAI

Số: 346/KH-UBND

Đồng Nai, ngày 15 tháng 01 năm 2026

KẾ HOẠCH

Thực hiện giảm nghèo bền vững năm 2026

Thực hiện Quyết định số 05/QĐ-TTg ngày 04 tháng 01 năm 2023 của Thủ tướng Chính phủ, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU

1. Giảm nghèo.

II. NHIỆM VỤ, GIẢI PHÁP

1. Hỗ trợ

a) Lập danh sách hộ nghèo cần hỗ trợ sinh kế.
- Đơn vị thực hiện: Ủy ban nhân dân cấp xã.
- Thời gian hoàn thành: trước ngày 30/11/2026.

III. TỔ CHỨC THỰC HIỆN

1. Yêu cầu Chủ tịch Ủy ban nhân dân cấp xã tổ chức thực hiện. Định kỳ gửi kết quả về Chi nhánh NHCSXH tỉnh trước ngày 20 tháng 12 hàng năm để tổng hợp, báo cáo Ủy ban nhân dân tỉnh.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Bản trình diễn
"""

pytestmark = pytest.mark.browser


def _enter(page: Any, site: str, who: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{site}/tai-khoan/login/")
    page.click(f"button[value={who}]")
    page.wait_for_url(lambda url: "login" not in url)


def _upload(page: Any, site: str, path: Path) -> None:
    page.goto(f"{site}/ke-hoach/nhap/")
    page.set_input_files("input[type=file]", str(path))
    page.locator("main").get_by_role("button", name="Đọc văn bản").click()
    page.wait_for_url("**/ra-soat/**")
    page.locator("main").get_by_role("link", name="Công bố…").click()
    page.wait_for_url("**/cong-bo/")


def _publish(page: Any) -> None:
    page.locator("main").get_by_role("button", name="Công bố", exact=True).click()
    page.wait_for_url(lambda url: "cong-bo" not in url)


def _inbox(page: Any, site: str) -> str:
    _enter(page, site, CLERK)
    page.goto(f"{site}/ke-hoach/viec/")
    return str(page.inner_text("main"))


def test_the_first_plan_stays_while_a_second_comes_and_goes(
    site: str, browser: Any, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    _enter(page, site, PLANNER)
    page.goto(f"{site}/ke-hoach/")
    if "Chưa có kế hoạch" in page.inner_text("h1"):
        shipped = tmp_path / "ke-hoach-mau.txt"
        shipped.write_bytes(sample(SAMPLE))
        _upload(page, site, shipped)
        page.fill("input[name=first_year]", "2026")
        _publish(page)
    page.goto(f"{site}/ke-hoach/ma-tran/")
    before = page.inner_text(".legend")
    first = page.inner_text(".where")
    assert "232/KH-UBND" in first
    second = tmp_path / "ke-hoach-346.txt"
    second.write_text(SECOND, encoding="utf-8")
    _upload(page, site, second)
    beside = page.locator("fieldset", has_text="232/KH-UBND")
    assert beside.get_by_label("Cùng thực hiện").is_checked()
    assert "thôi giao" in beside.inner_text()
    _publish(page)
    page.goto(f"{site}/tien-do/")
    assert "232/KH-UBND" in page.inner_text("main") and NUMBER in page.inner_text("main")
    page.click(".where-plan summary")
    page.locator(".where-plan").get_by_role("link", name="232/KH-UBND").click()
    page.goto(f"{site}/ke-hoach/ma-tran/")
    assert page.inner_text(".legend") == before, "nothing of the first plan moved"
    mine = _inbox(page, site)
    assert "232/KH-UBND" in mine and NUMBER in mine
    _enter(page, site, PLANNER)
    page.goto(f"{site}/ke-hoach/cac-ke-hoach/")
    page.locator("main").get_by_role("link", name=NUMBER).first.click()
    page.locator("main").get_by_role("link", name="Thu hồi công bố").click()
    page.fill("textarea[name=why]", "Công bố nhầm bản dự thảo")
    page.locator("main").get_by_role("button", name="Thu hồi công bố").click()
    page.wait_for_url("**/ra-soat/**")
    mine = _inbox(page, site)
    assert "232/KH-UBND" in mine and NUMBER not in mine
    assert problems == []
