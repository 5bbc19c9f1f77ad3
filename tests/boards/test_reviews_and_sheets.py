"""A head's yearly self-review, prefilled with what inspections found; the conclusion sheet of a review after a session."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document
from plans_cast import Cast

from tdcs.access.models import RoleHolding
from tdcs.boards import errors
from tdcs.boards.composing.reviews import conclusion_sheet, self_review
from tdcs.boards.models import ConclusionSheet, SelfReview
from tdcs.boards.queries.figures import asked_once, papers_of
from tdcs.boards.queries.reviews import sessions_without_sheet
from tdcs.boards.services import reviews
from tdcs.boards.services.reviews import Words
from tdcs.boards.states import ReviewState
from tdcs.documents.official import to_docx
from tdcs.entrustment.models import SavingsGroup
from tdcs.organisations.models import (
    Organisation,
    OrganisationProfile,
    TransactionPoint,
    TransactionPointProfile,
)
from tdcs.outreach.models import RegisterRecord
from tdcs.oversight.models import Finding, FindingStep, Inspection
from tdcs.plans.models import Plan
from tdcs.transaction_points.models import TransactionSession

TODAY = date(2026, 11, 23)
OWN = {"causes": "Phân công chưa rõ", "measures": "Giao từng việc cho một người"}


def words(review: SelfReview, **own: str) -> Words:
    said = {"results": review.results, "findings": review.findings, "followed": review.followed}
    return Words(**(said | OWN | own))


def found(
    cast: Cast, unit: Organisation, said: str, made: date, closed: date | None = None
) -> Finding:
    """A finding of an inspection that the clerk of the unit has to remedy."""
    group = SavingsGroup.objects.create(code=f"T{Finding.objects.count():06d}", starts_on=made)
    area = OrganisationProfile.objects.get(organisation=unit, ends_on=None).area
    assert area is not None
    inspection = Inspection.objects.create(
        number=f"{group.code}/KT", body=unit, body_kind="commune", checklist="16-TD", group=group,
        area=area, due_on=made, lead=cast.planner, made_by=cast.planner, made_at="2026-01-01T00:00Z",
    )  # fmt: skip
    row = Finding.objects.create(
        inspection=inspection, item="1", severity="grave", words=said, cause="Thiếu người",
        recommendation="Bổ sung", owner=cast.la_nga, due_on=date(made.year, 12, 15),
        state="closed" if closed else "open", made_by=cast.planner, made_on=made,
    )  # fmt: skip
    if closed:
        FindingStep.objects.create(
            finding=row, verb="close", source="remedied", target="closed", on=closed,
            recorded_at="2026-01-01T00:00Z", by=cast.planner,
        )  # fmt: skip
    return row


def test_a_review_is_prefilled_issued_once_and_followed_a_year_later(
    board: Organisation, la_nga: Organisation, plan: Plan, cast: Cast
) -> None:
    RegisterRecord.objects.create(
        register="difficulties",
        organisation=la_nga,
        on=date(2026, 3, 2),
        made_on=TODAY,
        title="Thiếu phòng giao ban",
    )
    found(cast, la_nga, "Sổ họp tổ ghi thiếu", date(2026, 5, 4), closed=date(2026, 6, 1))
    found(cast, la_nga, "Chưa niêm yết danh sách", date(2026, 5, 5))
    found(cast, la_nga, "Lỗi của năm trước", date(2025, 5, 5))
    made = reviews.open_review(organisation=la_nga, year=2026, by=cast.planner, on=TODAY)
    assert "Được giao" in made.results and made.head_name == "Nguyễn Văn A"
    assert made.findings.splitlines() == [
        "- Thiếu phòng giao ban (02/03/2026): chưa xong.",
        "- Kiểm tra, giám sát: Sổ họp tổ ghi thiếu (04/05/2026): khắc phục ngày 01/06/2026.",
        "- Kiểm tra, giám sát: Chưa niêm yết danh sách (05/05/2026): chưa khắc phục, hạn 15/12/2026.",
    ]
    assert made.followed == "Năm 2025 chưa có bản tự kiểm điểm."
    assert reviews.open_review(organisation=la_nga, year=2026, by=cast.planner, on=TODAY) == made

    issue = {"review": made, "number": "11/BC", "by": cast.planner, "on": TODAY}
    with pytest.raises(errors.ReviewIncomplete) as missing:
        reviews.issue_review(**issue)
    assert "nguyên nhân" in str(missing.value.params["what"])
    with pytest.raises(errors.ReviewChanged):
        reviews.save_review(review=made, words=words(made), revision=7, by=cast.planner, on=TODAY)
    made = reviews.save_review(
        review=made, words=words(made), revision=made.revision, by=cast.planner, on=TODAY
    )
    with pytest.raises(errors.ReviewIncomplete):
        reviews.issue_review(**(issue | {"number": " "}))
    done = reviews.issue_review(**issue)
    assert (done.state, done.issued_on, done.number) == (ReviewState.ISSUED, TODAY, "11/BC")
    for late in (
        lambda: reviews.issue_review(**issue),
        lambda: reviews.save_review(
            review=done, words=words(done), revision=done.revision, by=None, on=TODAY
        ),
    ):
        with pytest.raises(errors.ReviewIssued):
            late()
    text = "\n".join(p.text for p in Document(io.BytesIO(to_docx(self_review(done)))).paragraphs)
    assert "Chưa niêm yết danh sách" in text and "Giao từng việc" in text
    # A year later: the promise, and what of last year's is still open (the difficulty and one finding).
    after = reviews.open_review(
        organisation=la_nga, year=2027, by=cast.planner, on=date(2027, 11, 1)
    )
    assert OWN["measures"] in after.followed and "còn 2 việc chưa xong" in after.followed
    assert after.findings == "Không có tồn tại, vướng mắc nào được ghi trong năm."


def test_a_review_is_the_units_own(
    la_nga: Organisation, plan: Plan, cast: Cast, signed_in: Any
) -> None:
    with pytest.raises(errors.NotOwnBoard):
        reviews.open_review(organisation=la_nga, year=2026, by=cast.other_commune, on=TODAY)
    made = reviews.open_review(organisation=la_nga, year=2026, by=cast.la_nga, on=TODAY)
    with pytest.raises(errors.NotOwnBoard):
        reviews.save_review(
            review=made, words=words(made), revision=1, by=cast.other_commune, on=TODAY
        )
    # Nobody holds the office: the review has no head to sign it.
    made = reviews.save_review(review=made, words=words(made), revision=1, by=cast.la_nga, on=TODAY)
    with pytest.raises(errors.ReviewIncomplete) as missing:
        reviews.issue_review(review=made, number="1/BC", by=cast.la_nga, on=TODAY)
    assert "người đứng đầu" in str(missing.value.params["what"])
    at = f"/ban-dai-dien/kiem-diem/{made.pk}/"
    assert signed_in(cast.la_nga).get(at).status_code == 200
    assert signed_in(cast.la_nga).get(f"{at}docx/").content[:2] == b"PK"
    assert signed_in(cast.other_commune).get(at).status_code == 404
    assert signed_in(cast.auditor).post(f"{at}luu/").status_code == 403


@pytest.fixture
def session(la_nga: Organisation, cast: Cast) -> TransactionSession:
    """A session held in La Ngà on the 20th, of the office for which the planner may act."""
    office = Organisation.objects.filter(kind="transaction_office", ends_on=None).order_by("pk")[0]
    area = OrganisationProfile.objects.get(organisation=la_nga, ends_on=None).area
    assert area is not None
    since = date(2026, 1, 1)
    point = TransactionPoint.objects.create(code="TXN-LN", starts_on=since)
    TransactionPointProfile.objects.create(
        point=point, name="Điểm La Ngà", area=area, session_day=20, starts_on=since
    )
    return TransactionSession.objects.create(
        point=point,
        office=office,
        due_on=date(2026, 11, 20),
        held_on=date(2026, 11, 20),
        state="closed",
    )


def test_a_conclusion_sheet_of_a_session(
    session: TransactionSession, plan: Plan, cast: Cast
) -> None:
    assert sessions_without_sheet(cast.planner, TODAY) == [session]
    sent = {
        "session": session,
        "present": "PGD, hội, tổ trưởng",
        "conclusions": "Đôn đốc hộ chậm lãi",
    }
    given = sent | {"by": cast.planner, "on": TODAY}
    for missing in ({"present": " "}, {"conclusions": ""}):
        with pytest.raises(errors.MeetingIncomplete):
            reviews.draw_sheet(**(given | missing))
    with pytest.raises(errors.NotOwnBoard):
        reviews.draw_sheet(**(given | {"by": cast.other_commune}))
    with pytest.raises(errors.SessionNotHeld):
        reviews.draw_sheet(**(given | {"on": date(2026, 11, 19)}))
    made = reviews.draw_sheet(**given)
    assert made.on == session.held_on and made.figures["next_month"] == []
    assert sessions_without_sheet(cast.planner, TODAY) == []
    with pytest.raises(errors.SheetThere):
        reviews.draw_sheet(**given)
    text = "\n".join(
        p.text for p in Document(io.BytesIO(to_docx(conclusion_sheet(made)))).paragraphs
    )
    assert "20/11/2026" in text and "Đôn đốc hộ chậm lãi" in text


def test_a_session_that_is_only_planned_has_no_sheet(
    session: TransactionSession, plan: Plan, cast: Cast
) -> None:
    TransactionSession.objects.update(state="planned")
    session.refresh_from_db()
    assert sessions_without_sheet(cast.planner, TODAY) == []
    with pytest.raises(errors.SessionNotHeld):
        reviews.draw_sheet(session=session, present="A", conclusions="B", by=cast.planner, on=TODAY)


def test_the_pages_of_sheets(
    session: TransactionSession, plan: Plan, cast: Cast, signed_in: Any
) -> None:
    browser = signed_in(cast.planner)
    assert browser.get("/ban-dai-dien/giao-ban/").status_code == 200
    at = f"/ban-dai-dien/giao-ban/phien/{session.pk}/"
    assert "chưa đủ" in browser.post(at, {"present": "PGD"}).content.decode()
    browser.post(at, {"present": "PGD", "conclusions": "Thống nhất"})
    sheet = ConclusionSheet.objects.get()
    page = browser.get(f"/ban-dai-dien/giao-ban/{sheet.pk}/").content.decode()
    assert "Thống nhất" in page
    assert browser.get(f"/ban-dai-dien/giao-ban/{sheet.pk}/docx/").content[:2] == b"PK"
    assert signed_in(cast.la_nga).get(at).status_code == 403


def test_papers_asked_together_say_the_same_as_alone(la_nga: Organisation, plan: Plan) -> None:
    area = OrganisationProfile.objects.get(organisation=la_nga, ends_on=None).area_id or 0
    alone = papers_of({"commune": frozenset({area})}, TODAY)
    with asked_once():
        assert papers_of({"commune": frozenset({area})}, TODAY) == alone


def test_findings_of_other_units_are_not_theirs(
    la_nga: Organisation, plan: Plan, cast: Cast
) -> None:
    found(cast, la_nga, "Của La Ngà", date(2026, 5, 4))
    other = RoleHolding.objects.get(user=cast.other_commune).organisation
    made = reviews.open_review(organisation=other, year=2026, by=cast.planner, on=TODAY)
    assert "Của La Ngà" not in made.findings
