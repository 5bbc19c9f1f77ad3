"""Records of other rooms serve the plan's tasks: proposed by words, confirmed by a person, counted and cited, never typed again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from plans_cast import Cast, commune

import tdcs
from tdcs.audit.models import AuditLine
from tdcs.organisations.models import Organisation
from tdcs.plans.errors import KindUnknown
from tdcs.plans.models import Obligation, Plan, Task, TaskEvidence
from tdcs.plans.ports import EvidenceKind, EvidencePort, RecordsAsked, evidence, frame
from tdcs.plans.queries.coverage import coverage
from tdcs.plans.queries.evidence import by_unit_and_month, cited, of_obligation, of_year
from tdcs.plans.rules.serving import proposed
from tdcs.plans.services import serving
from tdcs.reporting.queries.reports import results_of

TODAY = date(2026, 11, 23)
SRC = Path(tdcs.__file__).parent


def _kind(code: str, rows: list[tuple[Any, ...]], *words: str) -> EvidenceKind:
    def found(asked: RecordsAsked) -> pl.DataFrame:
        made = frame(rows).filter((pl.col("day") >= asked.since) & (pl.col("day") < asked.until))
        if asked.units is None:
            return made
        return made.filter(pl.col("unit").is_in(list(asked.units)))

    return EvidenceKind(
        code=code,
        name="Cuộc kiểm tra thử",
        measure="cuộc kiểm tra",
        page="plans:inbox",
        permission="plans.view",
        words=words,
        rows=found,
    )


@pytest.fixture
def task(plan: Plan) -> Task:
    """II.2.a of the small plan: communes review who may borrow."""
    return Task.objects.get(version__plan=plan, path="II.2.a")


@pytest.fixture
def la_nga(plan: Plan) -> Organisation:
    return Organisation.objects.get(code=commune("La Ngà"))


@pytest.fixture
def kind(la_nga: Organisation, monkeypatch: pytest.MonkeyPatch) -> EvidenceKind:
    """Three records of La Ngà: two in 2026, of different months, one of the year before."""
    rows = [
        (1, la_nga.pk, date(2026, 3, 4), "Biên bản 1", "/ke-hoach/viec/"),
        (2, la_nga.pk, date(2026, 12, 31), "Biên bản 2", ""),
        (3, la_nga.pk, date(2025, 12, 31), "Biên bản cũ", ""),
    ]
    made = _kind("test.inspection", rows, "rà soát đối tượng")
    monkeypatch.setitem(evidence.provided, "test", lambda: [made])
    return made


def test_a_task_is_proposed_the_kinds_whose_words_it_says() -> None:
    kinds = {"review": ("rà soát đối tượng",), "press": ("báo chí", "phát thanh")}
    assert proposed("Rà soát  Đối Tượng được vay", kinds) == {"review": "rà soát đối tượng"}
    assert proposed("Thông báo", kinds) == {}


def test_nothing_counts_before_a_person_said_so(
    plan: Plan, task: Task, kind: EvidenceKind, cast: Cast
) -> None:
    assert of_year(plan, 2026).height == 0
    row = next(row for row in coverage(plan, 2026, cast.planner) if row.subject == task)
    assert [one.kind.code for one in row.proposals] == [kind.code]
    assert row.empty

    assert serving.confirm_proposals(plan=plan, by=cast.planner, on=TODAY) >= 1
    # A second click changes nothing.
    assert serving.confirm_proposals(plan=plan, by=cast.planner, on=TODAY) == 0

    rows = of_year(plan, 2026, tasks={str(task.lineage)})
    assert rows["title"].to_list() == ["Biên bản 1", "Biên bản 2"]
    assert [str(one) for one in cited(rows)[str(task.lineage)]] == ["2 cuộc kiểm tra"]
    row = next(row for row in coverage(plan, 2026, cast.planner) if row.subject == task)
    assert (row.total, row.units, row.last_on) == (2, 1, date(2026, 12, 31))
    assert not row.empty
    assert "UBND xã La Ngà" not in row.missing and "UBND xã Định Quán" in row.missing
    assert AuditLine.objects.filter(action="plans.serve").exists()


def test_a_kind_left_out_counts_no_more_and_an_unknown_one_is_refused(
    plan: Plan, task: Task, kind: EvidenceKind, cast: Cast
) -> None:
    with pytest.raises(KindUnknown):
        serving.decide(plan=plan, task=task, counts={"no.such": True}, by=cast.planner, on=TODAY)
    for counts, rows in ((True, 2), (False, 0)):
        changed = serving.decide(
            plan=plan, task=task, counts={kind.code: counts}, by=cast.planner, on=TODAY
        )
        assert changed == 1
        assert of_year(plan, 2026, tasks={str(task.lineage)}).height == rows
    assert TaskEvidence.objects.get().counts is False
    # What a person left out is not proposed again.
    row = next(row for row in coverage(plan, 2026, cast.planner) if row.subject == task)
    assert row.proposals == ()


def test_the_units_obligation_and_report_cite_it_without_a_word_typed(
    plan: Plan, task: Task, kind: EvidenceKind, la_nga: Organisation, cast: Cast
) -> None:
    serving.decide(plan=plan, task=task, counts={kind.code: True}, by=cast.planner, on=TODAY)
    row = Obligation.objects.get(plan=plan, task=task, holder=la_nga, year=2026)
    assert of_obligation(row)["key"].to_list() == [2, 1]
    result = next(one for one in results_of(plan, 2026, la_nga.pk) if one.path == "II.2.a")
    assert result.records == ("2 cuộc kiểm tra",)
    assert result.reportable
    grid = by_unit_and_month(of_year(plan, 2026))
    assert grid == {la_nga.pk: {3: 1, 12: 1}}


def test_a_record_that_names_its_task_serves_that_one_alone(
    plan: Plan, task: Task, la_nga: Organisation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Task.objects.get(version__plan=plan, path="II.2.b")
    rows = [(1, la_nga.pk, date(2026, 3, 4), "Của II.2.a", "", str(task.lineage))]
    monkeypatch.setitem(evidence.provided, "test", lambda: [_kind("test.named", rows)])
    for one in (task, other):
        serving.decide(plan=plan, task=one, counts={"test.named": True}, by=cast.planner, on=TODAY)
    assert of_year(plan, 2026)["lineage"].to_list() == [str(task.lineage)]


def test_the_pages_show_it_and_only_the_planner_confirms(
    plan: Plan, task: Task, kind: EvidenceKind, cast: Cast, la_nga: Organisation, signed_in: Any
) -> None:
    page = signed_in(cast.planner).get("/ke-hoach/do-phu/", {"plan": plan.pk, "year": 2026})
    assert "Cuộc kiểm tra thử" in page.content.decode()
    address = f"/ke-hoach/nhiem-vu/{task.pk}/ho-so/"
    sent = {"kind": [kind.code], "offered": [kind.code]}
    assert signed_in(cast.la_nga).post(f"{address}xac-nhan/", sent).status_code == 403
    assert signed_in(cast.la_nga).post(f"/ke-hoach/do-phu/{plan.pk}/xac-nhan/").status_code == 403
    assert signed_in(cast.planner).post(f"{address}xac-nhan/", sent).status_code == 302
    words = signed_in(cast.la_nga).get(address, {"year": 2026}).content.decode()
    assert "Biên bản 1" in words and "Biên bản cũ" not in words
    # Another commune sees none of it.
    assert "Biên bản 1" not in signed_in(cast.other_commune).get(address).content.decode()
    row = Obligation.objects.get(plan=plan, task=task, holder=la_nga, year=2026)
    assert "Biên bản 2" in signed_in(cast.la_nga).get(f"/ke-hoach/viec/{row.pk}/").content.decode()
    sheet = signed_in(cast.planner).get("/ke-hoach/do-phu/", {"plan": plan.pk, "export": "csv"})
    assert "2 cuộc kiểm tra" in sheet.content.decode()


def test_every_room_that_keeps_evidence_is_asked() -> None:
    """A room that has queries/evidence.py registers it when it starts."""
    keep = {path.parts[-3] for path in SRC.glob("*/queries/evidence.py")} - {"plans"}
    assert keep <= set(evidence.provided)
    codes = evidence.kinds()
    assert len(codes) >= 16


def test_each_kind_gives_its_records_by_unit_and_day(plan: Plan) -> None:
    asked = RecordsAsked(date(2026, 1, 1), date(2027, 1, 1))
    for kind in evidence.kinds().values():
        assert kind.rows(asked).columns == ["key", "unit", "day", "title", "address", "task"]
        assert kind.rows(RecordsAsked(asked.since, asked.until, frozenset({1}))).height == 0
        assert kind.address.startswith("/")


def test_two_rooms_may_not_use_one_code() -> None:
    port = EvidencePort()
    port.register("one", lambda: [_kind("same", [])])
    port.register("two", lambda: [_kind("same", [])])
    with pytest.raises(ValueError, match="same"):
        port.kinds()
