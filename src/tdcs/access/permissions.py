"""The permission table: which role may do what. Screens, gates and the reference page read it.

A permission says what; the scope (own organisation and below, or all) is asked beside it (queries.py).
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SYSTEM_ADMIN = "system_admin", _("Quản trị hệ thống")
    BRANCH_PLANNER = "branch_planner", _("Cán bộ kế hoạch chi nhánh")
    UNIT_CLERK = "unit_clerk", _("Cán bộ đầu mối đơn vị")
    LEADER = "leader", _("Lãnh đạo")
    AUDITOR = "auditor", _("Kiểm toán, kiểm tra")
    LOAN_OFFICER = "loan_officer", _("Cán bộ tín dụng")
    CREDIT_HEAD = "credit_head", _("Tổ trưởng kế hoạch - nghiệp vụ tín dụng")
    OFFICE_DIRECTOR = "office_director", _("Giám đốc phòng giao dịch")
    TELLER = "teller", _("Giao dịch viên")
    ACCOUNTANT = "accountant", _("Kế toán")
    GROUP_LEADER = "group_leader", _("Tổ trưởng Tổ TK&VV")
    FINANCE = "finance", _("Cán bộ tài chính ngân sách ủy thác")
    ENGAGED_AUDITOR = "engaged_auditor", _("Kiểm toán viên theo cuộc kiểm toán")


_A, _P, _C, _L, _U = (
    Role.SYSTEM_ADMIN,
    Role.BRANCH_PLANNER,
    Role.UNIT_CLERK,
    Role.LEADER,
    Role.AUDITOR,
)

_F = Role.FINANCE
_E = Role.ENGAGED_AUDITOR
_O, _H, _D, _T, _K, _G = (
    Role.LOAN_OFFICER,
    Role.CREDIT_HEAD,
    Role.OFFICE_DIRECTOR,
    Role.TELLER,
    Role.ACCOUNTANT,
    Role.GROUP_LEADER,
)
_OFFICE: Final = frozenset({_O, _H, _D, _T, _K})

PERMISSIONS: Final[dict[str, frozenset[Role]]] = {
    "web.home": frozenset(Role),
    "organisations.view": frozenset({_A, _P, _C, _L, _U}) | _OFFICE,
    "organisations.change": frozenset({_A}),
    "organisations.set_up": frozenset({_A}),
    "access.manage": frozenset({_A}),
    "audit.view": frozenset({_A, _U}),
    "letters.view": frozenset({_P, _C, _L, _U, _D}),
    "letters.register": frozenset({_P, _C, _D}),
    "plans.view": frozenset({_A, _P, _C, _L, _U, _D}),
    "plans.import": frozenset({_P}),
    "plans.publish": frozenset({_P}),
    "plans.matrix": frozenset({_P, _L, _U}),
    "plans.assign": frozenset({_P}),
    "plans.work": frozenset({_P, _C}),
    "plans.comment": frozenset({_P, _C, _L}),
    "plans.review": frozenset({_P}),
    "plans.remind": frozenset({_P}),
    "plans.report": frozenset({_P, _C}),
    "plans.accept_report": frozenset({_P}),
    "plans.consolidate": frozenset({_P}),
    "plans.view_consolidated": frozenset({_P, _L, _U}),
    "plans.propose": frozenset({_P, _C}),
    "plans.decide_amendment": frozenset({_P}),
    # Registers of the movement and classes; boards, their meetings, self-reviews.
    "outreach.view": frozenset({_P, _C, _L, _U, _D, _O, _H}),
    "outreach.write": frozenset({_P, _C, _D, _H}),
    "outreach.train": frozenset({_P, _D, _H}),
    "outreach.nominate": frozenset({_P}),
    "outreach.commend": frozenset({_L, _D}),
    "outreach.check_in": frozenset(Role),
    "boards.view": frozenset({_P, _C, _L, _U, _D, _H}),
    "boards.prepare": frozenset({_P, _D, _H}),
    "boards.decide": frozenset({_P, _L, _D}),
    "boards.answer": frozenset({_P, _C, _D}),
    "sending.schedule": frozenset({_P}),
    "sending.message": frozenset({_O, _H, _D}),
    "sending.confirm": frozenset({_H, _D}),
    "plans.close_year": frozenset({_P}),
    "programmes.view": frozenset(Role),
    "households.view": frozenset({_P, _C, _L, _U, _G}) | _OFFICE,
    "households.change": frozenset({_C, _O}),
    "households.merge": frozenset({_C, _O}),
    "households.unmask": frozenset({_C, _O, _H, _D, _T}),
    "households.scan": frozenset({_C, _O}),
    "households.read_scan": frozenset({_C, _O, _H, _D, _U}),
    "households.review": frozenset({_C}),
    "households.approve_review": frozenset({_L}),
    "households.survey": frozenset({_C, _O, _G}),
    "entrustment.view": frozenset({_P, _C, _L, _U, _G}) | _OFFICE,
    "entrustment.change": frozenset({_O, _H}),
    "entrustment.savings": frozenset({_T}),
    "entrustment.rate": frozenset({_O, _H}),
    # A weak board: the commune's opinion, the decision; proposing, the group's meeting, the hand-over are `entrustment.change`.
    "entrustment.opine": frozenset({_C}),
    "entrustment.consolidate": frozenset({_D}),
    "loans.view": frozenset({_P, _C, _L, _U, _G}) | _OFFICE,
    "loans.apply": frozenset({_G, _O}),
    "loans.appraise": frozenset({_G, _C}),
    "loans.confirm": frozenset({_C}),
    "loans.check": frozenset({_O}),
    "loans.control": frozenset({_H}),
    "loans.approve": frozenset({_D}),
    "loans.sign": frozenset({_O}),
    "loans.disburse": frozenset({_T}),
    "loans.collect": frozenset({_T}),
    "loans.ask_change": frozenset({_O}),
    "loans.decide_change": frozenset({_D}),
    "loans.ask_move": frozenset({_O}),
    "loans.decide_move": frozenset({_D}),
    "loans.ask_heir": frozenset({_O}),
    "loans.decide_heir": frozenset({_D}),
    "loans.reverse": frozenset({_K}),
    "loans.scan": frozenset({_O}),
    "loans.read_scan": frozenset({_O, _H, _D, _K, _U}),
    "points.view": frozenset({_P, _C, _L, _U, _G}) | _OFFICE,
    "points.plan": frozenset({_H, _D}),
    "points.change": frozenset({_D}),
    "points.hold": frozenset({_O, _H, _D, _T, _K}),
    "points.settle": frozenset({_K, _D}),
    "closing.view": frozenset({_A, _P, _L, _U, _K, _D, _H}),
    "closing.close": frozenset({_A, _D}),
    "law.ask_decree": frozenset({_P, _H}),
    "law.decide_decree": frozenset({_D}),
    # Extracts of the core: an office brings its own, the branch everybody's.
    "imports.view": frozenset({_P, _L, _U, _H, _D}),
    "imports.load": frozenset({_P, _H, _D}),
    "imports.cut_over": frozenset({_P, _D}),
    # Standard sheets; which of them and of whom, the reader's own scope says.
    "sheets.view": frozenset({_P, _C, _L, _U}) | _OFFICE,
    # Word templates of the branch's own: kept by the branch, filled in by those who work on cases.
    "word_templates.manage": frozenset({_P}),
    "word_templates.use": frozenset({_P, _C, _L}) | _OFFICE,
    "indicators.view": frozenset({_P, _C, _L, _U}) | _OFFICE,
    # Sources and what came into them; contracts, tranches and the register; estimate to payment order; money received;
    # the quarterly confirmation on the bank's side.
    "capital.view": frozenset({_P, _L, _U, _H, _D, _K, _F}),
    "capital.change": frozenset({_P}),
    "capital.budget": frozenset({_F}),
    "capital.receive": frozenset({_K}),
    "capital.confirm": frozenset({_P}),
    "credit_plan.view": frozenset({_P, _C, _L, _U, _O, _H, _D}),
    "credit_plan.change": frozenset({_P}),
    "credit_plan.answer": frozenset({_C, _H, _D}),
    "credit_plan.approve": frozenset({_D}),
    "forecasting.view": frozenset({_P, _L, _U, _H, _D}),
    "forecasting.change": frozenset({_P}),
    "policy_lab.view": frozenset({_P, _L, _U, _H, _D}),
    "policy_lab.change": frozenset({_P}),
    # Early warnings: read, noted on by the office that keeps the loans, computed again.
    "warnings.view": frozenset({_P, _C, _L, _U, _G}) | _OFFICE,
    "warnings.note": frozenset({_O, _H, _D}),
    "warnings.raise": frozenset({_P, _H, _D}),
    # Households in difficulty and rounds of risk handling.
    "problem_loans.view": frozenset({_P, _C, _L, _U}) | _OFFICE,
    "problem_loans.work": frozenset({_O, _H}),
    "problem_loans.decide": frozenset({_D}),
    "scheme.view": frozenset({_P, _L, _U, _H, _D}),
    "scheme.write": frozenset({_P}),
    "scheme.approve": frozenset({_L}),
    # Inspections: seen, planned, approved, carried out; findings remedied.
    "oversight.view": frozenset({_P, _C, _L, _U}) | _OFFICE,
    "oversight.plan": frozenset({_P, _C, _H, _D}),
    "oversight.approve": frozenset({_L, _D}),
    "oversight.inspect": frozenset({_P, _C, _L, _O, _H, _D}),
    "oversight.follow": frozenset({_P, _C, _L}) | _OFFICE,
    # An auditor's engagement: opened by the branch, read within its days and units alone, its queries answered by the units.
    "oversight.engage": frozenset({_P}),
    "oversight.audit_read": frozenset({_P, _U, _E}),
    "oversight.audit": frozenset({_U, _E}),
    "oversight.answer_audit": frozenset({_P, _C, _L, _H, _D, _K}),
    "ledger.view": frozenset({_P, _U, _K, _D, _H, _T}),
    "ledger.enter": frozenset({_K}),
    "ledger.confirm": frozenset({_K, _D}),
    "ledger.close": frozenset({_D}),
}

# What the administrator of an installation without a province may do, before any unit is there to hold a role over.
WHILE_SETTING_UP: Final = frozenset({"web.home", "organisations.set_up"})

# Who moves money, sees identity numbers or administers shows a second factor when signing in (TDCS_MFA).
_MONEY: Final = (
    "loans.disburse",
    "loans.collect",
    "entrustment.savings",
    "ledger.enter",
    "ledger.confirm",
    "loans.reverse",
    "capital.budget",
    "capital.receive",
)
MFA_ROLES: Final = frozenset().union(
    *(
        PERMISSIONS[name]
        for name in (*_MONEY, "households.unmask", "access.manage", "loans.approve")
    )
)

# Roles that, held at the branch or at the province's own bodies, see every unit.
SEES_ALL: Final = frozenset({_A, _P, _U})
