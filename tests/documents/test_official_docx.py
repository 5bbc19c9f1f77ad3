"""The .docx follows NĐ 30/2020/NĐ-CP, annex I: re-read, not trusted."""

from __future__ import annotations

import io
import itertools
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx.shared import Emu
from docx_rereading import W, lines, read_tables, reopened, words_in
from official_samples import COLUMNS, decision, reminder, report, unit_table

from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Annex,
    Bullets,
    Heading,
    OfficialDocument,
    Paragraph,
    Row,
    Table,
    paragraphs,
    to_docx,
)


@pytest.fixture(scope="module")
def written() -> bytes:
    return to_docx(report())


def mm(length: Any) -> int:
    return round(Emu(length).mm)


def test_paper_and_margins_are_those_of_the_decree(written: bytes) -> None:
    first, *_, turned = reopened(written).sections
    assert (mm(first.page_width), mm(first.page_height)) == (210, 297)
    assert [mm(getattr(first, f"{side}_margin")) for side in ("top", "bottom", "left", "right")] == [
        20, 20, 30, 15,
    ]  # fmt: skip
    assert (mm(turned.page_width), mm(turned.page_height)) == (297, 210)
    # Turned for binding: the bound edge is the top one.
    assert mm(turned.top_margin) == 30


def test_the_page_number_stands_in_the_top_margin_but_not_on_page_one(written: bytes) -> None:
    sections = reopened(written).sections
    header = sections[0].header
    assert " PAGE " in header._element.xml
    assert header.paragraphs[0].style.name == "Số trang"
    assert sections[0].different_first_page_header_footer
    assert not sections[0].first_page_header.paragraphs[0].text


def test_annexes_count_their_own_pages(written: bytes) -> None:
    sections = list(reopened(written).element.body.iter(f"{W}sectPr"))
    starts = [s.find(f"{W}pgNumType") is not None for s in sections]
    assert starts == [True, True, True]
    assert words_in(written, "Phụ lục") == ["Phụ lục I", "Phụ lục II"]
    assert words_in(written, "Kèm theo")[0].startswith(
        "(Kèm theo Báo cáo số 05/BC-NHCS ngày 05 tháng 02 năm 2026 của Chi nhánh"
    )


def test_a_turned_table_of_the_text_neither_restarts_nor_hides_page_numbers() -> None:
    body = [Paragraph("Trước."), unit_table(3, landscape=True), Paragraph("Sau.")]
    made = reopened(to_docx(report(body=body, annexes=())))
    assert [mm(section.page_width) for section in made.sections] == [210, 297, 210]
    assert [s.different_first_page_header_footer for s in made.sections] == [True, False, False]


def test_all_letters_are_times_new_roman_and_vietnamese(written: bytes) -> None:
    styles = reopened(written).styles.element
    assert {f.get(f"{W}ascii") for f in styles.iter(f"{W}rFonts")} == {"Times New Roman"}
    assert next(styles.iter(f"{W}lang")).get(f"{W}val") == "vi-VN"
    assert not list(reopened(written).element.body.iter(f"{W}rFonts"))


@pytest.mark.parametrize(
    ("style", "size", "bold", "italic"),
    [
        ("Quốc hiệu", 12, True, None),
        ("Tiêu ngữ", 13, True, None),
        ("Cơ quan chủ quản", 12, None, None),
        ("Cơ quan ban hành", 12, True, None),
        ("Số ký hiệu", 13, None, None),
        ("Địa danh và ngày", 13, None, True),
        ("Tên loại văn bản", 14, True, None),
        ("Trích yếu", 14, True, None),
        ("Lời văn", 14, None, None),
        ("Căn cứ", 14, None, True),
        ("Nơi nhận", 12, True, True),
        ("Nơi nhận từng dòng", 11, None, None),
        ("Họ tên người ký", 14, True, None),
    ],
)
def test_each_part_has_the_size_and_face_of_the_decree(
    written: bytes, style: str, size: int, bold: bool | None, italic: bool | None
) -> None:
    font = reopened(written).styles[style].font
    assert (font.size.pt, font.bold, font.italic) == (size, bold, italic)


def test_the_text_is_justified_indented_and_spaced(written: bytes) -> None:
    form = reopened(written).styles["Lời văn"].paragraph_format
    assert form.alignment is not None and form.alignment.name == "JUSTIFY"
    assert round(form.first_line_indent.cm, 2) == 1.27
    assert form.space_after.pt >= 6
    assert 1 <= form.line_spacing <= 1.5


def test_the_head_says_nation_motto_issuer_number_place_and_day(written: bytes) -> None:
    head = [words for _, words in lines(written)][:10]
    assert [words for words in head if words] == [
        "NGÂN HÀNG CHÍNH SÁCH XÃ HỘI",
        "CHI NHÁNH TỈNH SUỐI MƠ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 05/BC-NHCS",
        "Suối Mơ, ngày 05 tháng 02 năm 2026",
        "BÁO CÁO",
        "Kết quả thực hiện Kế hoạch tín dụng chính sách xã hội trên địa bàn tỉnh năm 2026",
    ]


def test_a_number_and_a_day_to_come_leave_room_to_write() -> None:
    made = to_docx(report(number=None, issued_on=None, year=2026))
    gap = "\u00a0" * 6
    assert words_in(made, "Số ký hiệu") == [f"Số: {gap}/BC-NHCS"]
    assert words_in(made, "Địa danh và ngày") == [f"Suối Mơ, ngày{gap}tháng{gap}năm 2026"]


def test_a_letter_has_its_subject_under_the_number_and_no_name_of_kind() -> None:
    made = to_docx(reminder())
    assert words_in(made, "Tên loại văn bản") == []
    assert words_in(made, "Trích yếu công văn") == [
        "V/v đôn đốc báo cáo kết quả thực hiện Kế hoạch năm 2026"
    ]
    assert words_in(made, "Kính gửi nhiều nơi") == ["Kính gửi:"]
    assert words_in(made, "Kính gửi từng nơi") == [
        "- Ủy ban nhân dân xã Hang Đá;",
        "- Ủy ban nhân dân phường Bến Nước.",
    ]


def test_a_decision_has_authority_bases_and_articles() -> None:
    made = to_docx(decision())
    assert words_in(made, "Thẩm quyền ban hành") == ["ỦY BAN NHÂN DÂN TỈNH SUỐI MƠ", "QUYẾT ĐỊNH:"]
    bases = words_in(made, "Căn cứ")
    assert [basis[-1] for basis in bases] == [";", ";", "."]
    assert words_in(made, "Lời văn") == [
        "Điều 1. Sửa đổi thời hạn của nhiệm vụ II.3.đ thành ngày 30 tháng 9 hằng năm.",
        "Điều 2. Hiệu lực",
        "Quyết định có hiệu lực kể từ ngày ký./.",
    ]
    assert words_in(made, "Quyền hạn, chức vụ") == [
        "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH",
    ]  # fmt: skip


def test_headings_are_real_headings_numbered_in_vietnamese_order() -> None:
    points = [Heading(3, f"Điểm {n}") for n in range(1, 6)]
    body = [Heading(1, "Kết quả"), Heading(2, "Chỉ đạo"), *points, Heading(2, "Vốn"), Heading(3, "Thu"),
            Heading(1, "Kiến nghị", number="V."), Paragraph("Hết")]  # fmt: skip
    made = to_docx(report(body=body, annexes=()))
    assert words_in(made, "Heading 1") == ["I. KẾT QUẢ", "V. KIẾN NGHỊ"]
    assert words_in(made, "Heading 2") == ["1. Chỉ đạo", "2. Vốn"]
    assert [words[:2] for words in words_in(made, "Heading 3")] == [
        "a)",
        "b)",
        "c)",
        "d)",
        "đ)",
        "a)",
    ]
    outline = reopened(made).styles["Heading 2"].element.find(f"{W}pPr/{W}outlineLvl")
    assert outline.get(f"{W}val") == "1"


@pytest.mark.parametrize(
    "last",
    [
        (Paragraph("Kính báo cáo."), "Kính báo cáo./."),
        (Paragraph("Kính báo cáo./."), "Kính báo cáo./."),
        (Bullets(("Một;", "Hai;")), "- Hai./."),
        (unit_table(2), "./."),
    ],
)
def test_the_last_sentence_carries_the_end_mark_once(last: Any) -> None:
    block, expected = last
    made = to_docx(report(body=[Paragraph("Mở đầu."), block], annexes=()))
    texts = words_in(made, "Lời văn") + words_in(made, "Gạch đầu dòng")
    assert [words for words in texts if words.endswith("./.")] == [expected]


def test_recipients_are_listed_and_the_file_copy_is_last(written: bytes) -> None:
    assert words_in(written, "Nơi nhận từng dòng") == [
        "- Như trên;",
        "- Thường trực Tỉnh ủy (để báo cáo);",
        "- Các sở, ban, ngành;",
        "- Ban Giám đốc;",
        "- Lưu: VT, KHNV.",
    ]


def test_tables_repeat_their_header_and_carry_their_totals() -> None:
    made = to_docx(report(body=[unit_table(300)], annexes=()))
    (rows,) = read_tables(made)
    assert rows[0] == ["STT", "Đơn vị", "Số nhiệm vụ", "Kết quả", "Tỷ lệ"]
    assert rows[1] == ["", "", "", "Hoàn thành", "Quá hạn", ""]
    assert len(rows) == 2 + 300 + 1
    assert rows[2] == ["1", "Ủy ban nhân dân xã Suối Mơ 1", "24", "23", "1", "95,83%"]
    assert rows[-1][:5] == ["", "Tổng cộng", "7.200", "6.600", "600"]
    found = list(reopened(made).element.body.iter(f"{W}tr"))
    assert sum(row.find(f"{W}trPr/{W}tblHeader") is not None for row in found) == 2


def test_columns_fill_the_line_exactly_and_no_figure_breaks(written: bytes) -> None:
    for table in reopened(written).tables:
        widths = [int(column.get(f"{W}w")) for column in table._tbl.tblGrid]
        line = round(165 / 25.4 * 1440) if sum(widths) < 10_000 else round(257 / 25.4 * 1440)
        assert abs(sum(widths) - line) <= len(widths)


def test_an_empty_table_says_so_and_two_tables_stay_two() -> None:
    empty = Table(COLUMNS, [], totals=(None, "Tổng cộng", 0, 0, 0, 0))
    made = to_docx(report(body=[empty, empty], annexes=()))
    assert [table[-1] for table in read_tables(made)] == [["Không có số liệu."]] * 2
    children = [child.tag for child in reopened(made).element.body]
    assert not any(a == b == f"{W}tbl" for a, b in itertools.pairwise(children))


def test_a_row_may_head_a_group_and_too_many_cells_are_refused() -> None:
    columns = (Column("A"), Column("B", kind="date"))
    rows: list[Any] = [Row(("Nhóm một",), bold=True, span=True), ("x", date(2026, 2, 5)), ("y",)]
    (read,) = read_tables(to_docx(report(body=[Table(columns, rows)], annexes=())))
    assert read == [["A", "B"], ["Nhóm một"], ["x", "05/02/2026"], ["y", ""]]
    with pytest.raises(ValueError, match="3 cells for 2 columns"):
        to_docx(report(body=[Table(columns, [("x", None, "z")])]))


def test_charts_are_pictures_with_words_for_who_cannot_see_them(written: bytes) -> None:
    made = reopened(written)
    assert len(made.inline_shapes) == 3
    described = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]
    assert "Ủy ban nhân dân cấp xã 1.450" in described[0]
    assert words_in(written, "Tên biểu đồ")[1] == "Biểu đồ 2. Tỷ lệ hoàn thành tăng đều qua ba năm"


def test_unprintable_signs_do_not_break_the_file() -> None:
    nasty = "a\x00b\x0bc\ud800d\ufffee\u202ef ]]> <w:p> & \"'"
    table = Table((Column(nasty, group=nasty),), [(nasty,)], caption=nasty, unit=nasty, note=nasty)
    made = to_docx(
        report(
            issuer=nasty, parent_body=nasty, place=nasty, symbol=nasty, number=nasty, subject=nasty,
            body=[Heading(1, nasty), Paragraph(nasty), table], recipients=[nasty],
            annexes=[Annex(nasty, [Paragraph(nasty)])],
        )
    )  # fmt: skip
    assert words_in(made, "Lời văn")[0] == "abcdef ]]> <w:p> & \"'"
    assert read_tables(made)[0][-1] == ["abcdef ]]> <w:p> & \"'"]


def test_a_very_long_name_of_a_unit_keeps_the_head_in_two_columns() -> None:
    name = "Ban Đại diện Hội đồng quản trị " * 12
    made = reopened(to_docx(report(issuer=name, parent_body=name)))
    head = made.tables[0]
    assert len(head.columns) == 2
    assert head.cell(0, 0).paragraphs[1].text == " ".join(name.split()).upper()


def test_lines_become_paragraphs_and_dashes_bullets() -> None:
    typed = "Đã tổ chức 12 lớp.\n\n- Cấp tỉnh: 2 lớp;\n+ Xã: 10 lớp\r\n-5% so với năm trước"
    made = to_docx(report(body=[*paragraphs(typed), Paragraph("Hết\nrồi")], annexes=()))
    assert words_in(made, "Lời văn") == [
        "Đã tổ chức 12 lớp.", "-5% so với năm trước", "Hết", "rồi./.",
    ]  # fmt: skip
    assert words_in(made, "Gạch đầu dòng") == ["- Cấp tỉnh: 2 lớp;"]
    assert words_in(made, "Gạch đầu dòng 2") == ["+ Xã: 10 lớp"]


def test_the_same_document_gives_the_same_bytes(written: bytes) -> None:
    assert to_docx(report()) == written
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert not [name for name in archive.namelist() if "thumbnail" in name]


def test_the_file_says_what_it_is(written: bytes) -> None:
    about = reopened(written).core_properties
    assert about.title.startswith("Báo cáo: Kết quả thực hiện")
    assert (about.author, about.language) == ("Chi nhánh tỉnh Suối Mơ", "vi-VN")
    assert (about.created.date(), about.comments) == (date(2026, 2, 5), "")


def test_a_document_of_nothing_is_still_a_document() -> None:
    empty = OfficialDocument(issuer="", subject="", place="", body=[], end_mark=False)
    assert len(reopened(to_docx(empty)).sections) == 1
    assert len(reopened(to_docx(replace(empty, end_mark=True))).sections) == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_finds_the_same_pages(tmp_path: Path, written: bytes) -> None:
    import pypdfium2

    file = tmp_path / "report.docx"
    file.write_bytes(written)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pdf = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    try:
        words = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert "Lưu: VT, KHNV." in words
