"""A form and a context as .docx and PDF: words, figures, dots, pages, and words that want to be code."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from tdcs.documents.forms import FormFault, form_at, forms, read_form, render_docx, render_pdf
from tdcs.documents.forms.filling import FILTERS, filled, holes, percent_of_ppm

ON = date(2026, 11, 23)
# The forms that the issue names, and the pages a borrower keeps.
ASKED = (
    *("01/TD", "01/UQ", "03/TD", "04/TD", "13/TD", "08/TD", "09/TD", "14/TD", "10C/TD"),
    *(f"0{n}/XLN" for n in range(1, 6)),
    *("HĐTD", "SVV", "NNTK"),
)


def made(*blocks: Any, **more: Any) -> Any:
    """A form with these blocks."""
    data = {
        "number": "99/TD",
        "title": "Mẫu thử",
        "basis": "thử",
        "confirmed": False,
        "subjects": ["loan"],
        "blocks": list(blocks),
    }
    return read_form(data | more, "thử")


def people(count: int) -> list[dict[str, Any]]:
    return [{"name": f"Tổ viên {n}", "amount": 1_000_000 + n} for n in range(1, count + 1)]


TABLE = {
    "table": {
        "rows": "people",
        "total": "Tổng cộng",
        "columns": [
            {"title": "TT", "key": "#", "kind": "ordinal"},
            {"title": "Họ và tên", "key": "name"},
            {"title": "Số tiền", "key": "amount", "kind": "integer", "total": True},
        ],
    }
}


def test_every_form_of_the_issue_is_there() -> None:
    assert set(ASKED) == set(forms())
    for number, form in forms().items():
        assert form.basis and form.title and form.blocks, number
        assert form.confirmed is False, "a confirmed layout needs the issued text in law/documents"
        assert form_at(number.replace("/", "-").replace("Đ", "D")) is form


def test_every_filter_of_every_form_is_known() -> None:
    for form in forms().values():
        for hole in holes(repr(form)):
            assert {name for name, _ in hole.filters} <= FILTERS, (form.number, hole)


@pytest.mark.parametrize("number", ASKED)
def test_a_blank_form_shows_its_mark_and_title_in_both_files(
    number: str, words_of: Any, pdf_words: Any
) -> None:
    form = forms()[number]
    in_word = words_of(render_docx(form, {"on": ON}))
    in_pdf = pdf_words(render_pdf(form, {"on": ON}))
    first = form.title.split("\n")[0].strip().upper()
    assert first in in_word
    assert first in in_pdf
    assert (f"Mẫu số {number}" in in_word) == (f"Mẫu số {number}" in in_pdf) == ("/" in number)


def test_a_missing_value_leaves_dots(words_of: Any, word: Any, pdf_words: Any) -> None:
    form = made({"field": "Họ và tên: {name}; tuổi {age}"}, {"field": "Sinh {born|long}"})
    content = render_docx(form, {"on": ON})
    assert "Họ và tên: ................; tuổi" in words_of(content)
    assert "ngày ..... tháng ..... năm 20....." in words_of(content)
    tabs = [p for p in word(content).paragraphs if p._p.xpath(".//w:tab[@w:leader='dot']")]
    assert len(tabs) == 1
    assert "tuổi ......" in pdf_words(render_pdf(form, {"on": ON}))


def test_money_dates_and_rates_are_written_as_offices_write_them(words_of: Any) -> None:
    form = made(
        {"field": "{sum} đồng ({sum|words}) ngày {day}, {day|long}, {rate|rate} {rate|monthly}"}
    )
    values = {"on": ON, "sum": 1_001_005, "day": date(2026, 2, 5), "rate": 66_000}
    assert (
        "1.001.005 đồng (Một triệu không trăm lẻ một nghìn không trăm lẻ năm đồng) "
        "ngày 05/02/2026, ngày 05 tháng 02 năm 2026, 6,6% 0,55%"
    ) in words_of(render_docx(form, values))


@pytest.mark.parametrize(
    ("ppm", "words"), [(66_000, "6,6%"), (83_820, "8,382%"), (90_000, "9%"), (0, "0%")]
)
def test_rates_lose_no_place(ppm: int, words: str) -> None:
    assert percent_of_ppm(ppm) == words


def test_sixty_rows_go_over_pages_with_their_header_and_their_sum(
    word: Any, pdf_words: Any
) -> None:
    form = made(TABLE, {"field": "Cộng {people|sum:amount|words}; {people|count} hộ"})
    context = {"on": ON, "people": people(60)}
    table = word(render_docx(form, context)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert len(rows) == 62
    assert rows[60] == ["60", "Tổ viên 60", "1.000.060"]
    assert rows[61] == ["", "Tổng cộng", "60.001.830"]
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    content = render_pdf(form, context)
    pages = pdf_words(content).split("\n")
    assert len(pages) >= 2
    assert all("Họ và tên" in page for page in pages[:2])
    assert "60.001.830" in pages[-1]
    assert "Sáu mươi triệu không trăm lẻ một nghìn tám trăm ba mươi đồng; 60 hộ" in pages[-1]


def test_empty_lists_say_so_or_leave_rows_to_write_in(word: Any, words_of: Any) -> None:
    assert "Không có số liệu." in words_of(render_docx(made(TABLE), {"on": ON, "people": []}))
    form = made({"table": TABLE["table"] | {"least": 5}})
    rows = word(render_docx(form, {"on": ON})).tables[0].rows
    assert len(rows) == 7
    assert [cell.text.strip() for cell in rows[5].cells] == ["5", "", ""]
    # Nobody has filled the column: its total is blank, not nought.
    assert [cell.text.strip() for cell in rows[6].cells] == ["", "Tổng cộng", ""]


def test_boxes_are_ticked_by_value(words_of: Any) -> None:
    checks = {"label": "Diện:", "value": "kinds", "choices": {"poor": "Nghèo", "near": "Cận nghèo"}}
    words = words_of(render_docx(made({"checks": checks}), {"on": ON, "kinds": ["poor"]}))
    assert "☑\u00a0Nghèo" in words
    assert "☐\u00a0Cận\u00a0nghèo" in words


def test_a_block_is_left_out_unless_its_condition_holds(words_of: Any) -> None:
    form = made({"text": "Chỉ khi có tổ", "when": "group.name"})
    assert "Chỉ khi" not in words_of(render_docx(form, {"on": ON, "group": {"name": None}}))
    assert "Chỉ khi" in words_of(render_docx(form, {"on": ON, "group": {"name": "bà Hoa"}}))


def test_signatures_stand_side_by_side(word: Any) -> None:
    signers = [{"title": "NGƯỜI VAY", "name": "{name}"}, {"title": "TỔ TRƯỞNG"}, {"title": "UBND"}]
    table = word(
        render_docx(made({"signatures": signers}), {"on": ON, "name": "Lê Thị Hoa"})
    ).tables[0]
    assert [cell.text.split("\n")[0] for cell in table.rows[0].cells] == [
        "NGƯỜI VAY",
        "TỔ TRƯỞNG",
        "UBND",
    ]
    assert [cell.text for cell in table.rows[1].cells] == ["Lê Thị Hoa", "", ""]


HOSTILE = (
    '#read("/etc/passwd")',
    "{borrower.name} {{ 7*7 }} {% now %}",
    "<w:br/>&amp; \"'`",
    "*đậm* _nghiêng_ $x$ @ref \\n",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_words_are_never_code(name: str, words_of: Any, pdf_words: Any) -> None:
    signers = {"signatures": [{"title": "NGƯỜI VAY", "name": "{name}"}]}
    form = made({"field": "Tên: {name}"}, TABLE, signers)
    context = {"on": ON, "name": name, "people": [{"name": name, "amount": 5}]}
    assert words_of(render_docx(form, context)).count(name) == 3
    assert "root:" not in pdf_words(render_pdf(form, context))
    assert pdf_words(render_pdf(form, context)).count(name) == 3


def test_control_and_direction_signs_are_dropped(words_of: Any, pdf_words: Any) -> None:
    context = {"on": ON, "name": "Lê\x00\x08 \u202eThị\u2066 Hoa\ud800\n\tB", "people": []}
    form = made({"field": "Tên: {name}."})
    assert "Tên: Lê Thị Hoa B." in words_of(render_docx(form, context))
    assert "Tên: Lê Thị Hoa B." in pdf_words(render_pdf(form, context))


def test_long_names_stay_in_their_cells() -> None:
    name = "Công Tằng Tôn Nữ " * 12
    rows = [{"name": name + "X" * 200, "amount": 99_999_999_999_999}] * 3
    content = render_pdf(
        made({"field": "Tên: {name}"}, TABLE), {"on": ON, "name": name, "people": rows}
    )
    file = pypdfium2.PdfDocument(content)
    page = file[0]
    text = page.get_textpage()
    rights = [text.get_charbox(n)[2] for n in range(text.count_chars())]
    width = page.get_width()
    text.close()
    page.close()
    file.close()
    assert max(rights) <= width - 15 / 25.4 * 72 + 1


@pytest.mark.parametrize("render", [render_docx, render_pdf])
def test_the_same_form_gives_the_same_bytes(render: Any) -> None:
    context = {"on": ON, "people": people(3)}
    assert render(made(TABLE), context) == render(made(TABLE), context)


def test_a_turned_form_is_turned_in_both_files(word: Any) -> None:
    form = made(TABLE, paper="landscape", header="issuer", issuer="Tổ TK&VV bà Hoa")
    section = word(render_docx(form, {"on": ON, "people": people(2)})).sections[0]
    assert section.page_width > section.page_height
    file = pypdfium2.PdfDocument(render_pdf(form, {"on": ON, "people": people(2)}))
    width, height = file.get_page_size(0)
    file.close()
    assert width > height


def test_the_file_holds_no_picture_and_no_link() -> None:
    names = zipfile.ZipFile(BytesIO(render_docx(forms()["01/TD"], {"on": ON}))).namelist()
    assert not [name for name in names if "media" in name or "thumbnail" in name]


@pytest.mark.parametrize(
    "bad",
    [
        {"unknown": 1},
        {"paper": "A3"},
        {"blocks": [{"video": "x"}]},
        {"blocks": [{"table": {"rows": "x", "columns": [{"title": "Ngày", "key": True}]}}]},
        {"blocks": [{"beside": [{60: "a"}, {60: "b"}]}]},
    ],
)
def test_a_form_with_a_fault_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(FormFault):
        made(**bad) if "blocks" not in bad else read_form(
            {"number": "9", "title": "t", "basis": "b", "confirmed": False, "subjects": []} | bad
        )


def test_a_value_is_not_read_as_a_template_again() -> None:
    assert [p.text for p in filled("{a}{b}", {"a": "{b}", "b": "x"})] == ["{b}", "x"]
