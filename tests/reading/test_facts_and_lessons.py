"""How sure a fact is and where it stands; what was corrected before is used at the next reading."""

from __future__ import annotations

from case_files import file_of

from tdcs.documents.reading.picture import WIDTH, draw_page
from tdcs.plans.reading import PlanReading, read_plan
from tdcs.plans.reading.facts import DOUBTFUL
from tdcs.plans.reading.lessons import Deadline, Lessons
from tdcs.plans.reading.model import ReadTask, UnitWords

TAUGHT = Lessons(
    headings={"noi dam duong": "lead"},
    labels={"ai lam": "lead"},
    units={"trung tam so": UnitWords("Trung tâm Số", "so-khoa-hoc-va-cong-nghe", "Sở KH&CN")},
    deadlines={
        "dot cao diem": Deadline("by_date", 6, 30, 0),
        "tuy tinh hinh": Deadline("standing"),
    },
)
TABLE = """ỦY BAN NHÂN DÂN
TỈNH NAM BIÊN
Số: 9/KH-UBND
Nam Biên, ngày 03 tháng 3 năm 2026
KẾ HOẠCH
Trồng cây năm 2026
I. NHIỆM VỤ
|TT|Nội dung|Nơi đảm đương|Thời gian|
|1|Ươm 500 cây giống bản địa|Trung tâm Số|Đợt cao điểm|
|2|Chăm sóc cây đã trồng|Sở Xây dựng|Tùy tình hình|
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lê Văn An
"""
LABELLED = (
    TABLE.split("|TT")[0]
    + """1. Trồng cây ven đường.
- Ai làm: Sở Xây dựng.
- Thời gian: Quý II năm 2026.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lê Văn An
"""
)


def facts(task: ReadTask) -> dict[str, tuple[int, int, str]]:
    return {fact.kind: (fact.confidence, fact.block, fact.cell) for fact in task.facts}


def taught(text: str, lessons: Lessons = TAUGHT) -> PlanReading:
    return read_plan(text.encode(), lessons=lambda issuer: lessons)


def test_a_cell_is_surer_than_a_sentence_and_says_its_row_and_column() -> None:
    plan = read_plan(file_of("tinh-ho-tich", "pdf ruled"))
    table = plan.tables[0].number
    assert facts(plan.tasks[1]) == {
        "text": (95, table, "3,2"),
        "lead": (95, table, "3,3"),
        "coordinate": (95, table, "3,4"),
        "timing": (95, table, "3,5"),
    }
    said = read_plan(file_of("tp-chi-thi-ngap", "txt"))
    by_sentence = facts(next(task for task in said.tasks if task.path == "4"))
    assert by_sentence["lead"][0] < 95
    # Nobody is told by when: that fact is doubtful, and so is the task.
    untimed = next(task for task in said.tasks if task.path == "3.a")
    assert facts(untimed)["timing"][0] < DOUBTFUL
    assert untimed.confidence < DOUBTFUL


def test_the_head_says_where_it_stands_and_a_missing_signer_is_doubtful() -> None:
    plan = read_plan(TABLE.replace("Lê Văn An", "").encode())
    head = {fact.kind: (fact.confidence, fact.block) for fact in plan.facts}
    assert head["number"] == (95, 3)
    assert head["signer"] == (30, 0)


def test_blocks_keep_their_numbers_and_pages() -> None:
    plan = read_plan(file_of("kho-bac-dong-cat", "pdf bare"))
    table = plan.tables[0]
    assert plan.lines[table.number - 1].splitlines()[1].startswith("1 | Kiểm tra kho quỹ")
    assert table.pages == (1,) * len(table.rows)


def test_headings_units_and_deadlines_taught_before_are_used() -> None:
    plan = taught(TABLE)
    first, second = plan.tasks
    assert [unit.unit for unit in first.lead] == ["so-khoa-hoc-va-cong-nghe"]
    assert (first.timing.kind, first.timing.due_on) == ("by_date", "2026-06-30")
    assert (second.timing.kind, second.timing.due_on) == ("standing", "")
    assert first.warnings == ()
    assert facts(first)["timing"][0] == 95
    # Without the lessons the words stay words, and the day is not made up.
    bare = read_plan(TABLE.encode()).tasks[0]
    assert [unit.unit for unit in (*bare.lead, *bare.perform)] == [""]
    assert bare.timing.due_on == ""


def test_a_label_taught_before_names_who_leads() -> None:
    assert [unit.name for unit in taught(LABELLED).tasks[0].lead] == ["Sở Xây dựng"]
    assert taught(LABELLED, Lessons()).tasks[0].lead == ()


def test_the_document_is_shown_in_its_own_words() -> None:
    assert "Nơi đảm đương" in taught(TABLE).lines[7]


def test_a_page_is_drawn() -> None:
    drawn = draw_page(file_of("tinh-ho-tich", "pdf ruled"), 1)
    assert drawn.startswith(b"\x89PNG")
    assert int.from_bytes(drawn[16:20], "big") == WIDTH
