"""Plans that other provinces write, in .txt, .docx and PDF."""

from __future__ import annotations

import io

import docx
import plan_texts
import pytest
import typst

from tdcs.plans.reading import PlanReading, read_plan
from tdcs.plans.reading.timing import read_timing
from tdcs.plans.reading.units import find_units


def _read(text: str) -> PlanReading:
    return read_plan(text.encode())


def test_labels_of_another_province_with_decimal_numbers() -> None:
    plan = _read(plan_texts.LABELLED)
    assert (plan.number, plan.issued_on) == ("45/KH-UBND", "2024-03-05")
    assert plan.issuer == "Ủy ban nhân dân tỉnh Vĩnh Long"
    assert [t.path for t in plan.tasks] == ["II.1.1", "II.1.2", "II.2.1"]
    first, second, third = plan.tasks
    assert [u.unit for u in first.lead] == ["so-thong-tin-va-truyen-thong"]
    assert [(u.unit, u.levels) for u in first.coordinate] == [
        ("cac-so-ban-nganh", ()),
        ("ubnd", ("district",)),
    ]
    assert (first.timing.kind, first.timing.due_on) == ("quarter", "2024-06-30")
    assert first.product == "Báo cáo kết quả rà soát"
    assert [u.unit for u in second.coordinate] == ["doan-thanh-nien", "hoi-phu-nu"]
    assert [u.resolved for u in third.lead] == [True, False]
    assert third.timing.before
    assert third.timing.due_on == "2024-11-30"


def test_plans_that_assign_by_agency() -> None:
    plan = _read(plan_texts.AGENCIES)
    assert [(t.path, t.lead[0].unit) for t in plan.tasks] == [
        ("III.1.a", "so-nong-nghiep-va-moi-truong"),
        ("III.1.b", "so-nong-nghiep-va-moi-truong"),
        ("III.2", "cong-an"),
        ("III.3.1", "so-tai-chinh"),
        ("III.3.2", "so-tai-chinh"),
        ("III.4.1", "ubnd"),
    ]
    assert plan.tasks[0].timing.due_on == "2026-03-31"
    assert plan.tasks[1].timing.due_on == "2026-12-20"


def test_a_signature_before_the_tasks() -> None:
    plan = _read(plan_texts.SIGNED_FIRST)
    assert plan.signer == "Lê Quang Mạnh"
    assert [t.path for t in plan.tasks] == ["I.1", "I.2"]


def test_no_roman_headings_and_a_glued_number() -> None:
    plan = _read(plan_texts.NO_ROMAN)
    assert plan.number == "4336/KH-UBND"
    assert [t.path for t in plan.tasks] == ["1", "2"]
    assert [u.unit for u in plan.tasks[0].coordinate] == ["so-tai-chinh", "ubnd"]


def test_labels_as_lettered_points_and_in_brackets() -> None:
    first, second = _read(plan_texts.LETTERED_LABELS).tasks
    assert (first.path, [u.unit for u in first.lead]) == ("II.1.1", ["so-giao-duc-va-dao-tao"])
    assert [u.unit for u in first.coordinate] == ["so-tai-chinh", "ubnd"]
    assert first.timing.due_on == "2025-12-31"
    assert "2.000 máy tính" in first.text
    assert [u.unit for u in second.lead] == ["so-thong-tin-va-truyen-thong"]
    assert [(u.unit, u.levels) for u in second.coordinate] == [("ubnd", ("commune",))]
    assert second.timing.due_on == "2024-12-31"


def test_sections_by_capitals_and_agencies_that_are_asked() -> None:
    plan = _read(plan_texts.CAPITALS)
    assert [path for path, _ in plan.sections] == ["A", "B", "C"]
    assert [(t.path, [u.unit for u in t.lead]) for t in plan.tasks] == [
        ("C.1.1", ["nhcsxh-chi-nhanh"]),
        ("C.2.1", ["mttq", "to-chuc-ctxh"]),
    ]


def _annexed() -> bytes:
    file = docx.Document()
    for text in (
        "ỦY BAN NHÂN DÂN",
        "TỈNH QUẢNG TRỊ",
        "Số: 15/KH-UBND",
        "Quảng Trị, ngày 20 tháng 01 năm 2026",
        "KẾ HOẠCH",
        "Chuyển đổi số năm 2026",
        "Căn cứ Quyết định số 749/QĐ-TTg ngày 03/6/2020 của Thủ tướng Chính phủ;",
        "I. NHIỆM VỤ",
        "1. Phát triển hạ tầng số.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Võ Văn Hưng",
        "PHỤ LỤC",
    ):
        file.add_paragraph(text)
    table = file.add_table(rows=0, cols=6)
    for row in (
        (
            "TT",
            "Nội dung nhiệm vụ",
            "Cơ quan chủ trì",
            "Cơ quan phối hợp",
            "Thời gian hoàn thành",
            "Sản phẩm",
        ),
        ("I", "Hạ tầng", "", "", "", ""),
        (
            "1",
            "Nâng cấp trung tâm dữ liệu",
            "Sở KH&CN",
            "Sở Tài chính, UBND cấp xã",
            "Quý II/2026",
            "Trung tâm đạt chuẩn",
        ),
        ("2", "Phủ sóng vùng lõm", "Sở KH&CN", "", "Tháng 9/2026", "Báo cáo"),
        ("", "và kiểm tra định kỳ.", "", "Công an tỉnh", "", ""),
        ("II", "Nhân lực", "", "", "", ""),
        ("3", "Tập huấn cán bộ xã", "Sở Nội vụ", "Trường Chính trị", "Hằng năm", ""),
    ):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    units = file.add_table(rows=0, cols=4)
    for row in (
        ("TT", "Chỉ tiêu", "Đơn vị", "Năm 2026"),
        *((str(n), f"Chỉ tiêu {n}", "%", "90") for n in range(5)),
    ):
        for cell, text in zip(units.add_row().cells, row, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def test_bare_tasks_with_an_annex_table() -> None:
    plan = read_plan(_annexed())
    assert plan.number == "15/KH-UBND"
    assert [t.path for t in plan.tasks] == ["PL1.1", "PL1.2", "PL1.3"]
    first, second, third = plan.tasks
    assert [u.unit for u in first.coordinate] == ["so-tai-chinh", "ubnd"]
    assert first.product == "Trung tâm đạt chuẩn"
    assert second.text == "Phủ sóng vùng lõm và kiểm tra định kỳ."
    assert [u.unit for u in second.coordinate] == ["cong-an"]
    assert third.timing.kind == "yearly"
    assert third.section_title == "Nhân lực"


def _numbered() -> bytes:
    """A plan whose numbers are Word's own: no digit of them stands in the text."""
    file = docx.Document()
    for text in (
        "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG",
        "Số: 9/KH-UBND",
        "Lâm Đồng, ngày 3 tháng 2 năm 2026",
        "KẾ HOẠCH",
        "Phát triển du lịch",
    ):
        file.add_paragraph(text)
    file.add_paragraph("II. NHIỆM VỤ")
    for task in ("Quảng bá điểm đến.", "Nâng chất lượng nhân lực."):
        file.add_paragraph(task, style="List Number")
        file.add_paragraph("Cơ quan chủ trì: Sở Văn hóa, Thể thao và Du lịch.", style="List Bullet")
        file.add_paragraph("Thời gian: Quý III/2026.", style="List Bullet")
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def test_numbers_that_word_draws_itself_are_counted() -> None:
    plan = read_plan(_numbered())
    assert [t.path for t in plan.tasks] == ["II.1", "II.2"]
    assert [u.unit for u in plan.tasks[1].lead] == ["so-van-hoa-the-thao-va-du-lich"]
    assert plan.tasks[1].timing.due_on == "2026-09-30"


def test_a_pdf_reads_as_its_text_does() -> None:
    source = (
        '#set page(height: auto)\n#set text(font: "Liberation Serif", size: 11pt)\n'
        + "\n\n".join(
            f"#text({line!r})".replace("'", '"') if "'" not in line and '"' not in line else ""
            for line in plan_texts.LABELLED.splitlines()
            if line.strip()
        )
    )
    from tdcs.documents import fonts_folder

    made = typst.compile(
        source.encode(), font_paths=[str(fonts_folder())], ignore_system_fonts=True
    )
    plan = read_plan(made)
    assert plan.number == "45/KH-UBND"
    assert [t.path for t in plan.tasks] == ["II.1.1", "II.1.2", "II.2.1"]


@pytest.mark.parametrize(
    ("words", "kind", "due"),
    [
        ("Thường xuyên", "standing", ""),
        ("Thường xuyên, hàng năm", "yearly", ""),
        ("Hằng năm", "yearly", ""),
        ("hàng quý", "yearly", ""),
        ("Định kỳ 6 tháng, năm", "yearly", ""),
        ("trước ngày 15/12 hằng năm", "yearly", ""),
        ("Quý IV/2025", "quarter", "2025-12-31"),
        ("Quý lV/2025", "quarter", "2025-12-31"),
        ("quý II, III/2025", "quarter", "2025-09-30"),
        ("Quý III, năm 2024", "quarter", "2024-09-30"),
        ("Tháng 6/2026", "by_date", "2026-06-30"),
        ("Trong tháng 10 năm 2025", "by_date", "2025-10-31"),
        ("trước 30.6.2026", "by_date", "2026-06-30"),
        ("đến hết 31/12/2025", "by_date", "2025-12-31"),
        ("Năm 2025", "by_date", "2025-12-31"),
        ("Giai đoạn 2026-2030", "by_date", "2030-12-31"),
        ("2024-2030", "by_date", "2030-12-31"),
        ("Khi có chỉ đạo của NHCSXH Trung ương", "on_instruction", ""),
        ("Theo hướng dẫn của Bộ", "on_instruction", ""),
        ("Sau khi có Nghị quyết", "on_instruction", ""),
        ("", "unknown", ""),
        ("xem phụ lục", "unknown", ""),
    ],
)
def test_spellings_of_a_time(words: str, kind: str, due: str) -> None:
    timing = read_timing(words)
    assert (timing.kind, timing.due_on) == (kind, due)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Các Sở: Tài chính, Y tế, Nội vụ", ["so-tai-chinh", "so-y-te", "so-noi-vu"]),
        ("UBND huyện Định Quán, UBND xã La Ngà", ["ubnd", "ubnd"]),
        (
            "Sở Văn hóa, Thể thao và Du lịch; Sở LĐ-TB&XH",
            ["so-van-hoa-the-thao-va-du-lich", "so-lao-dong-tbxh"],
        ),
        (
            "Hội Nông dân, Phụ nữ, Cựu chiến binh tỉnh",
            ["hoi-nong-dan", "hoi-phu-nu", "hoi-cuu-chien-binh"],
        ),
        ("Ủyban nhândân cấp huyện", ["ubnd"]),
        ("So Tai chinh", ["so-tai-chinh"]),
        ("Sở Phép thuật", [""]),
        ("Ban Vì sự tiến bộ phụ nữ", [""]),
        ("Chi cục Thủy sản", [""]),
    ],
)
def test_words_to_units(words: str, found: list[str]) -> None:
    assert [unit.unit for unit in find_units(words)] == found
