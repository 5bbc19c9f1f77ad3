"""A board's meeting: invited, held with too few and then enough, decided, owed by a commune, done, and told on the meeting's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from serving import prepare, serving
from test_lending import Desk

pytestmark = pytest.mark.browser
DAY: Final = "2026-11-23"
PLANNER, CLERK = "demo-kehoach", "demo-langa"
# The shipped plan is in force; the board of La Ngà has its seats, each office of them a holder.
BOARD: Final = """
from datetime import date
from tdcs.cli import setup
setup.run()
from tdcs.access.models import User
from tdcs.boards.models import BoardSeat, Office
from tdcs.boards.services import offices
from tdcs.boards.services.offices import Holder
from tdcs.demo.build import SAMPLE
from tdcs.demo.plans import sample
from tdcs.organisations.models import Kind, Organisation
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.publishing import publish
on = date(2026, 11, 23)
by = User.objects.get(username="demo-kehoach")
version = import_document(content=sample(SAMPLE), filename="ke-hoach-mau.txt", by=by, on=on)
publish(version=version, first_year=2026, last_year=2030, by=by, on=on)
board = Organisation.objects.get(
    kind=Kind.BOARD, ends_on=None, profiles__ends_on=None, profiles__area__profiles__name="La Ngà"
)
offices.seat_board(board=board, by=by, on=on)
for number, seat in enumerate(BoardSeat.objects.filter(board=board).order_by("pk")):
    title = "Chủ tịch" if seat.office == Office.HEAD else "Trưởng phòng"
    name = "Nguyễn Văn " + "ABCDE"[number]
    holder = Holder(full_name=name, title=title, since=date(2026, 1, 15), office=seat.office)
    offices.appoint(organisation=seat.organisation, holder=holder, by=by, on=on)
"""
MOTION: Final = "Kiện toàn hai tổ yếu ở ấp 3"


@pytest.fixture
def desk(new_home: Any, browser: Any) -> Iterator[Desk]:
    home: Path = new_home("board")
    prepare(home, DAY, BOARD)
    sitting = Desk(browser)
    with serving(home, DAY) as sitting.site:
        yield sitting
    assert sitting.problems == []


def _fits(desk: Desk) -> None:
    for width in (390, 1440):
        desk.page.set_viewport_size({"width": width, "height": 900})
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, desk.page.url


def _invited(desk: Desk) -> str:
    """The address of a meeting of today that its members are invited to."""
    desk.enter(PLANNER)
    desk.go("/ban-dai-dien/")
    desk.main.get_by_role("link", name=re.compile("La Ngà")).first.click()
    _fits(desk)
    desk.main.get_by_role("link", name="Lên lịch họp").click()
    _fits(desk)
    desk.page.get_by_label("Ngày họp").fill("23/11/2026")
    desk.page.get_by_label("Giờ họp").fill("08:00")
    desk.page.get_by_label("Nơi họp").fill("Hội trường UBND xã")
    desk.page.get_by_label("Nội dung họp").fill("Kết quả tín dụng quý IV\nKiện toàn tổ")
    desk.main.get_by_role("button", name="Lên lịch").click()
    desk.page.get_by_label("Số giấy mời").fill("05/GM-BĐD")
    desk.press("Gửi giấy mời", then="Điểm danh")
    with desk.page.expect_download() as download:
        desk.main.get_by_role("link", name="Giấy mời (Word)").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    return str(desk.page.url).removeprefix(desk.site)


def _attended(desk: Desk, present: int) -> None:
    """So many members are there; the others asked to be excused."""
    seats = desk.main.locator("select[name^=seat-]")
    for at in range(seats.count()):
        seats.nth(at).select_option("present" if at < present else "excused")
    desk.press("Ghi điểm danh", then=f"Có mặt {present}/{seats.count()} thành viên")


def _voted(desk: Desk, votes: int) -> None:
    desk.page.get_by_label("Số phiếu thuận").fill(str(votes))
    desk.main.get_by_role("button", name="Ghi biểu quyết").click()
    desk.page.wait_for_load_state()


def test_from_the_invitation_to_the_obligation_done(desk: Desk) -> None:
    page = desk.page
    meeting = _invited(desk)
    desk.main.get_by_text("Thêm nội dung biểu quyết").click()
    page.get_by_label("Việc", exact=True).fill(MOTION)
    page.get_by_label("Đơn vị thực hiện").select_option(label="UBND xã La Ngà")
    page.get_by_label("Hạn", exact=True).fill("30/11/2026")
    desk.main.get_by_role("button", name="Thêm", exact=True).click()
    desk.sees(MOTION)
    # Two of four are no quorum: the vote is refused, and nobody owes anything.
    _attended(desk, 2)
    desk.sees("không đủ để quyết định")
    _voted(desk, 2)
    page.get_by_text("chưa đủ thành viên").first.wait_for()
    desk.sees("chưa biểu quyết")
    _attended(desk, 3)
    _voted(desk, 3)
    desk.sees("đã thông qua")
    _fits(desk)
    page.get_by_label("Kết luận của người chủ trì").fill("Nhất trí kiện toàn hai tổ.")
    desk.press("Kết thúc, thông qua biên bản", then="Nhất trí kiện toàn hai tổ.")
    with page.expect_download() as download:
        desk.main.get_by_role("link", name="Biên bản (Word)").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"

    desk.enter(CLERK)
    desk.go("/ke-hoach/viec/")
    desk.main.get_by_role("link", name=re.compile(MOTION)).first.click()
    page.wait_for_load_state()
    work = str(page.url).removeprefix(desk.site)
    page.fill("textarea[name=words]", "Đã họp hai tổ, bầu lại ban quản lý ngày 22/11/2026.")
    desk.main.get_by_role("button", name="Báo cáo kết quả").click()
    page.wait_for_selector("text=Chờ duyệt >> visible=true")

    desk.enter(PLANNER)
    desk.go(meeting)
    assert "đã hoàn thành" not in desk.main.inner_text()
    desk.go(work)
    accept = desk.main.get_by_role("button", name="Duyệt", exact=True)
    accept.click()
    accept.wait_for(state="detached")
    desk.go(meeting)
    desk.sees("đã hoàn thành")
    _fits(desk)
