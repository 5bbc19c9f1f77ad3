"""An inspection is prepared, started, its borrowers visited, photographed, finished with minutes, or cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.text import squash
from tdcs.documents.accepting import accept, plain_title
from tdcs.entrustment.queries.groups import profile_on
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import coordinates_of, profile_of
from tdcs.oversight.errors import (
    ChecklistUnanswered,
    FindingsMissing,
    NoInspectingBody,
    NotYourInspection,
    OversightFieldWrong,
    OwnWork,
    SubjectOutside,
)
from tdcs.oversight.models import (
    Inspection,
    InspectionMember,
    InspectionPhoto,
    PlannedInspection,
    Visit,
)
from tdcs.oversight.queries.inspections import checklist_of, loan_checklist_of, loan_in
from tdcs.oversight.queries.own_work import (
    own_work_at_point,
    own_work_in_group,
    own_work_on_loan,
)
from tdcs.oversight.queries.scope import acts_for, on_the_team
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.places import metres_between
from tdcs.oversight.rules.settings import Checklist, body_of_kind
from tdcs.oversight.services.files import PHOTOS, keep
from tdcs.oversight.services.moving import note, require_step, require_words
from tdcs.oversight.services.programmes import Planned, require_subject
from tdcs.oversight.states import INSPECTION_MOVES
from tdcs.transaction_points.queries.scope import point_profile

_ANSWERS = ("yes", "no", "none")


@dataclass(frozen=True, slots=True)
class InspectionDraft:
    """An inspection to be prepared: of what, by which list, when, by whom; ``of``: the planned one that it carries out."""

    body: Organisation
    planned: Planned
    due_on: date
    lead: User
    members: Sequence[User] = ()
    of: PlannedInspection | None = None
    task: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the device says it is, in degrees."""

    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at a borrower's."""

    loan: int
    balance: int
    result: str
    answers: Mapping[str, str] = field(default_factory=dict)
    rightly: int | None = None
    wrongly: int | None = None
    words: str = ""
    spot: Spot | None = None
    agrees: bool | None = None
    told_balance: int | None = None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class PhotoTaken:
    """A photo as a device sends it."""

    content: bytes
    title: str = ""
    loan: int = 0
    spot: Spot | None = None


def prepare_inspection(*, draft: InspectionDraft, by: User, on: date) -> Inspection:
    """An inspection with its team, none of whom did the work that is inspected.

    Raises NoInspectingBody, OversightFieldWrong, SubjectOutside, OwnWork.
    """
    body = draft.body
    kind = body_of_kind(body.kind)
    if kind is None or not acts_for(by, body):
        raise NoInspectingBody(unit=profile_of(body, on).name)
    require_subject(draft.planned, by, on)
    if draft.due_on < on:
        raise OversightFieldWrong(field="dự kiến ngày", why="ngày đã qua")
    group, point = draft.planned.group, draft.planned.point
    people = {draft.lead.pk: draft.lead, **{one.pk: one for one in draft.members}}
    for person in people.values():
        _refuse_own_work(person, draft.planned)
    area = _area_of(draft.planned, on)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=body.pk)
        count = Inspection.objects.filter(body=body, due_on__year=draft.due_on.year).count()
        made = Inspection.objects.create(
            number=f"KT{draft.due_on.year}-{body.pk}-{count + 1:04d}",
            body=body,
            body_kind=kind["code"],
            planned=draft.of,
            checklist=draft.planned.checklist,
            group=group,
            point=point,
            area_id=area,
            surprise=draft.planned.surprise,
            due_on=draft.due_on,
            lead=draft.lead,
            task=squash(draft.task)[:20],
            made_by=by,
            made_at=clock.now(),
        )
        InspectionMember.objects.bulk_create(
            InspectionMember(inspection=made, person=person)
            for key, person in people.items()
            if key != draft.lead.pk
        )
        note(made, "prepare_inspection", by=by, on=on, number=made.number, due=draft.due_on)
    return made


def _refuse_own_work(person: User, planned: Planned) -> None:
    what = ""
    if planned.group is not None:
        what = own_work_in_group(person, planned.group)
    elif planned.point is not None:
        what = own_work_at_point(person, planned.point)
    if what:
        raise OwnWork(person=person.full_name, what=what)


def _area_of(planned: Planned, on: date) -> int:
    if planned.group is not None:
        return int(profile_on(planned.group, on).area_id)
    face = point_profile(planned.point, on) if planned.point else None
    if face is None:
        raise SubjectOutside(what="điểm giao dịch")
    return int(face.area_id)


def start(*, inspection: Inspection, witnesses: str, by: User, on: date, key: str) -> Inspection:
    """The team begins; a second press is the first. Raises OversightStep, NotYourInspection."""

    def work(operation: Operation) -> dict[str, int]:
        row = _own(inspection, by)
        row.state = require_step(row, "start", INSPECTION_MOVES).target
        row.held_on, row.witnesses = on, squash(witnesses)[:300]
        row.save(update_fields=["state", "held_on", "witnesses"])
        note(row, "start_inspection", by=by, on=on)
        return {"inspection": row.pk}

    asked = {"inspection": inspection.pk, "witnesses": witnesses}
    idempotent(key=key, action="oversight.start_inspection", request=asked, by=by, on=on, work=work)
    return Inspection.objects.get(pk=inspection.pk)


def _own(inspection: Inspection, by: User) -> Inspection:
    row = Inspection.objects.select_for_update().get(pk=inspection.pk)
    if not on_the_team(by, row):
        raise NotYourInspection
    return row


def _running(inspection: Inspection, by: User) -> Inspection:
    """The inspection while results may be written. Raises NotYourInspection, OversightStep."""
    row = _own(inspection, by)
    require_step(row, "finish", INSPECTION_MOVES)
    return row


def record_visit(*, inspection: Inspection, seen: Seen, by: User, on: date, key: str) -> Visit:
    """What was seen at a borrower's; written again it replaces what was written. The key makes a resent form happen once.

    Raises NotYourInspection, OversightStep, SubjectOutside, OwnWork, OversightFieldWrong.
    """

    def work(operation: Operation) -> dict[str, int]:
        row = _running(inspection, by)
        loan = loan_in(row, seen.loan)
        if loan is None:
            raise SubjectOutside(what="khoản vay")
        what = own_work_on_loan(by, loan)
        if what:
            raise OwnWork(person=by.full_name, what=what)
        made = _write_visit(row, loan, seen, by)
        note(row, "record_visit", by=by, on=on, loan=loan.number, result=seen.result)
        return {"visit": made.pk}

    asked = {
        "inspection": inspection.pk, "loan": seen.loan, "result": seen.result,
        "answers": dict(seen.answers), "rightly": seen.rightly, "wrongly": seen.wrongly,
        "words": seen.words, "agrees": seen.agrees, "told": seen.told_balance, "confirmed": seen.confirmed_by,
    }  # fmt: skip
    done = idempotent(
        key=key, action="oversight.record_visit", request=asked, by=by, on=on, work=work
    )
    return Visit.objects.get(pk=done["visit"])


def _write_visit(row: Inspection, loan: Loan, seen: Seen, by: User) -> Visit:
    if seen.result not in Visit.Result.values:
        raise OversightFieldWrong(field="kết quả", why="chưa chọn")
    checklist = loan_checklist_of(row)
    answers = sound_answers(checklist, seen.answers) if checklist else {}
    if seen.result != Visit.Result.ABSENT:
        _require_all(checklist, answers)
    rightly, wrongly = seen.rightly, seen.wrongly
    if min(rightly or 0, wrongly or 0) < 0 or (rightly or 0) + (wrongly or 0) > loan.principal:
        raise OversightFieldWrong(field="số tiền sử dụng", why="vượt số tiền vay")
    told = seen.told_balance if seen.agrees is False else None
    if seen.agrees is False and (told is None or told < 0):
        raise OversightFieldWrong(field="dư nợ theo hộ", why="chưa ghi")
    if seen.agrees is False and seen.result == Visit.Result.GOOD:
        raise OversightFieldWrong(field="kết quả", why="số dư không khớp là có tồn tại")
    fields = {
        "balance": seen.balance, "result": seen.result, "answers": answers, "rightly": rightly,
        "wrongly": wrongly, "words": squash(seen.words)[:500], "recorded_at": clock.now(), "by": by,
        "agrees": seen.agrees, "told_balance": told, "confirmed_by": squash(seen.confirmed_by)[:120],
        **_placed(row, seen.spot),
    }  # fmt: skip
    made, _ = Visit.objects.update_or_create(inspection=row, loan=loan, defaults=fields)
    return made


def sound_answers(checklist: Checklist, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to questions that the list has. Raises OversightFieldWrong for another answer."""
    found = {}
    for item in checklist.items:
        given = answers.get(item.code, "")
        if given and given not in _ANSWERS:
            raise OversightFieldWrong(field=item.vi, why="trả lời có, không hoặc không áp dụng")
        if given:
            found[item.code] = given
    return found


def _require_all(checklist: Checklist | None, answers: Mapping[str, str]) -> None:
    missing = [item.vi for item in checklist.items if item.code not in answers] if checklist else []
    if missing:
        raise ChecklistUnanswered(missing="; ".join(missing))


def _placed(row: Inspection, spot: Spot | None) -> dict[str, object]:
    """Where something was recorded, and whether that is elsewhere: too far from the commune's centre."""
    if spot is None:
        return {}
    if not (abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180):
        raise OversightFieldWrong(field="vị trí", why="tọa độ không hợp lệ")
    centre = coordinates_of([row.area_id]).get(row.area_id)
    found: dict[str, object] = {
        "latitude": round(spot.latitude, 6),
        "longitude": round(spot.longitude, 6),
    }
    if centre is not None:
        metres = metres_between(centre, (float(spot.latitude), float(spot.longitude)))
        found |= {"metres_off": metres, "elsewhere": metres > settings.elsewhere_metres()}
    return found


def answer_checklist(
    *, inspection: Inspection, answers: Mapping[str, str], by: User, on: date, key: str
) -> Inspection:
    """The answers about the group or session. Raises NotYourInspection, OversightStep, OversightFieldWrong."""

    def work(operation: Operation) -> dict[str, int]:
        row = _running(inspection, by)
        row.answers = sound_answers(checklist_of(row), answers)
        row.save(update_fields=["answers"])
        note(row, "answer_checklist", by=by, on=on, answered=len(row.answers))
        return {"inspection": row.pk}

    asked = {"inspection": inspection.pk, "answers": dict(answers)}
    idempotent(key=key, action="oversight.answer_checklist", request=asked, by=by, on=on, work=work)
    return Inspection.objects.get(pk=inspection.pk)


def add_photo(
    *, inspection: Inspection, photo: PhotoTaken, by: User, on: date, key: str
) -> InspectionPhoto:
    """Keeps a photo; the same bytes are kept once, and a second press is the first.

    Raises FileRefused, NotYourInspection, OversightStep, SubjectOutside.
    """
    what = accept(photo.content, PHOTOS)

    def work(operation: Operation) -> dict[str, int]:
        row = _running(inspection, by)
        loan = loan_in(row, photo.loan) if photo.loan else None
        if photo.loan and loan is None:
            raise SubjectOutside(what="khoản vay")
        there = row.photos.filter(sha256=what.sha256).first()
        if there is not None:
            return {"photo": there.pk}
        keep(photo.content, PHOTOS)
        made = InspectionPhoto.objects.create(
            inspection=row,
            loan=loan,
            title=plain_title(photo.title, "Ảnh kiểm tra"),
            sha256=what.sha256,
            ending=what.ending,
            size=what.size,
            at=clock.now(),
            by=by,
            **_placed(row, photo.spot),
        )
        note(row, "add_photo", by=by, on=on, photo=made.pk, sha256=made.sha256)
        return {"photo": made.pk}

    asked = {
        "inspection": inspection.pk, "loan": photo.loan, "title": photo.title, "sha256": what.sha256
    }  # fmt: skip
    done = idempotent(key=key, action="oversight.add_photo", request=asked, by=by, on=on, work=work)
    return InspectionPhoto.objects.get(pk=done["photo"])


def finish(*, inspection: Inspection, conclusion: str, by: User, on: date, key: str) -> Inspection:
    """Every question is answered, every bad answer has its finding: the minutes stand. A second press is the first.

    Raises OversightStep, NotYourInspection, OversightReasonMissing, ChecklistUnanswered, FindingsMissing.
    """
    said = require_words(conclusion)

    def work(operation: Operation) -> dict[str, int]:
        row = _own(inspection, by)
        move = require_step(row, "finish", INSPECTION_MOVES)
        checklist = checklist_of(row)
        if checklist.of != "loan":
            _require_all(checklist, row.answers)
        elif not row.visits.exists():
            raise ChecklistUnanswered(missing="hộ vay nào")
        missing = bad_without_finding(row)
        if missing:
            raise FindingsMissing(missing="; ".join(missing[:5]))
        row.state, row.conclusion = move.target, said[:8000]
        row.save(update_fields=["state", "conclusion"])
        note(row, "finish_inspection", by=by, on=on, findings=row.findings.count())
        return {"inspection": row.pk}

    asked = {"inspection": inspection.pk, "conclusion": said}
    idempotent(
        key=key, action="oversight.finish_inspection", request=asked, by=by, on=on, work=work
    )
    return Inspection.objects.get(pk=inspection.pk)


def bad_without_finding(row: Inspection) -> list[str]:
    """Bad answers of an inspection that no finding names."""
    found: set[tuple[int | None, str]] = set(row.findings.values_list("loan", "item"))
    missing = []
    checklist, of_loans = checklist_of(row), loan_checklist_of(row)
    for item in checklist.items:
        if row.answers.get(item.code) == item.bad and (None, item.code) not in found:
            missing.append(item.vi)
    for visit in row.visits.select_related("loan__borrower"):
        for item in of_loans.items if of_loans else ():
            if visit.answers.get(item.code) == item.bad and (visit.loan_id, item.code) not in found:
                missing.append(f"{visit.loan.borrower.full_name}: {item.vi}")
    return missing


def cancel(*, inspection: Inspection, why: str, by: User, on: date) -> Inspection:
    """The inspection is not held. Raises OversightReasonMissing, OversightStep, NoInspectingBody."""
    said = require_words(why)
    with transaction.atomic():
        row = Inspection.objects.select_for_update().get(pk=inspection.pk)
        if not acts_for(by, row.body_id):
            raise NoInspectingBody(unit=profile_of(row.body_id, on).name)
        row.state = require_step(row, "cancel", INSPECTION_MOVES).target
        row.save(update_fields=["state"])
        note(row, "cancel_inspection", by=by, on=on, why=said)
    return row
