"""Single behaviours of the reader, each with its other side: letters, notices, officials, groups, scans of quarters."""

from __future__ import annotations

import pytest

from tdcs.plans.reading import NotAPlan, PlanReading, read_plan
from tdcs.plans.reading.grammar import is_agency, named_units
from tdcs.plans.reading.timing import read_timing, timing_inside

HEAD = "ỦY BAN NHÂN DÂN\nTỈNH NAM BIÊN\nSố: 12/UBND-KT\nNam Biên, ngày 03 tháng 3 năm 2026\n"
TAIL = "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nLê Văn An\n"
LETTER = f"{HEAD}V/v phòng cháy\nKính gửi: Các sở, ngành.\nChủ tịch UBND tỉnh yêu cầu:\n"


def _read(text: str) -> PlanReading:
    return read_plan(text.encode())


def test_a_letter_that_gives_two_units_three_tasks_is_read() -> None:
    plan = _read(
        f"{LETTER}1. Sở Y tế:\na) Mua 10 xe trước ngày 30/6/2026.\nb) Trực 24/24 giờ.\n"
        f"2. Sở Tài chính cấp kinh phí trong tháng 4/2026.\n{TAIL}"
    )
    assert [task.lead[0].words for task in plan.tasks] == ["Sở Y tế", "Sở Y tế", "Sở Tài chính"]
    assert (plan.number, plan.title) == ("12/UBND-KT", "phòng cháy")


def test_a_letter_to_one_unit_stays_refused() -> None:
    with pytest.raises(NotAPlan):
        _read(
            f"{LETTER}1. Sở Y tế:\na) Mua 10 xe trước ngày 30/6/2026.\nb) Trực 24/24 giờ.\nc) Báo cáo.\n{TAIL}"
        )


NOTICE = "{head}THÔNG BÁO\n{title}\n1. Giao Sở Y tế chủ trì mua 10 xe, xong trước ngày 30/6/2026.\n{tail}"


def test_conclusions_are_read_and_other_notices_refused() -> None:
    title = "Kết luận của Chủ tịch UBND tỉnh tại cuộc họp"
    assert len(_read(NOTICE.format(head=HEAD, title=title, tail=TAIL)).tasks) == 1
    with pytest.raises(NotAPlan):
        _read(NOTICE.format(head=HEAD, title="Lịch nghỉ Tết", tail=TAIL))


def test_an_attached_plan_takes_number_day_and_issuer_of_its_decision() -> None:
    plan = _read(
        "KẾ HOẠCH\nThử nghiệm\n(Kèm theo Quyết định số 15/QĐ-BYT ngày 02/3/2026 của Bộ trưởng Bộ Y tế)\n"
        "I. NHIỆM VỤ\n1. Mua xe.\n- Đơn vị chủ trì: Vụ Pháp chế.\n- Thời gian: Quý II/2026.\n"
    )
    assert (plan.number, plan.issued_on, plan.issuer) == ("15/QĐ-BYT", "2026-03-02", "Bộ Y tế")


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("Tháng 4 - 5/2026", "2026-05-31"),
        ("trước ngày 05/01 năm kế tiếp", "2027-01-05"),
        ("quý I năm sau", "2027-03-31"),
        ("ngày l5/ll/2026", "2026-11-15"),
        ("Quý H/2026", "2026-06-30"),
        ("Quý IH/2026", "2026-09-30"),
        ("Quý II/2026", "2026-06-30"),
    ],
)
def test_days_of_more_spellings(words: str, due: str) -> None:
    assert read_timing(words, year=2026).due_on == due


def test_a_time_before_an_event_has_no_day() -> None:
    said = read_timing("Trước ngày khai giảng năm học mới", year=2026)
    assert (said.kind, said.due_on) == ("on_instruction", "")
    assert read_timing("Trước ngày 05/9", year=2026).due_on == "2026-09-05"


def test_several_rounds_in_a_sentence_count_to_the_last() -> None:
    text = "Trồng 200 ha; đợt 1 trong quý II/2026, đợt 2 trong quý III/2026."
    assert timing_inside(text, year=2026).due_on == "2026-09-30"


def test_officials_head_work_and_plain_words_do_not() -> None:
    assert is_agency("Cán bộ tín dụng phụ trách địa bàn")
    assert not is_agency("Cán bộ tín dụng xây dựng kế hoạch thu nợ")
    assert is_agency("Phòng Cảnh sát hình sự (PC02)")
    assert named_units("Công đoàn cơ sở")[0].unit == ""
    assert named_units("Công đoàn")[0].unit
    assert not named_units("Cơ quan")


def test_a_decision_that_gives_nobody_work_is_refused() -> None:
    with pytest.raises(NotAPlan):
        _read(
            f"{HEAD}QUYẾT ĐỊNH\nVề việc bổ nhiệm công chức\nĐiều 1. Bổ nhiệm ông Trần Văn Quân giữ chức Phó Giám đốc Sở Xây dựng.\n"
            f"Điều 2. Chánh Văn phòng UBND tỉnh, Giám đốc Sở Nội vụ và ông Trần Văn Quân chịu trách nhiệm thi hành Quyết định này./.\n{TAIL}"
        )
