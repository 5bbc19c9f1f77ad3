"""A tablet with the session's app: what a team does with it, in the words of its pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Error as PlaywrightError
from serving import output_of

HERE: Final = Path(__file__).parent
HOME: Final = f"import sys; sys.path.append({str(HERE.parent / 'loans')!r})\n" + (
    HERE / "session_home.py"
).read_text(encoding="utf-8")
TODAY: Final = "2026-11-23"
APP: Final = "/phien/ung-dung/"
PINS: Final = {"demo-tindung": "111111", "demo-kiemsoat": "222222", "demo-giaodich": "333333"}
ROLES: Final = {"tổ trưởng": "111111", "kiểm soát viên": "222222", "giao dịch viên": "333333"}

# What the ledger holds of the session, asked of the home's database.
_LEDGER: Final = """
import json
from django.db.models import Sum
from tdcs.ledger.models import JournalEntry
from tdcs.loans.models import Loan, LoanEvent
from tdcs.transaction_points.models import LogLine
lines = list(LogLine.objects.order_by("device_id", "seq").values("seq", "kind", "state", "entry_id", "problem"))
entries = [row["entry_id"] for row in lines if row["entry_id"]]
paid = dict(LoanEvent.objects.filter(entry_id__in=entries).values_list("kind").annotate(n=Sum("amount")))
print(json.dumps({
    "lines": lines, "paid": paid, "entries": len(set(entries)),
    "twice": len(entries) - len(set(entries)), "loans": Loan.objects.count(),
}))
"""


def ledger(home: Path) -> dict[str, Any]:
    """The lines of the log on the server, and what their entries booked."""
    found: dict[str, Any] = json.loads(output_of(home, TODAY, _LEDGER).splitlines()[-1])
    return found


class Tablet:
    """One browser profile with the app."""

    def __init__(self, browser: Any, site: str, width: int = 390, height: int = 844) -> None:
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN"
        )
        self.context.set_default_timeout(120_000)
        self.problems: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Any:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def sign_in(self, who: str) -> None:
        self.context.clear_cookies()
        self.page.goto(f"{self.site}/tai-khoan/login/")
        self.page.click(f"button[value={who}]")
        self.page.wait_for_url(lambda url: "login" not in url)

    def open_app(self) -> None:
        self.page.goto(self.site + APP)
        self.page.get_by_role("heading", level=1).wait_for()

    def press(self, name: str, within: Any = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).first.click()

    def sees(self, words: str) -> None:
        self.shows(self.page.get_by_text(words).first, words)

    def shows(self, what: Any, words: str) -> None:
        """Waits; what the page shows instead is told."""
        try:
            what.wait_for()
        except PlaywrightError as error:
            shown = self.page.locator("body").inner_text()
            raise AssertionError(f"“{words}” is not on the page: {shown}") from error

    def register(self) -> None:
        self.sign_in("demo-kiemsoat")
        self.open_app()
        self.page.get_by_label("Tên thiết bị").fill("Máy 1")
        self.press("Đăng ký thiết bị này")
        self.sees("Phiên của bạn")

    def take_pack(self) -> None:
        self.sign_in("demo-giaodich")
        self.open_app()
        self.page.get_by_label("PIN của bạn cho phiên này").fill(PINS["demo-giaodich"])
        self.page.get_by_label("Nhập lại PIN").fill(PINS["demo-giaodich"])
        self.press("Lấy gói phiên")
        self.sees("Bạn đã có PIN cho gói này")

    def admit(self, who: str) -> None:
        """A further member signs in and sets a PIN, the teller being present."""
        self.sign_in(who)
        self.open_app()
        present = self.page.get_by_label("Người có mặt", exact=True)
        present.select_option(
            label=present.locator("option", has_text="giao dịch viên").inner_text()
        )
        self.page.get_by_label("PIN của người có mặt").fill(PINS["demo-giaodich"])
        self.page.get_by_label("PIN của bạn cho phiên này").fill(PINS[who])
        self.press("Đặt PIN")
        self.sees("Bạn đã có PIN cho gói này")

    def is_kept(self) -> None:
        """The service worker has the app's files and serves this page."""
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        self.page.wait_for_function(
            "caches.open('session-app').then(c => c.match('/version')).then(Boolean)"
        )

    def prepare(self) -> None:
        self.register()
        self.take_pack()
        for who in ("demo-kiemsoat", "demo-tindung"):
            self.admit(who)
        self.sign_in("demo-giaodich")
        self.open_app()
        self.is_kept()

    def offline(self, off: bool = True) -> None:
        self.context.set_offline(off)

    def unlock(self, role: str = "giao dịch viên") -> None:
        who = self.page.get_by_label("Ai dùng máy")
        who.wait_for()
        who.select_option(label=who.locator("option", has_text=f"({role})").inner_text())
        self.page.get_by_label("PIN", exact=True).fill(ROLES[role])
        self.press("Mở phiên")
        self.page.get_by_role("heading", name="Các tổ").wait_for()

    def tab(self, name: str) -> None:
        self.page.locator("nav.tabs").get_by_role("link", name=name, exact=True).click()

    def open_sheet(self) -> None:
        self.tab("Tổ")
        self.page.get_by_role("link", name="Tổ bà Hoa").click()
        self.page.locator(".foot .totals").wait_for()

    def enter_sheet(self) -> None:
        self.press("Ghi thu", self.page.locator(".foot"))
        self.press("Ghi thu", self.page.locator("dialog"))

    def approve(self, role: str, button: str = "Duyệt") -> None:
        box = self.page.locator("dialog")
        who = box.get_by_label("Người duyệt", exact=True)
        who.select_option(label=who.locator("option", has_text=f"({role})").inner_text())
        box.get_by_label("PIN của người duyệt").fill(ROLES[role])
        self.press(button, box)

    def count(self, total: int, why: str = "") -> None:
        """Count notes that come to a total, the largest first."""
        self.tab("Kết thúc")
        self.page.get_by_role("heading", name="Kết thúc phiên").wait_for()
        left = total
        for note in self.page.locator(".note").all():
            value = int(note.locator("span").inner_text().replace(".", ""))
            if left >= value:
                note.locator("input").fill(str(left // value))
                left %= value
        if why or left:
            self.page.get_by_label("Lý do chênh lệch (nếu có)").fill(why or f"Lẻ {left} đồng")
        self.press("Ghi kiểm quỹ")
        self.approve("kiểm soát viên")
        self.sees("Đã ghi kiểm quỹ")

    def seal(self) -> None:
        self.tab("Kết thúc")
        self.press("Chốt nhật ký")
        self.press("Chốt", self.page.locator("dialog"))
        self.approve("tổ trưởng")
        self.page.get_by_role("heading", name="Nộp về").wait_for()

    def cash(self) -> int:
        self.tab("Quỹ")
        words = self.page.locator("p.big").evaluate("p => p.firstChild.textContent")
        return int(words.replace(".", "").replace("−", "-"))

    def proved(self) -> int:
        self.tab("Nộp về")
        return int(self.page.locator("#proved").inner_text())

    def all_handed_in(self) -> None:
        self.shows(self.page.locator("#signs", has_text="đã nộp đủ"), "đã nộp đủ")
