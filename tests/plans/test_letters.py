"""The register of letters: what the system sends enters it by itself, paper by hand; each unit reads and writes its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.documents.reading.rows import read_rows
from tdcs.letters.errors import (
    AlreadyAcknowledged,
    AnswerNotOfThisLetter,
    LetterDayWrong,
    LetterEntered,
    LetterIncomplete,
    NotOwnRegister,
)
from tdcs.letters.models import About, Direction, RegisteredLetter
from tdcs.letters.queries.register import LetterFilters, find_letters
from tdcs.letters.services.entering import Typed, enter_by_hand
from tdcs.letters.services.handling import acknowledge, answer, set_answer_due
from tdcs.plans.composing.framing import Signing
from tdcs.plans.models import Obligation, Plan
from tdcs.plans.services import directives, reminders, unit_plans
from tdcs.reporting.services import consolidation, reports

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def _unit(person: Any) -> Any:
    return person.holding(TODAY).organisation


def _paper(**changes: Any) -> Typed:
    typed = {
        "direction": "in",
        "number": "1204/UBND-NC",
        "dated_on": date(2026, 11, 20),
        "kind": "Công văn",
        "subject": "Rà soát hộ nghèo",
        "other": "UBND tỉnh",
    }
    return Typed(**(typed | changes))


def _lines(**filters: Any) -> list[RegisteredLetter]:
    return list(RegisteredLetter.objects.filter(**filters).order_by("pk"))


def test_a_reminder_letter_enters_both_registers_once(plan: Plan, cast: Any) -> None:
    unit = _unit(cast.la_nga)
    made = reminders.write_letter(
        plan=plan,
        organisation=unit,
        year=2026,
        signing=Signing("88/NHCS-KH"),
        by=cast.planner,
        on=TODAY,
    )
    out, come = _lines(origin=f"plans.letter:{made.pk}")
    assert (out.direction, come.direction) == (Direction.OUT, Direction.IN)
    assert (out.register_id, come.register_id) == (_unit(cast.planner).pk, unit.pk)
    assert out.number == come.number == "88/NHCS-KH"
    assert come.sender_id == out.register_id
    assert (out.sequence, come.sequence) == (1, 1)


def test_a_directive_enters_the_register_of_every_unit(plan: Plan, cast: Any) -> None:
    units = [_unit(cast.la_nga), _unit(cast.finance)]
    made = directives.assign(
        plan=plan,
        draft=directives.DirectiveDraft(
            title="Rà soát vốn ủy thác",
            text="",
            period="day",
            period_start=TODAY,
            due_on=TODAY + timedelta(days=9),
        ),
        organisations=units,
        by=cast.planner,
        on=TODAY,
    )
    found = _lines(origin=f"plans.directive:{made.pk}")
    assert [row.direction for row in found] == ["out", "in", "in"]
    assert {row.register_id for row in found[1:]} == {unit.pk for unit in units}
    directives.withdraw(directive=made, why="thôi", by=cast.planner, on=TODAY)
    assert all(row.withdrawn_on == TODAY for row in _lines(origin=f"plans.directive:{made.pk}"))


def _report(plan: Plan, cast: Any) -> Any:
    unit = _unit(cast.la_nga)
    made = reports.open_report(plan=plan, organisation=unit, year=2026, by=cast.la_nga, on=TODAY)
    for section in made.sections.all():
        reports.save_section(
            section=section,
            words="Đã thực hiện.",
            revision=section.revision,
            by=cast.la_nga,
            on=TODAY,
        )
    return made


def test_a_report_enters_when_it_is_handed_in_and_again_after_a_recall(
    plan: Plan, cast: Any
) -> None:
    made = _report(plan, cast)
    sign = {"number": "12/BC-UBND", "signer": "A", "signer_title": "Chủ tịch"}
    reports.submit(report=made, **sign, by=cast.la_nga, on=TODAY)
    reports.recall(report=made, by=cast.la_nga, on=TODAY)
    reports.submit(report=made, **sign, by=cast.la_nga, on=TODAY)
    own = _lines(origin=f"reporting.report:{made.pk}", register=_unit(cast.la_nga))
    assert [(row.direction, row.sequence, row.withdrawn_on) for row in own] == [
        ("out", 1, TODAY),
        ("out", 2, None),
    ]
    come = _lines(origin=f"reporting.report:{made.pk}", register=_unit(cast.planner))
    assert [row.direction for row in come] == ["in", "in"]


def test_the_consolidated_report_enters_when_it_is_issued(plan: Plan, cast: Any) -> None:
    made = _report(plan, cast)
    sign = {"number": "12/BC-UBND", "signer": "A", "signer_title": "Chủ tịch"}
    reports.submit(report=made, **sign, by=cast.la_nga, on=TODAY)
    reports.accept(report=made, by=cast.planner, on=TODAY)
    row = consolidation.draft(plan=plan, year=2026, by=cast.planner, on=TODAY)
    origin = f"reporting.consolidated:{row.pk}"
    # A draft is no letter.
    assert _lines(origin=origin) == []
    signing = Signing("99/BC-NHCSĐN", TODAY, "Trần B", "Giám đốc")
    consolidation.issue(report=row, signing=signing, by=cast.planner, on=TODAY)
    out, come = _lines(origin=origin)
    assert (out.direction, come.direction) == (Direction.OUT, Direction.IN)
    assert (out.number, out.about, out.about_key) == ("99/BC-NHCSĐN", About.CONSOLIDATED, row.pk)
    assert come.register_id == plan.issuer_id
    said = AuditLine.objects.get(action="plans.issue_consolidated")
    assert said.subject_id == str(row.pk)


def test_a_units_plan_enters_when_it_is_issued(plan: Plan, cast: Any) -> None:
    made = unit_plans.open_unit_plan(
        plan=plan, organisation=_unit(cast.la_nga), year=2026, by=cast.la_nga, on=TODAY
    )
    unit_plans.issue(
        unit_plan=made,
        signing=Signing("66/KH-UBND", TODAY, "A", "Chủ tịch"),
        by=cast.la_nga,
        on=TODAY,
    )
    assert [row.number for row in _lines(origin=f"plans.unit_plan:{made.pk}")] == ["66/KH-UBND"] * 2


def test_paper_is_entered_by_hand_and_numbered_without_gaps(plan: Plan, cast: Any) -> None:
    on = TODAY
    first = enter_by_hand(typed=_paper(), by=cast.la_nga, on=on)
    second = enter_by_hand(typed=_paper(number="1205/UBND-NC"), by=cast.la_nga, on=on)
    out = enter_by_hand(typed=_paper(direction="out", number=""), by=cast.la_nga, on=on)
    other = enter_by_hand(typed=_paper(), by=cast.finance, on=on)
    new_year = enter_by_hand(typed=_paper(number="1/UBND"), by=cast.la_nga, on=date(2027, 1, 4))
    numbers = [row.sequence for row in (first, second, out, other, new_year)]
    assert numbers == [1, 2, 1, 1, 1]
    with pytest.raises(LetterEntered):
        enter_by_hand(typed=_paper(other="ubnd  TINH"), by=cast.la_nga, on=on)


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"subject": " "}, LetterIncomplete, "trích yếu"),
        ({"other": "", "dated_on": None}, LetterIncomplete, "nơi gửi, ngày văn bản"),
        ({"direction": "x"}, LetterIncomplete, "chiều văn bản"),
        ({"dated_on": date(2026, 11, 24)}, LetterDayWrong, "chưa đến"),
        ({"answer_due_on": date(2026, 11, 19)}, LetterDayWrong, "trước ngày văn bản"),
    ],
)
def test_what_is_missing_is_named(
    plan: Plan, cast: Any, changes: dict[str, Any], refusal: Any, words: str
) -> None:
    with pytest.raises(refusal, match=words):
        enter_by_hand(typed=_paper(**changes), by=cast.la_nga, on=TODAY)


def test_the_days_at_the_boundary_are_taken(plan: Plan, cast: Any) -> None:
    typed = _paper(dated_on=TODAY, answer_due_on=TODAY)
    assert enter_by_hand(typed=typed, by=cast.la_nga, on=TODAY).answer_due_on == TODAY


def test_a_letter_is_acknowledged_once_answered_and_no_longer_overdue(
    plan: Plan, cast: Any
) -> None:
    come = enter_by_hand(typed=_paper(answer_due_on=date(2026, 11, 22)), by=cast.la_nga, on=TODAY)
    asked = LetterFilters(overdue=True)
    assert list(find_letters(cast.la_nga, asked, TODAY)) == [come]
    # On the day itself it is not yet overdue.
    assert not find_letters(cast.la_nga, asked, date(2026, 11, 22)).exists()
    acknowledge(letter=come, by=cast.la_nga, on=TODAY)
    with pytest.raises(AlreadyAcknowledged):
        acknowledge(letter=come, by=cast.la_nga, on=TODAY)
    early = enter_by_hand(
        typed=_paper(direction="out", dated_on=date(2026, 11, 19)), by=cast.la_nga, on=TODAY
    )
    with pytest.raises(AnswerNotOfThisLetter):
        answer(letter=come, answered_by=early, by=cast.la_nga, on=TODAY)
    with pytest.raises(AnswerNotOfThisLetter):
        answer(letter=come, answered_by=come, by=cast.la_nga, on=TODAY)
    out = enter_by_hand(typed=_paper(direction="out"), by=cast.la_nga, on=TODAY)
    answer(letter=come, answered_by=out, by=cast.la_nga, on=TODAY)
    assert not find_letters(cast.la_nga, asked, TODAY).exists()


def test_another_unit_neither_reads_nor_writes(plan: Plan, cast: Any, signed_in: Any) -> None:
    come = enter_by_hand(typed=_paper(), by=cast.la_nga, on=TODAY)
    for stranger in (cast.other_commune, cast.finance):
        assert not find_letters(stranger, LetterFilters(below=True), TODAY).exists()
        assert signed_in(stranger).get(f"/van-ban/{come.pk}/").status_code == 404
        with pytest.raises(NotOwnRegister):
            acknowledge(letter=come, by=stranger, on=TODAY)
    # The branch reads it, and writes nothing into another unit's register.
    assert signed_in(cast.planner).get(f"/van-ban/{come.pk}/").status_code == 200
    with pytest.raises(NotOwnRegister):
        set_answer_due(letter=come, due_on=TODAY, by=cast.planner, on=TODAY)
    # A leader reads and enters nothing.
    with pytest.raises(NotOwnRegister):
        enter_by_hand(typed=_paper(), by=cast.leader, on=TODAY)


def test_roles_without_the_permission_are_refused(plan: Plan, cast: Any, signed_in: Any) -> None:
    assert signed_in(cast.admin).get("/van-ban/").status_code == 403
    assert signed_in(cast.leader).get("/van-ban/").status_code == 200
    assert signed_in(cast.leader).get("/van-ban/vao-so/").status_code == 403
    assert signed_in(cast.auditor).get("/van-ban/vao-so/").status_code == 403


def test_the_list_is_filtered_without_accents_and_exported(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    task = Obligation.objects.filter(plan=plan, task__isnull=False)[0].task_id
    enter_by_hand(typed=_paper(task=task), by=cast.la_nga, on=TODAY - timedelta(days=1))
    enter_by_hand(
        typed=_paper(number="7/X", subject="Vốn ủy thác", direction="out"), by=cast.la_nga, on=TODAY
    )
    client = signed_in(cast.la_nga)

    def subjects(query: str) -> list[str]:
        page = client.get(f"/van-ban/?{query}").context["page"]
        return [row.subject for row in page]

    assert subjects("q=RA+soat+ho") == ["Rà soát hộ nghèo"]
    assert subjects("direction=out") == ["Vốn ủy thác"]
    assert subjects(f"since={TODAY:%Y-%m-%d}") == ["Vốn ủy thác"]
    assert subjects(f"until={TODAY - timedelta(days=1):%Y-%m-%d}") == ["Rà soát hộ nghèo"]
    assert subjects(f"task={task}") == ["Rà soát hộ nghèo"]
    assert subjects("q=khong+co") == []
    book = client.get("/van-ban/?export=xlsx&q=von").content
    cells = [str(cell) for row in read_rows(book) for cell in row.cells]
    assert "Vốn ủy thác" in cells
    assert "Rà soát hộ nghèo" not in cells


def test_the_pages_enter_and_handle_a_letter(plan: Plan, cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.la_nga)
    sent = {
        "direction": "in",
        "number": "9/UBND",
        "dated_on": "2026-11-20",
        "kind": "Công văn",
        "subject": "Đôn đốc",
        "other": "UBND tỉnh",
        "answer_due_on": "",
    }
    refused = client.post("/van-ban/vao-so/", sent | {"dated_on": "2026-12-20"})
    assert "chưa đến" in refused.content.decode()
    assert "Đôn đốc" in refused.content.decode()
    page = client.post("/van-ban/vao-so/", sent)["Location"]
    client.post(f"{page}lam/", {"verb": "acknowledge"})
    client.post(f"{page}lam/", {"verb": "due", "due_on": "2026-11-30"})
    row = RegisteredLetter.objects.get()
    assert (row.acknowledged_on, row.answer_due_on) == (clock.today(), date(2026, 11, 30))
    text = client.get(page).content.decode()
    assert "chờ trả lời" in text
    assert "30/11/2026" in text
