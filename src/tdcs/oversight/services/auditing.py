"""An auditor's engagement is opened, lengthened, closed; samples are drawn in it, queries asked, answered, settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.access.queries import own_organisation
from tdcs.access.services import end_role, give_role_between
from tdcs.core import clock
from tdcs.documents.accepting import plain_title
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import profile_of
from tdcs.oversight.errors import (
    AuditorHasRole,
    EngagementOver,
    NoInspectingBody,
    NotAskedUnit,
    OutsideEngagement,
    OversightFieldWrong,
    OwnWork,
)
from tdcs.oversight.models import AuditEngagement, AuditQuery, AuditQueryStep, AuditSample
from tdcs.oversight.queries.auditing import (
    entry_in,
    is_open,
    loan_in,
    other_role,
    worked_on_loans,
)
from tdcs.oversight.queries.book import loans_of_offices
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.sampling import draw, with_risk
from tdcs.oversight.services.files import PROOFS, keep
from tdcs.oversight.services.findings import Proof
from tdcs.oversight.services.moving import (
    Step,
    note,
    require_step,
    require_words,
    step_fields,
)
from tdcs.oversight.services.programmes import SampleAsked, require_same, required_purpose
from tdcs.oversight.states import AUDIT_QUERY_MOVES, AuditQueryState


@dataclass(frozen=True, slots=True)
class EngagementDraft:
    """An engagement to be opened: whose, of which units and period, on which days the auditor reads."""

    title: str
    audit_body: str
    auditor: User | None
    units: Sequence[Organisation]
    period: tuple[date, date]
    days: tuple[date, date]


@dataclass(frozen=True, slots=True)
class QueryDraft:
    """A query to be asked: of which unit, about what; ``loan`` and ``entry`` 0: in general."""

    unit: int
    words: str
    due_on: date
    loan: int = 0
    entry: int = 0


def open_engagement(*, draft: EngagementDraft, by: User, on: date, key: str) -> AuditEngagement:
    """Opened by the branch: the auditor reads from the first day through the last, and no longer.

    Raises OversightFieldWrong, AuditorHasRole, OwnWork, NoInspectingBody.
    """
    branch = own_organisation(by)
    if branch is None or not by.may("oversight.engage"):
        raise NoInspectingBody(unit=branch.code if branch else "–")
    auditor = _sound(draft, on)

    def work(operation: Operation) -> dict[str, int]:
        Organisation.objects.select_for_update().get(pk=branch.pk)
        held = other_role(auditor, *draft.days)
        if held is not None and held.role != Role.AUDITOR:
            raise AuditorHasRole(person=auditor.full_name)
        count = AuditEngagement.objects.filter(starts_on__year=draft.days[0].year).count()
        made = AuditEngagement.objects.create(
            number=f"KTOAN{draft.days[0].year}-{count + 1:03d}",
            title=require_words(draft.title)[:200],
            audit_body=require_words(draft.audit_body)[:200],
            auditor=auditor,
            period_from=draft.period[0],
            period_to=draft.period[1],
            starts_on=draft.days[0],
            ends_on=draft.days[1],
            opened_by=by,
            opened_at=clock.now(),
        )
        made.units.set(draft.units)
        if held is None:
            give_role_between(
                person=auditor,
                role=Role.ENGAGED_AUDITOR,
                organisation=branch,
                days=draft.days,
                by=by,
            )
        note(made, "open_engagement", by=by, on=on, auditor=auditor.pk, last=str(draft.days[1]))
        return {"engagement": made.pk}

    asked = {
        "title": draft.title, "body": draft.audit_body, "auditor": auditor.pk,
        "units": [one.pk for one in draft.units],
        "days": [str(day) for day in (*draft.period, *draft.days)],
    }  # fmt: skip
    done = idempotent(
        key=key, action="oversight.open_engagement", request=asked, by=by, on=on, work=work
    )
    return AuditEngagement.objects.get(pk=done["engagement"])


def _sound(draft: EngagementDraft, on: date) -> User:
    if draft.auditor is None:
        raise OversightFieldWrong(field="kiểm toán viên", why="chưa đăng ký tài khoản")
    if not draft.units:
        raise OversightFieldWrong(field="đơn vị được kiểm toán", why="chọn ít nhất một đơn vị")
    for name, (first, last) in (("thời kỳ kiểm toán", draft.period), ("ngày được đọc", draft.days)):
        if last < first:
            raise OversightFieldWrong(field=name, why="ngày cuối trước ngày đầu")
    if draft.days[1] < on:
        raise OversightFieldWrong(field="ngày được đọc", why="ngày đã qua")
    if worked_on_loans(draft.auditor, [one.pk for one in draft.units]):
        what = "đã xử lý khoản vay trong phạm vi kiểm toán"
        raise OwnWork(person=draft.auditor.full_name, what=what)
    return draft.auditor


def close_engagement(
    *, engagement: AuditEngagement, words: str, by: User, on: date
) -> AuditEngagement:
    """Ended before its last day: from today the auditor reads no more.

    Raises OversightReasonMissing, EngagementOver, NoInspectingBody.
    """
    said = require_words(words)
    if not by.may("oversight.engage"):
        raise NoInspectingBody(unit=engagement.number)
    with transaction.atomic():
        row = AuditEngagement.objects.select_for_update().get(pk=engagement.pk)
        if row.closed_on is not None:
            raise _over(row)
        row.closed_on, row.closed_by, row.closed_words = on, by, said[:300]
        row.save(update_fields=["closed_on", "closed_by", "closed_words"])
        # Another engagement of the person, of other days, keeps its role.
        role, since = Role.ENGAGED_AUDITOR, row.starts_on
        end_role(person=row.auditor, role=role, since=since, by=by, on=on)
        note(row, "close_engagement", by=by, on=on, why=said)
    return row


def _over(row: AuditEngagement) -> EngagementOver:
    return EngagementOver(number=row.number, first=row.starts_on, last=row.ends_on)


def require_auditor(engagement: AuditEngagement, by: User, on: date) -> None:
    """The engagement's own auditor, within its days. Raises EngagementOver."""
    if (
        engagement.auditor_id != by.pk
        or not by.may("oversight.audit")
        or not is_open(engagement, on)
    ):
        raise _over(engagement)


def draw_audit_sample(
    *, engagement: AuditEngagement, asked: SampleAsked, by: User, on: date, key: str
) -> AuditSample:
    """Loans of the engagement's units by risk and seed; the same purpose and seed answer with what was drawn.

    Raises SampleDrawn for another seed or size, OversightFieldWrong, EngagementOver.
    """
    purpose = required_purpose(asked)
    require_auditor(engagement, by, on)

    def work(operation: Operation) -> dict[str, int]:
        row = AuditEngagement.objects.select_for_update().get(pk=engagement.pk)
        there = row.samples.filter(purpose=purpose).first()
        if there is not None:
            require_same(there, asked)
            return {"sample": there.pk}
        loans = loans_of_offices(list(row.units.values_list("pk", flat=True)), on)
        risky = with_risk(loans, settings.large_from())
        chosen = draw(risky, settings.risks(), asked.size, asked.seed)
        made = AuditSample.objects.create(
            engagement=row,
            purpose=purpose,
            seed=asked.seed,
            size=asked.size,
            population=len(loans),
            drawn_on=on,
            drawn_by=by,
            lines=[list(pair) for pair in chosen.iter_rows()],
        )
        count, of = len(chosen), len(loans)
        note(made, "draw_audit_sample", by=by, on=on, seed=asked.seed, size=count, of=of)
        return {"sample": made.pk}

    request = {"engagement": engagement.pk, "purpose": purpose, "seed": asked.seed, "n": asked.size}
    done = idempotent(
        key=key, action="oversight.draw_audit_sample", request=request, by=by, on=on, work=work
    )
    return AuditSample.objects.get(pk=done["sample"])


def ask(
    *, engagement: AuditEngagement, draft: QueryDraft, by: User, on: date, key: str
) -> AuditQuery:
    """The auditor asks a unit, about a loan, an entry or in general, with the day until when.

    Raises EngagementOver, OutsideEngagement, OversightFieldWrong, OversightReasonMissing.
    """
    require_auditor(engagement, by, on)
    said = require_words(draft.words)[:1000]
    if not engagement.units.filter(pk=draft.unit).exists():
        raise OutsideEngagement(what="đơn vị")
    if draft.due_on < on:
        raise OversightFieldWrong(field="hạn trả lời", why="ngày đã qua")
    loan = loan_in(engagement, draft.loan) if draft.loan else None
    entry = entry_in(engagement, draft.entry) if draft.entry else None
    for asked, there, what in ((draft.loan, loan, "khoản vay"), (draft.entry, entry, "bút toán")):
        if asked and there is None:
            raise OutsideEngagement(what=what)

    def work(operation: Operation) -> dict[str, int]:
        made = AuditQuery.objects.create(
            engagement=engagement,
            unit_id=draft.unit,
            loan=loan,
            entry=entry,
            words=said,
            asked_on=on,
            asked_by=by,
            due_on=draft.due_on,
        )
        AuditQueryStep.objects.create(
            query=made, **step_fields(made, Step("ask", "", said), by=by, on=on)
        )
        note(made, "ask_audit_query", by=by, on=on, unit=draft.unit, due=str(draft.due_on))
        return {"query": made.pk}

    request = {
        "engagement": engagement.pk, "unit": draft.unit, "words": said, "due": str(draft.due_on),
        "loan": draft.loan, "entry": draft.entry,
    }  # fmt: skip
    done = idempotent(
        key=key, action="oversight.ask_audit_query", request=request, by=by, on=on, work=work
    )
    return AuditQuery.objects.get(pk=done["query"])


def answer(*, query: AuditQuery, proof: Proof, by: User, on: date) -> AuditQuery:
    """The unit answers, with or without a file; also after the day, which stays marked.

    Raises NotAskedUnit, OversightStep, OversightReasonMissing, FileRefused.
    """
    with transaction.atomic():
        row = _locked(query)
        unit = own_organisation(by)
        if unit is None or unit.pk != row.unit_id or not by.may("oversight.answer_audit"):
            raise NotAskedUnit(unit=profile_of(row.unit_id, on).name)
        return _moved(row, "answer", proof, by=by, on=on)


def give_opinion(*, query: AuditQuery, verb: str, words: str, by: User, on: date) -> AuditQuery:
    """The auditor accepts an answer ("settle") or asks again. Raises EngagementOver, OversightStep, OversightReasonMissing."""
    with transaction.atomic():
        row = _locked(query)
        require_auditor(row.engagement, by, on)
        return _moved(
            row, "settle" if verb == "settle" else "ask_again", Proof(words), by=by, on=on
        )


def _locked(query: AuditQuery) -> AuditQuery:
    rows = AuditQuery.objects.select_for_update(of=("self",)).select_related("engagement")
    found: AuditQuery = rows.get(pk=query.pk)
    return found


def _moved(row: AuditQuery, verb: str, proof: Proof, *, by: User, on: date) -> AuditQuery:
    move = require_step(row, verb, AUDIT_QUERY_MOVES)
    words = require_words(proof.words)[:2000]
    what = keep(proof.content, PROOFS) if proof.content else None
    source, row.state = row.state, AuditQueryState(move.target)
    row.save(update_fields=["state"])
    title = plain_title(proof.filename, "Tài liệu trả lời") if what else ""
    AuditQueryStep.objects.create(
        query=row, **step_fields(row, Step(verb, source, words, what, title), by=by, on=on)
    )
    note(
        row,
        f"{verb}_audit_query",
        by=by,
        on=on,
        why=words[:300],
        sha256=what.sha256 if what else "",
    )
    return row
