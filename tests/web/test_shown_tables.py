"""A table of a page leaves as a file: typed cells of what is seen, none of what is pressed."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.documents import paper
from tdcs.documents.errors import NothingShown, TooLongForAFile
from tdcs.http import shown_tables
from tdcs.http.shown_tables import page_of, shown_as_file, shown_table
from tdcs.organisations.models import Organisation

PAGE = """
<html><body><header><b>Không phải bảng</b></header><h1>Đợt xử lý <button>Mở</button></h1>
<h2>Trong năm</h2><div class="scroll"><table data-table="year">
<thead><tr><th>Đợt</th><th>Ngày</th><th class="num">Dư nợ</th><th class="num">Tỷ lệ</th>
<th><span class="unseen">Thao tác</span></th></tr></thead>
<tbody>
<tr><td><a href="/x/"><b>1/2026</b></a><p class="small">Long  Thành</p></td><td>05/02/2026</td>
<td class="num">1.234.567</td><td class="num">0,12%<details><summary>Vì sao?</summary></details></td><td><form><button>Xóa</button> chữ</form></td></tr>
<tr><td>=1+1</td><td>chưa có</td><td class="num" title="533.650.000.000 đồng">533,7 tỷ</td>
<td class="num">–</td><td></td></tr>
</tbody>
<tfoot><tr><th colspan="2">Cộng</th><td class="num">-5</td><td class="num">12%</td><td></td></tr></tfoot>
</table></div>
<table data-table="none"><thead><tr><th>Hộ</th></tr></thead>
<tbody><tr><td colspan="1"><div class="empty"><b>Chưa có</b></div></td></tr></tbody></table>
</body></html>
"""


def test_cells_are_typed_and_what_is_pressed_stays_behind() -> None:
    found = shown_table(PAGE)
    assert found is not None
    assert (found.title, found.header) == ("Đợt xử lý", ("Đợt", "Ngày", "Dư nợ", "Tỷ lệ (%)"))
    assert found.rows == (
        ("1/2026; Long Thành", date(2026, 2, 5), 1_234_567, Decimal("0.12")),
        ("=1+1", "chưa có", 533_650_000_000, None),
        ("Cộng", None, -5, 12),
    )


def test_a_named_table_and_one_that_is_not_there() -> None:
    named = shown_table(PAGE, "year")
    assert named is not None
    assert named.title == "Đợt xử lý: Trong năm"
    empty = shown_table(PAGE, "none")
    assert empty is not None
    assert (empty.header, empty.rows) == (("Hộ",), ())
    assert shown_table(PAGE, "khac") is None
    assert shown_table("<p>không có bảng</p>") is None


def test_a_column_of_boxes_or_fields_stays_behind_and_an_empty_one_does_not() -> None:
    found = shown_table(
        """<table><thead><tr><th>Chọn</th><th>Hộ</th><th>Ghi chú</th><th>Số tiền</th></tr></thead>
        <tr><td><input type="checkbox"></td><td>Hoa <button>Mở</button></td><td></td><td><input></td></tr>
        </table>"""
    )
    assert found is not None
    assert (found.header, found.rows) == (("Hộ", "Ghi chú"), (("Hoa", None),))


def test_headings_over_several_columns_are_told_with_each() -> None:
    found = shown_table(
        """<table><thead><tr><th rowspan="2">Đơn vị</th><th colspan="2">Nợ</th></tr>
        <tr><th>trong hạn</th><th>quá hạn</th></tr></thead>
        <tr><th rowspan="2">Xã A</th><td class="num">1</td><td class="num">2</td></tr>
        <tr><td class="num">3</td><td class="num">2.5</td></tr></table>"""
    )
    assert found is not None
    assert found.header == ("Đơn vị", "Nợ - trong hạn", "Nợ - quá hạn")
    assert found.rows == (("Xã A", 1, 2), (None, 3, Decimal("2.5")))


@pytest.mark.parametrize("words", ["31/02/2026", "05/02/26", "1.23.4", "٣", "1e9", "2026"])
def test_what_is_neither_a_day_nor_marked_as_a_figure_stays_words(words: str) -> None:
    found = shown_table(f"<table><tr><td>{words}</td></tr></table>")
    assert found is not None
    assert found.rows == ((words,),)


@pytest.mark.django_db
def test_the_workbook_has_them_typed_below_a_frozen_header() -> None:
    request = RequestFactory().get("/no-rui-ro/dot/", {"export": "xlsx"})
    request.user = None  # type: ignore[assignment]
    answer = shown_as_file(request, HttpResponse(PAGE))
    assert answer is not None
    assert 'filename="no-rui-ro-dot-' in answer["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    cells = rows.to_python()[3:]
    assert cells[0] == ["Đợt", "Ngày", "Dư nợ", "Tỷ lệ (%)"]
    assert cells[1] == ["1/2026; Long Thành", date(2026, 2, 5), 1_234_567, 0.12]
    assert cells[2][0] == "=1+1", "words, no formula"


@pytest.mark.parametrize("export", ["", "docx", "xlsx'"])
def test_a_page_that_is_asked_for_no_file_stays_a_page(export: str) -> None:
    request = RequestFactory().get("/x/", {"export": export})
    assert shown_as_file(request, HttpResponse(PAGE)) is None
    refused = RequestFactory().get("/x/", {"export": "csv"})
    assert shown_as_file(refused, HttpResponse(PAGE, status=403)) is None
    assert shown_as_file(refused, HttpResponse("{}", content_type="application/json")) is None
    with pytest.raises(NothingShown):
        shown_as_file(refused, HttpResponse("<h1>Chưa có</h1>"))


@pytest.mark.django_db
def test_through_the_whole_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    browsers = {}
    for role in (Role.SYSTEM_ADMIN, Role.TELLER):
        person = User.objects.create_user(f"bang-{role}", full_name=f"Bảng {role}")
        RoleHolding.objects.create(
            user=person, role=role, organisation=branch, starts_on=date(2024, 1, 1)
        )
        browsers[role] = Client()
        browsers[role].force_login(person, backend="tdcs.access.backends.AccountBackend")
    admin, people = browsers[Role.SYSTEM_ADMIN], reverse("access:people")
    asked = {"export": "csv", "page": "7"}
    answer = admin.get(people, asked)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Họ và tên,Tên đăng nhập,Vai trò,Đơn vị"
    assert sum("bang-" in line for line in lines) == 2
    assert "no-store" in answer["Cache-Control"]
    assert "Khóa" not in answer.content.decode()
    assert admin.get(people, {"shown": "pdf"}).content[:4] == b"%PDF"
    assert browsers[Role.TELLER].get(people, asked).status_code == 403
    # What cannot leave is said above the page, which comes with its filters.
    monkeypatch.setattr(paper, "MOST_ROWS", 1)
    said = admin.get(people, {"export": "pdf", "q": "bang"}, follow=True)
    assert said.redirect_chain == [(f"{people}?q=bang", 302)]
    assert "bản PDF để in chỉ nhận đến 1 dòng" in said.content.decode()


def test_a_list_of_many_pages_leaves_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = RequestFactory().get("/x/", {"page": "2"})
    assert list(page_of(asked, range(7), 3)) == [3, 4, 5]
    leaving = RequestFactory().get("/x/", {"page": "2", "export": "csv"})
    assert list(page_of(leaving, range(7), 3)) == list(range(7))
    monkeypatch.setattr(shown_tables, "MOST_ROWS", 6)
    with pytest.raises(TooLongForAFile) as refused:
        page_of(leaving, range(7), 3)
    assert "7 dòng" in refused.value.sentence("vi")


def test_a_table_with_a_name_has_its_files_below_it_unless_it_is_empty() -> None:
    template = engines["django"].from_string(
        '{% data_table name="moves" %}<tr><td>{% if none %}{% empty_state "Trống" %}{% endif %}</td></tr>'
        "{% enddata_table %}"
    )
    request = RequestFactory().get("/x/", {"page": "3", "year": "2026"})
    full = template.render({"none": False}, request)
    assert '<table class="stack" data-table="moves">' in full
    assert 'href="?year=2026&amp;shown=xlsx&amp;table=moves"' in full
    assert "shown=xlsx" not in template.render({"none": True}, request)
