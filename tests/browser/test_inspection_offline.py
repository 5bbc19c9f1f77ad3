"""A group is inspected on a phone with no network; synced, its finding is followed up and closed; the answer that is lost counts once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from serving import output_of, prepare, serving
from session_cast import Tablet
from test_inspection import DAY, PNG, UNION_BOOK

pytestmark = pytest.mark.browser
_APP: Final = "/kiem-tra/ung-dung/"
_PIN: Final = "246810"
# The union's inspection of bà Hoa's group is prepared for today.
_BOOK: Final = (
    UNION_BOOK
    + """
from tdcs.access.models import User
from tdcs.oversight.services.inspecting import InspectionDraft, prepare_inspection
from tdcs.oversight.services.programmes import Planned
clerk = User.objects.get(username="demo-hoi")
today = date(2026, 11, 23)
prepare_inspection(
    draft=InspectionDraft(union, Planned(11, "16-TD", group=bank.group), today, clerk), by=clerk, on=today
)
"""
)
_SAID: Final = """
import json
from tdcs.oversight.models import Finding, Inspection, InspectionLine, InspectionPhoto, Visit
row = Inspection.objects.get()
visit = Visit.objects.first()
print(json.dumps({
    "state": row.state, "held": str(row.held_on), "lines": list(InspectionLine.objects.order_by("seq").values_list("kind", "state")),
    "visits": Visit.objects.count(), "agrees": visit and visit.agrees, "confirmed": visit and visit.confirmed_by,
    "elsewhere": visit and visit.elsewhere, "photos": list(InspectionPhoto.objects.values_list("elsewhere", "size")),
    "findings": list(Finding.objects.values_list("words", "state")),
}))
"""


class Phone(Tablet):
    """A telephone of 390 px that stands in La Ngà."""

    def __init__(self, browser: Any, site: str) -> None:
        super().__init__(browser, site)
        self.context.grant_permissions(["geolocation"])
        self.context.set_geolocation({"latitude": 10.0, "longitude": 105.0})

    def begin(self) -> None:
        """The phone is registered for the union, the pack taken."""
        self.sign_in("demo-hoi")
        self.page.goto(self.site + _APP)
        self.page.get_by_label("Tên thiết bị").fill("Điện thoại hội")
        self.press("Đăng ký thiết bị này")
        self.page.get_by_label("PIN của bạn cho cuộc kiểm tra này").fill(_PIN)
        self.page.get_by_label("Nhập lại PIN").fill(_PIN)
        self.press("Lấy gói kiểm tra")
        self.sees("Bạn đã có PIN cho gói này")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        self.page.wait_for_function(
            "caches.open('inspection-app').then(c => c.match('/version')).then(Boolean)"
        )

    def open_inspection(self) -> None:
        self.page.get_by_label("PIN", exact=True).fill(_PIN)
        self.press("Mở cuộc kiểm tra")
        self.sees("Câu hỏi chung, tồn tại, ảnh")

    def fits(self) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 390, self.page.url

    def check(self, name: str, value: str) -> None:
        self.page.locator(f"main input[name={name}][value={value}]").check()

    def visit(self) -> None:
        self.tab("Hộ vay")
        self.page.get_by_role("link", name="Lê Thị Hoa").click()
        self.sees("Kiểm tra tại hộ")
        self.fits()
        self.check("result", "good")
        self.press("Ghi kết quả")
        self.sees("Trả lời mọi câu hỏi")
        for name in ("received", "present", "own_use", "effect", "purpose"):
            self.check(f"a-{name}", "yes")
        self.page.get_by_label("Sử dụng đúng mục đích").fill("20000000")
        self.check("agrees", "yes")
        self.page.get_by_label("Người vay đã nghe đọc lại").check()
        self.page.get_by_label("Người xác nhận").fill("Lê Thị Hoa")
        self.press("Lấy vị trí")
        self.sees("sẽ được đánh dấu")
        self.press("Ghi kết quả")
        self.sees("Đã ghi kết quả tại hộ")

    def answer(self) -> None:
        self.tab("Tổ")
        self.sees("Câu hỏi chung")
        self.fits()
        for name in ("board", "meetings", "selection", "collection", "savings"):
            self.check(f"a-{name}", "yes")
        for name in ("books", "misuse"):
            self.check(f"a-{name}", "no")
        self.press("Ghi trả lời")
        self.sees("Đã ghi trả lời")
        self.tab("Kết thúc")
        self.sees("1 việc chưa xong")
        self.page.get_by_role("link", name="chưa ghi tồn tại").click()

    def finding(self, words: str) -> None:
        self.page.get_by_label("Tồn tại", exact=True).fill(words)
        self.page.get_by_label("Nguyên nhân").fill("Tổ trưởng chưa lưu")
        self.page.get_by_label("Kiến nghị").fill("Bổ sung biên lai")
        self.page.get_by_label("Người khắc phục").select_option(label="Hồ Quang Vinh – tín dụng")
        self.page.get_by_label("Hạn khắc phục").fill("2026-12-10")
        self.press("Ghi tồn tại")
        self.sees("Đã ghi tồn tại")

    def photo(self) -> None:
        """A picture of 4000 × 3000 points, which the phone shrinks; a file that is none is refused by name."""
        give = self.page.locator("main input[type=file]").set_input_files
        give({"name": "x.png", "mimeType": "image/png", "buffer": PNG})
        self.press("Ghi ảnh")
        self.sees("Không đọc được ảnh này")
        made = self.page.evaluate(
            "new Promise(d => { const c = document.createElement('canvas'); c.width = 4000; c.height = 3000;"
            " c.getContext('2d').fillRect(9, 9, 99, 99);"
            " c.toBlob(async b => d([...new Uint8Array(await b.arrayBuffer())]), 'image/jpeg') })"
        )
        give({"name": "so.jpg", "mimeType": "image/jpeg", "buffer": bytes(made)})
        self.page.get_by_label("Nội dung ảnh").fill("Sổ của tổ")
        self.press("Ghi ảnh")
        self.sees("Đã ghi ảnh")

    def seal(self) -> None:
        self.tab("Kết thúc")
        self.page.get_by_label("Nhận xét, kết luận").fill("Tổ hoạt động tốt")
        self.press("Chốt, lập biên bản")
        self.press("Chốt", self.page.locator("dialog"))
        self.page.get_by_role("heading", name="Nộp về").wait_for()


@pytest.fixture(scope="module")
def home(new_home: Any) -> Path:
    made: Path = new_home("inspection-offline")
    prepare(made, DAY, _BOOK)
    return made


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    with serving(home, DAY) as address:
        yield address


def _said(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(output_of(home, DAY, _SAID).splitlines()[-1])
    return found


def test_a_group_is_inspected_offline_and_its_finding_closed(
    home: Path, site: str, browser: Any
) -> None:
    phone = Phone(browser, site)
    phone.begin()
    phone.offline()
    phone.page.reload()
    phone.sees("Không có mạng")
    phone.open_inspection()
    phone.fits()
    phone.page.get_by_label("Người cùng làm việc").fill("Trưởng ấp 1")
    phone.press("Bắt đầu kiểm tra")
    phone.sees("Đã bắt đầu cuộc kiểm tra")
    phone.visit()
    phone.answer()
    phone.finding("Ghi nhầm")
    phone.press("Hủy dòng")
    phone.sees("Đã hủy dòng")
    phone.finding("Thiếu biên lai tháng 9")
    phone.photo()
    phone.fits()
    phone.seal()
    assert phone.proved() == 0
    # The server takes the log, but its answer is lost twice: what is sent again counts once.
    lost = []

    def lose(route: Any) -> None:
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    phone.context.route("**/nhat-ky/", lose)
    phone.offline(False)
    phone.all_handed_in()
    assert lost == [200, 200]
    phone.fits()
    assert phone.problems == []
    said = _said(home)
    assert (said["state"], said["held"], said["visits"]) == ("finished", DAY, 1)
    assert said["lines"] == [
        ["start", "applied"], ["visit", "applied"], ["answers", "applied"], ["finding", "voided"],
        ["void", "noted"], ["finding", "applied"], ["photo", "applied"], ["seal", "applied"],
    ]  # fmt: skip
    assert (said["agrees"], said["confirmed"], said["elsewhere"]) == (True, "Lê Thị Hoa", True)
    [(elsewhere, size)] = said["photos"]
    assert (elsewhere, size < 700_000) == (False, True)
    # Followed up and closed on the pages.
    page = phone.page
    phone.sign_in("demo-tindung")
    page.goto(f"{site}/kiem-tra/ton-tai/")
    page.get_by_role("link", name="Thiếu biên lai tháng 9").click()
    page.fill("main textarea[name=words]", "Đã bổ sung")
    phone.press("Báo đã khắc phục")
    finding = page.url
    phone.sign_in("demo-hoi")
    page.goto(finding)
    page.fill("main textarea[name=words]", "Đã xem sổ")
    phone.press("Khép lại")
    phone.sees("Đã khép lại")
    assert _said(home)["findings"] == [["Thiếu biên lai tháng 9", "closed"]]
    # What the server has proved may leave the phone.
    page.goto(f"{site}{_APP}")
    phone.open_inspection()
    phone.tab("Nộp về")
    phone.press("Xóa cuộc kiểm tra khỏi máy")
    phone.press("Xóa", page.locator("dialog"))
    phone.sees("Không có cuộc kiểm tra nào")
