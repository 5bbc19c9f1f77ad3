"""How far an action reaches: role × action × scope as data, and which units of the province read single cases.

Pages and services ask ``reads_cases`` and the scope functions of their rooms; docs/reference/permissions.md prints this table.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from tdcs.access.models import User
from tdcs.access.permissions import PERMISSIONS, SEES_ALL, Role
from tdcs.access.queries import own_organisation, sees_all
from tdcs.organisations.models import Kind, Level


class Scope(StrEnum):
    """Where an action reaches; the words of the reference page."""

    SITE = "site"  # no unit asked
    PROVINCE = "province"  # every unit
    UNIT = "unit"  # the own unit, those below, and those it continues
    CASES = "cases"  # households, groups, loans of the own communes or office; of the province only with a duty
    KEPT = "kept"  # the communes that the own People's Committee or bank office keeps
    COMMITTEE = "committee"  # the own commune's People's Committee alone
    OFFICE = "office"  # the own office's cases and books; the branch's people all
    GROUP = "group"  # the own savings-and-credit group


# Action → how far it reaches for a role that is not of the whole province. Every permission has its row, by test.
REACH: Final[dict[str, Scope]] = {
    "outreach.check_in": Scope.SITE,
    "web.home": Scope.SITE,
    "organisations.view": Scope.UNIT,
    "organisations.change": Scope.SITE,
    "organisations.set_up": Scope.SITE,
    "access.manage": Scope.SITE,
    "audit.view": Scope.SITE,
    "letters.view": Scope.UNIT,
    "letters.register": Scope.UNIT,
    "plans.view": Scope.UNIT,
    "plans.work": Scope.UNIT,
    "plans.comment": Scope.UNIT,
    "plans.report": Scope.UNIT,
    "plans.propose": Scope.UNIT,
    "sending.schedule": Scope.PROVINCE,
    "programmes.view": Scope.SITE,
    "households.view": Scope.CASES,
    "households.change": Scope.KEPT,
    "households.merge": Scope.KEPT,
    "households.unmask": Scope.KEPT,
    "households.scan": Scope.KEPT,
    "households.read_scan": Scope.CASES,
    "households.review": Scope.COMMITTEE,
    "households.approve_review": Scope.COMMITTEE,
    "households.survey": Scope.KEPT,
    "entrustment.view": Scope.CASES,
    "loans.view": Scope.CASES,
    "loans.appraise": Scope.CASES,
    "loans.confirm": Scope.CASES,
    "loans.read_scan": Scope.CASES,
    "points.view": Scope.UNIT,
    "warnings.view": Scope.CASES,
    "warnings.raise": Scope.SITE,
    "problem_loans.view": Scope.CASES,
    "closing.view": Scope.OFFICE,
    "closing.close": Scope.SITE,
    "law.ask_decree": Scope.SITE,
    "law.decide_decree": Scope.SITE,
    "imports.view": Scope.OFFICE,
    "imports.load": Scope.OFFICE,
    "imports.cut_over": Scope.OFFICE,
    "word_templates.manage": Scope.SITE,
    "word_templates.use": Scope.CASES,
    "indicators.view": Scope.UNIT,
    "sheets.view": Scope.CASES,
    "capital.view": Scope.PROVINCE,
    "capital.change": Scope.PROVINCE,
    "capital.budget": Scope.UNIT,
    "capital.receive": Scope.OFFICE,
    "capital.confirm": Scope.PROVINCE,
    "credit_plan.view": Scope.UNIT,
    "credit_plan.change": Scope.PROVINCE,
    "credit_plan.answer": Scope.KEPT,
    "credit_plan.approve": Scope.PROVINCE,
    "forecasting.view": Scope.PROVINCE,
    "forecasting.change": Scope.PROVINCE,
    "policy_lab.view": Scope.PROVINCE,
    "policy_lab.change": Scope.PROVINCE,
}
_ROOMS: Final = {
    "plans": Scope.PROVINCE,
    "loans": Scope.OFFICE,
    "entrustment": Scope.OFFICE,
    "points": Scope.OFFICE,
    "warnings": Scope.OFFICE,
    "problem_loans": Scope.OFFICE,
    "ledger": Scope.OFFICE,
    "sending": Scope.OFFICE,
    "scheme": Scope.PROVINCE,
    "oversight": Scope.UNIT,
    "outreach": Scope.UNIT,
    "boards": Scope.UNIT,
}
# Reads of those who see the whole province; what they write keeps its own reach.
_READS: Final = ("view", "read_scan", "matrix", "view_consolidated")

# Units of the province as a whole (departments, the Front, the press …) read figures. Single cases only where a duty says
# so: type of unit → what it reads.
CASE_DUTIES: Final[dict[str, frozenset[str]]] = {
    # Steers the yearly poverty review and reads its households (Quyết định 24/2021/QĐ-TTg).
    "so-nong-nghiep-va-moi-truong": frozenset({"households"}),
}


def reach_of(permission: str) -> Scope:
    """How far an action reaches unless the role is of the whole province."""
    return REACH.get(permission) or _ROOMS[permission.split(".")[0]]


def scope_of(role: Role, permission: str) -> Scope | None:
    """How far a role's action reaches; None where the role may not."""
    if role not in PERMISSIONS[permission]:
        return None
    found = reach_of(permission)
    if found in (Scope.SITE, Scope.PROVINCE):
        return found
    if role in SEES_ALL and permission.split(".")[1] in _READS:
        return Scope.PROVINCE
    return Scope.GROUP if role == Role.GROUP_LEADER else found


def reads_cases(user: User, what: str) -> bool:
    """Whether the person's unit reads single ``households``, ``groups`` or ``loans`` of its area at all."""
    if sees_all(user):
        return True
    unit = own_organisation(user)
    if unit is None:
        return False
    if unit.level != Level.PROVINCE or unit.kind == Kind.VBSP_BRANCH:
        return True
    return what in CASE_DUTIES.get(unit.type, frozenset())
