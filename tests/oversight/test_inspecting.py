"""An inspection from programme to closed finding; each refusal by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from lending_cast import Bank, key, lend, make_household, person
from oversight_cast import TODAY, Union, draft_of

from tdcs.audit.models import AuditLine
from tdcs.core.errors import Refusal
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import coordinates_of
from tdcs.oversight import checks
from tdcs.oversight.models import DrawnSample, Finding, Inspection, InspectionPhoto, Visit
from tdcs.oversight.queries.coverage import open_rows, year_coverage
from tdcs.oversight.queries.evidence import kinds
from tdcs.oversight.rules.settings import checklists
from tdcs.oversight.services import findings, inspecting, programmes
from tdcs.oversight.services.findings import FindingDraft, Proof
from tdcs.oversight.services.inspecting import PhotoTaken, Seen, Spot
from tdcs.oversight.services.programmes import Planned, SampleAsked
from tdcs.plans.ports import RecordsAsked

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
GOOD = {item.code: "yes" for item in checklists()["06-TD"].items}
GROUP = {item.code: "no" if item.bad == "yes" else "yes" for item in checklists()["16-TD"].items}


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as said:
        act()
    assert said.value.sentence("en") != said.value.sentence("vi")
    assert said.value.next_step()
    return str(said.value.code)


def seen(union: Union, **more: Any) -> Seen:
    given = {
        "loan": union.loan.pk,
        "balance": union.loan.balance,
        "result": "good",
        "answers": GOOD,
    }
    return Seen(**(given | more))


def visit(union: Union, row: Inspection, **more: Any) -> Visit:
    return inspecting.record_visit(
        inspection=row, seen=seen(union, **more), by=union.clerk, on=TODAY, key=key()
    )


def answered(union: Union, row: Inspection, **more: str) -> Inspection:
    return inspecting.answer_checklist(
        inspection=row, answers=GROUP | more, by=union.clerk, on=TODAY, key=key()
    )


def finding_draft(union: Union, **more: Any) -> FindingDraft:
    given = {
        "item": "books",
        "words": "Thiếu biên lai thu lãi tháng 9",
        "cause": "Tổ trưởng chưa lưu",
        "recommendation": "Bổ sung biên lai",
        "owner": union.bank.officer,
        "due_on": TODAY + timedelta(10),
    }
    return FindingDraft(**(given | more))


def found(union: Union, row: Inspection, **more: Any) -> Finding:
    draft = finding_draft(union, **more)
    return findings.raise_finding(inspection=row, draft=draft, by=union.clerk, on=TODAY, key=key())


def finished(union: Union, row: Inspection) -> Inspection:
    return inspecting.finish(
        inspection=row, conclusion="Tổ hoạt động tốt", by=union.clerk, on=TODAY, key=key()
    )


def test_from_the_list_to_the_closed_finding(union: Union, running: Inspection) -> None:
    before = {
        (r["body"], r["duty"]): r["due"] for r in year_coverage(union.clerk, TODAY).to_dicts()
    }
    assert before["mass_organisation", "new_loans"] == 1
    assert before["mass_organisation", "groups"] >= 1
    assert [
        one.loan for one in open_rows(union.clerk, "mass_organisation", "new_loans", TODAY)
    ] == [union.loan]
    visit(union, running, rightly=15_000_000, wrongly=5_000_000)
    answered(union, running, books="no")
    assert code_of(lambda: finished(union, running)) == "findings_missing"
    one = found(union, running)
    finished(union, running)
    after = {
        (r["body"], r["duty"]): r["done"] for r in year_coverage(union.clerk, TODAY).to_dicts()
    }
    assert after["mass_organisation", "new_loans"] == 1
    assert open_rows(union.clerk, "mass_organisation", "new_loans", TODAY) == []
    done = findings.answer(finding=one, proof=Proof("Đã bổ sung"), by=union.bank.officer, on=TODAY)
    assert done.state == "answered"
    closed = findings.close(finding=one, proof=Proof("Đã xem sổ"), by=union.clerk, on=TODAY)
    assert closed.state == "closed"
    assert [step.verb for step in closed.steps.order_by("pk")] == ["raise", "answer", "close"]
    asked = RecordsAsked(TODAY, TODAY + timedelta(days=1))
    for kind in kinds():
        assert kind.rows(asked)["unit"].to_list() == [one.inspection.body_id], kind.code
        assert kind.rows(RecordsAsked(TODAY - timedelta(days=1), TODAY)).is_empty()
        assert kind.rows(replace(asked, units=frozenset({0}))).is_empty()
    assert AuditLine.objects.filter(action="oversight.finish_inspection").count() == 1
    assert [words for check in checks.CHECKS.values() for words in check()] == []


def test_nobody_inspects_his_own_work(union: Union) -> None:
    bank = union.bank
    draft = draft_of(union, body=bank.office, lead=bank.officer)
    assert code_of(
        lambda: inspecting.prepare_inspection(draft=draft, by=bank.head, on=TODAY)
    ) == "own_work"  # fmt: skip
    other = person("can-bo-khac", "loan_officer", bank.office)
    draft = draft_of(union, body=bank.office, lead=other, members=[bank.teller])
    assert code_of(
        lambda: inspecting.prepare_inspection(draft=draft, by=bank.head, on=TODAY)
    ) == "own_work"  # fmt: skip
    draft = draft_of(union, body=bank.office, lead=other)
    assert inspecting.prepare_inspection(draft=draft, by=bank.head, on=TODAY).body_kind == "vbsp"


def test_a_unit_inspects_for_itself_and_in_its_own_area(union: Union) -> None:
    draft = draft_of(union)
    refused = lambda who: code_of(  # noqa: E731
        lambda: inspecting.prepare_inspection(draft=draft, by=who, on=TODAY)
    )
    assert refused(union.bank.officer) == "no_inspecting_body"
    elsewhere = (
        Organisation.objects.filter(type="hoi-phu-nu", level="commune", ends_on=None)
        .exclude(pk=union.body.pk)
        .first()
    )
    assert elsewhere is not None
    stranger = person("hoi-xa-khac", "unit_clerk", elsewhere)
    draft = replace(draft, body=elsewhere, lead=stranger)
    assert refused(stranger) == "subject_outside"


def test_steps_in_their_order_by_the_team_alone(union: Union) -> None:
    made = inspecting.prepare_inspection(draft=draft_of(union), by=union.clerk, on=TODAY)
    assert code_of(lambda: visit(union, made)) == "oversight_step"
    assert (
        code_of(
            lambda: inspecting.start(
                inspection=made, witnesses="", by=union.head, on=TODAY, key=key()
            )
        )
        == "not_your_inspection"
    )
    inspecting.start(inspection=made, witnesses="", by=union.clerk, on=TODAY, key=key())
    assert (
        code_of(
            lambda: inspecting.start(
                inspection=made, witnesses="", by=union.clerk, on=TODAY, key=key()
            )
        )
        == "oversight_step"
    )
    assert (
        code_of(
            lambda: inspecting.finish(
                inspection=made, conclusion=" ", by=union.clerk, on=TODAY, key=key()
            )
        )
        == "oversight_reason_missing"
    )
    assert code_of(lambda: finished(union, made)) == "checklist_unanswered"
    answered(union, made)
    assert finished(union, made).state == "finished"
    assert code_of(lambda: visit(union, made)) == "oversight_step"
    assert (
        code_of(lambda: inspecting.cancel(inspection=made, why="mưa", by=union.clerk, on=TODAY))
        == "oversight_step"
    )


def test_a_visit_says_everything_and_no_more_than_the_loan(
    union: Union, running: Inspection
) -> None:
    part = dict(list(GOOD.items())[:2])
    assert code_of(lambda: visit(union, running, answers=part)) == "checklist_unanswered"
    assert (
        code_of(lambda: visit(union, running, answers=GOOD | {"purpose": "maybe"}))
        == "oversight_field_wrong"
    )
    assert code_of(lambda: visit(union, running, result="")) == "oversight_field_wrong"
    assert (
        code_of(lambda: visit(union, running, rightly=20_000_000, wrongly=1))
        == "oversight_field_wrong"
    )
    assert visit(union, running, rightly=20_000_000).rightly == 20_000_000
    assert visit(union, running, answers={}, result="absent").result == "absent"
    assert Visit.objects.count() == 1
    other = lend(union.bank, make_household(union.bank.group, "Phạm Thị Sáu"), on=TODAY, group=None)
    assert visit(union, running, loan=other.pk).loan_id == other.pk
    assert code_of(lambda: visit(union, running, loan=0)) == "subject_outside"


def test_an_absent_borrower_is_not_inspected(union: Union, running: Inspection) -> None:
    visit(union, running, answers={}, result="absent")
    answered(union, running)
    finished(union, running)
    rows = {(r["body"], r["duty"]): r["done"] for r in year_coverage(union.clerk, TODAY).to_dicts()}
    assert (rows["mass_organisation", "new_loans"], rows["mass_organisation", "groups"]) == (0, 1)


def test_a_form_sent_twice_happens_once(union: Union, running: Inspection) -> None:
    again = key()
    for _ in range(2):
        inspecting.record_visit(
            inspection=running, seen=seen(union), by=union.clerk, on=TODAY, key=again
        )
    assert AuditLine.objects.filter(action="oversight.record_visit").count() == 1
    assert code_of(
        lambda: inspecting.record_visit(
            inspection=running, seen=seen(union, result="bad"), by=union.clerk, on=TODAY, key=again
        )
    ) == "key_reused"  # fmt: skip


def test_a_second_press_is_the_first(union: Union) -> None:
    made = inspecting.prepare_inspection(draft=draft_of(union), by=union.clerk, on=TODAY)
    one, two, three, four = (key() for _ in range(4))
    for _ in range(2):
        inspecting.start(inspection=made, witnesses="", by=union.clerk, on=TODAY, key=one)
        inspecting.add_photo(
            inspection=made, photo=PhotoTaken(PNG), by=union.clerk, on=TODAY, key=two
        )
        findings.raise_finding(
            inspection=made, draft=finding_draft(union), by=union.clerk, on=TODAY, key=three
        )
    answered(union, made, books="no")
    for _ in range(2):
        inspecting.finish(inspection=made, conclusion="Tốt", by=union.clerk, on=TODAY, key=four)
    assert (InspectionPhoto.objects.count(), Finding.objects.count()) == (1, 1)
    done = AuditLine.objects.filter(
        action__in=("oversight.start_inspection", "oversight.add_photo")
    )
    assert (done.count(), AuditLine.objects.filter(action="oversight.finish_inspection").count()) == (2, 1)  # fmt: skip
    with_other_words = finding_draft(union, words="Khác")
    assert code_of(
        lambda: findings.raise_finding(
            inspection=made, draft=with_other_words, by=union.clerk, on=TODAY, key=three
        )
    ) == "key_reused"  # fmt: skip
    assert code_of(
        lambda: inspecting.start(inspection=made, witnesses="", by=union.clerk, on=TODAY, key="")
    ) == "key_wrong"  # fmt: skip


def test_a_place_elsewhere_is_marked(union: Union, running: Inspection) -> None:
    centre = coordinates_of([running.area_id])[running.area_id]
    here = Spot(Decimal(f"{centre[0]:.6f}"), Decimal(f"{centre[1]:.6f}"))
    near = visit(union, running, spot=here)
    assert (near.elsewhere, near.metres_off is not None and near.metres_off < 10) == (False, True)
    far = visit(union, running, spot=Spot(here.latitude + 1, here.longitude))
    assert (far.elsewhere, (far.metres_off or 0) > 100_000) == (True, True)
    assert (
        code_of(lambda: visit(union, running, spot=Spot(Decimal(95), Decimal(0))))
        == "oversight_field_wrong"
    )
    taken = PhotoTaken(PNG, "Chuồng bò", union.loan.pk, Spot(here.latitude + 1, here.longitude))
    photo = inspecting.add_photo(
        inspection=running, photo=taken, by=union.clerk, on=TODAY, key=key()
    )
    assert photo.elsewhere


def test_a_photo_of_eighty_megabytes_is_refused(union: Union, running: Inspection) -> None:
    add = lambda content: inspecting.add_photo(  # noqa: E731
        inspection=running, photo=PhotoTaken(content), by=union.clerk, on=TODAY, key=key()
    )
    with pytest.raises(Refusal, match="80 MB, quá 20 MB"):
        add(PNG + bytes(80 * 2**20 - len(PNG)))
    assert code_of(lambda: add(b"%PDF-1.7 no photo")) == "file_refused"
    assert add(PNG) == add(PNG)
    assert InspectionPhoto.objects.count() == 1


def test_findings_are_closed_by_others_or_with_evidence(union: Union, running: Inspection) -> None:
    one, officer = found(union, running), union.bank.officer
    close = lambda by, **more: findings.close(  # noqa: E731
        finding=one, proof=Proof("Đã xong", **more), by=by, on=TODAY
    )
    assert code_of(lambda: close(officer)) == "closed_without_evidence"
    assert code_of(lambda: close(union.bank.head)) == "not_the_owner"
    assert (
        code_of(lambda: findings.answer(finding=one, proof=Proof("x"), by=union.clerk, on=TODAY))
        == "not_the_owner"
    )
    assert close(officer, content=PNG, filename="bienlai.png").state == "closed"
    assert code_of(lambda: close(officer)) == "oversight_step"
    assert (
        code_of(lambda: findings.reopen(finding=one, words="chưa đủ", by=officer, on=TODAY))
        == "not_your_inspection"
    )
    assert findings.reopen(finding=one, words="chưa đủ", by=union.clerk, on=TODAY).state == "open"


def test_a_finding_is_whole(union: Union, running: Inspection) -> None:
    refused = lambda **more: code_of(lambda: found(union, running, **more))  # noqa: E731
    assert refused(item="nothing") == "oversight_field_wrong"
    assert refused(cause=" ") == "oversight_reason_missing"
    assert refused(due_on=TODAY - timedelta(1)) == "oversight_field_wrong"
    assert refused(severity="terrible") == "oversight_field_wrong"
    assert refused(loan=10**6) == "subject_outside"
    assert found(union, running, due_on=TODAY).severity == "medium"
    assert found(union, running, item="purpose", loan=union.loan.pk).severity == "high"


def test_a_repeated_finding_names_the_one_before(union: Union, running: Inspection) -> None:
    first = found(union, running)
    answered(union, running, books="no")
    finished(union, running)
    made = inspecting.prepare_inspection(draft=draft_of(union), by=union.clerk, on=TODAY)
    inspecting.start(inspection=made, witnesses="", by=union.clerk, on=TODAY, key=key())
    assert found(union, made).repeats == first
    assert found(union, made, item="savings").repeats is None


def programme(union: Union) -> Any:
    return programmes.open_programme(
        body=union.body, year=2026, words="Kiểm tra các tổ", by=union.clerk, on=TODAY
    )


def test_a_programme_is_approved_by_another(union: Union) -> None:
    row = programme(union)
    assert code_of(lambda: programme(union)) == "programme_there"
    submit = lambda: programmes.submit(programme=row, by=union.clerk, on=TODAY)  # noqa: E731
    assert code_of(submit) == "programme_empty"
    planned = Planned(12, "16-TD", group=union.bank.group)
    add = lambda what: programmes.plan_inspection(  # noqa: E731
        programme=row, planned=what, by=union.clerk, on=TODAY
    )
    assert code_of(lambda: add(replace(planned, checklist="GDX"))) == "oversight_field_wrong"
    assert code_of(lambda: add(replace(planned, month=13))) == "oversight_field_wrong"
    add(planned)
    submit()
    decide = lambda by: programmes.approve(programme=row, words="Nhất trí", by=by, on=TODAY)  # noqa: E731
    assert code_of(lambda: decide(union.clerk)) == "approved_by_maker"
    assert code_of(lambda: decide(union.bank.director)) == "no_inspecting_body"
    back = programmes.send_back(programme=row, words="Thêm tổ", by=union.head, on=TODAY)
    assert back.state == "draft"
    submit()
    assert decide(union.head).state == "approved"
    assert code_of(lambda: add(planned)) == "oversight_step"
    assert add(replace(planned, surprise=True)).surprise


def test_a_sample_is_drawn_once_for_a_purpose(union: Union) -> None:
    row = programme(union)
    draw = lambda seed, purpose="Quý IV": programmes.draw_sample(  # noqa: E731
        programme=row, asked=SampleAsked(purpose, seed, 5), by=union.clerk, on=TODAY, key=key()
    )
    first = draw(7)
    assert (first.population, first.lines) == (1, [[union.loan.pk, "other"]])
    assert draw(7) == first
    assert code_of(lambda: draw(8)) == "sample_drawn"
    assert draw(8, "Quý III") != first
    assert DrawnSample.objects.count() == 2
    assert code_of(lambda: draw(-1, "x")) == "oversight_field_wrong"


def test_a_session_is_inspected_by_who_was_not_on_its_team(bank_point: Any, union: Union) -> None:
    planned = Planned(11, "GDX", point=bank_point)
    bank: Bank = union.bank
    draft = draft_of(union, body=bank.office, planned=planned, lead=bank.officer)
    made = inspecting.prepare_inspection(draft=draft, by=bank.head, on=TODAY)
    assert made.group_id is None
    draft = replace(draft, lead=bank.teller)
    from tdcs.transaction_points.models import TeamMember, TransactionSession

    session = TransactionSession.objects.create(
        point=bank_point, office=bank.office, due_on=date(2026, 11, 15), held_on=date(2026, 11, 15)
    )
    TeamMember.objects.create(session=session, person=bank.teller, role="teller")
    assert (
        code_of(lambda: inspecting.prepare_inspection(draft=draft, by=bank.head, on=TODAY))
        == "own_work"
    )
