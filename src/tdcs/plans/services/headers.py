"""The head of a draft corrected: number, day, title, issuer, signer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import nfc, squash
from tdcs.plans.errors import HeaderFixed, HeaderIncomplete
from tdcs.plans.models import Plan, PlanState, PlanVersion
from tdcs.plans.services import importing
from tdcs.plans.services.review import require_draft


@dataclass(frozen=True, slots=True)
class HeaderDraft:
    """The head of a document as a person leaves it."""

    number: str
    issued_on: date | None
    title: str
    issuer: str
    signer: str = ""


def update_header(*, version: PlanVersion, draft: HeaderDraft, by: User | None, on: date) -> Plan:
    """Correct number, day, title, issuer and signer of a draft.

    Raises VersionNotDraft, HeaderFixed (the plan is published), HeaderIncomplete, IssuerUnknown, PlanAlreadyPublished.
    """
    number, issued_on = squash(draft.number), draft.issued_on
    title, issuer = squash(draft.title), squash(draft.issuer)
    parts = (
        (number, "số, ký hiệu"),
        (issued_on, "ngày ban hành"),
        (title, "trích yếu"),
        (issuer, "cơ quan ban hành"),
    )
    missing = [words for value, words in parts if not value]
    if missing or issued_on is None:
        raise HeaderIncomplete(what=" và ".join(missing))
    with transaction.atomic():
        require_draft(version)
        plan = version.plan
        if plan.state != PlanState.DRAFT:
            raise HeaderFixed
        found = importing.issuer_named(issuer, issued_on)
        importing.refuse_same_plan(number, issued_on, found, but=plan)
        before = {"number": plan.number, "issued_on": plan.issued_on.isoformat()}
        if plan.issued_on.year != issued_on.year:
            plan.first_year = issued_on.year + 1
            plan.last_year = max(plan.last_year, plan.first_year)
        plan.number, plan.issued_on = number[:60], issued_on
        plan.title, plan.signer = nfc(draft.title).strip(), squash(draft.signer)[:120]
        plan.issuer, plan.issuer_words = found, issuer[:200]
        plan.save()
        trail.record(
            action="plans.review_header", subject=plan, by=by, on=on, data={"before": before}
        )
    return plan
