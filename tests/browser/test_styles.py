"""The page of styles: each component in light, dark, print and at 390 px, photographed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

COMPONENTS = (
    "figures",
    "table",
    "toolbar",
    "panel",
    "field",
    "form",
    "empty",
    "meter",
    "status",
)

pytestmark = pytest.mark.browser


def _open(browser: Any, site: str) -> Any:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{site}/tai-khoan/login/")
    page.click("button[value=demo-quantri]")
    page.wait_for_url(lambda url: "login" not in url)
    page.goto(f"{site}/giao-dien/")
    page.wait_for_load_state("networkidle")
    return page


def _colour(page: Any, selector: str, name: str = "background-color") -> str:
    script = "(e, name) => getComputedStyle(e).getPropertyValue(name)"
    return str(page.locator(selector).first.evaluate(script, name))


def test_components_in_light_dark_print_and_on_a_phone(
    site: str, browser: Any, tmp_path: Path
) -> None:
    page = _open(browser, site)
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    photos = {}

    def photograph(name: str) -> None:
        file = tmp_path / f"{name}.png"
        page.screenshot(path=file, full_page=True)
        photos[name] = file.read_bytes()

    for component in COMPONENTS:
        assert page.locator(f"[data-component={component}]").first.is_visible(), component
    assert page.locator(".crumb a").is_visible()
    assert _colour(page, ".panel") == "rgb(255, 255, 255)"
    photograph("light")

    page.emulate_media(color_scheme="dark")
    assert _colour(page, ".panel") == "rgb(31, 28, 34)"
    assert _colour(page, ".figures .late b", "color") == "rgb(255, 154, 146)"
    photograph("dark")

    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("[data-component=table] thead").is_hidden()
    assert page.get_by_role("button", name="Mở trình đơn").is_visible()
    photograph("phone")

    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".rail").is_hidden()
    assert page.locator("[data-component=toolbar] form").is_hidden()
    assert _colour(page, ".panel") == "rgb(255, 255, 255)"
    assert page.locator("[data-component=table] thead").is_visible()
    photograph("print")

    assert len(set(photos.values())) == 4
    assert problems == []


def test_a_date_is_typed_and_shown_as_day_month_year_and_sent_as_iso(
    site: str, browser: Any
) -> None:
    page = _open(browser, site)
    typed, sent = page.get_by_label("Ngày"), page.locator("input[name=on]")
    assert typed.get_attribute("placeholder") == "ngày/tháng/năm"
    typed.press_sequentially("05032026")
    assert (typed.input_value(), sent.input_value()) == ("05/03/2026", "2026-03-05")
    for words in ("5.3.2026", "2026-3-5", "05/03/2026"):
        typed.fill(words)
        typed.blur()
        assert (typed.input_value(), sent.input_value()) == ("05/03/2026", "2026-03-05")
    # What the calendar chooses is shown.
    sent.fill("2026-12-31")
    assert typed.input_value() == "31/12/2026"
    for wrong in ("31/02/2026", "5/3", "hôm nay", "12/2026"):
        typed.fill(wrong)
        assert sent.input_value() == ""
        assert "05/03/2026" in typed.evaluate("field => field.validationMessage")
    typed.fill("")
    assert typed.evaluate("field => field.checkValidity()")


def test_money_is_grouped_and_said_in_words(site: str, browser: Any) -> None:
    page = _open(browser, site)
    field = page.get_by_label("Số tiền")
    field.press_sequentially("12500000")
    assert field.input_value() == "12.500.000"
    said = page.locator("[data-component=field] [role=status]")
    assert said.inner_text() == "Mười hai triệu năm trăm nghìn đồng"


def test_on_a_phone_the_bar_is_one_row_and_the_search_opens_over_it(
    site: str, browser: Any
) -> None:
    page = _open(browser, site)
    page.set_viewport_size({"width": 390, "height": 844})
    bar = page.locator("header.top")
    assert bar.bounding_box()["height"] <= 64
    find = page.locator("#find")
    assert find.bounding_box()["width"] <= 44
    find.focus()
    assert find.bounding_box()["width"] >= 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
