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


_A, _P, _C, _L, _U = (
    Role.SYSTEM_ADMIN,
    Role.BRANCH_PLANNER,
    Role.UNIT_CLERK,
    Role.LEADER,
    Role.AUDITOR,
)

PERMISSIONS: Final[dict[str, frozenset[Role]]] = {
    "web.home": frozenset({_A, _P, _C, _L, _U}),
    "organisations.view": frozenset({_A, _P, _C, _L, _U}),
    "organisations.change": frozenset({_A}),
    "access.manage": frozenset({_A}),
    "audit.view": frozenset({_A, _U}),
    "plans.view": frozenset({_A, _P, _C, _L, _U}),
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
    "plans.close_year": frozenset({_P}),
}

# Roles that, held at the branch or at the province's own bodies, see every unit.
SEES_ALL: Final = frozenset({_A, _P, _U})
