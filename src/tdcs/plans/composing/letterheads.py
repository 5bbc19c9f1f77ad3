"""Names for the heads of documents, as they hold on the day a document is issued."""

from __future__ import annotations

from datetime import date

from tdcs.organisations.models import Organisation, OrganisationProfile
from tdcs.organisations.queries import profile_of
from tdcs.plans.composing.framing import Letterhead, PlanName
from tdcs.plans.models import Plan

_BRANCH = "nhcsxh-chi-nhanh"
# Who signs by office: an authority line above the title, and the title.
_SIGNERS = {
    "people_committee": (("TM. Ủy ban nhân dân",), "Chủ tịch"),
    "front": (("TM. Ban Thường trực",), "Chủ tịch"),
    "mass_organisation": (("TM. Ban Thường vụ",), "Chủ tịch"),
    "board": (("TM. Ban đại diện",), "Trưởng Ban đại diện"),
    "department": ((), "Giám đốc"),
    "division": ((), "Trưởng phòng"),
    "vbsp_branch": ((), "Giám đốc"),
    "transaction_office": ((), "Giám đốc"),
    "police": ((), "Trưởng Công an"),
    "press": ((), "Tổng Biên tập"),
}


def letterhead(organisation: Organisation | int, day: date) -> Letterhead:
    """A unit's head on a day. A People's Committee stands alone; others under their parent body."""
    profile = profile_of(organisation, day)
    kind = profile.organisation.kind
    authority, title = _SIGNERS.get(kind, ((), "Thủ trưởng đơn vị"))
    return Letterhead(
        issuer=profile.name,
        parent=_parent(profile, kind, day),
        symbol=profile.symbol,
        place=profile.place_name,
        authority=authority,
        signer_title=title,
    )


def _parent(profile: OrganisationProfile, kind: str, day: date) -> str:
    if kind == "people_committee" or profile.parent_id is None:
        return ""
    return profile_of(profile.parent_id, day).name


def branch(plan: Plan, day: date) -> Organisation:
    """The VBSP branch of the plan's province, or the branch that continues it."""
    province = plan.issuer.code.partition("@")[2]
    row = Organisation.objects.filter(code=f"{_BRANCH}@{province}").first()
    found: Organisation = row or Organisation.objects.on(day).filter(type=_BRANCH).order_by("pk")[0]
    return found


def branch_name(plan: Plan, day: date) -> str:
    """The branch's full name on a day."""
    return profile_of(branch(plan, day), day).name


def issuer_name(plan: Plan, day: date) -> str:
    """The plan's issuer as it is called on a day: tỉnh until 30/4/2026, thành phố after it."""
    return profile_of(plan.issuer, day).name


def plan_name(plan: Plan) -> PlanName:
    """How documents speak of the plan: its issuer as it was called when it signed."""
    return PlanName(plan.number, plan.issued_on, issuer_name(plan, plan.issued_on), plan.title)
