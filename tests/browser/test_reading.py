"""A planner imports a PDF with an annex table, corrects it beside the page's picture; the sister document needs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typst
from serving import serving
from test_story import PLANNER, _enter

from tdcs.documents import fonts_folder

pytestmark = pytest.mark.browser
ROWS = (
    ("TT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"),
    (
        "1",
        "Ươm 500 cây giống bản địa cho hộ vay vốn",
        "Trung tâm Rừng xanh",
        "UBND cấp xã",
        "Đợt cao điểm",
    ),
    ("2", "Rà soát hộ vay vốn trồng rừng", "Sở Tài chính", "Chi nhánh NHCSXH tỉnh", "Quý III/2024"),
)


def _plan(folder: Path, number: int) -> Path:
    head = (
        "ỦY BAN NHÂN DÂN", "TỈNH ĐỒNG NAI", f"Số: {number}/KH-UBND", "Đồng Nai, ngày 05 tháng 02 năm 2024",
        "KẾ HOẠCH", f"Trồng rừng gắn với tín dụng chính sách đợt {number - 400} năm 2024", "II. NHIỆM VỤ",
    )  # fmt: skip
    signed = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn An")
    cells = ", ".join(f"[{cell}]" for row in ROWS for cell in row)
    table = f"#table(columns: (auto, 3fr, 2fr, 2fr, 1fr), align: center + horizon, {cells})\n"
    parts = ["".join(f"#par[{line}]\n" for line in lines) for lines in (head, signed)]
    source = f'#set text(font: "Be Vietnam Pro")\n{parts[0]}{table}{parts[1]}'
    file = folder / f"ke-hoach-{number}.pdf"
    file.write_bytes(typst.compile(source.encode(), font_paths=[str(fonts_folder())]))
    return file


def _upload(page: Any, site: str, file: Path) -> None:
    page.goto(f"{site}/ke-hoach/nhap/")
    page.set_input_files("input[type=file]", str(file))
    page.locator("main").get_by_role("button", name="Đọc văn bản").click()
    page.wait_for_url("**/ra-soat/**")


def test_two_facts_are_corrected_beside_the_picture_and_the_sister_plan_needs_none(
    browser: Any, new_home: Any, tmp_path: Path
) -> None:
    with serving(new_home("reading"), "2026-11-23") as site:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        page.on("dialog", lambda dialog: dialog.accept())
        _enter(page, site, PLANNER)
        _upload(page, site, _plan(tmp_path, 401))
        # The row with the doubtful facts is open, the page it stands on is drawn beside it.
        assert "PL1.1" in page.inner_text(".rv-item h2")
        picture = page.locator(".rv-paper img")
        picture.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        assert picture.evaluate("image => image.naturalWidth") > 500
        assert "Trung tâm Rừng xanh" in page.inner_text(".rv-table td.src >> nth=1")
        page.fill("input[name=unit0]", "Sở Nông nghiệp và Môi trường")
        page.select_option("select[name=timing_kind]", "by_date")
        page.fill("input[name=due_on]", "2024-06-30")
        page.locator("main").get_by_role("button", name="Lưu và ở lại").click()
        page.wait_for_selector("text=Đã lưu mục PL1.1")
        page.locator("main").get_by_role("link", name="Công bố…").click()
        page.locator("main").get_by_role("button", name="Công bố", exact=True).click()
        page.wait_for_url("**/ke-hoach/")
        assert "401/KH-UBND" in page.inner_text("h1")
        _upload(page, site, _plan(tmp_path, 402))
        assert page.locator(".rv-warn li").count() == 0
        assert page.locator(".rv-fact.late").count() == 0
        page.locator("main").get_by_role("link", name="PL1.1", exact=False).first.click()
        page.wait_for_load_state()
        assert page.input_value("input[name=unit0]") == "Sở Nông nghiệp và Môi trường"
        assert page.input_value("input[name=due_on]") == "2024-06-30"
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
