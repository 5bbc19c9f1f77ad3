"""Who inspects whom in these tests, and an inspection as it is prepared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lending_cast import Bank

from tdcs.access.models import User
from tdcs.loans.models import Loan
from tdcs.organisations.models import Organisation
from tdcs.oversight.services.inspecting import InspectionDraft
from tdcs.oversight.services.programmes import Planned

TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Union:
    """The Women's Union of the commune: who inspects, who approves; the loan that is inspected."""

    body: Organisation
    clerk: User
    head: User
    bank: Bank
    loan: Loan


def draft_of(union: Union, **more: Any) -> InspectionDraft:
    """The group by 16/TD, today, led by the clerk."""
    planned = Planned(11, "16-TD", group=union.bank.group)
    given = {"body": union.body, "planned": planned, "due_on": TODAY, "lead": union.clerk}
    return InspectionDraft(**(given | more))
