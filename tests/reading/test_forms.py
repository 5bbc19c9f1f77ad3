"""Forms of many issuers: our own variants here, the shared cases with their scorer where they lie beside."""

from __future__ import annotations

import io
import json
import sys
import time
import unicodedata
from pathlib import Path

import docx
import form_texts
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from tdcs.core.errors import Refusal
from tdcs.core.text import fold
from tdcs.documents import fonts_folder
from tdcs.documents.reading import Table, read
from tdcs.documents.reading.legacy import from_vni, modern
from tdcs.plans.reading import NotAPlan, PlanReading, read_plan
from tdcs.plans.reading.grammar import is_agency
from tdcs.plans.reading.sentences import assignment
from tdcs.plans.reading.timing import read_timing, timing_inside

FORMS = Path(__file__).resolve().parents[3] / "shared" / "plans" / "forms"


def _read(text: str) -> PlanReading:
    return read_plan(text.encode())


def _who(plan: PlanReading) -> list[tuple[str, list[str], list[str]]]:
    return [
        (t.path, [u.words for u in (*t.lead, *t.perform)], [u.words for u in t.coordinate])
        for t in plan.tasks
    ]


def test_a_school_assigns_by_rooms_that_no_catalogue_knows() -> None:
    plan = _read(form_texts.SCHOOL)
    assert plan.issuer == "Trường Cao đẳng y tế Thanh Sơn"
    assert (plan.number, plan.signer) == ("118/KH-CĐYT", "Trần Hữu Phước")
    assert _who(plan) == [
        ("II.1.1", ["Phòng Đào tạo"], []),
        ("II.1.2", ["Phòng Đào tạo"], ["Khoa Điều dưỡng"]),
        ("II.2.1", ["Khoa Điều dưỡng", "Khoa Dược"], []),
        ("II.3", ["Tổ Bảo vệ"], []),
        ("II.4", ["Trạm Y tế Trường"], []),
    ]
    assert [t.timing.due_on for t in plan.tasks] == [
        "2025-09-10",
        "2026-03-31",
        "",
        "",
        "2025-10-30",
    ]
    assert plan.duties[0].timing.days == ("03-20", "06-20", "09-20", "12-20")


def test_an_agency_that_leads_nothing_is_said() -> None:
    said = [words for words in _read(form_texts.SCHOOL).warnings if "Phòng Khảo thí" in words]
    assert said == ["Mục II.5 nêu “Phòng Khảo thí” nhưng không đọc được việc nào."]


def test_a_party_committee_numbers_with_dashes() -> None:
    plan = _read(form_texts.PARTY)
    assert (plan.number, plan.signer) == ("45-CTr/TU", "Bùi Thị Minh Hòa")
    assert fold(plan.issuer) == "ban chap hanh dang bo tinh lac hong"
    assert _who(plan) == [
        ("II.1", ["Đảng ủy Ủy ban nhân dân tỉnh"], []),
        ("II.2", ["Ban Nội chính Tỉnh ủy"], ["Đảng ủy Công an tỉnh"]),
    ]
    assert (plan.duties[-1].timing.month, plan.duties[-1].timing.day) == (12, 15)


def test_a_directive_has_no_sections_and_asks_for_a_report() -> None:
    plan = _read(form_texts.DIRECTIVE)
    assert _who(plan) == [
        ("1.1", ["Sở Y tế"], ["Sở Giáo dục và Đào tạo"]),
        ("2", ["Ban Quản lý Khu du lịch hồ Suối Giai"], []),
    ]
    assert plan.signer == "K'Sor Phước"
    assert [(d.path, d.timing.month, d.timing.day) for d in plan.duties] == [("3", 11, 30)]


def test_a_table_drawn_with_bars() -> None:
    plan = _read(form_texts.BARS)
    assert plan.issuer == "Cảng vụ Hàng hải Kim Giang"
    assert _who(plan)[2][2] == ["Đồn Biên phòng Cửa Đại", "Công ty CP Cảng Kim Giang"]
    assert [t.timing.due_on for t in plan.tasks] == ["2026-03-31", "2026-09-30", "2026-09-30"]


def test_persons_listed_units_and_a_broken_header() -> None:
    plan = _read(form_texts.PERSONS)
    assert (plan.number, plan.issued_on, plan.issuer) == ("21/KH-PNV", "2024-02-10", "Phòng Nội vụ")
    task = plan.tasks[0]
    assert [u.words for u in task.lead] == ["Đ/c Trần Thị Lan - Phó Trưởng phòng"]
    assert [u.words for u in task.coordinate][-1] == "Hội đồng Thi đua - Khen thưởng huyện"
    assert task.timing.due_on == "2024-02-29"


def test_a_letterhead_without_a_number_ends_at_the_place() -> None:
    plan = _read(form_texts.BARS.replace("Số: 77/KH-CVHHKG\n", ""))
    assert (plan.number, plan.issuer) == ("", "Cảng vụ Hàng hải Kim Giang")
    assert "Không tìm thấy số, ký hiệu văn bản." in plan.warnings


def test_look_alike_letters_and_loose_accents_lose_nothing() -> None:
    plain = _who(_read(form_texts.BARS))
    assert _who(_read(form_texts.BARS.replace("Đ", "Ð").replace("đ", "ð"))) == plain
    assert _who(_read(unicodedata.normalize("NFD", form_texts.BARS))) == plain
    assert fold("Ðặng") == fold("Đặng") == "dang"


def test_line_numbers_and_running_heads_are_taken_out() -> None:
    rows = [line for line in form_texts.PARTY.splitlines() if line.strip()]
    numbered = [f"{n:3d} {line}" for n, line in enumerate(rows, 1)]
    numbered[8:8] = ["Chương trình hành động của Tỉnh ủy            2", "Văn bản ký số: 02/03/2026"]
    assert _who(_read("\n".join(numbered))) == _who(_read(form_texts.PARTY))


def test_vni_and_tcvn3_become_unicode() -> None:
    assert from_vni("UÛY BAN NHAÂN DAÂN huyeän Ñònh Quaùn") == "ỦY BAN NHÂN DÂN huyện Định Quán"
    words = "Ñôn vò thöïc hieän: Uûy ban nhaân daân caùc xaõ, tröôùc ngaøy 15 thaùng 12 naêm 2005"
    assert "Đơn vị thực hiện" in modern(words)
    french = "Café à la crème, déjà vu, être, où, île, naïve, garçon, élève, façade"
    assert modern(french) == french


@pytest.mark.parametrize(
    ("words", "kind", "due"),
    [
        ("Trước ngày 30/6", "by_date", "2026-06-30"),
        ("trước ngày 3O/9/2O24", "by_date", "2024-09-30"),
        ("6 tháng cuối năm", "by_date", "2026-12-31"),
        ("nửa đầu năm 2027", "by_date", "2027-06-30"),
        ("Từ 01/3 đến 15/4", "by_date", "2026-04-15"),
        ("Quý Il/2025", "quarter", "2025-06-30"),
        ("chậm nhất 10 ngày làm việc sau khi nhận hồ sơ", "on_instruction", ""),
        ("Vụ đông xuân 2026", "unknown", ""),
        ("Hè 2026", "unknown", ""),
        ("trước ngày 31/02/2026", "unknown", ""),
        ("trước năm học mới", "unknown", ""),
        ("lúc 7 giờ 30 ngày 02/9", "by_date", "2026-09-02"),
    ],
)
def test_a_deadline_is_read_or_said_never_guessed(words: str, kind: str, due: str) -> None:
    timing = read_timing(words, year=2026)
    assert (timing.kind, timing.due_on) == (kind, due)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("ngày 05 hằng tháng", ("05",)),
        ("Ngày 10 tháng cuối quý", ("03-10", "06-10", "09-10", "12-10")),
        ("ngày 08 của tháng đầu quý sau", ("01-08", "04-08", "07-08", "10-08")),
        ("Tháng 5 và tháng 10 hằng năm", ("05-31", "10-31")),
        ("trước ngày 15/6 và 15/12/2026", ("2026-06-15", "2026-12-15")),
    ],
)
def test_several_days_of_one_rule(words: str, days: tuple[str, ...]) -> None:
    assert read_timing(words, year=2026).days == days


def test_the_day_of_another_document_is_no_deadline() -> None:
    said = timing_inside(
        "Triển khai Quyết định số 88/QĐ-UBND ngày 19/02/2024 của UBND tỉnh.", year=2026
    )
    assert said.kind == "unknown"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Trạm Khuyến nông liên xã số 2", True),
        ("Công ty TNHH MTV Thủy nông Bắc Hồ", True),
        ("Các trường mầm non trên địa bàn", True),
        ("Đối với Vườn quốc gia Ba Đỉnh", True),
        ("Ban hành quy chế phối hợp", False),
        ("Tổ chức hội nghị tổng kết", False),
        ("Hội nghị trực tuyến", False),
        ("Sở Y tế kiểm tra bếp ăn", False),
        ("Bố trí kinh phí", False),
    ],
)
def test_a_head_noun_with_its_capitals_makes_a_unit(words: str, named: bool) -> None:
    assert bool(is_agency(words)) is named


def test_units_inside_a_sentence() -> None:
    said = assignment(
        "Giao Chi cục Kiểm lâm chủ trì, phối hợp với Hạt Kiểm lâm Bắc Hồ tuần tra rừng."
    )
    assert [u.words for u in said.lead] == ["Chi cục Kiểm lâm"]
    assert [u.words for u in said.coordinate] == ["Hạt Kiểm lâm Bắc Hồ"]
    ministry = assignment("Sở Y tế chủ trì, phối hợp với Bộ Công an diễn tập.").coordinate
    assert [(u.words, u.unit) for u in ministry] == [("Bộ Công an", "")]


def test_a_header_of_two_rows_and_a_table_of_figures() -> None:
    file = docx.Document()
    for text in (
        "ỦY BAN NHÂN DÂN XÃ A LƯỚI",
        "Số: 3/KH-UBND",
        "KẾ HOẠCH",
        "Trồng rừng",
        "I. CHỈ TIÊU",
    ):
        file.add_paragraph(text)
    _table(file, [("Chỉ tiêu", "Đơn vị", "2026"), ("Diện tích", "ha", "90")])
    two = [
        ("TT", "Việc", "Phân công", "Phân công", "Hạn"),
        ("TT", "Việc", "Người phụ trách", "Phối hợp", "Hạn"),
        ("1", "Ươm 900 cây giống", "Hồ Thị Mai", "Trạm Khuyến nông", "Quý I/2026"),
    ]
    _table(file, two)
    buffer = io.BytesIO()
    file.save(buffer)
    plan = read_plan(buffer.getvalue())
    assert _who(plan) == [("PL2.1", ["Hồ Thị Mai"], ["Trạm Khuyến nông"])]
    assert any(words.startswith("Bảng 1 không giao việc") for words in plan.warnings)


def _table(file: docx.document.Document, rows: list[tuple[str, ...]]) -> None:
    table = file.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def test_columns_of_spaces_are_a_table() -> None:
    text = (
        "TT   Nội dung           Chủ trì           Thời hạn\n"
        "1    Nạo vét kênh       Phòng Kinh tế     Quý I/2026\n"
        "     chính              và Hạ tầng\n"
        "2    Lắp loa            Đài Truyền thanh  Tháng 5\n"
    )
    table = next(block for block in read(text.encode()).blocks if isinstance(block, Table))
    assert table.rows[1] == ("1", "Nạo vét kênh chính", "Phòng Kinh tế và Hạ tầng", "Quý I/2026")
    assert len(table.rows) == 3


PAGE = """#set page(numbering: "1")
#set text(font: "Liberation Serif", size: 13pt)
ỦY BAN NHÂN DÂN XÃ LÂM THAO

Số: 61/KH-UBND

#align(center)[KẾ HOẠCH \\ Xây dựng nông thôn mới năm 2026]

I. CHỈ TIÊU

#table(columns: 4, [TT], [Chỉ tiêu], [Đơn vị], [2026], [1], [Nước sạch], [%], [92])

II. NHIỆM VỤ

#table(columns: (auto, 2fr, 1.3fr, 1.5fr, 1fr), stroke: STROKE,
  [TT], [Nội dung], [Bộ phận chủ trì], [Phối hợp], [Thời hạn],
  [1], [Làm 3 km đường bê tông tại các thôn vùng sâu, vùng xa của xã], [Ban Quản lý dự án xã], [Công an xã], [Quý III/2026],
  [2], [Khám sức khỏe người cao tuổi], [Trạm Y tế xã], [], [Tháng 10])
"""


@pytest.mark.parametrize("stroke", ["0.5pt", "none", "(x: none, y: 0.5pt)"])
def test_a_pdf_table_with_and_without_rules(stroke: str) -> None:
    source = PAGE.replace("STROKE", stroke).encode()
    made = typst.compile(source, font_paths=[str(fonts_folder())], ignore_system_fonts=True)
    plan = read_plan(made)
    assert _who(plan) == [
        ("PL2.1", ["Ban Quản lý dự án xã"], ["Công an xã"]),
        ("PL2.2", ["Trạm Y tế xã"], []),
    ]
    assert plan.tasks[0].text == "Làm 3 km đường bê tông tại các thôn vùng sâu, vùng xa của xã"
    assert [t.timing.due_on for t in plan.tasks] == ["2026-09-30", "2026-10-31"]


@pytest.mark.parametrize("kind", ["BÁO CÁO", "GIẤY MỜI", "BIÊN BẢN", "THÔNG BÁO", "TỜ TRÌNH"])
def test_other_documents_are_refused(kind: str) -> None:
    text = form_texts.SCHOOL.replace("KẾ HOẠCH\n", f"{kind}\n")
    with pytest.raises(NotAPlan):
        _read(text)


@pytest.mark.parametrize(
    "noise", ["(" * 10**5, "-" * 10**6, ". " * 10**5, "Sở Y tế, " * 5000, "\t\ta\n" * 4000]
)
def test_hostile_text_stays_fast(noise: str) -> None:
    started = time.monotonic()
    _read(form_texts.DIRECTIVE.replace("CHỦ TỊCH\n", f"4. Giao Sở Y tế {noise}\nCHỦ TỊCH\n"))
    assert time.monotonic() - started < 15


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            form_texts.SCHOOL,
            form_texts.PARTY,
            form_texts.DIRECTIVE,
            form_texts.BARS,
            form_texts.PERSONS,
        ]
    ),
    st.lists(
        st.tuples(
            st.integers(0, 2000), st.sampled_from(["", "\n", " ", "l", "-", "(", ":", "\t", "Sở "])
        ),
        max_size=12,
    ),
)
def test_damage_never_crashes_and_never_invents_words(
    text: str, cuts: list[tuple[int, str]]
) -> None:
    for at, sign in cuts:
        text = text[:at] + sign + text[at + 1 :]
    try:
        plan = _read(text)
    except Refusal:
        return
    body = "".join(sign for sign in fold(text) if sign.isalnum())
    for task in plan.tasks:
        # A cell that goes on in the next row is joined, so each word is looked for.
        for unit in (*task.lead, *task.perform, *task.coordinate):
            for word in fold(unit.words).split():
                assert "".join(sign for sign in word if sign.isalnum()) in body


@pytest.mark.skipif(
    not FORMS.exists(), reason="the forms lie beside the repository only for its developers and CI"
)
def test_the_shared_forms_are_read() -> None:
    """Every case within one process; the scorer itself judges (F1 of at least 0.97)."""
    sys.path.insert(0, str(FORMS))
    try:
        import score
    finally:
        sys.path.remove(str(FORMS))
    expected = json.loads((FORMS / "expected.json").read_text(encoding="utf-8"))
    sheets = []
    for name, wanted in expected.items():
        try:
            made = (json.loads(json.dumps(read_plan(FORMS / name).as_json())), "")
        except Refusal:
            made = ({}, "refused")
        sheets.append(score.score_document(name, wanted, *made))
    joined = score.joined("ALL", sheets)
    assert score.f1(joined) >= 0.97, joined.notes
