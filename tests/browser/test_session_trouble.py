"""What users of offline systems report, on a tablet that holds one session: nothing is lost, nothing is booked twice, all is said."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from serving import prepare, serving
from session_cast import APP, HOME, PINS, TODAY, Tablet, ledger

pytestmark = pytest.mark.browser
# Each act of these tests is cash that passes between people: short, and it must be in the log once.
_AMOUNT: Final = 1_000


@pytest.fixture(scope="module")
def home(new_home: Any) -> Path:
    """A province with a session of today."""
    made: Path = new_home("trouble")
    prepare(made, TODAY, HOME)
    return made


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    with serving(home, TODAY) as address:
        yield address


@pytest.fixture(scope="module")
def tablet(site: str, chromium: Any) -> Iterator[Tablet]:
    """One tablet that took the session's pack; the tests of this file follow each other on it."""
    made = Tablet(chromium, site)
    made.prepare()
    made.unlock()
    yield made
    made.context.close()


@pytest.fixture(autouse=True)
def settled(tablet: Tablet) -> Iterator[None]:
    """Each test begins online and in order, and ends without an error that nobody saw."""
    tablet.offline(False)
    yield
    tablet.offline(False)
    tablet.context.unroute_all(behavior="ignoreErrors")
    assert tablet.problems == []


def acts_of(tablet: Tablet) -> int:
    """How many acts the tablet's log holds, by the lines that its till shows."""
    tablet.tab("Quỹ")
    tablet.page.locator("p.big").wait_for()
    return int(tablet.page.locator("main .entered").count())


def fill_act(page: Any, words: str = "x") -> None:
    page.get_by_label("Số tiền (đồng)").fill(str(_AMOUNT))
    page.get_by_label("Với ai, nội dung").fill(words)


def act(tablet: Tablet, words: str = "x") -> None:
    before = acts_of(tablet)
    fill_act(tablet.page, words)
    tablet.press("Ghi giao nhận")
    tablet.page.locator("main .entered").nth(before).wait_for()


def back(tablet: Tablet) -> None:
    """Open the app anew, as after the tab was lost."""
    tablet.page = tablet.new_page()
    tablet.page.goto(tablet.site + APP)
    tablet.unlock()


def test_a_double_tap_is_one_act(tablet: Tablet) -> None:
    before = acts_of(tablet)
    fill_act(tablet.page)
    tablet.page.get_by_role("button", name="Ghi giao nhận").dblclick()
    tablet.page.locator("main .entered").nth(before).wait_for()
    tablet.page.reload()
    tablet.unlock()
    assert acts_of(tablet) == before + 1


def test_two_tabs_at_once_keep_both_acts(tablet: Tablet) -> None:
    before = acts_of(tablet)
    first = tablet.page
    back(tablet)
    second = tablet.page
    tablet.tab("Quỹ")
    for page in (first, second):
        fill_act(page)
    press = "Array.from(document.querySelectorAll('button')).find(b => b.textContent === 'Ghi giao nhận').click()"
    first.evaluate(press)
    second.evaluate(press)
    for page in (first, second):
        page.get_by_text("Đã ghi giao nhận.").wait_for()
    first.close()
    assert acts_of(tablet) == before + 2
    tablet.all_handed_in()


def test_reloaded_before_the_network_is_back(tablet: Tablet) -> None:
    tablet.offline()
    act(tablet)
    before = acts_of(tablet)
    for _again in range(2):
        tablet.page.reload()
        tablet.unlock()
    assert acts_of(tablet) == before
    assert "chưa nộp" in tablet.page.locator("#signs").inner_text()
    tablet.offline(False)
    tablet.all_handed_in()


def test_what_was_typed_is_there_after_a_reload(tablet: Tablet) -> None:
    tablet.open_sheet()
    tablet.page.locator(".card").nth(2).get_by_label("Gốc,").fill("777000")
    tablet.page.wait_for_timeout(1_000)
    tablet.page.reload()
    tablet.unlock()
    tablet.open_sheet()
    typed = tablet.page.locator(".card").nth(2).get_by_label("Gốc,").input_value()
    assert typed == "777.000"


def killed(tablet: Tablet, times: int, luck: random.Random) -> None:
    """The tab dies some milliseconds after an act was pressed; the act is in the log or it is not, never half."""
    for _time in range(times):
        before = acts_of(tablet)
        fill_act(tablet.page)
        tablet.page.evaluate(
            "setTimeout(() => Array.from(document.querySelectorAll('button'))"
            ".find(b => b.textContent === 'Ghi giao nhận').click(), 0)"
        )
        tablet.page.wait_for_timeout(luck.randrange(40))
        tablet.page.close()
        back(tablet)
        assert acts_of(tablet) in (before, before + 1)
    tablet.all_handed_in()


def test_the_tab_is_killed(tablet: Tablet) -> None:
    killed(tablet, 3, random.Random(15))


@pytest.mark.soak
def test_the_tab_is_killed_thirty_times(tablet: Tablet) -> None:
    killed(tablet, 30, random.Random(16))


def test_the_answer_is_lost_after_the_server_took_the_data(tablet: Tablet, home: Path) -> None:
    lost: list[int] = []

    def lose(route: Any) -> None:
        taken = route.fetch()
        if len(lost) < 2:
            lost.append(taken.status)
            route.abort()
        else:
            route.fulfill(response=taken)

    tablet.context.route("**/nhat-ky/", lose)
    act(tablet)
    tablet.all_handed_in()
    assert lost == [200, 200]
    seqs = [row["seq"] for row in ledger(home)["lines"]]
    assert seqs == list(range(1, len(seqs) + 1))


def cut(tablet: Tablet, home: Path, times: int, luck: random.Random) -> None:
    """The network goes in the middle of handing in, before or after the server took the piece."""
    tablet.offline()
    for _one in range(4):
        act(tablet)
    left = [times]

    def breaks(route: Any) -> None:
        if left[0] and luck.random() < 0.8:
            left[0] -= 1
            if luck.random() < 0.5:
                route.fetch()
            return route.abort()
        return route.continue_()

    tablet.context.route("**/nhat-ky/", breaks)
    tablet.offline(False)
    tablet.tab("Nộp về")
    tablet.page.locator("#again").wait_for()
    for _again in range(4 * times):
        if "đã nộp đủ" in tablet.page.locator("#signs").inner_text():
            break
        # Somebody who does not want to wait for the next try.
        tablet.page.evaluate("document.getElementById('again').click()")
        tablet.page.wait_for_timeout(100)
    tablet.all_handed_in()
    seqs = [row["seq"] for row in ledger(home)["lines"]]
    assert seqs == list(range(1, len(seqs) + 1))


def test_the_network_is_cut_while_handing_in(tablet: Tablet, home: Path) -> None:
    cut(tablet, home, 3, random.Random(17))


@pytest.mark.soak
def test_the_network_is_cut_thirty_times(tablet: Tablet, home: Path) -> None:
    cut(tablet, home, 30, random.Random(18))


def test_what_is_not_taken_is_listed_and_tried_again(tablet: Tablet) -> None:
    cookies = tablet.context.cookies()
    tablet.context.clear_cookies()
    act(tablet)
    tablet.tab("Nộp về")
    tablet.page.locator("[data-failure=sign_in], [data-failure=forbidden]").wait_for()
    tablet.context.add_cookies(cookies)
    tablet.press("Thử lại")
    tablet.all_handed_in()
    assert tablet.page.locator("[data-failure]").count() == 0


def test_storage_is_full(tablet: Tablet) -> None:
    before = acts_of(tablet)
    tablet.page.evaluate(
        "() => { const add = IDBObjectStore.prototype.add; window.again = () => { IDBObjectStore.prototype.add = add; };"
        "  IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); } }"
    )
    fill_act(tablet.page)
    tablet.press("Ghi giao nhận")
    tablet.sees("CHƯA được ghi")
    tablet.page.evaluate("window.again()")
    tablet.press("Ghi giao nhận")
    tablet.sees("Đã ghi giao nhận.")
    assert acts_of(tablet) == before + 1


def test_an_update_waits_for_the_seal(tablet: Tablet) -> None:
    """A worker that is newer than the program in use: the session goes on with the program that it began with."""
    tablet.page.evaluate(
        """async () => {
          const choice = await caches.open('session-app');
          const name = await (await choice.match('/version')).text();
          const [from, old] = [await caches.open(name), await caches.open('session-app-old')];
          for (const key of await from.keys()) await old.put(key, await from.match(key));
          const shell = await (await from.match('/phien/ung-dung/')).text();
          await old.put('/phien/ung-dung/', new Response(shell.replace('<body>', '<body data-program="old">'),
            {headers: {'Content-Type': 'text/html; charset=utf-8'}}));
          await choice.put('/version', new Response('session-app-old'));
        }"""
    )
    tablet.page.reload()
    assert tablet.page.locator("body").get_attribute("data-program") == "old"
    tablet.sees("Có bản mới của ứng dụng")
    promised = tablet.page.evaluate("navigator.storage.persisted()")
    tablet.sees("giữ dữ liệu lâu dài" if promised else "Trình duyệt chưa hứa giữ dữ liệu")
    tablet.unlock()
    act(tablet)
    assert tablet.page.locator("body").get_attribute("data-program") == "old"
    tablet.page.reload()
    tablet.press("Dùng bản mới")
    tablet.page.wait_for_function("document.body && document.body.dataset.program !== 'old'")
    tablet.unlock()


def test_a_wrong_pin(tablet: Tablet) -> None:
    tablet.page.reload()
    tablet.page.get_by_label("PIN", exact=True).fill("999999")
    tablet.press("Mở phiên")
    tablet.sees("PIN không đúng.")
    tablet.unlock()


def test_nothing_of_the_pack_can_be_read_in_the_store(tablet: Tablet) -> None:
    shown = tablet.page.evaluate(
        """async () => {
          const db = await new Promise(go => { const r = indexedDB.open('tdcs-session'); r.onsuccess = () => go(r.result); });
          const all = await new Promise(go => {
            const r = db.transaction('packs').objectStore('packs').getAll(); r.onsuccess = () => go(r.result); });
          const keys = await new Promise(go => {
            const r = db.transaction('device').objectStore('device').getAll(); r.onsuccess = () => go(r.result); });
          db.close();
          const words = new TextDecoder('latin1').decode(all[0].box);
          return {pack: JSON.stringify(all), box: words.includes('household'),
            extractable: [keys[0].signing.privateKey, keys[0].agreement.privateKey, keys[0].rest].map(k => k.extractable)};
        }"""
    )
    assert "Nguyễn Thị Lành" not in shown["pack"] and not shown["box"]
    assert shown["extractable"] == [False, False, False]


def test_the_pack_has_expired(tablet: Tablet) -> None:
    """By the device's own clock and how far it was off: noon of the day after."""
    act(tablet)
    tablet.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 2 * 86400000; }")
    fill_act(tablet.page)
    tablet.press("Ghi giao nhận")
    tablet.sees("Gói đã hết hạn")
    tablet.page.reload()
    tablet.unlock()


def test_a_damaged_line_is_said(tablet: Tablet) -> None:
    change = """async (times) => {
      const db = await new Promise(go => { const r = indexedDB.open('tdcs-session'); r.onsuccess = () => go(r.result); });
      const tx = db.transaction('lines', 'readwrite');
      const rows = await new Promise(go => { const r = tx.objectStore('lines').getAll(); r.onsuccess = () => go(r.result); });
      const row = rows[0];
      new Uint8Array(row.box)[5] ^= 1;
      tx.objectStore('lines').put(row);
      await new Promise(go => { tx.oncomplete = go; });
      db.close();
    }"""
    tablet.page.evaluate(change)
    tablet.page.reload()
    who = tablet.page.get_by_label("Ai dùng máy")
    who.select_option(index=0)
    label = who.locator("option").first.inner_text()
    role = label.rsplit("(", 1)[1].rstrip(")")
    pins = {"tổ trưởng": "demo-tindung", "kiểm soát viên": "demo-kiemsoat"}
    tablet.page.get_by_label("PIN", exact=True).fill(PINS[pins.get(role, "demo-giaodich")])
    tablet.press("Mở phiên")
    tablet.sees("của nhật ký trong máy bị hỏng")
    tablet.page.evaluate(change)
    tablet.page.reload()
    tablet.unlock()


def test_a_tampered_pack_is_refused(site: str, chromium: Any, tablet: Tablet) -> None:
    other = Tablet(chromium, site)
    other.sign_in("demo-kiemsoat")
    other.open_app()
    other.page.get_by_label("Tên thiết bị").fill("Máy 2")
    other.press("Đăng ký thiết bị này")
    other.sees("Phiên của bạn")

    def changed(change: Any) -> Any:
        def handle(route: Any) -> None:
            taken = route.fetch()
            said = taken.json()
            change(said)
            route.fulfill(response=taken, body=json.dumps(said))

        return handle

    def body(said: dict[str, Any]) -> None:
        said["body"] = ("A" if said["body"][0] != "A" else "B") + said["body"][1:]

    def expiry(said: dict[str, Any]) -> None:
        said["header"]["expires_at"] = "2099-01-01T00:00:00+07:00"

    def stranger(said: dict[str, Any]) -> None:
        said["header"]["device"] += 1000

    for change, words in (
        (body, "Gói đã bị thay đổi hoặc hỏng"),
        (expiry, "Gói không do máy chủ đã biết ký"),
        (stranger, "không dành cho thiết bị này"),
    ):
        other.context.route("**/goi/", changed(change))
        for label in ("PIN của bạn cho phiên này", "Nhập lại PIN"):
            other.page.get_by_label(label).fill("444444")
        other.press("Lấy gói phiên")
        other.sees(words)
        other.context.unroute_all()
    # What it refused it did not keep; the whole one it takes.
    assert other.page.get_by_label("Ai dùng máy").count() == 0
    other.context.close()


def test_a_pack_of_another_session_is_refused(site: str, chromium: Any, tablet: Tablet) -> None:
    """The server's own pack, rightly signed for this device, and of another session than the one asked for."""
    other = Tablet(chromium, site)
    other.sign_in("demo-kiemsoat")
    other.open_app()
    other.page.get_by_label("Tên thiết bị").fill("Máy 4")
    other.press("Đăng ký thiết bị này")
    other.sees("Phiên của bạn")
    real: list[int] = []

    def listed(route: Any) -> None:
        answer = route.fetch()
        said = answer.json()
        real.append(said["sessions"][0]["id"])
        said["sessions"][0]["id"] += 1000
        route.fulfill(response=answer, body=json.dumps(said))

    def taken(route: Any) -> None:
        address = route.request.url.replace(str(real[-1] + 1000), str(real[-1]))
        route.fulfill(response=route.fetch(url=address))

    other.context.route("**/ung-dung/toi/", listed)
    other.context.route("**/goi/", taken)
    other.page.reload()
    other.sees("Phiên của bạn")
    for label in ("PIN của bạn cho phiên này", "Nhập lại PIN"):
        other.page.get_by_label(label).fill("555555")
    other.press("Lấy gói phiên")
    other.sees("Gói này của phiên khác")
    assert other.page.get_by_label("Ai dùng máy").count() == 0
    other.context.unroute_all()
    other.context.close()


def test_the_clock_of_the_device_is_a_day_off(site: str, chromium: Any, tablet: Tablet) -> None:
    other = Tablet(chromium, site)
    other.context.add_init_script("const now = Date.now; Date.now = () => now() + 86400000 * 2;")
    other.sign_in("demo-kiemsoat")
    other.open_app()
    other.page.get_by_label("Tên thiết bị").fill("Máy 3")
    other.press("Đăng ký thiết bị này")
    other.sees("Phiên của bạn")
    for label in ("PIN của bạn cho phiên này", "Nhập lại PIN"):
        other.page.get_by_label(label).fill("222222")
    other.press("Lấy gói phiên")
    other.sees("Bạn đã có PIN cho gói này")
    other.unlock("kiểm soát viên")
    act(other)
    # The sign above may still be the one of before the act; this page counts the device's lines.
    other.tab("Nộp về")
    other.page.get_by_role("button", name="Đã nộp đủ").wait_for()
    other.all_handed_in()
    other.context.close()


def test_at_the_end_the_ledger_has_each_act_once(tablet: Tablet, home: Path) -> None:
    tablet.open_sheet()
    tablet.enter_sheet()
    tablet.sees("Chọn người nộp")
    cash = tablet.cash()
    acts = acts_of(tablet)
    tablet.count(cash)
    tablet.seal()
    tablet.all_handed_in()
    said = ledger(home)
    mine = [row for row in said["lines"] if row["kind"] == "handover"]
    assert len(mine) == acts + 1
    assert said["twice"] == 0 and said["entries"] == 1
    assert sum(said["paid"].values()) + _AMOUNT * acts == cash
    tablet.tab("Nộp về")
    tablet.press("Xóa phiên khỏi máy")
    tablet.press("Xóa", tablet.page.locator("dialog"))
    tablet.page.get_by_role("heading", name="Phiên giao dịch xã").wait_for()
    assert tablet.page.get_by_label("Ai dùng máy").count() == 0
