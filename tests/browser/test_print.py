"""Paper: what Chromium prints keeps tables as tables on A4, cuts no column, repeats heads; the leader's sheet is one page."""

from __future__ import annotations

from typing import Any

import pytest
from pdf_pages import Page, nothing_is_cut, pages_of
from test_dashboard import LEADER

pytestmark = pytest.mark.browser

# A table of so many columns and rows where a page has its own; kind: "stack" (cards on a phone), "mx" (the matrix).
TABLE = """([kind, columns, rows, money]) => {
  const row = (tag, cell) => `<tr>${[...Array(columns).keys()].map((n) => `<${tag} class="${n === 0 ? "u" : tag === "td" ? "num" : ""}" data-l="c">${cell(n)}</${tag}>`).join("")}</tr>`;
  const head = row("th", (n) => (n ? `Cột ${n}` : "Tên đơn vị"));
  const body = [...Array(rows).keys()].map((r) => row("td", (n) => (n === 0 ? `Xã số ${r}` : n === columns - 1 ? `z${r}z` : money))).join("");
  document.querySelector("main").innerHTML =
    `<section class="panel flush"><div class="scroll"><table class="${kind}"><thead>${head}</thead><tbody>${body}</tbody></table></div></section>`;
}"""


def _signed_in(browser: Any, site: str, width: int = 1440) -> Any:
    # What a test waits for is a script of its own, which the site's policy would refuse.
    page = browser.new_page(
        viewport={"width": width, "height": 900}, locale="vi-VN", bypass_csp=True
    )
    page.set_default_timeout(120_000)
    page.goto(f"{site}/tai-khoan/login/")
    page.click(f"button[value={LEADER}]")
    page.wait_for_url(lambda url: "login" not in url)
    return page


def _printed(page: Any) -> list[Page]:
    return pages_of(page.pdf(prefer_css_page_size=True))


@pytest.mark.parametrize(
    ("kind", "columns", "money", "landscape"),
    [
        ("stack", 6, "1.234.567.890", False),
        ("stack", 7, "1.234.567.890.123", True),
        ("stack", 12, "1.234.567.890", True),
        ("mx", 26, "100%", True),
    ],
)
def test_a_table_stays_a_table_and_loses_no_column(
    figures: str, browser: Any, kind: str, columns: int, money: str, landscape: bool
) -> None:
    page = _signed_in(browser, figures)
    page.goto(f"{figures}/chuong-trinh/")
    page.evaluate(TABLE, [kind, columns, 120, money])
    pages = _printed(page)
    assert len(pages) > 1 and {one.landscape for one in pages} == {landscape}
    heads = ["Tên đơn vị", *(f"Cột {n}" for n in range(1, columns))]
    nothing_is_cut(pages, heads, [f"z{row}z" for row in range(120)])
    # 120 lines of a table take a few pages; as cards they would take dozens.
    assert len(pages) <= 6
    for number, one in enumerate(pages, 1):
        assert one.holds(f"Trang {number}/{len(pages)}")
        assert one.holds("Số liệu ngày 23/11/2026") and one.holds("Người in:")


def test_the_leaders_sheet_is_one_page(figures: str, browser: Any) -> None:
    page = _signed_in(browser, figures)
    page.goto(f"{figures}/chi-tieu/")
    page.wait_for_selector("figure[data-drawn] svg")
    (sheet,) = _printed(page)
    assert not sheet.landscape and sheet.right <= sheet.width
    for words in (
        "Tăng trưởng dư nợ",
        "Dự báo cuối 2026",
        "Tổng dư nợ",
        "xấu đi ở đâu",
        "Thay đổi",
    ):
        assert sheet.holds(words), words


@pytest.mark.parametrize("path", ["/chi-tieu/bang/?by=commune", "/chi-tieu/khoan-vay/", "/chuong-trinh/van-ban/"])  # fmt: skip
def test_real_lists_lose_nothing(figures: str, browser: Any, path: str) -> None:
    page = _signed_in(browser, figures)
    page.goto(f"{figures}{path}")
    heads = page.locator("main thead th").all_inner_texts()
    last = page.locator("main tbody tr td:last-child").all_inner_texts()
    assert len(heads) >= 7 and last
    clean = [words.replace("▾", "") for words in heads]
    nothing_is_cut(_printed(page), clean, [words for words in last if words.strip()])


def test_a_drawing_follows_its_frame_when_the_window_narrows(figures: str, browser: Any) -> None:
    page = _signed_in(browser, figures)
    page.goto(f"{figures}/chi-tieu/vi-sao/outstanding/")
    page.wait_for_selector("figure[data-drawn] svg")
    fits = "[...document.querySelectorAll('figure.chart')].every(f => f.querySelector('svg').getBoundingClientRect().right <= f.parentElement.getBoundingClientRect().right + 1)"
    for width in (1440, 880, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(fits)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
