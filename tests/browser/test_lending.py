"""A household is lent to, from its need to the settlement, by everybody whose hand the law asks for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from lending_home import CAPITAL
from serving import prepare, serving

pytestmark = pytest.mark.browser
_GROUP: Final = (Path(__file__).parent / "lending_home.py").read_text(encoding="utf-8")
LENT_ON, SESSION, PAID_ON = "2026-09-15", "2026-10-15", "2026-11-23"
BORROWER, HOME = "Lê Thị Hoa", "H0000003"
# 30,000,000 × 6.24% / 365: 30 days to the session, 69 to the end, each sum rounded half up once.
AT_SESSION, IN_ALL = 153_863, 353_885


@pytest.fixture
def home(new_home: Any) -> Path:
    """A province in which one group waits for its first loan."""
    made: Path = new_home("lending")
    prepare(made, LENT_ON, _GROUP)
    return made


class Desk:
    """A browser in which one person after another sits down."""

    def __init__(self, browser: Any) -> None:
        self.page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        self.page.set_default_timeout(120_000)
        self.problems: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.site = ""

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.problems.append(message.text)

    @property
    def main(self) -> Any:
        return self.page.locator("main")

    def enter(self, who: str) -> None:
        self.page.context.clear_cookies()
        self.page.goto(f"{self.site}/tai-khoan/login/")
        self.page.click(f"button[value={who}]")
        self.page.wait_for_url(lambda url: "login" not in url)

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.site}{path}")
        assert answer.status == 200, path

    def press(self, name: str, *, then: str) -> None:
        """A button of the page's own part, and what must stand there afterwards."""
        self.main.get_by_role("button", name=name, exact=True).first.click()
        self.sees(then)

    def sees(self, words: str) -> None:
        self.main.get_by_text(words).first.wait_for()


def test_from_need_to_settlement(home: Path, browser: Any) -> None:
    desk = Desk(browser)
    with serving(home, LENT_ON) as desk.site:
        _tell_the_need(desk)
        application = _apply(desk)
        _decide(desk, application)
        loan = _pay_out(desk, application)
    with serving(home, SESSION) as desk.site:
        _collect_the_sheet(desk)
    with serving(home, PAID_ON) as desk.site:
        _settle(desk, loan)
        _books_balance(desk)
        _need_is_served(desk)
    assert desk.problems == []


def _tell_the_need(desk: Desk) -> None:
    """The commune opens a survey; the group's leader tells who of hers needs how much."""
    desk.enter("demo-langa")
    desk.go("/ho/nhu-cau/mo/")
    desk.page.fill("main input[name=year]", "2026")
    desk.press("Mở đợt khảo sát", then="cả năm 2026")
    address = re.sub(r"^https?://[^/]+", "", desk.page.url)
    desk.enter("demo-totruong")
    desk.go(address)
    desk.main.get_by_role("link", name="Ghi nhu cầu").click()
    desk.page.fill("main input[name=code]", HOME)
    desk.page.select_option("main select[name=programme]", "HN")
    desk.page.fill("main input[name=amount]", "30.000.000")
    desk.page.fill("main input[name=purpose]", "Nuôi bò sinh sản")
    desk.press("Ghi nhu cầu", then="Đã ghi nhu cầu")
    desk.sees(BORROWER)


def _apply(desk: Desk) -> str:
    """01/TD by the leader, who then writes down what the group's meeting decided."""
    desk.go("/vay/ho-so/moi/")
    desk.page.fill("main input[name=q]", "le thi hoa")
    desk.main.get_by_role("button", name="Tìm hộ").click()
    desk.main.get_by_role("link", name=re.compile(BORROWER)).first.click()
    desk.main.locator("input[name=programme][value=HN]").check()
    desk.page.fill("main input[name=amount]", "30.000.000")
    desk.page.fill("main input[name=term_months]", "36")
    desk.page.fill("main input[name=purpose]", "Nuôi bò sinh sản")
    desk.main.get_by_role("button", name="Lập hồ sơ", exact=True).click()
    desk.page.wait_for_url(re.compile(r"/vay/ho-so/\d+/"))
    desk.press("Ghi kết quả bình xét", then="Tổ đã bình xét")
    return re.sub(r"^https?://[^/]+", "", desk.page.url)


_STEPS: Final = (
    ("demo-langa", "Xác nhận của UBND xã", "UBND xã đã xác nhận"),
    ("demo-tindung", "Kiểm tra hồ sơ", "Cán bộ tín dụng đã kiểm tra"),
    ("demo-kiemsoat", "Kiểm soát", "Đã kiểm soát"),
    ("demo-giamdoc", "Phê duyệt cho vay", "Đã phê duyệt"),
    ("demo-tindung", "Ký hợp đồng", "Đã ký hợp đồng"),
)


def _decide(desk: Desk, application: str) -> None:
    for who, step, state in _STEPS:
        desk.enter(who)
        desk.go(application)
        desk.press(step, then=state)


def _pay_out(desk: Desk, application: str) -> str:
    desk.enter("demo-giaodich")
    desk.go(application)
    desk.press("Giải ngân", then="Đã giải ngân 30.000.000 đồng")
    desk.main.get_by_role("link", name=re.compile(r"^Khoản vay \d")).first.click()
    desk.page.wait_for_url(re.compile(r"/vay/khoan-vay/\d+/"))
    desk.sees("30.000.000")
    return re.sub(r"^https?://[^/]+", "", desk.page.url)


def _collect_the_sheet(desk: Desk) -> None:
    """On the session day the whole group's interest comes in on one sheet, typed by keyboard."""
    desk.enter("demo-giaodich")
    desk.go("/vay/thu-no/?q=ba+lanh")
    desk.main.get_by_role("link", name=re.compile("Tổ bà Lành")).first.click()
    desk.press("Thu đủ lãi", then="Một trăm năm mươi ba nghìn tám trăm sáu mươi ba đồng")
    field = desk.main.get_by_label(re.compile(f"Thu lãi của {BORROWER}"))
    assert field.input_value() == _dots(AT_SESSION)
    field.fill("")
    field.press_sequentially("99999999")
    assert field.input_value() == "99.999.999"
    field.press("Enter")
    desk.page.keyboard.press("Enter")
    desk.sees("Số lãi thu vượt lãi phải trả")
    desk.press("Thu đủ lãi", then="Một trăm năm mươi ba nghìn tám trăm sáu mươi ba đồng")
    desk.press("Kiểm tra bảng kê", then=f"Đã nhận đủ {_dots(AT_SESSION)} đồng?")
    desk.press("Đã nhận đủ, hạch toán", then=f"Đã thu {_dots(AT_SESSION)} đồng")
    with desk.page.expect_download() as download:
        desk.main.get_by_role("link", name="Word").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"


def _settle(desk: Desk, loan: str) -> None:
    """Everything is paid two years early; the story says so."""
    desk.enter("demo-giaodich")
    desk.go(loan)
    desk.main.get_by_role("link", name="Thu nợ, thu lãi").click()
    rest = 30_000_000 + IN_ALL - AT_SESSION
    desk.main.get_by_role("button", name="Trả hết nợ").click()
    desk.press("Kiểm tra", then=f"Đã nhận đủ {_dots(rest)} đồng?")
    desk.press("Đã nhận đủ, hạch toán", then="Khoản vay đã tất toán")
    desk.go(loan)
    desk.sees("Đã tất toán")


def _books_balance(desk: Desk) -> None:
    desk.enter("demo-ketoan")
    desk.go("/so-cai/can-doi/?from=2026-09-01&to=2026-11-23")
    rows = desk.main.locator("table").first.locator("tfoot tr td").all_inner_texts()
    figures = [int(re.sub(r"\D", "", cell)) for cell in rows if re.search(r"\d", cell)]
    assert len(figures) == 6
    assert figures[2] == figures[3] == 30_000_000 + 30_000_000 + IN_ALL
    assert figures[0] == figures[1] == CAPITAL
    assert figures[4] == figures[5] == CAPITAL + IN_ALL
    assert "Hai bên không bằng nhau" not in desk.page.inner_text("main")


def _need_is_served(desk: Desk) -> None:
    desk.enter("demo-langa")
    desk.go("/ho/tiep-can/?year=2026")
    served = desk.main.locator(".figures .done")
    assert served.locator("b").inner_text() == "1"
    assert "100,00%" in served.inner_text()


def _dots(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
