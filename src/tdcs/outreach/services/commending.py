"""Candidates for commendation are proposed from figures; another person decides; the register gets its lines."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.documents.official import to_docx
from tdcs.organisations.models import Kind, Organisation
from tdcs.outreach.composing.commending import decision_list
from tdcs.outreach.errors import (
    NobodyChosen,
    NominationIncomplete,
    NominationSettled,
    NotForTheProvince,
    ProposerDecides,
)
from tdcs.outreach.models import Nomination
from tdcs.outreach.queries.commending import proposed_by_figures, subjects
from tdcs.outreach.rules.registers import registers
from tdcs.outreach.services.records import Typed, add_record
from tdcs.plans.queries.evidence_below import branch_on

_REGISTER = "commendations"


def propose(*, year: int, by: User, on: date) -> int:
    """Whom the figures propose and nobody has proposed this year; how many came in. Raises NotForTheProvince."""
    _require_province(by)
    made = []
    for criterion, candidates in proposed_by_figures(year, on):
        named = subjects(criterion, [one.key for one in candidates], on)
        made += [
            Nomination(
                year=year,
                criterion=criterion.code,
                subject=criterion.subject,
                subject_key=one.key,
                title=named[one.key][0][:200],
                organisation_id=named[one.key][1],
                form=criterion.form,
                figures=one.figures,
                proposed_by=by,
                proposed_on=on,
            )
            for one in candidates
        ]
    with transaction.atomic():
        before = Nomination.objects.filter(year=year).count()
        Nomination.objects.bulk_create(made, ignore_conflicts=True)
        count: int = Nomination.objects.filter(year=year).count() - before
        data = {"year": year, "proposed": count}
        trail.record(action="outreach.nominate", subject=str(year), by=by, on=on, data=data)
    return count


def decide(
    *, chosen: Collection[int], approve: bool, number: str, why: str, by: User, on: date
) -> int:
    """Those chosen are commended under a number, or not, with a reason; those commended stand in the register.

    Raises NotForTheProvince, NobodyChosen, NominationIncomplete, NominationSettled, ProposerDecides.
    """
    _require_province(by)
    number, why = squash(number)[:60], squash(why)[:300]
    if approve and not number:
        raise NominationIncomplete(what="số quyết định")
    if not approve and not why:
        raise NominationIncomplete(what="lý do")
    with transaction.atomic():
        rows = list(
            Nomination.objects.select_for_update(of=("self",))
            .filter(pk__in=chosen)
            .select_related("organisation")
            .order_by("pk")
        )
        if not rows:
            raise NobodyChosen
        branch = Organisation.objects.get(pk=branch_on(on))
        paper = to_docx(decision_list(rows, branch, number, on)) if approve else b""
        for row in rows:
            if row.decided_on is not None:
                raise NominationSettled(title=row.title, day=row.decided_on)
            if row.proposed_by_id == by.pk:
                raise ProposerDecides(name=by.full_name or by.username)
            row.approved, row.decided_by, row.decided_on = approve, by, on
            row.number, row.why = number if approve else "", why
            if approve:
                row.record = add_record(
                    register=registers()[_REGISTER],
                    organisation=branch,
                    typed=Typed(
                        day=on,
                        title=row.title,
                        values={"form": row.form, "decision": number, "figures": row.figures},
                        content=paper,
                    ),
                    by=None,
                    on=on,
                )
            row.save()
        data = {"count": len(rows), "approved": approve, "number": number}
        trail.record(action="outreach.commend", subject=number or "–", by=by, on=on, data=data)
    return len(rows)


def _require_province(by: User) -> None:
    """Of the branch, or somebody who sees every unit. Raises NotForTheProvince."""
    unit = own_organisation(by)
    of_branch = unit is not None and unit.kind == Kind.VBSP_BRANCH
    if not of_branch and visible_organisations(by) is not None:
        raise NotForTheProvince
