"""An appraisal meeting as a loan officer writes it down; a list whose columns a person chooses; what is sent by the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from lending_home import NAMES
from serving import prepare, serving
from test_lending import BORROWER, Desk

pytestmark = pytest.mark.browser
_GROUP: Final = (Path(__file__).parent / "lending_home.py").read_text(encoding="utf-8")
DAY: Final = "2026-09-15"


@pytest.fixture(scope="module")
def desk_site(new_home: Any) -> Iterator[str]:
    """A province in which one group has its members and no loan."""
    home: Path = new_home("meeting")
    prepare(home, DAY, _GROUP)
    with serving(home, DAY) as address:
        yield address


@pytest.fixture
def desk(desk_site: str, browser: Any) -> Iterator[Desk]:
    sitting = Desk(browser)
    sitting.site = desk_site
    yield sitting
    assert sitting.problems == []


def _fits(desk: Desk) -> None:
    """The page has nothing beside its right edge, on a desk and on a phone."""
    for width, height in ((1440, 900), (390, 844)):
        desk.page.set_viewport_size({"width": width, "height": height})
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, desk.page.url
    desk.page.set_viewport_size({"width": 1440, "height": 900})


def _apply(desk: Desk) -> None:
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


def test_a_meeting_is_written_down_once_with_its_votes_and_minutes(desk: Desk) -> None:
    desk.enter("demo-totruong")
    _apply(desk)
    desk.go("/to/")
    desk.main.get_by_role("link", name=re.compile("4606001|Tổ bà Lành")).first.click()
    desk.main.get_by_role("link", name="Họp bình xét").click()
    desk.main.get_by_role("link", name=re.compile("Ghi cuộc họp")).first.click()
    desk.page.get_by_label("Họ tên người chứng kiến").fill("Đỗ Văn Ấp")
    _fits(desk)
    # Too few for a meeting: said where it is typed, and nothing typed is lost.
    boxes = desk.main.locator("input.there")
    assert boxes.count() == len(NAMES)
    for at in range(boxes.count()):
        boxes.nth(at).uncheck()
    desk.main.get_by_role("button", name="Ghi biên bản").click()
    desk.main.get_by_role("alert").first.wait_for()
    assert desk.page.get_by_label("Họ tên người chứng kiến").input_value() == "Đỗ Văn Ấp"
    desk.page.get_by_label("Chọn tất cả").check()
    assert desk.main.locator("input.there:checked").count() == len(NAMES)
    secretary = desk.page.get_by_label("Thư ký")
    secretary.select_option(label=NAMES[1])
    case = desk.main.locator("input[name=case]")
    case.check()
    desk.page.get_by_label(f"Đồng ý: {BORROWER}", exact=True).fill("6")
    desk.page.get_by_label(f"Không đồng ý: {BORROWER}", exact=True).fill("0")
    amount = desk.page.get_by_label(re.compile(f"Tổ đồng ý .đồng.: {BORROWER}"))
    amount.fill("")
    amount.press_sequentially("25000000")
    assert amount.input_value() == "25.000.000"
    desk.press("Ghi biên bản", then="25.000.000")
    desk.page.wait_for_url(re.compile(r"/vay/binh-xet/\d+/"))
    _fits(desk)
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name=re.compile("docx")).first.click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"


def test_a_person_chooses_the_columns_of_a_list_and_finds_them_again(desk: Desk) -> None:
    desk.enter("demo-tindung")
    desk.go("/ho/")
    heads = desk.main.locator("thead th")
    before = heads.all_inner_texts()
    assert "Nhân khẩu" in before
    desk.main.get_by_text("Cột", exact=True).click()
    desk.page.get_by_role("checkbox", name="Nhân khẩu").uncheck()
    desk.main.get_by_role("button", name="Lưu cột").click()
    desk.main.get_by_text(re.compile(r"^Cột \(")).wait_for()
    assert heads.all_inner_texts() == [one for one in before if one != "Nhân khẩu"]
    desk.go("/ho/")
    assert "Nhân khẩu" not in heads.all_inner_texts()
    _fits(desk)
    desk.main.get_by_text(re.compile(r"^Cột \(")).click()
    desk.main.get_by_role("button", name="Về mặc định").click()
    desk.main.get_by_text("Cột", exact=True).wait_for()
    assert heads.all_inner_texts() == before


def test_pages_of_what_is_sent_open_and_refuse_where_it_is_typed(desk: Desk) -> None:
    desk.enter("demo-kehoach")
    desk.go("/gui/bao-cao/")
    _fits(desk)
    desk.main.get_by_role("link", name="Lập lịch gửi").click()
    _fits(desk)
    desk.main.get_by_role("button", name="Lập lịch gửi").click()
    # Whatever is missing, the page stays: by the browser's own word or the form's.
    assert "/gui/bao-cao/moi/" in desk.page.url
    desk.enter("demo-tindung")
    desk.go("/gui/tin-nhan/")
    desk.sees("Tin nhắn cho người vay")
    _fits(desk)
