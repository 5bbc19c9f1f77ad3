"""A body's yearly programme: opened, filled, submitted, approved; samples drawn by risk and seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import transaction

from tdcs.access.models import User
from tdcs.core.text import squash
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.organisations.models import Organisation, TransactionPoint
from tdcs.organisations.queries import profile_of
from tdcs.oversight.errors import (
    ApprovedByMaker,
    NoInspectingBody,
    OversightFieldWrong,
    ProgrammeEmpty,
    ProgrammeThere,
    SampleDrawn,
    SubjectOutside,
)
from tdcs.oversight.models import AuditSample, DrawnSample, InspectionProgramme, PlannedInspection
from tdcs.oversight.queries.book import book_of
from tdcs.oversight.queries.scope import acts_for
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.sampling import draw, with_risk
from tdcs.oversight.services.moving import note, require_step, require_words
from tdcs.oversight.states import PROGRAMME_MOVES, ProgrammeState
from tdcs.transaction_points.queries.scope import visible_points


@dataclass(frozen=True, slots=True)
class Planned:
    """One inspection to be planned: of a group or of a point."""

    month: int
    checklist: str
    group: SavingsGroup | None = None
    point: TransactionPoint | None = None
    surprise: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class SampleAsked:
    """A sample to be drawn."""

    purpose: str
    seed: int
    size: int


def open_programme(
    *, body: Organisation, year: int, words: str, by: User, on: date
) -> InspectionProgramme:
    """A body's programme of a year. Raises NoInspectingBody, OversightFieldWrong, ProgrammeThere."""
    name = profile_of(body, on).name
    if not acts_for(by, body):
        raise NoInspectingBody(unit=name)
    if not on.year - 1 <= year <= on.year + 1:
        raise OversightFieldWrong(field="năm", why="chỉ năm trước, năm nay hoặc năm sau")
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=body.pk)
        if InspectionProgramme.objects.filter(body=body, year=year).exists():
            raise ProgrammeThere(unit=name, year=year)
        made = InspectionProgramme.objects.create(
            body=body, year=year, words=words.strip()[:4000], made_by=by, made_on=on
        )
        note(made, "open_programme", by=by, on=on, year=year)
    return made


def plan_inspection(
    *, programme: InspectionProgramme, planned: Planned, by: User, on: date
) -> PlannedInspection:
    """Adds an inspection; after the approval surprise visits only. Raises OversightStep, NoInspectingBody, OversightFieldWrong,
    SubjectOutside."""
    with transaction.atomic():
        row = _locked(programme, by, on)
        if not (planned.surprise and row.state == ProgrammeState.APPROVED):
            require_step(row, "submit", PROGRAMME_MOVES)
        require_subject(planned, by, on)
        if not 1 <= planned.month <= 12:
            raise OversightFieldWrong(field="tháng", why="từ 1 đến 12")
        made = PlannedInspection.objects.create(
            programme=row,
            month=planned.month,
            checklist=planned.checklist,
            group=planned.group,
            point=planned.point,
            surprise=planned.surprise,
            why=squash(planned.why)[:200],
        )
        note(row, "plan_inspection", by=by, on=on, month=made.month, checklist=made.checklist)
    return made


def require_subject(planned: Planned, by: User, on: date) -> None:
    """A group for a group's list, a point for a session's, both in scope. Raises OversightFieldWrong, SubjectOutside."""
    checklist = settings.checklists().get(planned.checklist)
    if checklist is None:
        raise OversightFieldWrong(field="mẫu kiểm tra", why="chưa chọn")
    wants_point = checklist.of == "session"
    if (planned.point is not None) != wants_point or (planned.group is None) != wants_point:
        why = "mẫu này dùng cho điểm giao dịch" if wants_point else "mẫu này dùng cho tổ"
        raise OversightFieldWrong(field="đối tượng kiểm tra", why=why)
    group, point = planned.group, planned.point
    if group is not None and not visible_groups(by, on).filter(pk=group.pk).exists():
        raise SubjectOutside(what=f"tổ {group.code}")
    if point is not None and not visible_points(by, on).filter(point=point).exists():
        raise SubjectOutside(what=f"điểm giao dịch {point.code}")


def submit(*, programme: InspectionProgramme, by: User, on: date) -> InspectionProgramme:
    """To be approved by another. Raises OversightStep, ProgrammeEmpty, NoInspectingBody."""
    with transaction.atomic():
        row = _locked(programme, by, on)
        move = require_step(row, "submit", PROGRAMME_MOVES)
        if not row.planned.exists():
            raise ProgrammeEmpty
        row.state, row.submitted_by = move.target, by
        row.save(update_fields=["state", "submitted_by"])
        note(row, "submit_programme", by=by, on=on, planned=row.planned.count())
    return row


def approve(
    *, programme: InspectionProgramme, words: str, by: User, on: date
) -> InspectionProgramme:
    """Another person of the body approves. Raises OversightStep, ApprovedByMaker, NoInspectingBody."""
    with transaction.atomic():
        row = _locked(programme, by, on)
        if by.pk == row.submitted_by_id:
            raise ApprovedByMaker
        return _decided(row, "approve", words, by, on)


def send_back(
    *, programme: InspectionProgramme, words: str, by: User, on: date
) -> InspectionProgramme:
    """Back to be changed, with words. Raises OversightStep, OversightReasonMissing, NoInspectingBody."""
    said = require_words(words)
    with transaction.atomic():
        return _decided(_locked(programme, by, on), "return", said, by, on)


def _decided(
    row: InspectionProgramme, verb: str, words: str, by: User, on: date
) -> InspectionProgramme:
    row.state = require_step(row, verb, PROGRAMME_MOVES).target
    row.decided_by, row.decided_on, row.decided_words = by, on, squash(words)[:300]
    row.save(update_fields=["state", "decided_by", "decided_on", "decided_words"])
    note(row, f"{verb}_programme", by=by, on=on, why=row.decided_words)
    return row


def _locked(programme: InspectionProgramme, by: User, on: date) -> InspectionProgramme:
    row = InspectionProgramme.objects.select_for_update().get(pk=programme.pk)
    if not acts_for(by, row.body_id):
        raise NoInspectingBody(unit=profile_of(row.body_id, on).name)
    return row


def required_purpose(asked: SampleAsked) -> str:
    """What a sample is for, as it is kept. Raises OversightFieldWrong, also for a size or a seed out of bounds."""
    purpose = require_words(asked.purpose)[:80]
    if not 1 <= asked.size <= settings.most_of_a_sample():
        raise OversightFieldWrong(field="cỡ mẫu", why=f"từ 1 đến {settings.most_of_a_sample()}")
    if not 0 <= asked.seed < 2**31:
        raise OversightFieldWrong(field="số mầm", why="là số nguyên không âm, dưới 2.147.483.648")
    return purpose


def require_same(drawn: DrawnSample | AuditSample, asked: SampleAsked) -> None:
    """A sample that is drawn already answers for the same seed and size only. Raises SampleDrawn."""
    if (drawn.seed, drawn.size) != (asked.seed, asked.size):
        raise SampleDrawn(purpose=drawn.purpose, day=drawn.drawn_on, seed=drawn.seed)


def draw_sample(
    *, programme: InspectionProgramme, asked: SampleAsked, by: User, on: date, key: str
) -> DrawnSample:
    """A sample of the loans in scope by risk; the same purpose and seed answer with what was drawn.

    Raises SampleDrawn for another seed or size, OversightFieldWrong, NoInspectingBody.
    """
    purpose = required_purpose(asked)

    def work(operation: Operation) -> dict[str, int]:
        row = _locked(programme, by, on)
        there = row.samples.filter(purpose=purpose).first()
        if there is not None:
            require_same(there, asked)
            return {"sample": there.pk}
        made = _drawn(row, purpose, asked, by, on)
        return {"sample": made.pk}

    request = {"programme": programme.pk, "purpose": purpose, "seed": asked.seed, "n": asked.size}
    done = idempotent(
        key=key, action="oversight.draw_sample", request=request, by=by, on=on, work=work
    )
    return DrawnSample.objects.get(pk=done["sample"])


def _drawn(
    row: InspectionProgramme, purpose: str, asked: SampleAsked, by: User, on: date
) -> DrawnSample:
    loans = book_of(by, on).loans.filter(pl.col("balance") > 0)
    risky = with_risk(loans, settings.large_from())
    chosen = draw(risky, settings.risks(), asked.size, asked.seed)
    made = DrawnSample.objects.create(
        programme=row,
        purpose=purpose,
        seed=asked.seed,
        size=asked.size,
        population=len(loans),
        drawn_on=on,
        drawn_by=by,
        lines=[list(pair) for pair in chosen.iter_rows()],
    )
    note(made, "draw_sample", by=by, on=on, seed=asked.seed, size=len(chosen), of=len(loans))
    return made
