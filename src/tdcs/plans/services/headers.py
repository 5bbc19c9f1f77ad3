"""The head of a draft corrected: number, day, title, issuer, signer."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import nfc, squash
from tdcs.plans.errors import HeaderFixed, HeaderIncomplete
from tdcs.plans.models import Plan, PlanState, PlanVersion
from tdcs.plans.services import importing
from tdcs.plans.services.review import require_draft


def update_header(
    *,
    version: PlanVersion,
    number: str,
    issued_on: date | None,
    title: str,
    issuer: str,
    signer: str,
    by: User | None,
    on: date,
) -> Plan:
    """Correct number, day, title, issuer and signer of a draft.

    Raises VersionNotDraft, HeaderFixed (the plan is published), HeaderIncomplete, IssuerUnknown, PlanAlreadyPublished.
    """
    parts = (
        (squash(number), "số, ký hiệu"),
        (issued_on, "ngày ban hành"),
        (squash(title), "trích yếu"),
        (squash(issuer), "cơ quan ban hành"),
    )
    missing = [words for value, words in parts if not value]
    if missing or issued_on is None:
        raise HeaderIncomplete(what=" và ".join(missing))
    with transaction.atomic():
        require_draft(version)
        plan = version.plan
        if plan.state != PlanState.DRAFT:
            raise HeaderFixed
        found = importing.issuer_named(squash(issuer), issued_on)
        importing.refuse_same_plan(squash(number), issued_on, found, but=plan)
        before = {"number": plan.number, "issued_on": plan.issued_on.isoformat()}
        if plan.issued_on.year != issued_on.year:
            plan.first_year = issued_on.year + 1
            plan.last_year = max(plan.last_year, plan.first_year)
        plan.number, plan.issued_on = squash(number)[:60], issued_on
        plan.title, plan.signer = nfc(title).strip(), squash(signer)[:120]
        plan.issuer, plan.issuer_words = found, squash(issuer)[:200]
        plan.save()
        trail.record(
            action="plans.review_header", subject=plan, by=by, on=on, data={"before": before}
        )
    return plan
