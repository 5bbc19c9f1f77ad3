"""The dashboard: from the province to the loan in clicks, out of snapshots only, never beyond the person's unit."""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from book_of_places import Spot, fill, loans_of, month_ends, rows_on
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from groups_cast import BRANCH, area_of, make_group, person, unit
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource
from tdcs.closing.queries import store
from tdcs.closing.store import Lineage
from tdcs.indicators.views import gap as taken_apart
from tdcs.indicators.views import loans as behind
from tdcs.indicators.views.places import _bands, _tints
from tdcs.indicators.views.wording import changed, mood, said
from tdcs.organisations.models import Area, Organisation, ServedArea


@pytest.fixture(autouse=True)
def every_loan_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loans of the invented snapshots have no rows of their own, by which the page decides which of them it links."""
    for page in (behind, taken_apart):
        monkeypatch.setattr(page, "loans_to_open", lambda _user, keys: frozenset(keys))


TODAY = date(2026, 11, 23)
FIRST = date(2025, 8, 1)


@dataclass
class Place:
    la_nga: Area
    far: Area
    office: Organisation
    far_office: Organisation
    group: int
    far_group: int
    rows: pl.DataFrame
    leader: User
    officer: User
    clerk: User
    women: User
    head: User


@pytest.fixture
def place(db: None, tmp_path: Path, settings: Any) -> Place:
    """Two groups in La Ngà, two in Long Thành; sixteen months of snapshots."""
    settings.HOME = tmp_path
    la_nga, far = area_of("La Ngà"), area_of("Long Thành")
    offices = [ServedArea.objects.get(area=a, ends_on=None).office for a in (la_nga, far)]
    spots = []
    for at, area in enumerate((la_nga, la_nga, far, far)):
        kind = "hoi-phu-nu" if at % 2 == 0 else "hoi-nong-dan"
        mass = unit(f"{kind}@{area.code}")
        group = make_group(code=f"460900{at}", commune_area=area, office=offices[at // 2], mass_organisation=mass, since=date(2024, 1, 1), name=f"Tổ số {at}")  # fmt: skip
        spots.append(Spot(offices[at // 2].pk, area.pk, group.pk, mass.pk, 30, 0.2))
    central, local = CapitalSource.objects.order_by("pk")[:2]
    loans = loans_of(spots, FIRST, TODAY, (central.pk, local.pk), seed=11)
    fill(store(), loans, [*month_ends(FIRST, TODAY), TODAY], book="tests")
    return Place(
        la_nga=la_nga,
        far=far,
        office=offices[0],
        far_office=offices[1],
        group=spots[0].group,
        far_group=spots[2].group,
        rows=rows_on(loans, TODAY),
        leader=person("lanh-dao", "leader", unit("ubnd@p75")),
        officer=person("can-bo", "loan_officer", offices[0]),
        clerk=person("xa", "unit_clerk", unit(f"ubnd@{la_nga.code}")),
        women=person("phu-nu", "unit_clerk", unit(f"hoi-phu-nu@{la_nga.code}")),
        head=person("to-truong-1", "group_leader", unit(f"ubnd@{la_nga.code}")),
    )


@pytest.fixture
def see(client: Client) -> Any:
    """A page as a person sees it: (status, words)."""

    def get(user: User, path: str) -> tuple[int, str]:
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        answer = client.get(path)
        return answer.status_code, html.unescape(answer.content.decode(errors="replace"))

    return get


def _owed(rows: pl.DataFrame) -> int:
    return int((rows["lent"] - rows["paid"]).sum())


def test_the_first_screen_says_the_four_targets_and_where(place: Place, see: Any) -> None:
    status, page = see(place.leader, "/chi-tieu/")
    assert status == 200
    for name in ("Tăng trưởng dư nợ", "Vốn địa phương trong tăng trưởng", "Tỷ lệ nợ quá hạn", "Tiếp cận vốn"):  # fmt: skip
        assert name in page
    assert page.count("vì sao?") == 4
    for bound in ("khoảng 10% (từ 9%)", "khoảng 30% (từ 27%)", "< 1%", "100%"):
        assert bound in page
    rate = int(place.rows["overdue"].sum()) * 1_000_000 / _owed(place.rows)
    assert said(round(rate), "ppm") in page
    assert '"kind": "map"' in page
    assert page.count('"lat":') == 2 + len(["Lâm Đồng", "TP. Hồ Chí Minh", "Tây Ninh", "Campuchia"])
    assert "so với 31/10/2026" in page


PAGES = (
    "/",
    "/chi-tieu/?code=outstanding",
    "/chi-tieu/?office={office}&commune={commune}",
    "/chi-tieu/?office={office}&commune={commune}&group={group}",
    "/chi-tieu/bang/",
    "/chi-tieu/bang/?by=commune&code=overdue_rate&units=today",
    "/chi-tieu/bang/?by=programme&programme=HN",
    "/chi-tieu/bang/?by=source",
    "/chi-tieu/bang/?by=local&local=1",
    "/chi-tieu/bang/?by=union",
    "/chi-tieu/bang/?by=mass",
    "/chi-tieu/bang/?commune={commune}",
    "/chi-tieu/bang/?export=xlsx",
    "/chi-tieu/khoan-vay/?group={group}",
    "/chi-tieu/khoan-vay/?group={group}&code=overdue&export=csv",
    "/chi-tieu/vi-sao/growth_ytd/",
    "/chi-tieu/vi-sao/local_share_growth/",
    "/chi-tieu/vi-sao/overdue_rate/",
    "/chi-tieu/vi-sao/access/",
    "/chi-tieu/?on=2026-03-31&against=2025-12-31",
    "/chi-tieu/khoang-cach/growth_ytd/",
    "/chi-tieu/khoang-cach/local_share_growth/?commune={commune}",
    "/chi-tieu/khoang-cach/overdue_rate/",
    "/chi-tieu/khoang-cach/overdue_rate/?group={group}",
    "/chi-tieu/khoang-cach/access/",
    "/chi-tieu/khoang-cach/overdue_rate/?export=pdf",
    "/chi-tieu/bang/?export=pdf",
)


def test_no_page_asks_the_loans(place: Place, see: Any) -> None:
    for page in PAGES:
        path = page.format(office=place.office.pk, commune=place.la_nga.pk, group=place.group)
        with CaptureQueriesContext(connection) as asked:
            status, _page = see(place.leader, path)
        assert status == 200, path
        assert [query["sql"] for query in asked if '"loans_' in query["sql"]] == [], path


def test_from_the_province_to_a_loan_in_clicks(place: Place, see: Any) -> None:
    """Each table's first link of the office, the commune, the group; then the loans, each with its page."""
    path, seen = "/chi-tieu/bang/?code=outstanding", []
    for key, value in (
        ("office", place.office.pk),
        ("commune", place.la_nga.pk),
        ("group", place.group),
    ):
        status, page = see(place.leader, path)
        assert status == 200
        links = [link for link in re.findall(r'href="([^"]+)"', page) if f"{key}={value}" in link]
        path = next(link for link in links if "code=outstanding" in link)
        seen.append(path.split("?")[0])
    assert seen == ["/chi-tieu/bang/", "/chi-tieu/bang/", "/chi-tieu/khoan-vay/"]
    status, page = see(place.leader, path)
    mine = place.rows.filter((pl.col("group") == place.group) & (pl.col("lent") > pl.col("paid")))
    loans = sorted(int(n) for n in re.findall(r'href="/vay/[^"]*?(\d+)/"', page))
    assert loans == sorted(mine["loan"].to_list())
    assert f"{_owed(mine):,}".replace(",", ".") in page


def test_a_total_that_its_rows_do_not_give_is_marked(place: Place, see: Any) -> None:
    """A borrower of two programmes stands in both rows and is one in the whole."""
    owing = place.rows.filter(pl.col("lent") > pl.col("paid"))
    in_rows = owing.select("household", "programme").n_unique()
    assert in_rows > owing["household"].n_unique()
    words = "một hộ có ở nhiều dòng chỉ được đếm một lần"
    assert f"* Số hộ còn dư nợ: Nhỏ hơn tổng các dòng: {words}" in see(place.leader, "/chi-tieu/bang/?by=programme")[1]  # fmt: skip
    assert words not in see(place.officer, "/chi-tieu/bang/?by=commune")[1]


def test_loans_behind_overdue_are_the_overdue_ones(place: Place, see: Any) -> None:
    _status, page = see(place.leader, f"/chi-tieu/khoan-vay/?group={place.group}&code=overdue")
    mine = place.rows.filter((pl.col("group") == place.group) & (pl.col("overdue") > 0))
    assert len(mine) > 0
    loans = sorted(int(n) for n in re.findall(r'href="/vay/[^"]*?(\d+)/"', page))
    assert loans == sorted(mine["loan"].to_list())


def test_the_export_holds_what_is_seen_and_its_total(place: Place, client: Client) -> None:
    client.force_login(place.leader, backend="tdcs.access.backends.AccountBackend")
    answer = client.get("/chi-tieu/bang/?by=commune&code=outstanding&export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()  # fmt: skip
    head = next(at for at, row in enumerate(rows) if row[0] == "Xã, phường")
    body = [row for row in rows[head + 1 :] if row[0]]
    figures = {row[0]: row[1] for row in body}
    total = figures.pop("Tổng cộng")
    assert total == _owed(place.rows) == sum(figures.values())
    assert len(figures) == 2


FOREIGN = (
    "/chi-tieu/?office={far_office}",
    "/chi-tieu/bang/?office={far_office}",
    "/chi-tieu/bang/?office={far_office}&export=csv",
    "/chi-tieu/khoan-vay/?office={far_office}",
    "/chi-tieu/vi-sao/overdue/?office={far_office}",
    "/chi-tieu/?commune={far}",
    "/chi-tieu/bang/?commune={far}",
    "/chi-tieu/khoan-vay/?commune={far}",
    "/chi-tieu/khoan-vay/?group={far_group}",
    "/chi-tieu/khoan-vay/?group={far_group}&code=overdue&export=xlsx",
    "/chi-tieu/bang/?group={far_group}",
    "/chi-tieu/vi-sao/overdue/?group={far_group}",
)


def test_another_units_figures_stay_closed(place: Place, see: Any) -> None:
    for page in FOREIGN:
        path = page.format(far_office=place.far_office.pk, far=place.far.pk, far_group=place.far_group)  # fmt: skip
        assert see(place.leader, path)[0] == 200, path
        for user in (place.officer, place.clerk, place.women):
            assert see(user, path)[0] == 404, (path, user.username)


def test_each_sees_its_own(place: Place, see: Any) -> None:
    """An office its communes, a commune its groups, an organisation what was entrusted to it, a group's leader nothing."""
    status, page = see(place.officer, "/chi-tieu/bang/")
    assert status == 200
    assert "La Ngà" in page
    assert "Long Thành" not in page
    status, page = see(place.clerk, "/chi-tieu/bang/")
    assert "Tổ số 0" in page
    assert "Tổ số 2" not in page
    status, page = see(place.women, "/chi-tieu/bang/?by=group")
    assert status == 200
    assert "Tổ số 0" in page
    assert "Tổ số 1" not in page
    assert see(place.head, "/chi-tieu/")[0] == 403


def test_an_office_may_not_be_widened_by_another_key(place: Place, see: Any) -> None:
    """What another office lends under the same programme is not added."""
    _status, page = see(place.officer, "/chi-tieu/khoan-vay/?programme=HN")
    mine = place.rows.filter(
        (pl.col("office") == place.office.pk)
        & (pl.col("programme") == "HN")
        & (pl.col("lent") > pl.col("paid"))
    )
    assert f"{len(mine)} khoản vay" in page


def test_an_address_that_is_none_is_not_found(place: Place, see: Any) -> None:
    for path in ("?office=x", "bang/?group=99999999999999999999", "vi-sao/khong-co/"):
        assert see(place.leader, f"/chi-tieu/{path}")[0] == 404, path


def test_an_unknown_indicator_day_or_cut_falls_back(place: Place, see: Any) -> None:
    status, page = see(place.leader, "/chi-tieu/?code=<b>&on=hom-nay&by=abc&units=x")
    assert status == 200
    assert "<b>" not in page.split("<main")[1].split("<h1>")[0]
    assert see(place.leader, "/chi-tieu/bang/?code=access&programme=HN&source=1")[0] == 200


def test_another_day_is_said_in_the_frame(place: Place, see: Any) -> None:
    _status, page = see(place.leader, "/chi-tieu/?on=2026-04-15")
    assert 'class="where past"' in page
    assert "31/03/2026" in page
    assert 'class="where past"' not in see(place.leader, "/chi-tieu/")[1]


def test_before_the_first_close_it_says_what_to_do(
    db: None, tmp_path: Path, settings: Any, see: Any
) -> None:
    settings.HOME = tmp_path
    leader = person("lanh-dao", "leader", unit("ubnd@p75"))
    for path in ("/chi-tieu/", "/chi-tieu/bang/", "/chi-tieu/khoan-vay/", "/chi-tieu/vi-sao/overdue/"):  # fmt: skip
        status, page = see(leader, path)
        assert status == 200
        assert "Chưa có ngày nào được khóa sổ" in page
        assert "khóa sổ ngày đầu tiên" in page
        assert "tdcs close" not in page, "a command is for who administers"
        assert 'class="btn main" href="/sao-ke/"' not in page, "for who brings extracts in"
    planner = person("ke-hoach", "branch_planner", unit("nhcsxh-chi-nhanh@p75"))
    assert 'class="btn main" href="/sao-ke/"' in see(planner, "/chi-tieu/")[1]
    status, page = see(leader, "/")
    assert status == 200
    assert "vì sao?" not in page


def test_a_clerk_opens_at_work_and_the_plan_stays_in_reach(place: Place, see: Any) -> None:
    """A unit's clerk is not met with figures; who leads finds the plan's progress one click away."""
    assert "data-chart" not in see(place.clerk, "/")[1]
    _status, page = see(place.leader, "/chi-tieu/")
    assert 'href="/tien-do/"' in page
    assert see(place.leader, "/tien-do/")[0] == 200
    planner = person("ke-hoach", "branch_planner", unit(BRANCH))
    assert "chỉ tiêu của kế hoạch" in see(planner, "/")[1]


def test_why_shows_parts_formula_and_basis(place: Place, see: Any) -> None:
    _status, page = see(place.leader, "/chi-tieu/vi-sao/overdue_rate/")
    for figure in (int(place.rows["overdue"].sum()), _owed(place.rows)):
        assert f"{figure:,}".replace(",", ".") in page
    assert "Nợ quá hạn ÷ tổng dư nợ" in page
    assert "II.3.i, " in page
    assert '<a class="cite" href="/chuong-trinh/van-ban/KH-232-2023/">232/KH-UBND</a>' in page
    assert '"kind": "line"' in page


def test_figures_are_said_as_officials_read_them() -> None:
    assert said(13_219_123_456_789, "dong") == "13.219,1 tỷ"
    assert said(571_425, "dong") == "571.425 đồng"
    assert said(62_000_000, "dong") == "62,0 triệu"
    assert said(1_234, "ppm") == "0,12%"
    assert said(None, "dong") == "–"
    assert changed(-1_500_000, "dong") == "−1,5 triệu"
    assert changed(4_900, "ppm") == "+0,49 điểm %"
    assert changed(3, "ppm") == "dưới 0,01 điểm %"
    assert [mood(5, "down"), mood(5, "up"), mood(-5, "up"), mood(0, "up"), mood(5, None)] == [
        "worse", "better", "worse", "same", "same",
    ]  # fmt: skip


def test_crumbs_of_loans_far_away_do_not_shrink_the_map(place: Place, see: Any) -> None:
    """The map leaves out what holds under half a per cent; the list holds all."""
    _status, page = see(place.leader, "/chi-tieu/?code=outstanding")
    assert '"left_out": 0' in page
    rows = place.rows.with_columns(
        commune=pl.when(pl.col("loan") == place.rows["loan"].max()).then(area_of("Cẩm Mỹ").pk).otherwise(pl.col("commune")),
        lent=pl.when(pl.col("loan") == place.rows["loan"].max()).then(pl.col("paid") + 1_000_000).otherwise(pl.col("lent")),
    )  # fmt: skip
    parts = [(int(key[0]), part) for key, part in rows.group_by("office", maintain_order=True)]
    store().write(TODAY, parts, month_start=TODAY.replace(day=1), lineage=Lineage(previous="", law_hash="", book="tests"))  # fmt: skip
    _status, page = see(place.leader, "/chi-tieu/?code=outstanding")
    assert '"left_out": 1' in page
    assert "xã Cẩm Mỹ" in page.split("<tbody>")[1]
    assert '"name": "xã Cẩm Mỹ"' not in page


def test_tints_part_the_values_and_nought_stands_alone() -> None:
    tints = _tints([0, 0, 0, 10, 20, 30, 40], bad_high=True)
    assert [tints[v] for v in (0, 10, 20, 30, 40)] == [0, 1, 2, 3, 4]
    assert _tints([1, 2, 3, 4, 5], bad_high=False) == {1: 4, 2: 3, 3: 2, 4: 1, 5: 0}
    assert [(b.low, b.high) for b in _bands([0, 0, 5, 9], _tints([0, 0, 5, 9], True))] == [
        (0, 0), (5, 5), (9, 9),
    ]  # fmt: skip
