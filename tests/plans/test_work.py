"""What a unit tells, the branch decides, the matrix counts; and what the reminders say."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import docx
import polars as pl
import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tdcs.core import clock
from tdcs.documents.official import to_docx
from tdcs.organisations.models import Organisation
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.letters import letter_document
from tdcs.plans.errors import (
    AnswerIncomplete,
    AssignmentIncomplete,
    BadEvidence,
    MoveNotAllowed,
    ReasonMissing,
    Stale,
    YearClosed,
)
from tdcs.plans.models import Channel, Notice, Obligation, Plan, Reminder
from tdcs.plans.queries.obligations import frame
from tdcs.plans.rules.timeliness import SOON_DAYS, lateness, with_standing
from tdcs.plans.services import directives, evidence, progress, reminders
from tdcs.plans.services.directives import DirectiveDraft
from tdcs.plans.services.progress import Progress
from tdcs.reporting.services import years

TODAY = date(2026, 11, 23)


def _owed(plan: Plan, code: str, path: str, year: int = 2026) -> Obligation:
    return Obligation.objects.get(plan=plan, holder__code=code, task__path=path, year=year)


@pytest.mark.django_db
def test_a_result_goes_from_the_unit_to_the_branch_and_back(plan: Plan, cast: Any) -> None:
    row = _owed(plan, "ubnd@n26227", "II.2.a")
    row = progress.report_progress(
        obligation=row,
        progress=Progress(percent=40, words="Đang rà soát"),
        by=cast.la_nga,
        on=TODAY,
    )
    assert (row.state, row.percent) == ("in_progress", 40)
    row = progress.submit(obligation=row, words="Rà soát 41 hộ", by=cast.la_nga, on=TODAY)
    assert (row.state, row.submitted_on) == ("submitted", TODAY)
    with pytest.raises(ReasonMissing):
        progress.send_back(obligation=row, why="  ", by=cast.planner, on=TODAY)
    row = progress.send_back(obligation=row, why="Thiếu số hộ cận nghèo", by=cast.planner, on=TODAY)
    assert row.state == "returned"
    assert Notice.objects.filter(organisation=row.holder, words__contains="Trả lại").exists()
    row = progress.submit(
        obligation=row, words="41 hộ nghèo, 67 cận nghèo", by=cast.la_nga, on=TODAY
    )
    row = progress.accept(obligation=row, by=cast.planner, on=TODAY)
    assert row.state == "accepted"
    with pytest.raises(MoveNotAllowed):
        progress.report_progress(
            obligation=row, progress=Progress(percent=1, words="sửa trộm"), by=cast.la_nga, on=TODAY
        )
    verbs = list(row.entries.values_list("verb", flat=True))
    assert verbs == ["progress", "submit", "return", "submit", "accept"]


@pytest.mark.django_db
def test_a_stale_form_is_told_and_overwrites_nothing(plan: Plan, cast: Any) -> None:
    row = _owed(plan, "ubnd@n26227", "II.2.a")
    progress.report_progress(
        obligation=row,
        progress=Progress(percent=10, words="người thứ nhất"),
        by=cast.la_nga,
        on=TODAY,
    )
    with pytest.raises(Stale):
        progress.submit(obligation=row, words="người thứ hai", seen="cũ", by=cast.la_nga, on=TODAY)
    row.refresh_from_db()
    assert (row.state, row.words) == ("in_progress", "người thứ nhất")


@pytest.mark.django_db
def test_a_closed_year_refuses_and_a_reason_reopens_it(plan: Plan, cast: Any) -> None:
    years.close_year(plan=plan, year=2026, by=cast.planner, on=TODAY)
    row = _owed(plan, "ubnd@n26227", "II.2.a")
    with pytest.raises(YearClosed, match="2026"):
        progress.report_progress(
            obligation=row, progress=Progress(percent=10, words="x"), by=cast.la_nga, on=TODAY
        )
    with pytest.raises(ReasonMissing):
        years.reopen_year(plan=plan, year=2026, why="", by=cast.planner, on=TODAY)
    years.reopen_year(plan=plan, year=2026, why="Bổ sung số liệu", by=cast.planner, on=TODAY)
    assert (
        progress.report_progress(
            obligation=row, progress=Progress(percent=10, words="x"), by=cast.la_nga, on=TODAY
        ).percent
        == 10
    )


def _archive(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x" * 50)
    return buffer.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 a program",
        b"#!/bin/sh\n",
        b"<html><script>",
        _archive("evil.exe"),
        b"\x00" * 40,
    ],
)
def test_what_is_no_document_is_no_evidence(plan: Plan, cast: Any, content: bytes) -> None:
    row = _owed(plan, "ubnd@n26227", "II.2.a")
    with pytest.raises(BadEvidence):
        evidence.add_file(
            obligation=row,
            title="",
            filename="bao-cao.pdf",
            content=content,
            by=cast.la_nga,
            on=TODAY,
        )
    assert not row.evidence.exists()


@pytest.mark.django_db
def test_evidence_keeps_its_bytes_and_none_of_its_path(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    row = _owed(plan, "ubnd@n26227", "II.2.a")
    content = b"%PDF-1.4 noi dung"
    made = evidence.add_file(
        obligation=row,
        title="",
        filename="../../etc/ke-hoach.pdf",
        content=content,
        by=cast.la_nga,
        on=TODAY,
    )
    assert ".." not in made.file.name
    answer = signed_in(cast.la_nga).get(f"/ke-hoach/viec/{row.pk}/minh-chung/{made.pk}/")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert (
        signed_in(cast.other_commune)
        .get(f"/ke-hoach/viec/{row.pk}/minh-chung/{made.pk}/")
        .status_code
        == 404
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x/y", "file:///etc/passwd", "", "http://"]
)
def test_only_web_links_are_evidence(plan: Plan, cast: Any, url: str) -> None:
    row = _owed(plan, "ubnd@n26227", "II.2.a")
    with pytest.raises(BadEvidence):
        evidence.add_link(obligation=row, title="x", url=url, by=cast.la_nga, on=TODAY)


@pytest.mark.django_db
def test_one_commune_cannot_read_or_write_anothers_work(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    row = _owed(plan, "ubnd@n26227", "II.2.a")
    client = signed_in(cast.other_commune)
    assert client.get(f"/ke-hoach/viec/{row.pk}/").status_code == 404
    answer = client.post(
        f"/ke-hoach/viec/{row.pk}/lam/", {"verb": "submit", "words": "của người khác"}
    )
    assert answer.status_code == 404
    row.refresh_from_db()
    assert (row.state, row.words) == ("open", "")


@pytest.mark.django_db
def test_the_matrix_counts_what_the_database_holds(plan: Plan, cast: Any, signed_in: Any) -> None:
    rows = frame(plan, 2026)
    there = Obligation.objects.filter(plan=plan, year=2026).exclude(
        state__in=("merged", "withdrawn")
    )
    assert rows.height == there.count()
    page = signed_in(cast.planner).get("/ke-hoach/ma-tran/?year=2026&unit=la+nga").content.decode()
    assert "UBND xã La Ngà" in page
    assert "UBND xã Định Quán" not in page
    export = (
        signed_in(cast.planner)
        .get("/ke-hoach/ma-tran/?year=2026&export=csv")
        .content.decode("utf-8-sig")
    )
    assert export.count("\n") > rows["holder"].n_unique()


@pytest.mark.django_db
def test_an_assigned_task_is_answered_and_summed(plan: Plan, cast: Any, signed_in: Any) -> None:
    units = list(Organisation.objects.filter(code__in=("ubnd@n26227", "ubnd@n26206")))
    made = directives.assign(
        plan=plan,
        draft=DirectiveDraft(
            title="Nhu cầu vốn",
            text="",
            period="day",
            period_start=TODAY,
            due_on=TODAY + timedelta(days=7),
            asks_words=False,
            asks_figure=True,
            figure_label="Nhu cầu",
            figure_unit="triệu đồng",
        ),
        organisations=units,
        by=cast.planner,
        on=TODAY,
    )
    first, second = made.obligations.order_by("pk")
    with pytest.raises(AnswerIncomplete):
        progress.submit(obligation=first, words="", by=cast.planner, on=TODAY)
    progress.submit(obligation=first, words="", figure=Decimal("1250.5"), by=cast.planner, on=TODAY)
    progress.submit(obligation=second, words="", figure=Decimal("749.5"), by=cast.planner, on=TODAY)
    page = signed_in(cast.planner).get(f"/ke-hoach/viec-giao/{made.pk}/").content.decode()
    assert "2.000" in page
    assert directives.withdraw(directive=made, why="đã đủ", by=cast.planner, on=TODAY) >= 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"organisations": []},
        {"asks_words": False},
        {"due_on": TODAY - timedelta(days=9)},
    ],
)
def test_an_incomplete_assignment_is_refused_whole(
    plan: Plan, cast: Any, wrong: dict[str, Any]
) -> None:
    before = Obligation.objects.count()
    fields: dict[str, Any] = {
        "title": "Việc",
        "text": "",
        "period": "day",
        "period_start": TODAY,
        "due_on": TODAY,
        "organisations": [cast.la_nga.holding(TODAY).organisation],
    } | wrong
    units = fields.pop("organisations")
    with pytest.raises(AssignmentIncomplete):
        directives.assign(
            plan=plan,
            draft=DirectiveDraft(**fields),
            organisations=units,
            by=cast.planner,
            on=TODAY,
        )
    assert Obligation.objects.count() == before


@pytest.mark.django_db
def test_the_ladder_reminds_once_a_step(
    plan: Plan, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    day = date(2026, 11, 29)  # fifteen days before the last day in time, 14/12
    with clock.fixed_today(day):
        with django_capture_on_commit_callbacks(execute=True):
            told = reminders.remind_due(plan=plan, by=None, on=day)
        # Ninety units owe something that day; people work for four of them.
        assert cast.la_nga.holding(TODAY).organisation_id in told.units
        assert len(told.units) < 5 and len(told.nobody) > 85
        assert any("la-nga@example.vn" in message.to for message in mail.outbox)
        count = Reminder.objects.count()
        assert not reminders.remind_due(plan=plan, by=None, on=day).units
        assert Reminder.objects.count() == count


@pytest.mark.django_db
def test_a_letter_lists_what_is_owed_and_opens(plan: Plan, cast: Any) -> None:
    unit = cast.la_nga.holding(TODAY).organisation
    letter = reminders.write_letter(
        plan=plan,
        organisation=unit,
        year=2026,
        signing=Signing(number="7", signer="Nguyễn Văn A", signer_title="Giám đốc"),
        by=cast.planner,
        on=TODAY,
    )
    file = docx.Document(io.BytesIO(to_docx(letter_document(letter))))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    words = "\n".join([p.text for p in file.paragraphs] + cells)
    assert "La Ngà" in words
    assert "II.2.a" in words
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert Reminder.objects.filter(letter=letter, channel=Channel.LETTER).count() == len(
        letter.items
    )


def test_before_the_fifteenth_means_the_fourteenth() -> None:
    due = date(2024, 12, 15)  # a Sunday
    assert lateness(arrived_on=date(2024, 12, 14), due_on=due, due_before=True).days == 0
    late = lateness(arrived_on=due, due_on=due, due_before=True)
    assert (late.days, late.working_days) == (1, 0)
    late = lateness(arrived_on=date(2024, 12, 16), due_on=due, due_before=True)
    assert (late.days, late.working_days) == (2, 1)
    assert lateness(arrived_on=due, due_on=due, due_before=False).days == 0


def _plainly(state: str, due: date | None, before: bool, arrived: date | None, today: date) -> str:
    """The same rule told again, one row at a time."""
    if state in ("merged", "withdrawn"):
        return "gone"
    done = state in ("submitted", "accepted")
    moment = arrived if done else today
    late = due is not None and moment is not None and (moment >= due if before else moment > due)
    if done:
        return "done_late" if late else "done"
    if late:
        return "late"
    return "soon" if due is not None and due - today <= timedelta(days=SOON_DAYS) else "on_time"


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


# A busy machine is no fault of the rule.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(
                ["open", "in_progress", "returned", "submitted", "accepted", "merged", "withdrawn"]
            ),
            st.none() | DAYS,
            st.booleans(),
            st.none() | DAYS,
        ),
        min_size=1,
        max_size=30,
    ),
    today=DAYS,
)
def test_columns_agree_with_the_rule_told_row_by_row(rows: list[Any], today: date) -> None:
    schema = {
        "state": pl.String,
        "due_on": pl.Date,
        "due_before": pl.Boolean,
        "submitted_on": pl.Date,
    }
    found = with_standing(pl.DataFrame(rows, schema=schema, orient="row"), today=today)
    assert found["standing"].to_list() == [_plainly(*row, today) for row in rows]
