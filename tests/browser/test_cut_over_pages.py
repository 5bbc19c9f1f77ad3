"""An office goes from its extracts to a book of record on pages: begun, undone, begun again, compared for a month, signed by
another person, closed by itself (docs/how-to/from-monitor-to-record.md)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from extract_cast import DAY, loan, workbook
from serving import prepare, serving

pytestmark = pytest.mark.browser
TODAY: Final = "2026-11-23"
SECRET: Final = "khoa-rat-dai-2026"
PLANNER, DIRECTOR, BRANCH = "kehoach31", "giamdoc31", "giamdocchinhanh31"
LIST: Final = "/sao-ke/chuyen-ghi-so/"
PARALLEL: Final = date(2026, 11, 20)
_PEOPLE: Final = f"""
from datetime import date
from tdcs.cli import setup
setup.run()
setup.load_lending()
from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.organisations.models import Organisation
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import decrees_in_law
branch = "nhcsxh-chi-nhanh@p75"
for name, full, role, at in (
    ({PLANNER!r}, "Nguyễn Thị Kế Hoạch", Role.BRANCH_PLANNER, branch),
    ({DIRECTOR!r}, "Lê Văn Giám Đốc", Role.OFFICE_DIRECTOR, "nhcsxh-pgd@004606"),
    ({BRANCH!r}, "Trần Thị Chi Nhánh", Role.OFFICE_DIRECTOR, branch),
):
    person = User.objects.create_user(name, full_name=full, password={SECRET!r})
    unit = Organisation.objects.get(code=at)
    RoleHolding.objects.create(user=person, role=role, organisation=unit, starts_on=date(2024, 1, 1))
for document, first in decrees_in_law().items():
    DecreeApplication.objects.get_or_create(
        document=document,
        defaults={{"state": DecreeApplication.State.DONE, "asked_on": first, "taken_up_on": first}},
    )
"""


@pytest.fixture(scope="module")
def branch_site(new_home: Any) -> Iterator[str]:
    """A site without loans, with a planner, the office's director and the branch's."""
    home = new_home("cutover")
    prepare(home, TODAY, _PEOPLE)
    with serving(home, TODAY, TDCS_MFA="0") as address:
        yield address


def _files(folder: Path) -> dict[date, str]:
    """The office's report 31 of the month-end and of a day of the month in parallel."""
    rows = [
        loan(1, interest_collected=900_000, arrears_in_time=40_000),
        loan(2, balance=35_000_000, in_time=30_000_000, overdue=5_000_000, turned_overdue_on=date(2026, 9, 13),
             interest_collected=3_000_000, arrears_in_time=120_000, arrears_overdue=33_333),
        loan(3, commune_name="xã Phú Ngọc", group="0100003"),
    ]  # fmt: skip
    made = {}
    for day in (DAY, PARALLEL):
        path = folder / f"004606 {day:%d-%m-%Y}.xlsx"
        path.write_bytes(
            workbook(*({"session_day": 12, **row, "day": day} for row in rows), day=day)
        )
        made[day] = str(path)
    return made


def _page(browser: Any, site: str, person: str, problems: list[str]) -> Any:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN").new_page()
    page.set_default_timeout(30_000)
    page.on("dialog", lambda box: box.accept())
    page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)  # fmt: skip
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda r: problems.append(f"{r.status} {r.url}") if r.status >= 400 else None)  # fmt: skip
    page.goto(f"{site}/tai-khoan/login/")
    page.fill("#id_login", person)
    page.fill("#id_password", SECRET)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


def _seen(page: Any, name: str) -> None:
    """The page fits a desk and a phone; kept as pictures where somebody wants to look (TDCS_PICTURES)."""
    folder = os.environ.get("TDCS_PICTURES")
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        if folder:
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def _take_in(page: Any, site: str, path: str, *, monitor: bool) -> None:
    page.goto(f"{site}/sao-ke/")
    page.set_input_files("#files", path)
    page.get_by_role("button", name="Đọc tệp").click()
    page.get_by_role("button", name="Ghi nhận").wait_for()
    if monitor:
        page.check("input[name=monitor]")
    page.get_by_role("button", name="Ghi nhận").click()
    page.get_by_role("button", name="Ghi nhận").wait_for(state="detached")


def _begin(page: Any, site: str) -> None:
    page.goto(f"{site}{LIST}")
    page.get_by_role("button", name="Mở sổ từ 01/11/2026").click()
    page.get_by_role("button", name="Mở sổ từ 01/11/2026").wait_for(state="detached")


def _undo(page: Any) -> None:
    page.locator("main details summary").last.click()
    page.fill("main details input[name=why]", "nhầm tháng")
    page.locator("main details form button").last.click()
    page.get_by_text("Đã hoàn tác: nhầm tháng").first.wait_for()


def test_from_extracts_to_a_book_of_record(branch_site: str, browser: Any, tmp_path: Path) -> None:
    problems: list[str] = []
    files = _files(tmp_path)
    planner = _page(browser, branch_site, PLANNER, problems)
    _take_in(planner, branch_site, files[DAY], monitor=True)
    planner.goto(f"{branch_site}{LIST}")
    _seen(planner, "waiting")
    _begin(planner, branch_site)
    shown = planner.inner_text("main")
    for told in ("135.000.000", "5.000.000", "33.333", "160.000"):
        assert told in shown, told
    _seen(planner, "begun")
    _undo(planner)
    _seen(planner, "undone")
    _begin(planner, branch_site)
    _take_in(planner, branch_site, files[PARALLEL], monitor=False)
    planner.goto(f"{branch_site}{LIST}")
    planner.get_by_role("link", name="Định Quán").first.click()
    assert "3 khoản vay có chênh lệch" in planner.inner_text("main")
    assert planner.get_by_role("button", name="Ký biên bản").count() == 0
    _seen(planner, "compared")
    director = _page(browser, branch_site, DIRECTOR, problems)
    director.goto(planner.url)
    _seen(director, "to-sign")
    director.get_by_role("button", name="Ký biên bản").click()
    director.get_by_text("Lê Văn Giám Đốc đã ký biên bản").wait_for()
    with director.expect_download() as paper:
        director.get_by_role("link", name="Biên bản (.docx)").click()
    assert paper.value.suggested_filename.endswith(".docx")
    _seen(director, "signed")
    closing = _page(browser, branch_site, BRANCH, problems)
    closing.goto(f"{branch_site}/so-ngay/")
    closing.get_by_role("button", name="Khóa sổ ngày 01/11/2026").click()
    closing.get_by_role("button", name="Khóa sổ ngày 01/11/2026").wait_for(state="detached")
    closing.goto(f"{branch_site}/so-ngay/")
    closing.get_by_text("Đã khóa đến hết ngày 01/11/2026").wait_for()
    planner.reload()
    # The first own close stands: nothing is undone any more.
    assert "nhầm tháng" not in planner.inner_text("main")
    assert planner.get_by_text("Hoàn tác, theo dõi theo sao kê như trước").count() == 0
    _seen(planner, "closed")
    assert problems == []
