"""A year's plan, from what a household needs to what the branch's director approves, by everybody whose hand it asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import docx
import pytest
from serving import prepare, serving
from test_lending import Desk
from test_scheme import PLAN as PLAN_IN_FORCE

pytestmark = pytest.mark.browser
_GROUP: Final = (Path(__file__).parent / "lending_home.py").read_text(encoding="utf-8")
TODAY, PLAN = "2026-11-23", "/ke-hoach-tin-dung/2027/"
HOME = "H0000003"


@pytest.fixture
def home(new_home: Any, book_home: Path) -> Path:
    """A group in La Ngà, and closed days of a small book elsewhere."""
    made: Path = new_home("credit_plan", like=book_home)
    prepare(made, TODAY, _GROUP, PLAN_IN_FORCE)
    return made


def test_from_need_survey_to_approved_plan_and_scheme(home: Path, browser: Any) -> None:
    desk = Desk(browser)
    with serving(home, TODAY) as desk.site:
        _tell_the_need(desk)
        _draft(desk)
        _office_asks(desk)
        _accept_and_submit(desk)
        _approve(desk)
        _follow(desk)
        _scheme(desk)
    assert desk.problems == []


def _tell_the_need(desk: Desk) -> None:
    """The commune's clerk opens next year's survey; a poor household needs 40 million."""
    desk.enter("demo-langa")
    desk.go("/ho/nhu-cau/mo/")
    desk.page.fill("[name=year]", "2027")
    desk.press("Mở đợt khảo sát", then="Đang mở")
    desk.main.get_by_role("link", name="Ghi nhu cầu").first.click()
    desk.page.fill("[name=code]", HOME)
    desk.page.select_option("[name=programme]", "HN")
    desk.page.fill("[name=amount]", "40000000")
    desk.press("Ghi nhu cầu", then="Đã ghi nhu cầu của hộ")


def _draft(desk: Desk) -> None:
    """The planner opens the plan, sees the need, gives a target and spreads it: all of it to the one commune that asked."""
    desk.enter("demo-kehoach")
    desk.go("/ke-hoach-tin-dung/")
    desk.press("Mở kế hoạch năm 2027", then="Đã mở kế hoạch năm 2027")
    _lists(desk, "xã La Ngà")
    desk.go(f"{PLAN}chi-tieu/")
    _target(desk, "40000000")
    desk.page.fill("#money", "50000000")
    desk.page.fill("#basis", "Thông báo của Tổng Giám đốc")
    desk.press("Ghi vốn bổ sung", then="Đã ghi vốn bổ sung")
    desk.press("Chia chỉ tiêu cho xã", then="Đã chia chỉ tiêu thành 1 dòng")
    _lists(desk, "xã La Ngà")
    desk.go(PLAN)
    desk.press("Trình phê duyệt", then="chưa thống nhất")
    desk.main.locator("button[value=send_all]").click()
    desk.sees("phòng giao dịch.")


def _lists(desk: Desk, place: str) -> None:
    """A row of the page's table names the place (a filter offers it too)."""
    desk.main.locator("td", has_text=place).first.wait_for()


def _target(desk: Desk, amount: str) -> None:
    desk.page.select_option("#programme", "HN")
    desk.page.select_option("#source", label="Vốn trung ương")
    desk.page.fill("#amount", amount)
    desk.press("Ghi chỉ tiêu", then="Đã ghi chỉ tiêu")


def _office_asks(desk: Desk) -> None:
    """The office's director wants 10 million more and returns the round with the reason."""
    desk.enter("demo-giamdoc")
    desk.go(f"{PLAN}phan-bo/")
    desk.main.locator("input[name^=a-]").fill("50000000")
    desk.main.locator("input[name^=c-]").fill("Thêm một hộ cận nghèo")
    desk.press("Ghi đề nghị", then="Đã ghi 1 đề nghị")
    desk.go(PLAN)
    desk.main.get_by_text("Bước tiếp").click()
    desk.main.locator("details[open] input[name=comment]").fill("Xin thêm 10 triệu đồng")
    desk.press("Trả lại kèm ý kiến", then="Đã trả lại chi nhánh")


def _accept_and_submit(desk: Desk) -> None:
    """The branch takes the amount; the plan no longer adds up until the target follows."""
    desk.enter("demo-kehoach")
    desk.go(PLAN)
    desk.sees("Xin thêm 10 triệu đồng")
    row = desk.main.locator("tr", has_text="Xin thêm 10 triệu đồng")
    row.get_by_text("Bước tiếp").click()
    row.locator("button[value=accept]").click()
    desk.sees("Đã ghi bước")
    desk.press("Trình phê duyệt", then="chỉ tiêu 40.000.000 đồng, lệch 10.000.000 đồng")
    desk.go(f"{PLAN}chi-tieu/")
    _target(desk, "50000000")
    desk.go(PLAN)
    desk.press("Trình phê duyệt", then="Đã trình kế hoạch năm 2027")


def _approve(desk: Desk) -> None:
    desk.enter("demo-giamdoccn")
    desk.go("/")
    desk.sees("Kế hoạch tín dụng chờ phê duyệt")
    desk.go(PLAN)
    desk.page.fill("#decision", "Quyết định số 01/QĐ-NHCS")
    desk.press("Phê duyệt", then="Đã phê duyệt kế hoạch năm 2027")


def _follow(desk: Desk) -> None:
    """A leader reads the approved plan; its lines begin with its year."""
    desk.enter("demo-lanhdao")
    desk.go(f"{PLAN}phan-bo/")
    _lists(desk, "xã La Ngà")
    assert desk.main.get_by_role("button", name="Ghi phân bổ").count() == 0
    desk.go(f"{PLAN}thuc-hien/")
    desk.sees("Kế hoạch cho vay")


def _scheme(desk: Desk) -> None:
    """The planner makes of the scenario at the plan's targets a scheme and a first version of its document."""
    desk.enter("demo-kehoach")
    desk.go("/de-an/moi/")
    desk.page.fill("textarea[name=name]", "Đề án tín dụng chính sách giai đoạn 2026 - 2030")
    desk.page.select_option("select[name=scenario]", "plan")
    desk.press("Mở đề án", then="Dư nợ cuối năm")
    desk.press("Lập bản mới", then="Trình duyệt")
    with desk.page.expect_download() as fetched:
        desk.page.get_by_role("link", name="Tải Word").first.click()
    file = fetched.value.path()
    words = [paragraph.text for paragraph in docx.Document(str(file)).paragraphs]
    assert "ĐỀ ÁN" in words
