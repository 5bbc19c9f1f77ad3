"""A branch goes from an empty installation to the dashboard on its own files, as docs/how-to/start-from-extracts.md says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from extracts_home import FILES, FOLDER, SUMS
from migrated import address_of, copy_database, drop_database, migrated
from serving import DATABASE, prepare, serving, surroundings

pytestmark = pytest.mark.browser
TODAY: Final = "2026-11-23"
SECRET: Final = "khoa-rat-dai-2026"
# As a new installation is: no province, no demonstration.
EMPTY: Final = {"TDCS_PROVINCE": None, "TDCS_DEMO": None, "TDCS_MFA": "0"}


@dataclass(frozen=True)
class Branch:
    """The site of a branch with nothing in it, and the files that it has."""

    site: str
    files: list[Path]
    sums: dict[str, Any]

    def of(self, day: str) -> list[str]:
        """The files of a month-end."""
        return [str(one) for one in self.files if one.name.startswith(day[:7])]


@pytest.fixture(scope="module")
def branch(
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Branch]:
    """The extracts are written in one home; the other is empty but for its first account."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
    homes = {name: tmp_path_factory.mktemp(name) for name in ("core", "branch")}
    made = {name: f"browser_{worker}_{name}" for name in homes}
    with django_db_blocker.unblock():
        for name, home in homes.items():
            copy_database(migrated(), made[name])
            (home / DATABASE).write_text(address_of(made[name]))
    prepare(homes["core"], TODAY, FILES)
    folder = homes["core"] / FOLDER
    account = ["person", "add", "--username", "quantri", "--role", "system_admin", "--password", SECRET]  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "tdcs.cli.main", *account],
        env=surroundings(homes["branch"], TODAY, **EMPTY),
        check=True,
        timeout=300,
    )
    with serving(homes["branch"], TODAY, **EMPTY) as site:
        yield Branch(site, sorted(folder.glob("*.xlsx")), json.loads((folder / SUMS).read_text()))
    for database in made.values():
        drop_database(database)


def _page(browser: Any, branch: Branch, person: str, problems: list[str], width: int = 1440) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900}, locale="vi-VN")
    page.set_default_timeout(120_000)
    page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)  # fmt: skip
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda r: problems.append(f"{r.status} {r.url}") if r.status >= 400 else None)  # fmt: skip
    page.goto(f"{branch.site}/tai-khoan/login/")
    page.fill("#id_login", person)
    page.fill("#id_password", SECRET)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


def _dong(words: str | None) -> int:
    return int(re.sub(r"\D", "", words or ""))


def test_from_an_empty_installation_to_the_dashboard(branch: Branch, browser: Any) -> None:
    problems: list[str] = []
    admin = _page(browser, branch, "quantri", problems)
    _set_up_the_province(admin)
    _add_the_planner(admin)
    planner = _page(browser, branch, "kehoach", problems)
    planner.goto(f"{branch.site}/chi-tieu/")
    assert "Chưa có ngày nào được khóa sổ" in planner.inner_text("main")
    days = sorted(branch.sums)
    for number, day in enumerate(days):
        _take_in(planner, branch, day, first=number == 0)
    _see_the_figures(planner, branch.sums[days[-1]])
    _fits_a_phone(_page(browser, branch, "kehoach", problems, width=390), branch)
    assert problems == []


def _set_up_the_province(page: Any) -> None:
    page.fill("input[type=search]", "dong nai")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.locator("main ul.list a").click()
    page.locator("main form button.main").click()
    page.wait_for_url(lambda url: "/thiet-lap/phong-giao-dich/" in url)


def _add_the_planner(page: Any) -> None:
    page.get_by_role("link", name="Thêm người dùng").click()
    page.fill("#u", "kehoach")
    page.fill("#f", "Người làm kế hoạch")
    page.fill("#p", SECRET)
    page.select_option("#r", "branch_planner")
    # No unit is chosen beforehand: a planner of the first one in the list would see every unit.
    assert page.input_value("#o") == ""
    branch_of_bank = page.locator("#o option", has_text="Chi nhánh NHCSXH")
    page.select_option("#o", branch_of_bank.first.get_attribute("value"))
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.locator("main td", has_text="kehoach").wait_for()


def _take_in(page: Any, branch: Branch, day: str, *, first: bool) -> None:
    """Upload, preview, take; the first with the tick."""
    page.get_by_role("link", name="Nhập sao kê").first.click()
    page.set_input_files("#files", branch.of(day))
    page.get_by_role("button", name="Đọc tệp").click()
    page.get_by_role("button", name="Ghi nhận").wait_for()
    told = branch.sums[day]
    shown = page.locator("main table").first.locator("tbody tr").all_inner_texts()
    for office, balance in told["offices"].items():
        (row,) = (one for one in shown if one.startswith(office))
        assert f"\t{balance:,}\t".replace(",", ".") in row
    assert page.locator("input[name=monitor]").count() == (1 if first else 0)
    if first:
        page.check("input[name=monitor]")
    page.get_by_role("button", name="Ghi nhận").click()
    page.get_by_role("link", name="Xem chỉ tiêu").wait_for()
    assert "Đã ghi sổ theo dõi 2 sao kê" in page.inner_text("body")


def _see_the_figures(page: Any, told: dict[str, Any]) -> None:
    page.get_by_role("link", name="Xem chỉ tiêu").click()
    page.wait_for_selector(".aims")
    face = page.locator(".figs a, .figures a")
    exact = {
        one.locator("span").first.inner_text(): one.locator("b .fig").get_attribute("title")
        for one in face.all()
    }
    assert _dong(exact["Tổng dư nợ"]) == told["balance"]
    assert _dong(exact["Lãi tồn"]) == told["arrears_in_time"] + told["arrears_overdue"]
    assert _dong(exact["Số hộ còn dư nợ"]) == told["customers"]
    (access,) = (one for one in page.locator(".aim").all() if "Tiếp cận vốn" in one.inner_text())
    assert "Không có trong sao kê" in access.inner_text()
    page.get_by_role("link", name="Mở bảng số liệu").click()
    page.wait_for_selector("table.big-table tbody tr")
    heads = page.locator("table.big-table thead th").all_inner_texts()
    whole = page.locator("table.big-table tfoot td")
    at = next(n for n, one in enumerate(heads) if one.startswith("Nợ quá hạn"))
    assert _dong(whole.nth(at).locator(".fig").get_attribute("title")) == told["overdue"]


def _fits_a_phone(page: Any, branch: Branch) -> None:
    """The planner's pages, in both themes."""
    page.goto(f"{branch.site}/vay/khoan-vay/")
    loan = page.locator("main table tbody a").first.get_attribute("href")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in ("/sao-ke/", "/sao-ke/1/", "/sao-ke/theo-doi/", "/chi-tieu/", "/chi-tieu/bang/", loan):  # fmt: skip
            page.goto(f"{branch.site}{path}")
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
