"""A leader with two minutes: the targets, the map, from the province to a loan by clicks; on a phone and on paper."""

from __future__ import annotations

from typing import Any

import pytest

LEADER = "demo-lanhdao"

pytestmark = pytest.mark.browser


def _page(browser: Any, site: str, width: int, problems: list[str]) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900}, locale="vi-VN")
    page.set_default_timeout(120_000)
    page.on(
        "console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith((site, "data:")) else problems.append(r.url))  # fmt: skip
    page.goto(f"{site}/tai-khoan/login/")
    page.click(f"button[value={LEADER}]")
    page.wait_for_url(lambda url: "login" not in url)
    return page


def test_the_map_is_drawn_and_a_bubble_opens_its_commune(figures: str, browser: Any) -> None:
    problems: list[str] = []
    page = _page(browser, figures, 1440, problems)
    page.goto(f"{figures}/chi-tieu/")
    assert "tín dụng của kế hoạch" in page.inner_text("h1")
    assert page.locator(".aims .aim").count() == 4
    page.wait_for_selector("figure[data-drawn] svg")
    labels = page.locator("figure.map svg text").all_text_contents()
    assert "Lâm Đồng" in labels
    communes = page.locator(".places tbody a").all_inner_texts()
    assert len(communes) == 19
    assert set(communes) & set(labels)
    # The largest bubble: its path answers a click by opening that commune.
    bubbles = page.locator("figure.map svg path[fill^='#']")
    assert bubbles.count() >= len(communes)
    page.locator("figure.map").evaluate("map => map.scrollIntoView({ block: 'center' })")
    box = max((bubbles.nth(at).bounding_box() for at in range(bubbles.count())), key=lambda b: b["width"])  # fmt: skip
    with page.expect_navigation():
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "commune=" in page.url
    assert problems == []


def test_from_the_province_to_a_loan_by_clicks(figures: str, browser: Any) -> None:
    problems: list[str] = []
    page = _page(browser, figures, 1440, problems)
    page.goto(f"{figures}/chi-tieu/")
    page.get_by_role("link", name="Mở bảng số liệu").click()
    for _step in ("office", "commune", "group"):
        page.wait_for_selector("table.big-table tbody tr")
        total = page.locator("table.big-table tfoot td").nth(1).inner_text()
        first = page.locator("table.big-table tbody tr").first
        figure = first.locator("td.num a.n").first.inner_text()
        with page.expect_navigation():
            first.locator("td.num a.n").first.click()
        # One row of the table above is the whole of the table below.
        if "/bang/" in page.url:
            assert page.locator("table.big-table tfoot td").nth(1).inner_text() == figure
        assert total != ""
    assert "/khoan-vay/" in page.url
    assert all(key in page.url for key in ("office=", "commune=", "group="))
    # The invented snapshot's loans have no page of their own: they are named, not linked.
    assert page.locator("main tbody td:first-child").count() > 0
    page.locator(".crumb a").first.click()
    page.wait_for_selector(".aims")
    assert "commune=" not in page.url
    assert problems == []


def test_why_draws_the_way_here(figures: str, browser: Any) -> None:
    problems: list[str] = []
    page = _page(browser, figures, 1440, problems)
    page.goto(f"{figures}/chi-tieu/")
    page.locator(".aim .why").nth(2).click()
    page.wait_for_selector("figure[data-drawn] svg path", state="attached")
    assert any("Chỉ tiêu" in words for words in page.locator("figure svg text").all_text_contents())
    assert "Nợ quá hạn ÷ tổng dư nợ" in page.inner_text("main")
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_obeys_the_theme(figures: str, browser: Any, scheme: str) -> None:
    problems: list[str] = []
    page = _page(browser, figures, 390, problems)
    page.emulate_media(color_scheme=scheme)
    for path in ("/", "/chi-tieu/bang/?by=commune", "/chi-tieu/khoan-vay/", "/chi-tieu/vi-sao/growth_ytd/"):  # fmt: skip
        page.goto(f"{figures}{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto(f"{figures}/chi-tieu/")
    page.wait_for_selector("figure[data-drawn] svg")
    darkest = "getComputedStyle(document.documentElement).getPropertyValue('--c4').trim()"
    fills = "[...document.querySelectorAll('figure.map svg path')].map(p => p.getAttribute('fill'))"
    assert page.evaluate(darkest) == {"light": "#5f0c35", "dark": "#ffd0e4"}[scheme]
    assert page.evaluate(darkest) in page.evaluate(fills)
    page.emulate_media(media="print", color_scheme=scheme)
    page.wait_for_selector("figure.map svg path[fill='#222']", state="attached")
    assert problems == []
