"""Undo a publication with a reason, and put away a plan whose time is over."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import nfc
from tdcs.plans.errors import (
    MoveNotAllowed,
    PlanStillRuns,
    PublicationStands,
    ReasonMissing,
)
from tdcs.plans.models import (
    ConsolidatedReport,
    Directive,
    Notice,
    NoticeKind,
    Obligation,
    ObligationState,
    Plan,
    PlanMove,
    PlanRelation,
    PlanState,
    PlanVersion,
    ReportState,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.plans import version_before
from tdcs.plans.services.amendments import copy_version
from tdcs.plans.services.entries import withdraw_rows
from tdcs.plans.services.moves import note_move
from tdcs.plans.services.publishing import align, carry_over
from tdcs.plans.services.relating import undo_relations
from tdcs.plans.states import PLAN_MOVES

_GONE = (ObligationState.MERGED, ObligationState.WITHDRAWN)


def withdraw(*, version: PlanVersion, why: str, by: User | None, on: date) -> PlanVersion | None:
    """Take a publication back: as if the version had never been published, with all that units typed kept.

    Of a plan's first version the plan goes out of force, what it asked for is withdrawn, and plans it ended run on.
    Of a later version the one before it holds again. Returns the draft copied from it, to be corrected and published.
    Raises ReasonMissing, MoveNotAllowed, PublicationStands.
    """
    why = nfc(why).strip()
    if not why:
        raise ReasonMissing
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=version.plan_id)
        version = PlanVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        _require(plan, "withdraw")
        if version.state != VersionState.PUBLISHED:
            raise MoveNotAllowed(verb="thu hồi công bố", state=version.get_state_display())
        before = version_before(version)
        if found := what_stands(version):
            raise PublicationStands(what="; ".join(found))
        since, draft = version.takes_effect_on or on, _draft_again(plan, version)
        version.state = VersionState.WITHDRAWN
        version.save(update_fields=["state"])
        if before:
            before.state = VersionState.PUBLISHED
            before.save(update_fields=["state"])
            carry_over(plan, before)
            align(plan, from_year=since.year, by=by, on=on)
        else:
            _out_of_force(plan, why, by, on)
        note_move(PlanMove.Verb.WITHDRAW, plan=plan, version=version, why=why, by=by, on=on)
        trail.record(
            action="plans.withdraw_publication", subject=version, by=by, on=on, why=why[:300]
        )
    return draft


def what_stands(version: PlanVersion) -> list[str]:
    """Why a publication is not undone any more: what was decided or built on it. Empty: it may be undone."""
    plan, before = version.plan, version_before(version)
    rows = Obligation.objects.filter(plan=plan, state=ObligationState.ACCEPTED)
    if before:
        # A next version is undone as long as nothing is accepted of what it alone asks for.
        kept = before.tasks.values("lineage")
        rows = rows.filter(task__version=version).exclude(task__lineage__in=kept)
        return _counted((rows.count(), "kết quả đã duyệt của nhiệm vụ mới trong bản này"))
    reports = plan.reports.filter(state=ReportState.ACCEPTED)
    issued = plan.consolidated.filter(state=ConsolidatedReport.State.ISSUED)
    later = PlanRelation.objects.filter(other=plan, undone_on=None)
    return _counted(
        (rows.count(), "kết quả đã duyệt"),
        (reports.count(), "báo cáo đã tiếp nhận"),
        (issued.count(), "báo cáo tổng hợp đã phát hành"),
        (plan.years.filter(closed_on__isnull=False).count(), "năm báo cáo đã khóa"),
        (later.count(), "kế hoạch khác thay thế, sửa đổi hoặc cụ thể hóa kế hoạch này"),
        (plan.joined.count(), "kế hoạch khác báo cáo chung với kế hoạch này"),
    )


def _counted(*parts: tuple[int, str]) -> list[str]:
    return [f"{count} {words}" for count, words in parts if count]


def _draft_again(plan: Plan, version: PlanVersion) -> PlanVersion | None:
    """A draft with the same tasks, so that a correction needs no new import; none while another draft waits."""
    if plan.versions.filter(state=VersionState.DRAFT).exists():
        return None
    return copy_version(version, note=f"Lập lại từ bản số {version.number} đã thu hồi")


def draft_again(*, plan: Plan, by: User | None, on: date) -> PlanVersion:
    """A draft of a plan whose publication was withdrawn, when the one made then was thrown away. Raises MoveNotAllowed."""
    with transaction.atomic():
        row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        last = row.versions.order_by("-number").first()
        made = _draft_again(row, last) if last and row.state == PlanState.WITHDRAWN else None
        if made is None:
            raise MoveNotAllowed(verb="lập lại bản nháp", state=row.get_state_display())
        trail.record(action="plans.draft_again", subject=made, by=by, on=on)
    return made


def _out_of_force(plan: Plan, why: str, by: User | None, on: date) -> None:
    plan.state, plan.reports_with = PlanState.WITHDRAWN, None
    plan.save(update_fields=["state", "reports_with"])
    rows = list(
        Obligation.objects.select_for_update(of=("self",))
        .filter(plan=plan)
        .exclude(state__in=_GONE)
        .order_by("pk")
    )
    withdraw_rows(rows, f"Thu hồi công bố {plan}: {why}"[:500], by=by, on=on)
    Directive.objects.filter(plan=plan, withdrawn_on=None).update(withdrawn_on=on)
    Notice.objects.bulk_create(
        Notice(
            organisation_id=unit,
            words=f"Thu hồi công bố {plan}: thôi giao các việc của kế hoạch này. {why}"[:300],
            kind=NoticeKind.INBOX,
            at=clock.now(),
        )
        for unit in sorted({row.holder_id for row in rows})
    )
    undo_relations(plan=plan, why=why, by=by, on=on)


def archive(*, plan: Plan, by: User | None, on: date) -> Plan:
    """Put a plan away: it is offered nowhere but on the page of all plans. Raises MoveNotAllowed, PlanStillRuns."""
    with transaction.atomic():
        row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        _require(row, "archive")
        _require_over(row, on)
        return _move(row, PlanState.ARCHIVED, PlanMove.Verb.ARCHIVE, by, on)


def unarchive(*, plan: Plan, by: User | None, on: date) -> Plan:
    """Take a plan out again, as it was. Raises MoveNotAllowed."""
    with transaction.atomic():
        row = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        _require(row, "unarchive")
        return _move(row, PlanState.PUBLISHED, PlanMove.Verb.UNARCHIVE, by, on)


def _move(row: Plan, state: str, verb: str, by: User | None, on: date) -> Plan:
    row.state = state
    row.save(update_fields=["state"])
    note_move(verb, plan=row, by=by, on=on)
    trail.record(action=f"plans.{verb}", subject=row, by=by, on=on)
    return row


def _require(plan: Plan, verb: str) -> None:
    move = PLAN_MOVES[verb]
    if plan.state not in move.sources:
        raise MoveNotAllowed(verb=move.label, state=plan.get_state_display())


def _require_over(plan: Plan, on: date) -> None:
    """Its time is over and every year is closed: nobody has anything left to do."""
    if plan.in_force_until is None or plan.in_force_until > on:
        until = f"{plan.in_force_until:%d/%m/%Y}" if plan.in_force_until else "không thời hạn"
        raise PlanStillRuns(plan=str(plan), why=f"còn hiệu lực đến trước ngày {until}")
    open_years = plan.years.filter(closed_on=None).order_by("year").values_list("year", flat=True)
    if open_years:
        years = ", ".join(str(year) for year in open_years)
        raise PlanStillRuns(plan=str(plan), why=f"năm báo cáo {years} chưa khóa")
